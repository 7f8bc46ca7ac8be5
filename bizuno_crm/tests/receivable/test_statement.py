import io
from unittest.mock import patch

import lxml.html
from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestStatement(AgingCommon, MailCase):
    """Statements of account: what they print, and to whom they go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "office@harbour.example"
        cls.customer.ref = "C-1"
        cls.other = cls._create_customer("Quay Traders")
        cls._invoice(150, "2025-05-10", ref="PO 12")
        cls._entry(-30, "2025-06-25", cls.customer)
        cls._invoice(77, "2025-07-10", cls.other, date="2025-06-10")

    def _statement(self, partners, **values):
        return (
            self.env["bizuno.statement"]
            .with_user(self.users["bookkeeper"])
            .create({"partner_ids": [(6, 0, partners.ids)], **values})
        )

    def _html(self, statement):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "bizuno_crm.report_statement_document", statement.ids
        )
        return " ".join(html.decode().replace("\u00a0", " ").split())

    def _text(self, html):
        return " ".join(lxml.html.fromstring(str(html)).text_content().split()).replace(
            "\u00a0", " "
        )

    def test_statement_lists_open_items_with_aging_and_advice(self):
        [[partner, [page]]] = self._statement(self.customer)._get_pages()
        self.assertEqual(partner, self.customer)
        self.assertEqual(page["totals"]["balance"], 120)
        self.assertEqual(page["totals"]["amount_31_60"], 150)
        self.assertEqual(page["totals"]["unapplied"], 30)
        html = self._html(self._statement(self.customer))
        for text in ("PO 12", "C-1", "Remittance Advice", "payment, not yet applied", "05/10/2025"):
            self.assertIn(text, html)

    def test_credit_memos_are_listed_and_taken_off(self):
        memo = self._invoice(-40, "2025-06-20")
        [[_partner, [page]]] = self._statement(self.customer)._get_pages()
        self.assertEqual(page["totals"]["balance"], 80)
        self.assertIn(memo.name, self._html(self._statement(self.customer)))

    def test_statement_of_an_earlier_date(self):
        [[_partner, [page]]] = self._statement(self.customer, date="2025-06-01")._get_pages()
        self.assertEqual(page["totals"]["balance"], 150)
        self.assertEqual(page["totals"]["amount_1_30"], 150)

    def test_what_is_printed_is_of_that_date_too(self):
        invoice = self._invoice(80, "2025-04-10")
        self._pay(invoice, 79, "2025-06-20")
        html = self._html(self._statement(self.customer, date="2025-06-01"))
        row = lxml.html.fromstring(html).xpath(f"//tr[td[contains(., '{invoice.name}')]]/td")
        self.assertEqual(
            [cell.text_content().strip() for cell in row][-3:], ["52", "$ 80.00", "$ 80.00"]
        )

    def test_printing_costs_no_more_queries_for_more_rows(self):
        def count():
            statement = self.env["bizuno.statement"].create({"partner_ids": self.customer.ids})
            self._html(statement)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._html(statement)
            return self.env.cr.sql_log_count - before

        few = count()
        for _number in range(20):
            self._invoice(10, "2025-06-01")
        self.assertLessEqual(count(), few)

    def test_many_customers_in_one_document_without_those_who_owe_nothing(self):
        nobody = self._create_customer("Nobody Inc")
        pages = self._statement(self.customer + self.other + nobody)._get_pages()
        self.assertEqual([page[0] for page in pages], [self.customer, self.other])

    def test_query_count_does_not_grow_with_the_customers(self):
        many = self.customer + self.other
        for number in range(8):
            many += self._create_customer(f"Customer {number}")
            self._invoice(10, "2025-06-01", many[-1])

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["res.partner"]._get_statements(partners.ids, "2025-06-30")
            return self.env.cr.sql_log_count - before

        few = count(self.customer)
        self.assertLessEqual(count(many), few)

    def test_pdf(self):
        from odoo.tools.pdf import PdfFileReader  # noqa: PLC0415

        statement = self._statement(self.customer + self.other)
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("bizuno_crm.report_statement_document", statement.ids)
        )
        self.assertEqual(kind, "pdf")
        reader = PdfFileReader(io.BytesIO(pdf))
        self.assertEqual(len(reader.pages), 2)
        text = " ".join(reader.pages[0].extract_text().replace("\u00a0", " ").split())
        self.assertIn("Harbour Supply", text)
        self.assertIn("120.00", text)

    def _lines(self):
        return self.env["bizuno.statement.mailing.line"].sudo().search([], order="id desc")

    def test_one_email_per_customer_kept_where_only_readers_of_figures_look(self):
        statement = self._statement(self.customer + self.other, note="Thank you for your business")
        with self.mock_mail_gateway():
            result = statement.action_send()
        self.assertEqual(len(self._new_mails), 1)
        self.assertIn("Quay Traders", result["params"]["message"])
        self.assertIn("1 statement is on its way to office@harbour", result["params"]["message"])
        line = self._lines().filtered(lambda line: line.partner_id == self.customer)
        self.assertEqual((line.state, line.email), ("sent", "office@harbour.example"))
        mail = line.mail_id
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("Thank you for your business", mail.body_html)
        self.assertEqual(mail.attachment_ids.mapped("mimetype"), ["application/pdf"])
        # the customer's log, which everybody reads, has neither statement nor figure
        note = self.customer.message_ids[0]
        self.assertIn("was sent to office@harbour.example", note.body)
        self.assertNotIn("120", note.body)
        messages = (self.customer + self.other).message_ids
        self.assertFalse(messages.attachment_ids)
        everybodys = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )
        self.assertFalse(everybodys.filtered(lambda file: file.mimetype == "application/pdf"))
        attachment = mail.attachment_ids
        for person, may_read in (("bookkeeper", True), ("employee", False), ("rep", False)):
            own = attachment.with_user(self.users[person])
            own.invalidate_recordset()
            self.assertEqual(own.has_access("read"), may_read, person)
        url = line.with_user(self.users["bookkeeper"]).action_open_pdf()["url"]
        self.assertIn(str(attachment.id), url)
        with self.assertRaises(AccessError):
            line.with_user(self.users["employee"]).action_open_pdf()

    def test_the_email_says_how_much_where_to_look_and_whom_to_call(self):
        self.customer.user_id = self.users["rep"]
        self.users["rep"].phone = "+1 555 0177"
        self.users["bookkeeper"].phone = "+1 555 0111"
        disputed = self._invoice(40, "2025-05-01")
        disputed.no_followup = True
        with self.mock_mail_gateway():
            self._statement(self.customer).action_send()
        text = " ".join(
            lxml.html.fromstring(str(self._lines()[0].mail_id.body_html)).text_content().split()
        ).replace("\u00a0", " ")
        self.assertIn(
            "Balance $ 160.00. Past due, please pay: $ 120.00. In dispute: $ 40.00.", text
        )
        self.assertIn("+1 555 0177", text)
        self.assertIn("+1 555 0111", text)
        self.assertNotIn("Your Contact", text)
        self.assertIn("/my/statement", self._lines()[0].mail_id.body_html)

    def test_what_is_in_dispute_is_marked_and_not_asked_for(self):
        invoice = self._invoice(60, "2025-04-01")
        invoice.no_followup = True
        memo = self._invoice(-25, "2025-03-01")
        [[_partner, [block]]] = self._statement(self.customer)._get_pages()
        totals = block["totals"]
        self.assertEqual((totals["balance"], totals["disputed"]), (155, 60))
        # neither what is in dispute nor what has been paid already
        self.assertEqual(totals["unapplied"], 30)
        self.assertEqual(totals["amount_past_due"] - totals["amount_asked"], 60 + 30)
        lines = {line["document"]: line for line in block["lines"]}
        self.assertTrue(lines[invoice.name]["is_disputed"])
        self.assertEqual(lines[memo.name]["days_late"], 0, "a credit is never late")
        self.assertIn("(in dispute)", self._html(self._statement(self.customer)))
        activity = self._statement(self.customer, kind="activity", date_from="2025-01-01")
        [[_partner, [block]]] = activity._get_pages()
        self.assertEqual(
            [line["document"] for line in block["lines"] if line["is_disputed"]], [invoice.name]
        )
        self.assertEqual(self._html(activity).count("(in dispute)"), 1)

    def test_a_block_for_each_currency_that_the_customer_is_billed_in(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.5)])
        invoice = self._invoice(90, "2025-05-31", currency_id=euro.id, date="2025-05-01")
        self._pay(invoice, 30, "2025-06-02")
        [[_partner, blocks]] = self._statement(self.customer)._get_pages()
        self.assertEqual([block["currency"].name for block in blocks], ["USD", "EUR"])
        dollars, euros = (block["totals"] for block in blocks)
        self.assertEqual((dollars["balance"], dollars["amount_31_60"]), (120, 150))
        self.assertEqual((euros["balance"], euros["amount_1_30"]), (60, 60))
        [line] = blocks[1]["lines"]
        self.assertEqual((line["original"], line["amount"]), (90, 60))
        text = self._text(self._html(self._statement(self.customer)))
        self.assertIn("Amounts in EUR", text)
        self.assertRegex(text, r"Past due, please pay: (€ ?60\.00|60\.00 ?€)")

    def test_activity_of_a_period(self):
        early = self._invoice(500, "2025-04-30", date="2025-04-01", ref="PO 4")
        self._pay(early, 200, "2025-04-20")
        later = self._pay(early, 300, "2025-06-05")
        memo = self._invoice(-20, "2025-06-12")
        statement = self._statement(
            self.customer, kind="activity", date_from="2025-06-01", date="2025-06-30"
        )
        [[_partner, [block]]] = statement._get_pages()
        self.assertEqual(block["opening"], 450)
        self.assertEqual(
            [(line["kind"], line["amount"], line["balance"]) for line in block["lines"]],
            [("payment", -300, 150), ("credit_memo", -20, 130), ("entry", -30, 100)],
        )
        self.assertEqual(block["totals"]["balance"], 100, "closing balance is what is open")
        printed = self._text(self._html(statement))
        for text in ("Opening Balance $ 450.00", "Closing Balance $ 100.00", later.name, memo.name):
            self.assertIn(text, printed)
        with self.assertRaisesRegex(ValidationError, "after its last day"):
            self._statement(
                self.customer, kind="activity", date_from="2025-07-01", date="2025-06-30"
            )

    def test_activity_in_two_currencies_ends_with_what_is_open_in_each(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.5)])
        invoice = self._invoice(90, "2025-05-31", currency_id=euro.id, date="2025-05-01")
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2025-06-02", "journal_id": self.bank.id,
                     "currency_id": self.env.company.currency_id.id, "amount": 80})
        )  # fmt: skip
        register._create_payments()
        statement = self._statement(self.customer, kind="activity", date_from="2025-05-15")
        [[_partner, blocks]] = statement._get_pages()
        for block in blocks:
            lines = block["lines"]
            closing = lines[-1]["balance"] if lines else block["opening"]
            self.assertAlmostEqual(closing, block["totals"]["balance"], 2, block["currency"].name)
        self.assertEqual([block["totals"]["balance"] for block in blocks], [120, 50])

    def test_the_accounts_receivable_contact_gets_it(self):
        contact = self._create_customer(
            "Accounts Receivable",
            parent_id=self.customer.id,
            type="other",
            email="ar@harbour.example",
        )
        self.assertEqual(self.customer._get_statement_recipient(), contact)

    def test_nobody_with_an_address_is_refused(self):
        with self.assertRaisesRegex(UserError, "Quay Traders has no valid e-mail address"):
            self._statement(self.other).action_send()

    def test_statement_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["bizuno_crm"], ["fr_FR"])
        self.customer.lang = "fr_FR"
        html = self._html(self._statement(self.customer + self.other))
        self.assertEqual(html.count("Relevé de compte"), 1)
        self.assertEqual(html.count("Statement of Account"), 1)
        self.assertIn("10/05/2025", html)

    def test_from_the_report_and_from_a_selection(self):
        report = self.env["bizuno.aged.receivable.report"].create({"date": "2025-06-20"})
        context = report.action_send_statements()["context"]
        self.assertEqual(set(context["default_partner_ids"]), {self.customer.id, self.other.id})
        self.assertEqual(context["default_date"], "2025-06-20")
        rows = self._rows()
        self.assertEqual(
            rows.action_send_statements()["context"]["default_partner_ids"], self.customer.ids
        )

    def test_collection_is_planned_for_the_rep(self):
        self.customer.user_id = self.users["rep"]
        plan = (
            self.env["bizuno.aging.activity"]
            .with_user(self.users["bookkeeper"])
            .create(
                {
                    "partner_ids": [(6, 0, (self.customer + self.other).ids)],
                    "date_deadline": "2025-07-02",
                }
            )
        )
        plan.action_plan()
        call = self.customer.activity_ids
        self.assertRecordValues(
            call, [{"user_id": self.users["rep"].id, "summary": "Past due receivables"}]
        )
        self.assertEqual(str(call.date_deadline), "2025-07-02")
        self.assertNotIn("days late", call.note, "who may not see figures reads activities")
        self.assertEqual(self.other.activity_ids.user_id, self.users["bookkeeper"])

    def test_a_statement_is_made_by_who_sees_its_figures(self):
        """An empty page would tell the customer that nothing is owed."""
        rep = self.users["rep"]
        self.customer.user_id = rep
        self.env.company.aging_reps_see_own = True
        self._statement(self.customer).with_user(rep).create(
            {"partner_ids": self.customer.ids}
        ).action_print()
        for partners in (self.other, self.customer + self.other):
            statement = self.env["bizuno.statement"].with_user(rep).create(
                {"partner_ids": partners.ids}
            )  # fmt: skip
            for make in (statement.action_print, statement.action_send, statement._get_pages):
                with self.assertRaisesRegex(AccessError, "Quay Traders.*“Receivables: Read”"):
                    make()

    def test_more_than_one_pdf_can_take_is_said_before_it_is_tried(self):
        others = [self._create_customer(f"Many {number}") for number in range(2)]
        for partner in others:
            self._invoice(10, "2025-05-01", partner)
        statement = self._statement(self.customer.union(*others))
        with (
            patch("odoo.addons.bizuno_crm.wizards.receivable.bizuno_statement._PRINTED", 2),
            self.assertRaisesRegex(UserError, "3 statements .* up to 2 customers"),
        ):
            statement.action_print()
        self.assertTrue(self._statement(self.customer + others[0]).action_print())

    def test_sending_needs_more_than_reading(self):
        reader = new_test_user(
            self.env, "statement_reader",
            "account.group_account_readonly,base.group_partner_manager",
            company_id=self.env.company.id, company_ids=[(6, 0, self.env.companies.ids)],
        )  # fmt: skip
        statement = self.env["bizuno.statement"].with_user(reader).create(
            {"partner_ids": self.customer.ids}
        )  # fmt: skip
        self.assertTrue(statement.action_print())
        with self.assertRaisesRegex(AccessError, "not send it.*“Receivables: Add”"):
            statement.action_send()
        reader.group_ids += self.env.ref("bizuno_crm.group_receivable_add")
        with self.mock_mail_gateway():
            statement.action_send()
