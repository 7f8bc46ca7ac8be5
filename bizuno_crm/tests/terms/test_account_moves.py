from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common_credit import CreditCommon

_LIMIT = 340.0


@tagged("post_install", "-at_install")
class TestAccountMoves(CreditCommon):
    """A decision about an account stays with the account, whichever way a contact comes into it or
    leaves it; by the page as a person, and by what a remote call can send."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.contact_default_terms = "3:0:0:30:1000"
        cls.other_company = cls.setup_other_company()["company"]
        cls.other_company.contact_default_terms = "3:0:0:20:250"
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.bookkeeper.company_ids += cls.other_company
        cls.dealer = cls.env["product.pricelist"].create({"name": "Dealer"})
        cls.retail = cls.env["product.pricelist"].create({"name": "Retail"})
        cls.free = cls._company("Free")

    @classmethod
    def _company(cls, name, **values):
        return cls._create_customer(name, is_company=True, **values)

    @classmethod
    def _rich(cls):
        return cls._company(
            "Rich",
            user_id=cls.rep.id,
            credit_limit=50000.0,
            tax_exempt=True,
            tax_exempt_certificate="R-1",
            tax_exempt_expiration="2040-01-01",
            specific_property_product_pricelist=cls.dealer.id,
            default_tax_id=cls.tax_sale_a.id,
        )

    def _contact(self, parent, user=None, **values):
        partners = self.env["res.partner"].with_user(user or self.rep)
        return partners.create({"name": "Kim", "parent_id": parent.id, **values}).sudo()

    def _as_rep(self, partner):
        return partner.with_user(self.rep).sudo(False)

    def _refresh(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _assert_new_customer(self, partner):
        self._refresh()
        partner = partner.sudo()
        self.assertEqual(partner.commercial_partner_id, partner)
        for company, limit, days in ((self.env.company, 1000, 30), (self.other_company, 250, 20)):
            one = partner.with_company(company)
            self.assertEqual(one.credit_limit, limit)
            self.assertEqual(one.property_payment_term_id.line_ids.nb_days, days)
        self.assertFalse(partner._is_tax_exempt())
        self.assertFalse(partner.tax_exempt_certificate)
        self.assertFalse(partner.tax_exempt_expiration)
        self.assertFalse(partner.specific_property_product_pricelist)
        self.assertFalse(partner.default_tax_id)

    # out of a company

    def test_who_leaves_begins_as_a_new_customer(self):
        leaves = {
            "form": self._leave_by_form,
            "write": lambda one: one.write({"parent_id": False}),
            "with the values of the company": lambda one: one.write(
                {"parent_id": False, "tax_exempt": True}
            ),
            "becomes a company": lambda one: one.write({"is_company": True}),
            "by type": lambda one: one.write({"company_type": "company"}),
            "web_save": lambda one: one.web_save({"parent_id": False}, {}),
            "by a command": lambda one: self._by_command(one.parent_id, Command.unlink(one.id)),
        }
        for name, leave in leaves.items():
            with self.subTest(name):
                kim = self._contact(self._rich())
                self.assertEqual(kim.credit_limit, 50000)
                self.assertTrue(kim._is_tax_exempt())
                leave(self._as_rep(kim))
                self._assert_new_customer(kim)
                self.assertIn("Left the account of Rich", kim.message_ids[0].body)

    def _by_command(self, company, command):
        """Commands are carried out as who began the transaction."""
        transaction = self.env.transaction
        self.addCleanup(setattr, transaction, "default_env", transaction.default_env)
        partner = self._as_rep(company)
        transaction.default_env = partner.env
        try:
            partner.write({"child_ids": [command]})
        finally:
            transaction.default_env = self.env

    def _leave_by_form(self, contact):
        with Form(contact) as form:
            form.parent_id = self.env["res.partner"]
        contact.role_customer = True

    def test_whose_company_is_deleted_leaves_too(self):
        rich = self._rich()
        kim = self._contact(rich)
        deeper = self._contact(kim, name="Deeper")
        self._as_rep(rich).unlink()
        self._assert_new_customer(kim)
        self.assertEqual(deeper.commercial_partner_id, kim)
        self.assertEqual(deeper.credit_limit, 1000)

    def test_accounting_takes_the_account_along(self):
        kim = self._contact(self._rich())
        kim.with_user(self.bookkeeper).parent_id = False
        self._refresh()
        self.assertEqual(kim.credit_limit, 50000)
        self.assertTrue(kim._is_tax_exempt())

    def test_nobody_else_takes_anybody_out_of_a_held_company(self):
        for status, words in (("hold", "Credit Hold"), ("locked", "Locked")):
            company = self._company("Halted", account_status=status)
            kim = self._contact(company)
            for values in ({"parent_id": False}, {"is_company": True}):
                with self.assertRaisesRegex(AccessError, f"Kim.*Halted.*{words}.*accounting"):
                    self._as_rep(kim).write(values)
            with self.assertRaisesRegex(AccessError, words):
                self._as_rep(company).unlink()
            self._refresh()
            self.assertEqual(kim.commercial_partner_id, company)
            kim.with_user(self.bookkeeper).parent_id = False
            self.assertFalse(kim.account_restriction)

    # below a company

    def test_a_rep_puts_nobody_below_about_whom_something_was_decided(self):
        kim = self._create_customer("Kim", credit_limit=_LIMIT, user_id=self.rep.id)
        stranger = self.env["res.partner"].create({"name": "No Customer", "is_company": True})
        for company in (self.free, stranger):
            with self.assertRaisesRegex(AccessError, "Kim under .*Credit Limit"):
                self._as_rep(kim).parent_id = company
            with self.assertRaisesRegex(AccessError, "Kim under .*Credit Limit"):
                self._by_command(company, Command.link(kim.id))
        child = self._company("Child", credit_limit=_LIMIT, parent_id=self.free.id)
        with self.assertRaisesRegex(AccessError, "Child under Free"):
            self._as_rep(child).is_company = False
        self._refresh()
        self.assertEqual((kim.credit_limit, child.credit_limit), (_LIMIT, _LIMIT))

    def test_a_decision_of_another_company_counts(self):
        kim = self._create_customer("Kim", user_id=self.rep.id)
        kim.with_company(self.other_company).credit_limit = _LIMIT
        with self.assertRaisesRegex(AccessError, "Credit Limit"):
            self._as_rep(kim).parent_id = self.free

    def test_a_rep_puts_a_new_customer_below_a_company_that_is_none(self):
        """Without a limit the company would owe without end."""
        kim = self._create_customer("Kim", user_id=self.rep.id)
        stranger = self.env["res.partner"].create({"name": "No Customer", "is_company": True})
        self._as_rep(kim).parent_id = stranger
        self._refresh()
        self.assertTrue(stranger.role_customer)
        self.assertEqual(stranger.credit_limit, 1000)
        self.assertEqual(stranger.with_company(self.other_company).credit_limit, 250)

    def test_what_accounting_has_decided_survives(self):
        kim = self._create_customer(
            "Kim", credit_limit=_LIMIT, tax_exempt=True, tax_exempt_certificate="K-1",
            account_status="hold", account_status_reason="Late",
        )  # fmt: skip
        stranger = self.env["res.partner"].create({"name": "No Customer", "is_company": True})
        kim.with_user(self.bookkeeper).parent_id = stranger
        self._refresh()
        self.assertRecordValues(stranger, [{
            "credit_limit": _LIMIT, "tax_exempt": True, "tax_exempt_certificate": "K-1",
            "account_restriction": "hold", "account_status_reason": "Late",
        }])  # fmt: skip
        rich = self._rich()
        other = self._create_customer(
            "Other", credit_limit=5, tax_exempt=True, tax_exempt_certificate="O-1"
        )
        other.with_user(self.bookkeeper).parent_id = rich
        self._refresh()
        self.assertRecordValues(rich + other, [{
            "credit_limit": 50000.0, "tax_exempt_certificate": "R-1",
            "specific_property_product_pricelist": self.dealer.id,
        }] * 2)  # fmt: skip

    def test_a_company_made_of_a_person_has_the_account(self):
        for user in (self.rep, self.bookkeeper):
            kim = self._create_customer(
                "Kim", company_name="Kim Inc", user_id=self.rep.id, credit_limit=_LIMIT,
                tax_exempt=True, tax_exempt_certificate="K-1", account_status="hold",
                specific_property_product_pricelist=self.retail.id,
            )  # fmt: skip
            kim.with_company(self.other_company).credit_limit = 77
            terms = kim.property_payment_term_id
            contact_id = kim.ref
            kim.with_user(user).create_company()
            self._refresh()
            company = kim.commercial_partner_id
            self.assertEqual(company.name, "Kim Inc")
            self.assertRecordValues(company, [{
                "credit_limit": _LIMIT, "property_payment_term_id": terms.id, "ref": contact_id,
                "tax_exempt": True, "tax_exempt_certificate": "K-1", "role_customer": True,
                "account_restriction": "hold", "user_id": self.rep.id,
                "specific_property_product_pricelist": self.retail.id,
            }])  # fmt: skip
            self.assertEqual(company.with_company(self.other_company).credit_limit, 77)
            self.assertFalse(kim.ref)

    def test_orders_of_a_person_who_got_a_company_are_stopped_as_before(self):
        self.env.company.credit_policy = "block"
        kim = self._create_customer(
            "Kim", company_name="Kim Inc", user_id=self.rep.id, credit_limit=_LIMIT
        )
        self._invoice(_LIMIT, kim, post=True)
        self._as_rep(kim).create_company()
        with self.assertRaisesRegex(UserError, "stopped by the credit policy"):
            self._order(900, kim).with_user(self.rep).action_confirm()

    def test_from_company_to_company_nothing_is_taken_along(self):
        kim = self._contact(self._rich())
        self._as_rep(kim).parent_id = self.free
        self._refresh()
        self.assertEqual(kim.commercial_partner_id, self.free)
        self.assertEqual(kim.credit_limit, 1000)
        self.assertFalse(kim.specific_property_product_pricelist)
        self.assertFalse(kim.tax_exempt_certificate)
        self.assertFalse(kim.default_tax_id)

    # remote calls

    def test_whose_account_it_is_cannot_be_written(self):
        held = self._company("Halted", account_status="hold")
        kim = self._contact(held)
        partners = self._as_rep(held)
        for name, call in {
            "write": lambda: partners.write({"commercial_partner_id": self.free.id}),
            "of a contact": lambda: self._as_rep(kim).write({"commercial_partner_id": kim.id}),
            "web_save": lambda: partners.web_save({"commercial_partner_id": self.free.id}, {}),
            "create": lambda: partners.create(
                {"name": "New", "commercial_partner_id": self.free.id}
            ),
        }.items():
            with self.assertRaisesRegex(AccessError, "follows from the company", msg=name):
                call()
        partners = partners.with_context(default_commercial_partner_id=self.free.id)
        self.assertNotEqual(partners.create({"name": "New"}).commercial_partner_id, self.free)

    # to another company of ours

    def test_moved_to_another_company_it_has_the_limit_of_a_new_customer(self):
        kim = self._create_customer("Kim", company_id=self.env.company.id, user_id=self.rep.id)
        kim = kim.sudo()
        self.assertEqual(kim.with_company(self.other_company).credit_limit, 0)
        self._as_rep(kim).company_id = False
        self._refresh()
        self.assertEqual(kim.with_company(self.other_company).credit_limit, 250)
        kim.with_company(self.other_company).credit_limit = 5
        kim.company_id = self.env.company
        self._as_rep(kim).company_id = False
        self._refresh()
        self.assertEqual(kim.with_company(self.other_company).credit_limit, 5)

    def test_a_copy_is_a_customer_without_what_was_decided(self):
        rich = self._rich()
        copied = self._as_rep(rich).copy().sudo()
        self.assertFalse(copied.tax_exempt)
        self.assertFalse(copied.tax_exempt_certificate)
        self.assertFalse(copied.specific_property_product_pricelist)
        kim = self._contact(rich)
        copied = self._as_rep(kim).copy({"parent_id": False}).sudo()
        self.assertFalse(copied.tax_exempt)
        self.assertLessEqual(copied.credit_limit, 1000)


@tagged("post_install", "-at_install")
class TestMergedDecisions(CreditCommon):
    """What was decided together is never mixed from two contacts."""

    def _merge(self, sources, destination, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.with_user(user or self.users["bookkeeper"]).create({
            "partner_ids": [Command.set((sources + destination).ids)],
            "dst_partner_id": destination.id,
        }).action_merge()  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        return destination

    def _exemption(self, partner):
        return (
            partner.tax_exempt, partner.tax_exempt_certificate, partner.tax_exempt_expiration,
        )  # fmt: skip

    def _exempt(self, exempt, certificate, days):
        today = fields.Date.today()
        return self._create_customer(
            email="one@bay.example",
            tax_exempt=exempt,
            tax_exempt_certificate=certificate,
            tax_exempt_expiration=days and today + timedelta(days),
        )

    def test_exemption_with_its_certificate_and_expiry(self):
        for kept, double in (
            ((False, "revoked", 300), (True, "old", -300)),
            ((True, False, False), (True, "old", -300)),
            ((False, False, -5), (True, "K-1", False)),
        ):
            kept = self._exempt(*kept)
            before = self._exemption(kept), kept._is_tax_exempt()
            self._merge(self._exempt(*double), kept)
            self.assertEqual((self._exemption(kept), kept._is_tax_exempt()), before)
        kept, double = self._exempt(False, False, False), self._exempt(True, "K-2", 60)
        expected = self._exemption(double)
        self._merge(double, kept)
        self.assertEqual(self._exemption(kept), expected)

    def test_terms_with_their_limit(self):
        """No limit is a decision too, and not to be filled in."""
        term = self.env.ref("account.account_payment_term_15days").id
        kept = self._create_customer(
            email="one@bay.example", credit_limit=0, property_payment_term_id=term
        )
        double = self._create_customer(email="one@bay.example")
        self._merge(double, kept, self.rep)
        self.assertEqual((kept.credit_limit, kept.property_payment_term_id.id), (0, term))

    def _subscriber(self, chosen, days, email="one@bay.example", source="manual", **values):
        partner = self._create_customer(email=email, user_id=self.rep.id, **values)
        partner.write({
            "newsletter": chosen, "newsletter_source": source,
            "newsletter_date": fields.Datetime.now().replace(microsecond=0) - timedelta(days),
        })  # fmt: skip
        return partner

    def test_the_latest_choice_of_an_address_is_valid(self):
        for mine, theirs in (
            ((False, 10, "portal"), (True, 400, "manual")),
            ((True, 400, "manual"), (False, 10, "unsubscribe")),
            ((False, 400, "portal"), (True, 10, "portal")),
        ):
            kept = self._subscriber(*mine[:2], source=mine[2])
            double = self._subscriber(*theirs[:2], source=theirs[2])
            latest = kept if mine[1] < theirs[1] else double
            expected = [latest[n] for n in ("newsletter", "newsletter_date", "newsletter_source")]
            self._merge(double, kept, self.rep)
            self.assertEqual(
                [kept[n] for n in ("newsletter", "newsletter_date", "newsletter_source")], expected
            )

    def test_no_choice_of_another_address(self):
        kept = self._create_customer(email="two@bay.example")
        admin = self.env.ref("base.user_admin")
        self._merge(self._subscriber(True, 3), kept, admin)
        self.assertFalse(kept.newsletter)
        self.assertFalse(kept.newsletter_date)
        kept = self._create_customer(email=False)
        self._merge(self._subscriber(True, 3), kept, admin)
        self.assertEqual((kept.email, kept.newsletter), ("one@bay.example", True))

    def test_a_lead_that_is_converted_does_not_subscribe(self):
        kept = self._subscriber(False, 10, source="portal", name="Kept")
        lead = self._subscriber(True, 300, name="Lead")
        lead.write({"role_lead": True, "role_customer": False})
        convert = self.env["bizuno.lead.convert"].with_user(self.rep).create({"lead_ids": lead.ids})
        convert.line_ids.write({"decision": "merge", "target_id": kept.id})
        convert.action_confirm()
        self.env.invalidate_all()
        self.assertRecordValues(kept, [{"newsletter": False, "newsletter_source": "portal"}])

    def _leads(self, *names):
        return self.env["res.partner"].create([
            {"name": name, "role_lead": True, "email": "lead@bay.example", "user_id": self.rep.id}
            for name in names
        ])  # fmt: skip

    def test_two_leads_with_one_address_become_one_customer(self):
        leads = self._leads("Second", "First", "Third")
        action = leads.with_user(self.rep).action_convert_lead_to_customer()
        wizard = self.env["bizuno.lead.convert"].with_user(self.rep)
        wizard.with_context(**action["context"]).create({}).action_confirm()
        self.env.invalidate_all()
        left = leads.exists()
        self.assertEqual(len(left), 1)
        self.assertRecordValues(left, [{"role_customer": True, "role_lead": False}])

    def test_leads_merged_into_each_other_become_one_customer(self):
        leads = self._leads("One", "Two")
        wizard = self.env["bizuno.lead.convert"].with_user(self.rep).create({"lead_ids": leads.ids})
        for line in wizard.line_ids:
            line.write({"decision": "merge", "target_id": (leads - line.lead_id).id})
        wizard.action_confirm()
        self.env.invalidate_all()
        self.assertRecordValues(leads.exists(), [{"role_customer": True, "role_lead": False}])
