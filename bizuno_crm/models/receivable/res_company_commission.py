from odoo import fields, models


class ResCompany(models.Model):
    """What sales reps earn their commission on."""

    _inherit = "res.company"

    commission_basis = fields.Selection(
        selection=[("invoiced", "Invoiced Amounts"), ("paid", "Paid Amounts")],
        string="Commission On",
        default="invoiced",
        required=True,
    )
