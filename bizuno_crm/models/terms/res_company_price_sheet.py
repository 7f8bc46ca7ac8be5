from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    price_sheet_on_invoices = fields.Boolean(
        string="Price Sheets on Invoices",
        default=True,
        help="Where an invoice without an order would propose the product's price, the customer's "
        "price sheet proposes its own.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    price_sheet_on_invoices = fields.Boolean(
        related="company_id.price_sheet_on_invoices", readonly=False
    )
