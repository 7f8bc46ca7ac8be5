from odoo import api, models
from odoo.fields import Domain

_CUSTOMER_FIELDS = {"partner_id", "partner_invoice_id", "company_id"}
# What a plain confirmation writes: nothing that changes the amount.
_CONFIRMATION_FIELDS = {"state", "date_order", "locked"}


class SaleOrder(models.Model):
    """Quotations and orders under credit control."""

    _name = "sale.order"
    _inherit = ["sale.order", "bizuno.credit.mixin"]

    _credit_customer_path = "partner_invoice_id"

    @api.depends("partner_id", "partner_invoice_id", "company_id", "state", "amount_total",
                 "currency_rate", "partner_id.account_restriction")  # fmt: skip
    def _compute_credit_status(self):
        return super()._compute_credit_status()

    @api.model_create_multi
    def create(self, vals_list):
        # An import or another program may bring orders that are confirmed already.
        if all(vals.get("state", "draft") != "sale" for vals in vals_list):
            return super().create(vals_list)
        with self.env.cr.savepoint():
            orders = super().create(vals_list)
            orders.filtered(lambda order: order.state == "sale")._check_credit(confirmed=True)
        return orders

    def write(self, vals):
        # Every confirmation ends here, that of the button as well as a remote call; so does a
        # confirmed order that changes hands.
        pending = self.browse()
        if vals.get("state") == "sale":
            pending = self.filtered(lambda order: order.state != "sale")
        changes_customer = not _CUSTOMER_FIELDS.isdisjoint(vals)
        moved = pending
        if changes_customer:
            moved |= self.filtered(lambda order: order.state == "sale")
        if not moved:
            return super().write(vals)
        changes_amounts = (
            not vals.keys() <= _CONFIRMATION_FIELDS
            # The rate is that of the day of the confirmation.
            or any(order.currency_id != order.company_id.currency_id for order in moved)
        )
        return moved._write_under_credit_control(
            lambda: super(SaleOrder, self).write(vals),
            pending if not changes_customer else self.browse(),
            changes_amounts,
        )

    def _validate_order(self):
        # The customer has signed, or website and payment have: a refusal is not for their eyes.
        for order in self:
            refusal = order._get_quiet_credit_refusal()
            if refusal:
                order._hold_back_quietly(refusal)
                if order.state == "draft":
                    order.action_quotation_sent()
            else:
                super(SaleOrder, order)._validate_order()
        return None

    def _is_credit_held_back(self):
        """For the portal: accepted by the customer, but stopped by the credit policy."""
        self.ensure_one()
        return bool(
            self.state in ("draft", "sent")
            and self.signature
            and self._get_credit_refusals(confirmed=False)
        )

    @api.model
    def _get_credit_domain(self):
        return Domain("state", "!=", "cancel") & Domain("partner_id", "!=", False)

    @api.model
    def _get_credit_pending_domain(self):
        return Domain("state", "in", ("draft", "sent"))

    def _get_credit_amount(self, company):
        return self._get_credit_added(company) if self.state in ("draft", "sent") else 0.0

    def _get_credit_added(self, company):
        return self._get_credit_in_company(company, self.amount_total)

    def _is_credit_counted_once_confirmed(self, company):
        return company.credit_scope == "invoices_and_orders"

    def _get_credit_paid(self, company):
        transactions = self.sudo().transaction_ids.filtered(
            lambda one: one.state in ("authorized", "done") and not one.payment_id
        )
        paid = max(sum(transactions.mapped("amount")), 0.0)
        return self._get_credit_in_company(company, paid)

    def _get_credit_in_company(self, company, amount):
        return company.currency_id.round(amount / (self.currency_rate or 1.0))

    def _is_credit_stopped_by_hold(self, company, paid):
        return True

    def _get_credit_label(self):
        if self.state == "sale":
            return self.env._("this order")
        return self.env._("this quotation")
