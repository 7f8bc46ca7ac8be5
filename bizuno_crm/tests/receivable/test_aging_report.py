import io
from datetime import date, datetime

import lxml.etree
import lxml.html
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ...logic.aging import AMOUNTS
from ...reports.receivable import aged_receivable_xlsx, bizuno_aged_report_rows_mixin
from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingReport(AgingCommon):
    """The report's screen, PDF and XLSX show one set of rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("=cmd|' /C calc'!A0", ref="@QUAY")
        cls.customer.user_id = cls.users["rep"]
        invoice = cls._invoice(1234.56, "2025-05-10", date="2025-04-10", ref="+PO 7")
        cls._pay(invoice, 234.56, "2025-06-20")
        cls._invoice(-100, "2025-06-01")
        cls._invoice(77.7, "2025-07-15", cls.other, date="2025-06-15")
        cls._entry(-20, "2025-06-25", cls.other)
        cls._entry(50, "2025-01-01")

    def _report(self, **values):
        return self.env["bizuno.aged.receivable.report"].create(values)

    def _screen(self, report):
        action = report.action_open()
        aged = self.env[action["res_model"]].with_context(**action["context"])
        rows = aged.search(action["domain"])
        return {name: round(sum(rows.mapped(name)), 2) for name in AMOUNTS}, len(rows)

    def _sheet(self, report):
        import openpyxl  # noqa: PLC0415

        stream = io.BytesIO()
        aged_receivable_xlsx.write(report, stream)
        stream.seek(0)
        cached = openpyxl.load_workbook(stream, data_only=True).active
        stream.seek(0)
        return cached, openpyxl.load_workbook(stream).active

    def _text(self, report):
        sections = report._get_sections()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "bizuno_crm.report_aged_receivable_document", report.ids
        )
        return sections, html.decode()

    def test_what_is_past_due_is_the_same_on_screen_and_paper(self):
        self._invoice(310, "2025-08-10", date="2025-06-15")
        for detail in ("detail", "summary"):
            report = self._report(detail=detail, only_past_due=True)
            sums, _count = self._screen(report)
            columns = zip(*(row.amounts for row in report._iter_rows()), strict=True)
            printed = [sum(column) for column in columns]
            self.assertEqual(list(sums.values()), [round(amount, 2) for amount in printed])
            self.assertEqual((sums["amount_current"], sums["amount_total"]), (0, 950))

    def test_a_company_of_a_group_has_an_account_of_its_own(self):
        self.customer.is_company = True
        north = self._create_customer("North", parent_id=self.customer.id, is_company=True)
        person = self._create_customer("Kim", parent_id=self.customer.id)
        offered = self.env["res.partner"].search(
            Domain(self._report()._fields["partner_ids"].domain)
            & Domain("id", "in", (self.customer + north + person).ids)
        )
        self.assertEqual(offered, self.customer + north)

    def test_who_may_see_nothing_gets_no_paper_of_zeros(self):
        report = self._report().with_user(self.users["rep"]).create({})
        render = report.env["ir.actions.report"]._render_qweb_html
        with self.assertRaisesRegex(AccessError, "You may not see what customers of"):
            render("bizuno_crm.report_aged_receivable_document", report.ids)
        self.env.company.aging_reps_see_own = True
        html, _kind = render("bizuno_crm.report_aged_receivable_document", report.ids)
        self.assertIn("900.00", html.decode())

    def test_only_the_list_is_grouped_at_first(self):
        """A phone shows cards: grouped, it would get a column of them for each customer."""
        for name, group in (("aged_customer", None), ("rep_sales", "user_id")):
            action = self.env.ref(f"bizuno_crm.bizuno_{name}_action")
            self.assertNotIn("group_by", action.context)
            views = self.env[action.res_model].get_views(action.views)["views"]
            for kind, expected in (("list", group), ("kanban", None)):
                arch = lxml.etree.fromstring(views[kind]["arch"])
                self.assertEqual(arch.get("default_group_by"), expected)

    def test_xlsx_equals_the_screen_to_the_cent(self):
        for values in (
            {},
            {"date": "2025-06-10"},
            {"date": "2025-12-31", "aging_basis": "invoice_date"},
            {"detail": "summary"},
            {"only_past_due": True},
            {"partner_ids": [(6, 0, self.other.ids)]},
        ):
            report = self._report(**values)
            sums, count = self._screen(report)
            cached, formulas = self._sheet(report)
            width = cached.max_column
            head = [cell.value for cell in cached[4]]
            self.assertEqual(head[-len(AMOUNTS) :], report._get_labels())
            body = [
                row
                for row in cached.iter_rows(min_row=5, values_only=True)
                if row[0] and row[width - 1] is not None and row[0] != "Total"
            ]
            for position, name in enumerate(AMOUNTS):
                column = width - len(AMOUNTS) + position
                self.assertAlmostEqual(sum(row[column] for row in body), sums[name], 2, values)
            total = next(
                r for r in cached.iter_rows(min_row=5, values_only=True) if r[0] == "Total"
            )
            self.assertEqual(
                [round(v, 2) for v in total[-len(AMOUNTS) :]], [sums[name] for name in AMOUNTS]
            )
            if report.detail == "detail":
                self.assertEqual(len(body), count)
            texts = [
                row[-1].value for row in formulas.iter_rows(min_row=5) if row[0].value == "Total"
            ]
            self.assertTrue(texts[0].startswith("=SUBTOTAL(109,"))

    def test_xlsx_has_numbers_dates_a_filter_and_text_that_stays_text(self):
        cached, sheet = self._sheet(self._report())
        self.assertEqual(sheet.freeze_panes, "B5")
        self.assertTrue(sheet.auto_filter.ref.startswith("A4:"))
        rows = list(sheet.iter_rows(min_row=5))
        evil = next(row for row in rows if row[0].value == self.other.name)
        self.assertEqual(evil[0].data_type, "s")
        self.assertEqual(evil[1].value, "@QUAY")
        po = next(row for row in rows if row[4].value == "+PO 7")
        self.assertEqual(po[4].data_type, "s")
        self.assertIsInstance(po[5].value, datetime)
        self.assertEqual(po[5].value.date(), date(2025, 4, 10))
        self.assertIsInstance(po[7].value, int)
        self.assertEqual(po[-1].value, 1000)

    def test_a_payment_is_never_due(self):
        report = self._report()
        payment = {row.reference: row for row in report._iter_rows() if row.amounts[-2]}
        self.assertEqual([(row.date_due, row.days_late) for row in payment.values()], [(None, 0)])
        [name] = payment
        cached, _sheet = self._sheet(report)
        [line] = [row for row in cached.iter_rows(min_row=5) if row[3].value == name]
        self.assertEqual((bool(line[5].value), line[6].value), (True, None))
        [cells] = lxml.html.fromstring(self._text(report)[1]).xpath(
            f"//tr[td[contains(., '{name}')]]"
        )
        texts = [cell.text_content().strip() for cell in cells]
        self.assertEqual(texts[2:5], ["06/25/2025", "", ""])

    def test_figures_of_a_customer_are_rounded(self):
        customer = self._create_customer("Cents")
        self._invoice(0.1, "2025-07-15", customer, date="2025-06-15")
        self._invoice(0.2, "2025-06-01", customer)
        report = self._report(detail="summary", partner_ids=[(6, 0, customer.ids)])
        [row] = report._iter_rows()
        self.assertEqual(row.amounts, (0.1, 0.2, 0.0, 0.0, 0.0, 0.0, 0.3, 0.0, 0.3))

    def test_pdf_lines_equal_the_screen_and_state_the_ledger(self):
        for values in ({}, {"date": "2025-06-10"}, {"detail": "summary"}):
            report = self._report(**values)
            sums, _count = self._screen(report)
            sections, html = self._text(report)
            lines = [line for section in sections for line in section["lines"]]
            items = [line for line in lines if line["kind"] == "item"]
            for position, name in enumerate(AMOUNTS):
                shown = sum(line["amounts"][position] for line in items)
                self.assertAlmostEqual(shown, sums[name], 2)
            [total] = [line for line in lines if line["kind"] == "total"]
            [control] = [line["control"] for line in lines if line["kind"] == "control"]
            self.assertEqual(control["difference"], 0)
            self.assertAlmostEqual(control["ledger"], total["amounts"][-1], 2)
            self.assertAlmostEqual(control["ledger"], self._ledger(report.date), 2)
            self.assertEqual(lxml.html.fromstring(html).xpath("count(//*[@class='topage'])"), 1)
            self.assertIn(report._format_amount(total["amounts"][-1], self.env.company), html)

    def test_every_line_of_the_pdf_fills_all_columns(self):
        for detail, columns in (("detail", 14), ("summary", 12)):
            _sections, html = self._text(self._report(detail=detail))
            for row in lxml.html.fromstring(html).xpath("//tbody/tr"):
                self.assertEqual(sum(int(cell.get("colspan", 1)) for cell in row), columns)

    def test_pdf_carries_the_figures(self):
        report = self._report()
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("bizuno_crm.report_aged_receivable_document", report.ids)
        )
        self.assertEqual(kind, "pdf")
        text = self._pdf_text(pdf)
        self.assertIn("1,000.00", text)
        self.assertIn("Harbour Supply", text)

    def _pdf_text(self, pdf):
        from odoo.tools.pdf import PdfFileReader  # noqa: PLC0415

        reader = PdfFileReader(io.BytesIO(pdf))
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    def test_filters(self):
        rep = self._report(user_ids=[(6, 0, self.users["rep"].ids)])
        self.assertEqual(self._screen(rep)[0]["balance"], 900)
        tag = self.env["res.partner.category"].create({"name": "Quay"})
        self.other.category_id = tag
        tagged_report = self._report(category_ids=[(6, 0, tag.ids)])
        self.assertEqual(self._screen(tagged_report)[0]["balance"], 57.7)
        late = self._report(only_past_due=True)
        self.assertEqual(self._screen(late)[0]["amount_current"], 0)
        zero = self._create_customer("Even Steven")
        self._invoice(40, "2025-06-01", zero)
        self._entry(-40, "2025-06-01", zero)
        hidden = self._report(hide_zero=True)
        names = {row.partner_name for row in hidden._iter_rows()}
        self.assertNotIn("Even Steven", names)
        self.assertIn("Even Steven", {row.partner_name for row in self._report()._iter_rows()})

    def test_too_long_a_pdf_is_refused_with_the_way_out(self):
        self.patch(bizuno_aged_report_rows_mixin, "MAX_PDF_LINES", 3)
        with self.assertRaisesRegex(UserError, "download the XLSX"):
            self._report().action_print()
        self.assertTrue(self._report(detail="summary").action_print())

    def test_the_page_of_many_prints_its_rows_where_their_documents_are_too_many(self):
        page = self.env["bizuno.aged.customer"].with_user(self.users["bookkeeper"])
        reports = self.env["bizuno.aged.receivable.report"]
        printed = reports.browse(page.action_print()["context"]["active_ids"])
        self.assertEqual(printed.detail, "detail")
        self.patch(bizuno_aged_report_rows_mixin, "MAX_PDF_LINES", 3)
        printed = reports.browse(page.action_print()["context"]["active_ids"])
        self.assertEqual(printed.detail, "summary")
        self.assertIn("One Line per Customer", printed._get_filters_text())

    def test_report_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        report = self.env["bizuno.aged.receivable.report"].with_user(self.users["bookkeeper"])
        with self.assertRaises(AccessError):
            report.create({"company_ids": [(6, 0, other.ids)]})
        forced = report.create({})
        forced.sudo().company_ids = other
        self.env.invalidate_all()
        self.assertEqual({row.company_id for row in forced._iter_rows()}, {self.env.company.id})

    def test_dashboard_data_equals_the_rows(self):
        data = self.Aged.with_user(self.users["bookkeeper"])._get_dashboard_data()
        self.assertTrue(data["visible"])
        rows = self.Aged.search([])
        self.assertAlmostEqual(data["total"], sum(rows.mapped("amount_total")), 2)
        self.assertAlmostEqual(data["past_due"], sum(rows.mapped("amount_past_due")), 2)
        self.assertAlmostEqual(data["unapplied"], 20, 2)
        self.assertEqual([d["name"] for d in data["debtors"]][0], self.customer.display_name)
        self.assertEqual(data["debtors"][0]["amount"], 900)
        self.assertEqual(
            [(d["name"], d["amount"], d["past_due"]) for d in data["debtors"]],
            [(self.customer.display_name, 900, 900), (self.other.display_name, 57.7, 0)],
        )
        self.assertEqual(
            {b["key"]: b["amount"] for b in data["buckets"] if b["amount"]},
            {"current": 77.7, "1_30": -100, "31_60": 1000, "over_120": 50},
        )
        self.assertAlmostEqual(data["past_due_percent"], 100 * 950 / 1027.7)
        self.assertEqual(
            sum(self.Aged.search(data["domain"]).mapped("amount_total")), data["total"]
        )
        self.assertEqual(
            self.Aged.with_user(self.users["rep"])._get_dashboard_data(), {"visible": False}
        )

    def test_dashboard_names_the_ten_largest_debtors(self):
        for number in range(12):
            self._invoice(2000 + number, "2025-06-01", self._create_customer(f"Debtor {number}"))
        in_credit = self._create_customer("In Credit")
        self._invoice(-5000, "2025-06-01", in_credit)
        debtors = self.Aged._get_dashboard_data()["debtors"]
        self.assertEqual(
            [(d["name"], d["amount"]) for d in debtors],
            [(f"Debtor {number}", 2000 + number) for number in range(11, 1, -1)],
        )
        self.assertEqual(self.Aged._get_dashboard_data(limit=3)["debtors"], debtors[:3])

    def test_dashboard_of_a_rep_and_of_nobody(self):
        rep = self.users["rep"]
        self.env.company.aging_reps_see_own = True
        data = self.Aged.with_user(rep)._get_dashboard_data()
        self.assertEqual([d["id"] for d in data["debtors"]], self.customer.ids)
        self.assertEqual((data["total"], data["unapplied"]), (900, 0))
        data = self.Aged.with_user(self.users["sales_manager"])._get_dashboard_data()
        self.assertEqual((data["visible"], data["total"], data["debtors"]), (True, 0, []))


@tagged("post_install", "-at_install")
class TestAgingDownload(AgingCommon, HttpCase):
    """The download's own access check."""

    def _url(self, user):
        report = self.env["bizuno.aged.receivable.report"].with_user(user).create({})
        self.env.flush_all()
        return f"/bizuno_crm/aged_receivable/{report.id}.xlsx"

    def test_who_may_download(self):
        self._invoice(100, "2025-06-01")
        bookkeeper = self.users["bookkeeper"]
        url = self._url(bookkeeper)
        self.authenticate(bookkeeper.login, bookkeeper.login)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        accountant = self.users["accountant"]
        self.authenticate(accountant.login, accountant.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
