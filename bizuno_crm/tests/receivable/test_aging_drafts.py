from odoo.tests import Form, freeze_time, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingDrafts(AgingCommon):
    """What is matched with a draft is open: in the report, the panel, credit control, commission
    and history. test_aging_oracle.py has ledgers of any kind."""

    def _control(self):
        self.env.flush_all()
        self.env.invalidate_all()
        [control] = self.Aged._get_ledger_reconciliations()
        return control["difference"], control["entries"]

    def test_a_payment_reset_to_draft_pays_nothing(self):
        invoice = self._invoice(880, "2025-05-20")
        payment = self._pay(invoice, 880, "2025-06-01")
        self.assertEqual(self._figures(), {})
        payment.action_draft()
        self.assertEqual(invoice.line_ids.matched_credit_ids.amount, 880)
        self.assertEqual(self._control(), (0, []))
        self.assertEqual(self._figures(), {"31_60": 880})
        self.assertEqual(self._figures(at="2025-06-10"), {"1_30": 880})
        self.assertEqual(self.customer.aged_total, 880)
        self.assertEqual(self._open_receivable()[self.customer.id], (880, 880, 0))
        self.assertEqual(self._open_receivable(self.customer.ids)[self.customer.id], (880, 880, 0))
        [row] = self.env["bizuno.aged.customer"].search([])
        self.assertEqual((row.balance, row.item_count, row.days_late), (880, 1, 41))
        payment.action_post()
        self.assertEqual(self._figures(), {})
        self.assertEqual(self._open_receivable(), {})

    def test_a_part_paid_by_a_draft(self):
        invoice = self._invoice(500, "2025-06-20")
        self._pay(invoice, 120, "2025-06-21")
        self._pay(invoice, 80, "2025-06-22").action_draft()
        self.assertEqual(self._control(), (0, []))
        self.assertEqual(self._figures(), {"1_30": 380})
        self.assertEqual(self._rows().amount_document, 380)

    def test_an_invoice_reset_to_draft_leaves_the_payment(self):
        invoice = self._invoice(300, "2025-06-20")
        self._pay(invoice, 300, "2025-06-21")
        invoice.button_draft()
        self.assertEqual(self._control(), (0, []))
        self.assertEqual(self._figures(), {"unapplied": 300})
        self.assertEqual(self._open_receivable()[self.customer.id], (0, 0, 300))

    def test_no_entry_of_another_customer_changes_the_picture(self):
        invoice = self._invoice(250, "2025-06-20")
        self._pay(invoice, 250, "2025-08-01").action_draft()
        before = self._figures()
        self._entry(10, "2025-09-01", self._create_customer("Somebody else"))
        self.assertEqual(self._figures(), before)
        self.assertEqual(before, {"1_30": 250})

    def test_a_post_dated_payment_frees_nothing_before_its_date(self):
        invoice = self._invoice(900, "2025-06-20")
        self._pay(invoice, 900, "2025-08-29")
        for ids in (None, self.customer.ids):
            self.assertEqual(self._open_receivable(ids)[self.customer.id], (900, 900, 0))
        self._entry(-40, "2025-09-01", self.customer)
        self.assertEqual(self._open_receivable()[self.customer.id], (900, 900, 0))
        # a later invoice counts at once; cancelled on its own day, it does not
        later = self._invoice(70, "2025-10-01", date="2025-09-01")
        self.assertEqual(self._open_receivable()[self.customer.id], (970, 900, 0))
        credit = self._invoice(-70, "2025-10-01", date="2025-09-01")
        self._receivable_lines(later + credit).reconcile()
        self.assertEqual(self._open_receivable()[self.customer.id], (900, 900, 0))
        with freeze_time("2025-08-30"):
            self.assertNotIn(self.customer.id, self._open_receivable(self.customer.ids))

    def test_a_dispute_is_aged_and_no_past_due(self):
        self._invoice(400, "2025-06-01")
        disputed = self._invoice(150, "2025-05-01")
        disputed.no_followup = True
        # Odoo's default for entries of general journals is no dispute.
        self._entry(60, "2025-06-10", self.customer)
        self.assertEqual(self._figures(), {"1_30": 460, "31_60": 150})
        rows = self.Aged.search([("is_disputed", "=", True)])
        self.assertEqual(rows.move_id, disputed)
        self.assertEqual(self._open_receivable()[self.customer.id], (610, 460, 0))
        [row] = self.env["bizuno.aged.customer"].search([("amount_disputed", "!=", 0)])
        self.assertEqual((row.amount_disputed, row.balance), (150, 610))

    def test_a_bookkeeper_puts_an_invoice_in_dispute_on_its_page(self):
        invoice = self._invoice(310, "2025-05-05")
        form = Form(invoice.with_user(self.users["bookkeeper"]), view="account.view_move_form")
        self.assertFalse(form.no_followup)
        form.no_followup = True
        form.save()
        [row] = self._rows()
        self.assertTrue(row.is_disputed)
        self.assertEqual(self._open_receivable()[self.customer.id], (310, 0, 0))
        self.customer.invalidate_recordset()
        self.assertRegex(
            self.customer.aged_summary,
            r"310.00 past due in 1 document, \d+ days late\. In dispute: \$.310.00 of it\.$",
        )
        for person, is_shown in (("bookkeeper", True), ("rep", False)):
            moves = self.env["account.move"].with_user(self.users[person])
            arch = moves.get_view(self.env.ref("account.view_move_form").id, "form")["arch"]
            self.assertEqual('name="no_followup"' in arch, is_shown, person)

    def test_a_credit_memo_is_never_late(self):
        self._invoice(400, "2025-06-01")
        credit = self._invoice(-50, "2025-05-01")
        [row] = self._rows().filtered(lambda row: row.move_id == credit)
        self.assertEqual((row.days_late, row.bucket), (0, "31_60"))
        self.assertEqual(self.customer.aged_past_due, 350)
        self.assertRegex(self.customer.aged_summary, r"400.00 past due in 1 document, 29 days late")
        self.assertRegex(self.customer.aged_summary, r" Less credit notes of \$.50.00\.$")

    def test_commission_is_for_money_not_for_what_was_written_off(self):
        company, rep = self.env.company, self.users["rep"]
        company.commission_basis, rep.commission_rate = "paid", 10
        invoice = self._invoice(1000, "2025-06-01", invoice_user_id=rep.id)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "amount": 260,
                    "journal_id": self.bank.id,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.company_data["default_account_expense"].id,
                }
            )
        )
        wizard._create_payments()
        self.assertFalse(invoice.amount_residual)
        self.assertEqual(self._sales(invoice), (260, 26))
        netted = self._invoice(300, "2025-06-01", invoice_user_id=rep.id)
        entry = self._entry(
            -300, "2025-06-02", self.customer, account=self.company_data["default_account_expense"]
        )
        self._receivable_lines(netted + entry).reconcile()
        self.assertEqual(self._sales(netted), (0, 0))
        part = self._invoice(500, "2025-06-01", invoice_user_id=rep.id)
        self._pay(part, 200, "2025-06-03")
        self.assertEqual(self._sales(part), (200, 20))
        self._pay(part, 300, "2025-06-04").action_draft()
        self.assertEqual(self._sales(part), (200, 20))
        credited = self._invoice(90, "2025-06-01", invoice_user_id=rep.id)
        credit = self._invoice(-90, "2025-06-01", invoice_user_id=rep.id)
        self._receivable_lines(credited + credit).reconcile()
        self.assertEqual(self._sales(credited), (90, 9))
        self.assertEqual(self._sales(credit), (-90, -9))

    def _sales(self, move):
        self.env.flush_all()
        self.env.invalidate_all()
        row = self.env["bizuno.rep.sales"].browse(move.id)
        return row.amount_paid, row.commission

    def test_calls_are_planned_without_figures_and_not_about_disputes(self):
        quay = self._create_customer("Quay Traders")
        self._invoice(400, "2025-06-01")
        self._invoice(98765, "2025-06-01", quay).no_followup = True
        bookkeeper = self.users["bookkeeper"]
        wizard = self.env["bizuno.aging.activity"].with_user(bookkeeper)
        planned = wizard.create({"partner_ids": [(6, 0, (self.customer + quay).ids)]})
        message = planned.action_plan()["params"]["message"]
        self.assertIn("1 activity was planned.", message)
        self.assertIn("Quay Traders", message)
        [activity] = self.customer.activity_ids
        self.assertFalse(quay.activity_ids)
        self.assertNotRegex(f"{activity.summary} {activity.note}", r"\d{3}")
