from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..common import BizunoCommon

DEFAULT = "3:2:10:45:2500"
# The menus that lead to a new customer or lead, by the action behind them.
MENUS = {
    "customers": "bizuno_crm.res_partner_action_customers",
    "leads": "bizuno_crm.res_partner_action_leads",
    "sales' customers": "account.res_partner_action_customer",
    "core's customers": "base.action_partner_customer_form",
}
CREATORS = ("bookkeeper", "accountant", "bizuno_manager")
OTHERS = ("rep", "sales_manager")


@tagged("post_install", "-at_install")
class TestContactDefaults(BizunoCommon):
    """Customers / New, a name, save: whoever does it, and through whichever door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.contact_default_terms = DEFAULT
        cls.env.company.contact_income_account_id = cls.company_data["default_account_revenue"]
        cls.env.company.contact_tax_id = cls.tax_sale_a
        for name in ("rep", "bookkeeper", "accountant", "bizuno_manager"):
            cls.users[name].group_ids += cls.env.ref("bizuno_crm.group_lead_edit")
        cls.sheet = cls.env["product.pricelist"].create({"name": "Dealers"})
        cls.env.company.contact_price_sheet_id = cls.sheet
        cls.term = cls.env.ref("account.account_payment_term_15days")

    def _form(self, person, menu="bizuno_crm.res_partner_action_customers", **context):
        action = self.env["ir.actions.act_window"]._for_xml_id(menu)
        partners = self.env["res.partner"].with_user(self.users[person])
        own = safe_eval(action["context"], {"uid": self.users[person].id})
        return Form(partners.with_context(**own, **context), view="base.view_partner_form")

    def assertSeeded(self, partner, code=DEFAULT, message=None):
        partner = partner.sudo().with_company(self.env.company)
        self.assertEqual(partner.bizuno_terms, code, message)
        self.assertEqual(
            partner.property_income_account_id,
            self.company_data["default_account_revenue"],
            message,
        )
        self.assertEqual(partner.default_tax_id, self.tax_sale_a, message)
        self.assertEqual(partner.specific_property_product_pricelist, self.sheet, message)

    # the form

    def test_a_name_is_enough_for_everybody_from_every_menu(self):
        for person in (*CREATORS, *OTHERS):
            for name, menu in MENUS.items():
                with self.subTest(person=person, menu=name):
                    form = self._form(person, menu)
                    form.name = f"{person} {name}"
                    self.assertSeeded(form.save())

    def test_who_may_see_the_account_sees_it_before_saving(self):
        for person in CREATORS:
            with self.subTest(person=person):
                form = self._form(person)
                if person != "bizuno_manager":  # Odoo's field is accounting's
                    self.assertEqual(form.credit_limit, 2500)
                self.assertEqual(form.property_payment_term_id.discount_percentage, 2)
                self.assertEqual(form.default_tax_id, self.tax_sale_a)
                self.assertIn("2,500", form.terms_text)
        form = self._form("rep")
        self.assertNotIn("credit_limit", form._view["fields"])

    def test_what_is_cleared_or_set_to_zero_stays_so(self):
        for person in ("bookkeeper", "accountant"):
            with self.subTest(person=person):
                form = self._form(person)
                form.name = "Cash Only"
                form.property_payment_term_id = self.env["account.payment.term"]
                form.credit_limit = 0
                form.default_tax_id = self.env["account.tax"]
                partner = form.save().sudo()
                self.assertFalse(partner.property_payment_term_id)
                self.assertEqual(partner.credit_limit, 0)
                self.assertFalse(partner.default_tax_id)
                # and goes on doing so, whatever comes later
                partner.role_lead = True
                order = self._order(partner)
                order.action_confirm()
                self.assertEqual(partner.credit_limit, 0)
                self.assertFalse(partner.property_payment_term_id)

    def test_what_is_typed_in_the_form_is_kept(self):
        form = self._form("bookkeeper")
        form.name = "Typed"
        form.credit_limit = 123.45
        partner = form.save()
        self.assertEqual(partner.credit_limit, 123.45)
        self.assertEqual(partner.bizuno_terms, "3:2:10:45:123.45")

    def test_a_reader_of_accounting_sees_the_defaults_and_may_not_change_them(self):
        reader = new_test_user(
            self.env, "auditor", groups="account.group_account_readonly,base.group_partner_manager"
        )
        self.users["auditor"] = reader
        form = self._form("auditor")
        form.name = "Audited"
        self.assertEqual(form.credit_limit, 2500)
        self.assertSeeded(form.save())
        with self.assertRaisesRegex(AccessError, "ask accounting"):
            self.env["res.partner"].with_user(reader).create(
                {"name": "More", "role_customer": True, "credit_limit": 2501}
            )

    def test_with_odoos_own_credit_limits_switched_on(self):
        self.env.company.account_use_credit_limit = True
        for person in (*CREATORS, *OTHERS):
            with self.subTest(person=person):
                form = self._form(person)
                form.name = "New"
                self.assertSeeded(form.save())
        # the contacts app: the role is given in the form
        form = self._form("bookkeeper", "contacts.action_contacts")
        form.name = "Ticked"
        form.role_customer = True
        self.assertEqual(form.credit_limit, 2500)
        self.assertSeeded(form.save())

    def test_a_contact_without_role_gets_nothing(self):
        form = self._form("bookkeeper", "contacts.action_contacts")
        form.name = "Somebody"
        self.assertFalse(form.property_payment_term_id)
        partner = form.save()
        self.assertEqual(partner.credit_limit, 0)
        self.assertFalse(partner.bizuno_terms_written)

    # other doors

    def test_create_and_edit_and_quick_create_in_a_quotation(self):
        for person in ("rep", "bookkeeper"):
            partners = self.env["res.partner"].with_user(self.users[person])
            partners = partners.with_context(res_partner_search_mode="customer")
            form = Form(partners, view="base.view_partner_form")
            self.assertTrue(form.role_customer, "seen before saving")
            form.name = "From a quotation"
            made = form.save()
            for partner in made, partners.browse(partners.name_create("Quick")[0]):
                self.assertSeeded(partner, message=person)
                self.assertTrue(partner.role_customer, person)
                self.assertRegex(partner.ref, r"^C\d{5}$", person)
            form = Form(partners, view="base.view_partner_form")
            form.name, form.role_customer = "Not a customer", False
            self.assertFalse(form.save().role_customer, "what is cleared stays so")
            address = Form(
                partners.with_context(default_parent_id=made.id), view="base.view_partner_form"
            )
            address.name = "Dock"
            self.assertFalse(address.save().role_customer)

    def test_a_copy_of_a_customer_is_a_customer_with_a_new_ones_defaults(self):
        original = self._create_customer("Original", bizuno_terms="6:0:0:30:9")
        copy = original.with_user(self.users["rep"]).copy()
        self.assertTrue(copy.role_customer)
        self.assertSeeded(copy)
        self.assertNotEqual(copy.ref, original.ref)
        lead = self.env["res.partner"].create({"name": "Lead", "role_lead": True})
        copy = lead.with_user(self.users["rep"]).copy()
        self.assertTrue(copy.role_lead)
        self.assertFalse(copy.role_customer)
        self.assertSeeded(copy)
        # who may not add leads may copy the contact
        copy = lead.with_user(self.users["bookkeeper"]).copy()
        vendor = self.env["res.partner"].create({"name": "Vendor", "role_vendor": True})
        self.assertTrue(vendor.copy().role_vendor)
        self.assertFalse(vendor.copy().bizuno_terms_written)

    def test_a_contact_who_becomes_a_customer_later(self):
        becomes = {
            "role": lambda partner: partner.with_user(self.users["rep"]).write(
                {"role_customer": True}
            ),
            "lead": lambda partner: partner.with_user(self.users["rep"]).write({"role_lead": True}),
            "rank": lambda partner: partner.with_user(self.users["rep"]).write(
                {"customer_rank": 3}
            ),
            "Odoo": lambda partner: partner._increase_rank("customer_rank"),
        }
        for values in ({}, {"role_vendor": True}):
            for how, become in becomes.items():
                with self.subTest(values=values, how=how):
                    partner = self.env["res.partner"].create({"name": how, **values})
                    become(partner)
                    self.assertSeeded(partner)

    def test_what_a_vendor_has_is_kept_and_the_rest_filled_in(self):
        vendor = self.env["res.partner"].create({"name": "Both", "role_vendor": True})
        vendor.credit_limit = 77
        vendor.role_customer = True
        self.assertSeeded(vendor, "3:2:10:45:77")

    def test_given_together_with_the_role(self):
        partner = self.env["res.partner"].create({"name": "Later"})
        partner.with_user(self.users["bookkeeper"]).write(
            {"role_customer": True, "credit_limit": 0, "property_payment_term_id": self.term.id}
        )
        self.assertEqual(partner.credit_limit, 0)
        self.assertEqual(partner.property_payment_term_id, self.term)
        self.assertEqual(partner.default_tax_id, self.tax_sale_a)
        partner = self.env["res.partner"].create({"name": "By code"})
        partner.write({"role_customer": True, "bizuno_terms": "2:0:0:30:0"})
        self.assertSeeded(partner, "2:0:0:30:0")

    def test_a_rep_decides_nothing_with_values_that_are_there_anyway(self):
        partner = self.env["res.partner"].create({"name": "Zero"})
        rep = partner.with_user(self.users["rep"])
        rep.write({"property_payment_term_id": False})
        rep.write({"role_customer": True, "property_payment_term_id": False})
        self.assertSeeded(partner)
        with self.assertRaises(AccessError):
            rep.write({"bizuno_terms_written": "0:0:0:30:0"})

    def test_a_limit_emptied_by_who_may_is_a_decision(self):
        partner = self.env["res.partner"].create({"name": "Emptied"})
        bookkeeper = partner.with_user(self.users["bookkeeper"])
        bookkeeper.credit_limit = 500
        bookkeeper.credit_limit = 0
        partner.role_customer = True
        self.assertEqual(partner.credit_limit, 0)
        # the dialog says it even where nothing was there before
        partner = self.env["res.partner"].create({"name": "Dialog"})
        partner.with_user(self.users["bookkeeper"]).bizuno_terms = "3:0:0:20:0"
        partner.role_customer = True
        self.assertEqual(partner.bizuno_terms, "3:0:0:20:0")

    def test_taking_and_giving_the_role_again_overwrites_nothing(self):
        customer = self._create_customer("Twice")
        customer.bizuno_terms = "1:0:0:30:0"
        customer.role_customer = False
        customer.role_customer = True
        self.assertEqual(customer.bizuno_terms, "1:0:0:30:0")

    def test_a_person_taken_out_of_a_company_without_decisions(self):
        vendor = self.env["res.partner"].create(
            {"name": "Vendor", "is_company": True, "role_vendor": True}
        )
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": vendor.id, "customer_rank": 1}
        )
        self.assertFalse(person.bizuno_terms_written)
        person.with_user(self.users["rep"]).parent_id = False
        self.assertSeeded(person)

    # who is sold to

    def _order(self, partner, amount=100.0, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": self.product_a.id, "price_unit": amount})
                ],
                **values,
            }
        )

    def test_whoever_an_order_is_confirmed_for_is_a_customer(self):
        for values in ({}, {"role_vendor": True}):
            partner = self.env["res.partner"].create({"name": "Sold to", **values})
            order = self._order(partner)
            order.with_user(self.users["rep"]).action_confirm()
            self.assertTrue(partner.role_customer)
            self.assertSeeded(partner)

    def test_whoever_is_invoiced_is_a_customer(self):
        partner = self.env["res.partner"].create({"name": "Invoiced"})
        invoice = self.init_invoice("out_invoice", partner, amounts=[10.0])
        invoice.with_user(self.users["bookkeeper"]).action_post()
        self.assertTrue(partner.role_customer)
        self.assertSeeded(partner)

    def test_the_wall_has_no_hole_for_contacts_without_limit(self):
        for policy in ("approval", "block"):
            self.env.company.credit_policy = policy
            for values in ({}, {"role_vendor": True}, {"customer_rank": -1}):
                with self.subTest(policy=policy, values=values):
                    partner = self.env["res.partner"].create({"name": "Hole", **values})
                    order = self._order(partner, 9999.0)
                    self.assertEqual(order.credit_status, "over_limit")
                    with self.assertRaisesRegex(UserError, "limit"), self.env.cr.savepoint():
                        order.with_user(self.users["rep"]).action_confirm()
                    invoice = self.init_invoice("out_invoice", partner, amounts=[9999.0])
                    with self.assertRaisesRegex(UserError, "limit"), self.env.cr.savepoint():
                        invoice.with_user(self.users["bookkeeper"]).action_post()

    def test_the_limit_to_come_is_searched_as_it_is_shown(self):
        partner = self.env["res.partner"].create({"name": "To come"})
        small, large = self._order(partner, 100.0), self._order(partner, 9999.0)
        for from_start in (True, False):
            self.env.company.contact_defaults_from_start = from_start
            (small | large).invalidate_recordset(["credit_status"])
            self.assertEqual((small | large).mapped("credit_status"), ["ok", "over_limit"])
            found = self.env["sale.order"].search(
                [("credit_status", "=", "over_limit"), ("partner_id", "=", partner.id)]
            )
            self.assertEqual(found, large)

    def test_on_line_nobody_is_refused_to_his_face(self):
        self.env.company.credit_policy = "approval"
        partner = self.env["res.partner"].create({"name": "Signs", "email": "signs@example.com"})
        order = self._order(partner, 9999.0)
        order._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertIn("limit", " ".join(order._get_credit_refusals(confirmed=False).values()))

    def test_a_branch_gives_terms_of_its_own_and_the_limit_of_its_company(self):
        root = self.env.company
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": root.id})
        self.assertEqual(branch.contact_default_terms, DEFAULT)
        branch.contact_default_terms = "1:0:0:30:9"
        # a limit that was set to nothing in the company is none in the branch
        customer = self._create_customer("Free", credit_limit=0)
        account = customer.with_company(branch)
        self.assertEqual(account._get_limit_to_come(branch), 0)
        later = self.env["res.company"].create({"name": "Later", "parent_id": root.id})
        customer.with_company(later)._give_defaults_once_sold_to(later)
        self.assertEqual(customer.credit_limit, 0)
        self.assertTrue(customer.with_company(later).property_payment_term_id)
        # whoever becomes a customer in the branch
        for given, limit in (({}, 2500), ({"credit_limit": 0}, 0), ({"credit_limit": 5}, 5)):
            made = self.env["res.partner"].with_company(branch).create(
                {"name": "In the branch", "role_customer": True, **given}
            )  # fmt: skip
            self.assertEqual(made.with_company(root).credit_limit, limit)
            self.assertEqual(made.with_company(branch).credit_limit, limit)
            self.assertEqual(made.property_payment_term_id.bizuno_type, "1")
            self.assertEqual(
                made.with_company(root).property_payment_term_id.discount_percentage, 2
            )

    def test_what_belongs_to_a_company_is_sold_to_by_its_branches(self):
        root = self.env.company
        branch, stranger = self.env["res.company"].create(
            [{"name": "Branch", "parent_id": root.id}, {"name": "Stranger"}]
        )
        # as the jobs and the wall, which see all
        customer = self._create_customer("The root's", company_id=root.id).sudo()
        term = customer.property_payment_term_id
        self.assertTrue(term)
        self.assertEqual(customer.with_company(branch).property_payment_term_id, term)
        self.assertFalse(customer.with_company(stranger).property_payment_term_id)
        # at the latest when it is sold to, in branches made later
        later = self.env["res.company"].create({"name": "Later", "parent_id": branch.id})
        self.assertTrue(customer._lacks_contact_defaults(later))
        self.assertFalse(customer._lacks_contact_defaults(stranger))
        customer._become_customers(later)
        self.assertEqual(customer.with_company(later).property_payment_term_id, term)
        # and not the other way round
        own = customer.with_company(branch).create(
            {"name": "The branch's", "role_customer": True, "company_id": branch.id}
        )
        self.assertTrue(own.property_payment_term_id)
        self.assertFalse(own.with_company(root).property_payment_term_id)

    def test_the_limit_to_come_of_a_branch_is_searched_as_it_is_shown(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        partners = self.env["res.partner"].sudo().create([
            {"name": "Root's", "company_id": self.env.company.id},
            {"name": "Branch's", "company_id": branch.id},
            {"name": "Everybody's"},
        ])  # fmt: skip
        for company in (branch, self.env.company):
            some = partners.with_company(company)
            query = some._search([("id", "in", partners.ids)])
            limit = some._get_limit_to_come_sql(query.table, query)
            found = dict(
                self.env.execute_query(query.select(SQL.identifier(query.table, "id"), limit))
            )
            for partner in some:
                shown = partner._get_limit_to_come(company)
                self.assertEqual(found[partner.id], shown, partner.name)
            self.assertEqual(
                [found[one.id] for one in partners],
                [2500, 2500 if company == branch else 0, 2500],
            )

    def test_subsidiaries_without_a_limit_are_named_too(self):
        holding = self._create_customer("Holding", is_company=True)
        subsidiary = self._create_customer("Below", is_company=True, parent_id=holding.id)
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": holding.id, "customer_rank": 1}
        )
        lead = self.env["res.partner"].create({"name": "Lead", "role_lead": True})
        for partner in holding + subsidiary + person + lead:
            partner.sudo().write({"credit_limit": 0, "bizuno_terms_written": False})
        found = self.env["res.partner"].search(self.env["res.partner"]._get_missing_limit_domain())
        self.assertLessEqual(holding + subsidiary, found)
        self.assertFalse((person + lead) & found)

    def test_a_confirmed_order_that_changes_hands(self):
        self.env.company.credit_policy = "block"
        order = self._order(self._create_customer(bizuno_terms="0:0:0:30:100000"), 9000.0)
        order.action_confirm()
        other = self.env["res.partner"].create({"name": "Nobody yet"})
        with self.assertRaisesRegex(UserError, "limit"), self.env.cr.savepoint():
            order.partner_invoice_id = other

    def test_accounts_from_before_the_installation_are_left_alone(self):
        self.env.company.contact_defaults_from_start = False
        customer = self.env["res.partner"].create({"name": "Old"})
        # as an installation finds it: a customer about whom nobody has decided anything here
        self.env.cr.execute("UPDATE res_partner SET customer_rank = 5 WHERE id = %s", [customer.id])
        customer.invalidate_recordset()
        self._order(customer).action_confirm()
        self.assertEqual(customer.credit_limit, 0)
        self.assertFalse(customer.property_payment_term_id)

    # several companies

    def test_each_company_gives_its_own(self):
        other = self.setup_other_company()["company"]
        other.contact_default_terms = "1:0:0:30:77"
        form = self._form("bookkeeper")
        form.name = "Two"
        form.credit_limit = 0
        partner = form.save().sudo()
        self.assertEqual(partner.bizuno_terms, "3:2:10:45:0")
        self.assertEqual(partner.with_company(other).bizuno_terms, "1:0:0:30:77")

    def test_a_company_made_later_gives_its_own_when_it_first_sells(self):
        customer = self._create_customer("Early")
        other = self.setup_other_company()["company"]
        other.contact_default_terms = "1:0:0:30:77"
        account = customer.with_company(other)
        self.assertEqual(account.credit_limit, 0)
        self.assertEqual(account._get_limit_to_come(other), 77)
        invoice = self.init_invoice("out_invoice", customer, amounts=[5.0], company=other)
        invoice.action_post()
        self.assertEqual(account.bizuno_terms, "1:0:0:30:77")
        self.assertEqual(customer.with_company(self.env.company).bizuno_terms, DEFAULT)

    # addresses and people of a customer

    def test_addresses_made_on_the_customers_page_are_no_customers(self):
        for menu in (*MENUS.values(), "bizuno_crm.res_partner_action_vendors"):
            with self.subTest(menu=menu):
                form = self._form("bookkeeper", menu)
                form.name = "With Docks"
                with form.child_ids.new() as dock:
                    dock.type = "delivery"
                    dock.name = "North Dock"
                partner = form.save()
                form = Form(partner, view="base.view_partner_form")
                with form.child_ids.new() as dock:
                    dock.type = "delivery"
                    dock.name = "South Dock"
                form.save()
                self.assertEqual(len(partner.child_ids), 2)
                for dock in partner.child_ids:
                    self.assertRecordValues(
                        dock,
                        [
                            {
                                "role_customer": False,
                                "role_vendor": False,
                                "role_lead": False,
                                "is_company": False,
                                "ref": partner.ref if dock.ref else False,
                                "commercial_partner_id": partner.id,
                            }
                        ],
                    )
                    self.assertEqual(dock.bizuno_terms, partner.bizuno_terms)

    def test_a_person_entered_below_a_company_is_no_customer(self):
        form = self._form("bookkeeper")
        form.company_type = "person"
        form.name = "Ann"
        form.parent_id = self.customer
        person = form.save()
        self.assertFalse(person.role_customer)
        self.assertEqual(person.credit_limit, self.customer.credit_limit)
        partners = self.env["res.partner"].with_context(default_role_customer=True)
        one, two, three = partners.create(
            [
                {"name": "One"},
                {"name": "Two", "parent_id": self.customer.id},
                {"name": "Three", "parent_id": self.customer.id, "is_company": True},
            ]
        )
        self.assertEqual([p.name for p in one + two + three], ["One", "Two", "Three"])
        self.assertEqual((one + two + three).mapped("role_customer"), [True, False, True])
        # said explicitly, it is meant
        self.assertTrue(
            self.env["res.partner"]
            .create({"name": "Four", "parent_id": self.customer.id, "role_customer": True})
            .role_customer
        )

    def test_invoiced_addresses_are_not_among_new_customers_and_promotions(self):
        dock = self.env["res.partner"].create(
            {
                "name": "Dock",
                "parent_id": self.customer.id,
                "type": "delivery",
                "email": "dock@example.com",
            }
        )
        self.init_invoice("out_invoice", dock, amounts=[10.0]).action_post()
        self.assertTrue(dock.role_customer)  # Odoo ranks whom an invoice names
        partners = self.env["res.partner"]
        self.assertNotIn(
            dock, partners.search(self.env["bizuno.dashboard"]._new_customers_domain())
        )
        promo = self.env["bizuno.promo"].create({"name": "All", "distribution": "all"})
        audience = partners.search(promo._get_audience_domain())
        self.assertNotIn(dock, audience)
        self.assertIn(self.customer, audience)
