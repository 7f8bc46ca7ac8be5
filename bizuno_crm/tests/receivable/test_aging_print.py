import base64
import io
import platform
import re
from unittest.mock import patch

import lxml.html
from odoo import Command
from odoo.addons.base.models import ir_actions_report
from odoo.tests import freeze_time, tagged
from odoo.tools import file_open
from odoo.tools.pdf import PdfFileReader

from ...wizards.receivable import bizuno_statement
from ..common_aging import AgingCommon

_REPORT, _STATEMENT = "bizuno_crm.report_aged_receivable", "bizuno_crm.report_statement"
_LAYOUTS = ("standard", "striped", "boxed", "folder")


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingPrint(AgingCommon):
    """The PDFs on Odoo's own layouts, as the patched build of wkhtmltopdf prints them, which the
    tests' requirements bring for Linux on x86-64."""

    def setUp(self):
        super().setUp()
        if not ir_actions_report._wkhtml().is_patched_qt:
            self.assertNotEqual((platform.system(), platform.machine()), ("Linux", "x86_64"))
            self.skipTest("This build of wkhtmltopdf prints neither heads nor feet.")

    def _report(self, **values):
        return self.env["bizuno.aged.receivable.report"].create(values)

    def _statement(self, partners, **values):
        return self.env["bizuno.statement"].create(
            {"partner_ids": [Command.set(partners.ids)], **values}
        )

    def _printed(self, xmlid, record):
        """:return: the texts of the pages"""
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(xmlid, record.ids)
        )
        pages = PdfFileReader(io.BytesIO(pdf)).pages
        return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages]

    def _runs(self, xmlid, record):
        """:return: what Odoo hands to wkhtmltopdf: [(bodies, options)]"""
        calls, pdf = [], self._blank_pdf()

        def run(_report, bodies, **options):
            calls.append((bodies, options))
            return pdf

        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with patch.object(self.env.registry["ir.actions.report"], "_run_wkhtmltopdf", run):
            report._render_qweb_pdf(xmlid, record.ids)
        return calls

    def _blank_pdf(self):
        from odoo.tools.pdf import PdfFileWriter  # noqa: PLC0415

        writer, stream = PdfFileWriter(), io.BytesIO()
        writer.add_blank_page(100, 100)
        writer.write(stream)
        return stream.getvalue()

    # the lists

    def test_every_page_of_a_list_has_odoos_head_and_the_columns(self):
        for number in range(110):
            self._invoice(1234567 + number, "2025-06-01")
        invoices = self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        self.env.company.name = "Harbour and Quay Trading Company of Salem, Massachusetts"
        for detail, columns in (("detail", "Customer PO"), ("summary", "Salesperson")):
            pages = self._printed(_REPORT, self._report(detail=detail))
            self.assertEqual(len(pages) > 2, detail == "detail")
            for number, page in enumerate(pages, start=1):
                self.assertIn(f"{number} / {len(pages)}", page)
                self.assertIn("Company of Salem", page)
                self.assertIn(columns, page)
                self.assertIn("Unapplied", page)
                self.assertEqual("Aged Receivables as of 06/30/2025" in page, number == 1)
            text = " ".join(pages)
            self.assertIn("135,808,365.00", text, "no figure is cut off")
            if detail == "detail":
                for invoice in invoices:
                    self.assertEqual(text.count(invoice.name), 1, "no row is cut or lost")
                for whole in ("1,234,567.00", "1,234,676.00"):
                    self.assertIn(whole, text)

    def test_a_list_of_two_companies_is_numbered_for_each(self):
        other = self.company_data_2 = self.collect_company_accounting_data(
            self._create_company(name="Quay Holding")
        )
        companies = self.env.company + other["company"]
        self._invoice(100, "2025-06-01")
        report = (
            self.env["bizuno.aged.receivable.report"]
            .with_context(allowed_company_ids=companies.ids)
            .create({})
        )
        pages = self._printed(_REPORT, report)
        self.assertEqual(len(pages), 2)
        for page, company in zip(pages, companies, strict=True):
            self.assertIn(company.name, page)
            self.assertIn("1 / 1", page)

    def test_a_list_lies_across_the_paper_of_the_company(self):
        self._invoice(100, "2025-06-01")
        for paper in ("base.paperformat_euro", "base.paperformat_us"):
            self.env.company.paperformat_id = self.env.ref(paper)
            sizes = {}
            for xmlid, record in (
                (_REPORT, self._report()),
                (_STATEMENT, self._statement(self.customer)),
            ):
                pdf, _kind = (
                    self.env["ir.actions.report"]
                    .with_context(force_report_rendering=True)
                    ._render_qweb_pdf(xmlid, record.ids)
                )
                box = PdfFileReader(io.BytesIO(pdf)).pages[0].mediabox
                sizes[xmlid] = (round(float(box.width)), round(float(box.height)))
            expected = (595, 842) if paper.endswith("euro") else (612, 792)
            for found, wanted in zip(sizes[_STATEMENT], expected, strict=True):
                self.assertAlmostEqual(found, wanted, delta=2)
            self.assertEqual(sizes[_REPORT], sizes[_STATEMENT][::-1])

    # the statements

    def _many_items(self, partners_counts):
        """Open items by the hundred: one entry of the ledger."""
        move = self.env["account.move"].create(
            {
                "date": "2025-06-01",
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": partner.id,
                            "balance": 10 + number,
                            "date_maturity": "2025-06-15",
                        }
                    )
                    for partner, count in partners_counts
                    for number in range(count)
                ]
                + [
                    Command.create(
                        {
                            "account_id": self.revenue.id,
                            "balance": -sum(
                                10 * count + count * (count - 1) / 2 for _, count in partners_counts
                            ),
                        }
                    )
                ],
            }
        )
        move.action_post()

    def _pages_by_customer(self, partners, **values):
        """:return: {customer: the texts of the customer's pages}"""
        pages, found = self._printed(_STATEMENT, self._statement(partners, **values)), {}
        for partner in partners:
            [(number, count)] = re.findall(r"Page (\d+) / (\d+)", pages[0])
            self.assertEqual(number, "1")
            found[partner] = pages[: int(count)]
            pages = pages[int(count) :]
            for at, page in enumerate(found[partner], start=1):
                self.assertIn(f"Page {at} / {count}", page)
        self.assertFalse(pages)
        return found

    def test_pages_of_statements_are_numbered_for_each_customer(self):
        """Whatever the number of items: no row is cut, the heads of the table come again, and
        the payment advice is not torn."""
        counts = [1, 9, 18, 26, 31, 90]
        partners = self.env["res.partner"].create(
            [{"name": f"Customer of {count:03}", "role_customer": True} for count in counts]
        )
        self._many_items(list(zip(partners, counts, strict=True)))
        with patch.object(bizuno_statement, "_PER_RUN", 4):
            found = self._pages_by_customer(partners)
        self.assertEqual(len(found[partners[0]]), 1)
        self.assertGreater(len(found[partners[-1]]), 2)
        for partner, count in zip(partners, counts, strict=True):
            pages = found[partner]
            self.assertIn(partner.name, pages[0])
            for number in range(count):
                amount = f"$ {10 + number}.00"
                with_it = [page for page in pages if amount in page]
                self.assertTrue(with_it, (partner.name, amount))
            for page in pages:
                if "06/15/2025" in page:
                    self.assertIn("Days Late", page, "rows stand below the heads of their columns")
                is_last = page is pages[-1]
                for words in ("Remittance Advice", "Amount paid", "Past due, please pay"):
                    self.assertEqual(words in page, is_last)

    def test_a_run_prints_a_few_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "role_customer": True} for number in range(5)]
        )
        nobody = self.env["res.partner"].create({"name": "Nobody", "role_customer": True})
        self._many_items([(partner, 1) for partner in partners])
        with patch.object(bizuno_statement, "_PER_RUN", 2):
            runs = self._runs(_STATEMENT, self._statement(nobody + partners))
        self.assertEqual([len(bodies) for bodies, _options in runs], [2, 2, 1])
        text = " ".join(body for bodies, _options in runs for body in bodies)
        names = re.findall(r"Customer: <strong>(.*?)</strong>", text)
        self.assertEqual(
            names, partners.mapped("name"), "in their order, who owes nothing left out"
        )

    def test_a_statement_is_on_the_paper_of_the_company(self):
        company = self.env.company
        company.logo = base64.b64encode(
            file_open("base/static/img/res_company_logo.png", "rb").read()
        )
        company.report_footer = "<p>Salem Savings Bank, account 555-0100</p>"
        company.company_details = "<p>1 Harbour Street<br/>Salem</p>"
        self.customer.write({"ref": "C-1", "street": "2 Quay", "city": "Boston"})
        for _number in range(4):
            self._invoice(1234567, "2025-06-01")
        for name in _LAYOUTS:
            layout = self.env.ref(f"web.external_layout_{name}")
            company.external_report_layout_id = layout
            with self.subTest(layout=name):
                [(bodies, options)] = self._runs(_STATEMENT, self._statement(self.customer))
                self.assertEqual(len(bodies), 1)
                head = lxml.html.fromstring(options["header"])
                [logo] = head.xpath("//img[@alt='Logo']/@src")
                self.assertTrue(logo.startswith("data:image/"))
                pages = self._printed(_STATEMENT, self._statement(self.customer))
                for number, page in enumerate(pages, start=1):
                    self.assertIn("Salem Savings Bank, account 555-0100", page)
                    self.assertIn("1 Harbour Street", page)
                    self.assertIn(f"Page {number} / {len(pages)}", page)
                for words in ("Statement of Account", "Harbour Supply", "2 Quay", "C-1"):
                    self.assertIn(words, pages[0])
                text = " ".join(pages)
                for words in ("4,938,268.00", "Remittance Advice", "Amount paid"):
                    self.assertIn(words, text)

    def test_a_statement_in_two_currencies_is_one_document(self):
        euro = self.setup_other_currency("EUR")
        self._invoice(100, "2025-06-01")
        self._invoice(100, "2025-06-01", currency_id=euro.id)
        [(bodies, _options)] = self._runs(_STATEMENT, self._statement(self.customer))
        self.assertEqual(len(bodies), 1)
        pages = self._pages_by_customer(self.customer)[self.customer]
        for page, currency in zip(pages, ("USD", "EUR"), strict=True):
            self.assertIn(f"Amounts in {currency}", page)
            self.assertIn("Remittance Advice", page)

    def test_each_customer_reads_the_own_language(self):
        titles = {
            "de_DE": "Kontoauszug", "fr_FR": "Relevé de compte", "es_ES": "Estado de cuenta",
            "en_US": "Statement of Account", "ar_001": "Statement of Account",
        }  # fmt: skip
        for code in titles:
            self.env["res.lang"]._activate_lang(code)
        self.env["ir.module.module"]._load_module_terms(["bizuno_crm"], list(titles))
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {code}", "lang": code, "role_customer": True} for code in titles]
        )
        self._many_items([(partner, 2) for partner in partners])
        [(bodies, _options)] = self._runs(_STATEMENT, self._statement(partners))
        for body, (code, title) in zip(bodies, titles.items(), strict=True):
            root = lxml.html.fromstring(body)
            self.assertEqual(root.xpath("//h2")[0].text_content().strip(), title)
            direction = "rtl" if code == "ar_001" else "ltr"
            self.assertEqual(root.xpath("//body/@dir"), [direction])
        self.assertEqual(len(self._printed(_STATEMENT, self._statement(partners))), len(titles))

    def test_all_that_takes_room(self):
        self.customer.write({
            "name": "Harbour Supply and Ship Chandlers of the Northern Coast, Incorporated, " * 2,
            "ref": "C-1", "street": "2 Quay", "street2": "Gate 5", "city": "Boston",
        })  # fmt: skip
        for number in range(20):
            self._invoice(100, "2025-06-01", ref=f"PO {number} for the dock at the far end of bay")
        self._entry(-70, "2025-06-20", self.customer)
        pages = self._pages_by_customer(self.customer, note="Please note our new account. " * 8)
        text = " ".join(pages[self.customer])
        self.assertEqual(text.count("far end of bay"), 20)
        self.assertIn("(payment, not yet applied)", text)
        self.assertIn("Please note our new account.", text)
