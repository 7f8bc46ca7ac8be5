from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...logic import aging
from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingFigures(AgingCommon):
    """Which amount stands in which bucket, today and as of other days."""

    def test_every_edge_of_every_bucket(self):
        for amount, days in enumerate((-10, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 900), start=1):
            invoice = self._invoice(amount, self._days_ago(days), date=self._days_ago(max(days, 0)))
            row = self._rows().filtered(lambda r, m=invoice: r.move_id == m)
            self.assertEqual(row.days_late, days)
            self.assertEqual(row.bucket, aging.bucket_of(days))
            self.assertEqual(row[f"amount_{row.bucket}"], amount)
        self.assertEqual(
            self._figures(),
            {
                "current": 1 + 2,
                "1_30": 3 + 4,
                "31_60": 5 + 6,
                "61_90": 7 + 8,
                "91_120": 9 + 10,
                "over_120": 11 + 12,
            },
        )
        self.assertEqual(self.customer.aged_total, 78)
        self.assertEqual(self.customer.aged_past_due, 75)

    def test_part_payment_leaves_the_rest_in_its_bucket(self):
        invoice = self._invoice(100, self._days_ago(45), date=self._days_ago(75))
        self._pay(invoice, 60, self._days_ago(5))
        self.assertEqual(self._figures(), {"31_60": 40})
        self.assertEqual(self.customer.aged_31_60, 40)

    def test_later_payments_are_undone_on_a_past_date(self):
        invoice = self._invoice(100, self._days_ago(45), date=self._days_ago(75))
        self._pay(invoice, 60, self._days_ago(20))
        self._pay(invoice, 40, self._days_ago(5))
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(6)), {"31_60": 40})
        self.assertEqual(self._figures(at=self._days_ago(20)), {"1_30": 40})
        self.assertEqual(self._figures(at=self._days_ago(21)), {"1_30": 100})
        self.assertEqual(self._figures(at=self._days_ago(45)), {"current": 100})
        self.assertEqual(self._figures(at=self._days_ago(76)), {})

    def test_due_dates_move_on_to_a_future_date(self):
        self._invoice(100, self._days_ago(-10), date=self._days_ago(0))
        self.assertEqual(self._figures(at=self._days_ago(-10)), {"current": 100})
        self.assertEqual(self._figures(at=self._days_ago(-11)), {"1_30": 100})
        self.assertEqual(self._figures(at=self._days_ago(-400)), {"over_120": 100})

    def test_credit_memo_is_negative_and_payment_is_unapplied(self):
        self._invoice(100, self._days_ago(10))
        self._invoice(-30, self._days_ago(40))
        self._entry(-25, self._days_ago(3), self.customer)
        self.assertEqual(self._figures(), {"1_30": 100, "31_60": -30, "unapplied": 25})
        self.assertRecordValues(
            self.customer, [{"aged_total": 70, "unapplied_credit": 25, "aged_balance": 45}]
        )
        # The page asks for the sentence first, which brings the figures along.
        self.customer.invalidate_recordset()
        self.assertTrue(self.customer.aged_summary)
        self.assertEqual(self.customer.aged_balance, 45)
        self.assertEqual(sum(self._rows().mapped("balance")), 45)

    def test_payment_before_the_invoice_is_unapplied_until_matched(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 80,
                "date": self._days_ago(20),
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        invoice = self._invoice(80, self._days_ago(2), date=self._days_ago(10))
        self._receivable_lines(payment.move_id + invoice).reconcile()
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(15)), {"unapplied": 80})
        self.assertEqual(self._figures(at=self._days_ago(10)), {})

    def test_instalments_are_aged_one_by_one(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((30, 0), (30, 30), (40, 60))
                ],
            }
        )
        self._invoice(1000, terms, date=self._days_ago(45))
        self.assertEqual(self._figures(), {"31_60": 300, "1_30": 300, "current": 400})
        self.assertEqual(len(self._rows()), 3)

    def test_two_instalments_of_one_day_and_amount_stay_two(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Halves of one day",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 10})
                    for _part in range(2)
                ],
            }
        )
        invoice = self._invoice(200, terms, date=self._days_ago(20))
        self.assertEqual(len(self._rows()), len(self._receivable_lines(invoice)))
        self.assertEqual(self._figures(), {"1_30": 200})

    def test_early_discount_closes_the_item(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/10 net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        invoice = self._invoice(100, terms, date=self._days_ago(9))
        self._pay(invoice, 98, self._days_ago(1))
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(2)), {"current": 100})

    def test_basis_invoice_date_by_setting_and_by_context(self):
        self._invoice(100, self._days_ago(-5), date=self._days_ago(40))
        self.assertEqual(self._figures(), {"current": 100})
        self.assertEqual(self._figures(aging_basis="invoice_date"), {"31_60": 100})
        self.env.company.aging_basis = "invoice_date"
        self.assertEqual(self._figures(), {"31_60": 100})
        self.assertEqual(self._figures(aging_basis="due_date"), {"current": 100})
        self.assertEqual(self._figures(aging_basis="nonsense"), {"31_60": 100})

    def test_entry_without_due_date_ages_from_its_own_date(self):
        entry = self._entry(50, self._days_ago(40), self.customer)
        self._receivable_lines(entry).date_maturity = False
        self.assertEqual(self._figures(), {"31_60": 50})

    def test_entry_without_partner_has_a_row_of_its_own(self):
        self._entry(50, self._days_ago(40))
        row = self.Aged.search([("partner_id", "=", False)])
        self.assertRecordValues(row, [{"amount_31_60": 50, "user_id": False}])

    def test_child_contacts_count_for_the_commercial_entity(self):
        child = self._create_customer(
            "Harbour, Dock 4", parent_id=self.customer.id, type="delivery"
        )
        self._invoice(100, self._days_ago(1), child)
        entry = self._entry(10, self._days_ago(1), self.customer)
        self._receivable_lines(entry).partner_id = child
        self.assertEqual(self._figures(), {"1_30": 110})
        self.assertEqual(child.aged_total, 110)

    def test_archived_customer_keeps_its_receivables(self):
        self._invoice(100, self._days_ago(1))
        self.customer.action_archive()
        self.assertEqual(self._figures(), {"1_30": 100})

    def test_write_off_and_reversal_close(self):
        invoice = self._invoice(100, self._days_ago(10))
        write_off = self._entry(-100, self._days_ago(4), self.customer)
        self._receivable_lines(invoice + write_off).reconcile()
        other = self._entry(70, self._days_ago(10), self.customer)
        other._reverse_moves([{"date": self._days_ago(2)}], cancel=True)
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(3)), {"1_30": 70})
        self.assertEqual(self._figures(at=self._days_ago(5)), {"1_30": 170})

    def test_drafts_and_cancelled_documents_do_not_count(self):
        self._invoice(100, self._days_ago(1), post=False)
        self._invoice(100, self._days_ago(1), post=False).button_cancel()
        self.assertEqual(self._figures(), {})

    def test_what_is_dated_in_the_future_is_not_there_today(self):
        self._invoice(100, self._days_ago(-40), date=self._days_ago(-3))
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(-3)), {"current": 100})

    def test_payment_dated_in_the_future_has_not_been_made_today(self):
        invoice = self._invoice(100, self._days_ago(1))
        self._pay(invoice, 100, self._days_ago(-3))
        self.assertEqual(self._figures(), {"1_30": 100})
        self.assertEqual(self._figures(at=self._days_ago(-3)), {})

    def test_foreign_currency_at_booked_amounts(self):
        foreign = self.env["res.currency"].create({"name": "FOR", "symbol": "F", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"name": self._days_ago(60), "rate": 2.0, "currency_id": foreign.id},
                {"name": self._days_ago(10), "rate": 4.0, "currency_id": foreign.id},
            ]
        )
        self._invoice(100, self._days_ago(20), date=self._days_ago(40), currency_id=foreign.id)
        row = self._rows()
        self.assertRecordValues(
            row,
            [
                {
                    "amount_1_30": 50,
                    "amount_document": 100,
                    "document_currency_id": foreign.id,
                    "currency_id": self.env.company.currency_id.id,
                }
            ],
        )

    def test_amount_in_the_documents_currency_on_a_past_date(self):
        """Part-paid and paid later, as read for one customer and out of the whole ledger."""
        foreign = self.env["res.currency"].create({"name": "FOR", "symbol": "F", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"name": self._days_ago(60), "rate": 2.0, "currency_id": foreign.id}
        )
        for paid in (30, 100):
            invoice = self._invoice(
                100, self._days_ago(20), date=self._days_ago(40), currency_id=foreign.id
            )
            wizard = (
                self.env["account.payment.register"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create(
                    {
                        "amount": paid,
                        "currency_id": foreign.id,
                        "payment_date": self._days_ago(5),
                        "journal_id": self.bank.id,
                    }
                )
            )
            wizard._create_payments()
        self.assertEqual(self._rows().mapped("amount_document"), [70])
        aged = self.Aged.with_context(aged_at=self._days_ago(6))
        names = ["amount_document", "balance"]
        for domain in ([], [("partner_id", "=", self.customer.id)]):
            rows = aged.search_fetch(domain, names)
            self.assertEqual(rows.mapped("amount_document"), [100, 100])
            self.assertEqual(rows.mapped("balance"), [50, 50])

    def _paid_at_another_rate(self):
        """An invoice of 50 and a payment of 25 for the same 100 of a foreign currency.

        :return: their receivable lines, not matched
        """
        foreign = self.env["res.currency"].create({"name": "FOR", "symbol": "F", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"name": self._days_ago(60), "rate": 2.0, "currency_id": foreign.id},
                {"name": self._days_ago(30), "rate": 4.0, "currency_id": foreign.id},
            ]
        )
        invoice = self._invoice(
            100, self._days_ago(20), date=self._days_ago(40), currency_id=foreign.id
        )
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 100,
                "currency_id": foreign.id,
                "date": self._days_ago(25),
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return self._receivable_lines(invoice + payment.move_id)

    def test_exchange_difference_booked_later_is_no_debt(self):
        lines = self._paid_at_another_rate()
        # The period is locked by the time the two are matched: the difference is booked today.
        self.env.company.fiscalyear_lock_date = self._days_ago(16)
        lines.reconcile()
        exchange = lines.matched_credit_ids.exchange_move_id
        self.assertEqual(str(exchange.date), self.TODAY)
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._figures(at=self._days_ago(26)), {"current": 50})
        self.assertEqual(self._figures(at=self._days_ago(20)), {})
        self.assertEqual(self._ledger(self._days_ago(20)), 25)

    def test_exchange_difference_never_booked_stands_on_every_date(self):
        """It is in the ledger, nothing later took it away: no date hides it, however it is read."""
        lines = self._paid_at_another_rate()
        lines.with_context(no_exchange_difference=True).reconcile()
        self.assertEqual(lines.mapped("amount_residual_currency"), [0, 0])
        self._invoice(7, self.TODAY, self._create_customer("Later"))
        for days in (0, 1, 10):
            at = self._days_ago(days)
            aged = self.Aged.with_context(aged_at=at)
            with self.subTest(days=days):
                self.assertEqual(sum(self._figures(at=at).values()), 25)
                own = [("partner_id", "=", self.customer.id)]
                for domain in (own, [("partner_id.name", "=", self.customer.name)]):
                    self.assertEqual(aged.search(domain).mapped("balance"), [25])
                [control] = aged._get_ledger_reconciliations()
                self.assertEqual((control["difference"], control["entries"]), (0, []))
                found = aged._get_figures([("company_id", "=", self.env.company.id)])
                self.assertEqual(found[self.env.company.id, self.customer.id][-1], 25)

    def test_customer_who_has_an_item_now_and_had_none_then(self):
        """The sums by customer are today's and what changed: nothing may be left of neither."""
        lines = self._paid_at_another_rate()
        lines.with_context(no_exchange_difference=True).reconcile()
        part = self._entry(
            -10, self.TODAY, self.customer, currency_id=lines.currency_id.id, amount_currency=0
        )
        open_line = lines.filtered(lambda line: not line.reconciled)
        (open_line + self._receivable_lines(part)).reconcile()
        self.assertEqual(self._rows().mapped("balance"), [15])
        aged = self.Aged.with_context(aged_at=self._days_ago(10))
        self.assertFalse(aged.search([("partner_id", "=", self.customer.id)]))
        self.assertFalse(aged.search([("partner_id.name", "=", self.customer.name)]))
        found = aged._get_figures([("company_id", "=", self.env.company.id)])
        self.assertNotIn((self.env.company.id, self.customer.id), found)

    def test_a_search_within_a_search_counts_the_whole_customer(self):
        self._invoice(100, self._days_ago(1))
        self._invoice(50, self._days_ago(2))
        one, other = self.Aged.search([("partner_id", "=", self.customer.id)])
        owes_both = ("partner_id.aged_past_due", ">", 120)
        self.assertEqual(self.Aged.search([("id", "=", one.id), owes_both]), one)
        self.assertEqual(
            self.Aged.search([("partner_id", "=", self.customer.id), owes_both]), one + other
        )

    def test_other_companies_stay_out(self):
        self._invoice(100, self._days_ago(1))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.users["accountant"]
        user.company_ids += other
        aged = self.Aged.with_user(user)
        here = aged.with_context(allowed_company_ids=self.env.company.ids)
        there = aged.with_context(allowed_company_ids=other.ids)
        domain = [("partner_id", "=", self.customer.id)]
        self.assertEqual(here.search(domain).amount_total, 100)
        self.assertFalse(there.search(domain))
        self.assertEqual(self.customer.with_user(user).with_company(other).aged_total, 0)
        self.assertEqual(self.customer.with_user(user).aged_total, 100)

    def test_cached_rows_do_not_outlive_a_payment(self):
        invoice = self._invoice(100, self._days_ago(1))
        self.assertEqual(self._rows().amount_total, 100)
        self._pay(invoice, 30, self._days_ago(0))
        self.assertEqual(self._rows().amount_total, 70)
        self.assertEqual(self._rows(at=self._days_ago(1)).amount_total, 100)

    def test_search_by_a_figure(self):
        other = self._create_customer("Quay Traders")
        child = self._create_customer("Quay, Accounts", parent_id=other.id, type="invoice")
        self._invoice(100, self._days_ago(1))
        self._invoice(40, self._days_ago(-5), other, date=self._days_ago(1))
        found = self.customer + other + child

        def search(*leaf):
            return self.env["res.partner"].search([("id", "in", found.ids), leaf])

        self.assertEqual(search("aged_past_due", ">", 0), self.customer)
        self.assertEqual(search("aged_total", ">=", 40), found)
        self.assertEqual(search("aged_total", "<", 50), other + child)
        self.assertEqual(search("aged_past_due", "=", 0), other + child)
        self.assertEqual(search("aged_past_due", "!=", 0), self.customer)
        self.assertEqual(search("aged_1_30", "in", [100, 5]), self.customer)
        self.assertFalse(search("unapplied_credit", ">", 0))
        self._entry(-25, self._days_ago(3), other)
        self.assertEqual(search("aged_balance", "=", 15), other + child)
        self.assertEqual(search("aged_balance", ">", 15), self.customer)

    def test_the_sentence_says_nothing_of_who_has_no_documents(self):
        """The list below it says so, once."""
        self.assertFalse(self.customer.aged_summary)
        self._invoice(70, self._days_ago(0))
        self._invoice(-70, self._days_ago(0))
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.aged_summary, "Nothing is past due.")

    def test_open_receivable_for_credit_control(self):
        self._invoice(100, self._days_ago(1))
        self._invoice(60, self._days_ago(-9), date=self._days_ago(-3))
        self._entry(-25, self._days_ago(3), self.customer)
        other = self._create_customer("Quay Traders")
        found = self._open_receivable((self.customer + other).ids)
        self.assertEqual(found, {self.customer.id: (160, 100, 25)})
        everyone = self._open_receivable()
        self.assertEqual(everyone[self.customer.id], (160, 100, 25))

    @freeze_time("2025-06-30 23:30:00")
    def test_today_is_that_of_the_user(self):
        self._invoice(100, "2025-06-30")
        bookkeeper = self.users["bookkeeper"]
        for timezone, days_late in (("UTC", 0), ("Asia/Tokyo", 1), ("America/New_York", 0)):
            aged = self.Aged.with_user(bookkeeper).with_context(tz=timezone)
            row = aged.search([("partner_id", "=", self.customer.id)])
            self.assertEqual(row.days_late, days_late, timezone)
            partner = self.customer.with_user(bookkeeper).with_context(tz=timezone)
            self.assertEqual(partner.aged_past_due, 100 * days_late, timezone)

    def test_amounts_have_the_decimals_of_the_currency(self):
        report = self.env["bizuno.aged.receivable.report"].create({})
        for code, decimals, shown in (("JPY", 0, "1,235"), ("BHD", 3, "1,234.568")):
            currency = self.env.ref(f"base.{code}")
            self.assertEqual(currency.decimal_places, decimals)
            company = self.env["res.company"].create({"name": code, "currency_id": currency.id})
            self.assertEqual(report._format_amount(1234.5678, company), shown)
