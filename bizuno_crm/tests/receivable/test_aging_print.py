import base64
import io
import platform
import sys
from pathlib import Path
from unittest.mock import patch

import lxml.html
from odoo import Command
from odoo.addons.base.models import ir_actions_report
from odoo.tests import freeze_time, tagged
from odoo.tools import file_open

from ..common_aging import AgingCommon

_REPORTS = ("bizuno_crm.report_aged_receivable", "bizuno_crm.report_statement")


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingPrint(AgingCommon):
    """The PDFs with either build of wkhtmltopdf. They differ in what they take: headers, footers
    and several documents in one call are for the patched one alone."""

    def _records(self):
        self._invoice(100, "2025-06-01")
        other = self._create_customer("Quay Traders")
        self._invoice(50, "2025-06-01", other)
        partners = self.customer + other
        return {
            "bizuno_crm.report_aged_receivable": self.env["bizuno.aged.receivable.report"].create(
                {}
            ),
            "bizuno_crm.report_statement": self.env["bizuno.statement"].create(
                {"partner_ids": [(6, 0, partners.ids)]}
            ),
        }

    def _captured(self, xmlid, record):
        """What Odoo would hand to wkhtmltopdf."""
        calls = []

        def run(_report, bodies, **options):
            calls.append((bodies, options))
            return b"%PDF-1.4"

        report = self.env.ref(xmlid)
        with patch.object(self.env.registry["ir.actions.report"], "_run_wkhtmltopdf", run):
            report.with_context(force_report_rendering=True)._render_qweb_pdf(xmlid, record.ids)
        [call] = calls
        return call

    def test_one_body_and_nothing_in_header_and_footer(self):
        for xmlid, record in self._records().items():
            bodies, options = self._captured(xmlid, record)
            # Several bodies are refused by the plain build.
            self.assertEqual(len(bodies), 1, xmlid)
            for name, part in (("header", "headers"), ("footer", "footers")):
                root = lxml.html.fromstring(options[name])
                [box] = root.xpath(f"//div[@id='minimal_layout_report_{part}']")
                self.assertEqual(box.text_content().strip(), "", (xmlid, name))
                self.assertFalse(len(box), (xmlid, name))

    def test_everything_a_reader_needs_is_in_the_body(self):
        records = self._records()
        bodies, _options = self._captured(_REPORTS[0], records[_REPORTS[0]])
        text = " ".join(lxml.html.fromstring(bodies[0]).text_content().split())
        for words in (self.env.company.name, "Page 1 of 1", "06/30/2025", "Total"):
            self.assertIn(words, text)
        bodies, _options = self._captured(_REPORTS[1], records[_REPORTS[1]])
        text = " ".join(lxml.html.fromstring(bodies[0]).text_content().split())
        for words in (self.env.company.name, "Harbour Supply", "Quay Traders", "Payment Advice"):
            self.assertIn(words, text)

    def test_no_option_of_the_patched_build_is_needed(self):
        """Its options are passed by Odoo to the build that knows them."""
        for xmlid in _REPORTS:
            report = self.env.ref(xmlid)
            paper = report.paperformat_id
            self.assertFalse(paper.disable_shrinking)
            self.assertFalse(paper.header_line)
            self.assertEqual(paper.header_spacing, 0)
            self.assertTrue(paper.margin_top >= 8 and paper.margin_bottom >= 8)

    # printed

    def _builds(self):
        """The build that Odoo finds (Debian's, without the patched Qt), and the patched one, which
        the tests' requirements bring for Linux on x86-64.

        :return: {name: what Odoo knows of it}
        """
        builds = {"found": ir_actions_report._wkhtml()}
        if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            builds["patched"] = builds["found"]._replace(
                bin=str(Path(sys.prefix) / "bin" / "wkhtmltopdf-pack"),
                is_patched_qt=True,
                dpi_zoom_ratio=True,
            )
        return builds

    def _printed(self, build, xmlid, record):
        """:return: the texts of the pages"""
        from odoo.tools.pdf import PdfFileReader  # noqa: PLC0415

        with patch.object(ir_actions_report, "_wkhtml", lambda: build):
            pdf, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(xmlid, record.ids)
            )
        pages = PdfFileReader(io.BytesIO(pdf)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def test_pages_printed_are_pages_counted(self):
        for number in range(110):
            self._invoice(1234567 + number, "2025-06-01")
        report = self.env["bizuno.aged.receivable.report"].create({})
        pages = report._get_pages()
        self.assertGreater(len(pages), 2)
        for name, build in self._builds().items():
            with self.subTest(build=name):
                printed = self._printed(build, _REPORTS[0], report)
                self.assertEqual(len(printed), len(pages))
                for number, page in enumerate(printed, start=1):
                    self.assertIn(f"Page {number} of {len(pages)}", page)
                text = " ".join(printed)
                for whole in ("1,234,567.00", "1,234,676.00", "135,808,365.00"):
                    self.assertIn(whole, text, "no figure is cut off")

    def test_a_statement_is_one_page_with_either_build(self):
        for _number in range(20):
            self._invoice(1234567, "2025-06-01")
        record = self.env["bizuno.statement"].create({"partner_ids": [(6, 0, self.customer.ids)]})
        for name, build in self._builds().items():
            with self.subTest(build=name):
                [page] = self._printed(build, _REPORTS[1], record)
                for words in ("24,691,340.00", "Payment Advice", "Amount paid"):
                    self.assertIn(words, page)

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

    def _assert_pages_of_statements(self, partners, **values):
        statement = self.env["bizuno.statement"].create(
            {"partner_ids": [Command.set(partners.ids)], **values}
        )
        statements = [own["sheets"] for _, pages in statement._get_pages() for own in pages]
        sheets = [(len(sheets), sheet) for sheets in statements for sheet in sheets]
        for name, build in self._builds().items():
            printed = self._printed(build, _REPORTS[1], statement)
            self.assertEqual(len(printed), len(sheets), name)
            for text, (count, sheet) in zip(printed, sheets, strict=True):
                self.assertIn(f"Page {sheet['number']} of {count}", text)
                is_last = sheet["number"] == count
                self.assertEqual("Payment Advice" in text, is_last)
                self.assertEqual("Amount paid" in text, is_last)
                self.assertIn("Days Late", text)
                self.assertEqual("Customer number" in text, sheet["number"] == 1)
        return statements

    def test_pages_of_statements_are_numbered(self):
        """Whatever the number of items: the ageing and the payment advice fit on the last page."""
        counts = [1, *range(32, 50), 120]
        partners = self.env["res.partner"].create(
            [{"name": f"Customer of {count}", "role_customer": True} for count in counts]
        )
        self._many_items(list(zip(partners, counts, strict=True)))
        statements = self._assert_pages_of_statements(partners)
        lengths = [len(sheets) for sheets in statements]
        self.assertEqual((lengths[0], lengths[-1]), (1, 3))
        for count, sheets in zip(counts, statements, strict=True):
            self.assertEqual(sum(len(sheet["lines"]) for sheet in sheets), count)

    def test_pages_of_a_statement_with_all_that_takes_room(self):
        company = self.env.company
        company.partner_id.write({
            "street": "1 Very Long Harbour Street", "street2": "Building 7, third floor",
            "city": "Salem", "zip": "01970", "country_id": self.env.ref("base.us").id,
            "state_id": self.env.ref("base.state_us_27").id, "phone": "+1 555 0100",
            "email": "accounts@harbour.example", "vat": "US12345",
        })  # fmt: skip
        company.logo = base64.b64encode(
            file_open("base/static/img/res_company_logo.png", "rb").read()
        )
        self.env["res.partner.bank"].create(
            [
                {"acc_number": f"DE00 1234 {number}", "partner_id": company.partner_id.id}
                for number in range(2)
            ]
        )
        self.customer.write({
            "ref": "C-1", "street": "2 Quay", "street2": "Gate 5", "city": "Boston", "zip": "02101",
            "country_id": self.env.ref("base.us").id,
        })  # fmt: skip
        euro = self.setup_other_currency("EUR")
        for number in range(20):
            self._invoice(100, "2025-06-01", ref=f"PO {number} for the dock at the far end of bay")
            self._invoice(100, "2025-06-01", currency_id=euro.id)
        self._entry(-70, "2025-06-20", self.customer)
        statements = self._assert_pages_of_statements(
            self.customer, note="Please note our new account. " * 8
        )
        self.assertGreater(len(statements[0]), 1)
