from odoo import fields, models


class ResCompany(models.Model):
    """How the company lends."""

    _inherit = "res.company"

    credit_policy = fields.Selection(
        selection=[
            ("warn", "Warn only"),
            ("approval", "Ask for approval"),
            ("block", "Block"),
        ],
        default="warn",
        required=True,
        help="What happens to an order or an invoice of a customer who is over the credit limit, "
        "on credit hold or locked.",
    )
    credit_scope = fields.Selection(
        selection=[
            ("invoices", "Open invoices"),
            ("invoices_and_orders", "Open invoices and orders to invoice"),
        ],
        default="invoices",
        required=True,
        help="What counts against the credit limit.",
    )

    def _get_credit_approvers(self):
        """Who may approve in this company; administrators come last, as they seldom mean to."""
        self.ensure_one()
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref("bizuno_crm.group_credit_approver").ids),
                    ("company_ids", "in", self.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        administrators = self.env.ref("base.group_system").sudo().all_user_ids
        return (users - administrators) or users
