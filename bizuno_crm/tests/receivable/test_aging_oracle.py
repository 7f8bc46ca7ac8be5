"""Aged receivables against an independent oracle: ledgers of any kind, as hypothesis thinks them
up, against plain sums over the ledger and its trial balance, on today and on five past dates.

A ledger is a list of steps in plain data, so that hypothesis can shrink a failing one to the few
entries that matter and print them.
"""

from collections import defaultdict
from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...logic import aging
from ..common_aging import AgingCommon
from ..common_hypothesis import (
    SEED,
    HealthCheck,
    Phase,
    event,
    example,
    given,
    say,
    seed,
    settings,
    st,
)

TODAY = date.fromisoformat(AgingCommon.TODAY)
# Today, the day before, and edges between documents, payments and exchange rates.
DATES = (0, 1, 17, 48, 100, 200)

cents = st.integers(1, 200_000)
customers = st.integers(0, 4)
days_ago = st.integers(0, 250)
is_foreign = st.booleans()

steps = st.one_of(
    # an invoice: due so many days later, or by instalments (None)
    st.tuples(
        st.just("invoice"), customers, cents, days_ago, st.none() | st.integers(0, 90), is_foreign
    ),
    st.tuples(st.just("credit note"), customers, cents, days_ago, is_foreign),
    # an entry of the ledger, either way; without a customer too
    st.tuples(st.just("entry"), st.none() | customers, cents, days_ago, st.booleans()),
    # money, in or out
    st.tuples(st.just("payment"), customers, cents, days_ago, is_foreign, st.booleans()),
    # a payment of a part of one of the invoices so far
    st.tuples(
        st.just("pay"), st.integers(0, 30), st.sampled_from((100, 50, 20)), st.integers(0, 120)
    ),
    # whatever a customer has open, matched; in a locked period, so that exchange differences are
    # booked today
    st.tuples(st.just("match"), customers, st.booleans()),
    # of what is owed in the foreign currency, as a revaluation does it: none of that currency
    st.tuples(st.just("revaluation"), customers, cents, days_ago, st.booleans()),
    st.tuples(st.just("reverse"), st.integers(0, 30), st.integers(0, 30)),
    # something posted and perhaps matched goes back to draft, and stays matched
    st.tuples(st.just("draft"), st.integers(0, 30)),
    # an invoice that nobody asks to be paid
    st.tuples(st.just("dispute"), st.integers(0, 30)),
)
# What chance rarely brings together: an invoice paid in full at another rate, whose exchange
# difference is booked later; and a line of a currency of which it holds nothing.
EXCHANGE_DIFFERENCE = [
    ("invoice", 0, 10_000, 100, 20, True),
    ("payment", 0, 10_000, 25, True, True),
    ("match", 0, True),
]
REVALUATION = [("invoice", 1, 10_000, 60, 20, True), ("revaluation", 1, 777, 30, True)]
# A payment of a part is reset to draft, and so is an invoice that a payment closed.
DRAFTS = [
    ("invoice", 2, 10_000, 100, 20, False),
    ("pay", 0, 50, 40),
    ("draft", 1),
    ("invoice", 3, 20_000, 60, 0, True),
    ("payment", 3, 20_000, 30, True, True),
    ("match", 3, False),
    ("draft", 2),
]
ledgers = st.lists(steps, min_size=8, max_size=22)


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingOracle(AgingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {"name": "FOR", "symbol": "F", "rounding": 0.01}
        )
        cls.env["res.currency.rate"].create(
            [
                {"name": cls._day(days), "rate": rate, "currency_id": cls.foreign.id}
                for days, rate in ((400, 2.0), (120, 2.5), (50, 1.6))
            ]
        )
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((33, 0), (33, 31), (34, 62))
                ],
            }
        )
        cls.partners = cls.env["res.partner"].concat(
            *(cls._create_customer(f"Customer {number}", is_company=True) for number in range(4))
        )
        # The books may name a contact of a company as well as the company.
        cls.partners += cls._create_customer("A contact", parent_id=cls.partners[0].id)

    @staticmethod
    def _day(days):
        return (TODAY - timedelta(days=days)).isoformat()

    # the ledger

    def _book(self, ledger):
        self.moves = self.env["account.move"]
        for kind, *arguments in ledger:
            event(kind)
            getattr(self, f"_book_{kind.replace(' ', '_')}")(*arguments)
        self.env.flush_all()

    def _book_invoice(self, who, amount, days, due, foreign):
        self.moves += self._invoice(
            amount / 100,
            self.terms if due is None else self._day(days - due),
            self.partners[who],
            date=self._day(days),
            currency_id=self._currency(foreign).id,
        )

    def _book_credit_note(self, who, amount, days, foreign):
        self.moves += self._invoice(
            -amount / 100,
            self._day(days),
            self.partners[who],
            currency_id=self._currency(foreign).id,
        )

    def _book_entry(self, who, amount, days, is_debit):
        partner = None if who is None else self.partners[who]
        self.moves += self._entry((1 if is_debit else -1) * amount / 100, self._day(days), partner)

    def _book_payment(self, who, amount, days, foreign, is_inbound):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound" if is_inbound else "outbound",
                "partner_type": "customer",
                "partner_id": self.partners[who].id,
                "amount": amount / 100,
                "currency_id": self._currency(foreign).id,
                "date": self._day(days),
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        self.moves += payment.move_id

    def _book_pay(self, which, percent, days):
        unpaid = self.moves.filtered(
            lambda move: (
                move.move_type == "out_invoice" and move.state == "posted" and move.amount_residual
            )
        )
        if unpaid:
            invoice = unpaid[which % len(unpaid)]
            part = invoice.currency_id.round(invoice.amount_residual * percent / 100)
            paid = max(TODAY - timedelta(days=days), invoice.invoice_date)
            if part:
                self.moves += self._pay(invoice, part, paid.isoformat()).move_id

    def _book_revaluation(self, who, amount, days, is_debit):
        self.moves += self._entry(
            (1 if is_debit else -1) * amount / 100,
            self._day(days),
            self.partners[who],
            currency_id=self.foreign.id,
            amount_currency=0,
        )

    def _book_match(self, who, is_locked):
        lines = self._receivable_lines(self.moves).filtered(
            lambda line: line.partner_id == self.partners[who] and not line.reconciled
        )
        if len(lines) > 1:
            company = self.env.company
            company.fiscalyear_lock_date = is_locked and self._day(16)
            lines.reconcile()
            company.fiscalyear_lock_date = False

    def _book_reverse(self, which, days):
        plain = self.moves.filtered(
            lambda move: (
                move.move_type == "entry"
                and move.state == "posted"
                and not move.origin_payment_id
                and not move.reversal_move_ids
            )
        )
        if plain:
            plain[which % len(plain)]._reverse_moves([{"date": self._day(days)}], cancel=True)

    def _book_draft(self, which):
        posted = self.moves.filtered(lambda move: move.state == "posted")
        if posted:
            posted[which % len(posted)].button_draft()

    def _book_dispute(self, which):
        invoices = self.moves.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        if invoices:
            invoices[which % len(invoices)].no_followup = True

    def _currency(self, foreign):
        return self.foreign if foreign else self.env.company.currency_id

    # the oracle

    def _expected(self, at):
        """By plain sums over the ledger: the balance of every item less what was matched by then.

        :return: {customer: {bucket: amount}}; None holds what only exchange differences left
        """
        sums = defaultdict(lambda: defaultdict(float))
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.receivable.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", at),
            ]
        )
        for line in lines:
            left, left_currency = line.balance, line.amount_currency
            for partial in line.matched_credit_ids:
                if self._counts(partial, at):
                    left -= partial.amount
                    left_currency -= partial.debit_amount_currency
            for partial in line.matched_debit_ids:
                if self._counts(partial, at):
                    left += partial.amount
                    left_currency += partial.credit_amount_currency
            left, left_currency = round(left, 2), round(left_currency, 2)
            if not left:
                continue
            is_exchange_difference = (
                line.currency_id != line.company_currency_id
                and line.amount_currency
                and not left_currency
            )
            if is_exchange_difference:
                sums[None]["difference"] += left
                continue
            if left < 0 and line.display_type != "payment_term":
                key = "unapplied"
            else:
                key = aging.bucket_of((at - (line.date_maturity or line.date)).days)
            sums[line.partner_id.commercial_partner_id.id][key] += left
        return self._rounded(sums)

    @staticmethod
    def _counts(partial, at):
        """Both sides have happened by then."""
        states = (partial.debit_move_id | partial.credit_move_id).mapped("parent_state")
        return partial.max_date <= at and set(states) == {"posted"}

    @staticmethod
    def _rounded(sums):
        return {who: {k: round(v, 2) for k, v in keys.items()} for who, keys in sums.items()}

    def _shown(self, at, partner_ids=None):
        domain = [("partner_id", "in", partner_ids)] if partner_ids else []
        sums = defaultdict(lambda: defaultdict(float))
        for partner, bucket, balance in self.Aged.with_context(aged_at=at)._read_group(
            domain, ["partner_id", "bucket"], ["balance:sum"]
        ):
            sums[partner.id][bucket] += balance
        return self._rounded(sums)

    def _check_picture(self, at):
        expected = self._expected(at)
        difference = expected.pop(None, {}).get("difference", 0.0)
        self.assertEqual(self._shown(at), expected)
        few = self.partners[:2].ids
        self.assertEqual(
            self._shown(at, few), {who: keys for who, keys in expected.items() if who in few}
        )
        self._check_set_based_figures(at, expected)
        [control] = self.Aged.with_context(aged_at=at)._get_ledger_reconciliations()
        self.assertAlmostEqual(control["ledger"], self._ledger(at), 2)
        self.assertAlmostEqual(control["difference"], difference, 2)
        self.assertAlmostEqual(sum(amount for _line, amount in control["entries"]), difference, 2)

    def _check_set_based_figures(self, at, expected):
        """By customer, and from the rows one by one, as where a bucket is asked for."""
        aged = self.Aged.with_context(aged_at=at)
        own = [("company_id", "=", self.env.company.id)]
        for domain in (own, [*own, ("bucket", "!=", False)]):
            found = aged._get_figures(domain)
            self.assertEqual({who or False for _company, who in found}, set(expected))
            for (_company, who), figures in found.items():
                self._check_figures(figures[:-1], expected[who or False])
                self.assertAlmostEqual(figures[-1], sum(expected[who or False].values()), 2)

    def _check_figures(self, figures, expected):
        buckets = [expected.get(bucket.key, 0) for bucket in aging.BUCKETS]
        unapplied = -expected.get("unapplied", 0)
        for shown, right in zip(figures, [*buckets, sum(buckets), unapplied], strict=True):
            self.assertAlmostEqual(shown, right, 2)

    def _check_customers(self):
        """The panel and credit control say today what the rows say."""
        expected = self._expected(TODAY)
        disputed = self._expected_disputed()
        credit = self._open_receivable()
        names = [*(bucket.partner_field for bucket in aging.BUCKETS), "aged_total"]
        for partner in self.partners.commercial_partner_id:
            mine = expected.get(partner.id, {})
            panel = [partner[name] for name in (*names, "unapplied_credit")]
            self._check_figures(panel, mine)
            total, unapplied = panel[-2:]
            past_due = total - mine.get("current", 0)
            past_due -= disputed[partner.id]
            found = credit.get(partner.id, (0, 0, 0))
            for shown, right in zip(found, (total, past_due, unapplied), strict=True):
                self.assertAlmostEqual(float(shown), right, 2)

    def _expected_disputed(self):
        """{customer: what is past due of its disputed documents}"""
        rows = self.Aged.search([("days_late", ">", 0)])
        found = defaultdict(float)
        for row in rows:
            if row.move_id.no_followup and row.move_id.is_invoice():
                found[row.partner_id.id] += row.balance
        return found

    def setUp(self):
        super().setUp()
        say(f"The oracle of aged receivables: SEED={SEED}")

    # No shrinking, which takes minutes: add Phase.shrink at the desk to see the smallest ledger
    # that fails.
    @seed(SEED)
    @settings(
        max_examples=12,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(ledgers)
    @example(EXCHANGE_DIFFERENCE)
    @example(REVALUATION)
    @example(DRAFTS)
    def test_any_ledger_equals_plain_sums_and_the_trial_balance(self, ledger):
        savepoint = self.env.cr.savepoint()
        try:
            self._book(ledger)
            for days in DATES:
                self._check_picture(TODAY - timedelta(days=days))
            self._check_customers()
        finally:
            self.env.flush_all()
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()
            self.env.transaction.clear()
