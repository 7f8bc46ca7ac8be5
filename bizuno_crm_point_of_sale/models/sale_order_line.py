from odoo import api, models
from odoo.tools import SQL

from ..reports import till_bills


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_bills_sql(self, is_billed):
        sold = till_bills.till_bills_sql(self.env)
        return SQL("%s UNION ALL %s", super()._get_bills_sql(is_billed), sold)

    def _get_billed(self, along=None, without=None):
        quantity, paid_down = super()._get_billed(along, without)
        unit, product_unit = self.product_uom_id, self.product_id.uom_id
        for sold in self.sudo().pos_order_line_ids:
            till = sold.order_id
            if till.state in till_bills.UNSOLD or till == without:
                continue
            if self.is_downpayment:
                paid_down += sold.price_subtotal_incl * till._get_rate_to_order(self.order_id)
            else:
                quantity += sold.qty * (product_unit.factor or 1.0) / (unit.factor or 1.0)
        return quantity, paid_down
