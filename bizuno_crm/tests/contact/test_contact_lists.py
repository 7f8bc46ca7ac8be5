import ast

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactLists(BizunoCommon):
    """What the list of customers offers, and to whom; and how an order names a dock."""

    def _list(self, person):
        partners = self.env["res.partner"].with_user(self.users[person])
        view = self.env.ref("bizuno_crm.res_partner_view_list_customers")
        return partners.get_view(view.id, "list")["arch"]

    def _columns(self, person):
        return {
            field.get("name"): field.get("optional")
            for field in etree.fromstring(self._list(person)).xpath("/list/field")
            if field.get("column_invisible") != "True"
        }

    def test_columns_of_the_bookkeeper_and_of_others(self):
        columns = self._columns("bookkeeper")
        for name in ("aged_balance", "aged_past_due", "credit_limit", "credit_status"):
            self.assertEqual(columns.get(name), "show", name)
        columns = self._columns("rep")
        for name in ("aged_balance", "aged_past_due", "credit_limit"):
            self.assertNotIn(name, columns)
        self.assertEqual(columns["credit_status"], "hide")

    def test_80_customers_cost_as_many_queries_as_8(self):
        self.init_invoice("out_invoice", self.customer, amounts=[100.0]).action_post()
        customers = self.env["res.partner"].create(
            [{"name": f"C{i}", "role_customer": True} for i in range(80)]
        )
        names = ["ref", "complete_name", "account_status", "aged_balance", "aged_past_due",
                 "credit_limit", "credit_status", "terms_text", "user_id"]  # fmt: skip

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.users["bookkeeper"]).web_read({name: {} for name in names})
            return self.env.cr.sql_log_count - before

        count(customers[:2])
        self.assertLessEqual(count(customers), count(customers[:8]))

    def test_no_filter_stands_twice(self):
        for person in ("bookkeeper", "rep", "bizuno_manager"):
            partners = self.env["res.partner"].with_user(self.users[person])
            arch = partners.get_view(self.env.ref("base.view_res_partner_filter").id, "search")
            filters = etree.fromstring(arch["arch"]).xpath("//filter[@domain]")
            labels = [one.get("string") for one in filters]
            self.assertEqual(sorted(labels), sorted(set(labels)), person)
            self.assertEqual(labels.count("Past Due"), 1, person)
            self.assertNotIn("On Hold or Locked", labels)
            self.assertIn("My Customers", labels)

    def test_contacts_without_id_are_counted_and_numbered(self):
        manager = self.env["res.partner"].with_user(self.users["bizuno_manager"])
        self.assertFalse(
            self.env["res.partner"].with_user(self.users["rep"]).get_missing_contact_ids()
        )
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.users["bookkeeper"]).assign_missing_contact_ids()
        manager.assign_missing_contact_ids()
        self.assertFalse(manager.get_missing_contact_ids())
        old = self.env["res.partner"].create([{"name": "Old 1"}, {"name": "Old 2"}])
        person = self.env["res.partner"].create({"name": "P", "parent_id": old[0].id})
        self.env.cr.execute("UPDATE res_partner SET customer_rank = 1 WHERE id = ANY(%s)",
                            [(old | person).ids])  # fmt: skip
        (old | person).invalidate_recordset()
        self.assertEqual(manager.get_missing_contact_ids(), "2 contacts have no Contact ID yet.")
        self.assertEqual(
            manager.assign_missing_contact_ids(), "2 contacts were given the next Contact IDs."
        )
        self.assertTrue(all(old.mapped("ref")))
        self.assertNotEqual(*old.mapped("ref"))

    def test_an_order_says_which_dock(self):
        north, south = self.env["res.partner"].create(
            [
                {"name": "North Dock", "parent_id": self.customer.id, "type": "delivery",
                 "street": "1 Pier Road", "city": "Norfolk"},
                {"parent_id": self.customer.id, "type": "delivery",
                 "street": "2 Pier Road", "city": "Norfolk"},
            ]
        )  # fmt: skip
        self.env.user.group_ids += self.env.ref("account.group_delivery_invoice_address")
        order = self.env["sale.order"].create({"partner_id": self.customer.id})

        def shown(address, **context):
            order.partner_shipping_id = address
            data = order.web_read(
                {
                    "partner_shipping_id": {
                        "fields": {"display_name": {}},
                        "context": {"show_place": True, **context},
                    }
                }
            )
            return data[0]["partner_shipping_id"]["display_name"]

        # what a page asks for before it knows the customer, and after
        self.assertEqual(shown(north), "North Dock, 1 Pier Road, Norfolk · Harbour Supply")
        own = {"show_place_for": self.customer.id}
        self.assertEqual(shown(north, **own), "North Dock, 1 Pier Road, Norfolk")
        self.assertEqual(shown(south, **own), "Delivery, 2 Pier Road, Norfolk")
        stranger = self.env["res.partner"].create({"name": "Third Party", "city": "Bremen"})
        self.assertEqual(shown(stranger), "Third Party, Bremen")
        arch = Form(order)._view["tree"]
        for name in ("partner_shipping_id", "partner_invoice_id"):
            [field] = arch.xpath(f"//group[@name='partner_details']/field[@name='{name}']")
            self.assertIn("'show_place': True", field.get("context"))
        # elsewhere the name is Odoo's
        self.assertEqual(north.display_name, "Harbour Supply, North Dock")

    def test_the_columns_of_lists_ask_only_what_a_list_knows(self):
        """A list knows which companies are ticked, but not `current_company_id`, as records do: the
        page crashes for whoever has several companies."""
        views = self.env["ir.ui.view"].search([("type", "=", "list")])
        conditions = [
            (view, node.get("column_invisible"))
            for view in views
            if view.xml_id.startswith("bizuno_crm.")
            for node in etree.fromstring(view.arch).iter("field", "button")
            if node.get("column_invisible")
        ]
        self.assertTrue(conditions)
        for view, condition in conditions:
            names = {one.id for one in ast.walk(ast.parse(condition)) if isinstance(one, ast.Name)}
            self.assertLessEqual(
                names,
                {"context", "uid", "allowed_company_ids", "set"},
                f"{view.xml_id}: {condition}",
            )

    def test_subsidiaries_are_listed_and_people_are_not(self):
        partners = self.env["res.partner"]
        holding, below = self.customer, partners.create(
            {"name": "Below", "is_company": True, "parent_id": self.customer.id}
        )  # fmt: skip
        below.write({"role_customer": True, "role_vendor": True})
        person = partners.create({
            "name": "Person", "parent_id": holding.id, "customer_rank": 1, "supplier_rank": 1,
        })  # fmt: skip
        for name in ("customers", "vendors"):
            action = self.env.ref(f"bizuno_crm.res_partner_action_{name}")
            listed = partners.with_user(self.users["rep"]).search(ast.literal_eval(action.domain))
            self.assertIn(below, listed, name)
            self.assertNotIn(person, listed, name)
