from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        # The money has come in and must be booked: an order that the credit policy stops, though it
        # is paid, stays a quotation, and the salesperson is told.
        held_back = self.browse()
        for transaction in self:
            order = transaction.sale_order_ids.filtered(lambda one: one.state in ("draft", "sent"))
            if len(transaction.sale_order_ids) == 1 and order:
                if not order._is_confirmation_amount_reached():
                    continue
                refusal = order._get_quiet_credit_refusal()
                if refusal:
                    order._hold_back_quietly(refusal)
                    held_back |= transaction
        return super(PaymentTransaction, self - held_back)._check_amount_and_confirm_order()
