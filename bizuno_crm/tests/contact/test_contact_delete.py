from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactDelete(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.customer.with_user(cls.users["bookkeeper"])

    def test_contact_without_history_is_deleted(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.users["employee"]).unlink()
        self.theirs.unlink()
        self.assertFalse(self.customer.exists())

    def test_refusal_says_how_many_of_what_and_offers_to_archive(self):
        for _ in range(2):
            self.init_invoice("out_invoice", partner=self.customer, amounts=[50], post=True)
        self.env["sale.order"].create({"partner_id": self.customer.id})
        with self.assertRaises(RedirectWarning) as caught:
            self.theirs.unlink()
        message, action_id, label, context = caught.exception.args
        self.assertIn("Harbour Supply", message)
        self.assertIn("Journal Entry (2)", message)
        self.assertIn("Sales Order (1)", message)
        self.assertEqual(label, "Archive instead")
        actions = self.env["ir.actions.server"].with_user(self.users["bookkeeper"])
        actions.browse(action_id).with_context(**context).run()
        self.assertFalse(self.customer.active)

    def test_a_person_left_behind_with_an_id_that_is_taken_is_said(self):
        partners = self.env["res.partner"]
        other = partners.create({"name": "Quay Stores", "ref": "QUAY-7"})
        person, second = partners.create(
            [
                {"name": name, "parent_id": self.customer.id, "ref": ref}
                for name, ref in (("Ann Quay", "quay-7"), ("Bo Quay", "QUAY-8"))
            ]
        )
        with self.assertRaisesRegex(
            ValidationError, "Harbour Supply.*Ann Quay.*quay-7 is used by Quay Stores"
        ):
            self.customer.unlink()
        # Two people with the same one would be in each other's way.
        person.ref = "QUAY-8 "
        with self.assertRaisesRegex(ValidationError, "Bo Quay.*QUAY-8.*Ann Quay|Ann.*QUAY-8.*Bo"):
            self.customer.unlink()
        # Whoever goes with the company is in nobody's way.
        person.ref = other.ref
        (self.customer + other).unlink()
        self.assertEqual((person.exists() + second).mapped("ref"), ["QUAY-7", "QUAY-8"])

    def test_who_cannot_be_seen_is_not_named(self):
        other = self.env["res.company"].create({"name": "Hidden"})
        self.env["res.partner"].create(
            {"name": "Secret Stores", "ref": "SEC-1", "company_id": other.id}
        )
        company = self.env["res.partner"].create({"name": "Open Stores", "child_ids": [
            Command.create({"name": "Cy", "ref": "SEC-1"})]})  # fmt: skip
        with self.assertRaisesRegex(ValidationError, "used by a contact that you cannot see"):
            company.with_user(self.users["sales_manager"]).unlink()

    def test_documents_of_an_address_count_for_it(self):
        for kind, field in (("delivery", "partner_shipping_id"), ("invoice", "partner_invoice_id")):
            address = self.env["res.partner"].create(
                {"name": f"Dock {kind}", "parent_id": self.customer.id, "type": kind}
            )
            order = self.env["sale.order"].create({"partner_id": self.customer.id})
            order[field] = address
            self.assertEqual(order.partner_id, self.customer)
            with self.assertRaisesRegex(RedirectWarning, f"Dock {kind}"):
                address.with_user(self.users["bookkeeper"]).unlink()

    def test_documents_that_the_user_may_not_see_count_too(self):
        self.init_invoice("out_invoice", partner=self.customer, amounts=[50], post=True)
        hidden = self.customer.with_user(self.users["sales_manager"])
        with self.assertRaises(RedirectWarning):
            hidden.unlink()
