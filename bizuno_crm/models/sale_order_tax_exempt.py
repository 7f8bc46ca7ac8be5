from odoo import models


class SaleOrder(models.Model):
    """No tax for exempt customers."""

    _inherit = "sale.order"

    def _compute_fiscal_position_id(self):
        # Exemption by certificate is no fiscal position of the contact: see res.partner.
        before = {order: order.fiscal_position_id for order in self}
        result = super()._compute_fiscal_position_id()
        for order in self:
            position = order.partner_id._get_exempt_position(
                order.company_id, order.fiscal_position_id
            )
            if position != order.fiscal_position_id:
                order.fiscal_position_id = position
                order.show_update_fpos = bool(position != before[order] and order.order_line)
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_tax_ids(self):
        # The customer's default tax where the product has none; no tax for the exempt.
        result = super()._compute_tax_ids()
        for line in self:
            order = line.order_id
            if line.display_type or line.is_downpayment or line.product_type == "combo":
                continue
            if order.partner_id._removes_taxes(order.company_id, order.fiscal_position_id):
                line.tax_ids = False
            else:
                default = order.partner_id._get_default_tax(
                    line.company_id, line.product_id, order.fiscal_position_id
                )
                if default is not None:
                    line.tax_ids = default
        return result
