from odoo.tests import tagged

from .common_credit import CreditCommon

ADDON = "bizuno_crm"


@tagged("post_install", "-at_install")
class TestGuestValues(CreditCommon):
    """What Odoo and other addons store is theirs: nothing of ours gets into it."""

    def test_no_stored_value_of_others_depends_on_ours(self):
        """A change of ours would write it, on every document of the customer, and uninstalling the
        addon deletes what inherits it."""
        registry = self.env.registry
        dependent = {
            f"{field} -> {other}"
            for model in registry.values()
            for field in model._fields.values()
            if field._modules == (ADDON,)
            for other in registry.get_dependent_fields(field)
            if other.store
            and ADDON not in other._modules
            and registry[other.model_name]._original_module != ADDON
        }
        self.assertFalse(dependent)

    def test_a_hold_is_no_part_of_the_name_that_an_invoice_stores(self):
        invoice = self._invoice(100)
        self.customer.account_status = "hold"
        customer = self.customer.with_context(res_partner_search_mode="customer")
        customer.name = "Harbour Supply Ltd"
        [found] = customer.web_name_search("Harbour Supply Ltd", {"display_name": {}})
        self.assertIn("Credit Hold", found["__formatted_display_name"])
        self.assertEqual(customer.display_name, "Harbour Supply Ltd")
        self.assertEqual(invoice.invoice_partner_display_name, "Harbour Supply Ltd")
