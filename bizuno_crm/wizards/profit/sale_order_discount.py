from odoo import models


class SaleOrderDiscount(models.TransientModel):
    _inherit = "sale.order.discount"

    def _prepare_global_discount_so_lines(self, base_lines):
        # One line for all: of each project it takes what its lines have in the order.
        values_list = super()._prepare_global_discount_so_lines(base_lines)
        for values, base_line in zip(values_list, base_lines, strict=True):
            values.update(self.sale_order_id._prepare_projects_of(base_line))
        return values_list
