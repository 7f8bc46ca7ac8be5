import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes

from aiosmtpd.controller import Controller
from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config, mute_logger
from psycopg2.errors import SerializationFailure

# What a worker of Odoo does with its two queues, in a process of its own.
WORKER = """
import sys
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config
from psycopg2.errors import SerializationFailure

config.parse_config(["-c", sys.argv[1], "-d", sys.argv[2], "--log-level=critical"])
registry = Registry(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for model, method in (
    ("mailing.mailing", "_process_mass_mailing_queue"), ("mail.mail", "process_email_queue"),
):
    for attempt in range(5):
        with registry.cursor() as cr:
            try:
                getattr(api.Environment(cr, 1, {})[model], method)()
                cr.commit()
                break
            except SerializationFailure:
                cr.rollback()  # the scheduler would run the job again
"""


class Sink:
    """A mail server that keeps what arrives, and may do something in the middle of a message."""

    def __init__(self):
        self.arrived = Counter()
        self.messages = []
        self.unknown = None
        self.at = None
        self.then = None
        self.lock = threading.Lock()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address == self.unknown:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        with self.lock:
            self.arrived.update(envelope.rcpt_tos)
            self.messages.append(message_from_bytes(envelope.content))
            if len(self.messages) == self.at:
                self.then()
        return "250 Message accepted for delivery"


@tagged("post_install", "-at_install")
class TestPromoProcess(BaseCase):
    """Real processes, real commits, a real mail server on this machine. All is deleted again."""

    SIZE = 60  # more than one batch of Odoo's

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # the chatter of aiosmtpd
        self.sink = Sink()
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port = probe.getsockname()[1]
        server = Controller(
            self.sink, hostname="127.0.0.1", port=self.port, ready_timeout=30,
        )  # fmt: skip
        server.start()
        self.addCleanup(server.stop)
        self.addCleanup(self._delete)
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self._create(env)
            cr.commit()  # pylint: disable=invalid-commit

    def _create(self, env):
        env["ir.mail_server"].create({
            "name": "Promo sink", "smtp_host": "127.0.0.1", "smtp_port": self.port,
            "smtp_encryption": "none", "sequence": 0,
        })  # fmt: skip
        env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
        tag = env["res.partner.category"].create({"name": "Promo sink"})
        env["res.partner"].create([
            {"name": f"Sink {n}", "email": f"sink{n}@example.com",
             "category_id": [Command.link(tag.id)]}
            for n in range(self.SIZE)
        ])  # fmt: skip
        today = fields.Date.today()
        promo = env["bizuno.promo"].create({
            "name": "Sink", "subject": "Sink", "body_html": "<p>Hello</p>",
            "email_from": "sales@example.com", "distribution": "filter",
            "partner_domain": repr([("category_id", "in", tag.ids)]),
            "date_start": today - timedelta(days=1), "date_end": today + timedelta(days=1),
        })  # fmt: skip
        promo.action_send()
        self.promo_id = promo.id

    def _delete(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["mail.mail"].search([("model", "=", "bizuno.promo.recipient")]).unlink()
            promos = env["bizuno.promo"].search([("name", "=", "Sink")])
            mailings = promos.history_ids.mailing_id
            cr.execute("DELETE FROM bizuno_promo_recipient WHERE promo_id = ANY(%s)", [promos.ids])
            promos.history_ids.unlink()
            promos.invalidate_recordset()
            mailings.unlink()
            promos.unlink()
            env["ir.mail_server"].search([("name", "=", "Promo sink")]).unlink()
            env["res.partner"].search([("name", "=like", "Sink %")]).unlink()
            env["res.partner.category"].search([("name", "=", "Promo sink")]).unlink()
            cr.commit()  # pylint: disable=invalid-commit

    def _worker(self):
        # Odoo's command line leaves the path of its configuration here.
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, config.rcfile, get_db_name()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline().strip(), "ready")
        return process

    def _go(self, process):
        process.stdin.write("go\n")
        process.stdin.close()

    def _run_worker(self):
        process = self._worker()
        self._go(process)
        self.assertEqual(process.wait(timeout=120), 0)

    def _read(self, read):
        with closing(self.registry.cursor()) as cr:
            return read(api.Environment(cr, SUPERUSER_ID, {})["bizuno.promo"].browse(self.promo_id))

    def _states(self):
        return self._read(
            lambda promo: Counter(promo.history_ids.recipient_ids.mapped("send_state"))
        )

    def _assert_each_once(self):
        self.assertEqual(
            self.sink.arrived, Counter(f"sink{n}@example.com" for n in range(self.SIZE))
        )

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
        self.sink.unknown = "sink3@example.com"
        self._run_worker()
        self.sink.unknown = None
        self._run_worker()
        self.assertNotIn("sink3@example.com", self.sink.arrived)
        self.assertEqual(set(self.sink.arrived.values()), {1})
        self.assertEqual(len(self.sink.arrived), self.SIZE - 1)
        history = self._read(lambda promo: promo.history_ids.read(["failed", "state"])[0])
        self.assertEqual((history["failed"], history["state"]), (1, "done"))

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

    def _as_user(self, what):
        with closing(self.registry.cursor()) as cr:
            promo = api.Environment(cr, SUPERUSER_ID, {})["bizuno.promo"].browse(self.promo_id)
            if what == "stop":
                promo.history_ids.action_cancel()
            else:
                promo.action_send()
            cr.commit()  # pylint: disable=invalid-commit

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
