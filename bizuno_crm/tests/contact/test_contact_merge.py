from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactMerge(BizunoCommon):
    def _merge(self, source, destination):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((source + destination).ids, destination)
        self.env.flush_all()
        self.assertFalse(source.exists())
        return destination

    def test_roles_are_united_and_the_id_of_the_destination_stays(self):
        source = self._create_customer(role_branch=True, role_employee=True)
        destination = self.env["res.partner"].create({"name": "V", "role_vendor": True})
        kept = destination.ref
        merged = self._merge(source, destination)
        self.assertEqual(merged.role_names, "Customer, Vendor, Branch, Employee")
        self.assertEqual(merged.ref, kept)

    def test_destination_without_an_id_takes_the_source_s(self):
        source = self._create_customer(ref="KEEP-1")
        destination = self.env["res.partner"].create({"name": "Plain"})
        merged = self._merge(source, destination)
        self.assertEqual(merged.ref, "KEEP-1")
        self.assertTrue(merged.role_customer)

    def test_the_strictest_restriction_stays(self):
        source = self._create_customer(account_status="hold")
        self.assertEqual(self._merge(source, self._create_customer()).account_status, "hold")
        source = self._create_customer(account_status="locked")
        held = self._create_customer(account_status="hold")
        self.assertEqual(self._merge(source, held).account_status, "locked")

    def test_invoices_and_orders_follow(self):
        source = self._create_customer()
        invoice = self.init_invoice("out_invoice", partner=source, amounts=[100], post=True)
        order = self.env["sale.order"].create({"partner_id": source.id})
        merged = self._merge(source, self._create_customer())
        self.assertEqual(invoice.partner_id, merged)
        self.assertEqual(order.partner_id, merged)

    def test_merging_the_holders_of_one_id_ends_the_conflict(self):
        partners = self.env["res.partner"].create([{"name": f"D{i}"} for i in range(3)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET ref = 'D-9', contact_id_conflict = (id != %s) "
            "WHERE id = ANY(%s)",
            [min(partners.ids), partners.ids],
        )
        partners.invalidate_recordset()
        first, second, third = partners
        merged = self._merge(first, second)
        self.assertEqual(merged.ref, "D-9")
        self.assertFalse(merged.contact_id_conflict)
        self.assertTrue(third.contact_id_conflict)
        merged = self._merge(merged, third)
        self.assertEqual(merged.ref, "D-9")
        self.assertFalse(merged.contact_id_conflict)


@tagged("post_install", "-at_install")
class TestMergeKeepsAccount(BizunoCommon):
    """Merging is no way to change a customer's account, or to lose what accounting has decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.contact_default_terms = "3:0:0:30:1000"
        cls.other_company = cls.setup_other_company()["company"]
        cls.other_company.contact_default_terms = "3:0:0:30:1000"
        cls.rep = cls.users["rep"]
        # What accounting may have decided about a customer; the mail address makes it a double.
        cls.decisions = {
            "credit_limit": 99999.0,
            "property_payment_term_id": cls.env.ref("account.account_payment_term_15days").id,
            "account_restriction": "hold",
            "tax_exempt": True,
            "tax_exempt_certificate": "X-1",
            "tax_exempt_expiration": "2040-01-01",
            "property_account_position_id": cls.env["account.fiscal.position"]
            .create({"name": "Export"})
            .id,
            "default_tax_id": cls.tax_sale_a.id,
            "specific_property_product_pricelist": cls.env["product.pricelist"]
            .create({"name": "Dealer"})
            .id,
            "property_income_account_id": cls.company_data["default_account_revenue"].id,
        }

    def _contact(self, user=None, **values):
        partners = self.env["res.partner"].with_user(user or self.env.user)
        values = {"name": "Bay Lighting", "email": "hello@bay.example", **values}
        return partners.create(values).with_env(self.env)

    def _customer(self, user=None, **values):
        return self._contact(user, role_customer=True, **values)

    def _merge(self, sources, destination, user=None):
        """By the button of Odoo's dialog, as the user who presses it."""
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user or self.rep)
            .create(
                {
                    "partner_ids": [(6, 0, (sources + destination).ids)],
                    "dst_partner_id": destination.id,
                }
            )
        )
        wizard.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        return destination

    def _merge_lead(self, lead, target):
        convert = self.env["bizuno.lead.convert"].with_user(self.rep).create({"lead_ids": lead.ids})
        convert.line_ids.write({"decision": "merge", "target_id": target.id})
        convert.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        return target

    def _assert_refused(self, merge, *args, named="“Customers' Account: Edit”"):
        with self.assertRaisesRegex(AccessError, named), self.env.cr.savepoint():
            merge(*args)
        self.env.invalidate_all()

    def _account(self, partner):
        account = partner.commercial_partner_id
        return [
            [
                account.with_company(company)[name]
                for name in ("account_status_reason", *self.decisions)
            ]
            for company in (self.env.company, self.other_company)
        ]

    def test_every_guarded_field_is_tried(self):
        from ...models.terms.bizuno_account_rights_mixin import MERGED_FIELDS  # noqa: PLC0415

        self.assertEqual(set(MERGED_FIELDS), set(self.decisions))

    def test_a_rep_merges_doubles_about_which_nothing_was_decided(self):
        for make in (self._contact, self._customer):
            kept = self._customer(self.rep)
            before = self._account(kept)
            self.assertEqual(kept.credit_limit, 1000)
            self._merge(make(self.rep), kept)
            self.assertEqual(self._account(kept), before)

    def test_a_double_that_is_no_customer_yet_becomes_one_as_any_new_one(self):
        seeded = self._account(self._customer(self.rep, email="other@bay.example"))
        kept = self._contact(self.rep)
        self._merge(self._customer(self.rep), kept)
        self.assertTrue(kept.role_customer)
        self.assertEqual(self._account(kept), seeded)

    def test_no_decision_is_passed_on_or_lost(self):
        for name, value in self.decisions.items():
            for make in (self._contact, self._customer):
                decided = self._customer(**{name: value})
                kept = make(self.rep)
                before = self._account(kept), self._account(decided)
                self._assert_refused(self._merge, decided, kept)
                self.assertEqual((self._account(kept), self._account(decided)), before, name)

    def test_no_decision_of_another_company_is_passed_on(self):
        decided = self._customer()
        decided.with_company(self.other_company).credit_limit = 99999.0
        self._assert_refused(self._merge, decided, self._contact(self.rep))

    def test_the_refusal_names_who_would_lose_what(self):
        decided = self._customer(name="Bay", credit_limit=7, tax_exempt=True)
        self._assert_refused(
            self._merge, decided, self._customer(self.rep),
            named="account of Bay .*Credit Limit.*Tax Exempt.*into Bay instead.*Account: Edit”",
        )  # fmt: skip

    def test_a_rep_merges_into_the_one_about_which_it_was_decided(self):
        for name, value in self.decisions.items():
            decided = self._customer(**{name: value})
            before = self._account(decided)
            self._merge(self._customer(self.rep), decided)
            self.assertEqual(self._account(decided), before, name)

    def test_a_lock_is_stricter_than_a_hold(self):
        locked = self._customer(account_status="locked", account_status_reason="Fraud")
        held = self._customer(account_status="hold", account_status_reason="Late")
        self._assert_refused(self._merge, locked, held)
        self._merge(held, locked)
        self.assertEqual((locked.account_restriction, locked.account_status_reason),
                         ("locked", "Fraud"))  # fmt: skip

    def test_not_by_way_of_a_child_or_a_parent(self):
        """A child shares the account of its company: so does who becomes one by the merge."""
        free = self._customer(self.rep, name="Free", email="free@bay.example", is_company=True)
        child = self._contact(self.rep, parent_id=free.id)
        held = self._customer(account_restriction="hold")
        self._assert_refused(self._merge, held, child)
        self._assert_refused(self._merge, child, held)
        rich = self._customer(name="Rich", email="rich@bay.example", credit_limit=99999.0,
                              is_company=True)  # fmt: skip
        child = self._contact(self.rep, parent_id=rich.id)
        poor = self._customer(self.rep, is_company=True)
        self._assert_refused(self._merge, child, poor)
        self.assertEqual(poor.credit_limit, 1000)

    def test_not_by_way_of_a_lead(self):
        """Odoo's merge runs as the system there."""
        for name, value in self.decisions.items():
            decided = self._customer(**{name: value})
            decided.with_user(self.rep).role_lead = True
            kept = self._customer(self.rep, email="hello@bay.example")
            before = self._account(kept)
            self._assert_refused(self._merge_lead, decided, kept)
            self.assertEqual(self._account(kept), before, name)
            decided.email = kept.email = False
        held = self._customer(account_status="hold", account_status_reason="Late")
        lead = self._contact(self.rep, role_lead=True)
        self._merge_lead(lead, held)
        self.assertEqual((held.account_restriction, held.account_status_reason), ("hold", "Late"))

    def test_accounting_merges_and_the_strictest_stays(self):
        bookkeeper = self.users["bookkeeper"]
        company = self._customer(name="Free", email="free@bay.example", is_company=True)
        for kept in (self._customer(), self._contact(parent_id=company.id)):
            held = self._customer(account_status="hold", account_status_reason="Late")
            self._merge(held, kept, bookkeeper)
            account = kept.commercial_partner_id
            self.assertEqual(
                (account.account_restriction, account.account_status_reason), ("hold", "Late")
            )
            locked = self._customer(account_status="locked", account_status_reason="Fraud")
            self._merge(locked, kept, bookkeeper)
            self.assertEqual(
                (account.account_restriction, account.account_status_reason), ("locked", "Fraud")
            )
        self.assertFalse(kept.account_restriction, "a child has no account")
        decided = self._customer(tax_exempt=True, credit_limit=5)
        kept = self._customer()
        self._merge(decided, kept, bookkeeper)
        self.assertTrue(kept.tax_exempt)
        self.assertEqual(kept.credit_limit, 1000)

    def test_adding_is_not_enough(self):
        adder = new_test_user(
            self.env, "merge_adder", "base.group_partner_manager,bizuno_crm.group_customer_add"
        )
        self._assert_refused(
            lambda: self._merge(self._customer(credit_limit=7), self._customer(), adder)
        )
