from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestHistory(AgingCommon):
    """The history of a customer, the sales of a rep, and who may see either."""

    def _order(self, amount, confirm=True, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "client_order_ref": "PO 77",
                "date_order": "2025-06-02 12:00:00",
                "order_line": [
                    Command.create(
                        {"product_id": self.product_a.id, "price_unit": amount, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _history(self, kind):
        return self.customer.history_ids.filtered(lambda row: row.kind == kind)

    def test_an_order_of_late_in_the_evening_is_of_that_day(self):
        order = self._order(20, confirm=False, date_order="2025-06-03 02:30:00")
        history = self.env["bizuno.customer.history"].with_user(self.users["bookkeeper"])
        for zone, day in (("America/New_York", "2025-06-02"), ("Europe/Paris", "2025-06-03")):
            [row] = history.with_context(tz=zone).search(
                [("reference", "=", order.name), ("date", "=", day)]
            )
            self.assertEqual(str(row.date), day)

    def test_every_kind_of_document(self):
        quotation = self._order(10, confirm=False)
        self._order(20, confirm=False).with_context(disable_cancel_warning=True).action_cancel()
        order = self._order(30)
        invoice = self._invoice(100, "2025-05-31", date="2025-05-01", ref="PO 1")
        memo = self._invoice(-40, "2025-06-01")
        payment = self._pay(invoice, 100, "2025-06-10")
        open_invoice = self._invoice(60, "2025-06-15")
        self._pay(open_invoice, 25, "2025-06-20")
        self.env.invalidate_all()
        self.assertRecordValues(
            self._history("quotation"),
            [{"reference": quotation.name, "amount_total": 10, "customer_reference": "PO 77"}],
        )
        [row] = self._history("order")
        self.assertEqual((row.reference, row.amount_total), (order.name, 30))
        paid = self._history("invoice").filtered(lambda row: row.reference == invoice.name)
        self.assertRecordValues(
            paid,
            [{"amount_total": 100, "amount_open": 0, "customer_reference": "PO 1",
              "payment_days": 10}],
        )  # fmt: skip
        self.assertEqual(str(paid.date_closed), "2025-06-10")
        [still] = self._history("invoice") - paid
        self.assertRecordValues(still, [{"amount_open": 35, "date_closed": False}])
        self.assertRecordValues(
            self._history("credit_memo"),
            [{"reference": memo.name, "amount_total": -40, "amount_open": -40}],
        )
        payments = self._history("payment")
        self.assertEqual(len(payments), 2)
        self.assertIn(payment.name, payments.mapped("reference"))
        self.assertEqual(sum(payments.mapped("amount_open")), 0)
        self.assertEqual(paid.action_open_document()["res_id"], invoice.id)

    def test_who_sees_the_rows_alone_is_told_which_right_opens_the_document(self):
        invoice = self._invoice(100, "2025-05-31")
        payment = self._pay(invoice, 40, "2025-06-10")
        order = self._order(30)
        reader = new_test_user(self.env, "rows_alone", "bizuno_crm.group_receivable_read")
        rows = self._history("invoice") + self._history("payment") + self._history("order")
        for row, rights in zip(
            rows.with_user(reader),
            (
                "“Show Accounting Features - Readonly”|“Accounting: Invoicing”|"
                "“Sales: User: All Documents”",
                "“Accounting: Invoicing”",
                "“Sales: User: All Documents”",
            ),
            strict=True,
        ):
            for opening in (row.action_open_document, row.action_print_document):
                with self.subTest(kind=row.kind), self.assertRaises(AccessError) as refused:
                    opening()
                self.assertIn(row.reference, str(refused.exception))
                for right in rights.split("|"):
                    self.assertIn(right, str(refused.exception))
        item = self.env["bizuno.aged.receivable"].with_user(reader)
        with self.assertRaisesRegex(AccessError, "Accounting: Invoicing"):
            item.search([("move_id", "=", invoice.id)], limit=1).action_open_document()
        self.assertTrue(payment and order)

    def test_a_row_shows_no_number_of_an_invoice_as_the_customers_order(self):
        self._pay(self._invoice(100, "2025-05-31", ref="PO 1"), 100, "2025-06-10")
        self.assertFalse(self._history("payment").customer_reference)

    def test_history_stays_with_the_account_when_a_person_moves(self):
        company, other = self._create_customer("Old Ltd"), self._create_customer("New Ltd")
        (company + other).is_company = True
        kim = self._create_customer("Kim", parent_id=company.id)
        invoice = self._invoice(700, "2025-05-31", kim)
        memo = self._invoice(-70, "2025-05-31", kim)
        payment = self._pay(invoice, 50, "2025-06-10")
        kim.parent_id = other
        self.env.invalidate_all()
        self.assertEqual(company.aged_total, 580)
        rows = company.history_ids
        self.assertEqual(set(rows.mapped("reference")), {invoice.name, memo.name, payment.name})
        self.assertFalse(other.history_ids)

    def test_only_payments_pay(self):
        """Credited, reversed, written off and netted is not paid early."""
        paid = self._invoice(1000, "2025-04-30", date="2025-04-01")
        self._pay(paid, 1000, "2025-06-20")
        credited = self._invoice(400, "2025-04-30", date="2025-04-01")
        memo = self._invoice(-400, "2025-04-02")
        self._receivable_lines(credited + memo).reconcile()
        netted = self._invoice(250, "2025-04-30", date="2025-04-01")
        self._receivable_lines(netted + self._entry(-250, "2025-04-03", self.customer)).reconcile()
        part = self._invoice(900, "2025-05-31", date="2025-05-01")
        self._pay(part, 880, "2025-06-05")
        self._receivable_lines(part + self._entry(-20, "2025-06-29", self.customer)).reconcile()
        self.env.invalidate_all()
        closed = {row.reference: row for row in self._history("invoice")}
        self.assertEqual(closed[paid.name].payment_days, 51)
        self.assertEqual(closed[part.name].payment_days, 5, "the rest was written off later")
        for invoice in (credited, netted):
            self.assertEqual(closed[invoice.name].amount_open, 0)
            self.assertFalse(closed[invoice.name].date_closed)
        self.assertEqual(self.customer.history_paid_count, 2)
        self.assertEqual(self.customer.history_payment_days, 28)
        self.assertEqual(
            self.customer.with_user(self.users["bookkeeper"]).get_history_facts(),
            [
                ["Invoices Paid in the Past Year", "2"],
                ["Average Sale", "$\u00a0950.00"],
                ["Pays on Average", "28.0 days late"],
            ],
        )

    def test_what_a_draft_is_matched_with_is_open(self):
        invoice = self._invoice(1000, "2025-05-31")
        payment = self._pay(invoice, 1000, "2025-06-10")
        payment.action_draft()
        self.env.invalidate_all()
        [row] = self._history("invoice")
        self.assertEqual((row.amount_open, row.date_closed), (1000, False))
        self.assertFalse(self._history("payment"))

    def test_rows_say_what_they_are_now(self):
        """What was read of a row before is not shown after a change."""
        invoice = self._invoice(100, "2025-05-31")
        self.assertEqual(self._history("invoice").amount_open, 100)
        self._pay(invoice, 100, "2025-06-10")
        found = self.env["bizuno.customer.history"].search(
            [("partner_id", "=", self.customer.id), ("kind", "=", "invoice")]
        )
        self.assertEqual(found.amount_open, 0)

    def test_how_a_customer_paid_over_the_past_year(self):
        for amount, due, paid in (
            (100, "2025-03-31", "2025-04-10"),
            (300, "2025-04-30", "2025-04-26"),
            (900, "2024-01-31", "2024-03-01"),
        ):
            self._pay(self._invoice(amount, due, date="2024-01-15"), amount, paid)
        self._invoice(77, "2025-06-01")
        self.env.invalidate_all()
        self.assertRecordValues(
            self.customer,
            [{
                "history_paid_count": 2,
                "history_average_sale": 200,
                "history_payment_days": 3,
                "history_payment_habit": "3.0 days late",
            }],
        )  # fmt: skip

    def test_panel_and_history_of_eighty_cost_as_many_queries_as_of_two(self):
        partners = self.env["res.partner"]
        for number in range(10):
            partners += self._create_customer(f"Customer {number}")
            self._pay(self._invoice(10, "2025-06-01", partners[-1]), 4, "2025-06-05")
            self._pay(self._invoice(10, "2025-06-01", partners[-1]), 10, "2025-06-05")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("aged_total")
            some.mapped("aged_summary")
            some.mapped("history_average_sale")
            some.mapped("is_aging_visible")
            return self.env.cr.sql_log_count - before

        one, two = (partners.browse(partners[:number].ids) for number in (1, 2))
        for some in (partners, one, two):
            count(some)
        self.assertEqual(count(partners), count(two))
        # Of one, both sums ask along with the rest what was undone since.
        self.assertEqual(count(one), count(two) - 2)

    def test_sales_rep_sees_own_customers_only_if_settings_allow(self):
        rep = self.users["rep"]
        self.customer.user_id = rep
        other = self._create_customer("Quay Traders", user_id=self.users["sales_manager"].id)
        self._invoice(100, "2025-06-01")
        self._invoice(50, "2025-06-01", other)
        mine, theirs = self.customer.with_user(rep), other.with_user(rep)
        self.assertFalse(mine.is_aging_visible)
        self.assertEqual(mine.aged_total, 0)
        self.assertFalse(mine.history_ids)
        self.assertFalse(self.env["res.partner"].with_user(rep).search([("aged_total", ">", 0)]))
        self.env.company.aging_reps_see_own = True
        self.env.invalidate_all()
        self.assertTrue(mine.is_aging_visible)
        self.assertFalse(theirs.is_aging_visible)
        self.assertEqual((mine.aged_total, theirs.aged_total), (100, 0))
        self.assertEqual(len(mine.history_ids), 1)
        self.assertFalse(theirs.history_ids)
        self.assertEqual(
            self.env["res.partner"].with_user(rep).search([("aged_total", ">", 0)]), mine
        )
        self.assertEqual(self.Aged.with_user(rep)._get_ledger_reconciliations(), [])

    def test_employee_sees_nothing(self):
        employee = self.users["employee"]
        self._invoice(100, "2025-06-01")
        for model in (
            "bizuno.aged.receivable", "bizuno.customer.history", "bizuno.rep.sales",
            "bizuno.aged.receivable.report", "bizuno.statement", "bizuno.aging.activity",
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                self.env[model].with_user(employee).search([])
        with self.assertRaises(AccessError):
            self.customer.with_user(employee).read(["aged_total"])
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(employee).search([("aged_past_due", ">", 0)])

    def test_nobody_writes_what_is_queried(self):
        self._invoice(100, "2025-06-01")
        row = self._rows().with_user(self.users["accountant"])
        with self.assertRaises(AccessError):
            row.write({"amount_total": 0})
        with self.assertRaises(AccessError):
            row.unlink()

    def test_sales_by_rep_and_commission(self):
        rep, manager = self.users["rep"], self.users["sales_manager"]
        rep.commission_rate = 10
        invoice = self._invoice(200, "2025-06-01", invoice_user_id=rep.id)
        self._pay(invoice, 50, "2025-06-02")
        self._invoice(-40, "2025-06-01", invoice_user_id=rep.id)
        self._invoice(1000, "2025-06-01", invoice_user_id=manager.id)
        sales = self.env["bizuno.rep.sales"].with_user(rep)
        rows = sales.search([])
        self.assertEqual(rows.user_id, rep)
        self.assertEqual(sum(rows.mapped("amount_invoiced")), 160)
        self.assertEqual(sum(rows.mapped("amount_paid")), 50)
        self.assertEqual(sum(rows.mapped("commission")), 16)
        self.env.company.commission_basis = "paid"
        rows = sales.search([])
        self.assertEqual(sum(rows.mapped("commission")), 5)
        everyone = self.env["bizuno.rep.sales"].with_user(self.users["bookkeeper"])
        self.assertEqual(everyone.search([]).user_id, rep + manager)
