from odoo.tests import Form, tagged

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestLeadDuplicates(BizunoLightCommon):
    """A rep types a lead whom the company knows already, and is told at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls._create_customer(
            "Granite Quarry", email="Office@Granite.example", phone="+1 (540) 555-0142"
        )

    def _type(self, login="rep", record=None, **values):
        partners = (record or self.env["res.partner"]).with_user(self.users[login])
        form = Form(
            partners.with_context(default_role_lead=login == "rep"), view="base.view_partner_form"
        )
        form.name = form.name or "New lead"
        for name, value in values.items():
            form[name] = value
        return form

    def test_same_email_whatever_its_case(self):
        for login in ("rep", "bookkeeper"):
            form = self._type(login, email="office@granite.example")
            self.assertEqual(form.duplicate_id, self.known, login)

    def test_same_phone_however_it_is_written(self):
        for phone in ("540 555 0142", "+15405550142", "001-540-555-0142"):
            self.assertEqual(self._type(phone=phone).duplicate_id, self.known, phone)

    def test_the_email_of_one_and_the_phone_of_another(self):
        pier = self._create_customer("Pier 39", phone="555 0123 77")
        form = self._type(email="office@granite.example", phone="555-0123-77")
        self.assertEqual((form.duplicate_id, form.other_duplicate_id), (self.known, pier))
        form.email = "nobody@slate.example"
        self.assertEqual(form.duplicate_id, pier)
        self.assertFalse(form.other_duplicate_id)

    def test_two_with_the_same_email_are_not_two_with_the_same_phone(self):
        self._create_customer("Second Quarry", email="office@granite.example")
        form = self._type(email="office@granite.example")
        self.assertTrue(form.duplicate_id)
        self.assertFalse(form.other_duplicate_id)

    def test_other_values_are_no_duplicate(self):
        for values in (
            {"email": "office@slate.example"},
            {"phone": "540 555 0143"},
            {"phone": "0142"},
            {"phone": "5405550142999"},
            {},
        ):
            self.assertFalse(self._type(**values).duplicate_id, values)

    def test_archived_contacts_count_and_the_own_family_does_not(self):
        child = self._type(parent_id=self.known, email="office@granite.example")
        self.assertFalse(child.duplicate_id)
        self.known.active = False
        self.assertEqual(self._type(email="office@granite.example").duplicate_id, self.known)

    def test_a_saved_contact_is_compared_when_it_is_changed_alone(self):
        twin = self._create_customer("Twin", email="office@granite.example")
        form = self._type(record=twin)
        self.assertFalse(form.duplicate_id)
        form.phone = "(540) 555-0142"
        self.assertEqual(form.duplicate_id, self.known)
        self.env.invalidate_all()
        twin.fetch(["email", "phone"])
        with self.assertQueryCount(0):
            self.assertFalse(twin.duplicate_id)

    def test_a_contact_that_the_user_may_not_see_is_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.known.company_id = other
        self.assertFalse(self._type(email="office@granite.example").duplicate_id)
