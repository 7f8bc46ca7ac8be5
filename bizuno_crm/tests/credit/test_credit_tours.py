from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCreditTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        for login, groups in {
            "credit_rep": "sales_team.group_sale_salesman_all_leads",
            "credit_accountant": "account.group_account_manager,"
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
            "credit_own_rep": "sales_team.group_sale_salesman",
            "credit_seller": "sales_team.group_sale_manager",
            "credit_clerk": "account.group_account_invoice",
        }.items():
            new_test_user(cls.env, login=login, groups=groups, company_id=cls.company.id)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Tour Supply", "role_customer": True, "is_company": True}
        )
        product, _other = cls.env["product.product"].create(
            [{"name": name, "taxes_id": [Command.clear()]} for name in ("Tour Pump", "Tour Hose")]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 1500})],
            }
        )

    def _tour(self, name, login, record):
        self.start_tour(f"/odoo/{record._name}/{record.id}", name, login=login)

    def test_set_terms_with_the_gear(self):
        self._tour("bizuno_terms_gear", "credit_accountant", self.customer)
        self.assertEqual(self.customer.bizuno_terms, "3:2:10:30:2500")

    def test_over_limit_order_in_warn(self):
        self._tour("bizuno_credit_warn", "credit_accountant", self.order)
        self.assertEqual(self.order.state, "sale")

    @mute_logger("odoo.http")  # the refusal
    def test_over_limit_order_in_approval(self):
        self.company.credit_policy = "approval"
        self._tour("bizuno_credit_approval_request", "credit_rep", self.order)
        self.assertTrue(self.order.activity_ids)
        self._tour("bizuno_credit_approval_grant", "credit_accountant", self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.activity_ids)

    @mute_logger("odoo.http")  # the refusal
    def test_over_limit_order_in_block(self):
        self.company.credit_policy = "block"
        self._tour("bizuno_credit_block", "credit_accountant", self.order)
        self.assertEqual(self.order.state, "draft")

    def test_nothing_on_hold_where_the_policy_only_warns(self):
        self.assertEqual(self.company.credit_policy, "warn")
        self.env["bizuno.credit.wait"].search([]).unlink()
        self.start_tour(
            "/odoo/bizuno-on-hold", "bizuno_credit_nothing_on_hold", login="credit_accountant"
        )

    def test_invented_rows_have_no_credit_status(self):
        self.start_tour("/odoo/sales", "bizuno_credit_invented_rows", login="credit_rep")

    def test_everybody_who_sells_enters_a_quotation(self):
        """On the page, line by line: what Odoo's page sends along is no forgery."""
        self.company.credit_policy = "block"
        for login in ("credit_rep", "credit_own_rep", "credit_seller", "credit_accountant"):
            with self.subTest(login):
                self.start_tour("/odoo/sales/new", "bizuno_quotation_by_hand", login=login)
                order = self.env["sale.order"].search([], order="id desc", limit=1)
                self.assertEqual((order.state, order.create_uid.login), ("sale", login))
                self.assertEqual(
                    order.order_line.product_id.mapped("name"), ["Tour Pump", "Tour Hose"]
                )

    def test_everybody_who_invoices_enters_an_invoice(self):
        self.company.credit_policy = "block"
        for login in ("credit_clerk", "credit_accountant"):
            with self.subTest(login):
                self.start_tour(
                    "/odoo/customer-invoices/new", "bizuno_invoice_by_hand", login=login
                )
                invoice = self.env["account.move"].search([], order="id desc", limit=1)
                self.assertEqual((invoice.state, invoice.create_uid.login), ("posted", login))
