import io

import lxml.html
import openpyxl
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..reports.receivable import aged_receivable_xlsx
from .common_aging import AgingCommon
from .common_promo import PromoCommon
from .common_texts import EVIL, find_what_lives


@tagged("post_install", "-at_install")
class TestTextsRendered(PromoCommon, AgingCommon):
    """Chatter, activities, PDF, XLSX and e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evil = cls._create_customer(
            EVIL, ref="=1+1<b>", email="evil@example.com", user_id=cls.users["rep"].id
        )

    def assertShownAsText(self, html, text=EVIL):
        self.assertEqual(find_what_lives(html), [])
        shown = " ".join(lxml.html.fromstring(html or "<p/>").text_content().split())
        self.assertIn(" ".join(text.split()), shown)

    def assertHarmless(self, records):
        """Nothing in the chatter or the activities of the records is alive."""
        messages = records.sudo().message_ids
        for message in messages:
            self.assertEqual(find_what_lives(message.body), [], message.body)
            for value in message.tracking_value_ids:
                self.assertNotIn("1337", f"{value.new_value_char} {value.old_value_char}")
        for activity in records.sudo().activity_ids:
            self.assertEqual(find_what_lives(activity.note), [], activity.note)
        return messages

    def test_log_entries_and_action_codes_in_the_chatter(self):
        code = self.env["bizuno.action.code"].create({"code": "evil", "name": EVIL})
        self.evil.with_user(self.users["rep"]).log_contact_action(code.code, EVIL)
        message = self.assertHarmless(self.evil)[0]
        self.assertShownAsText(message.body)
        self.assertEqual(message.body.count("&lt;script&gt;"), 2, "the code and the notes")

    @freeze_time(AgingCommon.TODAY)
    def test_reminders_become_activities_and_log_entries(self):
        reminder = self.env["bizuno.reminder"].with_user(self.users["rep"]).create({
            "name": EVIL, "note": EVIL, "partner_id": self.evil.id, "date_start": self.TODAY,
        })  # fmt: skip
        with self.enter_registry_test_mode():
            self.env.ref("bizuno_crm.ir_cron_reminder").sudo().method_direct_trigger()
        self.env.invalidate_all()
        activity = reminder.sudo().activity_ids
        self.assertShownAsText(activity.note)
        self.assertEqual(activity.summary, EVIL)
        activity.with_user(self.users["rep"]).action_feedback(feedback=EVIL)
        self.assertHarmless(self.evil)
        self.assertIn(EVIL, self.evil.sudo().contact_log_ids.mapped("notes"))

    def test_reasons_of_holds_approvals_and_closed_projects(self):
        bookkeeper = self.users["bookkeeper"]
        for status in ("hold", "active"):
            self.env["bizuno.account.status.wizard"].with_user(bookkeeper).create(
                {"partner_id": self.evil.id, "status": status, "reason": EVIL}
            ).action_apply()
        self.env.flush_all()
        bodies = self.assertHarmless(self.evil).mapped("body")
        self.assertTrue(any("Account released" in body for body in bodies))
        order = self.env["sale.order"].create({"partner_id": self.evil.id})
        self.env["bizuno.credit.approval"].with_user(self.users["accountant"]).create(
            {"order_id": order.id, "amount": 10, "reason": EVIL}
        )
        [approved] = [
            body for body in self.assertHarmless(order).mapped("body") if "Credit approved" in body
        ]
        self.assertShownAsText(approved)
        project = self.env["bizuno.project"].create({"name": EVIL, "partner_id": self.evil.id})
        self.env["bizuno.project.close"].create(
            {"project_id": project.id, "outcome": "no_opportunity", "reason": EVIL}
        ).action_confirm()
        self.env.flush_all()
        self.assertHarmless(project)
        self.assertEqual(project.close_reason, EVIL)
        project.notes = EVIL
        self.assertEqual(find_what_lives(project.notes, keep=("img",)), [])

    def test_requests_for_an_approval_and_a_warning_of_an_exemption(self):
        company = self.env.company
        company.credit_policy = "approval"
        self.evil.bizuno_terms = "3:2:5:30:1"
        self.evil.account_status = "hold"
        order = self.env["sale.order"].create({
            "partner_id": self.evil.id, "user_id": self.users["rep"].id,
            "order_line": [
                Command.create({"product_id": self.product_a.id, "price_unit": 50})
            ],
        })  # fmt: skip
        request = getattr(order, "action_request_credit_approval", None)
        self.assertTrue(request, "the button of the quotation")
        request()
        self.assertTrue(order.sudo().activity_ids)
        self.assertHarmless(order)
        with freeze_time("2026-03-01"):
            company.bookkeeper_id = self.users["bookkeeper"]
            self.evil.write({
                "tax_exempt": True, "tax_exempt_certificate": EVIL,
                "tax_exempt_expiration": "2026-03-05", "company_id": company.id,
            })  # fmt: skip
            with self.enter_registry_test_mode():
                self.env.ref("bizuno_crm.ir_cron_tax_exempt").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertHarmless(self.evil)
        kind = self.env.ref("bizuno_crm.mail_activity_type_tax_exempt")
        [told] = self.evil.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertShownAsText(told.note)

    def test_a_converted_and_a_merged_lead(self):
        lead = self.env["res.partner"].create({"name": EVIL, "role_lead": True})
        lead.with_user(self.users["rep"]).action_convert_lead_to_customer()
        second = self.env["res.partner"].create(
            {"name": EVIL, "role_lead": True, "email": self.evil.email}
        )
        second._merge_lead_into(self.evil)
        self.assertHarmless(lead + self.evil)

    @freeze_time(AgingCommon.TODAY)
    def test_the_pdf_reports(self):
        self._invoice(100, "2025-05-01", self.evil, ref=EVIL)
        values = {"partner_ids": [Command.set(self.evil.ids)]}
        for model, template, texts in (
            ("bizuno.aged.receivable.report", "report_aged_receivable_document", {}),
            ("bizuno.statement", "report_statement_document", {"note": EVIL}),
        ):
            record = self.env[model].with_user(self.users["bookkeeper"]).create(
                {**values, **texts}
            )  # fmt: skip
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                f"bizuno_crm.{template}", record.ids
            )
            self.assertShownAsText(html.decode())
        for kind in ("summary", "detail"):
            report = self.env["bizuno.aged.receivable.report"].create({**values, "detail": kind})
            for section in report._get_sections():
                self.assertTrue(section["lines"])

    @freeze_time(AgingCommon.TODAY)
    def test_the_workbook(self):
        self._invoice(100, "2025-05-01", self.evil, ref=EVIL)
        self.users["rep"].name = "@SUM(1+1)"
        tag = self.env["res.partner.category"].create({"name": "=1+1"})
        self.evil.category_id = tag
        for detail in ("detail", "summary"):
            report = self.env["bizuno.aged.receivable.report"].create(
                {"detail": detail, "category_ids": [Command.set(tag.ids)]}
            )
            stream = io.BytesIO()
            aged_receivable_xlsx.write(report, stream)
            stream.seek(0)
            cells = [
                cell
                for row in openpyxl.load_workbook(stream).active.iter_rows()
                for cell in row
                if cell.value is not None
            ]
            formulas = [cell.value for cell in cells if cell.data_type == "f"]
            self.assertTrue(formulas)
            for formula in formulas:
                self.assertTrue(formula.startswith("=SUBTOTAL(109,"), formula)
            texts = [cell.value for cell in cells if cell.data_type == "s"]
            self.assertIn(EVIL, texts)
            self.assertIn("=1+1<b>", texts)
            self.assertIn("@SUM(1+1)", texts)

    @freeze_time(AgingCommon.TODAY)
    def test_the_mail_of_a_statement(self):
        self._invoice(100, "2025-05-01", self.evil)
        statement = self.env["bizuno.statement"].with_user(self.users["bookkeeper"]).create(
            {"partner_ids": [Command.set(self.evil.ids)], "note": EVIL}
        )  # fmt: skip
        with self.mock_mail_gateway():
            statement.action_send()
        [mail] = self._mails
        self.assertEqual(mail["email_to"][0].split("<")[-1].rstrip(">"), "evil@example.com")
        self.assertShownAsText(mail["body"])

    def test_the_mail_of_a_promotion(self):
        self._create_contact("Ann")
        promo = self._create_promo(
            name=EVIL,
            subject="Ten percent\r\nBcc: everybody@example.com\n\n<script>",
            body_html=f'<p onclick="window.evil=1">{EVIL}</p><a href="javascript:evil()">x</a>'
            '<svg onload="window.evil=1"/><p t-if="0" T-OUT="7*191">Shown</p>',
        )
        self.assertEqual(promo.subject, "Ten percent Bcc: everybody@example.com <script>")
        promo.action_send()
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        [mail] = self._mails
        self.assertEqual(mail["subject"], promo.subject)
        self.assertNotIn("Bcc", mail["headers"])
        self.assertEqual(find_what_lives(mail["body"], keep=("img",)), [])
        self.assertIn("Shown", mail["body"])
        self.assertIn("{{ 7*191 }} ${7*191}", mail["body"])
        self.assertHarmless(promo)
        self.assertEqual(find_what_lives(promo.body_preview, keep=("img",)), [])
        with self.mock_mail_gateway():
            promo.action_send_test()
        self.assertEqual(find_what_lives(self._mails[0]["body"], keep=("img",)), [])

    def test_a_sender_of_two_lines_is_refused(self):
        for sender in ("sales@example.com\r\nBcc: x@example.com", "\r\n"):
            with self.assertRaisesRegex(ValidationError, "Enter one e-mail address"):
                self._create_promo(email_from=sender)

    def test_names_are_no_templates_in_forms_either(self):
        form = Form(self.env["bizuno.log.action"].with_context(default_partner_id=self.evil.id))
        self.assertNotIn("1337", form.reminder_name)
        self.assertIn("{{ 7*191 }}", form.reminder_name)
