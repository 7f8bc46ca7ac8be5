from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.receivable.bizuno_statement_mailing_line import BizunoStatementMailingLine
from ..common import migrate
from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestStatementMailing(AgingCommon, MailCase):
    """Statements for many customers: in the background, once each, whatever is interrupted."""

    COUNT = 25

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number:02}",
                    "role_customer": True,
                    "is_company": True,
                    "email": f"c{number}@harbour.example",
                }
                for number in range(cls.COUNT)
            ]
        )
        for customer in cls.customers:
            cls._entry(10, "2025-06-01", customer)
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.cron = cls.env.ref("bizuno_crm.ir_cron_statement")

    def _statement(self, partners=None, **values):
        return (
            self.env["bizuno.statement"]
            .with_user(self.bookkeeper)
            .create({"partner_ids": [(6, 0, (partners or self.customers).ids)], **values})
        )

    def test_the_dialog_says_to_whom(self):
        customer = self.customers[:1]
        dialogs = self.env["bizuno.statement"].with_user(self.bookkeeper)
        for partners, expected in (
            (customer, '"Customer 00" <c0@harbour.example>'),
            (self.customers[:2], "2 customers, one e-mail each"),
        ):
            with Form(dialogs.with_context(default_partner_ids=partners.ids)) as form:
                self.assertEqual(form.recipient, expected)
        self.env["res.partner"].create(
            {"name": "Accounts Receivable", "parent_id": customer.id, "email": "ap@c0.example"}
        )
        with Form(dialogs.with_context(default_partner_ids=customer.ids)) as form:
            self.assertEqual(form.recipient, '"Accounts Receivable" <ap@c0.example>')
        customer.child_ids.unlink()
        customer.email = False
        with Form(dialogs.with_context(default_partner_ids=customer.ids)) as form:
            self.assertFalse(form.recipient)
            self.assertIn("Customer 00", form.without_address)

    @contextmanager
    def _without_pdf(self):
        """Printing is tested elsewhere, and takes most of the time."""
        with patch.object(
            self.env.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda *args, **kwargs: (b"%PDF", "pdf"),
        ):
            yield

    def _run_cron(self):
        with self._without_pdf(), self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _deliver(self, refused=()):
        """The mail server takes what is in the queue, but for some addresses."""
        send = self.env.registry["ir.mail_server"].send_email

        def send_email(server, message, *args, **kwargs):
            if any(address in message["To"] for address in refused):
                raise MailDeliveryException("Mail Delivery Failed", "550 no such user")
            return send(server, message, *args, **kwargs)

        with self.mock_mail_gateway():
            mocked = patch.object(self.env.registry["ir.mail_server"], "send_email", send_email)
            with mocked if refused else nullcontext():
                self._statement_mails().filtered(lambda mail: mail.state == "outgoing").send()
        self.env.invalidate_all()

    def _statement_mails(self):
        return self.env["mail.mail"].sudo().search([("subject", "like", "Statement of account")])

    def _queued(self):
        """The statements in Odoo's mail queue, by address."""
        mails = self._statement_mails().filtered(lambda mail: mail.state != "cancel")
        return sorted(mails.recipient_ids.mapped("email")), len(mails)

    def _send(self, partners=None):
        action = self._statement(partners).action_send()
        mailing = self.env["bizuno.statement.mailing"].search([], limit=1)
        return action["params"]["message"], mailing

    def test_a_name_is_no_pattern(self):
        """The client fills the links in where the text has "%s"."""
        nameless = self.customers[1]
        nameless.write({"name": "50 %s off %(link)s & 100%", "email": False})
        with self._without_pdf(), self.mock_mail_gateway():
            action = self._statement(self.customers[:2]).action_send()
        params = action["params"]
        self.assertEqual(len(params["links"]), 1)
        [before, after] = params["message"].replace("%%", "\0").split("%s")
        self.assertFalse(after)
        self.assertIn("50 %s off %(link)s & 100%", before.replace("\0", "%"))

    def test_many_are_sent_in_the_background(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", self.cron.id)])
        message, mailing = self._send()
        self.assertEqual(triggers.search_count([("cron_id", "=", self.cron.id)]), before + 1)
        self.assertIn("25 statements are being sent in the background", message)
        self.assertEqual((mailing.customer_count, mailing.waiting_count), (25, 25))
        self.assertEqual(self._queued(), ([], 0), "nothing while the user waits")
        self._run_cron()
        self.assertEqual((mailing.queued_count, mailing.waiting_count), (25, 0))
        self.assertEqual(mailing.sent_count, 0, "nobody has taken them yet")
        self.assertEqual(self._queued(), (sorted(self.customers.mapped("email")), 25))
        self.assertFalse(self._notes())
        self._deliver()
        self.assertEqual((mailing.sent_count, mailing.queued_count), (25, 0))
        self.assertEqual(self._notes().author_id, self.bookkeeper.partner_id)
        self.assertEqual(len(self._notes()), 25)

    def _notes(self):
        return self.customers.message_ids.filtered(lambda note: "statement" in (note.body or ""))

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_refused_by_the_mail_server_is_not_sent_and_reached_again(self):
        """Sent means that the mail server took it; what it refused says why."""
        few = self.customers[:3]
        with (
            self._without_pdf(),
            patch.object(self.env.registry["mail.mail"], "send_after_commit", lambda mails: None),
        ):
            _message, mailing = self._send(few)
        self._deliver(refused=[few[1].email])
        line = mailing.line_ids.filtered(lambda line: line.partner_id == few[1])
        self.assertEqual((mailing.sent_count, mailing.failed_count), (2, 1))
        self.assertEqual(line.state, "failed")
        self.assertEqual(
            line.error,
            f"The mail server does not accept the address {few[1].email} (550 no such user). "
            "Correct it on the contact.",
        )
        self.assertFalse(line.date_sent)
        self.assertFalse(self._notes() & few[1].message_ids)
        refused = line.sudo().mail_id
        few[1].email = "right@harbour.example"
        action = mailing.with_user(self.bookkeeper).action_retry()
        self.assertEqual(action["params"]["message"], "1 statement is being sent again.")
        self.assertEqual(refused.state, "cancel", "the old one goes nowhere any more")
        self._run_cron()
        self._deliver()
        self.assertEqual((mailing.sent_count, mailing.failed_count), (3, 0))
        self.assertEqual((line.state, line.email), ("sent", "right@harbour.example"))
        self.assertFalse(line.error)
        self.assertEqual(
            len(self._statement_mails().filtered(lambda mail: mail.state == "sent")), 3
        )

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_server_that_is_down_is_said_in_words(self):
        """In the language of who asked for the statements, with who can do what about it."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.bookkeeper.lang = "de_DE"
        few = self.customers[:2]
        with (
            self._without_pdf(),
            patch.object(self.env.registry["mail.mail"], "send_after_commit", lambda mails: None),
        ):
            _message, mailing = self._send(few)
        down = patch.object(
            self.env.registry["ir.mail_server"],
            "_connect__",
            side_effect=ConnectionRefusedError(111, "Connection refused"),
        )
        with down:
            self._statement_mails().send()
        self.assertEqual(mailing.failed_count, 2)
        for line in mailing.line_ids:
            self.assertRegex(
                line.error,
                r"^Der Mailserver ist nicht erreichbar \(Connection refused\)\. .*Administrator",
            )

    def test_an_address_that_is_none_is_named(self):
        self.customers[0].email = "not an address"
        with self.assertRaisesRegex(UserError, "Customer 00 has no valid e-mail address"):
            self._statement(self.customers[0]).action_send()

    def test_the_sender_is_told_when_all_are_out(self):
        self.customers[3].email = False
        _message, mailing = self._send()
        self._run_cron()
        self._deliver()
        self._run_cron()
        [told] = self.env["mail.message"].sudo().search([("subject", "=like", "Statements as of%")])
        self.assertEqual(told.partner_ids, self.bookkeeper.partner_id)
        self.assertIn("24 statements have been sent. 1 could not be sent", told.body)
        failed = mailing.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.partner_id, self.customers[3])
        self.assertIn("Customer 03 has no valid e-mail address", failed.error)
        self._run_cron()
        messages = self.env["mail.message"].sudo()
        self.assertEqual(messages.search_count([("subject", "=", told.subject)]), 1)

    def test_try_again_sends_what_was_not_sent_and_nothing_twice(self):
        self.customers[3].email = False
        _message, mailing = self._send()
        self._run_cron()
        self.customers[3].email = "late@harbour.example"
        mailing.with_user(self.bookkeeper).action_retry()
        self._run_cron()
        self._deliver()
        self.assertEqual((mailing.sent_count, mailing.failed_count), (25, 0))
        self.assertEqual(self._queued()[1], 25)

    def test_once_per_customer_after_an_interruption(self):
        """The server is stopped in the middle: what was committed is not sent again."""
        self._send()
        before = BizunoStatementMailingLine._send
        calls = []

        def interrupted(lines):
            calls.append(lines)
            before(lines)
            if len(calls) == 8:
                raise KeyboardInterrupt

        with (
            self._without_pdf(),
            self.mock_mail_gateway(),
            self.enter_registry_test_mode(),
            patch.object(self.env.registry["bizuno.statement.mailing.line"], "_send", interrupted),
        ):
            with self.assertRaises(KeyboardInterrupt):
                self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self._run_cron()
        self.assertEqual(self._queued(), (sorted(self.customers.mapped("email")), 25))

    @mute_logger("odoo.addons.bizuno_crm.models.base.jobs")
    def test_one_that_fails_does_not_keep_the_others(self):
        _message, mailing = self._send()
        bad = self.customers[4]
        before = BizunoStatementMailingLine._send

        def failing(lines):
            if lines.partner_id == bad:
                raise ValueError("The printer is on fire.")
            return before(lines)

        with patch.object(self.env.registry["bizuno.statement.mailing.line"], "_send", failing):
            self._run_cron()
        failed = mailing.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((failed.partner_id, failed.error), (bad, "The printer is on fire."))
        self.assertEqual(self._queued()[1], 24)

    def test_a_second_click_sends_nothing_twice(self):
        self._send()
        with self.assertRaisesRegex(UserError, "are already being sent"):
            self._statement().action_send()
        extra = self._create_customer("Late Comer", email="late@harbour.example")
        self._entry(10, "2025-06-01", extra)
        _message, mailing = self._send(self.customers + extra)
        self.assertEqual(mailing.line_ids.partner_id, extra)
        line = self.env["bizuno.statement.mailing.line"].search([("state", "=", "waiting")])[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            line.sudo().copy({"state": "waiting"})

    def test_customers_without_open_items_get_none(self):
        nobody = self._create_customer("Nobody Inc", email="nobody@harbour.example")
        child = self._create_customer(
            "Dock", parent_id=self.customers[0].id, email="dock@harbour.example", type="other"
        )
        _message, mailing = self._send(self.customers + nobody + child)
        self.assertEqual(mailing.line_ids.partner_id, self.customers)
        other = self._create_customer("Neither", email="neither@harbour.example")
        with self.assertRaisesRegex(UserError, "None of these customers has open items"):
            self._statement(nobody + other).action_send()

    def test_with_the_rights_of_who_asked(self):
        _message, mailing = self._send()
        self.bookkeeper.group_ids = [(6, 0, self.env.ref("base.group_user").ids)]
        with mute_logger("odoo.addons.bizuno_crm.models.base.jobs"):
            self._run_cron()
        self.assertEqual((mailing.sent_count, mailing.failed_count), (0, 25))

    def test_nobody_writes_the_list(self):
        _message, mailing = self._send()
        own = mailing.with_user(self.users["accountant"])
        for record in (own, own.line_ids):
            with self.assertRaises(AccessError):
                record.write({"date": "2025-01-01"})
            with self.assertRaises(AccessError):
                record.unlink()
        for person in ("rep", "employee"):
            with self.assertRaises(AccessError):
                mailing.with_user(self.users[person]).action_retry()
        reader = new_test_user(self.env, "bizuno_reader", "account.group_account_readonly")
        self.assertTrue(mailing.with_user(reader).has_access("read"))
        with self.assertRaisesRegex(AccessError, "Receivables: Add"):
            mailing.with_user(reader).action_retry()

    def test_dialog_names_a_few_and_counts_many(self):
        many = self.customers
        many[:15].email = False
        form = Form(self.env["bizuno.statement"].with_context(default_partner_ids=many.ids))
        self.assertEqual(form.partner_count, 25)
        self.assertTrue(form.without_address.endswith("and 5 more"), form.without_address)
        self.assertEqual(form.recipient, "10 of 25 customers, one e-mail each")

    def test_looking_for_addresses_costs_the_same_for_many(self):
        def count(partners):
            statement = self._statement(partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(statement.without_address)
            return self.env.cr.sql_log_count - before

        few = count(self.customers[:2])
        self.assertLessEqual(count(self.customers), few)

    def test_an_update_takes_the_statements_off_the_customers_log(self):
        customer = self.customers[0]
        mailing = self.env["bizuno.statement.mailing"].sudo().create(
            {"date": "2025-06-30", "user_id": self.bookkeeper.id,
             "company_id": self.env.company.id,
             "line_ids": [(0, 0, {"partner_id": customer.id, "state": "sent",
                                  "date_sent": fields.Datetime.now()})]}
        )  # fmt: skip
        note = customer.with_user(self.bookkeeper).message_post(
            attachments=[("Statement.pdf", b"%PDF-1.4"), ("Note.txt", b"note")]
        )
        migrate(self.env, "19.0.1.1.0/post-statements")
        pdf, text = note.attachment_ids.sorted("mimetype")
        self.assertEqual((pdf.res_model, pdf.res_id), (mailing.line_ids._name, mailing.line_ids.id))
        self.assertEqual(text.res_model, "res.partner")
