from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestTermsText(BizunoCommon):
    """Terms in words, the dialog of the settings, and the limit in the company's currency."""

    def _plain(self, text):
        return text.replace("\u00a0", " ")

    def test_words(self):
        words = {
            "0:0:0:30:1000": "Net 30 · limit $ 1,000",
            "3:2:10:30:5000": "2 % 10, net 30 · limit $ 5,000",
            "3:1.5:7:45:99.5": "1.5 % 7, net 45 · limit $ 99.50",
            "1:0:0:30:0": "Cash on delivery · no limit",
            "2:0:0:30:0": "Prepaid · no limit",
            "4:0:0:2026-12-31:10": "Due on 12/31/2026 · limit $ 10",
            "5:0:0:30:0": "End of month · no limit",
            "5:3:10:30:0": "3 % 10, end of month · no limit",
            "6:0:0:30:1000000": "Due on receipt · limit $ 1,000,000",
        }
        for code, text in words.items():
            with self.subTest(code=code):
                self.customer.bizuno_terms = code
                self.assertEqual(self._plain(self.customer.terms_text), text)
                self.env.company.contact_default_terms = code
                self.assertEqual(self._plain(self.env.company.contact_default_terms_text), text)

    def test_terms_without_code_have_their_own_name(self):
        term = self.env.ref("account.account_payment_term_advance_60days")
        self.customer.write({"property_payment_term_id": term.id, "credit_limit": 7})
        self.assertEqual(self._plain(self.customer.terms_text), f"{term.name} · limit $ 7")

    def test_the_limit_is_left_out_for_who_may_not_see_it(self):
        self.customer.bizuno_terms = "3:2:10:30:5000"
        rep = self.customer.with_user(self.users["rep"])
        self.assertEqual(rep.terms_text, "2 % 10, net 30")
        bookkeeper = self.customer.with_user(self.users["bookkeeper"])
        self.assertIn("5,000", bookkeeper.terms_text)
        # also where both read in one transaction
        self.assertNotIn("5,000", rep.terms_text)

    def test_other_companies_and_currencies(self):
        other = self.setup_other_company()["company"]
        other.currency_id = self.env.ref("base.EUR")
        self.customer.with_company(other).bizuno_terms = "5:0:0:30:2500"
        self.assertEqual(
            self._plain(self.customer.with_company(other).terms_text),
            "End of month · limit 2,500 €",
        )

    def test_each_setting_stands_once_on_the_page(self):
        for person in ("bookkeeper", "accountant", "bizuno_manager", "rep"):
            partners = self.env["res.partner"].with_user(self.users[person])
            form = Form(partners.with_context(default_role_customer=True), "base.view_partner_form")
            tree = form._view["tree"]
            for name in (
                "property_payment_term_id", "property_product_pricelist", "tax_exempt",
                "property_income_account_id", "default_tax_id", "terms_text",
                "property_account_receivable_id", "property_account_position_id",
            ):  # fmt: skip
                fields = tree.xpath(f"//field[@name='{name}'][not(ancestor::field)]")
                self.assertLessEqual(len(fields), 1, (person, name))
                for field in fields:
                    self.assertTrue(
                        field.xpath("ancestor::page[@name='bizuno_account']"), (person, name)
                    )

    # the dialog

    def _dialog(self, person=None, **values):
        wizards = self.env["bizuno.terms.wizard"]
        if person:
            wizards = wizards.with_user(self.users[person])
        return wizards.create({"partner_id": self.customer.id, **values})

    def test_what_cannot_be_meant_is_refused(self):
        before = self.customer.bizuno_terms
        with self.assertRaisesRegex(ValidationError, "needs a date"):
            self._dialog(type="4").action_apply()
        for values in (
            {"type": "3", "discount": 2.0, "discount_days": 0},
            {"type": "5", "discount": 0.0, "discount_days": 10},
        ):
            with self.assertRaisesRegex(ValidationError, "both a percentage and a number of days"):
                self._dialog(**values).action_apply()
        with self.assertRaisesRegex(ValidationError, "net days"), self.env.cr.savepoint():
            self._dialog(type="3", net_days=10**9).action_apply()
        with self.assertRaisesRegex(UserError, "do not belong to a customer or company"):
            self.env["bizuno.terms.wizard"].create({"type": "0"}).action_apply()
        self.assertEqual(self.customer.bizuno_terms, before)
        # a hidden discount has no say, and is no mistake
        self._dialog(type="6", discount=2.0).action_apply()
        self.assertEqual(self.customer.property_payment_term_id.line_ids.nb_days, 0)

    def test_the_dialog_of_the_settings(self):
        self.env.company.contact_default_terms = "3:2:10:45:2500"
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(
            self._plain(settings.contact_default_terms_text), "2 % 10, net 45 · limit $ 2,500"
        )
        action = settings.action_open_contact_terms()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual((form.type, form.discount, form.net_days), ("3", 2.0, 45))
        form.credit_limit = 1500
        form.save().action_apply()
        self.assertEqual(self.env.company.contact_default_terms, "3:2:10:45:1500")
        # saving the page afterwards changes nothing
        settings.execute()
        self.assertEqual(self.env.company.contact_default_terms, "3:2:10:45:1500")
        with self.assertRaises(AccessError):
            self.env["bizuno.terms.wizard"].with_user(self.users["bookkeeper"]).create(
                {"company_id": self.env.company.id, "type": "6", "credit_limit": 0}
            ).action_apply()
        self.assertEqual(self.env.company.contact_default_terms, "3:2:10:45:1500")

    # N11: 1,000 of what?

    def _company(self, currency, **values):
        return self.env["res.company"].create(
            {"name": f"In {currency.name}", "currency_id": currency.id, **values}
        )

    def test_a_new_company_has_the_limit_in_its_own_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create(
            {"name": Date.today(), "currency_id": yen.id, "rate": 148.3, "company_id": False}
        )
        company = self._company(yen)
        self.assertEqual(company.contact_default_terms, "0:0:0:30:100000")
        self.assertFalse(company.contact_limit_undecided)
        partner = self.env["res.partner"].with_company(company).create(
            {"name": "Customer", "role_customer": True}
        )  # fmt: skip
        self.assertEqual(partner.credit_limit, 100000)
        # what is given was decided
        self.assertEqual(
            self._company(yen, name="Given", contact_default_terms="0:0:0:30:5")
            .contact_default_terms,
            "0:0:0:30:5",
        )  # fmt: skip
        # as is the company's own currency
        same = self._company(self.env.company.currency_id)
        self.assertEqual(same.contact_default_terms, "0:0:0:30:1000")

    def test_a_currency_that_comes_with_the_chart_of_accounts(self):
        pound = self.env.ref("base.GBP")
        self.env["res.currency.rate"].create(
            {"name": Date.today(), "currency_id": pound.id, "rate": 0.7449, "company_id": False}
        )
        company = self._company(self.env.company.currency_id)
        company.currency_id = pound
        self.assertEqual(company.contact_default_terms, "0:0:0:30:700")
        # once somebody has decided, it stays
        company.contact_default_terms = "0:0:0:30:750"
        company.currency_id = self.env.company.currency_id
        self.assertEqual(company.contact_default_terms, "0:0:0:30:750")

    def test_without_a_rate_the_settings_say_that_nobody_has_decided(self):
        won = self.env.ref("base.KRW")
        won.active = True
        (won | self.env.company.currency_id).rate_ids.unlink()
        company = self._company(won)
        self.assertTrue(company.contact_limit_undecided)
        company.contact_default_terms = "0:0:0:30:1000000"
        self.assertFalse(company.contact_limit_undecided)
