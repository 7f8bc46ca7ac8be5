from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactDelete(BizunoCommon):
    def test_contact_without_history_is_deleted(self):
        self.customer.unlink()
        self.assertFalse(self.customer.exists())

    def test_refusal_says_how_many_of_what_and_offers_to_archive(self):
        for _ in range(2):
            self.init_invoice("out_invoice", partner=self.customer, amounts=[50], post=True)
        self.env["sale.order"].create({"partner_id": self.customer.id})
        with self.assertRaises(RedirectWarning) as caught:
            self.customer.unlink()
        message, action_id, label, context = caught.exception.args
        self.assertIn("Harbour Supply", message)
        self.assertIn("Journal Entry (2)", message)
        self.assertIn("Sales Order (1)", message)
        self.assertEqual(label, "Archive instead")
        action = self.env["ir.actions.server"].browse(action_id).sudo()
        action.with_context(**context).run()
        self.assertFalse(self.customer.active)

    def test_documents_of_a_ship_to_address_count_for_it(self):
        address = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.customer.id, "type": "delivery"}
        )
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.partner_shipping_id = address
        with self.assertRaisesRegex(RedirectWarning, "Dock"):
            address.unlink()

    def test_documents_that_the_user_may_not_see_count_too(self):
        self.init_invoice("out_invoice", partner=self.customer, amounts=[50], post=True)
        theirs = self.customer.with_user(self.users["sales_manager"])
        with self.assertRaises(RedirectWarning):
            theirs.unlink()
