"""What this addon needs of Odoo that Odoo promises to nobody: see docs/decisions.md."""

from odoo.addons.bizuno_crm.tests.test_odoo_insides import check_overrides, check_pinned
from odoo.tests import TransactionCase, tagged

PINNED = {
    "purchase.order.line": {
        "_find_candidate": (
            "product_id", "product_qty", "product_uom", "location_id", "name", "origin",
            "company_id", "values",
        ),
    },
    "stock.rule": {"_make_po_get_domain": ("company_id", "values", "partner")},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestOdooInsidesStock(TransactionCase):
    def test_odoos_methods_are_as_we_know_them(self):
        check_pinned(self, PINNED)

    def test_each_override_takes_what_odoos_method_takes(self):
        self.assertGreater(check_overrides(self, "bizuno_crm_purchase_stock", PINNED), 1)
