from odoo import fields, models


class BizunoVendorHistory(models.Model):
    """What happened with a vendor: bills, refunds and payments."""

    _name = "bizuno.vendor.history"
    _inherit = ["bizuno.partner.history.mixin"]
    _description = "Vendor History"
    _auto = False
    _account_type = "liability_payable"
    _move_types = ("in_invoice", "in_refund", "in_receipt")
    _kinds = ("bill", "refund")
    _payment_types = ("supplier", "outbound")

    partner_id = fields.Many2one(string="Vendor")
    kind = fields.Selection(
        selection=[("bill", "Bill"), ("refund", "Refund"), ("payment", "Payment")], readonly=True
    )
    customer_reference = fields.Char(string="Vendor Reference")
    date_closed = fields.Date(
        help="The date of the last payment once paid in full; empty if only a refund, a write-off "
        "or another entry closed it."
    )
