from odoo import api, models

# What says how much is paid, of what, and by whom: no page of Odoo's writes it, and its own flows
# do so as the system.
_DECISIVE = frozenset({
    "state", "amount", "currency_id", "partner_id", "operation", "invoice_ids", "sale_order_ids",
    "source_transaction_id", "child_transaction_ids",
})  # fmt: skip


class MoneyCameIn:
    """That a payment is being completed. A context that comes with a remote call can hold no such
    object."""


class PaymentTransaction(models.Model):
    # What is paid on line lends nothing: for what it was paid, once, and as the provider says it.

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "bizuno.computed.mixin"]

    @api.model
    def _get_given_computed(self, vals):
        computed = _DECISIVE & vals.keys()
        if not vals.get("payment_id", True):
            # It would count as not booked yet.
            computed |= {"payment_id"}
        return computed

    def _is_computed_guarded(self, vals=None):
        # Administrators have buttons that play the provider.
        is_controlled = self.env["res.company"]._is_credit_controlled()
        return is_controlled and not self.env.user.has_group("base.group_system")

    def _get_credit_rest(self, document, documents, company):
        """What it pays of these documents: what is authorized or done, and not in the ledger, and
        what no other document has had.

        :param document: one of those that are judged
        :param documents: all of them, orders or invoices
        :return: (that in its own currency, what it pays in the currency of the company of invoices
            that their customer's account contains already)
        """
        self.ensure_one()
        # Captured in parts it stays as it is, and the parts are booked or given up.
        parts = self.child_transaction_ids.filtered(
            lambda child_transaction: (
                child_transaction.operation == self.operation
                and (child_transaction.payment_id or child_transaction.state == "cancel")
            )
        )
        rest, covered = max(self.amount - sum(parts.mapped("amount")), 0.0), 0.0
        is_invoice = documents._name == "account.move"
        others = (self.invoice_ids if is_invoice else self.sale_order_ids) - documents
        for other in others.filtered(lambda other_transaction: other_transaction._is_credit_lent()):
            unpaid = max(other._get_credit_unpaid(), 0.0)
            wanted = other._convert_credit(unpaid, self.currency_id)
            if wanted > 0:
                part = min(rest, wanted)
                rest -= part
                if is_invoice and other._get_credit_debtors() == document._get_credit_debtors():
                    covered += other._get_credit_in_company(company, unpaid * part / wanted)
        return rest, covered

    def _pays_credit_of(self, document):
        """Whether it is one for the account of this document: what is only authorized is by who
        owes or orders, for whom it may be captured. Money that is here pays, whoever sent it."""
        self.ensure_one()
        if self.payment_id or self.state not in ("authorized", "done"):
            return False
        if self.state == "done":
            return True
        debtors = document._get_credit_debtors()
        orders = self.sale_order_ids.filtered(
            lambda sale_order: sale_order._get_credit_debtors() == debtors
        )
        payers = debtors | document._get_credit_orderer()
        payers |= orders.partner_id.commercial_partner_id
        return self.partner_id.commercial_partner_id in payers

    def _post_process(self):
        # Of what is done the money is here; a refusal would keep it out of the books.
        if any(transaction.state == "done" for transaction in self):
            self = self.with_context(bizuno_money_came_in=MoneyCameIn())
        return super()._post_process()

    def _invoice_sale_orders(self):
        # Whoever completes a payment may not link it to invoices, and need not.
        return super(PaymentTransaction, self.sudo())._invoice_sale_orders()

    def _check_amount_and_confirm_order(self):
        # The money has come in and must be booked: an order that the credit policy stops, though it
        # is paid, stays a quotation, and the salesperson is told.
        held_back = self.browse()
        for transaction in self:
            order = transaction.sale_order_ids.filtered(
                lambda sale_order: sale_order.state in ("draft", "sent")
            )
            if (
                len(transaction.sale_order_ids) == 1
                and order
                and order._is_confirmation_amount_reached()
                and not order._hold_back_refused()
            ):
                held_back |= transaction
        return super(PaymentTransaction, self - held_back)._check_amount_and_confirm_order()
