from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
class TestAgingTours(AgingCommon, HttpCase):
    """The receivables as a bookkeeper clicks through them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.TODAY = fields.Date.to_string(fields.Date.today())
        days_ago = cls._days_ago
        cls.customer.email = "office@harbour.example"
        invoice = cls._invoice(1200, days_ago(cls, 40), date=days_ago(cls, 70), ref="PO 12")
        cls._pay(invoice, 200, days_ago(cls, 10))
        cls._invoice(300, days_ago(cls, -10), date=days_ago(cls, 5))
        cls._invoice(-50, days_ago(cls, 20))
        cls._entry(-25, days_ago(cls, 3), cls.customer)
        long_name = "Dockside Riggers, Chandlers & Marine Supplies"  # 45 characters
        for name, amount, days in (("Quay Traders", 800, 100), (long_name, 4200.5, 130)):
            cls._invoice(amount, days_ago(cls, days), cls._create_customer(name))

    def _form(self):
        return f"/odoo/contacts/{self.customer.id}"

    def test_report_to_document(self):
        self.start_tour(
            "/odoo/action-bizuno_crm.bizuno_aged_receivable_report_action",
            "bizuno_crm_aging_report",
            login="bizuno_bookkeeper",
        )

    def test_page_opens_prints_and_pays_documents(self):
        self.start_tour(self._form(), "bizuno_crm_contact_page", login="bizuno_bookkeeper")

    def test_page_of_a_bookkeeper(self):
        self.start_tour(
            "/odoo/bizuno-aged-receivables", "bizuno_crm_aging_page", login="bizuno_bookkeeper"
        )

    def test_panel_and_history(self):
        self.start_tour(self._form(), "bizuno_crm_aging_panel", login="bizuno_bookkeeper")

    def test_statement_by_email(self):
        self.start_tour(self._form(), "bizuno_crm_aging_statement", login="bizuno_bookkeeper")
        line = self.env["bizuno.statement.mailing.line"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(line.state, "queued", "no test sends e-mail")
        self.assertTrue(line.sudo().mail_id.attachment_ids)
