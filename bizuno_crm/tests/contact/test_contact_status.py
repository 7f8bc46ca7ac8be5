from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestContactStatus(BizunoLightCommon):
    """The status as a bookkeeper decides about it: by the dialog behind the pencil, and by Odoo's
    own Archive and Unarchive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer.with_user(cls.users["bookkeeper"])

    def _decide(self, status, user="bookkeeper"):
        wizards = self.env["bizuno.account.status.wizard"].with_user(self.users[user])
        with Form(wizards.with_context(default_partner_id=self.customer.id)) as dialog:
            dialog.status = status
            dialog.reason = "Two cheques bounced"
        dialog.record.action_apply()

    def test_new_contacts_are_active(self):
        with Form(self.env["res.partner"].with_user(self.users["rep"])) as page:
            page.name = "Newcomer"
        self.assertEqual(page.record.account_status, "active")

    def test_inactive_archives_and_archiving_makes_inactive(self):
        self.partner.account_status = "inactive"
        self.assertFalse(self.partner.active)
        self.partner.action_unarchive()
        self.assertEqual(self.partner.account_status, "active")
        self.partner.action_archive()
        self.assertEqual(self.partner.account_status, "inactive")

    def test_a_hold_survives_archiving(self):
        self._decide("hold")
        self.partner.action_archive()
        self.assertEqual(self.partner.account_status, "inactive")
        self.partner.action_unarchive()
        self.assertEqual(self.partner.account_status, "hold")

    def test_active_ends_a_hold(self):
        self._decide("locked")
        self.assertEqual(self.partner.account_status, "locked")
        self._decide("active")
        self.partner.action_archive()
        self.partner.action_unarchive()
        self.assertEqual(self.partner.account_status, "active")

    def test_a_rep_decides_nothing(self):
        for status in ("hold", "locked", "active"):
            with self.subTest(status=status), self.assertRaises(AccessError):
                self._decide(status, user="rep")
        partner = self.customer.with_user(self.users["rep"])
        with self.assertRaisesRegex(AccessError, "Customers' Account: Edit"):
            partner.account_status = "hold"
        self.assertEqual(self.customer.account_status, "active")

    def test_created_with_a_status(self):
        customers = self.env["res.partner"].with_user(self.users["bookkeeper"])
        for status, active in (("locked", True), ("hold", True), ("inactive", False)):
            partner = customers.create({"name": status, "account_status": status})
            self.assertEqual((partner.account_status, partner.active), (status, active))

    def test_search_and_group_by_status(self):
        held = self._create_customer(account_status="hold")
        scope = [("id", "in", (held + self.customer).ids)]
        Partner = self.env["res.partner"].with_user(self.users["rep"])
        self.assertEqual(Partner.search([*scope, ("account_status", "=", "hold")]), held)
        groups = dict(Partner._read_group(scope, ["account_status"], ["__count"]))
        self.assertEqual(groups, {"active": 1, "hold": 1})

    def test_status_and_terms_are_tracked_in_the_chatter(self):
        partner = self.partner.with_context(tracking_disable=False, mail_notrack=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        term = self.env["account.payment.term"].create({"name": "30% Advance"})
        partner.write({"account_status": "hold", "property_payment_term_id": term.id})
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.customer.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("account_status", tracked)
        self.assertIn("property_payment_term_id", tracked)

    def test_copy_does_not_take_the_status_along(self):
        self._decide("hold")
        self.assertEqual(self.partner.copy().account_status, "active")
