from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..common import BizunoLightCommon

FIELDS = ["ref", "name", "role_customer", "bizuno_terms", "credit_limit", "city"]


@tagged("post_install", "-at_install")
class TestContactImport(BizunoLightCommon):
    """A list of customers, loaded again and again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.contact_default_terms = "3:0:0:45:800"
        cls.users["bookkeeper"].group_ids += cls.env.ref("base.group_allow_export")

    def _load(self, rows, fields=FIELDS, person=None):
        partners = self.env["res.partner"]
        if person:
            partners = partners.with_user(self.users[person])
        return partners.load(fields, rows)

    def _rows(self, count, city="Norfolk"):
        return [
            [f"IMP-{i:04}", f"Imported {i}", "TRUE", "3:2:10:30:2500" if i % 2 else "", "", city]
            for i in range(count)
        ]

    def test_the_same_list_twice(self):
        for person in (None, "bookkeeper"):
            with self.subTest(person=person):
                first = self._load(self._rows(20), person=person)
                self.assertFalse(first["messages"])
                second = self._load(self._rows(20, "Richmond"), person=person)
                self.assertFalse(second["messages"])
                self.assertEqual(second["ids"], first["ids"])
                partners = self.env["res.partner"].browse(second["ids"])
                self.assertEqual(set(partners.mapped("city")), {"Richmond"})
                # what is empty in the file is neither emptied nor set anew
                self.assertEqual(
                    partners.mapped("bizuno_terms"), ["3:0:0:45:800", "3:2:10:30:2500"] * 10
                )

    def test_a_changed_list_changes_what_it_says(self):
        [id_] = self._load([["A-1", "Acme", "TRUE", "", "500", ""]])["ids"]
        partner = self.env["res.partner"].browse(id_)
        self.assertEqual(partner.bizuno_terms, "3:0:0:45:500")
        self._load([[" a\u200b-1 ", "Acme Works", "TRUE", "1:0:0:30:0", "", ""]])
        # found by its ID, which stays as it was written
        self.assertRecordValues(partner, [{"name": "Acme Works", "credit_limit": 0, "ref": "A-1"}])
        # 0 is said, nothing is not
        self._load([["A-1", "Acme Works", "TRUE", "", "70", ""]])
        self.assertEqual(partner.credit_limit, 70)
        self._load([["A-1", "Acme Works", "TRUE", "", "0", ""]])
        self.assertEqual(partner.credit_limit, 0)

    def test_archived_contacts_are_found_and_stay_so(self):
        partner = self._create_customer("Old Name", ref="OLD-1")
        partner.action_archive()
        result = self._load([["old-1", "New Name", "TRUE", "", "", ""]])
        self.assertEqual(result["ids"], partner.ids)
        self.assertRecordValues(partner, [{"name": "New Name", "active": False}])

    def test_addresses_are_not_found_by_their_companys_id(self):
        self.customer.ref = "HARBOUR"
        result = self._load(
            [["HARBOUR", "North Dock", "Harbour Supply"]], ["ref", "name", "parent_id"]
        )
        self.assertNotEqual(result["ids"], self.customer.ids)
        self.assertEqual(self.customer.name, "Harbour Supply")

    def test_an_id_twice_in_one_file_is_refused(self):
        for known in (False, True):
            with self.subTest(known=known):
                if known:
                    self._create_customer("Known", ref="TWICE")
                result = self._load(
                    [
                        ["TWICE", "One", "TRUE", "", "", ""],
                        ["twice", "Two", "TRUE", "", "", ""],
                    ]
                )
                self.assertFalse(result["ids"])
                self.assertIn("is already used", result["messages"][-1]["message"])

    def test_what_the_user_may_not_see_is_not_changed(self):
        own = new_test_user(
            self.env,
            "own_contacts",
            "sales_team.group_sale_salesman,base.group_partner_manager,"
            "bizuno_crm.group_own_contacts_only",
        )
        self.customer.write({"ref": "SECRET", "user_id": self.env.uid})
        result = self.env["res.partner"].with_user(own).load(["ref", "name"], [["SECRET", "Mine"]])
        self.assertFalse(result["ids"])
        self.assertEqual(self.customer.name, "Harbour Supply")

    def test_a_rep_may_load_again_what_he_may_change(self):
        rows = [["R-1", "Rep's", "TRUE"]]
        fields = ["ref", "name", "role_customer"]
        first = self._load(rows, fields, "rep")
        self.assertFalse(first["messages"])
        self.assertEqual(self._load(rows, fields, "rep")["ids"], first["ids"])
        self.assertEqual(self.env["res.partner"].browse(first["ids"]).bizuno_terms, "3:0:0:45:800")
        result = self._load([["R-1", "Rep's", "9999"]], ["ref", "name", "credit_limit"], "rep")
        self.assertFalse(result["ids"])

    def test_contradictions_are_refused_with_a_sentence(self):
        result = self._load([["C-1", "Contra", "TRUE", "3:2:10:30:2500", "300", ""]])
        self.assertFalse(result["ids"])
        self.assertIn("a credit limit other than 300", result["messages"][0]["message"])
        result = self._load(
            [["C-1", "Contra", "3:0:0:30:1", "15 Days"]],
            ["ref", "name", "bizuno_terms", "property_payment_term_id"],
        )
        self.assertFalse(result["ids"])
        self.assertIn("15 Days", result["messages"][0]["message"])
        result = self._load([["C-1", "Contra", "TRUE", "3:2:10:30:2500", "2500", ""]])
        self.assertFalse(result["messages"])

    def test_columns_are_called_as_on_the_page(self):
        tree = self.env["base_import.import"].get_fields_tree("res.partner")
        names = {field["name"]: field["string"] for field in tree}
        self.assertEqual(names["bizuno_terms"], "Terms")
        self.assertEqual(names["account_number"], "Account Number")
        for technical in ("bizuno_terms_written", "contact_id_conflict", "tax_exempt_warned",
                          "account_restriction"):  # fmt: skip
            self.assertNotIn(technical, names)

    def test_odoos_own_fields_have_bizunos_names_and_are_not_renamed(self):
        fields = self.env["ir.model.fields"].with_context(lang="en_US")
        labels = fields.get_field_string("res.partner")
        for name, ours, odoos in (
            ("ref", "Contact ID", "Reference"),
            ("employee", "Is an Employee", "Employee"),
            ("property_product_pricelist", "Price Sheet", "Pricelist"),
        ):
            self.assertEqual(labels[name], ours)
            self.assertEqual(fields._get("res.partner", name).field_description, odoos)

    def test_our_template_is_recognised_column_by_column(self):
        [template, *_others] = self.env["res.partner"].get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            content = file.read()
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file": content,
                "file_name": "customers.xlsx",
                "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        self.assertEqual(
            [preview["matches"].get(i, [""])[0] for i in range(len(preview["headers"]))],
            ["ref", "name", "role_customer", "is_company", "street", "city", "zip", "country_id",
             "email", "phone", "vat", "bizuno_terms", "credit_limit", "property_product_pricelist",
             "newsletter", "account_number"],
        )  # fmt: skip
        fields = [preview["matches"][i][0] for i in range(len(preview["headers"]))]
        for _time in range(2):
            result = wizard.execute_import(fields, preview["headers"], options)
            self.assertFalse(result["messages"])
        acme, bayside = self.env["res.partner"].search(
            [("ref", "in", ("ACME-01", "BAYSIDE"))], order="ref"
        )
        self.assertEqual(acme.bizuno_terms, "3:2:10:30:5000")
        self.assertEqual(acme.account_number, "70012")
        self.assertEqual(bayside.bizuno_terms, "3:0:0:45:800")

    def test_technical_fields_are_offered_nowhere(self):
        found = self.env["res.partner"].fields_get()
        for name in ("bizuno_terms_written", "contact_id_conflict", "tax_exempt_warned"):
            self.assertFalse(found[name]["searchable"] or found[name]["groupable"], name)
        self.assertTrue(found["account_status"]["searchable"])
