import io
import platform
import sys
from pathlib import Path
from unittest.mock import patch

import lxml.html
from odoo.addons.base.models import ir_actions_report
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
        for number in range(80):
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
                for whole in ("1,234,567.00", "1,234,646.00", "98,768,520.00"):
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
