from odoo import api, models
from odoo.tools import SQL

from ..reports import till_bills


class SaleOrder(models.Model):
    # What the till sells of an order is billed, as what an invoice bills of it; what is sold on
    # account there is owed from then on.

    _inherit = "sale.order"

    def _get_credit_paid(self, company):
        # A quotation is confirmed after the till has taken the money, or the credit was judged.
        paid = super()._get_credit_paid(company)
        if self.state not in ("draft", "sent") or not self.sudo().order_line.pos_order_line_ids:
            return paid
        sold = max(self.amount_total - self._get_amount_left(), 0.0)
        return paid + self._get_credit_in_company(company, sold)

    def _get_credit_to_pay(self):
        # The goods of an order that the till has sold are gone.
        if self.sudo().order_line.pos_order_line_ids and not self._get_amount_left():
            return 0.0
        return super()._get_credit_to_pay()


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
                rate = 1.0
                if till.config_id.currency_id != self.currency_id:
                    rate = (self.order_id.currency_rate or 1.0) / (till.currency_rate or 1.0)
                paid_down += sold.price_subtotal_incl * rate
            else:
                quantity += sold.qty * (product_unit.factor or 1.0) / (unit.factor or 1.0)
        return quantity, paid_down
