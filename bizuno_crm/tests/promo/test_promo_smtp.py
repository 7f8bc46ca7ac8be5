import os
import signal
from collections import Counter

from odoo.tests import tagged

from ..common_promo_process import PromoProcessCase

# What the mail server says to whom, at which step, and what that makes of the recipient.
CASES = {
    "nobody@example.com": ("RCPT", "550 5.1.1 No such user here", "bounced"),
    "full@example.com": ("RCPT", "552 5.2.2 Mailbox full", "bounced"),
    "spam@example.com": ("DATA", "554 5.7.1 This looks like spam", "bounced"),
    "relay@example.com": ("RCPT", "554 5.7.1 Relay access denied", "failed"),
    "grey@example.com": ("RCPT", "451 4.7.1 Greylisted, come back later", "failed"),
    "disk@example.com": ("DATA", "452 4.3.1 Insufficient system storage", "failed"),
    "busy@example.com": ("RCPT", "421 4.3.2 Service not available", "failed"),
    "cut.early@example.com": ("RCPT", "drop", "failed"),
    "mute.early@example.com": ("RCPT", "hang", "failed"),
    "cut.late@example.com": ("DATA", "drop", "in_doubt"),
    "mute.late@example.com": ("DATA", "hang", "in_doubt"),
}


@tagged("post_install", "-at_install")
class TestPromoSmtp(PromoProcessCase):
    """What a mail server can do to a promotion. Each bad address stands between two good ones."""

    takes_minutes = True

    def _addresses(self):
        return [
            address for n, bad in enumerate(CASES) for address in (f"good{n}@example.com", bad)
        ] + ["last@example.com"]

    def _good(self):
        return [address for address in self._addresses() if address not in CASES]

    def _refuse(self):
        self.sink.answers = {
            address: (step, answer) for address, (step, answer, _state) in CASES.items()
        }

    def _states_by_address(self):
        return self._read(
            lambda promo: {
                recipient.email: recipient.send_state
                for recipient in promo.history_ids.recipient_ids
            }
        )

    def _figures(self):
        return self._read(
            lambda promo: promo.history_ids.sorted("id").read([
                "recipient_count", "sent", "delivered", "bounced", "failed", "in_doubt_count",
                "state",
            ])
        )  # fmt: skip

    def test_each_answer_costs_one_recipient_and_is_what_it_says(self):
        self.TIMEOUT = 3  # what a server that hangs costs
        self._refuse()
        self._run_worker()
        self.assertEqual(
            self.sink.arrived, Counter(self._good()), "everybody else got it, in the same run"
        )
        expected = {address: state for address, (_step, _answer, state) in CASES.items()}
        self.assertEqual(
            self._states_by_address(), {**dict.fromkeys(self._good(), "sent"), **expected}
        )
        (figures,) = self._figures()
        figures.pop("id")
        good, bounced, failed = len(self._good()), 3, 6
        self.assertEqual(
            figures,
            {"recipient_count": good + len(CASES), "sent": good, "delivered": good,
             "bounced": bounced, "failed": failed, "in_doubt_count": 2, "state": "done"},
        )  # fmt: skip
        bounces = self._read(
            lambda promo: {
                partner.email: partner.message_bounce
                for partner in promo.history_ids.recipient_ids.partner_id
            }
        )
        self.assertEqual(
            {email for email, count in bounces.items() if count},
            {email for email, state in expected.items() if state == "bounced"},
        )
        self.assertEqual(set(bounces.values()), {0, 1})
        self.TIMEOUT = 60

        # Send Again reaches those who have not had it, and they count once.
        self.sink.answers.clear()
        self.sink.arrived.clear()
        self._as_user("send")
        self._run_worker()
        self.assertEqual(
            self.sink.arrived,
            Counter(email for email, state in expected.items() if state == "failed"),
        )
        first, second = self._figures()
        self.assertEqual((first["failed"], second["recipient_count"]), (0, failed))
        self.assertEqual(first["recipient_count"] + second["recipient_count"], good + len(CASES))

        # Released are those who may have got it, and no others.
        self.sink.arrived.clear()
        self._as_user("release")
        self._as_user("send")
        self._run_worker()
        self.assertEqual(
            self.sink.arrived, Counter(["cut.late@example.com", "mute.late@example.com"])
        )
        left = {
            email: state for email, state in self._states_by_address().items() if state != "sent"
        }
        self.assertEqual(
            left, {email: state for email, state in expected.items() if state == "bounced"}
        )

    def test_all_of_it_with_two_workers_one_of_which_is_killed(self):
        """Nobody gets it twice, nobody hangs, and nobody is in doubt but who was being served."""
        self.TIMEOUT = 3
        self._refuse()
        killed, other = self._worker(), self._worker()

        def join_in():
            self.sink.at, self.sink.then = 5, lambda: os.kill(killed.pid, signal.SIGKILL)
            self._go(other)

        self.sink.at, self.sink.then = 2, join_in
        self._go(killed)
        self.assertEqual(killed.wait(timeout=120), -signal.SIGKILL)
        self.assertEqual(other.wait(timeout=120), 0)
        self._run_worker()
        self._run_worker()
        self.assertEqual(set(self.sink.arrived.values()), {1})
        states = self._states_by_address()
        self.assertNotIn("trying", states.values())
        self.assertNotIn("queued", states.values())
        doubt = {email for email, state in states.items() if state == "in_doubt"}
        late = {"cut.late@example.com", "mute.late@example.com"}
        # of those whom the killed one was at work on, one at a time
        self.assertLessEqual(late, doubt)
        self.assertLessEqual(len(doubt - late), 1)
        for email, state in states.items():
            if email not in doubt:
                expected = CASES[email][2] if email in CASES else "sent"
                self.assertEqual(state, expected, email)
        self.sink.answers.clear()
        self._as_user("send")
        self._run_worker()
        self.assertEqual(set(self.sink.arrived.values()), {1}, "nor by sending again")

    def test_a_server_that_ends_the_connection_after_some_messages_costs_nobody(self):
        self.sink.close_after = 3
        self._run_worker()
        self.assertEqual(self.sink.arrived, Counter(self._addresses()))
        self.assertEqual(self._states(), {"sent": len(self._addresses())})
        self.assertGreater(self.sink.connections, len(self._addresses()) // 3)

    def test_a_server_that_goes_away_leaves_the_others_in_the_queue(self):
        self.sink.at, self.sink.then = 4, self._close
        self._run_worker()
        states = self._states()
        self.assertEqual(sum(self.sink.arrived.values()), 4)
        self.assertEqual(states["sent"], 4)
        self.assertEqual(
            states["queued"], len(self._addresses()) - 4, "nobody hangs, nobody failed"
        )

    def _close(self):
        # No new connection, and the one there is ends with this message.
        self.sink.controller.server.close()
        self.sink.close_after = 4

    def test_a_sender_who_is_refused_says_nothing_about_the_recipients(self):
        self.sink.sender_answer = "550 5.7.1 Sender address rejected"
        self._run_worker()
        self.assertEqual(self._states(), {"failed": len(self._addresses())})
        (figures,) = self._figures()
        self.assertEqual(figures["state"], "failed")
        self.assertFalse(
            self._read(
                lambda p: sum(p.history_ids.recipient_ids.partner_id.mapped("message_bounce"))
            )
        )

    def test_every_part_has_a_way_out_and_the_name_of_the_recipient(self):
        self._run_worker()
        for message in self.sink.messages:
            address = message["To"].addresses[0]
            self.assertRegex(address.display_name, r"^Sink \d+$")
            for part in ("plain", "html"):
                text = message.get_body([part]).get_content()
                self.assertIn("/confirm_unsubscribe?", text, part)
                self.assertIn(address.username, text, f"the {part} part has the recipient's own")
                self.assertNotIn("unsubscribe_from_list", text, part)
