from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from ...logic.credit_watch import Claim
from ...reports.credit import credit_exposure
from ..base.given import with_given_defaults
from .payment_transaction import MoneyCameIn

# What posting writes: nothing that changes the amount.
_POSTING_FIELDS = {"state", "posted_before"}
# What of an invoice, besides its lines, says how much of an order it bills.
_BILLING_FIELDS = {
    "state", "move_type", "partner_id", "commercial_partner_id", "currency_id",
    "invoice_currency_rate",
}  # fmt: skip


class AccountMove(models.Model):
    # Customer invoices under credit control. Credit notes have a status, but are never stopped,
    # unless they are negative, which makes them invoices.

    _name = "account.move"
    _inherit = ["account.move", "bizuno.credit.mixin", "bizuno.computed.mixin"]

    _credit_customer_path = "commercial_partner_id"
    _credit_judged_by = (
        "partner_id", "company_id", "state", "move_type", "amount_total_signed",
        "invoice_line_ids.price_total", "partner_id.account_restriction",
    )  # fmt: skip
    # The form sends the one along with a new invoice, and "Block Payment" writes it; posting writes
    # the other on the next invoice.
    _computed_of_pages = frozenset({"payment_state", "made_sequence_gap"})
    # What is paid on line for it.
    _written_by_system = frozenset({"transaction_ids"})

    def _get_alerts(self):
        # One message, not two: Odoo's own credit warning gives way to this one.
        alerts = super()._get_alerts()
        if self._is_credit_pending() and self.credit_message:
            alerts.pop("account_partner_credit_warning", None)
        return alerts

    def action_post(self):
        if not isinstance(self.env.context.get("bizuno_money_came_in"), MoneyCameIn):
            return super().action_post()
        # It must be booked, whatever becomes of the draft that it pays in part.
        lending = self.filtered(lambda move: move.state == "draft" and move._lends())
        passing = (self - lending) | lending._hold_back_refused()
        return super(AccountMove, passing).action_post() if passing else False

    @api.model
    def _autopost_draft_entries(self, batch_size=100):
        # Odoo writes into the chatter why one was not posted; reps read it.
        quiet = self.with_context(credit_without_figures=True)
        return super(AccountMove, quiet)._autopost_draft_entries(batch_size)

    def _get_held_back_summary(self):
        return self.env._(
            "%(document)s was paid online, but not posted", document=self.display_name
        )

    @api.model_create_multi
    def create(self, vals_list):
        create = super().create
        vals_list = with_given_defaults(self, vals_list, "move_type", "state")
        if not self.env["res.company"]._is_credit_controlled():
            return create(vals_list)
        return self.browse()._change_under_credit_control(
            lambda: create(vals_list),
            made=lambda moves: moves,
            lends=any(vals.get("state") == "posted" for vals in vals_list),
        )

    def write(self, vals):
        # Button, list action, cron and payment all post by writing the state, as a remote call can.
        write = super().write
        pending = self.browse()
        if vals.get("state") == "posted":
            pending = self.filtered(lambda move: move.state != "posted" and move._lends())
            # Once for all: where some are known, Odoo asks for the rest document by document.
            pending.line_ids.fetch(["sale_line_ids"])
        if not self.env["res.company"]._is_credit_controlled():
            pending._check_credit(confirmed=False)
            return write(vals)
        if "partner_id" in vals and not vals["partner_id"]:
            self.line_ids._check_somebody_owes()
        accepted = self.browse()
        if vals.keys() <= _POSTING_FIELDS:
            accepted = pending
            accepted._check_credit(confirmed=False)
        return self._change_under_credit_control(
            lambda: write(vals),
            lends=bool(pending - accepted),
            accepted=accepted,
            billing=_BILLING_FIELDS & vals.keys()
            and self._get_credit_billing().line_ids.sale_line_ids.order_id,
        )

    @api.model
    def _get_given_computed(self, vals):
        computed = super()._get_given_computed(vals)
        # This one counts as posted, in Odoo and here.
        if vals.get("payment_state") == "invoicing_legacy":
            computed |= {"payment_state"}
        return computed

    def _is_computed_guarded(self, vals=None):
        # Of what is no customer's document nothing is decided here.
        if self:
            return self.is_sale_document(include_receipts=True)
        return vals.get("move_type") in self.get_sale_types(include_receipts=True)

    def _lends(self):
        return self.move_type in ("out_invoice", "out_receipt") or (
            self.move_type == "out_refund" and self.amount_total_signed > 0
        )

    @api.model
    def _get_credit_domain(self):
        return (
            Domain("move_type", "in", ("out_invoice", "out_receipt", "out_refund"))
            & Domain("state", "!=", "cancel")
            & Domain("partner_id", "!=", False)
        )

    @api.model
    def _get_credit_pending_domain(self):
        return Domain("move_type", "in", ("out_invoice", "out_receipt")) & Domain(
            "state", "=", "draft"
        )

    @api.model
    def _join_credit_documents(self, company, alias, query, documents):
        drafts = query.make_alias(alias, f"credit_draft_{company.id}")
        query.add_join(
            "LEFT JOIN",
            drafts,
            SQL("(%s)", credit_exposure.drafts_sql(company.sudo(), documents)),
            SQL("%s = %s", SQL.identifier(drafts, "id"), SQL.identifier(alias, "id")),
        )
        payer_id = SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(drafts, "other_payer_id"),
            SQL.identifier(alias, "commercial_partner_id"),
        )
        buyer_id, amount = SQL.identifier(alias, "partner_id"), SQL.identifier(drafts, "amount")
        return payer_id, buyer_id, amount

    def _get_credit_amount(self, company):
        return self._get_credit_added(company) if self.state == "draft" and self._lends() else 0.0

    def _get_credit_added(self, company):
        if self.id or not self.tax_totals:
            amount = self._get_credit_balance()
        else:
            # In a form that is not saved yet only these totals are up to date.
            is_foreign = self.currency_id != self.company_currency_id
            amount = self.tax_totals["total_amount" if is_foreign else "total_amount_currency"]
        if company.sudo().credit_scope == "invoices_and_orders":
            amount -= self._get_taken_over(company)
        return max(company.currency_id.round(amount), 0.0)

    def _get_credit_balance(self):
        """What the invoice comes to, or what its receivables do if that is more, in the currency of
        the company."""
        amount = self.amount_total_signed
        if isinstance(self.id, int):
            amount = max(amount, sum(self._get_credit_items().mapped("balance")))
        return amount

    def _get_credit_items(self):
        return self.sudo().line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _get_credit_uncounted(self, company):
        # A rate, or a day with its rate, of one's own makes an invoice small in the ledger, and the
        # debt none the smaller.
        uncounted = super()._get_credit_uncounted(company)
        for move in self:
            usual = min(
                move.expected_currency_rate or 1.0, move._get_credit_rate_today(company) or 1.0
            )
            if not 0 <= move.invoice_currency_rate <= usual:
                amount = company.currency_id.round(move.amount_total_in_currency_signed / usual)
                uncounted[move] = max(amount - move.amount_total_signed, 0.0)
        return uncounted

    def _get_taken_over(self, company):
        """What this invoice takes over from orders that count against the customer's limit already:
        by how much less they have left to invoice, in the currency of the company."""
        self.ensure_one()
        move, taken = self.sudo(), 0.0
        customer, companies = move._get_credit_debtors(), company._get_credit_tree_ids()
        for order in move.line_ids.sale_line_ids.order_id:
            if (
                order.state != "sale"
                or order.company_id.id not in companies
                # What another customer has ordered makes no room on this one's account.
                or order._get_credit_customer() != customer
            ):
                continue
            if move.state == "posted":
                change = order._get_amount_left(without=move) - order._get_amount_left()
            else:
                change = order._get_amount_left() - order._get_amount_left(along=move._origin)
            taken += order._get_credit_in_company(company, change)
        return taken

    def _get_credit_billing(self):
        """:return: those by which orders that count against a limit have less left"""
        return self.sudo().filtered(
            lambda move: (
                move.state == "posted"
                and move.is_sale_document(include_receipts=True)
                and move.company_id.credit_scope == "invoices_and_orders"
                and not move.company_id._get_credit_policy().is_warning_only
            )
        )

    def _get_credit_volume(self, company):
        owed = 0.0
        if self.state == "posted" and self.is_sale_document(include_receipts=True):
            owed = self.amount_total_in_currency_signed
        return self._get_credit_customer(), self._convert_credit(owed, company.currency_id)

    def _is_credit_lent(self):
        return self.state == "posted" and self._lends()

    def _get_credit_claim(self, company, accepted=False):
        amount = company.currency_id.round(
            self._get_credit_balance() + self._get_credit_uncounted(company)[self]
        )
        return Claim(
            customer=self._get_credit_debtors(),
            orderer=self.partner_id.commercial_partner_id,
            total=amount,
            left=amount,
            company=company.root_id,
        )

    def _get_credit_customer(self):
        # The debt may stand on the account of somebody else than the invoice says.
        customer = super()._get_credit_customer()
        if not isinstance(self.id, int):
            return customer
        return (self._get_credit_items().partner_id.commercial_partner_id - customer)[
            :1
        ] or customer

    def _get_credit_debtors(self):
        # Each installment may stand on an account of its own.
        customer = super()._get_credit_debtors()
        if not isinstance(self.id, int):
            return customer
        return self._get_credit_items().partner_id.commercial_partner_id or customer

    def _recompute_credit_amounts(self, confirmed):
        pending = self.sudo().filtered(lambda move: move.state == "draft")
        for name in (
            "commercial_partner_id", "amount_untaxed_signed", "amount_tax_signed",
            "amount_total_signed", "amount_total_in_currency_signed", "amount_total",
        ):  # fmt: skip
            self.env.add_to_compute(pending._fields[name], pending)

    def _get_credit_total(self):
        return self.amount_total_in_currency_signed if self._lends() else self.amount_total

    def _is_credit_counted_once_confirmed(self, company):
        return True

    def _get_credit_in_company(self, company, amount):
        if not self.amount_total:
            return 0.0
        return company.currency_id.round(abs(self.amount_total_signed / self.amount_total) * amount)

    def _get_credit_unpaid(self):
        return self.amount_residual

    def _get_credit_to_pay(self):
        # What is paid in full lends nothing, whoever the customer is.
        return self.amount_total_signed

    def _get_credit_allowances(self):
        """What was approved on an order is approved on its invoices, up to the same amount."""
        allowances = super()._get_credit_allowances()
        orders = {move: move.sudo()._get_credit_orders() for move in self}
        approvals = self.env["bizuno.credit.approval"]._get_latest(
            self.env["sale.order"].union(*orders.values())
        )
        return {
            move: (
                *allowances[move],
                [
                    order._get_credit_allowance(approvals, move._get_credit_invoiced(order))
                    for order in orders[move]
                ],
            )
            for move in self
        }

    def _get_credit_orders(self):
        """:return: the orders that make up the whole invoice, of its own customer; none if others
        stand beside them"""
        self.ensure_one()
        products = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        orders = products.sale_line_ids.order_id
        # Approved was the customer of the order.
        is_whole = (
            orders
            and all(line.sale_line_ids for line in products)
            and orders.partner_invoice_id.commercial_partner_id == self._get_credit_debtors()
        )
        return orders if is_whole else orders.browse()

    def _get_credit_invoiced(self, order):
        """What of an order is invoiced with this invoice, and what the invoice comes to besides its
        lines, in the currency of the order."""
        move = self.sudo()
        besides = move._convert_credit(move._get_credit_besides_lines(), order.currency_id)
        return order._get_credit_used(None if move.state == "posted" else move._origin) + besides

    def _get_credit_besides_lines(self):
        """By how much the invoice comes to more than its product lines do, in its currency: by a
        tax that somebody has typed, a rounding or any other item. Cents, and a rounding of cash
        that is one, are nothing."""
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        rate, cash = self.invoice_currency_rate or 1.0, self.invoice_cash_rounding_id
        known = -self.direction_sign * sum(lines.mapped("price_total"))
        besides = self._get_credit_balance() * rate - known
        cents = max(self.currency_id.rounding, self.company_currency_id.rounding * rate)
        slack = 2 * cents * (1 + len(lines)) + min(cash.rounding, max(known / 100, 100 * cents))
        return besides if besides > slack else 0.0

    def _get_credit_label(self):
        return self.env._("this invoice")

    def _get_credit_salesperson(self):
        return self.invoice_user_id

    def _is_credit_delivered(self):
        """Every line bills what is delivered of an order and not billed yet, at most at the price
        of the order; the invoice comes to no more than its lines; and no order is billed for more
        than it comes to, with all its lines."""
        self.ensure_one()
        move = self.sudo()
        if not move._lends() or move.state not in ("draft", "posted"):
            return False
        products = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        along = None if move.state == "posted" else move._origin
        bills_something = False
        for line in products:
            ordered = line.sale_line_ids
            # What lowers the invoice, such as a down payment that is deducted, may stand beside.
            if line.price_total <= 0:
                continue
            bills_something = True
            if len(ordered) != 1 or ordered.order_id.state != "sale":
                return False
            if ordered.is_downpayment or not ordered._is_billed_as_delivered(line, along):
                return False
            customer = ordered.order_id.partner_invoice_id.commercial_partner_id
            if customer != move._get_credit_debtors():
                return False
        return (
            bills_something
            and not move._get_credit_besides_lines()
            and all(
                # Taxes may have come since.
                any(
                    order._get_credit_billed(name, along) <= order._get_credit_deliverable(name)
                    for name in ("price_total", "price_subtotal")
                )
                for order in products.sale_line_ids.order_id
            )
        )

    def _tell_approver_of_delivered_goods(self, text):
        approver = self._find_credit_approver(self.env.user)
        if approver:
            self.sudo().activity_schedule(
                "bizuno_crm.mail_activity_type_credit_approval",
                summary=self.env._("Delivered goods were billed"),
                note=plaintext2html(text),
                user_id=approver.id,
            )
