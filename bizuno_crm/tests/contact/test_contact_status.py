from odoo.tests import tagged

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestContactStatus(BizunoLightCommon):
    def test_new_contacts_are_active(self):
        self.assertEqual(self.customer.account_status, "active")

    def test_inactive_archives_and_archiving_makes_inactive(self):
        self.customer.account_status = "inactive"
        self.assertFalse(self.customer.active)
        self.customer.action_unarchive()
        self.assertEqual(self.customer.account_status, "active")
        self.customer.action_archive()
        self.assertEqual(self.customer.account_status, "inactive")

    def test_a_hold_survives_archiving(self):
        self.customer.account_status = "hold"
        self.customer.action_archive()
        self.assertEqual(self.customer.account_status, "inactive")
        self.customer.action_unarchive()
        self.assertEqual(self.customer.account_status, "hold")

    def test_active_ends_a_hold(self):
        self.customer.account_status = "locked"
        self.customer.account_status = "active"
        self.customer.action_archive()
        self.customer.action_unarchive()
        self.assertEqual(self.customer.account_status, "active")

    def test_created_with_a_status(self):
        for status, active in (("locked", True), ("hold", True), ("inactive", False)):
            partner = self._create_customer(account_status=status)
            self.assertEqual((partner.account_status, partner.active), (status, active))

    def test_search_and_group_by_status(self):
        held = self._create_customer(account_status="hold")
        scope = [("id", "in", (held + self.customer).ids)]
        Partner = self.env["res.partner"]
        self.assertEqual(Partner.search([*scope, ("account_status", "=", "hold")]), held)
        groups = dict(Partner._read_group(scope, ["account_status"], ["__count"]))
        self.assertEqual(groups, {"active": 1, "hold": 1})

    def test_status_and_terms_are_tracked_in_the_chatter(self):
        partner = self.customer.with_context(tracking_disable=False, mail_notrack=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        term = self.env["account.payment.term"].create({"name": "30% Advance"})
        partner.write({"account_status": "hold", "property_payment_term_id": term.id})
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = partner.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("account_status", tracked)
        self.assertIn("property_payment_term_id", tracked)

    def test_copy_does_not_take_the_status_along(self):
        self.customer.account_status = "hold"
        self.assertEqual(self.customer.copy().account_status, "active")
