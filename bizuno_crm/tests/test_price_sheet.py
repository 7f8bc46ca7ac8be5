from odoo import Command
from odoo.tests import tagged

from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestPriceSheet(BizunoCommon):
    def test_installation_has_switched_pricelists_on(self):
        self.assertTrue(
            self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist")
        )
        self.assertTrue(self.users["rep"].has_group("product.group_product_pricelist"))

    def test_a_customer_gets_the_prices_of_its_sheet(self):
        sheet = self.env["product.pricelist"].create(
            {
                "name": "Dealer",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 25}),
                ],
            }
        )
        self.product_a.lst_price = 200
        self.customer.with_user(self.users["bookkeeper"]).property_product_pricelist = sheet
        for partner in (
            self.customer,
            self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id}),
        ):
            order = (
                self.env["sale.order"]
                .with_user(self.users["rep"])
                .create(
                    {
                        "partner_id": partner.id,
                        "order_line": [Command.create({"product_id": self.product_a.id})],
                    }
                )
            )
            self.assertEqual(order.pricelist_id, sheet)
            self.assertEqual(order.order_line.price_subtotal, 150)

    def test_it_is_called_price_sheet(self):
        field = self.env["res.partner"].fields_get(["property_product_pricelist"])
        self.assertEqual(field["property_product_pricelist"]["string"], "Price Sheet")
