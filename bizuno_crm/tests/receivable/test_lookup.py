from lxml import etree
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestLookup(BizunoCommon):
    """The telephone rings: whatever he says, Enter in the search box finds whose account it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.quay = cls._create_customer(
            "Quay Nine", is_company=True, phone="+49 (40) 12 34-56", user_id=cls.rep.id
        )
        cls.kim = cls.env["res.partner"].create(
            {"name": "Kim Oduya", "parent_id": cls.quay.id, "phone": "757 555 0188"}
        )
        # The digits of Quay Nine are in this one too, with others between them.
        cls.pier = cls._create_customer("Pier Two", is_company=True, phone="40 1 9 23456")
        cls.bill = cls.init_invoice("out_invoice", cls.pier, amounts=[70.0])
        cls.bill.write({"name": "INV/2019/0007301", "ref": "PO-88-4"})
        cls.bill.invoice_user_id = cls.users["bookkeeper"]
        cls.bill.action_post()
        other = cls.init_invoice("out_invoice", cls.quay, amounts=[30.0])
        other.name = "INV/2019/0017301"
        other.action_post()
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.quay.id, "name": "S04711", "user_id": cls.rep.id}
        )

    def _type(self, user, action, text):
        """:return: what the list of that menu finds when this is typed and Enter pressed"""
        action = self.env.ref(f"bizuno_crm.{action}")
        model = self.env[action.res_model].with_user(user)
        arch = etree.fromstring(model.get_view(action.search_view_id.id, "search")["arch"])
        first = arch.find("field")
        name, typed = first.get("name"), first.get("filter_domain")
        typed = safe_eval(typed, {"self": text}) if typed else [(name, "ilike", text)]
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        return model.search(domain + typed)

    def test_who_telephones_is_found_by_what_he_says(self):
        said = (
            ("Quay Ni", self.quay),
            ("040 / 12 34 56", self.quay),
            ("+4940123456", self.quay),
            ("kim od", self.quay),
            ("+1-757-555-0188", self.quay),
            ("inv/2019/0007301", self.pier),
            ("7301", self.pier),
            ("17301", self.quay),
            ("po-88-4", self.pier),
            ("4711", self.quay),
            ("730", self.quay.browse()),
            ("%301", self.quay.browse()),
            ("757 555 0199", self.quay.browse()),
            ("nobody of that name", self.quay.browse()),
        )
        for text, account in said:
            found = self._type(self.users["bookkeeper"], "res_partner_action_customers", text)
            self.assertEqual(found, account, text)
            rows = self._type(self.users["bookkeeper"], "bizuno_aged_customer_action", text)
            self.assertEqual(rows.partner_id, account, text)

    def test_documents_find_only_for_who_may_read_them(self):
        own = new_test_user(
            self.env, login="lookup_own", groups="sales_team.group_sale_salesman,base.group_user"
        )
        self.env["sale.order"].create(
            {"partner_id": self.pier.id, "name": "S04712", "user_id": own.id}
        )
        for user, text, account in (
            (self.rep, "4711", self.quay),
            (self.rep, "7301", self.pier),
            (self.rep, "757 555 0188", self.quay),
            (own, "4712", self.pier),
            (own, "4711", self.quay.browse()),
            (own, "7301", self.quay.browse()),
            (own, "757 555 0188", self.quay),
            (self.users["employee"], "7301", self.quay.browse()),
            (self.users["employee"], "kim od", self.quay),
        ):
            found = self._type(user, "res_partner_action_customers", text)
            self.assertEqual(found, account, (user.login, text))

    def test_a_vendor_is_found_by_the_number_on_his_bill(self):
        vendor = self.env["res.partner"].create({"name": "Forge", "role_vendor": True})
        bill = self.init_invoice("in_invoice", vendor, amounts=[15.0])
        bill.ref = "RE-2025-118"
        bill.action_post()
        for action in ("res_partner_action_vendors", "bizuno_aged_vendor_action"):
            found = self._type(self.users["bookkeeper"], action, "re-2025-118")
            self.assertEqual(found if action.startswith("res") else found.partner_id, vendor)

    def test_it_is_no_column_and_nothing_to_fill_in(self):
        partners = self.env["res.partner"].with_user(self.users["bookkeeper"])
        facts = partners.fields_get(["lookup_text"])["lookup_text"]
        self.assertTrue(facts["readonly"])
        self.assertFalse(facts["searchable"])
        with self.assertRaises(UserError):
            partners.search([("lookup_text", "=like", "%")])
        with Form(partners.with_context(default_role_customer=True)) as form:
            form.name = "Quay Ten"
        self.assertFalse(form.record.lookup_text)
