from unittest.mock import patch

from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..common_companies import CompaniesCommon


@tagged("post_install", "-at_install")
@freeze_time(CompaniesCommon.TODAY)
class TestStatementAccounts(CompaniesCommon, MailCase):
    """Statements and calls about accounts that are not everyday's: closed ones, those of several
    companies, credited ones, whose salesperson has left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"is_company": True, "email": "office@harbour.example"})

    def _dialog(self, action, user="bookkeeper", **values):
        """What a button opens, filled in and saved, as another request finds it."""
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.users[user])
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        dialog = form.save()
        self.env.flush_all()
        self.env.invalidate_all()
        return dialog

    def _statement(self, partners=None, user="bookkeeper", companies=None, **values):
        partners = (partners or self.customer).with_user(self.users[user])
        action = self._in(partners, *(companies or self.here)).action_open_statement()
        if companies:
            action["context"]["allowed_company_ids"] = [company.id for company in companies]
        return self._dialog(action, user, **values)

    def _block(self, **values):
        [[_partner, [block]]] = self._statement(**values)._get_pages()
        return block

    def _line(self):
        lines = self.env["bizuno.statement.mailing.line"].sudo()
        return lines.search([("partner_id", "=", self.customer.id)], order="id desc", limit=1)

    # who is not active any more

    def test_who_is_not_active_any_more_still_gets_a_statement_and_a_call(self):
        self._invoice(310, "2025-05-10")
        self.customer.active = False
        statement = self._statement()
        self.assertEqual(statement.partner_ids, self.customer)
        [[partner, [block]]] = statement._get_pages()
        self.assertEqual((partner, block["totals"]["balance"]), (self.customer, 310))
        with self.mock_mail_gateway():
            statement.action_send()
        self.assertEqual(self._line().state, "sent")
        row = self.env["bizuno.aged.customer"].with_user(self.users["bookkeeper"]).search([])
        self._dialog(row.action_plan_activity()).action_plan()
        self.assertEqual(self.customer.activity_ids.user_id, self.users["bookkeeper"])

    def test_the_report_of_who_is_not_active_any_more(self):
        self._invoice(310, "2025-05-10")
        self._invoice(20, "2025-05-10", self._create_customer("Another"))
        self.customer.active = False
        report = self.env["bizuno.aged.receivable.report"].create(
            {"partner_ids": self.customer.ids, "detail": "summary"}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual([row.amounts[-1] for row in report._iter_rows()], [310])

    # several companies

    def test_a_rep_gets_nothing_of_a_company_that_does_not_allow_it(self):
        self.customer.user_id = self.users["rep"]
        self.here.aging_reps_see_own = True
        self._invoice(130, "2025-05-10")
        self._invoice_in(self.there, 777, "2025-05-12")
        for kind in ("open", "activity"):
            for user, amounts in (("rep", {130}), ("bookkeeper", {130, 777})):
                statement = self._statement(user=user, companies=self.here + self.there, kind=kind)
                [[_partner, blocks]] = statement._get_pages()
                listed = {line["amount"] for block in blocks for line in block["lines"]}
                self.assertEqual(listed, amounts, (user, kind))
        with self.assertRaisesRegex(AccessError, "You may not see what Harbour Supply owes"):
            self._statement(user="rep", companies=self.there)._get_pages()

    # what is asked for

    def test_no_more_is_asked_for_than_is_owed(self):
        """A credit note that is not due yet is the customer's all the same."""
        self._invoice(210, "2025-05-10")
        self._invoice(-90, self.TODAY)
        totals = self._block()["totals"]
        self.assertEqual((totals["amount_past_due"], totals["balance"]), (210, 120))
        self.assertEqual(totals["amount_asked"], 120)
        self._entry(-45, "2025-06-25", self.customer)
        disputed = self._invoice(33, "2025-05-20")
        disputed.no_followup = True
        self._invoice(500, "2025-08-01", date="2025-06-20")
        totals = self._block()["totals"]
        self.assertEqual((totals["amount_asked"], totals["disputed"]), (75, 33))
        self._invoice(-400, self.TODAY)
        self.assertEqual(self._block()["totals"]["amount_asked"], 0)

    def test_a_revaluation_is_no_document_of_the_customers(self):
        pounds = self.setup_other_currency("GBP", rates=[("2025-01-01", 0.5)])
        self._entry(77, "2025-06-01", self.customer, currency_id=pounds.id, amount_currency=0)
        block = self._block()
        self.assertEqual((block["currency"], block["lines"]), (self.here.currency_id, []))
        invoice = self._invoice(60, "2025-06-15", currency_id=pounds.id)
        block = self._block()
        self.assertEqual(block["currency"], pounds)
        self.assertEqual(
            [(line["document"], line["amount"]) for line in block["lines"]], [(invoice.name, 60)]
        )

    # by e-mail

    def test_each_address_is_named(self):
        self.customer.email = "first@harbour.example; Second@Harbour.example"
        self._invoice(15, "2025-05-10")
        with self.mock_mail_gateway():
            self._statement().action_send()
        [mail] = self._mails
        self.assertEqual(len(mail["email_to"]), 2)
        self.assertEqual(self._line().email, "first@harbour.example, second@harbour.example")

    def test_an_email_deleted_on_its_way_was_not_sent(self):
        self._invoice(15, "2025-05-10")
        mails = type(self.env["mail.mail"])
        with patch.object(mails, "send_after_commit", lambda self: None):
            self._statement().action_send()
        line = self._line()
        self.assertEqual(line.state, "queued")
        with self.assertRaises(AccessError):
            line.mail_id.with_user(self.users["bookkeeper"]).unlink()
        line.mail_id.unlink()
        self.assertEqual((line.state, bool(line.error)), ("failed", True))
        self.assertEqual(line.mailing_id.failed_count, 1)
        line.mailing_id.with_user(self.users["bookkeeper"]).action_retry()
        self.assertEqual(line.state, "waiting")

    def test_nobody_is_told_to_call_who_has_left(self):
        rep, bookkeeper = self.users["rep"], self.users["bookkeeper"]
        self.customer.user_id = rep
        self._invoice(15, "2025-05-10")
        row = self.env["bizuno.aged.customer"].with_user(bookkeeper).search([])
        for is_active, names, called in (
            (True, {bookkeeper.name, rep.name}, rep),
            (False, {bookkeeper.name}, bookkeeper),
        ):
            rep.active = is_active
            people = self._statement()._get_people(self.customer.with_user(bookkeeper))
            self.assertEqual({name for name, _phone in people}, names)
            self._dialog(row.action_plan_activity()).action_plan()
            self.assertEqual(self.customer.activity_ids.user_id, called)
            self.customer.activity_ids.unlink()

    def test_what_has_no_customer_is_nobodys_to_pay(self):
        self._entry(40, "2025-06-01")
        row = self.env["bizuno.aged.customer"].with_user(self.users["bookkeeper"]).search([])
        for button in (row.action_send_statements, row.action_plan_activity):
            with self.assertRaisesRegex(UserError, "none of these items has a customer"):
                button()
        self._invoice(15, "2025-05-10")
        rows = row.search([])
        self.assertEqual(len(rows), 2)
        action = rows.action_send_statements()
        self.assertEqual(action["context"]["default_partner_ids"], self.customer.ids)
