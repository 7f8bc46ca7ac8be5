import sys
import unicodedata

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import UniqueViolation

from ...logic import contact_id
from ...models.contact.bizuno_contact_id_mixin import key_of
from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactId(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]

    # --- assigning -------------------------------------------------------------------------------

    def test_customers_and_leads_share_a_sequence_and_vendors_have_their_own(self):
        customer, lead, vendor, both = self.Partner.create(
            [
                {"name": "Customer", "role_customer": True},
                {"name": "Lead", "role_lead": True},
                {"name": "Vendor", "role_vendor": True},
                {"name": "Both", "role_vendor": True, "role_customer": True},
            ]
        )
        numbers = [int(p.ref[1:]) for p in (customer, lead, both)]
        self.assertEqual({p.ref[0] for p in (customer, lead, both)}, {"C"})
        self.assertEqual(sorted(numbers), list(range(min(numbers), min(numbers) + 3)))
        self.assertRegex(vendor.ref, r"^V\d{5}$")

    def test_plain_contact_gets_its_id_with_its_first_role(self):
        partner = self.Partner.create({"name": "Plain"})
        self.assertFalse(partner.ref)
        partner.role_lead = True
        first = partner.ref
        self.assertRegex(first, r"^C\d{5}$")
        partner.role_customer = True
        self.assertEqual(partner.ref, first)

    def test_given_id_is_kept_without_its_surrounding_blanks(self):
        partner = self._create_customer(ref="  Old-17 ")
        self.assertEqual(partner.ref, "Old-17")

    def test_blanking_the_id_of_a_customer_gives_the_next_number(self):
        self.customer.ref = ""
        self.assertRegex(self.customer.ref, r"^C\d{5}$")

    def test_numbers_taken_by_hand_are_passed_over(self):
        number = int(self._create_customer().ref[1:])
        for step in (1, 2, 4):
            self._create_customer(ref=f"c{number + step:05d}")
        created = self.Partner.create([{"name": "A", "role_customer": True}] * 2)
        self.assertEqual(created.mapped("ref"), [f"C{number + 3:05d}", f"C{number + 5:05d}"])

    def test_a_company_may_have_a_sequence_of_its_own(self):
        company = self.env.company
        self.env["ir.sequence"].create(
            {
                "name": "Own", "code": "bizuno_crm.contact.customer", "prefix": "HQ-",
                "padding": 3, "company_id": company.id,
            }
        )  # fmt: skip
        self.assertEqual(self._create_customer(company_id=company.id).ref, "HQ-001")
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.Partner.with_company(other).create({"name": "T", "role_customer": True})
        self.assertRegex(theirs.ref, r"^C\d{5}$")

    def test_child_contacts_need_none_and_may_share_one(self):
        child = self.Partner.create(
            {"name": "Dock 4", "parent_id": self.customer.id, "type": "delivery"}
        )
        child.role_customer = True
        self.assertFalse(child.ref)
        child.ref = self.customer.ref
        self.assertEqual(child.ref, self.customer.ref)

    def test_child_that_becomes_a_contact_of_its_own_gets_one(self):
        child = self.Partner.create(
            {"name": "Spin-off", "parent_id": self.customer.id, "role_customer": True}
        )
        child.parent_id = False
        self.assertRegex(child.ref, r"^C\d{5}$")

    def test_a_copy_gets_a_number_of_its_own_with_its_role(self):
        copy = self.customer.copy()
        self.assertTrue(copy.role_customer)
        self.assertRegex(copy.ref, r"^C\d{5}$")
        self.assertNotEqual(copy.ref, self.customer.ref)

    def test_missing_sequence_is_one_clear_sentence(self):
        self.env["ir.sequence"].search([("code", "=", "bizuno_crm.contact.customer")]).unlink()
        with self.assertRaisesRegex(UserError, "no sequence “bizuno_crm.contact.customer”"):
            self._create_customer()

    def test_sales_rep_creates_a_customer_with_an_id(self):
        partner = self.Partner.with_user(self.users["rep"]).create(
            {"name": "By a rep", "role_customer": True}
        )
        self.assertRegex(partner.ref, r"^C\d{5}$")

    def test_batch_creation_asks_for_no_query_per_other_contact(self):
        """Plain contacts cost nothing; a numbered one costs its number."""
        vals = [{"name": f"B{i}"} for i in range(50)]
        self.Partner.create(vals)  # warm
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.Partner.create(vals[:1])
        self.env.flush_all()
        one = self.env.cr.sql_log_count - before
        before = self.env.cr.sql_log_count
        self.Partner.create(vals)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 2)

    # --- uniqueness ------------------------------------------------------------------------------

    def test_duplicates_are_refused_whatever_their_case_and_blanks(self):
        self._create_customer(name="First", ref="AB-1")
        for variant in ("AB-1", "ab-1", "  Ab-1\t"):
            with self.assertRaisesRegex(ValidationError, "already used by First"):
                self._create_customer(ref=variant)
            with self.assertRaisesRegex(ValidationError, "already used by First"):
                self.customer.ref = variant

    def test_an_archived_contact_keeps_its_id(self):
        self._create_customer(name="Gone", ref="AB-2").action_archive()
        with self.assertRaisesRegex(ValidationError, "already used by Gone"):
            self._create_customer(ref="ab-2")

    def test_one_id_for_several_contacts_at_once_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "several contacts at once"):
            (self.customer + self._create_customer()).ref = "SAME"
        with self.assertRaisesRegex(ValidationError, "several contacts at once"):
            self.Partner.create([{"name": "A", "ref": "TWICE"}, {"name": "B", "ref": "twice"}])

    def test_writing_the_same_id_again_is_harmless(self):
        before = self.customer.ref
        self.customer.ref = before.lower()
        self.assertEqual(self.customer.ref, before.lower())

    def test_the_holder_in_another_company_is_not_named(self):
        other = self.env["res.company"].create({"name": "Hidden"})
        self._create_customer(name="Secret", ref="HID-1", company_id=other.id)
        with self.assertRaisesRegex(ValidationError, "that you cannot see") as caught:
            self.Partner.with_user(self.users["rep"]).create({"name": "X", "ref": "hid-1"})
        self.assertNotIn("Secret", str(caught.exception))

    def test_child_made_top_level_with_a_taken_id_is_refused(self):
        child = self.Partner.create(
            {"name": "Child", "parent_id": self.customer.id, "ref": self.customer.ref}
        )
        with self.assertRaisesRegex(ValidationError, "already used"):
            child.parent_id = False

    def test_longer_than_bizuno_allows_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "longer than 32"):
            self._create_customer(ref="X" * 33)

    def test_the_database_itself_refuses_a_duplicate(self):
        self.env.flush_all()
        other = self._create_customer()
        self.env.flush_all()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE res_partner SET ref = %s WHERE id = %s",
                    [f" {self.customer.ref.lower()} ", other.id],
                )

    def test_nobody_exempts_a_contact_from_the_index(self):
        with self.assertRaisesRegex(UserError, "exempted"):
            self.customer.contact_id_conflict = True
        with self.assertRaisesRegex(UserError, "exempted"):
            self._create_customer(contact_id_conflict=True)

    def test_settings_show_that_the_database_enforces_it(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.contact_id_enforced)
        self.env.cr.execute("DROP INDEX res_partner_contact_id_unique")
        self.assertFalse(self.env["res.config.settings"].create({}).contact_id_enforced)

    # --- finding ---------------------------------------------------------------------------------

    def test_name_search_finds_the_exact_id_first(self):
        exact = self._create_customer(name="Zebra", ref="K1")
        self.Partner.create([{"name": f"K1 number {i}"} for i in range(5)])
        self._create_customer(name="Aardvark", ref="K12")
        for typed in ("K1", "k1", " K1 "):
            found = self.Partner.name_search(typed, limit=3)
            self.assertEqual(found[0][0], exact.id, typed)
            self.assertEqual(len(found), 3)

    def test_search_box_finds_the_exact_id_first(self):
        exact = self._create_customer(name="Zebra", ref="K2")
        self._create_customer(name="Aardvark", ref="K22")
        domain = ["|", ("complete_name", "ilike", "k2"), ("ref", "ilike", "k2")]
        context = {"contact_id_first": ["k2"]}  # as the search view's field sends it
        found = self.Partner.with_context(**context).web_search_read(domain, {"ref": {}}, limit=1)
        self.assertEqual(found["records"][0]["id"], exact.id)

    def test_name_search_keeps_the_domain_and_odd_texts_are_harmless(self):
        exact = self._create_customer(name="Zebra", ref="K3")
        self.assertEqual(self.Partner.name_search("K3", [("id", "!=", exact.id)]), [])
        for typed in ("'; DROP TABLE res_partner --", "%", "_", "\\", "K3\x00"[:2]):
            self.Partner.name_search(typed)
        for harmless in ({"a": 1}, [["K3"]], 5, True):
            partners = self.Partner.with_context(contact_id_first=harmless)
            partners.web_search_read([], {}, limit=1)

    def test_pages_of_a_list_go_on_after_what_comes_first(self):
        for number in range(5):
            self._create_customer(name=f"Page {number}", ref=f"P9{number}")
        exact = self._create_customer(name="Zebra page", ref="P9")
        partners = self.Partner.with_context(contact_id_first=["p9"])
        domain = [("ref", "ilike", "p9")]
        whole = partners.search(domain)
        self.assertNotEqual(whole[0], exact, "a search that is none of a list has Odoo's order")
        pages = [
            partners.web_search_read(domain, {}, offset=offset, limit=2) for offset in (0, 2, 4)
        ]
        listed = [record["id"] for page in pages for record in page["records"]]
        self.assertEqual(listed, [exact.id, *(whole - exact).ids])
        self.assertEqual({page["length"] for page in pages}, {6})
        everything = partners.web_search_read(domain, {})
        self.assertEqual([record["id"] for record in everything["records"]], listed)
        by_name = partners.web_search_read(domain, {}, order="name desc")
        self.assertEqual(by_name["records"][0]["id"], exact.id)
        by_name = partners.web_search_read(domain, {}, order="name asc")
        self.assertNotEqual(by_name["records"][0]["id"], exact.id)

    def test_the_customer_s_ship_to_addresses_are_offered_first_on_the_order(self):
        for name in ("Aaa elsewhere", "Aab elsewhere"):
            self._create_customer(name=name)
        docks = self.Partner.create(
            [
                {"name": f"Zz dock {n}", "parent_id": self.customer.id, "type": "delivery"}
                for n in (1, 2)
            ]
        )
        rep = self.users["rep"]
        with Form(self.env["sale.order"].with_user(rep)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.partner_shipping_id, docks[0])
            form.partner_shipping_id = docks[1]
        offered = (
            self.Partner.with_user(rep)
            .with_context(contact_family_first=self.customer.id)
            .name_search("", limit=2)
        )
        self.assertEqual({found[0] for found in offered}, set(docks.ids))
        self.Partner.with_context(contact_family_first="x").name_search("", limit=1)  # harmless

    # --- conflicts from before the installation --------------------------------------------------

    def _make_conflict(self, ref="DUP-1", count=3):
        """Contacts as they were before the addon: the hook flags all but the first."""
        partners = self.Partner.create(
            [{"name": f"Dup {i}", "role_customer": True} for i in range(count)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET ref = %s, contact_id_conflict = (id != %s) WHERE id = ANY(%s)",
            [ref, min(partners.ids), partners.ids],
        )
        partners.invalidate_recordset()
        return partners

    def test_conflicts_are_listed_with_all_their_holders(self):
        partners = self._make_conflict()
        listed = self.Partner.search([("contact_id_shared", "=", True)])
        self.assertEqual(listed, partners.sorted("complete_name"))
        self.assertTrue(all(partners.mapped("contact_id_shared")))
        self.assertFalse(self.customer.contact_id_shared)

    def test_a_conflicting_id_is_refused_to_new_contacts(self):
        self._make_conflict()
        with self.assertRaisesRegex(ValidationError, "already used"):
            self._create_customer(ref="dup-1")

    def test_a_conflict_is_resolved_by_the_next_number(self):
        first, second, third = self._make_conflict()
        second.action_assign_contact_id()
        self.assertRegex(second.ref, r"^C\d{5}$")
        self.assertFalse(second.contact_id_conflict)
        self.assertTrue(third.contact_id_conflict)
        third.action_assign_contact_id()
        self.assertFalse(self.Partner.search([("contact_id_shared", "=", True)]))
        self.assertEqual(first.ref, "DUP-1")

    def test_the_next_holder_comes_under_the_index_when_the_first_leaves(self):
        first, second, third = self._make_conflict()
        first.ref = "NEW-1"
        self.assertFalse(second.contact_id_conflict)
        self.assertTrue(third.contact_id_conflict)
        second.unlink()
        self.assertFalse(third.contact_id_conflict)
        self.env.flush_all()

    def test_the_next_holder_is_an_active_one_as_at_the_installation(self):
        first, older, active = self._make_conflict()
        older.active = False
        first.ref = "NEW-1"
        self.assertFalse(active.contact_id_conflict)
        self.assertTrue(older.contact_id_conflict)

    def test_other_changes_of_a_conflicting_contact_go_through(self):
        _first, second, _third = self._make_conflict()
        second.write({"name": "Renamed", "ref": "DUP-1"})
        self.assertTrue(second.contact_id_conflict)
        with Form(second) as form:
            form.phone = "555 0100"
        self.env.flush_all()

    def _make_conflicts(self, *refs):
        """One contact for each ID, flagged as the hook of the installation does it."""
        partners = self.Partner.create(
            [{"name": f"Held {i}", "role_customer": True} for i in range(len(refs))]
        )
        self.env.flush_all()
        seen = set()
        for partner, ref in zip(partners, refs, strict=True):
            self.env.cr.execute(
                "UPDATE res_partner SET ref = %s, contact_id_conflict = %s WHERE id = %s",
                [ref, contact_id.key(ref) in seen, partner.id],
            )
            seen.add(contact_id.key(ref))
        partners.invalidate_recordset()
        return partners

    def _merge_screen(self, action):
        self.assertEqual(action["res_model"], "base.partner.merge.automatic.wizard")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_merge_proposes_all_holders_with_the_first_as_the_one_that_stays(self):
        partners = self._make_conflicts("K_1", "KX1", "k_1 ", "\u200bK_1", "kx1")
        wizard = self._merge_screen(partners[2].action_open_contact_id_group())
        self.assertEqual(wizard.partner_ids, partners[0] + partners[2] + partners[3])
        self.assertEqual(wizard.dst_partner_id, partners[0])
        # the next conflict comes by itself
        action = wizard.action_merge()
        self.assertEqual(action["name"], "Contact ID Conflicts", "the next one's title as well")
        self.assertEqual(self._merge_screen(action), wizard)
        self.assertEqual(wizard.partner_ids, partners[1] + partners[4])
        end = wizard.action_merge()
        self.assertEqual(end["tag"], "display_notification")
        self.assertEqual(partners.exists(), partners[:2])
        self.assertFalse(any(partners[:2].mapped("contact_id_shared")))
        self.assertEqual(partners[0].ref, "K_1")

    def test_a_conflict_is_skipped_and_the_next_one_comes(self):
        partners = self._make_conflicts("S1", "s1", "S2", "s2")
        wizard = self._merge_screen(partners.action_merge_contact_ids())
        self.assertEqual(wizard.number_group, 2)
        wizard.action_skip()
        self.assertEqual(wizard.partner_ids, partners[2:])
        self.assertEqual(wizard.action_skip()["tag"], "display_notification")
        self.assertEqual(partners.exists(), partners)

    def test_more_holders_than_odoo_merges_at_once(self):
        partners = self._make_conflicts("M1", "m1", " M1", "M1 ", "\uff2d1")
        wizard = self._merge_screen(partners[4].action_merge_contact_ids())
        self.assertEqual(wizard.partner_ids, partners[:3])
        wizard.action_merge()
        self.assertEqual(wizard.partner_ids, partners[0] + partners[3] + partners[4])
        self.assertEqual(wizard.action_merge()["tag"], "display_notification")
        self.assertEqual(partners.exists(), partners[0])

    def test_only_the_selected_holders_are_merged(self):
        partners = self._make_conflicts("T1", "t1", "T1 ")
        wizard = self._merge_screen((partners[1] + partners[2]).action_merge_contact_ids())
        self.assertEqual(wizard.partner_ids, partners[1] + partners[2])
        with self.assertRaisesRegex(UserError, "nothing to merge"):
            self.customer.action_merge_contact_ids()

    def test_the_other_merges_of_odoo_are_as_they_were(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        self.assertEqual(wizard._action_next_screen()["res_id"], wizard.id)
        self.assertEqual(wizard.state, "finished")

    def test_holders_stand_together_whatever_their_case_and_blanks(self):
        partners = self._make_conflicts("K000", "Other", "k000 ", "K\u2060000", "oTHER")
        child = self.Partner.create({"name": "C", "ref": "K000", "parent_id": partners[0].id})
        found = self.Partner.with_context(active_test=False).web_read_group(
            [("contact_id_shared", "=", True)], ["contact_id_holder"], ["__count"]
        )
        self.assertEqual(
            {group["contact_id_holder"]: group["__count"] for group in found["groups"]},
            {"K000": 3, "Other": 2},
        )
        for group in found["groups"]:
            listed = self.Partner.search(
                [("contact_id_shared", "=", True), *group["__extra_domain"]]
            )
            self.assertEqual(set(listed.mapped("contact_id_holder")), {group["contact_id_holder"]})
        self.assertFalse(child.contact_id_holder)
        self.assertFalse(child.contact_id_shared)

    def test_the_first_holder_keeps_the_id_when_all_are_renumbered(self):
        partners = self._make_conflicts("N1", "n1", "N2", "N2 ", "\u202eN2")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "bizuno_crm.res_partner_action_assign_contact_id"
        )
        selected = {"active_model": "res.partner", "active_ids": partners.ids}
        ask = self.env["ir.actions.server"].browse(action["id"]).with_context(**selected).run()
        with Form(self.env[ask["res_model"]].with_context(**ask["context"])) as form:
            self.assertEqual(form.count, 3)
            self.assertIn("3 contacts get the next numbers", form.summary)
            self.assertIn("2 contacts keep the IDs", form.summary)
        self.assertEqual(partners[1].ref, "n1", "nothing happens before it is confirmed")
        told = form.record.action_confirm()
        self.assertIn("3 contacts were given", told["params"]["message"])
        self.assertEqual((partners[0] + partners[2]).mapped("ref"), ["N1", "N2"])
        for partner in partners[1] + partners[3] + partners[4]:
            self.assertRegex(partner.ref, r"^C\d{5}$")
        self.assertFalse(self.Partner.search([("contact_id_shared", "=", True)]))

    def test_a_holder_chosen_alone_gets_a_number(self):
        partners = self._make_conflicts("P1", "p1")
        told = partners[0].action_assign_contact_id()
        self.assertIn("1 contact was given", told["params"]["message"])
        self.assertRegex(partners[0].ref, r"^C\d{5}$")
        self.assertEqual(partners[1].ref, "p1")

    # --- texts that look alike -------------------------------------------------------------------

    def test_what_cannot_be_seen_makes_no_other_id(self):
        self._create_customer(name="First", ref="AB-1")
        for variant in (
            "A\u200bB-1", "\u202eAB-1", "AB-1\u2069", "AB\n-1", "AB-1\r\n", "\uff21\uff22-1",
            "AB-\u2460", "\ufeffab-1", "AB\u00ad-1", "AB\U000e0041-1", "A\ufe0fB-1",
            "\u00a0AB-1\u3000", "AB\u2028-1", "\u3164AB-1", "A\x00B-1", "AB\ud800-1",
        ):  # fmt: skip
            with self.assertRaisesRegex(ValidationError, "already used by First"):
                self._create_customer(ref=variant)
            with self.assertRaisesRegex(ValidationError, "already used by First"):
                self.customer.ref = variant
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env.flush_all()
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE res_partner SET ref = %s WHERE id = %s",
                    ["\u2066\uff41B-\u00b9\u200d", self.customer.id],
                )

    def test_what_cannot_be_seen_is_not_kept(self):
        partner = self._create_customer(ref="\u202eX\u200b-\n7\u00a0")
        self.assertEqual(partner.ref, "X-7")
        self.assertRegex(self._create_customer(ref="\u200b\u2060 ").ref, r"^C\d{5}$")
        for typed in ("X-7", "x-\u20607", "\uff38-7 "):
            self.assertEqual(self.Partner.name_search(typed, limit=1)[0][0], partner.id, typed)
            domain = ["|", ("complete_name", "ilike", typed), ("ref", "ilike", typed)]
            partners = self.Partner.with_context(contact_id_first=[typed])
            found = partners.web_search_read(domain, {})
            self.assertEqual([record["id"] for record in found["records"]], partner.ids)

    def test_different_ids_stay_different(self):
        for ref in ("D 1", "D1", "D-1", "D_1", "D%1", "\u00d61", "O1", "\u0391-1", "A-1"):
            self.assertEqual(self._create_customer(ref=ref).ref, ref)

    def test_the_database_compares_as_the_code_does(self):
        characters = [
            chr(code)
            for code in range(1, sys.maxunicode + 1)
            if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")
        ]
        rows = self.env.execute_query(
            SQL(
                "SELECT given, %s FROM unnest(%s) AS given",
                key_of(SQL("'x' || given || 'Y'")),
                characters,
            )
        )
        # capital letters outside ASCII are the database's, by its locale; of the dotted I it knows
        # no small one that is a single character
        different = [
            hex(ord(given))
            for given, key in rows
            if key.lower() != contact_id.key(f"x{given}Y").lower() and given != "\u0130"
        ]
        self.assertFalse(different)

    def test_a_long_reference_of_a_child_is_refused_when_it_becomes_a_contact_of_its_own(self):
        child = self.Partner.create(
            {"name": "Child", "parent_id": self.customer.id, "ref": "L" * 40}
        )
        with self.assertRaisesRegex(ValidationError, "longer than 32"):
            child.parent_id = False

    def test_assigning_needs_write_access(self):
        with self.assertRaises(UserError):
            self._make_conflict().with_user(self.users["employee"]).action_assign_contact_id()
