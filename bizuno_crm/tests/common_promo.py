"""A promotion, contacts for it, and Odoo's mail mock: nothing leaves the machine."""

from contextlib import nullcontext
from datetime import timedelta

from odoo import fields
from odoo.addons.mass_mailing.tests.common import MassMailCase
from odoo.tests import HttpCase
from odoo.tools import email_normalize

from .common import BizunoLightCommon


class PromoCommon(BizunoLightCommon, MassMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].sudo().create({"name": "Test", "smtp_host": "smtp.example.com"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Promo test"})
        cls.today = fields.Date.today()
        cls.sender = cls.users["sales_manager"]
        cls.sender.email = "manager@example.com"
        # what making the users has put in the queue is not what these tests count
        cls.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).state = "cancel"

    @classmethod
    def _create_promo(cls, **values):
        return cls.env["bizuno.promo"].with_user(cls.sender).create({
            "name": "Spring sale",
            "subject": "Ten percent off",
            "email_from": "sales@example.com",
            "body_html": '<p>Have a look at <a href="https://example.com/sale">the sale</a>.</p>',
            "distribution": "filter",
            "partner_domain": repr([("category_id", "in", cls.tag.ids)]),
            "date_start": cls.today - timedelta(days=1),
            "date_end": cls.today + timedelta(days=10),
            **values,
        })  # fmt: skip

    @classmethod
    def _create_contact(cls, name, email=None, **values):
        if email is None:
            email = f"{name.lower().replace(' ', '.')}@example.com"
        return cls._create_customer(name=name, email=email, category_id=[(4, cls.tag.id)], **values)

    def _verdicts(self, promo):
        """{contact: verdict}, of the contacts of these tests"""
        self.env.invalidate_all()
        candidates = (
            self.env["bizuno.promo.candidate"]
            .with_user(self.sender)
            .with_context(bizuno_promo_id=promo.id)
            .search([])
        )
        return {candidate.partner_id.name: candidate.reason for candidate in candidates}

    def _run_queues(self):
        """What Odoo's two scheduled actions do; returns the addresses that got a message."""
        # A test with a browser is in that mode from the start.
        mode = nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode()
        with mode, self.mock_mail_gateway():
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo().method_direct_trigger()
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo().method_direct_trigger()
        self.env.invalidate_all()
        return sorted(email_normalize(to) for mail in self._mails for to in mail["email_to"])
