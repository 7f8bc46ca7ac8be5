from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestAccountRights(BizunoCommon):
    """Who may change limit, terms, status, exemption and price sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a rep as companies have them: may make and change contacts
        cls.users["rep"].group_ids += cls.env.ref("base.group_partner_manager")
        cls.sheet = cls.env["product.pricelist"].create({"name": "Dealer"})
        cls.term = cls.env.ref("account.account_payment_term_15days")
        cls.changes = {
            "credit_limit": 99999.0,
            "use_partner_credit_limit": False,
            "bizuno_terms": "0:0:0:30:99999",
            "property_payment_term_id": cls.term.id,
            "account_status": "hold",
            "tax_exempt": True,
            "tax_exempt_certificate": "X-1",
            "tax_exempt_expiration": "2030-01-01",
            "property_product_pricelist": cls.sheet.id,
            "specific_property_product_pricelist": cls.sheet.id,
            "property_income_account_id": cls.company_data["default_account_revenue"].id,
            "default_tax_id": cls.tax_sale_a.id,
            "property_account_position_id": cls.env["account.fiscal.position"]
            .create({"name": "Export"})
            .id,
        }

    def test_reps_and_sales_managers_are_refused_with_a_sentence(self):
        for person in ("rep", "sales_manager"):
            customer = self.customer.with_user(self.users[person])
            for name, value in self.changes.items():
                with self.assertRaisesRegex(AccessError, "account of .* ask accounting", msg=name):
                    customer.write({name: value})

    def test_reps_are_refused_when_they_create(self):
        partners = self.env["res.partner"].with_user(self.users["rep"])
        for name, value in self.changes.items():
            if name in ("use_partner_credit_limit",):
                continue
            with self.assertRaisesRegex(AccessError, "ask accounting", msg=name):
                partners.create({"name": "New", name: value})

    def test_reps_are_refused_by_import(self):
        partners = self.env["res.partner"].with_user(self.users["rep"])
        result = partners.load(
            ["name", "tax_exempt", "tax_exempt_certificate"], [["New", "1", "C"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("ask accounting", result["messages"][0]["message"])

    def test_reps_are_refused_by_nested_commands(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        customer = self.customer.with_user(self.users["rep"])
        # Commands run as the user of the request, whatever environment carries them.
        self.addCleanup(
            setattr, self.env.transaction, "default_env", self.env.transaction.default_env
        )
        self.env.transaction.default_env = customer.env
        for command in (
            Command.update(child.id, {"tax_exempt": True}),
            Command.create({"name": "Bob", "credit_limit": 5.0}),
        ):
            with self.assertRaisesRegex(AccessError, "ask accounting"):
                customer.write({"child_ids": [command]})

    def test_reps_have_no_way_through_the_context(self):
        partners = (
            self.env["res.partner"]
            .with_user(self.users["rep"])
            .with_context(
                default_tax_exempt=True,
                default_account_status="hold",
                default_property_payment_term_id=self.term.id,
            )
        )
        partner = partners.create({"name": "New", "role_customer": True}).sudo()
        self.assertRecordValues(
            partner,
            [{"tax_exempt": False, "credit_limit": 1000.0, "account_status": "active"}],
        )
        self.assertEqual(partner.bizuno_terms, "0:0:0:30:1000")
        with self.assertRaises(AccessError):
            partners.with_context(default_credit_limit=1e6).create({"name": "New"})

    def test_reps_work_on_everything_else(self):
        customer = self.customer.with_user(self.users["rep"])
        customer.write({"name": "Harbour Supplies", "tax_exempt": False, "phone": "1"})
        self.customer.write({"credit_limit": 7, "tax_exempt": True})
        child = (
            self.env["res.partner"]
            .with_user(self.users["rep"])
            .create({"name": "Ann", "parent_id": self.customer.id, "account_status": "active"})
        )
        self.assertTrue(child.tax_exempt)

    def test_a_rep_may_hand_on_what_the_company_has(self):
        self.customer.tax_exempt = True
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        child.with_user(self.users["rep"]).write({"tax_exempt": True})

    def test_accounting_and_the_bizuno_manager_may(self):
        hidden = ("credit_limit", "use_partner_credit_limit")
        for person in ("bookkeeper", "accountant", "bizuno_manager"):
            customer = self.customer.with_user(self.users[person])
            for name, value in self.changes.items():
                if person == "bizuno_manager" and name in hidden:
                    continue  # Odoo shows the native limit to accounting alone
                customer.write({name: value})
            self.assertEqual(self.customer.property_payment_term_id, self.term)
            self.assertEqual(self.customer.account_status, "hold")

    def test_employees_cannot_change_contacts_at_all(self):
        with self.assertRaises(UserError):
            self.customer.with_user(self.users["employee"]).write({"tax_exempt": True})
