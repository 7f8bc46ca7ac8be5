import io

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from ...logic import aging
from ...reports.receivable import aged_receivable_xlsx
from ..common_companies import CompaniesCommon
from ..common_payables import PayablesCommon


@tagged("post_install", "-at_install")
@freeze_time(PayablesCommon.TODAY)
class TestPayablesFigures(PayablesCommon):
    """What we owe, bucket by bucket, against the ledger."""

    def _buckets(self, partner=None, at=None, **context):
        rows = self._payable_rows(partner, at, **context)
        sums = {b.key: sum(rows.mapped(b.amount_field)) for b in aging.BUCKETS}
        sums["unapplied"] = sum(rows.mapped("unapplied"))
        return {key: round(amount, 2) for key, amount in sums.items() if round(amount, 2)}

    def test_a_bill_is_positive_and_ages_by_its_due_date(self):
        for days, bucket in ((-5, "current"), (1, "1_30"), (31, "31_60"), (90, "61_90"),
                             (91, "91_120"), (121, "over_120")):  # fmt: skip
            vendor = self._create_vendor(f"Due {days} days ago")
            bill = self._bill(70.5, self._days_ago(days), vendor, date=self._days_ago(200))
            self.assertEqual(self._buckets(vendor), {bucket: 70.5})
            [row] = self._payable_rows(vendor)
            self.assertEqual((row.move_id, row.days_late), (bill, max(days, -5)))
            self.assertEqual(row.move_type, "in_invoice")
        self.assertEqual(self._buckets(vendor, aging_basis="invoice_date"), {"over_120": 70.5})

    def test_instalments_refunds_and_payments(self):
        bill = self._bill(1000, self._instalments(), date=self._days_ago(40))
        self.assertEqual(self._buckets(), {"31_60": 400, "current": 600})
        self._pay(bill, 150, self._days_ago(10))
        self.assertEqual(sum(self._payable_rows().mapped("balance")), 850)
        self._bill(-80, self._days_ago(5))
        self._pay_vendor(30, self._days_ago(2))
        rows = self._payable_rows()
        self.assertEqual(round(sum(rows.mapped("amount_total")), 2), 770)
        self.assertEqual(round(sum(rows.mapped("unapplied")), 2), 30)
        [refund] = rows.filtered(lambda row: row.move_type == "in_refund")
        self.assertEqual((refund.balance, refund.days_late), (-80, 0))
        [payment] = rows.filtered(lambda row: row.bucket == "unapplied")
        self.assertEqual((payment.balance, payment.amount_total), (-30, 0))
        self.assertEqual(self._owed(self.TODAY), 740)

    def test_receivables_and_payables_of_one_partner_are_apart(self):
        self._invoice(300, self._days_ago(10), self.vendor)
        self._bill(120, self._days_ago(10))
        self.assertEqual(self._buckets(), {"1_30": 120})
        self.assertEqual(self._figures(self.vendor), {"1_30": 300})

    def _make_a_ledger(self):
        other = self._create_vendor("Bolt Brothers")
        yen = self.setup_other_currency("JPY", rounding=1.0)
        paid = self._bill(500, self._days_ago(70), date=self._days_ago(100))
        self._pay(paid, 500, self._days_ago(20))
        part = self._bill(333.33, self._days_ago(50), other, date=self._days_ago(80))
        self._pay(part, 111.11, self._days_ago(30))
        self._bill(1000, self._instalments(), other, date=self._days_ago(65))
        refund = self._bill(-45.05, self._days_ago(15), date=self._days_ago(15))
        later = self._bill(90, self._days_ago(25), date=self._days_ago(60))
        self._match(refund, later)
        self._pay_vendor(77.77, self._days_ago(12), other)
        self._bill(9000, self._days_ago(35), other, date=self._days_ago(90), currency_id=yen.id)
        stated = self._bill(4001, self._days_ago(1), date=self._days_ago(45), currency_id=yen.id)
        self._pay(stated, 3000, self._days_ago(3))
        for amount, days in ((-12.34, 55), (5.01, 22)):
            self._entry(amount, self._days_ago(days), other, account_id=self.payable.id)
        self._bill(10000, self._days_ago(5), post=False)
        return other

    def test_every_date_ties_to_the_ledger_to_the_cent(self):
        other = self._make_a_ledger()
        for days in (0, 2, 5, 13, 18, 21, 31, 48, 61, 95, 150):
            at = self._days_ago(days)
            aged = self.Payable.with_context(aged_at=at)
            [control] = aged._get_ledger_reconciliations()
            self.assertEqual(round(control["ledger"], 2), self._owed(at), at)
            self.assertEqual((control["difference"], control["entries"]), (0, []), at)
            for partner in (self.vendor, other):
                owed = self._owed(at, partner)
                rows = self._payable_rows(partner, at)
                self.assertEqual(round(sum(rows.mapped("balance")), 2), owed, (at, partner.name))
                summed = (
                    self.env["bizuno.aged.vendor"]
                    .with_context(aged_at=at)
                    .search([("partner_id", "=", partner.id)])
                )
                self.assertEqual(round(sum(summed.mapped("balance")), 2), owed, (at, partner.name))
                for name in aging.AMOUNTS:
                    self.assertAlmostEqual(
                        sum(summed.mapped(name)), sum(rows.mapped(name)), 2, (at, name)
                    )
            figures = aged._get_figures([("company_id", "=", self.env.company.id)])
            self.assertEqual(
                round(sum(amounts[-1] for amounts in figures.values()), 2), self._owed(at)
            )

    def test_a_difference_names_its_entry(self):
        line = self._bill(100, self._days_ago(10)).line_ids.filtered(
            lambda one: one.account_id == self.payable
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = -60 WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        [control] = self.Payable._get_ledger_reconciliations()
        self.assertEqual((control["ledger"], control["items"]), (100, 60))
        self.assertEqual(control["entries"], [(line, 40)])

    def test_history(self):
        bill = self._bill(100, self._days_ago(20), date=self._days_ago(50), ref="A-77")
        payment = self._pay(bill, 100, self._days_ago(15))
        self._bill(-30, self._days_ago(10))
        open_payment = self._pay_vendor(12, self._days_ago(5))
        self._invoice(500, self._days_ago(5), self.vendor)
        history = self.env["bizuno.vendor.history"]
        rows = history.search([("partner_id", "=", self.vendor.id)])
        found = {
            (row.kind, row.amount_total, row.amount_open, row.amount_company)
            for row in rows
            if row.kind != "payment"
        }
        self.assertEqual(found, {("bill", 100, 0, 100), ("refund", -30, -30, -30)})
        paid = rows.filtered(lambda row: row.kind == "bill")
        self.assertEqual((str(paid.date_closed), paid.payment_days), (self._days_ago(15), 5))
        self.assertEqual((paid.customer_reference, paid._get_document()), ("A-77", bill))
        payments = {
            row._get_document(): (row.amount_total, row.amount_open)
            for row in rows.filtered(lambda row: row.kind == "payment")
        }
        self.assertEqual(payments, {payment: (100, 0), open_payment: (12, 12)})
        customers = self.env["bizuno.customer.history"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        self.assertEqual(customers.mapped("kind"), ["invoice"])


@tagged("post_install", "-at_install")
@freeze_time(PayablesCommon.TODAY)
class TestPayablesPage(PayablesCommon):
    """Page, PDF and XLSX, as the bookkeeper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_vendor("Bolt Brothers")
        cls._bill(1234.5, "2025-05-10", date="2025-04-10", ref="R-9")
        cls._bill(-34.5, "2025-06-01")
        cls._bill(77.7, "2025-07-15", cls.other, date="2025-06-15")
        cls._pay_vendor(20, "2025-06-25", cls.other)
        cls.Page = cls.env["bizuno.aged.vendor"].with_user(cls.users["bookkeeper"])

    def test_the_head_says_whose_it_is_and_ties_to_the_ledger(self):
        head = self.Page.get_aged_page([])
        self.assertTrue(head["is_payable"] and head["is_everything"])
        self.assertFalse(head["refusal"] or head["hint"] or head["may_send"] or head["may_plan"])
        [company] = head["companies"]
        self.assertAlmostEqual(company["total"], 1277.7)
        self.assertAlmostEqual(company["past_due"], 1200)
        self.assertAlmostEqual(company["balance"], self._owed(self.TODAY))
        self.assertEqual(company["control"]["difference"], 0)
        [then] = self.Page.with_context(aged_at="2025-05-31").get_aged_page([])["companies"]
        self.assertAlmostEqual(then["balance"], 1234.5)

    def test_a_row_opens_its_bills(self):
        [row] = self.Page.search([("partner_id", "=", self.vendor.id)])
        action = row.action_open_items()
        items = self.env[action["res_model"]].with_context(**action["context"])
        found = items.search(action["domain"])
        self.assertEqual((action["res_model"], len(found)), ("bizuno.aged.payable", 2))
        opened = found.filtered(lambda one: one.balance > 0).action_open_document()
        self.assertEqual(opened["res_model"], "account.move")

    def _report(self, **values):
        return (
            self.env["bizuno.aged.payable.report"]
            .with_user(self.users["bookkeeper"])
            .create(values)
        )

    def test_pdf_and_xlsx(self):
        for detail in ("detail", "summary"):
            report = self._report(detail=detail)
            self.assertEqual(report.action_print()["report_name"],
                             "bizuno_crm.report_aged_payable_document")  # fmt: skip
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                "bizuno_crm.report_aged_payable_document", report.ids
            )
            html = html.decode()
            for text in ("Aged Payables as of", "Payable accounts in the ledger", "1,234.50",
                         "Bolt Brothers"):  # fmt: skip
                self.assertIn(text, html)
            for text in ("Receivable", "Customer"):
                self.assertNotIn(text, html)
            stream = io.BytesIO()
            aged_receivable_xlsx.write(report, stream)
            stream.seek(0)
            cells = [
                cell.value
                for row in openpyxl.load_workbook(stream, data_only=True).active.iter_rows()
                for cell in row
            ]
            for value in ("Vendor", "Payable accounts in the ledger", "Open items of all vendors"):
                self.assertIn(value, cells)
            self.assertIn(round(self._owed(self.TODAY), 2), cells)
            self.assertNotIn("Customer", cells)

    def test_the_dialog_shows_what_was_chosen(self):
        form = Form(
            self.env["bizuno.aged.payable.report"].with_user(self.users["bookkeeper"]),
            "bizuno_crm.bizuno_aged_payable_report_view_form",
        )
        form.partner_ids.add(self.other)
        report = form.save()
        action = report.action_open()
        rows = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(rows.search(action["domain"]).partner_id, self.other)
        report.detail = "summary"
        action = report.action_open()
        rows = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(rows.search(action["domain"]).partner_id, self.other)
        self.assertIn("Vendors: Bolt Brothers", report._get_filters_text())

    def test_buttons_take_what_is_searched_or_ticked(self):
        for rows, domain, expected in (
            (self.Page.search([("partner_id", "=", self.other.id)]), [], {"Bolt Brothers"}),
            (self.Page, [("balance", ">", 500)], {"Anvil Works"}),
        ):
            action = rows.with_context(active_domain=domain).action_download_xlsx()
            self.assertIn("/bizuno_crm/aged_payable/", action["url"])
            report = self._report().browse(int(action["url"].split("/")[-1].split(".")[0]))
            self.assertEqual({one.partner_name for one in report._iter_rows()}, expected)

    def test_impossible_dates_are_refused(self):
        with self.assertRaisesRegex(UserError, "choose a date from the year"):
            self.Page.with_context(aged_at="9999-12-31").get_aged_page([])


@tagged("post_install", "-at_install")
@freeze_time(PayablesCommon.TODAY)
class TestPayablesRights(PayablesCommon):
    """With Odoo's rights for vendor bills, and no others."""

    MODELS = (
        "bizuno.aged.payable", "bizuno.aged.vendor", "bizuno.vendor.history",
        "bizuno.aged.payable.report",
    )  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill(100, "2025-05-10")
        cls.auditor = new_test_user(
            cls.env, "bizuno_auditor", groups="account.group_account_readonly"
        )
        cls.reader = new_test_user(
            cls.env, "bizuno_reader", groups="bizuno_crm.group_receivable_full"
        )
        cls.strangers = [
            cls.users["rep"], cls.users["sales_manager"], cls.users["employee"],
            cls.users["bizuno_manager"], cls.reader,
        ]  # fmt: skip

    def test_who_may_read_all_bills_may_see_what_is_owed(self):
        for user in (self.users["bookkeeper"], self.users["accountant"], self.auditor):
            for model in self.MODELS:
                self.assertTrue(self.env[model].with_user(user).has_access("read"), user.login)
            rows = self.Payable.with_user(user).search([])
            self.assertEqual(rows.partner_id, self.vendor)
            vendor = self.vendor.with_user(user)
            self.assertEqual(vendor.aged_payable_1_30 + vendor.aged_payable_31_60, 100)
            self.assertIn(vendor, vendor.search([("aged_payable_total", ">", 99)]))

    def test_who_may_not_is_told_so_and_gets_nothing(self):
        for user in self.strangers:
            for model in self.MODELS:
                records = self.env[model].with_user(user)
                self.assertFalse(records.has_access("read"), (user.login, model))
                with self.assertRaises(AccessError):
                    records.search([("id", ">", 0)])
                with self.assertRaises(AccessError):
                    records._read_group([], [], ["__count"])
            page = self.env["bizuno.aged.vendor"].with_user(user)
            self.assertIn("“", page.get_aged_page([])["refusal"])
            self.assertIn("You may not see what is owed to vendors",
                          page.sudo().get_empty_list_help("<p>No vendor is owed</p>"))  # fmt: skip
            for method in (page.action_print, page.action_download_xlsx):
                with self.assertRaises(AccessError):
                    method()

    def test_the_fields_of_the_vendor(self):
        names = [name for name in self.env["res.partner"]._fields
                 if name.startswith("aged_payable_") or name == "unapplied_debit"]  # fmt: skip
        self.assertEqual(len(names), 10)
        for user in self.strangers:
            vendor = self.vendor.with_user(user)
            self.assertFalse(vendor.fields_get(names))
            for name in names:
                with self.assertRaises(AccessError):
                    vendor.read([name])
                with self.assertRaises(AccessError):
                    vendor.search([(name, ">", 0)])
            for method in (vendor.action_open_aged_payable, vendor.action_open_vendor_history):
                with self.assertRaisesRegex(AccessError, "what is owed to vendors"):
                    method()
            arch = vendor.get_view(view_type="form")["arch"]
            self.assertNotIn("bizuno_payables", arch)
            self.assertNotIn("bizuno_vendor_history", arch)

    def test_menus(self):
        for user, is_shown in (
            (self.users["bookkeeper"], True), (self.auditor, True), (self.users["rep"], False),
            (self.reader, False),
        ):  # fmt: skip
            shown = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            for name in ("", "_aged", "_documents", "_report"):
                menu = self.env.ref(f"bizuno_crm.menu_payables{name}")
                self.assertEqual(menu.id in shown, is_shown, (user.login, menu.name))

    def test_own_contacts_only(self):
        bookkeeper = self.users["bookkeeper"]
        bookkeeper.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        self._bill(55, "2025-05-10", self._create_vendor("Theirs", user_id=self.users["rep"].id))
        self.env.flush_all()
        rows = self.Payable.with_user(bookkeeper)
        self.assertEqual(rows.search([]).partner_id, self.vendor)
        groups = rows._read_group([], ["partner_id"], ["balance:sum"])
        self.assertEqual([(partner.id, owed) for partner, owed in groups], [(self.vendor.id, 100)])
        head = self.env["bizuno.aged.vendor"].with_user(bookkeeper).get_aged_page([])
        self.assertIn("see only", head["hint"])
        self.assertIsNone(head["companies"][0]["control"])

    def test_panel_of_the_vendor(self):
        self._bill(-10, "2025-06-01")
        self._pay_vendor(7, "2025-06-20")
        form = Form(self.vendor.with_user(self.users["bookkeeper"]))
        self.assertEqual((form.aged_payable_total, form.unapplied_debit), (90, 7))
        vendor = self.vendor.with_user(self.users["bookkeeper"])
        for bucket, expected in (("total", 90), ("unapplied", -7), ("31_60", 100), (None, 83)):
            action = vendor.with_context(aged_bucket=bucket).action_open_aged_payable()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(rows.mapped("balance")), expected, bucket)
        self.assertEqual(vendor.search([("aged_payable_past_due", ">", 0)]), vendor)
        self.assertNotIn(vendor, vendor.search([("aged_payable_total", "=", 0)]))
        self.assertIn(self.customer.id, vendor.search([("aged_payable_total", "=", 0)]).ids)

    def test_panels_of_many_cost_as_many_queries_as_of_two(self):
        vendors = self.env["res.partner"]
        for number in range(10):
            vendors += self._create_vendor(f"Vendor {number}")
            self._pay(self._bill(10, "2025-06-01", vendors[-1]), 4, "2025-06-05")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("aged_payable_total")
            some.mapped("unapplied_debit")
            return self.env.cr.sql_log_count - before

        one, two = (vendors.browse(vendors[:number].ids) for number in (1, 2))
        for some in (vendors, one, two):
            count(some)
        self.assertEqual(count(vendors), count(two))
        # Of one, what was undone since is asked along with the rest.
        self.assertEqual(count(one), count(two) - 1)


@tagged("post_install", "-at_install")
@freeze_time(CompaniesCommon.TODAY)
class TestPayablesCompanies(PayablesCommon, CompaniesCommon):
    """Two companies with a currency each: a row is of one, and ties to its ledger."""

    def _bill_in(self, company, amount, partner=None):
        return self._invoice_in(
            company, amount, "2025-05-01", partner or self.vendor, move_type="in_invoice"
        )

    def test_each_company_ties_to_its_own_ledger(self):
        self._bill_in(self.here, 120)
        self._bill_in(self.there, 340.4)
        bookkeeper = self.users["bookkeeper"]
        payable = self._in(self.Payable, *self.both, user=bookkeeper)
        controls = {one["company"]: one for one in payable._get_ledger_reconciliations()}
        for company, owed in ((self.here, 120), (self.there, 340.4)):
            self.assertEqual(self._owed("2025-06-30", company=company), owed)
            self.assertAlmostEqual(controls[company]["items"], owed, 2)
            self.assertEqual(controls[company]["difference"], 0)
        vendor = self.vendor.with_user(bookkeeper)
        self.assertEqual(vendor.with_company(self.here).aged_payable_total, 120)
        self.assertEqual(
            self._in(vendor, self.there).with_company(self.there).aged_payable_total, 340.4
        )
        report = self._in(
            self.env["bizuno.aged.payable.report"], *self.both, user=bookkeeper
        ).create({"company_ids": [Command.set(self.both.ids)], "detail": "summary"})
        self.assertEqual(sorted(row.amounts[-1] for row in report._iter_rows()), [120, 340.4])

    def test_who_is_not_in_a_company_sees_nothing_of_it(self):
        self._bill_in(self.there, 340.4)
        local = self.locals["bookkeeper"]
        for model in ("bizuno.aged.payable", "bizuno.aged.vendor", "bizuno.vendor.history"):
            self.assertFalse(self.env[model].with_user(local).search([]), model)
        self.assertEqual(self.vendor.with_user(local).aged_payable_total, 0)


@tagged("post_install", "-at_install")
class TestPayablesTour(PayablesCommon, HttpCase):
    def test_page_and_panel(self):
        self.TODAY = self.env.cr.now().date().isoformat()
        self._bill(1200, self._days_ago(40), date=self._days_ago(70), ref="AW 12")
        self._bill(-50, self._days_ago(20))
        self._bill(800, self._days_ago(100), self._create_vendor("Bolt Brothers"))
        self.start_tour(
            "/odoo/bizuno-aged-payables", "bizuno_crm_payables", login="bizuno_bookkeeper"
        )
        self.start_tour(
            f"/odoo/contacts/{self.vendor.id}",
            "bizuno_crm_payables_panel",
            login="bizuno_bookkeeper",
        )

    def test_downloads(self):
        self._bill(1200, "2025-05-01")
        self.authenticate("bizuno_bookkeeper", "bizuno_bookkeeper")
        report = (
            self.env["bizuno.aged.payable.report"].with_user(self.users["bookkeeper"]).create({})
        )
        answer = self.url_open(f"/bizuno_crm/aged_payable/{report.id}.xlsx")
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertIn("Aged Payables", book.active.cell(2, 1).value)
