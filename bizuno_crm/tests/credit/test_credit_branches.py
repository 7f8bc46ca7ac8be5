from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditBranches(CreditCommon):
    """Branches lend by the limits, the policy and the scope of their root company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_erp_manager")
        cls.branch = cls.env["res.company"].create(
            {"name": "North Branch", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # loads the chart of accounts
        cls.counter = cls.env["res.company"].create({"name": "Counter", "parent_id": cls.branch.id})
        cls.env.cr.precommit.run()
        # Works in the branch alone: neither is the root company one of theirs.
        cls.locals = cls._create_users(
            "branch",
            {
                "rep": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
                "bookkeeper": "account.group_account_invoice,base.group_partner_manager",
            },
        )
        for user in cls.locals.values():
            user.write({
                "company_ids": [Command.set(cls.branch.ids)], "company_id": cls.branch.id,
            })  # fmt: skip

    def _in(self, record, company, user):
        return record.with_user(user).with_context(allowed_company_ids=company.ids)

    def test_the_limit_is_the_root_companys(self):
        self.customer.credit_limit = 450
        for company in (self.branch, self.counter):
            self.assertEqual(self.customer.with_company(company).credit_limit, 450)
        partner = self._in(self.customer, self.branch, self.locals["bookkeeper"])
        found = partner.search([("credit_limit", "=", 450), ("id", "=", partner.id)])
        self.assertEqual(found, partner)

    def test_a_limit_written_in_a_branch_is_everybodys(self):
        partner = self._in(self.customer, self.branch, self.locals["bookkeeper"])
        partner.credit_limit = 620
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_limit, 620)
        self.assertEqual(partner.credit_limit, 620)

    def test_a_rep_of_a_branch_cannot_raise_it(self):
        partner = self._in(self.customer, self.branch, self.locals["rep"])
        with self.assertRaisesRegex(UserError, "Credit Limit"):
            partner.write({"credit_limit": 99999})
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_limit, 1000)

    def test_an_order_in_a_branch_is_judged_by_all(self):
        self.company.credit_policy = "block"
        self._invoice(800, post=True)
        order = self._in(self.env["sale.order"], self.branch, self.locals["rep"]).create({
            "partner_id": self.customer.id,
            "order_line": [
                Command.create(
                    {"product_id": self.product.id, "price_unit": 300, "tax_ids": False}
                )
            ],
        })  # fmt: skip
        self.assertEqual(order.company_id, self.branch)
        self.assertEqual(order.credit_status, "over_limit")
        with self.assertRaisesRegex(UserError, "stopped by the credit policy"):
            order.action_confirm()
        order.order_line.price_unit = 200
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_list_finds_them_in_a_branch(self):
        self._invoice(1300, post=True)
        partner = self._in(self.customer, self.branch, self.locals["bookkeeper"])
        found = partner.search([("credit_status", "=", "over_limit")])
        self.assertIn(partner, found)

    def test_policy_and_scope_are_the_roots(self):
        self.company.write({"credit_policy": "approval", "credit_scope": "invoices_and_orders"})
        self.assertEqual(self.branch.credit_policy, "approval")
        self.assertEqual(self.counter.credit_scope, "invoices_and_orders")
        late = self.env["res.company"].create({"name": "Late", "parent_id": self.company.id})
        self.assertEqual(late.credit_policy, "approval")
        with self.assertRaisesRegex(UserError, "settings of " + self.company.name):
            self.branch.credit_policy = "warn"

    def test_an_update_brings_older_branches_in_line(self):
        self.company.credit_policy = "block"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET credit_policy = 'warn', credit_scope = 'invoices' "
            "WHERE id IN %s",
            [tuple((self.branch + self.counter).ids)],
        )
        self.env.invalidate_all()
        self.env["res.company"].search([])._share_credit_policy()
        self.assertEqual(set((self.branch + self.counter).mapped("credit_policy")), {"block"})

    def test_settings_of_a_branch_show_the_roots(self):
        self.company.credit_policy = "block"
        settings = self.env["res.config.settings"].with_company(self.branch)
        with mute_logger("odoo.tests.form.onchange"):  # a test company's own taxes
            form = Form(settings)
        self.assertEqual(form.credit_policy, "block")
        self.assertEqual(form.credit_root_id, self.company)
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.credit_policy = "warn"

    def test_defaults_of_a_new_customer(self):
        self.company.contact_default_terms = "3:0:0:20:770"
        self.branch.contact_default_terms = "3:0:0:10:50"
        self.env.user.company_ids += self.branch
        partner = self._in(self.env["res.partner"], self.branch, self.locals["rep"]).create(
            {"name": "Walk-in", "role_customer": True}
        )
        for company in (self.company, self.branch, self.counter):
            self.assertEqual(partner.sudo().with_company(company).credit_limit, 770)
        terms = partner.sudo().with_company(self.branch).property_payment_term_id
        self.assertEqual(terms.line_ids.nb_days, 10)
        given = self._in(self.env["res.partner"], self.branch, self.locals["bookkeeper"]).create(
            {"name": "Given", "role_customer": True, "credit_limit": 90}
        )
        self.env.invalidate_all()
        self.assertEqual(given.sudo().with_company(self.company).credit_limit, 90)
