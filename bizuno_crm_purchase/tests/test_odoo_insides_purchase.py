"""What this addon needs of Odoo that Odoo promises to nobody: see docs/decisions.md."""

from odoo.addons.bizuno_crm.tests.test_odoo_insides import check_overrides, check_pinned
from odoo.tests import TransactionCase, tagged

PINNED = {
    "account.move": {"_onchange_purchase_auto_complete": ()},
    "purchase.order": {
        "_add_supplier_to_product": (), "_approval_allowed": (), "_prepare_invoice": (),
    },
    "purchase.order.line": {"_prepare_account_move_line": ("move",)},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestOdooInsidesPurchase(TransactionCase):
    def test_odoos_methods_are_as_we_know_them(self):
        check_pinned(self, PINNED)

    def test_each_override_takes_what_odoos_method_takes(self):
        self.assertGreater(check_overrides(self, "bizuno_crm_purchase", PINNED), 4)
