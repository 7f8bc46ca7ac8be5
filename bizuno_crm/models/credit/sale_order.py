from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic.credit_watch import Claim
from ..base.given import with_given_defaults

# What a plain confirmation writes: nothing that changes the amount.
_CONFIRMATION_FIELDS = {"state", "date_order", "locked"}


class SaleOrder(models.Model):
    # Quotations and orders under credit control.

    _name = "sale.order"
    _inherit = ["sale.order", "bizuno.credit.mixin", "bizuno.computed.mixin"]

    _credit_customer_path = "partner_invoice_id"
    _credit_judged_by = (
        "partner_id", "partner_invoice_id", "company_id", "state", "amount_total", "currency_rate",
        "partner_id.account_restriction",
    )  # fmt: skip
    # What is paid on line for it.
    _written_by_system = frozenset({"transaction_ids"})

    @api.model_create_multi
    def create(self, vals_list):
        # An import or another program may bring orders that are confirmed already.
        create = super().create
        vals_list = with_given_defaults(self, vals_list, "state")
        if not self.env["res.company"]._is_credit_controlled():
            return create(vals_list)
        return self.browse()._change_under_credit_control(
            lambda: create(vals_list),
            made=lambda orders: orders,
            lends=any(vals.get("state") == "sale" for vals in vals_list),
        )

    def write(self, vals):
        # Every confirmation ends here, that of the button as well as a remote call; so does a
        # confirmed order that changes hands, or becomes dearer whatever way.
        write = super().write
        pending = self.browse()
        if vals.get("state") == "sale":
            pending = self.filtered(lambda order: order.state != "sale")
        if not self.env["res.company"]._is_credit_controlled():
            pending._check_credit(confirmed=False)
            return write(vals)
        accepted = self.browse()
        if vals.keys() <= _CONFIRMATION_FIELDS and all(
            order.currency_id == order.company_id.currency_id for order in pending
        ):
            # Others are judged afterwards, together with these: the rate is that of the day of the
            # confirmation.
            accepted = pending
            accepted._check_credit(confirmed=False)
        return self._change_under_credit_control(
            lambda: write(vals), lends=bool(pending - accepted), accepted=accepted
        )

    def action_confirm(self):
        # Pages of the website confirm for a visitor, such as what is paid on delivery.
        if not self.env.su or self.env.user._is_internal():
            return super().action_confirm()
        passing = self._hold_back_refused()
        return super(SaleOrder, passing).action_confirm() if passing else True

    def _validate_order(self):
        # The customer has signed, or website and payment have.
        passing = self._hold_back_refused() if self.env.user._is_internal() else self
        for order in passing:
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

    @api.model
    def _join_credit_documents(self, company, alias, query, documents):
        amount = SQL(
            """
            CASE WHEN %(order)s.state IN ('draft', 'sent')
            THEN ROUND(
                (%(order)s.amount_total / COALESCE(NULLIF(%(order)s.currency_rate, 0), 1))::numeric,
                %(digits)s
            ) END
            """,
            order=SQL.identifier(alias),
            digits=company.sudo().currency_id.decimal_places,
        )
        return (
            SQL.identifier(alias, "partner_invoice_id"),
            SQL.identifier(alias, "partner_id"),
            amount,
        )

    def _get_credit_amount(self, company):
        return self._get_credit_added(company) if self.state in ("draft", "sent") else 0.0

    def _get_credit_added(self, company):
        amount = self._get_amount_left() if self.state == "sale" else self.amount_total
        return max(self._get_credit_in_company(company, amount), 0.0)

    def _is_credit_lent(self):
        return self.state == "sale"

    def _get_credit_claim(self, company, accepted=False):
        total = self._get_credit_in_company(company, self.amount_total)
        left = total
        if not accepted:  # of what is, no more than that was judged
            left = self._get_credit_in_company(company, self._get_amount_left())
        return Claim(
            customer=self.partner_invoice_id.commercial_partner_id,
            orderer=self.partner_id.commercial_partner_id,
            total=total,
            left=left,
            company=company.root_id,
        )

    def _get_credit_volume(self, company):
        left = self._get_amount_left() if self.state == "sale" else 0.0
        return self._get_credit_customer(), self._convert_credit(left, company.currency_id)

    def _recompute_credit_amounts(self, confirmed):
        pending = self.sudo().filtered(lambda order: order.state in ("draft", "sent"))
        # Odoo goes order by order: read for all at once.
        pending.order_line.mapped("tax_ids")
        pending = pending.filtered(lambda order: order._is_credit_amount_doubtful())
        for records, names in (
            (pending.order_line, ("price_subtotal", "price_tax", "price_total")),
            (pending, ("currency_rate", "amount_untaxed", "amount_tax", "amount_total")),
        ):
            for name in names:
                self.env.add_to_compute(records._fields[name], records)

    def _is_credit_amount_doubtful(self):
        """Whether what is stored of the order may be something else than Odoo would work out: it
        does not follow from the lines in the simplest way, or the order is at a rate."""
        self.ensure_one()
        lines, rounding = self.order_line, self.currency_id.rounding
        cents = rounding * (2 + len(lines))
        return (
            self.currency_id != self.company_id.currency_id
            or self.currency_rate != 1
            or any(line._is_credit_amount_doubtful() for line in lines)
            # NaN is no difference of cents.
            or not all(
                abs(self[name] - sum(lines.mapped(of_line))) <= cents
                for name, of_line in (
                    ("amount_total", "price_total"),
                    ("amount_untaxed", "price_subtotal"),
                    ("amount_tax", "price_tax"),
                )
            )
        )

    def _get_amount_left(self, along=None, without=None):
        """What is left of the order to be invoiced, in its currency: by quantity, line by line,
        less what was paid down; what `credit_exposure.open_orders_sql` says of many.

        :param along: an invoice that is not posted yet, as if it were
        :param without: an invoice that is posted, as if it were not
        """
        self.ensure_one()
        order, left, total = self.sudo(), 0.0, 0.0
        for line in order.order_line:
            if line.display_type:
                continue
            quantity, paid_down = line._get_billed(along, without)
            left -= paid_down
            if line.product_uom_qty:
                unit = line.price_total / line.product_uom_qty
                left += unit * line._get_quantity_left(quantity)
            total += line.price_total
        # Taxes are rounded by order as well as by line.
        if total:
            left *= order.amount_total / total
        return max(order.currency_id.round(left), 0.0)

    def _get_credit_needed(self):
        # Lines that were billed may have made way for others: what is approved is approved once.
        order = self.sudo()
        needed = order._get_credit_used() + order._get_amount_left()
        total = self._get_credit_total()
        cents = 2 * self.currency_id.rounding * (1 + len(order.order_line))
        return needed if needed > total + cents else total

    def _get_credit_used(self, along=None):
        """What has been billed of what was approved for the order, in its currency.

        :param along: an invoice that is not posted yet, as if it were; or None
        """
        return self._get_credit_billed("price_total", along)

    def _get_credit_billed(self, name, along):
        """What invoices bill of the order, less what its customer is credited, in its currency.

        :param name: field of their lines
        :param along: an invoice that is not posted yet, as if it were; or None
        """
        return sum(
            bill.move_id._convert_credit(
                -bill.move_id.direction_sign * bill[name], self.currency_id
            )
            for bill in self.order_line.invoice_lines
            if bill.move_id.is_sale_document(include_receipts=True)
            and (bill.move_id.state == "posted" or bill.move_id == along)
            and (
                bill.move_id.move_type != "out_refund"
                or bill.sale_line_ids._is_billed_to_customer(bill.move_id)
            )
        )

    def _get_credit_deliverable(self, name):
        """What the order comes to with all that is delivered beyond it, in its currency, and the
        cents by which invoices of its lines may differ.

        :param name: field of its lines
        """
        self.ensure_one()
        amount = 0.0
        lines = self.order_line.filtered(lambda line: not line.display_type)
        for line in lines.filtered("product_uom_qty"):
            ordered = line.product_uom_qty
            beyond = max(line._get_quantity_delivered() - ordered, 0.0) if ordered > 0 else 0.0
            amount += line[name] * (1 + beyond / ordered)
        return amount + 2 * self.currency_id.rounding * (1 + len(lines))

    def _is_credit_counted_once_confirmed(self, company):
        return company.credit_scope == "invoices_and_orders"

    def _get_credit_in_company(self, company, amount):
        return company.currency_id.round(amount / (self.currency_rate or 1.0))

    def _get_credit_uncounted(self, company):
        # A day of one's own choice, on which the currency was cheap, makes no order smaller.
        uncounted = super()._get_credit_uncounted(company)
        foreign = self.filtered(lambda order: order.currency_id != company.currency_id)
        for orders in foreign.grouped("currency_id").values():
            usual = orders[0]._get_credit_rate_today(company)
            for order in orders:
                if not 0 < (order.currency_rate or 1.0) <= usual:
                    amount = (
                        order._get_amount_left() if order.state == "sale" else order.amount_total
                    )
                    known = order._get_credit_in_company(company, max(amount, 0.0))
                    amount = company.currency_id.round(max(amount, 0.0) / (usual or 1.0))
                    uncounted[order] = max(amount - known, 0.0)
        return uncounted

    def _get_credit_label(self):
        if self.state == "sale":
            return self.env._("this order")
        return self.env._("this quotation")
