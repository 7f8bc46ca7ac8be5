from odoo import models

from ..reports import till_bills


class SaleOrder(models.Model):
    # What the till sells of an order is billed, as what an invoice bills of it; what is sold on
    # account there is owed from then on.

    _inherit = "sale.order"

    def _change_at_till(self, change, sales):
        """Change sales of the till, and judge these orders if more is left of them by it than their
        customer has got back at the till.

        :param change: does it
        :param sales: `pos.order`
        :return: what `change` returns
        """
        orders = self.sudo().filtered(
            lambda order: (
                order.company_id.credit_scope == "invoices_and_orders"
                and not order.company_id._get_credit_policy().is_warning_only
            )
        )
        if not orders:
            return change()
        # Who works the till need not be able to read orders.
        judge = self.browse().sudo().with_context(credit_without_figures=True)
        return judge._change_under_credit_control(change, billing=orders, bills=sales)

    def _get_credit_used(self, along=None):
        used = super()._get_credit_used(along)
        sales = self.order_line.sudo().pos_order_line_ids.order_id
        sold = sales.filtered(lambda sale: sale.state not in till_bills.UNSOLD)
        return used + sold._get_credit_of_order(self)

    def _get_credit_paid(self, company):
        # A quotation is confirmed after the till has taken the money, or the credit was judged.
        paid = super()._get_credit_paid(company)
        for order in self.filtered(lambda record: record.state in ("draft", "sent")):
            if order.sudo().order_line.pos_order_line_ids:
                sold = max(order.amount_total - order._get_amount_left(), 0.0)
                paid[order]["paid"] += order._get_credit_in_company(company, sold)
        return paid

    def _get_credit_to_pay(self):
        # The goods of an order that the till has sold are gone.
        if self.sudo().order_line.pos_order_line_ids and not self._get_amount_left():
            return 0.0
        return super()._get_credit_to_pay()
