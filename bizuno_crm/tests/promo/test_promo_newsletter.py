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
