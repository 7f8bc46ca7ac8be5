from odoo.tests import HttpCase, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestContactTours(BizunoCommon, HttpCase):
    def test_create_a_customer_the_fast_path(self):
        self.start_tour("/odoo", "bizuno_contact_fast_path", login="bizuno_rep")
        partner = self.env["res.partner"].search([("name", "=", "Fast Path Ltd")])
        self.assertEqual(len(partner), 1)
        self.assertTrue(partner.role_customer)
        self.assertRegex(partner.ref, r"^C\d{5}$")
        self.assertEqual(partner.credit_limit, 1000)
        self.assertEqual(partner.property_payment_term_id.line_ids.nb_days, 30)
        order = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        self.assertEqual(len(order), 1)
        self.assertEqual(order.payment_term_id, partner.property_payment_term_id)

    def test_find_by_contact_id(self):
        self._create_customer(name="Zulu Fittings", ref="FIND-7")
        self._create_customer(name="Alpha Fittings", ref="FIND-77")
        self.start_tour("/odoo", "bizuno_contact_find_by_id", login="bizuno_bookkeeper")
