from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import format_date

from ..common import BizunoCommon

CODES = [
    "0:0:0:30:1000",
    "1:0:0:0:500",
    "2:0:0:30:0",
    "3:2:10:30:2500",
    "3:1.5:7:45:99.5",
    "3:0:0:60:1000",
    "3:0:0:30:1000",
    "4:0:0:2026-12-31:1000",
    "5:2:10:30:750",
    "5:0:0:30:750",
    "6:0:0:30:1000",
]


@tagged("post_install", "-at_install")
class TestTermsContact(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a rep as companies have them: may make and change contacts
        cls.users["rep"].group_ids += cls.env.ref("base.group_partner_manager")

    def test_every_code_round_trips_on_a_contact(self):
        for code in CODES:
            with self.subTest(code=code):
                self.customer.bizuno_terms = code
                self.customer.invalidate_recordset()
                self.assertEqual(self.customer.bizuno_terms, code)
                self.assertEqual(self.customer.credit_limit, float(code.rpartition(":")[2]))

    @freeze_time("2026-01-31")
    def test_due_dates_of_invoices(self):
        due = {
            "0:0:0:30:1000": "2026-03-02",
            "1:0:0:0:500": "2026-01-31",
            "2:0:0:30:0": "2026-01-31",
            "3:2:10:30:2500": "2026-03-02",
            "3:0:0:60:1000": "2026-04-01",
            "4:0:0:2026-12-31:1000": "2026-12-31",
            "5:2:10:30:750": "2026-01-31",
            "6:0:0:30:1000": "2026-01-31",
        }
        for code, date in due.items():
            with self.subTest(code=code):
                self.customer.bizuno_terms = code
                invoice = self.init_invoice(
                    "out_invoice", self.customer, "2026-01-31", amounts=[100.0]
                )
                lines = invoice.line_ids.filtered(lambda one: one.display_type == "payment_term")
                self.assertEqual(lines.mapped("date_maturity"), [Date.to_date(date)])
                # What the dialog says about an invoice of today is what the invoice does.
                dialog = self.env["bizuno.terms.wizard"].with_context(
                    default_partner_id=self.customer.id
                )
                self.assertIn(format_date(self.env, date), Form(dialog).explanation)

    def test_early_payment_discount_is_odoos_own(self):
        self.customer.bizuno_terms = "3:2:10:30:1000"
        invoice = self.init_invoice("out_invoice", self.customer, "2026-01-31", amounts=[100.0])
        line = invoice.line_ids.filtered(lambda one: one.display_type == "payment_term")
        self.assertEqual(line.discount_date, Date.to_date("2026-02-10"))
        self.assertEqual(line.discount_amount_currency, 98.0)

    def test_terms_can_be_overridden_on_the_invoice(self):
        self.customer.bizuno_terms = "0"
        other = self.env["account.payment.term"].create(
            {
                "name": "15 Days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 15})
                ],
            }
        )
        invoice = self.init_invoice("out_invoice", self.customer, "2026-01-31", amounts=[100.0])
        invoice.invoice_payment_term_id = other
        self.assertEqual(invoice.invoice_date_due, Date.to_date("2026-02-15"))
        self.assertEqual(self.customer.bizuno_terms, "0:0:0:30:1000")

    def test_order_takes_the_terms(self):
        self.customer.bizuno_terms = "3:2:10:30:2500"
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.assertEqual(order.payment_term_id, self.customer.property_payment_term_id)

    def test_a_matching_payment_term_is_reused(self):
        native = self.env.ref("account.account_payment_term_30days")
        self.customer.bizuno_terms = "3:0:0:30:1000"
        self.assertEqual(self.customer.property_payment_term_id, native)
        self.customer.bizuno_terms = "0"
        self.assertEqual(self.customer.property_payment_term_id, native)
        self.customer.bizuno_terms = "3:3:12:77:1"
        made = self.customer.property_payment_term_id
        other = self._create_customer("Other", bizuno_terms="3:3:12:77:2")
        self.assertEqual(other.property_payment_term_id, made)
        self.assertEqual(made.name, "3% 12, Net 77")

    def test_cash_on_delivery_and_prepaid_are_not_due_on_receipt(self):
        names = set()
        for code in "126":
            self.customer.bizuno_terms = code
            names.add(self.customer.property_payment_term_id.id)
        self.assertEqual(len(names), 3)

    def test_native_changes_win(self):
        self.customer.bizuno_terms = "0:0:0:30:1000"
        self.customer.credit_limit = 4200.5
        self.assertEqual(self.customer.bizuno_terms, "0:0:0:30:4200.5")
        self.customer.property_payment_term_id = self.env.ref("account.account_payment_term_15days")
        self.assertEqual(self.customer.bizuno_terms, "3:0:0:15:4200.5")
        self.customer.property_payment_term_id = False
        self.assertEqual(self.customer.bizuno_terms, "6:0:0:30:4200.5")

    def test_terms_that_bizuno_cannot_express_are_empty_and_kept(self):
        installments = self.env.ref("account.account_payment_term_advance_60days")
        self.customer.property_payment_term_id = installments
        self.assertFalse(self.customer.bizuno_terms)
        self.customer.bizuno_terms = False
        self.assertEqual(self.customer.property_payment_term_id, installments)

    def test_wrong_terms_are_refused_with_a_sentence(self):
        for code in ("9", "3:2:10:x:1000", "4:0:0:30:1000", "0:0:0:30:1000:7"):
            with self.subTest(code=code), self.assertRaisesRegex(ValidationError, "The terms “"):
                self.customer.bizuno_terms = code
        with self.assertRaisesRegex(ValidationError, "credit limit “lots”"):
            self.env.company.contact_default_terms = "0:0:0:30:lots"

    def test_terms_are_per_company(self):
        other = self.setup_other_company()["company"]
        self.customer.bizuno_terms = "3:2:10:30:2500"
        self.customer.with_company(other).bizuno_terms = "1:0:0:30:10"
        self.assertEqual(self.customer.bizuno_terms, "3:2:10:30:2500")
        self.assertEqual(self.customer.with_company(other).bizuno_terms, "1:0:0:30:10")

    def test_contacts_of_the_customer_have_its_terms(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.customer.bizuno_terms = "3:2:10:30:2500"
        self.assertEqual(child.bizuno_terms, "3:2:10:30:2500")

    # dialog

    @freeze_time("2026-01-31")
    def test_dialog_begins_with_what_is_and_applies_what_is_chosen(self):
        self.customer.bizuno_terms = "3:2:10:30:2500"
        action = self.customer.with_user(self.users["bookkeeper"]).action_open_terms()
        wizards = self.env[action["res_model"]].with_user(self.users["bookkeeper"])
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual((form.type, form.discount, form.net_days), ("3", 2.0, 30))
        self.assertEqual(form.credit_limit, 2500.0)
        self.assertIn("03/02/2026", form.explanation)
        self.assertIn("02/10/2026", form.explanation)
        form.type = "4"
        form.date_due = "2026-06-30"
        form.credit_limit = 100
        form.save().action_apply()
        self.assertEqual(self.customer.bizuno_terms, "4:0:0:2026-06-30:100")

    def test_bizuno_manager_uses_the_dialog_without_accounting_rights(self):
        manager = self.users["bizuno_manager"]
        action = self.customer.with_user(manager).action_open_terms()
        wizard = self.env[action["res_model"]].with_user(manager)
        form = Form(wizard.with_context(**action["context"]))
        form.type = "2"
        form.save().action_apply()
        self.assertEqual(self.customer.property_payment_term_id.bizuno_type, "2")

    def test_dialog_is_refused_to_a_rep(self):
        with self.assertRaisesRegex(AccessError, "ask accounting"):
            self.customer.with_user(self.users["rep"]).action_open_terms()
        with self.assertRaises(AccessError):
            self.env["bizuno.terms.wizard"].with_user(self.users["rep"]).create(
                {"partner_id": self.customer.id}
            )

    # defaults of new contacts

    def test_new_customers_and_leads_are_seeded(self):
        for values in ({"role_customer": True}, {"role_lead": True}, {"customer_rank": 1}):
            partner = self.env["res.partner"].create({"name": "New", **values})
            self.assertEqual(partner.bizuno_terms, "0:0:0:30:1000", values)
        for values in ({}, {"role_vendor": True}):
            partner = self.env["res.partner"].create({"name": "New", **values})
            self.assertFalse(partner.property_payment_term_id, values)
            self.assertEqual(partner.credit_limit, 0, values)

    def test_values_given_are_respected(self):
        self.env.company.contact_default_terms = "3:0:0:45:800"
        term = self.env.ref("account.account_payment_term_15days")
        one = self._create_customer(property_payment_term_id=term.id)
        self.assertEqual(one.bizuno_terms, "3:0:0:15:800")
        one = self._create_customer(credit_limit=5)
        self.assertEqual(one.bizuno_terms, "3:0:0:45:5")
        one = self._create_customer(bizuno_terms="2:0:0:30:7")
        self.assertEqual(one.bizuno_terms, "2:0:0:30:7")

    def test_a_reps_new_customer_is_seeded_whatever_the_form_sends(self):
        partner = (
            self.env["res.partner"]
            .with_user(self.users["rep"])
            .create({"name": "New", "role_customer": True, "property_payment_term_id": False})
        )
        self.assertEqual(partner.sudo().bizuno_terms, "0:0:0:30:1000")

    def test_customer_made_in_a_quotation_is_seeded(self):
        partner = (
            self.env["res.partner"]
            .with_user(self.users["rep"])
            .with_context(res_partner_search_mode="customer")
            .create({"name": "Quick"})
        )
        self.assertEqual(partner.sudo().bizuno_terms, "0:0:0:30:1000")

    def test_each_company_seeds_its_own(self):
        other = self.setup_other_company()["company"]
        other.contact_default_terms = "1:0:0:30:77"
        customer = self._create_customer(bizuno_terms="2:0:0:30:7")
        self.assertEqual(customer.bizuno_terms, "2:0:0:30:7")
        self.assertEqual(customer.with_company(other).bizuno_terms, "1:0:0:30:77")
        private = self._create_customer(company_id=self.env.company.id)
        self.assertFalse(private.sudo().with_company(other).property_payment_term_id)

    def test_seeding_costs_the_same_for_one_and_for_many(self):
        self.setup_other_company()
        partners = self.env["res.partner"].create([{"name": f"New {i}"} for i in range(50)])

        def count(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            some._give_contact_defaults({})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(partners[:1])
        self.assertLessEqual(count(partners[10:]), count(partners[1:10]) + 1)
        self.assertEqual(set(partners.mapped("bizuno_terms")), {"0:0:0:30:1000"})
