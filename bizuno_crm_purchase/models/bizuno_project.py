from odoo import api, fields, models

BUYERS = "purchase.group_purchase_user"


class BizunoProject(models.Model):
    # What is bought for it.

    _inherit = "bizuno.project"

    purchase_order_count = fields.Integer(
        string="Number of Purchase Orders", compute="_compute_purchase_order_count", groups=BUYERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_purchase_order_count(self):
        for company, projects in self.grouped("company_id").items():
            # Odoo groups by the accounts of the distribution, and counts orders.
            counts = dict(
                self.env["purchase.order.line"]._read_group(
                    [
                        ("analytic_distribution", "in", projects.sudo().analytic_account_id.ids),
                        ("order_id.state", "!=", "cancel"),
                        *self._get_company_domain(company),
                    ],
                    ["analytic_distribution"],
                    ["__count"],
                )
            )
            for project in projects:
                account = project.sudo().analytic_account_id
                project.purchase_order_count = counts.get(account.id, 0)

    def action_view_purchase_orders(self):
        """:return: the action that lists the requests for quotation and purchase orders with lines
        of this project"""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("purchase.purchase_form_action"),
            "domain": [
                ("state", "!=", "cancel"),
                ("order_line.analytic_distribution", "in", self.sudo().analytic_account_id.ids),
                *self._get_company_domain(self.company_id),
            ],
            # What is bought is put on a project there, where it is bought.
            "context": {"create": False},
        }
