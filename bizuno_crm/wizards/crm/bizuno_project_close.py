from odoo import api, fields, models

from ... import messages
from ...models.crm.bizuno_project_stage import OUTCOMES


class BizunoProjectClose(models.TransientModel):
    """Asks how a project ended."""

    _name = "bizuno.project.close"
    _description = "Close Project"

    project_id = fields.Many2one(comodel_name="bizuno.project", required=True, ondelete="cascade")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="won")
    stage_id = fields.Many2one(
        comodel_name="bizuno.project.stage",
        compute="_compute_stage_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('is_closed', '=', True), ('closing_outcome', '=', outcome)]",
        help="The stage for closed projects with this outcome.",
    )
    warning = fields.Char(compute="_compute_warning")
    reason = fields.Char(
        help=("Why it was won, or why there is no opportunity (required in that case).")
    )

    @api.model
    def default_get(self, fields):
        result = super().default_get(fields)
        stage = self.env["bizuno.project.stage"].browse(result.get("stage_id"))
        if stage.is_closed:
            result["outcome"] = stage.closing_outcome
        return result

    @api.depends("outcome")
    def _compute_stage_id(self):
        stages = self.env["bizuno.project.stage"].search([("is_closed", "=", True)])
        for wizard in self:
            if wizard.stage_id.closing_outcome != wizard.outcome:
                fit = stages.filtered(lambda s, w=wizard: s.closing_outcome == w.outcome)
                wizard.stage_id = fit[:1]

    @api.depends("project_id", "outcome")
    def _compute_warning(self):
        for wizard in self:
            # Whether there is any, not what is in them.
            project = wizard.project_id
            orders = self.env["sale.order"].sudo()
            orders = orders.search(project._get_orders_domain()) if project else orders
            quotations = orders.filtered(lambda order: order.state in ("draft", "sent"))
            sold = any(order.state == "sale" for order in orders)
            wizard.warning = (
                messages.project_quotations_unconfirmed(self.env, len(quotations))
                if wizard.outcome == "won" and quotations and not sold
                else False
            )

    def action_confirm(self):
        """Close the project with the outcome.

        :raise UserError: for No Opportunity without a reason
        """
        self.ensure_one()
        self.project_id.write({"stage_id": self.stage_id.id, "close_reason": self.reason})
        return {"type": "ir.actions.act_window_close"}
