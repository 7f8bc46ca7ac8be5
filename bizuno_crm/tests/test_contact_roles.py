from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestContactRoles(TransactionCase):
    def test_x(self):
        self.assertFalse(self.env["res.partner"].create({"name": "x"}).role_customer)
