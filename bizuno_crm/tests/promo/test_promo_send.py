import re
from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import email_normalize

from ..common import migrate
from ..common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestPromoSend(PromoCommon):
    def _send(self, promo=None):
        promo = promo or self._create_promo()
        promo.action_send()
        return promo, promo.history_ids.sorted("id")[-1]

    def test_each_gets_it_once_and_send_again_reaches_the_others(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        promo, history = self._send()
        self.assertEqual(self._run_queues(), ["ann@example.com", "bob@example.com"])
        self.assertEqual((history.sent, history.progress, history.state), (2, 100.0, "done"))
        self.assertEqual(promo.state, "done")
        with self.assertRaisesRegex(UserError, r"Already had it \(2\)"):
            promo.action_send()
        self._create_contact("Carol")
        promo, second = self._send(promo)
        self.assertEqual(self._run_queues(), ["carol@example.com"])
        self.assertEqual(second.recipient_count, 1)
        self.assertEqual(self._run_queues(), [])

    def test_the_list_is_frozen(self):
        ann = self._create_contact("Ann")
        promo, _history = self._send()
        self._create_contact("Late")
        ann.email = "moved@example.com"
        promo.sudo().write({"body_html": "<p>Changed</p>", "subject": "Changed"})
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual(self._mails[0]["subject"], "Ten percent off")
        self.assertNotIn("Changed", self._mails[0]["body"])

    def test_who_unsubscribes_after_the_freeze_gets_nothing(self):
        self._create_contact("Black")
        self._create_contact("Out", newsletter=True)
        self._create_contact("Stays")
        _promo, history = self._send()
        self.env["mail.blacklist"].sudo()._add("black@example.com")
        self.env["res.partner"].search([("name", "=", "Out")]).newsletter = False
        self.assertEqual(self._run_queues(), ["stays@example.com"])
        statuses = {r.email: r.status for r in history.recipient_ids}
        self.assertEqual(
            statuses,
            {"black@example.com": "left_out", "out@example.com": "left_out",
             "stays@example.com": "sent"},
        )  # fmt: skip

    def test_the_window_and_a_date_inside_it(self):
        self._create_contact("Ann")
        yesterday = self.today - timedelta(days=1)
        over = self._create_promo(date_start=yesterday, date_end=yesterday)
        with self.assertRaisesRegex(UserError, "can only be sent from"):
            over.action_send()
        promo = self._create_promo(date_send=fields.Datetime.now() + timedelta(days=30))
        with self.assertRaisesRegex(UserError, "can only be sent from"):
            promo.action_send()
        promo.date_send = fields.Datetime.now() - timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "cannot be sent in the past"):
            promo.action_send()
        promo.date_send = moment = fields.Datetime.now() + timedelta(days=2)
        _promo, history = self._send(promo)
        self.assertEqual(history.state, "scheduled")
        self.assertEqual(self._run_queues(), [])
        with patch.object(fields.Datetime, "now", lambda *a: moment + timedelta(minutes=1)):
            self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_the_days_are_those_of_the_responsible(self):
        self.sender.tz = "Pacific/Auckland"
        promo = self._create_promo(date_start="2026-07-01", date_end="2026-07-02")
        start, end = promo._get_window()
        self.assertEqual(str(start), "2026-06-30 12:00:00")
        self.assertEqual(str(end), "2026-07-02 12:00:00")

    def test_what_outlives_its_promotion_is_stopped(self):
        self._create_contact("Ann")
        promo, history = self._send(
            self._create_promo(date_send=fields.Datetime.now() + timedelta(days=2))
        )
        with self.assertRaisesRegex(UserError, "To change it, press Stop"):
            promo.date_end = self.today - timedelta(days=1)
        promo.sudo().date_end = self.today - timedelta(days=1)
        self.assertEqual(self._run_queues(), [])
        self.assertEqual((history.state, history.recipient_count), ("expired", 0))
        self.assertEqual(promo.state, "stopped")
        self.assertEqual(promo.end_reason, "Stopped: the promotion has ended")
        self.assertIn("was not sent to all", promo.activity_ids.summary)
        self.assertEqual(promo.activity_ids.user_id, self.sender, "the responsible is told")
        promo.date_end = self.today + timedelta(days=5)
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_stopping_keeps_nobody_from_a_later_send(self):
        self._create_contact("Ann")
        promo, history = self._send()
        history.with_user(self.sender).action_cancel()
        self.assertEqual(self._run_queues(), [])
        self.assertEqual(history.state, "cancelled")
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def _make_mails(self):
        """The first of Odoo's two jobs: the mails are in the queue, none has left."""
        with self.enter_registry_test_mode():
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_stopping_holds_back_the_mails_in_the_queue(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        promo, history = self._send()
        self._make_mails()
        recipients = history.recipient_ids.sorted("email")
        mails = self.env["mail.mail"].sudo().search(
            [("mailing_id", "=", history.sudo().mailing_id.id)]
        )  # fmt: skip
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        # one is on its way to the mail server at this moment
        recipients[0].sudo().send_state = "trying"
        history.with_user(self.sender).action_cancel()
        self.assertEqual((history.state, history.recipient_count), ("cancelled", 1))
        self.assertEqual(history.recipient_ids.mapped("email"), ["ann@example.com"])
        self.assertEqual(sorted(mails.mapped("state")), ["cancel", "outgoing"])
        self.assertEqual(
            sorted(mails.mailing_trace_ids.mapped("trace_status")), ["cancel", "outgoing"]
        )
        self.assertEqual(self._run_queues(), [])
        self.assertEqual(recipients[0].status, "in_doubt", "nobody has said what became of it")
        self._send(promo)
        self.assertEqual(self._run_queues(), ["bob@example.com"], "once, and not Ann again")
        self.assertEqual(self._run_queues(), [])

    def test_a_worker_that_lists_mails_before_the_stop_sends_none_of_them(self):
        self._create_contact("Ann")
        promo, history = self._send()
        self._make_mails()
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        # What a stop in another session leaves to the worker that holds the row.
        history.sudo().end_reason = "cancelled"
        with self.mock_mail_gateway():
            mails.send()
        self.assertFalse(self._mails)
        self.assertEqual(mails.mapped("state"), ["cancel"])
        self.assertEqual(history.recipient_ids.send_state, "queued")
        self.assertEqual(self._run_queues(), [])
        self.assertFalse(history.recipient_ids, "the next run of the queue clears up")
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_of_a_stopped_send_no_more_mails_are_made(self):
        self._create_contact("Ann")
        _promo, history = self._send()
        history.sudo().end_reason = "cancelled"
        mailing = history.sudo().mailing_id
        recipients = history.recipient_ids
        self.assertFalse(recipients.sudo()._take_pending(mailing, recipients.ids))
        self.assertFalse(mailing._get_remaining_recipients())

    def test_who_unsubscribes_while_the_mail_is_in_the_queue_gets_nothing(self):
        self._create_contact("Black")
        out = self._create_contact("Out", newsletter=True)
        self._create_contact("Stays")
        _promo, history = self._send()
        self._make_mails()
        self.env["mail.blacklist"].sudo()._add("black@example.com")
        out.newsletter = False
        self.assertEqual(self._run_queues(), ["stays@example.com"])
        self.assertEqual(
            {recipient.email: recipient.status for recipient in history.recipient_ids},
            {"black@example.com": "left_out", "out@example.com": "left_out",
             "stays@example.com": "sent"},
        )  # fmt: skip
        self.assertEqual(history.state, "done")

    def test_a_failed_message_is_tried_again_by_hand_once(self):
        self._create_contact("Ann")
        promo, history = self._send()
        self._fail_to_connect()
        mail = self.env["mail.mail"].sudo().search([("state", "=", "exception")])
        self.assertEqual(history.recipient_ids.send_state, "failed")
        mail.action_retry()
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual((history.recipient_ids.status, history.failed), ("sent", 0))
        with self.assertRaises(UserError):
            promo.action_send()

    def test_what_another_send_has_taken_over_is_not_retried_by_hand(self):
        self._create_contact("Ann")
        promo, _history = self._send()
        self._fail_to_connect()
        mail = self.env["mail.mail"].sudo().search([("state", "=", "exception")])
        self._send(promo)
        with self.assertRaisesRegex(UserError, "Press Send Again"), self.env.cr.savepoint():
            mail.action_retry()
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_what_may_have_arrived_is_not_retried_before_it_is_released(self):
        self._create_contact("Ann")
        _promo, history = self._send()
        self._make_mails()
        history.recipient_ids.sudo().send_state = "trying"
        self.assertEqual(self._run_queues(), [])
        mail = self.env["mail.mail"].sudo().search([("state", "=", "exception")])
        with self.assertRaisesRegex(UserError, "may have arrived"), self.env.cr.savepoint():
            mail.action_retry()
        history.with_user(self.sender).action_release_in_doubt()
        mail.action_retry()
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_without_a_mail_server_nothing_is_lost(self):
        self._create_contact("Ann")
        self.env["ir.mail_server"].sudo().search([]).active = False
        with patch("socket.create_connection", side_effect=ConnectionRefusedError):
            promo, history = self._send()
            self.assertTrue(promo.mail_server_missing)
            self.assertEqual(self._run_queues(), [])
            self.assertEqual((history.state, promo.state), ("waiting", "waiting"))
        self.env["ir.mail_server"].sudo().create({"name": "New", "smtp_host": "mx.example.com"})
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual(history.state, "done")

    def test_a_failed_connection_is_tried_again_by_the_next_send(self):
        self._create_contact("Ann")
        promo, history = self._send()
        self._fail_to_connect()
        self.assertEqual(history.recipient_ids.send_state, "failed")
        self.assertEqual(history.failed, 1)
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_the_responsible_hears_of_a_scheduled_send_that_reaches_nobody(self):
        for name in ("Ann", "Bob"):
            self._create_contact(name)
        moment = fields.Datetime.now() + timedelta(hours=3)
        promo, history = self._send(self._create_promo(date_send=moment))
        self.assertEqual(history.state, "scheduled")
        with freeze_time(moment + timedelta(minutes=5)):
            self._fail_to_connect()
            self.assertEqual((history.state, history.failed), ("failed", 2))
            self.assertEqual(promo.activity_ids.user_id, self.sender)
            self.assertIn("reached nobody", promo.activity_ids.summary)
            self._run_queues()
            self.assertEqual(len(promo.activity_ids), 1, "once")
            # One that reaches somebody is nobody's worry.
            self._send(promo)
            self.assertEqual(len(self._run_queues()), 2)
            self.assertEqual(len(promo.activity_ids), 1)

    def _fail_to_connect(self):
        self._make_mails()
        broken = patch(
            "odoo.addons.base.models.ir_mail_server.IrMail_Server._connect__",
            side_effect=OSError("no route"),
        )
        with broken, self.enter_registry_test_mode():
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_an_interrupted_message_is_in_doubt_and_never_sent_again_by_itself(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        promo, history = self._send()
        recipients = history.recipient_ids.sudo().sorted("email")
        # The mails are made, then the process dies in the middle of the first.
        self._make_mails()
        recipients[0].send_state = "trying"
        self.assertEqual(self._run_queues(), ["bob@example.com"])
        self.assertEqual(recipients.mapped("status"), ["in_doubt", "sent"])
        self.assertEqual(history.in_doubt_count, 1)
        self.assertEqual(self._run_queues(), [])
        with self.assertRaises(UserError):
            promo.action_send()
        with self.assertRaisesRegex(AccessError, "Promotions: Full"):
            history.with_user(self.users["rep"]).action_release_in_doubt()
        history.with_user(self.sender).action_release_in_doubt()
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_every_message_has_a_way_out(self):
        self._create_contact("Ann")
        self._send()
        self._run_queues()
        mail = self._mails[0]
        self.assertRegex(mail["body"], r"/mailing/\d+/confirm_unsubscribe\?")
        self.assertRegex(mail["headers"]["List-Unsubscribe"], r"unsubscribe_oneclick\?")
        self.assertEqual(mail["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertNotRegex(mail["body"], r'href="[^"]*/unsubscribe_from_list"')

    def test_what_a_rep_writes_is_never_evaluated(self):
        self._create_contact("Ann")
        promo = self._create_promo(
            subject="{{ object.email }} and ${1+1}",
            body_html='<p t-out="object.email">A</p><t t-out="user.login"/>'
            "<p>{{ object.env.cr.dbname }} 100% <t t-foreach='range(3)'>B</t></p>",
        )
        self._send(promo)
        self._run_queues()
        mail = self._mails[0]
        self.assertEqual(mail["subject"], "{{ object.email }} and ${1+1}")
        self.assertIn("{{ object.env.cr.dbname }} 100% B", mail["body"])
        self.assertIn("<p>A</p>", re.sub(r" style=\"[^\"]*\"", "", mail["body"]))
        self.assertNotIn(self.sender.login, mail["body"].replace(self.sender.email, ""))
        mailing = promo.history_ids.sudo().mailing_id
        self.assertNotIn("t-out", mailing.body_html)
        self.assertTrue(mailing.copy().is_bizuno_literal)
        self.assertFalse(mailing.copy().bizuno_promo_history_id)

    def test_the_figures_of_the_history(self):
        for name in ("Ann", "Bob", "Carol"):
            self._create_contact(name)
        _promo, history = self._send()
        self._run_queues()
        mailing = history.sudo().mailing_id
        traces = mailing.mailing_trace_ids.sorted("email")
        traces[0].set_opened()
        traces[1].set_clicked()
        traces[2].set_bounced()
        self.env.invalidate_all()
        figures = history.with_user(self.users["rep"]).read(
            ["recipient_count", "sent", "delivered", "opened", "clicked", "bounced", "failed"]
        )[0]
        figures.pop("id")
        self.assertEqual(
            figures,
            {"recipient_count": 3, "sent": 3, "delivered": 2, "opened": 1, "clicked": 1,
             "bounced": 1, "failed": 0},
        )  # fmt: skip
        ann = self.env["res.partner"].search([("email", "=", "ann@example.com")])
        tab = ann.with_user(self.users["rep"]).promo_recipient_ids
        self.assertEqual((tab.promo_id.name, tab.status), ("Spring sale", "opened"))

    def test_the_test_goes_to_the_user_alone(self):
        self._create_contact("Ann")
        promo = self._create_promo()
        with self.mock_mail_gateway():
            promo.action_send_test()
        self.assertEqual(
            [address for mail in self._mails for address in mail["email_to"]],
            [self.sender.email_formatted],
        )
        self.assertEqual(self._mails[0]["subject"], "[TEST] Ten percent off")
        self.assertFalse(promo.history_ids)

    def test_nothing_without_a_message(self):
        self._create_contact("Ann")
        for values in ({"subject": " "}, {"body_html": "<p><br></p>"}):
            with self.assertRaisesRegex(UserError, "no subject or no message"):
                self._create_promo(**values).action_send()

    def test_the_mailing_cannot_be_turned_against_the_list(self):
        self._create_contact("Ann")
        _promo, history = self._send()
        self.users["bizuno_manager"].group_ids += self.env.ref(
            "mass_mailing.group_mass_mailing_user"
        )
        mailing = history.sudo().mailing_id.with_user(self.users["bizuno_manager"])
        for values in (
            {"mailing_domain": "[]"}, {"subject": "{{ 1 }}"}, {"use_exclusion_list": False},
            {"bizuno_promo_history_id": False}, {"is_bizuno_literal": False},
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "are frozen"):
                mailing.write(values)
        with self.assertRaisesRegex(UserError, "press Send on the promotion again"):
            mailing.action_retry_failed()

    def test_a_second_call_of_the_mailing_makes_no_second_mail(self):
        self._create_contact("Ann")
        _promo, history = self._send()
        mailing = history.sudo().mailing_id
        self._run_queues()
        with self.mock_mail_gateway():
            mailing._action_send_mail(history.recipient_ids.ids)
        self.assertFalse(self._mails)
        self.assertFalse(self._new_mails)

    def test_rights_by_level(self):
        self._create_contact("Ann")
        promo = self._create_promo()
        for name in ("rep", "employee", "bookkeeper"):
            with self.assertRaises(AccessError):
                promo.with_user(self.users[name]).action_send()
        for model in ("bizuno.promo.history", "bizuno.promo.recipient"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.users["bizuno_manager"]).create({})
        self._send(promo)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            promo.unlink()
        with self.assertRaises(AccessError):
            promo.history_ids.recipient_ids.with_user(self.sender).write({"send_state": "pending"})

    def test_the_history_survives_a_merge_and_a_deletion(self):
        ann, bob = self._create_contact("Ann"), self._create_contact("Bob")
        _promo, history = self._send()
        self._run_queues()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((ann + bob).ids, ann)
        self.env.invalidate_all()
        self.assertEqual(len(history.recipient_ids), 2)
        self.assertEqual(history.recipient_ids.partner_id, ann)
        ann.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(len(history.recipient_ids), 2)

    # --- what was tried against a real mail server ---------------------------------------------

    def test_what_is_under_way_is_changed_after_stop_only(self):
        self._create_contact("Ann")
        moment = fields.Datetime.now() + timedelta(days=2)
        promo, history = self._send(self._create_promo(date_send=moment))
        self.assertEqual((promo.state, promo.is_under_way), ("scheduled", True))
        self.assertEqual(promo.date_planned, history.date_scheduled)
        for values in (
            {"subject": "Another"}, {"body_html": "<p>Another</p>"}, {"distribution": "all"},
            {"email_from": "other@example.com"}, {"date_start": self.today},
            {"partner_domain": "[('id', '>', 0)]"}, {"active": False},
            {"date_end": self.today + timedelta(days=99)},
            {"date_send": moment + timedelta(hours=1)},
            {"company_id": self.env["res.company"].create({"name": "Elsewhere"}).id},
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "To change it, press Stop"):
                promo.write(values)
        promo.write({"name": "Title", "subject": promo.subject, "date_end": promo.date_end})
        form = Form(promo)
        with self.assertRaisesRegex(AssertionError, "can't write on readonly"):
            form.subject = "Another"
        promo.action_stop()
        self.assertEqual((promo.state, promo.date_send), ("stopped", history.date_scheduled))
        promo.write({"subject": "Corrected", "date_send": False})
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual(self._mails[0]["subject"], "Corrected")

    def test_a_stopped_promotion_that_reached_some_is_no_draft(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        promo, history = self._send()
        self._make_mails()
        first = history.recipient_ids.sorted("email")[0]
        first.sudo().send_state = "sent"
        history.with_user(self.sender).action_cancel()
        self.assertEqual((promo.state, promo.recipient_count), ("stopped", 1))

    def test_nobody_hangs_in_the_middle(self):
        for name in ("Ann", "Bob", "Carol"):
            self._create_contact(name)
        _promo, history = self._send()
        self._make_mails()
        recipients = history.recipient_ids.sudo().sorted("email")
        mails = {recipient: recipient._find_mail() for recipient in recipients}
        recipients.send_state = "trying"
        mails[recipients[0]].state = "exception"
        mails[recipients[1]].unlink()
        mails[recipients[2]].mailing_trace_ids.set_sent()
        mails[recipients[2]].unlink()
        self.assertEqual(self._run_queues(), [])
        self.assertEqual(recipients.mapped("send_state"), ["in_doubt", "in_doubt", "sent"])
        self.assertEqual((history.state, history.in_doubt_count, history.sent), ("done", 2, 1))

    def test_who_has_opened_a_message_in_doubt_has_got_it(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        _promo, history = self._send()
        self._make_mails()
        recipients = history.recipient_ids.sudo().sorted("email")
        recipients.send_state = "in_doubt"
        recipients[0]._find_mail().mailing_trace_ids.set_opened()
        self.env.invalidate_all()
        self.assertEqual(recipients.mapped("status"), ["opened", "in_doubt"])
        history.with_user(self.sender).action_release_in_doubt()
        self.assertEqual(recipients.mapped("send_state"), ["in_doubt", "failed"])

    def test_the_numbers_lead_to_the_people(self):
        for name in ("Ann", "Bob", "Carol", "Dora"):
            self._create_contact(name)
        promo, history = self._send()
        self._run_queues()
        traces = history.sudo().mailing_id.mailing_trace_ids.sorted("email")
        traces[:2].set_opened()
        traces[1].set_clicked()
        traces[2].set_bounced()
        self.env.invalidate_all()
        self.assertEqual(
            (history.delivered_ratio, history.bounced_ratio), (75.0, 25.0), "of the recipients"
        )
        self.assertAlmostEqual(history.opened_ratio, 200 / 3, msg="of those who have it")
        self.assertEqual(history.recipient_ids.mapped("send_state").count("bounced"), 1)
        for status, names in (
            ("opened", ["Ann", "Bob"]), ("clicked", ["Bob"]), ("bounced", ["Carol"]),
            ("delivered", ["Ann", "Bob", "Dora"]), ("failed", []), ("in_doubt", []),
        ):  # fmt: skip
            for record in (history, promo):
                action = record.with_context(bizuno_promo_status=status).action_view_recipients()
                self.assertEqual(action["context"], {f"search_default_{status}": 1})
                search = self.env.ref("bizuno_crm.bizuno_promo_recipient_view_search")
                (node,) = etree.fromstring(search.arch).xpath(f"//filter[@name='{status}']")
                domain = action["domain"] + literal_eval(node.get("domain"))
                recipients = self.env["bizuno.promo.recipient"].with_user(self.sender)
                found = recipients.search(domain).partner_id.mapped("name")
                self.assertEqual(sorted(found), names)
        self.assertEqual(self._verdicts(promo)["Carol"], "bounced")
        with self.assertRaisesRegex(UserError, r"Bounced.*\(1\)"):
            promo.action_send()

    def test_who_is_tried_again_counts_once(self):
        self._create_contact("Ann")
        self._create_contact("Bob")
        promo, first = self._send()
        self._fail_to_connect()
        self.assertEqual(
            (first.state, first.progress, promo.state, promo.failed_count),
            ("failed", 0.0, "failed", 2),
        )
        _promo, second = self._send(promo)
        self._run_queues()
        self.assertEqual(
            (first.recipient_count, first.failed, second.recipient_count, promo.recipient_count),
            (0, 0, 2, 2),
        )
        self.assertEqual((promo.state, promo.failed_count), ("done", 0))

    def test_a_second_send_leaves_the_numbers_of_a_planned_one(self):
        self._create_contact("Ann")
        moment = fields.Datetime.now() + timedelta(days=2)
        promo, first = self._send(self._create_promo(date_send=moment))
        self._create_contact("Bob")
        _promo, second = self._send(promo)
        self.assertEqual(self._run_queues(), ["bob@example.com"])
        self.assertEqual((first.recipient_count, second.recipient_count), (1, 1))
        self.assertEqual((first.state, second.state), ("scheduled", "done"))
        self.assertEqual((promo.state, promo.recipient_count), ("scheduled", 2))

    def test_who_was_left_out_at_the_turn_is_reached_after_subscribing_again(self):
        ann = self._create_contact("Ann", newsletter=True)
        self._create_contact("Bob")
        promo, history = self._send()
        self._make_mails()
        ann.newsletter = False
        self.assertEqual(self._run_queues(), ["bob@example.com"])
        self.assertEqual(self._verdicts(promo)["Ann"], "opted_out")
        ann.newsletter = True
        self.assertEqual(self._verdicts(promo)["Ann"], "included")
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual(history.recipient_count, 1)

    def test_fields_from_a_fixed_list(self):
        company = self.env["res.partner"].create({"name": "O'Neil & <Sons>", "is_company": True})
        ann = self._create_contact("Ann <b>", email="ann@example.com", parent_id=company.id)
        ann.user_id = self.users["rep"]
        ann.ref = "C-77"
        nameless = self._create_contact("Nameless", email="less@example.com")
        promo = self._create_promo(
            subject="{Name}, ten percent for {company}",
            body_html="<p>Dear {name}, number {id|unknown}, {salesperson|our team} of {password} "
            '{{ object.name }}</p><p><a href="https://example.com/{name}">{city|here}</a></p>',
        )
        self._send(promo)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET name = NULL, ref = NULL, type = 'other' WHERE id = %s",
            [nameless.id],
        )
        self.env.invalidate_all()
        self._run_queues()
        mails = {email_normalize(mail["email_to"][0]): mail for mail in self._mails}
        ann_mail, less_mail = mails["ann@example.com"], mails["less@example.com"]
        self.assertEqual(ann_mail["subject"], "Ann <b>, ten percent for O'Neil & <Sons>")
        self.assertEqual(ann_mail["email_to"], ['"Ann <b>" <ann@example.com>'])
        rep = self.users["rep"].name
        self.assertIn(f"Dear Ann &lt;b&gt;, number C-77, {rep} of {{password}} ", ann_mail["body"])
        self.assertIn("{{ object.name }}", ann_mail["body"])
        self.assertIn(">here</a>", ann_mail["body"])
        self.assertEqual(less_mail["subject"], "ten percent for")
        self.assertIn("Dear, number unknown, our team of", less_mail["body"])
        self.assertEqual(less_mail["email_to"], ["less@example.com"])
        self.assertEqual(promo.unknown_fields, "{password}")

    def test_a_name_cannot_make_a_header(self):
        ann = self._create_contact("Ann")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET name = %s WHERE id = %s",
            ["Ann\nBcc: everybody@example.com", ann.id],
        )
        self.env.invalidate_all()
        self._send(self._create_promo(subject="For {name}"))
        self._run_queues()
        message = self._mails[0]["EmailMessage"]
        self.assertEqual(message["Subject"], "For Ann Bcc: everybody@example.com")
        self.assertFalse(message["Bcc"])
        self.assertEqual(len(message["To"].addresses), 1)

    def test_the_footer_speaks_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search([("name", "=", "bizuno_crm")])._update_translations(
            "fr_FR"
        )
        self._create_contact("Ann")
        self._create_contact("Zoé", email="zoe@example.com").lang = "fr_FR"
        promo = self._create_promo()
        promo.company_id.sudo().partner_id.write({
            "street": "1 Harbour Lane", "city": "Norfolk", "zip": "23510",
            "country_id": self.env.ref("base.de").id,
        })  # fmt: skip
        self.env.ref("base.de").with_context(lang="fr_FR").name = "Allemagne"
        self._send(promo)
        self._run_queues()
        bodies = {email_normalize(mail["email_to"][0]): mail["body"] for mail in self._mails}
        self.assertIn("You received this message from", bodies["ann@example.com"])
        self.assertIn(">Unsubscribe</a>", bodies["ann@example.com"])
        self.assertNotIn("You received this message from", bodies["zoe@example.com"])
        self.assertNotIn(">Unsubscribe</a>", bodies["zoe@example.com"])
        for body, country in (
            (bodies["ann@example.com"], "Germany"),
            (bodies["zoe@example.com"], "Allemagne"),
        ):
            self.assertIn("1 Harbour Lane", body)
            self.assertIn(country, body)
            self.assertEqual(body.count("/confirm_unsubscribe?"), 1)

    def test_the_test_says_that_it_is_one(self):
        promo = self._create_promo(subject="For {name}", body_html="<p>Dear {name}</p>")
        with self.mock_mail_gateway():
            promo.action_send_test()
        mail = self._mails[0]
        self.assertEqual(mail["subject"], f"[TEST] For {self.sender.name}")
        for part in (mail["body"], mail["body_alternative"]):
            self.assertIn(f"Dear {self.sender.name}", part)
            self.assertIn("/bizuno/promotion/test", part)
            self.assertIn("this is a test", part)
            self.assertNotIn("unsubscribe_from_list", part)

    def test_a_test_that_cannot_be_sent_is_a_sentence(self):
        promo = self._create_promo()
        broken = patch(
            "odoo.addons.base.models.ir_mail_server.IrMail_Server.send_email",
            side_effect=ConnectionRefusedError(111, "Connection refused"),
        )
        sentence = r"was not sent. The mail server cannot be reached \(Connection refused\). Ask an"
        with broken, self.assertRaisesRegex(UserError, sentence):
            promo.action_send_test()

    def test_no_page_opens_a_connection(self):
        self.env["ir.mail_server"].sudo().search([]).active = False
        promo = self._create_promo()
        with patch("socket.create_connection", side_effect=AssertionError("a connection")):
            self.assertTrue(promo.mail_server_missing)
            promo.web_read({"mail_server_missing": {}, "state": {}})

    def test_the_copy_says_that_it_is_one(self):
        promo = self._create_promo(name="Spring sale")
        self.assertEqual(promo.copy().name, "Spring sale (copy)")
        self.assertEqual(promo.copy({"name": "Autumn sale"}).name, "Autumn sale")

    def test_dates_at_the_edge_of_the_calendar(self):
        self.sender.tz = "Pacific/Auckland"
        promo = self._create_promo(date_start="0001-01-01", date_end="9999-12-31")
        start, end = promo._get_window()
        self.assertLess(start, fields.Datetime.now())
        self.assertGreater(end, fields.Datetime.now())
        self.sender.tz = "America/Los_Angeles"
        promo = self._create_promo(date_start="9999-12-31", date_end="9999-12-31")
        self._create_contact("Ann")
        with self.assertRaisesRegex(UserError, "can only be sent from"):
            promo.action_send()
        promo = self._create_promo(date_start="0001-01-01", date_end="0001-01-01")
        with self.assertRaisesRegex(UserError, "can only be sent from"):
            promo.action_send()

    def _marketer(self):
        return new_test_user(
            self.env, "promo_marketer", groups="mass_mailing.group_mass_mailing_user",
            email="marketer@example.com",
        )  # fmt: skip

    def test_nobody_takes_the_mailing_away_from_a_promotion(self):
        self._create_contact("Ann")
        moment = fields.Datetime.now() + timedelta(days=2)
        _promo, history = self._send(self._create_promo(date_send=moment))
        mailing = history.sudo().mailing_id.with_user(self._marketer())
        server = self.env["ir.mail_server"].sudo().search([], limit=1)
        for values in (
            {"state": "done"}, {"email_from": "x@example.com"}, {"reply_to": "x@example.com"},
            {"mail_server_id": server.id}, {"reply_to_mode": "update"}, {"keep_archives": True},
            {"attachment_ids": [(0, 0, {"name": "x", "raw": b"x"})]}, {"user_id": self.env.uid},
            {"bizuno_promo_history_id": False}, {"name": "Another"},
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "are frozen"), self.env.cr.savepoint():
                mailing.write(values)
        for call in (
            mailing.unlink, mailing.copy, mailing.action_cancel, mailing.action_launch,
            mailing.action_put_in_queue, mailing.action_send_mail, mailing.action_duplicate,
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "are frozen"), self.env.cr.savepoint():
                call()
        for vals, context in (
            ({"bizuno_promo_history_id": history.id}, {}),
            ({}, {"default_bizuno_promo_history_id": history.id}),
        ):
            with self.assertRaisesRegex(UserError, "are frozen"), self.env.cr.savepoint():
                mailing.with_context(**context).create({
                    "subject": "Another", "body_html": "<p>x</p>",
                    "mailing_model_id": self.env["ir.model"]._get_id("bizuno.promo.recipient"),
                    **vals,
                })  # fmt: skip
        for call in (mailing.copy, mailing.unlink, mailing.action_send_mail):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(mailing.with_user(self.users["employee"]), call.__name__)()
        mailing.write({"favorite": True})
        self.assertEqual((history.state, mailing.state), ("scheduled", "in_queue"))

    def test_nobody_puts_a_mailing_of_his_own_on_a_promotion(self):
        """The link written afterwards is as forbidden as the one it is created with."""
        for name in ("Ann", "Bob", "Cid"):
            self._create_contact(name)
        moment = fields.Datetime.now() + timedelta(days=3)
        _promo, history = self._send(self._create_promo(date_send=moment))
        carrier, recipients = history.sudo().mailing_id, history.sudo().recipient_ids
        marketer = self._marketer()
        mailing = self.env["mailing.mailing"].with_user(marketer).create({
            "subject": "Mine", "body_html": "<p>Buy from me</p>", "email_from": "me@example.com",
            "mailing_model_id": self.env["ir.model"]._get_id("bizuno.promo.recipient"),
        })  # fmt: skip
        campaign = self.env["utm.campaign"].sudo().create({"name": "Mine"}).with_user(marketer)
        link = {"bizuno_promo_history_id": history.id}
        for door in (
            lambda: mailing.write(link),
            lambda: mailing.write({**link, "state": "in_queue"}),
            lambda: mailing.write({**link, "favorite": True}),
            lambda: mailing.web_save(link, {"display_name": {}}),
            lambda: mailing.copy(link),
            lambda: campaign.write({"mailing_mail_ids": [Command.update(mailing.id, link)]}),
        ):
            with self.assertRaisesRegex(UserError, "are frozen"), self.env.cr.savepoint():
                door()
            self.env.invalidate_all()
            self.assertFalse(mailing.sudo().bizuno_promo_history_id)
        mailing.write({"subject": "Still mine"})

        # Whatever says that it carries the send: its recipients are those of one mailing.
        mailing.sudo().write({**link, "state": "in_queue"})
        self.assertFalse(mailing.sudo()._get_remaining_recipients())
        self.assertFalse(recipients._take_pending(mailing, recipients.ids))
        self.assertEqual(self._run_queues(), [])
        self.assertEqual(recipients.mapped("send_state"), ["pending"] * 3)
        self.assertEqual((history.sudo().mailing_id, history.state), (carrier, "scheduled"))
        self.assertEqual(len(carrier._get_remaining_recipients()), 3)

    def test_a_mailing_that_is_gone_leaves_nobody_waiting(self):
        self._create_contact("Ann")
        promo, history = self._send()
        history.sudo().mailing_id.unlink()
        self.assertEqual(self._run_queues(), [])
        self.assertEqual((history.state, history.recipient_count), ("cancelled", 0))
        self.assertIn("its mailing has been deleted", promo.activity_ids.summary)
        self._send(promo)
        self.assertEqual(self._run_queues(), ["ann@example.com"])

    def test_a_mailing_that_is_called_done_is_sent_all_the_same(self):
        self._create_contact("Ann")
        _promo, history = self._send()
        history.sudo().mailing_id.state = "done"
        self.assertEqual(history.state, "sending")
        self.assertEqual(self._run_queues(), ["ann@example.com"])
        self.assertEqual(history.state, "done")

    def test_an_older_ledger_is_brought_up_to_date(self):
        for name in ("Bounced", "Left", "Refused", "Grey", "Doubt"):
            self._create_contact(name)
        _promo, history = self._send()
        self._make_mails()
        recipients = {r.partner_id.name: r.sudo() for r in history.recipient_ids}
        for name, state, trace, reason in (
            ("Bounced", "sent", "bounce", False),
            ("Left", "queued", "cancel", False),
            ("Refused", "in_doubt", "error",
             "SMTPRecipientsRefused: {'refused@example.com': (550, b'No such user')}"),
            ("Grey", "in_doubt", "error", "SMTPDataError: (451, b'Greylisted')"),
            ("Doubt", "in_doubt", "error", "SMTPServerDisconnected: timed out"),
        ):  # fmt: skip
            mail = recipients[name]._find_mail()
            mail.write({"state": "exception", "failure_reason": reason})
            mail.mailing_trace_ids.trace_status = trace
            recipients[name].send_state = state
        history.sudo().recipient_count = 77
        self.env.flush_all()
        migrate(self.env, "19.0.1.1.0/post-promo")
        self.assertEqual(
            {name: recipient.send_state for name, recipient in recipients.items()},
            {"Bounced": "bounced", "Left": "left_out", "Refused": "bounced", "Grey": "failed",
             "Doubt": "in_doubt"},
        )  # fmt: skip
        self.assertEqual(history.recipient_count, 5)
