from odoo import fields, models


class ResCompany(models.Model):
    """How a company ages its receivables, and who may look at them."""

    _inherit = "res.company"

    aging_basis = fields.Selection(
        selection=[("due_date", "Due Date"), ("invoice_date", "Invoice Date")],
        string="Age Receivables By",
        default="due_date",
        required=True,
    )
    aging_reps_see_own = fields.Boolean(
        string="Sales Reps See Their Customers' Receivables",
        help="Sales reps without accounting rights see the aged receivables of the customers whose "
        "salesperson they are.",
    )
