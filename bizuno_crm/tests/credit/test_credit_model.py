"""The credit wall against an independent model: sequences of steps, as hypothesis thinks them up,
over real rights; and after every step a plain sum, which knows nothing of our code, says whether
more is lent than the limit and the approvals allow.

A step is plain data, so that hypothesis can shrink a way round the wall to the few steps that make
it, and print them. `make test T=no_way_round SECONDS=600 SEED=7` runs as long as it says, and
repeats what the seed has drawn.
"""

import os
import time
from collections import Counter, defaultdict
from contextlib import closing

from odoo import Command, fields
from odoo.exceptions import AccessError, MissingError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import Error as DatabaseError

from ..common_credit import CreditCommon
from ..common_hypothesis import SEED, HealthCheck, Phase, given, say, seed, settings, st

SECONDS = float(os.environ.get("SECONDS") or 60)
CENT = 0.05

# Who: with the rights that Odoo gives them and nothing more.
ACTORS = {
    "rep": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
    "manager": "sales_team.group_sale_manager,base.group_partner_manager",
    "invoicing": "account.group_account_invoice,base.group_partner_manager",
    # one person in a small company
    "both": "sales_team.group_sale_manager,account.group_account_invoice,"
    "base.group_partner_manager,product.group_product_manager",
}
# Who may change accounts may raise a limit as well.
EDITORS = ("invoicing", "both")
# What contacts owe and have ordered goes to other accounts; nothing more is lent.
ACCOUNT_STEPS = ("parent", "is company", "merge", "found company")
# By these an order may have left what its customer is no longer billed.
INVOICE_STEPS = (
    "reset", "cancel invoice", "credit", "credit for less", "write invoice", "write bill line",
    "move bill line", "nest bill line", "link bill line", "correct invoice", "post", "pay",
    "unlink bill line", "customer of invoice", "currency of invoice", "forge bill line",
    "item beside lines",
)  # fmt: skip
AMOUNTS = (1, 90, 400, 600, 950, 1000, 1500, 60000, -600, 0)
# {field of a line: values}; an integer of a relation is the number of one that there is.
LINE_VALUES = {
    "price_unit": AMOUNTS,
    "product_uom_qty": (0, 1, 2, 30, -3),
    "discount": (0, 25, 100, -100),
    "is_expense": (True, False),
    "is_downpayment": (True, False),
    "qty_delivered": (0, 1, 50),
    "technical_price_unit": (0, 5),
    "price_total": (0, 1, -500),
    "price_subtotal": (0, 1),
    "qty_invoiced": (0, 1, 99),
    "qty_to_invoice": (0, 1),
    "untaxed_amount_invoiced": (0, 900),
    "state": ("draft", "sale", "cancel"),
    "invoice_status": ("invoiced", "no"),
    "display_type": ("line_note", False),
}
ORDER_VALUES = {
    "state": ("sale", "sent", "draft", "cancel"),
    "currency_rate": (1e9, 0.001, 1),
    "amount_total": (0, 1),
    "amount_untaxed": (0, 1),
    "invoice_status": ("invoiced", "no"),
    "locked": (True, False),
    "date_order": ("2020-06-01 10:00:00", "2022-06-01 10:00:00"),
}
MOVE_VALUES = {
    "state": ("posted", "draft", "cancel"),
    "amount_total_signed": (0, 1),
    "amount_total": (0, 1),
    "amount_residual": (0, 1),
    "payment_state": ("paid", "invoicing_legacy", "reversed"),
    "invoice_currency_rate": (1, 1000, 0.001),
    "move_type": ("out_invoice", "out_refund", "entry"),
    "invoice_date": ("2020-06-01", "2022-06-01"),
}
BILL_VALUES = {
    "price_unit": AMOUNTS,
    "quantity": (0, 1, 2, 30),
    "discount": (0, 25, 100),
    "price_total": (0, 1),
    "amount_residual": (0, 1),
    "reconciled": (True, False),
    "parent_state": ("draft", "posted"),
    "is_downpayment": (True, False),
}
ITEMS = ("tax", "rounding", "epd", "discount")
number = st.integers(0, 30)
amount = st.sampled_from(AMOUNTS)


def _values(fields_):
    return st.sampled_from([(name, value) for name, values in fields_.items() for value in values])


line_values = st.lists(_values(LINE_VALUES), min_size=1, max_size=2)
bill_values = st.lists(_values(BILL_VALUES), min_size=1, max_size=2)
numbers = st.lists(number, min_size=1, max_size=3)
steps = st.tuples(
    st.sampled_from(sorted(ACTORS)),
    st.one_of(
        st.tuples(st.just("order"), number, number, st.lists(amount, min_size=1, max_size=2)),
        st.tuples(st.just("order"), number, number, st.lists(amount, min_size=1, max_size=2)),
        st.tuples(st.just("confirmed order"), number, number, amount),
        st.tuples(st.just("confirm"), numbers),
        st.tuples(st.just("confirm"), numbers),
        st.tuples(st.just("confirm"), numbers),
        st.tuples(st.just("invoice order"), numbers, st.sampled_from((0, 0, 30))),
        st.tuples(st.just("cancel"), number),
        st.tuples(st.just("to draft"), number),
        st.tuples(st.just("lock"), number, st.booleans()),
        st.tuples(st.just("copy"), number, _values(ORDER_VALUES)),
        st.tuples(st.just("copy line"), number, number),
        st.tuples(st.just("add line"), number, amount, line_values),
        st.tuples(st.just("write line"), number, line_values),
        st.tuples(st.just("write line"), number, line_values),
        st.tuples(st.just("write line"), number, line_values),
        st.tuples(st.just("move line"), number, number),
        st.tuples(st.just("delete line"), number),
        st.tuples(st.just("tax line"), number, st.booleans()),
        st.tuples(st.just("unit of line"), number, st.booleans()),
        st.tuples(st.just("link line"), number, number),
        st.tuples(st.just("nest line"), number, number, line_values, st.booleans()),
        st.tuples(st.just("write order"), number, _values(ORDER_VALUES)),
        st.tuples(st.just("save order"), number, _values(ORDER_VALUES), number, line_values),
        st.tuples(st.just("customer of order"), number, number, st.booleans()),
        st.tuples(st.just("currency of order"), number, number, st.booleans()),
        st.tuples(st.just("invoice order"), numbers, st.sampled_from((0, 0, 30, 200))),
        st.tuples(st.just("invoice"), number, number, amount),
        st.tuples(st.just("posted invoice"), number, amount),
        st.tuples(st.just("post"), numbers),
        st.tuples(st.just("post"), numbers),
        st.tuples(st.just("reset"), number),
        st.tuples(st.just("cancel invoice"), number),
        st.tuples(st.just("credit"), number),
        st.tuples(st.just("pay"), number, st.sampled_from((1, 0.5))),
        st.tuples(st.just("write invoice"), number, _values(MOVE_VALUES), st.booleans()),
        st.tuples(st.just("customer of invoice"), number, number, st.booleans()),
        st.tuples(st.just("currency of invoice"), number, number),
        st.tuples(st.just("write bill line"), number, bill_values, st.booleans()),
        st.tuples(st.just("move bill line"), number, number),
        st.tuples(st.just("partner of item"), number, number),
        st.tuples(st.just("nest bill line"), number, number, bill_values),
        st.tuples(st.just("approve"), number, st.booleans(), amount),
        st.tuples(st.just("hold"), number, st.booleans()),
        st.tuples(st.just("limit"), number, st.sampled_from((0, 1000, 100000))),
        st.tuples(st.just("new contact"), number, st.booleans()),
        st.tuples(st.just("parent"), number, st.one_of(number, st.none())),
        st.tuples(st.just("parent"), number, st.one_of(number, st.none())),
        st.tuples(st.just("child"), number, number),
        st.tuples(st.just("is company"), number, st.booleans()),
        st.tuples(st.just("found company"), number),
        st.tuples(st.just("merge"), number, number),
        st.tuples(st.just("merge"), number, number),
        st.tuples(st.just("branch of order"), number, st.booleans()),
        st.tuples(st.just("order in branch"), number, amount),
        st.tuples(st.just("invoice in branch"), number, amount),
        st.tuples(st.just("update prices"), number),
        st.tuples(st.just("discount"), number, st.sampled_from((-2.0, -0.5, 0.5))),
        st.tuples(st.just("copy invoice"), number),
        st.tuples(st.just("correct invoice"), number),
        st.tuples(st.just("link bill line"), number, number),
        st.tuples(st.just("unlink bill line"), number, st.booleans()),
        st.tuples(st.just("forge line"), number, amount, st.booleans()),
        st.tuples(st.just("forge bill line"), number, amount, st.booleans()),
        st.tuples(st.just("item beside lines"), number, st.sampled_from(ITEMS), amount),
        st.tuples(st.just("credit for less"), number, number, st.sampled_from((0, 0.5, 1))),
        st.tuples(st.just("entry of line"), number, st.sampled_from((-30, 1))),
        st.tuples(st.just("pay on line"), number, st.booleans(), amount),
        st.tuples(st.just("link payment"), number, number, st.booleans()),
        st.tuples(st.just("play provider"), number, amount),
        st.tuples(st.just("archive"), number, st.sampled_from(("inactive", "active", "hold"))),
    ),
)
plans = st.lists(steps, min_size=8, max_size=25)
# (limit, hold, what counts)
POLICIES = [
    (limit, hold, scope)
    for scope in ("invoices_and_orders", "invoices")
    for limit, hold in (
        ("block", "same"),
        ("approval", "same"),
        ("approval", "block"),
        ("block", "approval"),
    )
]
LOGGERS = (
    "odoo.sql_db",
    "odoo.models.unlink",
    "odoo.tests.common",
    "odoo.addons.bizuno_crm.models.credit.bizuno_credit_approval_mixin",
)
REFUSALS = (UserError, AccessError, MissingError, RedirectWarning, DatabaseError, ValueError)


class _Documents:
    """What the model sees of the database: the documents that lend, and what customers owe."""

    def __init__(self, env):
        env.flush_all()
        self.company = env.company
        self.cr = env.cr
        self.names = dict(self._rows("SELECT id, name FROM res_partner WHERE name IS NOT NULL"))
        self.parents = self._rows("SELECT id, parent_id, is_company FROM res_partner")
        self.parents = {row[0]: row[1:] for row in self.parents}
        self.rates = defaultdict(list)
        for currency, day, rate in self._rows(
            "SELECT currency_id, name, rate FROM res_currency_rate WHERE company_id = %s"
            " ORDER BY name",
            [self.company.id],
        ):
            self.rates[currency].append((day, rate))
        self.lent = {**self._orders(), **self._invoices()}
        self.owed = self._owed()
        self.volumes = self.volume()
        self.restricted = dict(
            self._rows("SELECT id, account_restriction FROM res_partner WHERE account_restriction"
                       " IN ('hold', 'locked')")
        )  # fmt: skip

    def _rows(self, query, parameters=()):
        self.cr.execute(query, parameters)
        return self.cr.fetchall()

    def account_of(self, partner):
        """Odoo's commercial entity, from the parents alone."""
        if partner not in self.parents:
            return None
        parent, is_company = self.parents[partner]
        return partner if is_company or not parent else self.account_of(parent)

    def rate(self, currency, day):
        if currency == self.company.currency_id.id:
            return 1.0
        known = [rate for since, rate in self.rates[currency] if since <= day]
        return known[-1] if known else (self.rates[currency][0][1] if self.rates[currency] else 1.0)

    def _orders(self):
        """{("order", id): (customer, orderer, in company currency: total, left; total)}"""
        bills = defaultdict(list)
        for (
            line,
            quantity,
            factor,
            unit,
            total,
            is_down,
            move_type,
            move_currency,
            day,
            customer,
        ) in self._rows(
            """
            SELECT link.order_line_id, bill.quantity,
                   coalesce(bu.factor, 1), coalesce(lu.factor, 1),
                   bill.quantity * bill.price_unit * (1 - coalesce(bill.discount, 0) / 100)
                       * (1 + coalesce((SELECT sum(t.amount) FROM account_tax t
                            JOIN account_move_line_account_tax_rel r ON r.account_tax_id = t.id
                           WHERE r.account_move_line_id = bill.id), 0) / 100),
                   bill.is_downpayment IS TRUE, move.move_type, move.currency_id,
                   coalesce(move.invoice_date, move.date), move.partner_id
              FROM sale_order_line_invoice_rel link
              JOIN sale_order_line line ON line.id = link.order_line_id
              JOIN account_move_line bill ON bill.id = link.invoice_line_id
              JOIN account_move move ON move.id = bill.move_id
              LEFT JOIN uom_uom bu ON bu.id = bill.product_uom_id
              LEFT JOIN uom_uom lu ON lu.id = line.product_uom_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        ):
            sign = -1 if move_type == "out_refund" else 1
            worth = sign * total / self.rate(move_currency, day)
            given = {"worth": worth, move_currency: sign * total}
            bills[line].append(
                (sign * quantity * factor / unit, given, is_down, self.account_of(customer))
            )
        found = {}
        lines = defaultdict(list)
        for row in self._rows(
            """
            SELECT line.order_id, line.id, line.product_uom_qty,
                   line.price_unit * (1 - coalesce(line.discount, 0) / 100)
                       * (1 + coalesce((SELECT sum(t.amount) FROM account_tax t
                            JOIN account_tax_sale_order_line_rel r ON r.account_tax_id = t.id
                           WHERE r.sale_order_line_id = line.id), 0) / 100)
              FROM sale_order_line line WHERE line.display_type IS NULL
            """
        ):
            lines[row[0]].append(row[1:])
        for order, state, payer, orderer, currency, date_order in self._rows(
            "SELECT id, state, partner_invoice_id, partner_id, currency_id, date_order"
            " FROM sale_order"
        ):
            if state != "sale":
                continue
            rate = self.rate(currency, date_order.date())
            total, left, paid = 0.0, 0.0, 0.0
            for line, quantity, unit in lines[order]:
                total += quantity * unit
                rest = quantity
                for billed, given, is_down, account in bills[line]:
                    # Only what its own customer gets back may be billed again.
                    is_own, worth = account == self.account_of(payer), given["worth"]
                    if is_down:
                        paid += worth if worth > 0 or is_own else 0
                    elif billed < 0 < unit * quantity:
                        back = -given.get(currency, worth * rate)
                        rest += min(-billed, max(back / unit, 0)) if is_own else 0
                    else:
                        rest -= billed
                left += unit * (max(rest, 0) if quantity > 0 else min(rest, 0) if quantity else 0)
            found["order", order] = (
                self.account_of(payer), self.account_of(orderer), total / rate,
                max(left / rate - paid, 0), total, 0.0,
            )  # fmt: skip
        return found

    def _invoices(self):
        found = {}
        for move, customer, partner, owed, total, currency, day in self._rows(
            """
            SELECT move.id, item.partner_id, move.partner_id, sum(item.balance),
                   sum(item.amount_currency), move.currency_id,
                   coalesce(move.invoice_date, move.date)
              FROM account_move move
              JOIN account_move_line item ON item.move_id = move.id
              JOIN account_account account ON account.id = item.account_id
             WHERE move.state = 'posted' AND account.account_type = 'asset_receivable'
               AND (move.move_type IN ('out_invoice', 'out_receipt')
                    OR (move.move_type = 'out_refund' AND item.balance > 0))
             GROUP BY move.id, item.partner_id
            """
        ):
            # The debt is what it is, whatever rate somebody has typed, or day somebody has chosen.
            rate = min(self.rate(currency, day), self.rate(currency, fields.Date.today()))
            lent = max(float(owed), float(total) / rate)
            found["invoice", move, customer] = (
                self.account_of(customer), self.account_of(partner), lent, lent,
                float(total), float(owed),
            )  # fmt: skip
        return found

    def _owed(self):
        """What is open in the ledger: the items less what is matched with them. What is matched
        with a draft counts as what the draft is: nothing."""
        owed = defaultdict(float)
        for partner, balance in self._rows(
            """
            WITH matched AS (
                SELECT partial.debit_move_id, partial.credit_move_id, partial.amount
                  FROM account_partial_reconcile partial
                  JOIN account_move_line debit ON debit.id = partial.debit_move_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 WHERE debit.parent_state = 'posted' AND credit.parent_state = 'posted')
            SELECT item.partner_id, item.balance
                   - coalesce((SELECT sum(amount) FROM matched WHERE debit_move_id = item.id), 0)
                   + coalesce((SELECT sum(amount) FROM matched WHERE credit_move_id = item.id), 0)
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
              JOIN account_account account ON account.id = item.account_id
             WHERE move.state = 'posted' AND account.account_type = 'asset_receivable'
               AND item.partner_id IS NOT NULL
            """
        ):
            owed[self.account_of(partner)] += float(balance)
        return owed

    def volume(self):
        """{account: what it has been billed and what is left of its orders, by today's rates}"""
        volumes, today = defaultdict(float), fields.Date.today()
        for partner, amount, currency in self._rows(
            """
            SELECT partner_id, amount_total * CASE WHEN move_type = 'out_refund' THEN -1 ELSE 1 END,
                   currency_id
              FROM account_move
             WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        ):
            volumes[self.account_of(partner)] += float(amount) / self.rate(currency, today)
        currencies = dict(self._rows("SELECT id, currency_id FROM sale_order"))
        days = dict(self._rows("SELECT id, date_order FROM sale_order"))
        for (kind, order, *_rest), (customer, _orderer, _total, left, *_own) in self.lent.items():
            if kind == "order":
                own = left * self.rate(currencies[order], days[order].date())
                volumes[customer] += own / self.rate(currencies[order], today)
        return volumes

    def grown_since(self, before, scope, by_invoice=False):
        """Documents that lend more than before, or to somebody else.

        :param bool by_invoice: it was an invoice that changed: an order that has more left by it
            lends no more if its customer is billed as much less, or if orders do not count
        """
        for key, now in self.lent.items():
            if by_invoice and key[0] == "order" and key in before.lent:
                was, account = before.lent[key], now[0]
                more = self.volumes[account] - before.volumes[account]
                if now[:3] == was[:3] and (scope == "invoices" or more <= 2 * CENT):
                    continue
            was = before.lent.get(key)
            if was is None or now[:2] != was[:2]:
                # Of a customer that did not change hands the rest was lent already.
                if now[2] > CENT or now[3] > CENT:
                    yield key, now
            elif now[2] > was[2] + CENT or now[3] > was[3] + CENT:
                yield key, now

    def complaints(self, before, scope, policies, by_invoice=False):
        """:return: the sentences of what should not have passed"""
        grown = dict(self.grown_since(before, scope, by_invoice))
        limits = {
            row[0]: float(row[1] or 0)
            for row in self._rows(
                "SELECT id, credit_limit->>%s FROM res_partner", [str(self.company.id)]
            )
        }
        restricted = self.restricted
        exposure = defaultdict(float, self.owed)
        for key, (customer, _orderer, _total, left, _own, counted) in self.lent.items():
            if key in grown or (key[0] == "order" and scope == "invoices_and_orders"):
                exposure[customer] += left - counted
        for key, (customer, orderer, _total, left, own, _counted) in grown.items():
            if left <= CENT:
                continue
            reasons = []
            if customer in restricted or orderer in restricted:
                reasons.append("hold")
            limit = limits.get(customer, 0)
            if limit and exposure[customer] > limit + CENT:
                reasons.append(f"{exposure[customer]:.2f} of {limit:.2f}")
            if reasons and not self._is_excused(key, own, (customer, orderer), policies, reasons):
                yield f"{key} lends {left:.2f} to {self.names.get(customer, customer)}: {reasons}"

    def excesses(self, scope):
        """:return: {account: by how much it is over its limit}, of those that have one"""
        exposure = defaultdict(float, self.owed)
        for key, (customer, _orderer, _total, left, _own, _counted) in self.lent.items():
            if key[0] == "order" and scope == "invoices_and_orders":
                exposure[customer] += left
        return {
            account: exposure[account] - float(limit)
            for account, limit in self._rows(
                "SELECT id, (credit_limit->>%s)::float FROM res_partner"
                " WHERE commercial_partner_id = id",
                [str(self.company.id)],
            )
            if limit
        }

    def moved_complaints(self, before, scope, excesses):
        """After contacts have gone to other accounts: nothing more is lent, but no account is
        further over its limit than one of those was that have lost something by it.

        :param dict excesses: of before
        """
        was, now = (
            {account: amount for account, amount in one.owed.items()} for one in (before, self)
        )
        for documents, owed in ((before, was), (self, now)):
            if scope == "invoices_and_orders":
                for key, (customer, *_rest, left, _own, _counted) in documents.lent.items():
                    if key[0] == "order":
                        owed[customer] = owed.get(customer, 0.0) + left
        lost = [one for one in was if was[one] > now.get(one, 0.0) + CENT]
        known = max([0.0, *(excesses.get(one, 0.0) for one in lost)])
        for account, excess in self.excesses(scope).items():
            if excess > max(known, excesses.get(account, 0.0)) + CENT:
                yield f"{self.names.get(account, account)} is over its limit by {excess:.2f}"

    def _is_excused(self, key, own, accounts, policies, reasons):
        limit_policy, hold_policy = policies
        hold_policy = limit_policy if hold_policy == "same" else hold_policy
        needed = {hold_policy if reason == "hold" else limit_policy for reason in reasons}
        if "block" in needed:
            return self._is_delivered(key)
        if key[0] == "order":
            # What is billed of it already was let pass by the same approval.
            _customer, _orderer, total, left, *_rest = self.lent[key]
            own = max(own, self._billed_of(key[1]) + left * (own / total if total else 1.0))
        return self._is_approved(key, own, accounts) or self._is_delivered(key)

    def _is_approved(self, key, own, accounts):
        customer, orderer = accounts
        rows = self._rows(
            "SELECT amount, partner_id, orderer_id FROM bizuno_credit_approval"
            " WHERE (order_id = %(id)s AND %(is_order)s) OR (move_id = %(id)s AND NOT %(is_order)s)"
            " ORDER BY date DESC, id DESC LIMIT 1",
            {"id": key[1], "is_order": key[0] == "order"},
        )
        if rows and float(rows[0][0]) >= own - CENT:
            if (self.account_of(rows[0][1]), self.account_of(rows[0][2])) == accounts:
                return True
        if key[0] == "order":
            return False
        # with its orders, up to the same amount
        orders = self._rows(
            """
            SELECT DISTINCT line.order_id FROM account_move_line bill
              JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = bill.id
              JOIN sale_order_line line ON line.id = link.order_line_id
             WHERE bill.move_id = %s
            """,
            [key[1]],
        )
        besides = self._besides_lines(key[1])
        return bool(orders) and all(
            self._is_approved(
                ("order", order),
                self._billed_of(order) + besides,
                (customer, self._orderer_of(order)),
            )
            for (order,) in orders
        )

    def _besides_lines(self, move):
        """What is owed for an invoice beyond its product lines, but for cents."""
        [(owed, known, lines)] = self._rows(
            """
            SELECT sum(amount_currency) FILTER (WHERE display_type = 'payment_term'),
                   sum(quantity * price_unit * (1 - coalesce(discount, 0) / 100)
                       * (1 + coalesce((SELECT sum(t.amount) FROM account_tax t
                            JOIN account_move_line_account_tax_rel r ON r.account_tax_id = t.id
                           WHERE r.account_move_line_id = line.id), 0) / 100)
                   ) FILTER (WHERE display_type = 'product'),
                   count(*)
              FROM account_move_line line WHERE move_id = %s
            """,
            [move],
        )
        besides = float(owed or 0) - float(known or 0)
        return besides if besides > CENT * (1 + lines) else 0.0

    def _orderer_of(self, order):
        [(orderer,)] = self._rows("SELECT partner_id FROM sale_order WHERE id = %s", [order])
        return self.account_of(orderer)

    def _billed_of(self, order):
        [(payer,)] = self._rows("SELECT partner_invoice_id FROM sale_order WHERE id = %s", [order])
        rows = self._rows(
            """
            SELECT bill.price_total, move.move_type = 'out_refund', move.partner_id
              FROM account_move_line bill JOIN account_move move ON move.id = bill.move_id
             WHERE move.state = 'posted' AND bill.id IN (
                   SELECT link.invoice_line_id FROM sale_order_line_invoice_rel link
                     JOIN sale_order_line line ON line.id = link.order_line_id
                    WHERE line.order_id = %s)
            """,
            [order],
        )
        # What somebody else is credited gives nothing back.
        return sum(
            float(-billed if is_refund else billed)
            for billed, is_refund, customer in rows
            if not is_refund or self.account_of(customer) == self.account_of(payer)
        )

    def _is_delivered(self, key):
        """Every line bills what is delivered, and ordered, and not billed before; nothing stands
        beside the lines; and no order is billed for more than it comes to."""
        if key[0] == "order" or self._besides_lines(key[1]):
            return False
        for order, total in self._rows(
            """
            SELECT sale.id, sale.amount_total FROM sale_order sale WHERE sale.id IN (
                   SELECT line.order_id FROM account_move_line bill
                     JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = bill.id
                     JOIN sale_order_line line ON line.id = link.order_line_id
                    WHERE bill.move_id = %s)
            """,
            [key[1]],
        ):
            if self._billed_of(order) > float(total) + CENT * 10:
                return False
        rows = self._rows(
            """
            SELECT bill.price_unit * (1 - coalesce(bill.discount, 0) / 100),
                   line.price_unit * (1 - coalesce(line.discount, 0) / 100),
                   least(line.qty_delivered, line.product_uom_qty),
                   (SELECT sum(other.quantity * CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1
                                                END)
                      FROM account_move_line other JOIN account_move m ON m.id = other.move_id
                      JOIN sale_order_line_invoice_rel l ON l.invoice_line_id = other.id
                     WHERE l.order_line_id = line.id AND m.state = 'posted'),
                   sale.state
              FROM account_move_line bill
              LEFT JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = bill.id
              LEFT JOIN sale_order_line line ON line.id = link.order_line_id
              LEFT JOIN sale_order sale ON sale.id = line.order_id
             WHERE bill.move_id = %s AND bill.display_type = 'product' AND bill.balance < 0
            """,
            [key[1]],
        )
        return bool(rows) and all(
            state == "sale"
            and float(price) <= float(agreed) + CENT
            and float(billed) <= float(delivered) + 0.001
            for price, agreed, delivered, billed, state in rows
        )


@tagged("post_install", "-at_install")
class TestCreditModel(CreditCommon):
    takes_minutes = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_erp_manager")
        cls.branch = cls.env["res.company"].create(
            {"name": "North Branch", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # loads the chart of accounts
        cls.actors = {
            name: new_test_user(
                cls.env, f"wall_{name}", groups, company_id=cls.company.id,
                company_ids=[Command.set((cls.company + cls.branch).ids)],
            )
            for name, groups in ACTORS.items()
        }  # fmt: skip
        cls.approver = cls.users["accountant"]
        cls.customers = cls.env["res.partner"].concat(
            *(
                cls._create_customer(name, is_company=True, credit_limit=limit)
                for name, limit in (("Able", 1000), ("Baker", 500), ("Free", 0), ("Dog", 2000))
            )
        )
        cls.customers[3].account_status = "hold"
        cls.contacts = cls.customers + cls.env["res.partner"].create(
            [{"name": f"Contact of {one.name}", "parent_id": one.id} for one in cls.customers]
        )
        cls.pricelists = cls.env["product.pricelist"].create({"name": "Own"})
        cls.currencies = cls.company.currency_id
        for name, rates in (("DEA", (0.5, 0.1)), ("CHE", (2.0, 4.0))):
            currency = cls.env["res.currency"].create({"name": name, "symbol": name})
            cls.env["res.currency.rate"].create(
                [
                    {
                        "currency_id": currency.id, "company_id": cls.company.id,
                        "name": day, "rate": rate,
                    }
                    for day, rate in zip(("2020-01-01", "2022-01-01"), rates, strict=True)
                ]
            )  # fmt: skip
            cls.currencies |= currency
            cls.pricelists |= cls.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id}
            )
        cls.tax = cls.env["account.tax"].create(
            {"name": "20", "amount": 20, "type_tax_use": "sale", "company_id": cls.company.id}
        )
        cls.products = cls.product + cls.env["product.product"].create(
            {"name": "Hose", "taxes_id": [Command.clear()], "invoice_policy": "delivery",
             "type": "service"}
        )  # fmt: skip
        # What there is to begin with, so that few steps come to nothing.
        cls.company.credit_policy = "warn"
        able, baker, free, dog = cls.customers
        cls.first_orders = cls.env["sale.order"].concat(
            *(
                CreditCommon._order.__func__(cls, price, partner=partner)
                for partner, price in (
                    (able, 400), (able, 600), (able, 1500), (baker, -600), (baker, 400),
                    (free, 60000), (dog, 10),
                )
            )
        )  # fmt: skip
        cls.first_orders[0].action_confirm()
        cls.first_orders[5].action_confirm()
        cls.first_moves = cls.env["account.move"].concat(
            *(
                CreditCommon._invoice.__func__(cls, price, partner=partner)
                for partner, price in (
                    (able, 300),
                    (able, 900),
                    (baker, 600),
                    (free, 5000),
                    (dog, 9),
                )
            )
        )
        (cls.first_moves[0] + cls.first_moves[3]).action_post()
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.counts = Counter()
        self.failing, self.found_at = False, 0.0
        self.survived = 0

    def test_no_way_round(self):
        end, rounds, number_ = time.monotonic() + SECONDS, 0, SEED
        # With SEED= in it, so that the summary of the tests shows it.
        say(f"The credit wall: SEED={SEED} SECONDS={SECONDS:g}")
        while time.monotonic() < end:
            self._attack(number_, end)
            rounds, number_ = rounds + 1, number_ + 1
        done = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        say(
            f"The credit wall (SEED={SEED}) has survived {self.survived} steps in"
            f" {rounds} rounds, of which passed: {done}"
        )
        self.assertGreater(self.survived, 0)

    def test_the_model_sees_what_passes(self):
        """Where the company only warns, but the model expects more."""
        self.failing = False
        self.company.credit_policy = "warn"
        policy = ("block", "same", "invoices_and_orders")
        for plan in (
            [("rep", ("confirm", [2]))],
            [("rep", ("confirm", [1, 6]))],
            [("invoicing", ("post", [1]))],
            [("both", ("confirmed order", 0, 0, 1500))],
            [("rep", ("write line", 0, [("price_unit", 1500)]))],
            [("rep", ("move line", 5, 0))],
            [("rep", ("customer of order", 5, 0, True))],
        ):
            with self.subTest(plan), self.assertRaisesRegex(AssertionError, "lends"):
                self._play(policy, plan)
        self.failing = False
        self._play(policy, [("rep", ("confirm", [4]))])
        # Paid before it is posted: the payment counts, whatever draft it is matched with.
        prepaid = ("both", ("pay", 2, 1))
        self._play(policy, [prepaid, ("invoicing", ("invoice in branch", 1, 1000))])
        with self.assertRaisesRegex(AssertionError, "Baker"):
            self._play(policy, [prepaid, ("invoicing", ("invoice in branch", 1, 1500))])

    def _attack(self, number_, end):
        @seed(number_)
        @settings(
            max_examples=20, deadline=None, database=None, print_blob=False,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
        )  # fmt: skip
        @given(plans)
        def attack(plan):
            # Shrinking has its time, too.
            if time.monotonic() < (self.found_at + SECONDS if self.failing else end):
                self._play(policy, plan)

        policy = POLICIES[number_ % len(POLICIES)]
        self.failing = False
        self.company.write(
            dict(zip(("credit_policy", "hold_policy", "credit_scope"), policy, strict=True))
        )
        attack()

    def _play(self, policy, planned):
        limit_policy, hold_policy, scope = policy
        with closing(self.env.cr.savepoint()), mute_logger(*LOGGERS):
            self.env.cr.postrollback.clear()
            self.orders, self.moves = self.first_orders, self.first_moves
            self.people = self.contacts
            self.payments = self.env["payment.transaction"]
            before = _Documents(self.env(context={"allowed_company_ids": self.company.ids}))
            before.known = before.excesses(scope)
            done = []
            for actor, (name, *arguments) in planned:
                if not self._do(actor, name, arguments):
                    continue
                done.append((actor, (name, *arguments)))
                excesses = before.known
                now = _Documents(self.env(context={"allowed_company_ids": self.company.ids}))
                now.known = now.excesses(scope)
                if name not in ACCOUNT_STEPS:
                    wrong = list(now.complaints(
                        before, scope, (limit_policy, hold_policy), name in INVOICE_STEPS
                    ))  # fmt: skip
                elif actor not in EDITORS:
                    wrong = list(now.moved_complaints(before, scope, excesses))
                else:
                    wrong = []
                if actor not in EDITORS and name != "merge":
                    released = before.restricted.keys() - now.restricted.keys()
                    wrong += [f"{now.names.get(one, one)} is released" for one in released]
                if wrong:
                    if not self.failing:
                        say(f"A way round, before it is shrunk: {policy} {wrong} {done}")
                    self.failing = True
                    self.found_at = self.found_at or time.monotonic()
                    raise AssertionError(f"{policy}: {wrong} after {done}")
                before = now
        self.env.invalidate_all()

    def _do(self, actor, name, arguments):
        """:return: whether the step passed"""
        self.survived += 1
        user = self.actors[actor]
        companies = (self.company + self.branch).ids
        env = self.env(user=user.id, su=False, context={"allowed_company_ids": companies})
        # Commands are carried out as who began the transaction.
        transaction, origin = self.env.transaction, self.env.transaction.default_env
        transaction.default_env = env
        try:
            with self.env.cr.savepoint():
                getattr(self, "_" + name.replace(" ", "_"))(env, *arguments)
                self.env.flush_all()
        except _Nothing:
            return False
        except REFUSALS:
            self.env.invalidate_all()
            self.counts["(refused)"] += 1
            return False
        finally:
            transaction.default_env = origin
        self.env.invalidate_all()
        self.counts[name] += 1
        return True

    # what there is

    def _pick(self, records, index, env):
        records = records.sudo().exists()
        if not records:
            raise _Nothing
        return records[index % len(records)].with_env(env)

    def _order(self, env, customer, pricelist, amounts, **values):
        self.orders += (
            env["sale.order"]
            .create(
                {
                    "partner_id": self._a_contact(env, customer).id,
                    "pricelist_id": self.pricelists[pricelist % len(self.pricelists)].id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.products[n % 2].id, "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for n, price in enumerate(amounts)
                    ],
                    **values,
                }
            )
            .sudo()
            .with_env(self.env)
        )  # fmt: skip

    def _confirmed_order(self, env, customer, pricelist, price):
        self._order(env, customer, pricelist, [price], state="sale")

    def _some_orders(self, env, indexes):
        return env["sale.order"].concat(
            *dict.fromkeys(self._pick(self.orders, one, env) for one in indexes)
        )

    def _an_order(self, env, index):
        return self._pick(self.orders, index, env)

    def _a_line(self, env, index):
        return self._pick(self.orders.sudo().exists().order_line, index, env)

    def _a_move(self, env, index):
        return self._pick(self.moves, index, env)

    def _a_bill_line(self, env, index):
        return self._pick(self.moves.sudo().exists().invoice_line_ids, index, env)

    def _made(self, moves):
        self.moves |= moves.sudo().with_env(self.env)

    # steps of sellers

    def _confirm(self, env, indexes):
        self._some_orders(env, indexes).action_confirm()

    def _cancel(self, env, index):
        self._an_order(env, index)._action_cancel()

    def _to_draft(self, env, index):
        self._an_order(env, index).action_draft()

    def _lock(self, env, index, is_locked):
        order = self._an_order(env, index)
        order.action_lock() if is_locked else order.action_unlock()

    def _copy(self, env, index, value):
        self.orders += self._an_order(env, index).copy(dict([value])).sudo().with_env(self.env)

    def _copy_line(self, env, index, other):
        self._a_line(env, index).copy({"order_id": self._an_order(env, other).id})

    def _add_line(self, env, index, price, values):
        env["sale.order.line"].create(
            {
                **dict(values),
                "order_id": self._an_order(env, index).id,
                "product_id": self.products[index % 2].id,
                "price_unit": price,
                "tax_ids": [Command.clear()],
            }
        )

    def _write_line(self, env, index, values):
        self._a_line(env, index).write(dict(values))

    def _move_line(self, env, index, other):
        self._a_line(env, index).order_id = self._an_order(env, other)

    def _delete_line(self, env, index):
        self._a_line(env, index).unlink()

    def _tax_line(self, env, index, is_taxed):
        taxes = [Command.set(self.tax.ids if is_taxed else [])]
        self._a_line(env, index).write({"tax_ids": taxes})

    def _unit_of_line(self, env, index, is_dozen):
        unit = "uom.product_uom_dozen" if is_dozen else "uom.product_uom_unit"
        self._a_line(env, index).product_uom_id = env.ref(unit)

    def _link_line(self, env, index, bill):
        line = self._a_bill_line(env, bill)
        self._a_line(env, index).write({"invoice_lines": [Command.link(line.id)]})

    def _nest_line(self, env, index, line, values, is_link):
        line = self._a_line(env, line)
        command = Command.link(line.id) if is_link else Command.update(line.id, dict(values))
        self._an_order(env, index).write({"order_line": [command]})

    def _write_order(self, env, index, value):
        self._an_order(env, index).write(dict([value]))

    def _save_order(self, env, index, value, line, values):
        commands = [Command.update(self._a_line(env, line).id, dict(values))]
        self._an_order(env, index).web_save({**dict([value]), "order_line": commands}, {})

    def _customer_of_order(self, env, index, customer, is_payer):
        name = "partner_invoice_id" if is_payer else "partner_id"
        self._an_order(env, index).write({name: self._a_contact(env, customer).id})

    def _currency_of_order(self, env, index, currency, by_pricelist):
        if by_pricelist:
            value = {"pricelist_id": self.pricelists[currency % len(self.pricelists)].id}
        else:
            value = {"currency_id": self.currencies[currency % len(self.currencies)].id}
        self._an_order(env, index).write(value)

    # steps of those who invoice

    def _invoice_order(self, env, indexes, percent):
        orders = self._some_orders(env, indexes)
        values = {"advance_payment_method": "delivered"}
        if percent:
            values = {"advance_payment_method": "percentage", "amount": percent}
        wizard = env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=orders.ids
        )
        wizard.create({**values, "sale_order_ids": [Command.set(orders.ids)]}).create_invoices()
        self._made(orders.sudo().invoice_ids)

    def _invoice(self, env, customer, currency, price, **values):
        self._made(
            env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self._a_contact(env, customer).id,
                    "currency_id": self.currencies[currency % len(self.currencies)].id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": price, "tax_ids": [Command.clear()]}
                        )
                    ],
                    **values,
                }
            )
        )

    def _posted_invoice(self, env, customer, price):
        self._invoice(env, customer, 0, price, state="posted")

    def _post(self, env, indexes):
        moves = env["account.move"].concat(
            *dict.fromkeys(self._pick(self.moves, one, env) for one in indexes)
        )
        moves.action_post()

    def _reset(self, env, index):
        self._a_move(env, index).button_draft()

    def _cancel_invoice(self, env, index):
        self._a_move(env, index).button_cancel()

    def _credit(self, env, index):
        move = self._a_move(env, index)
        wizard = env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create({"journal_id": move.journal_id.id})
        wizard.refund_moves()
        self._made(wizard.new_move_ids)
        return wizard.new_move_ids

    def _pay(self, env, index, part):
        move = self._a_move(env, index)
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = register.create({})
        wizard.amount *= part
        wizard._create_payments()

    def _write_invoice(self, env, index, value, with_key):
        move = self._a_move(env, index).with_context(skip_readonly_check=with_key)
        move.write(dict([value]))

    def _customer_of_invoice(self, env, index, customer, with_key):
        move = self._a_move(env, index).with_context(skip_readonly_check=with_key)
        move.write({"partner_id": self._a_contact(env, customer).id})

    def _currency_of_invoice(self, env, index, currency):
        self._a_move(env, index).currency_id = self.currencies[currency % len(self.currencies)]

    def _write_bill_line(self, env, index, values, with_key):
        line = self._a_bill_line(env, index).with_context(
            check_move_validity=not with_key, skip_readonly_check=with_key
        )
        line.write(dict(values))

    def _move_bill_line(self, env, index, other):
        self._a_bill_line(env, index).move_id = self._a_move(env, other)

    def _partner_of_item(self, env, index, customer):
        items = self._a_move(env, index).line_ids.filtered(
            lambda one: one.display_type == "payment_term"
        )
        items.write({"partner_id": self._a_contact(env, customer).id})

    def _nest_bill_line(self, env, index, line, values):
        command = Command.update(self._a_bill_line(env, line).id, dict(values))
        self._a_move(env, index).write({"invoice_line_ids": [command]})

    def _unlink_bill_line(self, env, index, from_order):
        line = self._a_bill_line(env, index)
        if from_order:
            line.sale_line_ids.write({"invoice_lines": [Command.unlink(line.id)]})
        else:
            line.write({"sale_line_ids": [Command.clear()]})

    def _forged_data(self, line, quantity, amount_):
        """What a line may keep of itself, so that it comes to something else."""
        return {
            "currency_id": line.currency_id.id, "price_unit": line.price_unit,
            "discount": line.discount, "quantity": quantity,
            "manual_total_excluded_currency": amount_, "manual_total_excluded": amount_,
            "manual_tax_amounts": {
                str(tax): {"tax_amount_currency": amount_} for tax in line.tax_ids.ids or [0]
            },
        }  # fmt: skip

    def _forge_line(self, env, index, amount_, and_taxes):
        line = self._a_line(env, index)
        data = self._forged_data(line, line.product_uom_qty, amount_)
        taxes = {"tax_ids": [Command.set(line.tax_ids.ids)]} if and_taxes else {}
        line.write({"extra_tax_data": data, "price_unit": line.price_unit, **taxes})

    def _forge_bill_line(self, env, index, amount_, is_nested):
        line = self._a_bill_line(env, index)
        values = {"extra_tax_data": self._forged_data(line, line.quantity, amount_)}
        values["tax_ids"] = [Command.set(line.tax_ids.ids)]
        if is_nested:
            line.move_id.write({"invoice_line_ids": [Command.update(line.id, values)]})
        else:
            line.write(values)

    def _item_beside_lines(self, env, index, kind, amount_):
        move = self._a_move(env, index)
        item = move.line_ids.filtered(lambda one: one.display_type == kind)[:1]
        if item:
            command = Command.update(item.id, {"amount_currency": -amount_})
        else:
            account = move.invoice_line_ids.account_id[:1]
            command = Command.create({
                "name": kind, "display_type": kind, "account_id": account.id,
                "balance": -amount_, "amount_currency": -amount_,
            })  # fmt: skip
        move.write({"line_ids": [command]})

    def _credit_for_less(self, env, index, customer, part):
        credit_notes = self._credit(env, index)
        for line in credit_notes.invoice_line_ids:
            line.price_unit *= part
        if customer % 2:
            credit_notes.partner_id = self._a_contact(env, customer)
        credit_notes.action_post()

    def _entry_of_line(self, env, index, quantity):
        line = self._a_line(env, index)
        account = self.first_moves.invoice_line_ids.account_id[:1]
        env["account.move"].create({"move_type": "entry", "line_ids": [
            Command.create({
                "name": "x", "account_id": account.id, "balance": 0, "quantity": some,
                "sale_line_ids": [Command.set(line.ids)],
            }) for some in (quantity, 0)
        ]}).action_post()  # fmt: skip

    def _pay_on_line(self, env, index, is_order, amount_):
        """By a visitor: nothing comes of it yet."""
        document = (self._an_order if is_order else self._a_move)(env, index)
        name = "sale_order_ids" if is_order else "invoice_ids"
        self.payments += self.env["payment.transaction"].create({
            "provider_id": self.env["payment.provider"].search([], limit=1).id,
            "payment_method_id": self.env["payment.method"].with_context(active_test=False)
            .search([], limit=1).id,
            "reference": f"wall-{self.survived}", "amount": amount_, "state": "draft",
            "currency_id": document.currency_id.id, "partner_id": document.partner_id.id,
            name: [Command.set(document.ids)],
        })  # fmt: skip

    def _link_payment(self, env, index, payment, is_order):
        document = (self._an_order if is_order else self._a_move)(env, index)
        payment = self._pick(self.payments, payment, env)
        document.write({"transaction_ids": [Command.link(payment.id)]})

    def _play_provider(self, env, index, amount_):
        self._pick(self.payments, index, env).write({"state": "authorized", "amount": amount_})

    # steps of those who decide

    def _approve(self, env, index, is_order, limit):
        document = (self._an_order if is_order else self._a_move)(env, index)
        if limit <= 0:
            raise _Nothing
        env = env(user=self.approver.id)
        self.env["bizuno.credit.approval"].with_env(env).create(
            {"order_id" if is_order else "move_id": document.id, "amount": limit, "reason": "x"}
        )

    def _hold(self, env, customer, is_held):
        customer = self._pick(self.customers, customer, env)
        customer.write({"account_status": "hold" if is_held else "active"})

    def _archive(self, env, customer, status):
        self._pick(self.customers, customer, env).write({"account_status": status})

    def _limit(self, env, customer, limit):
        customer = self._pick(self.customers, customer, env)
        customer.write({"credit_limit": limit})

    # steps of contacts

    def _a_contact(self, env, index):
        return self._pick(self.people, index, env)

    def _new_contact(self, env, index, is_own):
        values = {"parent_id": self._a_contact(env, index).id} if not is_own else {}
        self.people += (
            env["res.partner"]
            .create({"name": "Kim", "company_name": "Kim Inc", "role_customer": is_own, **values})
            .sudo()
            .with_env(self.env)
        )

    def _parent(self, env, index, other):
        parent = other is not None and self._a_contact(env, other).id
        self._a_contact(env, index).write({"parent_id": parent})

    def _child(self, env, index, other):
        command = Command.link(self._a_contact(env, other).id)
        self._a_contact(env, index).write({"child_ids": [command]})

    def _is_company(self, env, index, is_company):
        self._a_contact(env, index).write({"is_company": is_company})

    def _found_company(self, env, index):
        self._a_contact(env, index).create_company()

    def _merge(self, env, index, other):
        kept, double = self._a_contact(env, index), self._a_contact(env, other)
        if kept == double:
            raise _Nothing
        wizard = env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((kept + double).ids)], "dst_partner_id": kept.id}
        )
        wizard.action_merge()

    # steps of branches

    def _branch_of_order(self, env, index, to_branch):
        company = self.branch if to_branch else self.company
        self._an_order(env, index).write({"company_id": company.id})

    def _order_in_branch(self, env, customer, price):
        env = env(context={"allowed_company_ids": (self.branch + self.company).ids})
        self._order(env, customer, 0, [price], state="sale")

    def _invoice_in_branch(self, env, customer, price):
        env = env(context={"allowed_company_ids": (self.branch + self.company).ids})
        self._invoice(env, customer, 0, price)
        self.moves[-1:].with_env(env).action_post()

    # Odoo's dialogs

    def _update_prices(self, env, index):
        order = self._an_order(env, index)
        order.action_update_prices()
        order.action_update_taxes()

    def _discount(self, env, index, part):
        wizard = env["sale.order.discount"].create({
            "sale_order_id": self._an_order(env, index).id, "discount_type": "sol_discount",
            "discount_percentage": part,
        })  # fmt: skip
        wizard.action_apply_discount()

    def _copy_invoice(self, env, index):
        self._made(self._a_move(env, index).copy())

    def _correct_invoice(self, env, index):
        move = self._a_move(env, index)
        wizard = env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create({"journal_id": move.journal_id.id})
        wizard.modify_moves()
        self._made(wizard.new_move_ids)

    def _link_bill_line(self, env, index, line):
        line = self._a_line(env, line)
        self._a_bill_line(env, index).write({"sale_line_ids": [Command.set(line.ids)]})


class _Nothing(Exception):
    """There is nothing yet that the step could change."""
