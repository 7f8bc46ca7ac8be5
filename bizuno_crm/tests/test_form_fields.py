"""Every field that a person fills, on the page where it is filled, by each of PEOPLE."""

import itertools
from collections import namedtuple

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import PEOPLE, BizunoCommon

Typed = namedtuple("Typed", "who value")

SALES = {"rep", "sales_manager", "bizuno_manager"}
BOOKS = {"bookkeeper", "accountant", "bizuno_manager"}
INVOICING = {"bookkeeper", "accountant"}
MARKETING = {"sales_manager", "bizuno_manager"}
MANAGERS = {"bizuno_manager"}
SETTINGS = {"administrator"}
CONTACTS = SALES | BOOKS
# The own fields of these pages, in the order in which they are typed. A value is a function of the
# test where it is a record.
PAGES = {
    "res_partner_action_customers": {
        "name": Typed(CONTACTS, "Quayside Ltd"),
        "ref": Typed(CONTACTS, lambda test: f"QUAY-{next(test.numbers)}"),
        "account_number": Typed(CONTACTS, "OUR-17"),
        "marketplace": Typed(CONTACTS, True),
        "role_customer": Typed(CONTACTS, True),
        "newsletter": Typed(SALES, True),
        "property_payment_term_id": Typed(BOOKS, lambda test: test.pay_terms_b),
        "credit_limit": Typed(INVOICING, 4321.5),
        "property_product_pricelist": Typed(BOOKS, lambda test: test.sheet),
        "property_income_account_id": Typed(BOOKS, lambda test: test.revenue),
        "default_tax_id": Typed(BOOKS, lambda test: test.tax_sale_b),
        "tax_exempt": Typed(BOOKS, True),
        "tax_exempt_certificate": Typed(BOOKS, "TX-77"),
        "tax_exempt_expiration": Typed(BOOKS, "2031-02-28"),
    },
    "res_partner_action_leads": {
        "name": Typed(SALES, "Prospect & Sons"),
        "role_lead": Typed(SALES, True),
        "lead_contact_name": Typed(SALES, "Paula Prospect"),
        "lead_contact_function": Typed(SALES, "Harbour Master"),
        "reminder_date": Typed(SALES, "2031-03-31"),
    },
    "bizuno_project_action": {
        "partner_id": Typed(SALES, lambda test: test.customer),
        "name": Typed(SALES, "New pumps for the lower lock"),
        "market_id": Typed(SALES, lambda test: test.market),
        "oem_id": Typed(SALES, lambda test: test.maker),
        "stage_id": Typed(SALES, lambda test: test.stage),
        "user_id": Typed(SALES, lambda test: test.users["sales_manager"]),
        "working_user_id": Typed(SALES, lambda test: test.users["rep"]),
        "date_assigned": Typed(SALES, "2025-05-06"),
        "expected_revenue": Typed(SALES, 7654.32),
        "budget": Typed(SALES, 4321.5),
        "date_expected": Typed(SALES, "2031-06-30"),
        "probability": Typed(SALES, 65.5),
        "notes": Typed(SALES, "<p>Three bids are in.</p>"),
    },
    "bizuno_reminder_action": {
        "name": Typed(SALES, "Ask about the bid"),
        "partner_id": Typed(SALES, lambda test: test.customer),
        "action_id": Typed(SALES, lambda test: test.action),
        "user_id": Typed(SALES, lambda test: test.users["sales_manager"]),
        "recurrence": Typed(SALES, "m"),
        "date_start": Typed(SALES, "2031-01-31"),
        "date_next": Typed(SALES, "2031-03-31"),
        "note": Typed(SALES, "Before ten"),
    },
    "bizuno_contact_log_action": {
        "partner_id": Typed(SALES, lambda test: test.customer),
        "project_id": Typed(SALES, lambda test: test.project),
        "action_id": Typed(SALES, lambda test: test.action),
        "date": Typed(SALES, "2025-05-06 07:08:09"),
        "notes": Typed(SALES, "<p>Wants a second pump.</p>"),
    },
    "bizuno_action_code_action": {
        "code": Typed(MANAGERS, "vis"),
        "name": Typed(MANAGERS, "Visit"),
        "sequence": Typed(MANAGERS, 44),
        "follow_up_days": Typed(MANAGERS, 9),
        "active": Typed(MANAGERS, True),
    },
    "bizuno_market_action": {
        "code": Typed(MANAGERS, "hbr"),
        "name": Typed(MANAGERS, "Harbours"),
        "active": Typed(MANAGERS, True),
    },
    "bizuno_project_stage_action": {
        "code": Typed(MANAGERS, "v"),
        "name": Typed(MANAGERS, "Visited"),
        "sequence": Typed(MANAGERS, 33),
        "rotting_threshold_days": Typed(MANAGERS, 21),
        "probability": Typed(MANAGERS, 15.5),
        "fold": Typed(MANAGERS, True),
        "is_closed": Typed(MANAGERS, True),
        "closing_outcome": Typed(MANAGERS, "no_opportunity"),
    },
    "bizuno_promo_action": {
        "name": Typed(MARKETING, "Spring"),
        "user_id": Typed(MARKETING, lambda test: test.users["sales_manager"]),
        "date_start": Typed(MARKETING, "2031-03-01"),
        "date_end": Typed(MARKETING, "2031-03-31"),
        "date_send": Typed(MARKETING, "2031-03-15 08:00:00"),
        "distribution": Typed(MARKETING, "all"),
        "email_from": Typed(MARKETING, "offers@tidewater.example"),
        "subject": Typed(MARKETING, "Pumps for less"),
        "body_html": Typed(MARKETING, "<p>Until the end of March.</p>"),
    },
    "bizuno_statement_action": {
        "partner_ids": Typed(CONTACTS, lambda test: test.customer),
        "date": Typed(CONTACTS, "2025-05-31"),
        "kind": Typed(CONTACTS, "activity"),
        "date_from": Typed(CONTACTS, "2025-05-01"),
        "note": Typed(CONTACTS, "Thank you."),
    },
    "bizuno_aged_receivable_report_action": {
        "date": Typed(CONTACTS, "2025-05-31"),
        "aging_basis": Typed(CONTACTS, "invoice_date"),
        "detail": Typed(CONTACTS, "summary"),
        "partner_ids": Typed(CONTACTS, lambda test: test.customer),
        "user_ids": Typed(CONTACTS, lambda test: test.users["rep"]),
        "category_ids": Typed(CONTACTS, lambda test: test.tag),
        "only_past_due": Typed(CONTACTS, True),
        "hide_zero": Typed(CONTACTS, True),
    },
    "bizuno_aged_payable_report_action": {
        "date": Typed(INVOICING, "2025-05-31"),
        "aging_basis": Typed(INVOICING, "invoice_date"),
        "detail": Typed(INVOICING, "summary"),
        "partner_ids": Typed(INVOICING, lambda test: test.maker),
        "category_ids": Typed(INVOICING, lambda test: test.tag),
        "only_past_due": Typed(INVOICING, True),
        "hide_zero": Typed(INVOICING, True),
    },
    "bizuno_project_portfolio_action": {
        "date_from": Typed(INVOICING, "2025-01-01"),
        "date_to": Typed(INVOICING, "2025-12-31"),
        "group_by": Typed(INVOICING, "market_id"),
        "project_ids": Typed(INVOICING, lambda test: test.project),
    },
    "bizuno_aging_activity_action": {
        "partner_ids": Typed(CONTACTS, lambda test: test.customer),
        "activity_type_id": Typed(CONTACTS, lambda test: test.call),
        "summary": Typed(CONTACTS, "Ask for the money"),
        "date_deadline": Typed(CONTACTS, "2031-03-31"),
        "assign_to": Typed(CONTACTS, "user"),
        "user_id": Typed(CONTACTS, lambda test: test.users["rep"]),
    },
    "res_config_settings_action": {
        "credit_policy": Typed(SETTINGS, "block"),
        "hold_policy": Typed(SETTINGS, "approval"),
        "credit_scope": Typed(SETTINGS, "invoices_and_orders"),
        "aging_basis": Typed(SETTINGS, "invoice_date"),
        "aging_reps_see_own": Typed(SETTINGS, True),
        "bookkeeper_id": Typed(SETTINGS, lambda test: test.users["bookkeeper"]),
        "commission_basis": Typed(SETTINGS, "paid"),
        "group_project_profit_reps": Typed(SETTINGS, True),
        "contact_income_account_id": Typed(SETTINGS, lambda test: test.revenue),
        "contact_receivable_account_id": Typed(SETTINGS, lambda test: test.receivable),
        "contact_payable_account_id": Typed(SETTINGS, lambda test: test.payable),
        "contact_price_sheet_id": Typed(SETTINGS, lambda test: test.sheet),
        "contact_tax_id": Typed(SETTINGS, lambda test: test.tax_sale_b),
        "price_sheet_on_invoices": Typed(SETTINGS, False),
        "reminder_fallback_user_id": Typed(SETTINGS, lambda test: test.users["rep"]),
        "tax_exempt_fiscal_position_id": Typed(SETTINGS, lambda test: test.fiscal_pos_a),
    },
}
# Filled by a list or a widget of its own, and tested there.
ELSEWHERE = {
    ("bizuno.project", "reminder_ids"),
    ("bizuno.project", "reminder_date"),
    # badges, see test_contact_roles.py
    ("res.partner", "role_customer"),
    ("res.partner", "role_lead"),
    # where there are several, see test_companies_figures.py
    ("bizuno.aged.receivable.report", "company_ids"),
    ("bizuno.aged.payable.report", "company_ids"),
    # a dump, see tests/importer
    ("bizuno.import", "file"),
    # instead of a contact
    ("bizuno.reminder", "project_id"),
    # of Odoo's own documents, see test_project_documents.py
    ("sale.order", "bizuno_project_id"),
    # see test_tax_exempt.py
    ("sale.order", "taxed_despite_exemption"),
    ("account.move", "bizuno_project_id"),
    # one form has it or the other: on that of leads
    ("res.partner", "reminder_date"),
}


@tagged("post_install", "-at_install")
class TestFormFields(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.users["administrator"] = env.ref("base.user_admin")
        cls.users["administrator"].write(
            {"company_ids": [(4, env.company.id)], "company_id": env.company.id}
        )
        for user in cls.users.values():
            user.group_ids += env.ref("product.group_product_pricelist")
        # A tax on cash basis of Odoo's own test company: Settings would warn that it is in use.
        env.company.tax_exigibility = True
        cls.revenue = cls.company_data["default_account_revenue"].copy()
        cls.receivable = cls.company_data["default_account_receivable"].copy()
        cls.payable = cls.company_data["default_account_payable"].copy()
        cls.sheet = env["product.pricelist"].create({"name": "Harbours"})
        cls.market = env["bizuno.market"].create({"code": "lck", "name": "Locks"})
        cls.stage = env["bizuno.project.stage"].search([("is_closed", "=", False)])[2]
        cls.action = env["bizuno.action.code"].search([], limit=1, order="id desc")
        cls.maker = cls._create_customer("Pump Works")
        cls.project = env["bizuno.project"].create({"name": "Lock", "partner_id": cls.customer.id})
        cls.tag = env["res.partner.category"].create({"name": "Harbour"})
        cls.numbers = itertools.count(7)
        cls.call = env.ref("mail.mail_activity_data_call")

    def _open(self, xmlid, login):
        """:return: the form for a new record, as the menu's action opens it"""
        action = self.env.ref(f"bizuno_crm.{xmlid}")
        known = {"uid": self.users[login].id, "active_id": self.customer.id}
        context = safe_eval(action.context or "{}", known)
        view = action.view_ids.filtered(lambda view: view.view_mode == "form").view_id
        if action.view_id.type == "form":
            view = action.view_id
        model = self.env[action.res_model].with_user(self.users[login]).with_context(**context)
        return Form(model.with_company(self.env.company), view or None)

    @staticmethod
    def _fillable(form):
        return {
            name
            for name in form._view["fields"]
            if not form._get_modifier(name, "readonly")
            and not form._get_modifier(name, "invisible")
        }

    def _value(self, typed):
        return typed.value(self) if callable(typed.value) else typed.value

    def _fill(self, xmlid, login):
        """:return: the saved record, and what was typed: {field: value}"""
        form, expected = self._open(xmlid, login), {}
        for name, typed in PAGES[xmlid].items():
            if login not in typed.who:
                self.assertNotIn(name, self._fillable(form), f"{login} may fill {name} of {xmlid}")
                continue
            self.assertIn(name, self._fillable(form), f"{login} may not fill {name} of {xmlid}")
            expected[name] = value = self._value(typed)
            if form._view["fields"][name]["type"] == "many2many":
                getattr(form, name).set(value)
            else:
                setattr(form, name, value)
        return form.save(), expected

    def test_who_may_fills_it_and_finds_it_again_and_who_may_not_does_not(self):
        for xmlid, page in PAGES.items():
            may = set.union(*(typed.who for typed in page.values()))
            for login in [*PEOPLE, "administrator"]:
                if login not in may:
                    continue
                with self.subTest(page=xmlid, login=login):
                    record, expected = self._fill(xmlid, login)
                    if record._name == "res.config.settings":
                        record.execute()
                        record = self._open(xmlid, login).save()
                    self._assert_kept(record, expected)

    def _assert_kept(self, record, expected):
        record.invalidate_recordset()
        for name, value in expected.items():
            field, kept = record._fields[name], record.sudo()[name]
            if field.type in ("date", "datetime"):
                kept = field.to_string(kept)
            elif field.type == "html":
                kept = str(kept)
            self.assertEqual(kept, value, f"{name} of {record._description}")

    def test_who_may_not_open_the_page_is_told_so(self):
        for xmlid, page in PAGES.items():
            may = set.union(*(typed.who for typed in page.values()))
            for login in set(PEOPLE) - may:
                # a contact without the fields of leads
                if xmlid == "res_partner_action_leads" and login in CONTACTS:
                    continue
                with self.subTest(page=xmlid, login=login), self.assertRaises(AccessError):
                    self._open(xmlid, login)

    def test_every_field_that_somebody_fills_is_among_them(self):
        """A field that is added to a page is added here, with who may fill it."""
        actions = self.env["ir.actions.act_window"].search([])
        actions = actions.filtered(lambda a: (a.get_external_id()[a.id]).startswith("bizuno_crm."))
        known = {}
        for xmlid, page in PAGES.items():
            model = self.env.ref(f"bizuno_crm.{xmlid}").res_model
            known.setdefault(model, set()).update(page)
        for action in actions:
            xmlid = action.get_external_id()[action.id].split(".")[1]
            for login in [*PEOPLE, "administrator"]:
                try:
                    form = self._open(xmlid, login)
                except AccessError:
                    continue  # see above
                model = self.env[action.res_model]
                own = {
                    name
                    for name in self._fillable(form)
                    if model._name.startswith("bizuno.")
                    or model._fields[name]._module == "bizuno_crm"
                }
                missing = {
                    name
                    for name in own - known.get(model._name, set())
                    if (model._name, name) not in ELSEWHERE and name != "company_id"
                }
                self.assertFalse(missing, f"{model._name} of {xmlid}, {login}")
