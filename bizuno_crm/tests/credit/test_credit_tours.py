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
        }.items():
            new_test_user(cls.env, login=login, groups=groups, company_id=cls.company.id)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Tour Supply", "role_customer": True, "is_company": True}
        )
        product = cls.env["product.product"].create(
            {"name": "Tour Pump", "taxes_id": [Command.clear()]}
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
