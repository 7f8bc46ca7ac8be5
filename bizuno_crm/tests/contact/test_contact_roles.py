from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactRoles(BizunoCommon):
    def _contact(self, **values):
        return self.env["res.partner"].create({"name": "Northwind", **values})

    def test_customer_role_raises_the_native_rank_to_one(self):
        partner = self._contact(role_customer=True)
        self.assertEqual(partner.customer_rank, 1)
        self.assertEqual(partner.supplier_rank, 0)

    def test_vendor_role_set_later_raises_the_native_rank(self):
        partner = self._contact()
        partner.role_vendor = True
        self.assertEqual(partner.supplier_rank, 1)

    def test_role_leaves_a_higher_rank_alone(self):
        partner = self._contact(customer_rank=7)
        self.assertTrue(partner.role_customer)
        partner.role_customer = True
        self.assertEqual(partner.customer_rank, 7)

    def test_taking_a_role_keeps_the_contact_and_its_other_roles(self):
        partner = self._contact(role_customer=True, role_vendor=True)
        partner.role_customer = False
        self.assertEqual(partner.customer_rank, 0)
        self.assertTrue(partner.role_vendor)
        self.assertTrue(partner.exists())

    def test_rank_raised_by_sql_gives_the_role(self):
        partner = self._contact()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET customer_rank = 3, supplier_rank = 1 WHERE id = %s",
            [partner.id],
        )
        partner.invalidate_recordset()
        self.assertTrue(partner.role_customer)
        self.assertTrue(partner.role_vendor)
        self.assertIn(partner, self.env["res.partner"].search([("role_customer", "=", True)]))

    def test_posting_an_invoice_makes_a_plain_contact_a_customer_with_an_id(self):
        partner = self._contact()
        self.assertFalse(partner.ref)
        self.init_invoice("out_invoice", partner=partner, amounts=[100], post=True)
        self.assertTrue(partner.role_customer)
        self.assertRegex(partner.ref, r"^C\d{5}$")

    def test_native_customer_menu_gives_the_role(self):
        partner = (
            self.env["res.partner"]
            .with_context(res_partner_search_mode="supplier")
            .create({"name": "From the vendor menu"})
        )
        self.assertTrue(partner.role_vendor)
        self.assertRegex(partner.ref, r"^V\d{5}$")

    def test_create_and_edit_on_a_bill_makes_a_vendor(self):
        vendors = self.env["res.partner"].with_context(res_partner_search_mode="supplier")
        with Form(vendors, view="base.view_partner_form") as form:
            self.assertEqual((form.role_vendor, form.role_customer), (True, False))
            form.name = "From a bill"
        self.assertRegex(form.record.ref, r"^V\d{5}$")

    def test_user_role_follows_the_internal_logins(self):
        user = new_test_user(self.env, "roles_login", groups="base.group_user")
        partner = user.partner_id
        self.assertTrue(partner.role_user)
        self.assertIn(partner, self.env["res.partner"].search([("role_user", "=", True)]))
        user.active = False
        self.assertFalse(partner.role_user)
        self.assertNotIn(partner, self.env["res.partner"].search([("role_user", "=", True)]))
        portal = new_test_user(self.env, "roles_portal", groups="base.group_portal")
        self.assertFalse(portal.partner_id.role_user)

    def test_project_role_follows_the_projects(self):
        partner, other = self._contact(), self._contact(name="Other")
        partner.role_project = True  # nothing that could be set
        self.env.invalidate_all()
        self.assertFalse(partner.role_project)
        project = self.env["bizuno.project"].create({"name": "Jetty", "partner_id": partner.id})
        self.assertTrue(partner.role_project)
        # Everybody sees the badge, nobody sees by it which projects there are.
        theirs = partner.with_user(self.users["bookkeeper"])
        theirs.invalidate_recordset()
        self.assertTrue(theirs.role_project)
        self.assertIn("Project", theirs.role_names)
        project.active = False
        self.assertTrue(partner.role_project)
        project.partner_id = other
        self.assertFalse(partner.role_project)
        self.assertTrue(other.role_project)

    def test_user_role_cannot_be_set(self):
        partner = self._contact()
        with self.assertRaisesRegex(UserError, "follows the logins"):
            partner.role_user = True
        with self.assertRaisesRegex(UserError, "follows the logins"):
            self._contact(role_user=True)
        partner.role_user = False  # what it is already: an import may send it

    def test_every_role_can_be_searched_both_ways_and_grouped_by(self):
        user = new_test_user(self.env, "roles_search", groups="base.group_user")
        all_roles = self._contact(
            role_customer=True, role_vendor=True, role_lead=True, role_branch=True,
            role_employee=True,
        )  # fmt: skip
        self.env["bizuno.project"].create({"name": "Sea wall", "partner_id": all_roles.id})
        none = self._contact(name="Plain")
        both = all_roles + none
        for role in ("customer", "vendor", "lead", "branch", "employee", "project"):
            name = f"role_{role}"
            scope = [("id", "in", both.ids)]
            Partner = self.env["res.partner"]
            self.assertEqual(Partner.search([*scope, (name, "=", True)]), all_roles, name)
            self.assertEqual(Partner.search([*scope, (name, "=", False)]), none, name)
            self.assertEqual(Partner.search([*scope, (name, "!=", True)]), none, name)
            groups = dict(Partner._read_group(scope, [name], ["__count"]))
            self.assertEqual(sum(groups.values()), 2, name)
            self.assertEqual(groups[True], 1, name)
            self.assertTrue(Partner.fields_get([name])[name]["groupable"], name)
        groups = dict(
            Partner._read_group(
                [("id", "in", (both + user.partner_id).ids)], ["role_user"], ["__count"]
            )
        )
        self.assertEqual(groups, {False: 2, True: 1})

    def test_role_names_lists_all_roles_in_words(self):
        self.assertEqual(
            self._contact(role_vendor=True, role_customer=True).role_names, "Customer, Vendor"
        )

    def test_employee_role_is_for_administrators(self):
        partner = self._contact(role_employee=True)
        for name in ("sales_manager", "bookkeeper", "accountant"):
            theirs = partner.with_user(self.users[name])
            with self.assertRaisesRegex(AccessError, "Employee.*Northwind"):
                theirs.role_employee = False
            with self.assertRaisesRegex(AccessError, "Employee"):
                theirs.create({"name": "Forged", "role_employee": True})
            theirs.write({"role_employee": True})  # unchanged: nothing to refuse

    def test_lead_role_needs_the_leads_right(self):
        partner = self._contact()
        with self.assertRaisesRegex(AccessError, "Leads: Edit"):
            partner.with_user(self.users["bookkeeper"]).role_lead = True
        with self.assertRaisesRegex(AccessError, "Leads: Add"):
            partner.with_user(self.users["bookkeeper"]).create({"name": "L", "role_lead": True})
        partner.with_user(self.users["rep"]).role_lead = True
        self.assertTrue(partner.role_lead)

    def test_a_context_key_gives_no_role(self):
        Partner = self.env["res.partner"].with_user(self.users["bookkeeper"])
        with self.assertRaises(AccessError):
            Partner.with_context(default_role_employee=True).create({"name": "By context"})
        with self.assertRaises(AccessError):
            Partner.with_context(default_role_lead=True).create({"name": "By context"})

    def test_a_saved_default_gives_no_role(self):
        bookkeeper = self.users["bookkeeper"]
        self.env["ir.default"].set("res.partner", "role_lead", True, user_id=bookkeeper.id)
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(bookkeeper).create({"name": "By default"})

    def test_each_menu_opens_the_contacts_of_its_role_and_gives_it_to_new_ones(self):
        for xmlid, role in (
            ("res_partner_action_customers", "role_customer"),
            ("res_partner_action_vendors", "role_vendor"),
            ("res_partner_action_leads", "role_lead"),
            ("res_partner_action_branches", "role_branch"),
            ("res_partner_action_employees", "role_employee"),
        ):
            action = self.env["ir.actions.actions"]._for_xml_id(f"bizuno_crm.{xmlid}")
            context = safe_eval(action["context"], {"uid": self.env.uid})
            listed = Domain(safe_eval(action["domain"], {"uid": self.env.uid}))
            other = self._contact(name=f"No {role}")
            created = self.env["res.partner"].with_context(**context).create({"name": role})
            self.assertTrue(created[role], xmlid)
            self.assertTrue(created.ref, xmlid)
            found = self.env["res.partner"].search(
                listed & Domain("id", "in", (created + other).ids)
            )
            self.assertEqual(found, created, xmlid)

    def test_form_shows_roles_and_saves_them(self):
        with Form(self.env["res.partner"].with_context(default_role_customer=True)) as form:
            form.name = "By form"
        self.assertTrue(form.record.role_customer)
        self.assertRegex(form.record.ref, r"^C\d{5}$")

    def test_change_of_roles_is_tracked_in_the_chatter(self):
        partner = self._contact().with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        partner.write({"role_customer": True, "role_branch": True})
        self.flush_tracking()
        tracked = partner.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("role_customer", tracked)
        self.assertIn("role_branch", tracked)

    def test_a_subsidiary_has_roles_and_a_status_on_its_page(self):
        holding = self._contact(is_company=True)
        below = self._contact(is_company=True, parent_id=holding.id, role_customer=True)
        person = self._contact(parent_id=holding.id)
        for login in ("rep", "bookkeeper"):
            page = Form(below.with_user(self.users[login]), view="base.view_partner_form")
            self.assertFalse(page._get_modifier("role_customer", "invisible"), login)
            self.assertFalse(page._get_modifier("account_status", "invisible"), login)
            page = Form(person.with_user(self.users[login]), view="base.view_partner_form")
            self.assertTrue(page._get_modifier("role_customer", "invisible"), login)
        page = Form(below.with_user(self.users["rep"]), view="base.view_partner_form")
        page.role_customer = False
        page.save()
        self.assertFalse(below.role_customer)
        action = below.with_user(self.users["bookkeeper"]).action_open_account_status()
        wizard = Form(self.env[action["res_model"]].with_user(self.users["bookkeeper"])
                      .with_context(**action["context"]))  # fmt: skip
        wizard.reason = "Two cheques bounced"
        wizard.save().action_apply()
        self.assertEqual(below.account_status, "hold")
        self.assertEqual(holding.account_status, "active")

    def test_list_of_eighty_costs_as_many_queries_as_one(self):
        names = ["name", "role_names", "role_user", "account_status"]
        partners = self.env["res.partner"].create(
            [{"name": f"P{i}", "role_customer": True} for i in range(80)]
        )
        self.env.flush_all()

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        queries(partners[:1])  # warms the ormcache
        self.assertEqual(queries(partners), queries(partners[:1]))

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
