from odoo.tests import tagged

from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactMerge(BizunoCommon):
    def _merge(self, source, destination):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((source + destination).ids, destination)
        self.env.flush_all()
        self.assertFalse(source.exists())
        return destination

    def test_roles_are_united_and_the_id_of_the_destination_stays(self):
        source = self._create_customer(role_branch=True, role_employee=True)
        destination = self.env["res.partner"].create({"name": "V", "role_vendor": True})
        kept = destination.ref
        merged = self._merge(source, destination)
        self.assertEqual(merged.role_names, "Customer, Vendor, Branch, Employee")
        self.assertEqual(merged.ref, kept)

    def test_destination_without_an_id_takes_the_source_s(self):
        source = self._create_customer(ref="KEEP-1")
        destination = self.env["res.partner"].create({"name": "Plain"})
        merged = self._merge(source, destination)
        self.assertEqual(merged.ref, "KEEP-1")
        self.assertTrue(merged.role_customer)

    def test_the_strictest_restriction_stays(self):
        source = self._create_customer(account_status="hold")
        self.assertEqual(self._merge(source, self._create_customer()).account_status, "hold")
        source = self._create_customer(account_status="locked")
        held = self._create_customer(account_status="hold")
        self.assertEqual(self._merge(source, held).account_status, "locked")

    def test_invoices_and_orders_follow(self):
        source = self._create_customer()
        invoice = self.init_invoice("out_invoice", partner=source, amounts=[100], post=True)
        order = self.env["sale.order"].create({"partner_id": source.id})
        merged = self._merge(source, self._create_customer())
        self.assertEqual(invoice.partner_id, merged)
        self.assertEqual(order.partner_id, merged)

    def test_merging_the_holders_of_one_id_ends_the_conflict(self):
        partners = self.env["res.partner"].create([{"name": f"D{i}"} for i in range(3)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET ref = 'D-9', contact_id_conflict = (id != %s) "
            "WHERE id = ANY(%s)",
            [min(partners.ids), partners.ids],
        )
        partners.invalidate_recordset()
        first, second, third = partners
        merged = self._merge(first, second)
        self.assertEqual(merged.ref, "D-9")
        self.assertFalse(merged.contact_id_conflict)
        self.assertTrue(third.contact_id_conflict)
        merged = self._merge(merged, third)
        self.assertEqual(merged.ref, "D-9")
        self.assertFalse(merged.contact_id_conflict)
