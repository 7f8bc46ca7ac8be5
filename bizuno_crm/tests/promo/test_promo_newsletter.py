from urllib.parse import urlparse

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestPromoNewsletter(PromoCommon, HttpCase):
    def test_a_choice_has_a_date_and_a_source(self):
        contact = self._create_contact("Ann").with_user(self.users["rep"])
        self.assertFalse(contact.newsletter_date)
        contact.newsletter = False
        self.assertFalse(contact.newsletter_date, "nothing was chosen")
        contact.newsletter = True
        self.assertEqual(contact.newsletter_source, "manual")
        first = contact.newsletter_date
        self.assertTrue(first)
        contact.newsletter = True
        self.assertEqual(contact.newsletter_date, first)
        self.assertFalse(contact.copy().newsletter)
        created = self.env["res.partner"].with_user(self.users["rep"]).create(
            {"name": "New", "newsletter": True}
        )  # fmt: skip
        self.assertEqual(created.newsletter_source, "manual")
        self.assertTrue(created.newsletter_date)

    def test_unticked_on_the_page_is_logged(self):
        contact = self._create_contact("Ann", newsletter=True)
        with Form(contact.with_user(self.users["rep"])) as form:
            form.newsletter = False
        self.assertEqual((contact.newsletter, contact.newsletter_source), (False, "manual"))
        entry = contact.sudo().contact_log_ids
        self.assertEqual(entry.action_id.code, "optout")
        self.assertIn(self.users["rep"].name, entry.notes)

    def test_evidence_cannot_be_forged(self):
        contact = self._create_contact("Ann").with_user(self.users["rep"])
        with self.assertRaisesRegex(AccessError, "The system records"):
            contact.write({"newsletter": True, "newsletter_source": "portal"})
        with self.assertRaisesRegex(AccessError, "The system records"):
            contact.create({"name": "X", "newsletter_date": fields.Datetime.now()})

    def _links(self):
        promo = self._create_promo()
        promo.action_send()
        self._run_queues()
        header = self._mails[0]["headers"]["List-Unsubscribe"].strip("<>")
        return urlparse(header)

    def _click(self, path, query):
        """As RFC 8058 has mail programs do it. Odoo logs that it takes no notice of the body."""
        with mute_logger("odoo.http"):
            return self.url_open(f"{path}?{query}", data={"List-Unsubscribe": "One-Click"})

    def test_one_click_unsubscribe(self):
        contact = self._create_contact("Ann", newsletter=True)
        twin = self._create_contact("Twin", email="Ann@example.com", newsletter=True)
        link = self._links()
        response = self._click(link.path, link.query)
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        for partner in contact + twin:
            self.assertFalse(partner.newsletter)
            self.assertEqual(partner.newsletter_source, "unsubscribe")
            self.assertTrue(partner.is_blacklisted)
            self.assertIn(
                "Unsubscribed from promotions through the link",
                partner.sudo()
                .contact_log_ids.filtered(lambda entry: entry.action_id.code == "optout")
                .notes,
            )
        self.assertEqual(self._verdicts(self._create_promo())["Ann"], "blacklisted")

    def test_a_guessed_link_does_nothing(self):
        contact = self._create_contact("Ann", newsletter=True)
        link = self._links()
        forged = link.query.replace("ann%40example.com", "manager%40example.com")
        self.assertNotEqual(forged, link.query)
        response = self._click(link.path, forged)
        self.assertIn(response.status_code, (401, 403))
        self.assertTrue(contact.newsletter)

    def test_blacklisting_by_a_user_clears_the_opt_in(self):
        contact = self._create_contact("Ann", newsletter=True)
        self.env["mail.blacklist"].sudo().create({"email": "ann@example.com"})
        self.assertEqual((contact.newsletter, contact.newsletter_source), (False, "blacklist"))
        self.env["mail.blacklist"].sudo()._remove("ann@example.com")
        self.assertFalse(contact.newsletter, "coming off the blacklist is no consent")

    def _doors_to_email(self, contact):
        """How a rep changes an address: {door: function of the new one}"""
        own = contact.with_user(self.users["rep"])

        def fill_in(email):
            with Form(own) as form:
                form.email = email

        def load(email):
            result = own.browse().load(["id", "email"], [[self._xmlid(contact), email]])
            self.assertTrue(result["ids"], result["messages"])

        return {
            "write": lambda email: own.write({"email": email}),
            "form": fill_in,
            "web_save": lambda email: own.web_save({"email": email}, {"email": {}}),
            "import": load,
        }

    def _xmlid(self, contact):
        known = self.env["ir.model.data"].sudo()
        vals = {
            "module": "__test__", "name": f"contact_{contact.id}", "model": contact._name,
            "res_id": contact.id,
        }  # fmt: skip
        if not known.search_count([(key, "=", value) for key, value in vals.items()]):
            known.create(vals)
        return f"__test__.{vals['name']}"

    def _choice(self, contact):
        self.env.invalidate_all()
        return contact.newsletter, contact.newsletter_date, contact.newsletter_source

    def test_a_yes_is_none_of_another_address(self):
        promo = self._create_promo(distribution="newsletter")
        for number, door in enumerate(("write", "form", "web_save", "import")):
            with self.subTest(door=door):
                contact = self._create_contact(f"Ann {number}")
                contact._newsletter_opt_in()
                agreed = self._choice(contact)
                self.assertEqual((agreed[0], agreed[2]), (True, "portal"))
                change = self._doors_to_email(contact)[door]
                change(f"Ann.{number}@Example.com")
                self.assertEqual(self._choice(contact), agreed, "the same address")
                self.assertEqual(self._verdicts(promo)[contact.name], "included")
                change(f"somebody.else{number}@example.com")
                self.assertEqual(self._choice(contact), (False, False, False))
                self.assertNotIn(contact.name, self._verdicts(promo))
                self.assertFalse(contact.is_blacklisted)

    def test_a_yes_with_the_new_address_is_one(self):
        contact = self._create_contact("Ann", newsletter=True)
        contact.sudo().newsletter_date = "2024-05-06 07:08:09"
        contact.with_user(self.users["rep"]).write(
            {"email": "ann.new@example.com", "newsletter": True}
        )
        newsletter, when, source = self._choice(contact)
        self.assertEqual((newsletter, source), (True, "manual"))
        self.assertEqual(when.date(), fields.Date.today())

    def test_a_new_address_of_ones_own_keeps_the_choice(self):
        user = new_test_user(
            self.env, "promo_mover", groups="base.group_portal", email="mover@example.com"
        )
        contact = user.partner_id
        contact.with_user(user).sudo()._newsletter_opt_in()
        agreed = self._choice(contact)
        # as Odoo's page of the account in the portal does it
        contact.with_user(user).sudo().write({"email": "moved@example.com"})
        self.assertEqual(self._choice(contact), agreed)

    def _refuse(self, name, email):
        """:return: a contact who has said no in the portal, and one with the same address whom
        somebody subscribed before"""
        refusing = self._create_contact(f"{name} says no", email)
        refusing._newsletter_opt_out("portal")
        refusing.sudo().newsletter_date = "2025-03-04 10:00:00"
        other = self._create_contact(f"{name} twin", email, newsletter=True)
        other.sudo().newsletter_date = "2025-03-04 09:00:00"
        self.assertFalse(refusing.is_blacklisted)
        return refusing, other

    def test_a_no_stays_with_its_address_and_with_its_contact(self):
        promo = self._create_promo()
        for number, door in enumerate(("write", "form", "web_save", "import")):
            with self.subTest(door=door):
                refusing, twin = self._refuse(f"D{number}", f"info{number}@example.com")
                self.assertEqual(self._verdicts(promo)[twin.name], "opted_out")
                said = self._choice(refusing)
                change = self._doors_to_email(refusing)[door]
                change(f"new{number}@example.com")
                verdicts = self._verdicts(promo)
                self.assertEqual(verdicts[twin.name], "blacklisted")
                self.assertEqual(verdicts[refusing.name], "opted_out")
                self.assertEqual(self._choice(refusing), said)
                self.assertFalse(refusing.is_blacklisted, "the new address has not said it")

    def test_a_no_outlives_its_contact(self):
        promo = self._create_promo()
        deleted, twin = self._refuse("Deleted", "deleted@example.com")
        deleted.sudo().contact_log_ids.unlink()
        deleted.unlink()
        self.assertEqual(self._verdicts(promo)[twin.name], "blacklisted")

        merged, twin = self._refuse("Merged", "merged@example.com")
        kept = self._create_contact("Kept", newsletter=True)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((merged + kept).ids, kept)
        verdicts = self._verdicts(promo)
        self.assertEqual((verdicts["Kept"], verdicts[twin.name]), ("included", "blacklisted"))

    def test_a_no_that_was_taken_back_or_is_said_by_others_is_left_alone(self):
        for name, newsletter, when in (
            ("Later yes", True, "2025-03-04 11:00:00"), ("Old no", False, "2020-01-01 00:00:00"),
        ):  # fmt: skip
            refusing, twin = self._refuse(name, f"{name[0]}@example.com")
            twin.sudo().write({
                "newsletter": newsletter, "newsletter_date": when, "newsletter_source": "manual",
            })  # fmt: skip
            said = self._choice(twin)
            refusing.with_user(self.users["rep"]).email = False
            self.assertEqual(self._choice(twin), said, name)
            self.assertFalse(twin.is_blacklisted, name)

    def test_the_portal(self):
        user = new_test_user(
            self.env, "promo_portal", groups="base.group_portal", email="portal@example.com"
        )
        self.env["mail.blacklist"].sudo()._add("portal@example.com")
        self.authenticate("promo_portal", "promo_portal")
        page = self.url_open("/my/newsletter")
        self.assertIn("Send me promotions", page.text)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open("/my/newsletter", data={"csrf_token": token, "newsletter": "1"})
        self.env.invalidate_all()
        partner = user.partner_id
        self.assertEqual((partner.newsletter, partner.newsletter_source), (True, "portal"))
        self.assertFalse(partner.is_blacklisted, "it is the contact's own will")
        self.url_open("/my/newsletter", data={"csrf_token": token})
        self.env.invalidate_all()
        self.assertEqual((partner.newsletter, partner.newsletter_source), (False, "portal"))
        log = partner.sudo().contact_log_ids
        self.assertEqual(set(log.action_id.mapped("code")), {"optout"})
        self.assertEqual(sum("in the portal" in notes for notes in log.mapped("notes")), 1)
        self.url_open("/my/newsletter", data={"csrf_token": token})
        self.env.invalidate_all()
        self.assertEqual(partner.sudo().contact_log_ids, log, "nothing has changed")
        self.assertIn("/my/newsletter", self.url_open("/my/home").text)
