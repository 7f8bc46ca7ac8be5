import random
from collections import defaultdict
from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..logic import aging
from .common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingLedger(AgingCommon):
    """The rows against the ledger: random ledgers, and the control account of the report."""

    def setUp(self):
        super().setUp()
        self.today = date.fromisoformat(self.TODAY)
        self.foreign = self.env["res.currency"].create(
            {"name": "FOR", "symbol": "F", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            [
                {"name": self._days_ago(days), "rate": rate, "currency_id": self.foreign.id}
                for days, rate in ((400, 2.0), (120, 2.5), (50, 1.6))
            ]
        )
        self.terms = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((33, 0), (33, 31), (34, 62))
                ],
            }
        )

    def _random_ledger(self, dice, partners):
        """Documents, payments, reversals and write-offs of every kind, matched at random."""

        def day(first=250, last=0):
            return (self.today - timedelta(days=dice.randint(last, first))).isoformat()

        def amount():
            return round(dice.uniform(1, 2000), 2)

        moves = self.env["account.move"]
        for _number in range(22):
            partner, kind = dice.choice(partners), dice.randrange(8)
            currency = dice.choice((self.foreign, self.env.company.currency_id))
            if kind <= 3:
                invoiced = day()
                due = dice.choice((self.terms, (date.fromisoformat(invoiced) + timedelta(
                    days=dice.randint(0, 90))).isoformat()))  # fmt: skip
                moves += self._invoice(
                    amount(), due, partner, date=invoiced, currency_id=currency.id
                )
            elif kind == 4:
                moves += self._invoice(-amount(), day(), partner, currency_id=currency.id)
            elif kind == 5:
                moves += self._entry(dice.choice((1, -1)) * amount(), day(), partner)
            elif kind == 6:
                moves += self._entry(amount(), day(), None)
            else:
                payment = self.env["account.payment"].create(
                    {
                        "payment_type": dice.choice(("inbound", "inbound", "outbound")),
                        "partner_type": "customer",
                        "partner_id": partner.id,
                        "amount": amount(),
                        "currency_id": currency.id,
                        "date": day(),
                        "journal_id": self.bank.id,
                    }
                )
                payment.action_post()
                moves += payment.move_id
        for _number in range(14):
            invoice = dice.choice(moves)
            if invoice.move_type == "out_invoice" and invoice.amount_residual:
                part = round(invoice.amount_residual * dice.choice((1, 1, 0.5, 0.2)), 2)
                paid = max(date.fromisoformat(day(120)), invoice.invoice_date)
                moves += self._pay(invoice, part, paid.isoformat()).move_id
            else:
                some = dice.sample(list(moves), 4)
                partner = some[0].line_ids.partner_id[:1]
                lines = self._receivable_lines(self.env["account.move"].union(*some)).filtered(
                    lambda line, p=partner: line.partner_id == p and not line.reconciled
                )
                if len(lines) > 1:
                    lines.reconcile()
        plain = moves.filtered(
            lambda move: move.move_type == "entry" and not move.origin_payment_id
        )
        if plain:
            plain[0]._reverse_moves([{"date": day(30)}], cancel=True)

    def _expected(self, at):
        """The figures of a date by plain sums over the ledger: the balance of every item less what
        was matched by then."""
        sums = defaultdict(lambda: defaultdict(float))
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.receivable.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", at),
            ]
        )
        for line in lines:
            matched = [
                (1, partial.amount, partial.debit_amount_currency, partial.max_date)
                for partial in line.matched_credit_ids
            ] + [
                (-1, partial.amount, partial.credit_amount_currency, partial.max_date)
                for partial in line.matched_debit_ids
            ]
            matched = [row for row in matched if row[3] <= at]
            left = round(line.balance - sum(s * amount for s, amount, _c, _d in matched), 2)
            left_currency = round(
                line.amount_currency - sum(s * amount for s, _a, amount, _d in matched), 2
            )
            if not left:
                continue
            if line.currency_id != line.company_currency_id and line.amount_currency:
                if not left_currency:
                    sums["difference"][None] += left
                    continue
            if left < 0 and line.display_type != "payment_term":
                key = "unapplied"
            else:
                key = aging.bucket_of((at - (line.date_maturity or line.date)).days)
            sums[line.partner_id.commercial_partner_id.id][key] += left
        return {who: {k: round(v, 2) for k, v in keys.items()} for who, keys in sums.items()}

    def _shown(self, at, few=()):
        aged = self.Aged.with_context(aged_at=at)
        domain = [("partner_id", "in", few)] if few else []
        sums = defaultdict(lambda: defaultdict(float))
        for partner, bucket, balance in aged._read_group(
            domain, ["partner_id", "bucket"], ["balance:sum"]
        ):
            sums[partner.id][bucket] += balance
        return {who: {k: round(v, 2) for k, v in keys.items()} for who, keys in sums.items()}

    def _check_set_based_figures(self, at, expected):
        found = self.Aged.with_context(aged_at=at)._get_figures(self.env.company)
        self.assertEqual({who or False for who in found}, set(expected))
        for who, figures in found.items():
            mine = dict(expected[who or False])
            unapplied = -mine.pop("unapplied", 0)
            right = [mine.get(bucket.key, 0) for bucket in aging.BUCKETS]
            for shown, should in zip(figures, [*right, sum(right), unapplied], strict=True):
                self.assertAlmostEqual(shown, should, 2)

    def test_random_ledgers_equal_plain_sums_and_the_trial_balance(self):
        for seed in range(5):
            dice = random.Random(seed)
            savepoint = self.env.cr.savepoint()
            partners = [self._create_customer(f"Customer {seed}-{n}") for n in range(4)]
            partners.append(self._create_customer("A child", parent_id=partners[0].id))
            self._random_ledger(dice, partners)
            self.assertTrue(self.Aged.search_count([]), seed)
            for days in (0, 1, 17, 48, 100, 200):
                at = self.today - timedelta(days=days)
                expected = self._expected(at)
                difference = expected.pop("difference", {}).get(None, 0.0)
                self.assertEqual(self._shown(at), expected, (seed, days))
                few = [partners[0].id, partners[1].id]
                self.assertEqual(
                    self._shown(at, few),
                    {who: keys for who, keys in expected.items() if who in few},
                    (seed, days),
                )
                self._check_set_based_figures(at, expected)
                [control] = self.Aged.with_context(aged_at=at)._get_control_accounts()
                self.assertAlmostEqual(control["ledger"], self._ledger(at), 2)
                self.assertAlmostEqual(control["difference"], difference, 2)
                self.assertAlmostEqual(
                    sum(amount for _line, amount in control["entries"]), difference, 2
                )
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()

    def test_panel_and_credit_control_equal_the_rows(self):
        dice = random.Random(7)
        partners = [self._create_customer(f"Customer {n}") for n in range(4)]
        self._random_ledger(dice, partners)
        figures = self._open_receivable()
        expected = self._expected(self.today)
        for partner in partners:
            mine = expected.get(partner.id, {})
            for bucket in aging.BUCKETS:
                self.assertAlmostEqual(partner[bucket.partner_field], mine.get(bucket.key, 0), 2)
            unapplied = -mine.pop("unapplied", 0)
            self.assertAlmostEqual(partner.unapplied_credit, unapplied, 2)
            self.assertAlmostEqual(partner.aged_total, sum(mine.values()), 2)
            past_due = sum(mine.values()) - mine.get("current", 0)
            found = figures.get(partner.id, (0, 0, 0))
            for shown, right in zip(found, (sum(mine.values()), past_due, unapplied), strict=True):
                self.assertAlmostEqual(shown, right, 2)

    def test_a_difference_to_the_ledger_names_its_entries(self):
        invoice = self._invoice(100, self._days_ago(10))
        self._invoice(50, self._days_ago(10))
        [control] = self.Aged._get_control_accounts()
        self.assertEqual((control["ledger"], control["difference"]), (150, 0))
        self.assertFalse(control["entries"])
        line = self._receivable_lines(invoice)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = 60 WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        [control] = self.Aged._get_control_accounts()
        self.assertEqual((control["items"], control["difference"]), (110, 40))
        self.assertEqual(control["entries"], [(line, 40)])
