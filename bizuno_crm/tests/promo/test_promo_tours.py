from odoo.tests import HttpCase, tagged

from ..common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestPromoTours(PromoCommon, HttpCase):
    def test_write_preview_send_read_the_history(self):
        self._create_contact("Tour One", newsletter=True)
        self._create_contact("Tour Two", email="", newsletter=True)
        self.start_tour("/odoo", "bizuno_promo_send", login=self.sender.login)
        promo = self.env["bizuno.promo"].search([("name", "=", "Tour promotion")])
        self.assertIn("Ten percent off today", promo.body_html)
        self.assertEqual(promo.history_ids.user_id, self.sender)
        self.assertEqual(promo.history_ids.recipient_ids.mapped("email"), ["tour.one@example.com"])
        self.assertEqual(self._run_queues(), ["tour.one@example.com"])
