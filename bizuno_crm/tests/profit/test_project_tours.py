from odoo.tests import HttpCase, tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectTours(ProfitCommon, HttpCase):
    """From a document to the profit and loss of its project, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.write({"name": "Pump station", "budget": 50.0})
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.today = cls.env.cr.now().date()

    def test_quotation_with_a_project_to_profit_and_loss(self):
        # who sells and invoices, as in a small company
        self.bookkeeper.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self._order()
        self.start_tour(
            f"/odoo/sales/{order.id}", "bizuno_project_quotation", login="bizuno_bookkeeper"
        )
        self.assertEqual(order.invoice_ids.bizuno_project_id, self.project)
        self.assertEqual(self._booked(self.project), 200.0)

    def test_a_bill_on_a_project(self):
        bill = self._move(invoice_date=self.today, date=self.today)
        self.start_tour(
            f"/odoo/action-account.action_move_in_invoice_type/{bill.id}",
            "bizuno_project_bill",
            login="bizuno_bookkeeper",
        )
        self.assertEqual(self._booked(self.project), -40.0)

    def test_past_documents_and_bills(self):
        self.second.unlink()
        invoice = self._move(None, "out_invoice", 70.0)
        invoice.action_post()
        bills = [self._move(price=40.0, ref=ref) for ref in ("STEEL-7", "CRANE-9")]
        for bill in bills:
            bill.action_post()
        self.start_tour(
            f"/odoo/bizuno-projects/{self.project.id}",
            "bizuno_project_past",
            login="bizuno_bookkeeper",
        )
        self.assertEqual((invoice + bills[0]).bizuno_project_id, self.project)
        self.assertFalse(bills[1].bizuno_project_id)


@tagged("post_install", "-at_install")
class TestProjectPhoneTours(ProfitCommon, HttpCase):
    """The same on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_what_a_figure_consists_of(self):
        self._move(self.project).action_post()
        self.start_tour(
            f"/odoo/bizuno-projects/{self.project.id}",
            "bizuno_project_phone",
            login="bizuno_bookkeeper",
        )
