from odoo import api, models

# Kept as Odoo keeps its own project plan: a plan is the company's, and outlives the addon.
PARAMETER = "bizuno_crm.project_plan"
NAME = "Projects (Bizuno)"


class AccountAnalyticPlan(models.Model):
    _inherit = "account.analytic.plan"

    @api.model
    def _find_bizuno_plan(self):
        """:return: the plan of the accounts of projects, in sudo; empty if somebody has deleted
        it"""
        parameter = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        return self.sudo().browse(int(parameter or 0)).exists()

    @api.model
    def _get_bizuno_plan(self):
        """A plan is a column: to make one sets up the registry anew, and whatever forms have worked
        out so far is lost.

        :return: the plan of the accounts of projects, in sudo; made where there is none
        """
        plan, plans = self._find_bizuno_plan(), self.sudo()
        if not plan:
            # left by an earlier installation
            plan = plans.with_context(lang=None).search(
                [("name", "=", NAME), ("parent_id", "=", False)], limit=1
            ) or plans.create({"name": NAME})
            self.env["ir.config_parameter"].sudo().set_param(PARAMETER, plan.id)
        return plan.with_env(self.env(su=True))
