"""A mail server on this machine that answers as its tests want, and workers of Odoo that send to it
from processes of their own."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config

# What a worker of Odoo does with its two queues, in a process of its own.
WORKER = """
import sys
from odoo import api
from odoo.addons.base.models import ir_mail_server
from odoo.modules.registry import Registry
from odoo.tools import config
from psycopg2.errors import SerializationFailure

config.parse_config(["-c", sys.argv[1], "-d", sys.argv[2], "--log-level=critical"])
registry = Registry(sys.argv[2])
ir_mail_server.SMTP_TIMEOUT = float(sys.argv[3])
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


class MailServer:
    """Keeps what arrives, and does with an address what `answers` says.

    `answers` is {address: (step, answer)}. The step is "RCPT" (when the address is named) or "DATA"
    (when the server has the whole message). The answer is a reply, as "550 No such user", or
    "drop": the connection is cut, or "hang": nothing is said any more.
    """

    def __init__(self):
        self.answers = {}
        self.sender_answer = None
        self.arrived = Counter()
        self.messages = []
        self.connections = 0
        self.close_after = None  # so many messages of one connection, as some servers do
        self.at = None
        self.then = None
        self.lock = threading.Lock()

    def start(self, case):
        """:return: the port; the server ends with the test"""
        try:
            from aiosmtpd.controller import Controller  # noqa: PLC0415  (only tests need it)
        except ImportError:
            if os.environ.get("CI"):
                raise
            case.skipTest("aiosmtpd is not installed")
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=port, ready_timeout=30)
        self.controller.start()
        case.addCleanup(self.controller.stop)
        return port

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        session.messages = 0
        return responses

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        if refusal := await self._answer(server, "RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            if refusal := await self._answer(server, "DATA", address):
                return refusal
        with self.lock:
            self.arrived.update(envelope.rcpt_tos)
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            if len(self.messages) == self.at:
                self.then()
        session.messages += 1
        if session.messages == self.close_after:
            server.loop.call_later(0.01, server.transport.close)
        return "250 Message accepted for delivery"

    async def _answer(self, server, step, address):
        at, answer = self.answers.get(address, (None, None))
        if at != step:
            return None
        if answer == "drop":
            server.transport.abort()
            return "250 Nobody hears this"
        if answer == "hang":
            await asyncio.sleep(30)  # whoever waits for it has given up long before
        return answer


class PromoProcessCase(BaseCase):
    """Real processes, real commits, a real mail server on this machine. All is deleted again."""

    SIZE = 60  # more than one batch of Odoo's
    TIMEOUT = 60  # seconds, as Odoo's own

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # the chatter of aiosmtpd
        self.sink = MailServer()
        self.port = self.sink.start(self)
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
            {"name": f"Sink {n}", "email": address, "category_id": [Command.link(tag.id)]}
            for n, address in enumerate(self._addresses())
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

    def _addresses(self):
        return [f"sink{n}@example.com" for n in range(self.SIZE)]

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
            [sys.executable, "-c", WORKER, config.rcfile, get_db_name(), str(self.TIMEOUT)],
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

    def _as_user(self, what):
        with closing(self.registry.cursor()) as cr:
            promo = api.Environment(cr, SUPERUSER_ID, {})["bizuno.promo"].browse(self.promo_id)
            if what == "stop":
                promo.history_ids.action_cancel()
            elif what == "release":
                promo.history_ids.action_release_in_doubt()
            else:
                promo.action_send()
            cr.commit()  # pylint: disable=invalid-commit
