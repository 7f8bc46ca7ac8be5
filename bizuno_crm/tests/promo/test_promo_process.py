import os
import signal
import threading
from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..common_promo_process import PromoProcessCase


@tagged("post_install", "-at_install")
class TestPromoProcess(PromoProcessCase):
    takes_minutes = True

    def test_what_arrives_is_counted(self):
        self._run_worker()
        self._assert_each_once()
        self.assertEqual(self._states(), {"sent": self.SIZE})
        for message in self.sink.messages:
            self.assertIn("unsubscribe_oneclick", message["List-Unsubscribe"])
            self.assertEqual(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        links = {message["List-Unsubscribe"] for message in self.sink.messages}
        self.assertEqual(len(links), self.SIZE, "everybody's own")
        history = self._read(
            lambda promo: promo.history_ids.read(["sent", "failed", "progress", "state"])[0]
        )
        self.assertEqual(
            (history["sent"], history["failed"], history["progress"], history["state"]),
            (self.SIZE, 0, 100.0, "done"),
        )

    def test_a_killed_worker_and_a_restart(self):
        process = self._worker()
        self.sink.at, self.sink.then = 7, lambda: os.kill(process.pid, signal.SIGKILL)
        self._go(process)
        self.assertEqual(process.wait(timeout=120), -signal.SIGKILL)
        self.assertEqual(sum(self.sink.arrived.values()), 7)
        self._run_worker()
        self._run_worker()
        self._assert_each_once()
        self.assertEqual(self._states(), {"sent": self.SIZE - 1, "in_doubt": 1})

    def test_one_bad_address_keeps_no_other_from_it_and_is_not_tried_for_ever(self):
        self.sink.answers["sink3@example.com"] = ("RCPT", "550 No such user here")
        self._run_worker()
        self.sink.answers.clear()
        self._run_worker()
        self.assertNotIn("sink3@example.com", self.sink.arrived)
        self.assertEqual(set(self.sink.arrived.values()), {1})
        self.assertEqual(len(self.sink.arrived), self.SIZE - 1)
        history = self._read(
            lambda promo: promo.history_ids.read(["bounced", "failed", "state"])[0]
        )
        self.assertEqual((history["bounced"], history["failed"], history["state"]), (1, 0, "done"))

    def test_a_stop_in_the_middle_and_a_later_send(self):
        self.sink.at, self.sink.then = 7, lambda: self._as_user("stop")
        self._run_worker()
        self.assertEqual(len(self.sink.messages), 7, "the one on its way arrived, no other")
        self._run_worker()
        self.assertEqual(len(self.sink.messages), 7)
        self.assertEqual(self._states(), {"sent": 7})
        self._as_user("send")
        self._run_worker()
        self._assert_each_once()
        self.assertEqual(self._states(), {"sent": self.SIZE})

    def test_two_workers_at_once(self):
        workers = [self._worker(), self._worker()]
        for process in workers:
            self._go(process)
        for process in workers:
            self.assertEqual(process.wait(timeout=120), 0)
        self._run_worker()
        self._assert_each_once()
        self.assertEqual(self._states(), {"sent": self.SIZE})

    def test_two_sends_at_once(self):
        barrier = threading.Barrier(2)
        results = []

        def send():
            with closing(self.registry.cursor()) as cr:
                env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                promo = env["bizuno.promo"].browse(self.promo_id)
                partners = env["res.partner"].search([("name", "=like", "Sink %")])
                partners[0].copy({"email": "late@example.com", "name": "Sink late"})
                env.flush_all()
                barrier.wait(timeout=60)
                try:
                    promo.action_send()
                    cr.commit()  # pylint: disable=invalid-commit
                    results.append("sent")
                except SerializationFailure:
                    cr.rollback()  # a request would be run again, and find nobody left
                    results.append("refused")

        threads = [threading.Thread(target=send) for _ in range(2)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
        self.assertEqual(sorted(results), ["refused", "sent"])
        self._run_worker()
        self.assertEqual(set(self.sink.arrived.values()), {1})
        self.assertEqual(self.sink.arrived["late@example.com"], 1)
