import io
from unittest.mock import patch

import lxml.html
from odoo.tests import freeze_time, tagged

from .common_aging import AgingCommon

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

    def test_pages_printed_are_pages_counted(self):
        from odoo.tools.pdf import PdfFileReader  # noqa: PLC0415

        for number in range(80):
            self._invoice(10 + number, "2025-06-01")
        report = self.env["bizuno.aged.receivable.report"].create({})
        pages = report._get_pages()
        self.assertGreater(len(pages), 2)
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("bizuno_crm.report_aged_receivable_document", report.ids)
        )
        printed = PdfFileReader(io.BytesIO(pdf)).pages
        self.assertEqual(len(printed), len(pages))
        for number, page in enumerate(printed, start=1):
            self.assertIn(f"Page {number} of {len(pages)}", " ".join(page.extract_text().split()))
