from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestLeadConversion(BizunoLightCommon):
    """A lead becomes a customer, and never a second one by accident."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]

    def _lead(self, name="Bay Lighting", **values):
        return (
            self.env["res.partner"]
            .with_user(self.rep)
            .create({"name": name, "is_company": True, "role_lead": True, **values})
        )

    def _convert(self, lead, **values):
        dialog = self._open_dialog(lead)
        for name, value in values.items():
            if dialog[name] != value:
                dialog[name] = value
        return dialog.save().action_confirm()

    def test_conversion_keeps_id_log_and_reminders(self):
        lead = self._lead(email="hello@bay.example")
        contact_id = lead.ref
        entry = lead.log_contact_action("lead", "Met at the fair")
        lead.reminder_date = "2026-09-01"
        self.assertIs(lead.action_convert_lead_to_customer(), True)
        self.assertTrue(lead.role_customer)
        self.assertFalse(lead.role_lead)
        self.assertTrue(contact_id)
        self.assertEqual(lead.ref, contact_id)
        self.assertEqual(lead.contact_log_ids, entry)
        self.assertTrue(lead.reminder_ids.active)
        self.assertIn("converted to a customer", lead.message_ids[0].body)

    def test_same_email_is_shown_and_merged_without_overwriting(self):
        existing = self._create_customer(
            "Bay Lighting Inc.", email="Hello@Bay.example", phone="+1 111", city="Salem"
        )
        lead = self._lead(email="hello@bay.example", phone="+1 222", website="http://bay.example")
        entry = lead.log_contact_action("lead", "Met at the fair")
        lead.reminder_date = "2026-09-01"
        reminder = lead.reminder_ids
        action = lead.action_convert_lead_to_customer()
        self.assertFalse(lead.role_customer)
        self.assertEqual(action["res_model"], "bizuno.lead.convert")
        contact_id = existing.ref
        result = self._convert(lead, decision="merge", target_id=existing)
        self.assertEqual(result["res_id"], existing.id)
        self.assertFalse(lead.exists())
        self.env.invalidate_all()
        self.assertRecordValues(
            existing,
            [
                {
                    "name": "Bay Lighting Inc.",
                    "email": "Hello@Bay.example",
                    "phone": "+1 111",
                    "city": "Salem",
                    "website": "http://bay.example",
                    "ref": contact_id,
                    "role_customer": True,
                    "role_lead": False,
                }
            ],
        )
        self.assertEqual(entry.partner_id, existing)
        self.assertEqual(reminder.partner_id, existing)
        self.assertTrue(reminder.active)

    def test_same_tax_number_counts_however_it_is_spelled(self):
        existing = self.env["res.partner"].create({"name": "Known", "vat": "BE0477472701"})
        lead = self._lead(vat="BE0477472701", email="other@bay.example")
        candidates = lead._find_registered_duplicates()
        self.assertEqual(candidates[lead.id], existing)
        self._convert(lead, decision="merge", target_id=existing)
        self.assertTrue(existing.role_customer)

    def test_archived_and_child_contacts_are_found_own_ones_are_not(self):
        archived = self._create_customer("Old", email="hello@bay.example")
        archived.action_archive()
        child = self.env["res.partner"].create(
            {"name": "Jane", "parent_id": self.customer.id, "email": "hello@bay.example"}
        )
        lead = self._lead(email="hello@bay.example")
        self.env["res.partner"].create(
            {"name": "Joe", "parent_id": lead.id, "email": "hello@bay.example"}
        )
        self.assertEqual(lead._find_registered_duplicates()[lead.id], archived + child)
        self._convert(lead, decision="merge", target_id=child)
        self.assertFalse(lead.exists())
        self.assertTrue(self.customer.role_customer)

    def test_a_tax_number_is_found_however_the_other_one_is_spelled(self):
        spelled = self.env["res.partner"].create({"name": "Spelled", "vat": "be 0477.472.701"})
        self.env["res.partner"].create({"name": "Longer", "vat": "BE04774727019"})
        short = self.env["res.partner"].create({"name": "Short", "vat": "AB-1"})
        first, second, third = (
            self._lead(vat="BE0477472701"), self._lead(vat="AB-1"), self._lead(vat="/"),
        )  # fmt: skip
        candidates = (first + second + third)._find_registered_duplicates()
        self.assertEqual(candidates[first.id], spelled)
        self.assertEqual(candidates[second.id], short)
        self.assertFalse(candidates[third.id])

    def test_of_several_addresses_the_first_one_counts(self):
        known = self._create_customer("Known", email="one@bay.example; two@bay.example")
        lead = self._lead(email="ONE@bay.example, three@bay.example")
        self.assertEqual(lead._find_registered_duplicates()[lead.id], known)
        form = Form(
            self.env["res.partner"].with_user(self.rep).with_context(default_role_lead=True),
            view="base.view_partner_form",
        )
        form.name = "Typed"
        form.email = "one@bay.example, four@bay.example"
        self.assertTrue(form.duplicate_id)
        form.email = "four@bay.example, one@bay.example"
        self.assertFalse(form.duplicate_id)

    def test_what_the_existing_contact_is_and_whose_stays(self):
        """Odoo's merge fills in “is a company” and “belongs to”, as if they were lacking."""
        kim = self.env["res.partner"].create(
            {"name": "Kim", "parent_id": self.customer.id, "email": "kim@bay.example"}
        )
        self.customer.is_company = True
        lead = self._lead(email="kim@bay.example", website="http://bay.example")
        joe = self.env["res.partner"].create({"name": "Joe", "parent_id": lead.id})
        entry = lead.log_contact_action("lead", "Met at the fair")
        self._convert(lead, decision="merge")
        self.env.invalidate_all()
        self.assertFalse(kim.is_company)
        self.assertEqual(kim.parent_id, self.customer)
        self.assertEqual((kim + joe).commercial_partner_id, self.customer)
        self.assertEqual(kim.website, "http://bay.example")
        self.assertEqual(entry.partner_id, kim)
        self.assertEqual(entry.commercial_partner_id, self.customer)

    def test_the_person_of_a_firm_brings_no_firm_to_the_customer(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        for existing in (
            self._create_customer("Granite", is_company=True, email="info@bay.example"),
            self._create_customer("Pat Stone", email="pat@bay.example"),
        ):
            with self.subTest(existing=existing.name):
                lead = self._lead(
                    "Pat", is_company=False, parent_id=firm.id, email=existing.email,
                    function="Buyer",
                )  # fmt: skip
                self._convert(lead, decision="merge")
                self.env.invalidate_all()
                self.assertFalse(existing.parent_id)
                self.assertEqual(existing.commercial_partner_id, existing)
                # a company has no job
                self.assertEqual(existing.function, not existing.is_company and "Buyer")
        self.assertFalse(firm.role_customer)

    def test_doubles_that_the_user_may_not_see_are_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_customer("Hidden", email="hello@bay.example", company_id=other.id)
        seen = self._create_customer("Seen", email="hello@bay.example")
        lead = self._lead(email="hello@bay.example")
        wizard = self.env["bizuno.lead.convert"].with_user(self.rep).create({"lead_ids": lead.ids})
        self.assertEqual(wizard.line_ids.candidate_ids, seen)
        self.assertEqual(wizard.line_ids.target_id, seen)

    def _open_dialog(self, lead):
        action = lead.action_convert_lead_to_customer()
        wizard = self.env[action["res_model"]].with_user(self.rep)
        return Form(wizard.with_context(**action["context"]))

    def test_one_lead_is_decided_on_the_dialog_itself(self):
        """On a phone a list of five columns hid the decision beyond the edge."""
        existing = self._create_customer("Granite", email="hello@bay.example", city="Salem")
        lead = self._lead(email="hello@bay.example", city="Bath").with_user(self.rep)
        dialog = self._open_dialog(lead)
        self.assertEqual(dialog.lead_id, lead)
        self.assertIn("Bath", dialog.lead_details)
        self.assertEqual(dialog.target_id, existing)
        self.assertEqual(dialog.target_details, f"{existing.ref} · Salem · hello@bay.example")
        self.assertEqual(dialog.decision, "merge")
        dialog.decision = "convert"
        dialog.save().action_confirm()
        self.assertTrue(lead.role_customer)
        self.assertTrue(existing.exists())

    def test_of_two_doubles_one_is_chosen(self):
        self._create_customer("Granite", email="hello@bay.example")
        second = self._create_customer("Granite Quarry", email="hello@bay.example")
        lead = self._lead(email="hello@bay.example").with_user(self.rep)
        dialog = self._open_dialog(lead)
        self.assertFalse(dialog.decision)
        self.assertEqual(len(dialog.candidate_ids), 2)
        dialog.decision = "merge"
        dialog.target_id = second
        dialog.save().action_confirm()
        self.assertFalse(lead.exists())
        self.assertTrue(second.exists())

    def test_several_leads_are_decided_in_a_list(self):
        self._create_customer("Granite", email="hello@bay.example")
        self._create_customer("Slate", email="slate@bay.example")
        first = self._lead(email="hello@bay.example").with_user(self.rep)
        second = self._lead("Slate Ltd", email="slate@bay.example").with_user(self.rep)
        dialog = self._open_dialog(first + second)
        self.assertFalse(dialog.lead_id)
        with dialog.line_ids.edit(0) as line:
            line.decision = "skip"
        with dialog.line_ids.edit(1) as line:
            self.assertEqual(line.decision, "merge")
        dialog.save().action_confirm()
        self.assertTrue(first.role_lead)
        self.assertFalse(second.exists())

    def test_no_match_by_name_alone(self):
        self._create_customer("Bay Lighting")
        lead = self._lead()
        self.assertIs(lead.action_convert_lead_to_customer(), True)

    def test_second_customer_on_purpose_or_leave_as_lead(self):
        self._create_customer("Known", email="hello@bay.example")
        lead = self._lead(email="hello@bay.example")
        self._convert(lead, decision="skip")
        self.assertTrue(lead.role_lead)
        self._convert(lead, decision="convert")
        self.assertTrue(lead.role_customer)

    def test_merge_needs_a_candidate_that_really_matches(self):
        self._create_customer("Known", email="hello@bay.example")
        stranger = self._create_customer("Stranger")
        lead = self._lead(email="hello@bay.example")
        wizard = (
            self.env["bizuno.lead.convert"]
            .with_user(self.rep)
            .create({
                "lead_ids": [(6, 0, lead.ids)],
                "line_ids": [(0, 0, {
                    "lead_id": lead.id, "decision": "merge", "target_id": stranger.id,
                    "candidate_ids": [(6, 0, stranger.ids)],
                })],
            })
        )  # fmt: skip
        with self.assertRaisesRegex(UserError, "Choose the contact to merge the lead"):
            wizard.action_confirm()

    def test_many_at_once_convert_what_is_clear_and_ask_for_the_rest(self):
        self._create_customer("Known", email="hello@bay.example")
        clear = self._lead("Clear") + self._lead("Clear too")
        doubtful = self._lead("Doubtful", email="hello@bay.example")
        action = (clear + doubtful).action_convert_lead_to_customer()
        self.assertEqual(clear.mapped("role_customer"), [True, True])
        self.assertFalse(doubtful.role_customer)
        self.assertEqual(action["context"]["default_lead_ids"], doubtful.ids)

    def test_a_contact_of_a_company_makes_the_company_a_customer(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        lead = self._lead("Jane", is_company=False, parent_id=company.id)
        lead.action_convert_lead_to_customer()
        self.assertTrue(company.role_customer)
        self.assertFalse(lead.role_lead)

    def test_the_company_of_a_person_is_no_lead_any_more_either(self):
        company = self._lead("Firm", email="info@firm.example")
        person = self._lead("Jane", is_company=False, parent_id=company.id)
        person.action_convert_lead_to_customer()
        self.assertTrue(company.role_customer)
        self.assertFalse((company + person).filtered("role_lead"))
        # the same by a merge into the person of a company that is a lead
        other = self._lead("Bay Works", email="works@bay.example")
        kim = self.env["res.partner"].create(
            {"name": "Kim", "parent_id": other.id, "email": "kim@bay.example"}
        )
        self._convert(self._lead(email="kim@bay.example"), decision="merge", target_id=kim)
        self.assertTrue(other.role_customer)
        self.assertFalse(other.role_lead)

    def test_only_leads_and_only_with_the_right(self):
        with self.assertRaisesRegex(UserError, "is not a lead"):
            self.customer.with_user(self.rep).action_convert_lead_to_customer()
        lead = self._lead()
        adder = new_test_user(
            self.env, "bizuno_adder", "bizuno_crm.group_lead_add,base.group_partner_manager"
        )
        with self.assertRaisesRegex(AccessError, "Leads: Edit"):
            lead.with_user(adder).action_convert_lead_to_customer()

    def test_a_lead_with_a_login_is_merged_by_contact_managers_only(self):
        existing = self._create_customer("Known", email="portal@bay.example")
        user = new_test_user(self.env, "portal@bay.example", "base.group_portal")
        user.partner_id.write({"role_lead": True, "email": "portal@bay.example"})
        seller = new_test_user(
            self.env, "bizuno_seller", "sales_team.group_sale_manager",
            company_id=self.env.company.id, company_ids=[(6, 0, self.env.companies.ids)],
        )  # fmt: skip
        seller.group_ids -= self.env.ref("base.group_partner_manager")
        lead = user.partner_id.with_user(seller)
        if not seller.has_group("base.group_partner_manager"):
            with self.assertRaisesRegex(AccessError, "has a login"):
                lead._merge_lead_into(existing.with_user(seller))
        user.partner_id.with_user(self.rep)._merge_lead_into(existing.with_user(self.rep))
        self.assertEqual(user.partner_id, existing)
