from odoo import api, models
from odoo.fields import Domain

_CUSTOMER_FIELDS = {"partner_id", "partner_invoice_id", "company_id"}
# What a plain confirmation writes: nothing that changes the amount.
_CONFIRMATION_FIELDS = {"state", "date_order", "locked"}
# What makes a line of an order dearer.
_LINE_AMOUNT_FIELDS = {
    "discount", "price_unit", "product_id", "product_uom_id", "product_uom_qty", "tax_ids",
}  # fmt: skip
_JUDGED = object()


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
        if not moved and "order_line" not in vals:
            return super().write(vals)
        # The lines are judged together, once all of them are written.
        orders = self.with_context(credit_judged_by_order=_JUDGED) if "order_line" in vals else self
        if not moved:
            return self._grow_under_credit_control(lambda: super(SaleOrder, orders).write(vals))
        changes_amounts = (
            not vals.keys() <= _CONFIRMATION_FIELDS
            # The rate is that of the day of the confirmation.
            or any(order.currency_id != order.company_id.currency_id for order in moved)
        )
        return moved._write_under_credit_control(
            lambda: super(SaleOrder, orders).write(vals),
            pending if not changes_customer else self.browse(),
            changes_amounts,
        )

    def _grow_under_credit_control(self, change):
        """Change the lines of orders. A confirmed order becomes larger only as far as it could have
        been confirmed with that amount: else the policy would be passed by confirming one piece
        and ordering a hundred afterwards.

        :param change: does it
        :return: what `change` returns
        :raise UserError: as for a confirmation
        """
        confirmed = self.filtered(
            lambda order: order.state == "sale" and order.company_id.sudo().credit_policy != "warn"
        )
        # By identity, which no remote call can send.
        if not confirmed or self.env.context.get("credit_judged_by_order") is _JUDGED:
            return change()
        before = {order: order.amount_total for order in confirmed}
        with self.env.cr.savepoint():
            result = change()
            confirmed.filtered(
                lambda order: (
                    order.currency_id.compare_amounts(order.amount_total, before[order]) > 0
                )
            )._check_credit(confirmed=True)
        return result

    def _validate_order(self):
        # The customer has signed, or website and payment have: a refusal is not for their eyes.
        for order in self:
            refusal = order._get_quiet_credit_refusal()
            if refusal:
                order._hold_back_quietly(refusal)
            else:
                super(SaleOrder, order)._validate_order()
        return None

    def _hold_back_quietly(self, refusal):
        # A draft would be taken for a cart or for a quotation that nobody has answered yet.
        self.filtered(lambda order: order.state == "draft").with_context(
            tracking_disable=True
        ).action_quotation_sent()
        self._fill_in_salesperson()
        return super()._hold_back_quietly(refusal)

    def _fill_in_salesperson(self):
        """The web shop leaves a cart without a salesperson until it is confirmed, or until after
        it is paid, which is too late for whoever is to be told."""
        # As nobody who sells: Odoo would make a salesperson of whoever runs this, be it the job
        # that completes payments. The activity says more than "you have been assigned".
        orders = self.filtered(lambda order: not order.user_id)
        orders = orders.with_user(self.env.ref("base.public_user")).sudo()
        orders.with_context(
            mail_notrack=True, mail_auto_subscribe_no_notify=True
        )._compute_user_id()

    def _is_credit_held_back(self):
        """For the portal: accepted or paid by the customer, but stopped by the credit policy."""
        self.ensure_one()
        return bool(
            self.state in ("draft", "sent")
            and not self._has_to_be_signed()
            and not self._has_to_be_paid()
            and (self.signature or self.amount_paid)
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
        amount = self._get_amount_not_invoiced() if self.state == "sale" else self.amount_total
        return self._get_credit_in_company(company, amount)

    def _get_amount_not_invoiced(self):
        """What is left of the total to be invoiced, in the order's currency: what
        `credit_exposure.open_orders_sql` says of many."""
        self.ensure_one()
        if not self.amount_untaxed:
            return 0.0
        invoiced = sum(self.order_line.mapped("untaxed_amount_invoiced"))
        return max(self.amount_total * (1 - invoiced / self.amount_untaxed), 0.0)

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


class SaleOrderLine(models.Model):
    """The lines of a confirmed order, changed through the order or by themselves."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        # What a vendor bill charges on to an order is spent already: it is judged on its invoice.
        ids = {vals.get("order_id") for vals in vals_list if not vals.get("is_expense")}
        orders = self.env["sale.order"].browse(sorted(filter(None, ids)))
        return orders._grow_under_credit_control(
            lambda: super(SaleOrderLine, self).create(vals_list)
        )

    def write(self, vals):
        if _LINE_AMOUNT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        orders = self.filtered(lambda line: not line.is_expense).order_id
        return orders._grow_under_credit_control(lambda: super(SaleOrderLine, self).write(vals))
