from odoo import api, models

from ..base.bizuno_guard import BizunoNumberMixin
from ..base.given import with_given_defaults


class SaleOrderLine(models.Model):
    # What a line comes to is judged by the credit policy: it is a number before that.

    _name = "sale.order.line"
    _inherit = [BizunoNumberMixin._name, "sale.order.line"]
    _multiplied = ("price_unit", "product_uom_qty")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, "order_id", "tax_ids")
        orders = self.env["sale.order"]
        return super().create([
            vals
            if vals.get("is_downpayment")
            else orders.browse(vals.get("order_id"))._without_line_taxes(vals)
            for vals in vals_list
        ])  # fmt: skip

    def write(self, vals):
        if vals.get("tax_ids"):
            lines = self & self.order_id._get_tax_exempt_lines()
            if lines == self:
                vals = self.order_id._without_line_taxes(vals)
        return super().write(vals)

    def _compute_tax_ids(self):
        # The customer's default tax where the product has none; no tax for the exempt.
        result = super()._compute_tax_ids()
        for line in self:
            order = line.order_id
            if line.display_type or line.is_downpayment or line.product_type == "combo":
                continue
            if not order.taxed_despite_exemption and order.partner_id._removes_taxes(
                order.company_id, order.fiscal_position_id
            ):
                line.tax_ids = False
            else:
                default = order.partner_id._get_default_tax(
                    line.company_id, line.product_id, order.fiscal_position_id
                )
                if default is not None:
                    line.tax_ids = default
        return result
