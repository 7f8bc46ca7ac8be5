from odoo import fields, models


class ResPartner(models.Model):
    """Bizuno's price sheet is Odoo's pricelist under that name."""

    _inherit = "res.partner"

    property_product_pricelist = fields.Many2one(string="Price Sheet")
    specific_property_product_pricelist = fields.Many2one(string="Assigned Price Sheet")
