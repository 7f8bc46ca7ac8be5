"""Contacts of a move: what they have in Bizuno is here, what is taken from them there goes here,
and what people here have done is theirs."""

import json
from datetime import date

from odoo.tests import Form, freeze_time, tagged

from ...logic.bizuno_dump import company as dumps
from .test_contacts_list import REAL, ListCommon, rows_of
from .test_import import DATA, ImportCommon
from .test_import_orders import BooksCommon

# In company A.
DEFAULT_TERMS = (
    r"\"terms_text\": \"Prepaid\", \"terms\": \"2\"",
    r"\"terms_text\": \"Net 30\", \"terms\": \"3:0:0:30:1000.00\"",
)
FL_ALL = "'FL-ALL','0',9,'1','0','2',159,'3:2:10:30:20000','Lior','Pennyfeather','Purchaser'"
PS_1 = "'PS-1','0',0,'0','0','2',159,'3:0:0:30:8000'"
ORDER = (
    "'SO00003','0','0','2026-11-08','2026-11-08',0,'3:2:10:30:9000',NULL,30,0,"
    "'Sørensen & Müßig Größe GmbH',NULL,'Käuterstraße 5½',NULL,'Aarønd',NULL,'2100','DNK',NULL,"
    "'info.uni1@example.com',30,0,'Sørensen & Müßig Größe GmbH',NULL,'Käuterstraße 5½',NULL,"
    "'Aarønd',NULL,'2100','DNK',NULL,'info.uni1@example.com'"
)
INVOICE = "'INV00075','0','0','2026-10-17','2026-10-17',2,'0:0:0:30:1000',NULL,13,"


@tagged("post_install", "-at_install")
class TestAccountNumber(ListCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_a = cls._import("company_a")

    def test_it_is_a_field_and_no_note_and_no_pin(self):
        self.assertEqual(self._partner("FL-ALL").account_number, "OUR-778")
        vendor = self._partner("VEND-3")
        self.assertEqual(vendor.account_number, "ACC0002")
        self.assertNotIn("ACC0002", vendor.comment)
        # A PIN, and a ledger account.
        self.assertFalse(self._partner("EMP01").account_number)
        self.assertFalse(self._partner("BR-NORTH").account_number)

    def test_who_edits_contacts_types_it_and_finds_the_vendor_by_it(self):
        for login in ("bookkeeper", "rep"):
            vendor = self._partner("VEND-5").with_user(self.users[login])
            with Form(vendor, "base.view_partner_form") as form:
                form.account_number = f"K-{login}"
            self.assertEqual(vendor.account_number, f"K-{login}")
        arch = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )["arch"]
        self.assertIn('name="account_number"', arch)

    def test_one_that_was_changed_here_goes_back_and_comes_again(self):
        vendor = self._partner("VEND-4")
        vendor.account_number = "New 5"
        data = self._export(self._all())
        rows, _headings = rows_of(data)
        self.assertEqual(rows["VEND-4"]["ContactAccountNumber"], "New 5")
        self.assertEqual(rows["VEND-6"]["ContactAccountNumber"], "ACC0005")
        with self._no_writes():
            self.assertUnchanged(self._import_list(data))
        self._import_list(data.replace(b"ACC0005", b"ACC-77"))
        self.assertEqual(self._partner("VEND-6").account_number, "ACC-77")


class DefaultTerms:
    """Who has no terms of his own has the company's: those of Bizuno, as Bizuno reads them."""

    name = None

    def test_a_document_of_today_is_due_when_bizuno_says(self):
        self._import(self.name)
        found = dumps.read(lambda: (DATA / f"{self.name}.sql.gz").open("rb"))
        records = self.env["bizuno.import.record"].sudo().search([("key", "=like", "contacts.%")])
        ids = {record.key: record.res_id for record in records}
        seen = 0
        figures = json.loads((DATA / f"{self.name}_expected.json").read_text())
        for known in figures["terms_as_bizuno_reads_them"]:
            contact = found.contacts[str(known["id"])]
            if not {"customer", "vendor"} & {*contact.roles} or known["short_name"] == "CUST-01":
                continue
            partner = self.env["res.partner"].browse(ids[f"contacts.{contact.id}"])
            partner = partner.with_company(self.env.company)
            is_customer = "customer" in contact.roles
            name = "payment" if is_customer else "supplier_payment"
            term = partner[f"property_{name}_term_id"]
            due = max(line._get_due_date(date(2026, 11, 26)) for line in term.line_ids)
            self.assertEqual(str(due), known["due_if_posted_on_dump_date"], known)
            if is_customer and (known["terms"] == "0" or isinstance(known["credit_limit"], str)):
                self.assertEqual(partner.credit_limit, float(known["credit_limit"]), known)
            seen += 1
        self.assertGreater(seen, 20)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestDefaultTermsOf7(DefaultTerms, ImportCommon):
    name = "company_a"

    def test_others_than_those_of_the_settings_and_told_before(self):
        self.env.company.contact_default_terms = "3:0:0:9:90"
        data = self._changed(
            "company_a",
            (DEFAULT_TERMS[0], DEFAULT_TERMS[0].replace(r"\"2\"", r"\"3:1:8:21:640\"")),
            (DEFAULT_TERMS[1], DEFAULT_TERMS[1].replace("3:0:0:30:1000.00", "5:0:0:30:7")),
        )
        analysis = self._wizard(data=data).analysis
        self.assertRegex(analysis, r"Customers and leads .*: 1 % 8, net 21 · limit .*640")
        self.assertRegex(analysis, r"Vendors .*: End of month\.")
        run = self._import(data=data)
        self.assertEqual(self._partner("UNI-2").bizuno_terms, "3:1:8:21:640")
        self.assertEqual(self._partner("TERM-T0L").bizuno_terms, "3:1:8:21:2500")
        self.assertEqual(self._partner("LEAD-1").bizuno_terms, "3:1:8:21:640")
        vendor = self._partner("V000001")
        self.assertEqual(vendor.property_supplier_payment_term_id._get_bizuno_terms().type, 5)
        with self._written_tables() as tables:
            self.assertUnchanged(self._import(data=data))
        self.assertNotIn("res_partner", tables)
        # The company's default has changed since.
        self._import()
        self.assertEqual(self._partner("UNI-2").bizuno_terms, "2:0:0:30:1000")
        run.action_undo()
        self.assertFalse(vendor.exists())

    def test_where_bizuno_names_none_customers_have_the_settings(self):
        self.env.company.contact_default_terms = "3:0:0:9:90"
        data = self._changed(
            "company_a",
            (DEFAULT_TERMS[0], DEFAULT_TERMS[0].replace(r"\"2\"", r"\"0\"")),
            (DEFAULT_TERMS[1], DEFAULT_TERMS[1].replace("3:0:0:30:1000.00", "nothing")),
        )
        analysis = self._wizard(data=data).analysis
        self.assertIn("the default terms of Odoo", analysis)
        self.assertIn("Vendors get net 30", analysis)
        self._import(data=data)
        self.assertEqual(self._partner("UNI-2").bizuno_terms, "3:0:0:9:90")
        self.assertEqual(self._partner("TERM-T0L").credit_limit, 2500.0)
        term = self._partner("V000001").property_supplier_payment_term_id
        self.assertEqual(term.line_ids.nb_days, 30)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestDefaultTermsOfMigrated(DefaultTerms, ImportCommon):
    name = "company_c_migrated"


@tagged("post_install", "-at_install")
class TestDefaultTermsAndLists(ListCommon):
    def test_the_dump_after_its_list_completes_the_terms_and_the_export_stays(self):
        self._import_list()
        partner = self._partner("UNI-4")
        self.assertEqual(partner.bizuno_terms, self.env.company.contact_default_terms)
        self._import("company_a")
        self.assertEqual(partner.bizuno_terms, "2:0:0:30:1000")
        rows, headings = rows_of(self._export(partner))
        theirs, _headings = rows_of(REAL)
        self.assertEqual(
            [rows["UNI-4"][heading] for heading in headings],
            [theirs["UNI-4"][heading] for heading in headings],
        )
        with self._no_writes():
            self.assertUnchanged(self._import_list())
        self.assertEqual(partner.bizuno_terms, "2:0:0:30:1000")

    def test_another_choice_of_an_account_leaves_the_export_as_it_was(self):
        self._import("company_a")
        before, _headings = rows_of(self._export(self._all()))
        income = self.env["account.account"].create(
            {"code": "4021.00", "name": "Gears", "account_type": "income"}
        )
        wizard = self._wizard("company_a")
        choice = wizard.account_choice_ids.filtered(lambda one: one.code == "4000-21")
        choice.account_id = income
        wizard.action_run()
        partner = self._partner("FL-ALL")
        self.assertEqual(partner.property_income_account_id, income)
        after, _headings = rows_of(self._export(self._all()))
        self.assertEqual(after, before)


@tagged("post_install", "-at_install")
class TestNewerDump(ImportCommon):
    """What was taken from a contact in Bizuno."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_a = cls._import("company_a")

    def _emptied(self):
        return self._changed(
            "company_a",
            (FL_ALL, FL_ALL.replace("'3:2:10:30:20000','Lior','Pennyfeather'", "'0',NULL,NULL")),
            ("'ar.all@example.com'", "''"),
            ("'555.010.0003'", "''"),
            ("'12-3456789','4000-21'", "'12-3456789',''"),
            (PS_1, PS_1.replace("159", "0")),
            # An address and a person of it.
            ("(16,54,'address_b'", "(16,54,'gone'"),
            ("(20,54,'address_i'", "(20,54,'gone'"),
        )

    def _people(self, contact_id):
        return {one.name for one in self._partner(contact_id).child_ids}

    def test_it_is_gone_here_once_and_comes_again(self):
        everything = self._people("FL-ALL")
        gone = {"Accounts Receivable", "Telephone 3", "Lior Pennyfeather", "Solo",
                "All Flags Finance Dept"}  # fmt: skip
        self.assertLessEqual(gone, everything)
        buyer = self._partner("PS-1")
        self.assertEqual(buyer.specific_property_product_pricelist.name, "Gold")
        self.assertTrue(self._partner("FL-ALL").property_income_account_id)
        data = self._emptied()
        self._import(data=data)
        self.assertEqual(self._people("FL-ALL"), everything - gone)
        self.assertFalse(buyer.specific_property_product_pricelist)
        self.assertFalse(self._partner("FL-ALL").property_income_account_id)
        self.assertEqual(self._partner("FL-ALL").bizuno_terms, "2:0:0:30:1000")
        with self._written_tables() as tables:
            run = self._import(data=data)
        self.assertFalse({"res_partner", "bizuno_import_record"} & tables)
        self.assertUnchanged(run)
        self._import()
        self.assertEqual(self._people("FL-ALL"), everything)
        self.assertEqual(buyer.specific_property_product_pricelist.name, "Gold")
        self.assertEqual(self._partner("FL-ALL").bizuno_terms, "3:2:10:30:20000")

    def test_what_somebody_has_changed_here_is_kept_and_listed_each_time(self):
        mine = self.env["product.pricelist"].create({"name": "Mine"})
        buyer, partner = self._partner("PS-1"), self._partner("FL-ALL")
        buyer.specific_property_product_pricelist = mine
        office = partner.child_ids.filtered(lambda one: one.name == "Accounts Receivable")
        office.email = "new@example.com"
        for _time in range(2):
            run = self._import(data=self._emptied())
            self.assertEqual(buyer.specific_property_product_pricelist, mine)
            self.assertTrue(office.active)
            told = {row[:3] for row in self._problems(run) if "changed" in row[4]}
            self.assertIn(("contacts", "55", "specific_property_product_pricelist"), told)
            self.assertIn(("contacts", "54.email2", ""), told)

    def test_unless_he_chooses_otherwise(self):
        mine = self.env["product.pricelist"].create({"name": "Mine"})
        buyer, other = self._partner("PS-1"), self._partner("TERM-T4a")
        buyer.specific_property_product_pricelist = mine
        other.city = "My City"
        office = self._partner("FL-ALL").child_ids.filtered(
            lambda one: one.name == "Accounts Receivable"
        )
        office.email = "new@example.com"
        run = self._import(data=self._emptied(), overwrite=True)
        self.assertTrue(run.overwrite)
        self.assertFalse(buyer.specific_property_product_pricelist)
        self.assertFalse(office.active)
        self.assertEqual(other.city, "Port Ellery")
        self.assertFalse([row for row in self._problems(run) if "changed both" in row[4]])
        with self._written_tables() as tables:
            self.assertUnchanged(self._import(data=self._emptied(), overwrite=True))
        self.assertFalse({"res_partner", "bizuno_import_record"} & tables)

    def test_who_has_done_the_same_here_is_no_conflict(self):
        buyer = self._partner("PS-1")
        buyer.specific_property_product_pricelist = False
        run = self._import(data=self._emptied())
        self.assertFalse([row for row in self._problems(run) if row[:2] == ("contacts", "55")])

    def test_a_contact_that_was_deleted_there_is_told_until_it_is_archived(self):
        partner, row = self._partner("TERM-T6a"), "(26,'0','1','0','0','0','0','0','0','TERM-T6a'"
        data = self._changed("company_a", (row, row.replace("26", "926").replace("T6a", "T6z")))
        for count in (1, 1, 0):
            run = self._import(data=data)
            told = [row[:4] for row in self._problems(run) if "deleted or merged" in row[4]]
            self.assertEqual(told, [("contacts", "26", "short_name", "TERM-T6a")] * count)
            if "created" not in run.counts["contacts"]:
                partner.action_archive()

    def test_a_level_that_a_sheet_has_no_more(self):
        rules = self._partner("PS-1").specific_property_product_pricelist.item_ids
        general = rules.filtered(lambda rule: rule.applied_on == "3_global")
        self.assertEqual({*general.mapped("min_quantity")}, {1, 10, 100})
        level = (
            r",{\"qty\":10,\"source\":3,\"adjType\":2,\"adjValue\":10,\"rndType\":0,\"rndValue\":0,"
            r"\"price\":0,\"margin\":\"\"},{\"qty\":100,\"source\":4,\"adjType\":2"
        )
        data = self._changed("company_a", (level, r",{\"qty\":10,\"source\":4,\"adjType\":2"))
        self._import(data=data)
        self.assertEqual({*general.exists().mapped("min_quantity")}, {1, 10})
        self.assertUnchanged(self._import(data=data))


@tagged("post_install", "-at_install")
class TestNothingIsLost(BooksCommon):
    def test_what_people_and_addresses_have_more_of(self):
        self._import()
        children = {one.name: one for one in self._partner("FL-ALL").child_ids}
        self.assertIn("555-0156", children["Ada Winterbourne"].comment)
        self.assertIn("Receiver 0", children["Main dock"].comment)
        self.assertEqual(children["Main dock"].website, "https://www.example.com/d0")
        self.assertIn("AP desk", children["All Flags Finance Dept"].comment)

    def test_a_person_is_called_by_its_own_name_or_whatever_there_is(self):
        data = self._changed(
            "company_a",
            (
                r"(22,64,'address_i','{\"_rID\":0,\"_refID\":64,\"aType\":\"i\","
                r"\"primary_name\":null",
                r"(22,64,'address_i','{\"_rID\":0,\"_refID\":64,\"aType\":\"i\","
                r"\"primary_name\":\"Acme\"",
            ),
            (r"\"name_last\":\"Solo\"", r"\"name_last\":null"),
        )
        run = self._import(data=data)
        rune = self._partner("VEND-1").child_ids.filtered(lambda one: one.name == "Rune Hollowell")
        self.assertIn("Acme", rune.comment)
        self.assertIn("x.crm@example.com", self._partner("FL-ALL").child_ids.mapped("name"))
        self.assertFalse([row for row in self._problems(run) if "refused" in row[4]])

    def test_a_state_that_odoo_does_not_know(self):
        data = self._changed(
            "company_a",
            (
                r"\"city\":\"Aar\\u00f8nd\",\"state\":null",
                r"\"city\":\"Aar\\u00f8nd\",\"state\":\"Sj\\u00e6lland\"",
            ),
        )
        run = self._import(data=data)
        told = self._told(run, "no such state")
        self.assertIn(("contacts_meta", "17", "state", "Sjælland"), told)
        place = self._partner("UNI-1").child_ids.filtered(lambda one: one.type == "invoice")
        self.assertEqual((place.country_id.code, place.state_id.id), ("DK", False))
        self.assertIn("Sjælland", place.comment)

    def test_an_order_goes_where_it_says_and_keeps_its_notes(self):
        typed = ORDER.replace(
            "NULL,'Käuterstraße 5½',NULL,'Aarønd',NULL,'2100','DNK',NULL,'info.uni1@example.com',"
            "30,0,'Sørensen & Müßig Größe GmbH',NULL,'Käuterstraße 5½'",
            "NULL,'Käuterstraße 5½',NULL,'Aarønd',NULL,'2100','DNK',NULL,'info.uni1@example.com',"
            "30,0,'Building site','Foreman','Havnegade 9'",
        ).replace("'3:2:10:30:9000',NULL", "'3:2:10:30:9000','Ring twice & wait'")
        data = self._changed("company_a", (ORDER, typed))
        run = self._import(data=data)
        order = self._order("SO00003")
        place = order.partner_shipping_id
        self.assertEqual((place.name, place.street), ("Building site", "Havnegade 9"))
        self.assertEqual((place.type, place.parent_id), ("delivery", order.partner_id))
        self.assertIn("Foreman", place.comment)
        self.assertTrue([m for m in order.message_ids if "Ring twice &amp; wait" in m.body])
        # The others go to their customer, as they did.
        self.assertEqual(self._order("SO00001").partner_shipping_id, self._partner("FL-ALL"))
        self.assertUnchanged(self._import(data=data))
        run.action_undo()
        self.assertFalse(place.exists() or order.exists())

    def test_an_order_for_somebody_else_goes_there(self):
        typed = ORDER[: ORDER.rindex("30,0,'Sør")] + (
            "77,0,'Statement House',NULL,NULL,NULL,'Port Ellery','ME','04101','USA',NULL,NULL"
        )
        self._import(data=self._changed("company_a", (ORDER, typed)))
        self.assertEqual(self._order("SO00003").partner_shipping_id, self._partner("STMT"))

    def test_what_was_due_and_not_dismissed_is_a_reminder(self):
        wizard = self._wizard("company_a")
        boss = self.users["sales_manager"]
        wizard.user_choice_ids.filtered(lambda one: one.code == "1").user_id = boss
        wizard.action_run()
        found = self.env["bizuno.reminder"].search(
            [("user_id", "=", boss.id), ("recurrence", "=", "z"), ("project_id", "=", False)]
        )
        self.assertIn(
            ("Remind h for admin", "2026-11-20"),
            {(one.name, str(one.date_start)) for one in found},
        )
        self.assertEqual(len(found), 6)  # five, and one that was for once

    def test_a_project_says_when_it_was_made_and_by_whom(self):
        self._import()
        project = self.env["bizuno.project"].search([("number", "=", "PJ00001")])
        self.assertIn("Created in Bizuno on 2026-05-10", project.notes)


@tagged("post_install", "-at_install")
class TestPeopleBefore7(ImportCommon):
    def test_a_person_of_a_contact_keeps_all_it_had(self):
        data = self._changed(
            "company_c_pre7",
            ("(33,27,'m','Oona Frith'", "(33,27,'m','Burrowfen Works'"),
            ("'555-3001',''", "'555-3001','555-9099'"),
        )
        self._import("company_c_pre7", data)
        person = self.env["res.partner"].search([("ref", "=", "CRM-1")])
        self.assertEqual((person.name, person.is_company), ("Oona Frith", False))
        self.assertEqual(person.commercial_partner_id, self._partner("CUST-01"))
        self.assertIn("555-9099", person.comment)
        self.assertIn("Burrowfen Works", person.comment)

    def test_a_person_of_nobody_with_a_number_that_is_taken_is_a_lead_all_the_same(self):
        row = "(26,'i','0','CRM-0','0',0,'0',0,'4'"
        new = row.replace("CRM-0", "cust-02").replace("'4'", "'99'")
        data = self._changed("company_c_pre7", (row, new))
        run = self._import("company_c_pre7", data)
        lead = self.env["res.partner"].search([("name", "=", "Idris Maun")])
        self.assertTrue(lead.role_lead and lead.ref and lead.ref.lower() != "cust-02")
        told = [row[:4] for row in self._problems(run) if "same Contact ID" in row[4]]
        self.assertIn(("contacts", "26", "short_name", "cust-02"), told)
        self.assertFalse([row for row in self._problems(run) if "refused" in row[4]])

    def test_a_person_of_a_contact_may_have_any_number_and_it_is_not_told(self):
        data = self._changed("company_c_pre7", ("(27,'i','0','CRM-1'", "(27,'i','0','CUST-05'"))
        run = self._import("company_c_pre7", data)
        person = self.env["res.partner"].search([("name", "=", "Oona Frith")])
        self.assertEqual(person.ref, "CUST-05")
        told = [row[1] for row in self._problems(run) if "same Contact ID" in row[4]]
        self.assertEqual(told, ["25"])


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestUndo(BooksCommon):
    def test_what_people_have_done_since_stays_and_so_does_whom_it_is_about(self):
        run = self._import()
        rep = self.users["rep"]
        reminded, called, noted, filed, parent, banked = (
            self._partner(one)
            for one in ("TERM-T6a", "TERM-T4a", "TERM-T3d", "TERM-T2", "TERM-T1", "TERM-T5b")
        )
        untouched = self._partner("TERM-T6b")
        reminded.with_user(rep).reminder_date = "2027-02-03"
        called.with_user(rep).activity_schedule("mail.mail_activity_data_call")
        said = "Pays late"
        noted.with_user(rep).message_post(body=said, message_type="comment")
        filed_id = self.env["ir.attachment"].create(
            {"name": "contract.txt", "raw": b"x", "res_model": "res.partner", "res_id": filed.id}
        )
        child = self.env["res.partner"].create({"name": "Our friend", "parent_id": parent.id})
        bank = self.env["res.partner.bank"].create({"acc_number": "123", "partner_id": banked.id})
        project = self.env["bizuno.project"].search([("number", "=", "PJ00503")])
        reminder = self.env["bizuno.reminder"].create(
            {"name": "Ask", "project_id": project.id, "user_id": rep.id}
        )
        run.action_undo()
        for record in (reminded, called, noted, filed, parent, banked, project):
            self.assertTrue(record.exists(), record)
        self.assertTrue(reminded.reminder_ids and called.activity_ids)
        self.assertEqual(child.parent_id, parent)
        self.assertTrue(filed_id.exists() and bank.exists() and reminder.exists())
        self.assertFalse(untouched.exists())

    def test_a_person_that_was_changed_here_keeps_its_company(self):
        run = self._import()
        company = self._partner("VEND-1")
        person = company.child_ids.filtered(lambda one: one.name == "Rune Hollowell")
        person.phone = "555-1"
        run.action_undo()
        self.assertEqual(person.parent_id, company)

    def test_a_role_that_odoo_has_given_for_a_document_is_no_change(self):
        data = self._changed("company_a", (INVOICE, INVOICE.replace(",13,", ",66,")))
        run = self._import(data=data)
        vendor = self._partner("VEND-3")
        self.assertTrue(vendor.role_customer)
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        self.assertEqual(invoice.partner_id, vendor)
        self.assertUnchanged(self._import(data=data))
        run.action_undo()
        self.assertFalse(vendor.exists() or invoice.exists())

    def test_a_role_that_somebody_has_given_is_one(self):
        run = self._import()
        vendor = self._partner("VEND-7")
        vendor.role_customer = True
        run.action_undo()
        self.assertTrue(vendor.exists())


@tagged("post_install", "-at_install")
class TestOverwriteByCommand(ImportCommon):
    def test_the_command_overwrites_where_it_is_told_to(self):
        from .test_import import TestImportCommand  # noqa: PLC0415  (else its tests ran here too)

        dump, run = DATA / "company_c_pre7.sql.gz", TestImportCommand._run
        run(self, dump)
        partner = self._partner("CUST-02")
        partner.street = "Mine"
        run(self, dump)
        self.assertEqual(partner.street, "Mine")
        run(self, dump, "--overwrite")
        self.assertEqual(partner.street, "2 Old Street")


@tagged("post_install", "-at_install")
class TestHereBefore(ImportCommon):
    def test_a_contact_that_was_here_before_keeps_what_it_had(self):
        here = self.env["res.partner"].create({"name": "Mine", "ref": "CUST-02", "city": "Mine"})
        self._import("company_c_migrated")
        self._import("company_c_migrated", overwrite=True)
        self.assertEqual((here.name, here.city), ("Mine", "Mine"))
