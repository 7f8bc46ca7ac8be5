from odoo import fields, models


class ResPartner(models.Model):
    # Bizuno's price sheet is Odoo's pricelist under that name.

    _inherit = "res.partner"

    property_product_pricelist = fields.Many2one(string="Price Sheet")
    specific_property_product_pricelist = fields.Many2one(
        string="Assigned Price Sheet", tracking=True
    )

    def _get_price_sheet(self, company):
        """:return: the price list of this contact in a company; none where they are switched off"""
        # As the system: a bookkeeper need not have a right on price lists.
        return self.sudo().with_company(company).property_product_pricelist.sudo(False)
