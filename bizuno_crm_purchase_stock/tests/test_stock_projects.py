from odoo import Command
from odoo.addons.bizuno_crm.tests.profit.common_profit import ProfitCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestStockProjects(ProfitCommon):
    """Beside the app Inventory: what is delivered and received beyond the order, what the stock
    buys for an order, and cost of goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.project + cls.second)._ensure_analytic_account()
        cls.env.user.group_ids |= cls.env.ref("stock.group_stock_manager")
        cls.env.user.group_ids |= cls.env.ref("purchase.group_purchase_manager")
        # without the rights of who sells and buys, Odoo adds no line to their orders
        cls.users |= cls._create_users("bizuno_stock", {
            "warehouse": "stock.group_stock_user,sales_team.group_sale_salesman_all_leads,"
            "purchase.group_purchase_user",
        })  # fmt: skip
        cls.goods, cls.extra = cls.env["product.product"].create([
            {
                "name": name, "is_storable": True, "invoice_policy": "delivery",
                "purchase_method": "receive", "list_price": 30, "standard_price": 20,
                "taxes_id": False, "supplier_taxes_id": False,
            }
            for name in ("Compressor", "Pipe")
        ])  # fmt: skip

    def _validate(self, picking):
        """Goods that nobody has ordered come along."""
        picking = picking.with_user(self.users["warehouse"])
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.move_ids = [
            Command.create({
                "product_id": self.extra.id, "quantity": 2, "picked": True,
                "product_uom": self.extra.uom_id.id, "company_id": picking.company_id.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            })
        ]  # fmt: skip
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_is_delivered_beyond_a_locked_order_is_on_its_project(self):
        order = self._order(self.project, lines=1, price=100.0)
        order.order_line.product_id = self.goods
        order.action_confirm()
        order.action_lock()
        self.env.flush_all()
        self.env.invalidate_all()
        self._validate(order.picking_ids)
        line = order.order_line.filtered(lambda one: one.product_id == self.extra)
        self.assertEqual((line.qty_delivered, line.bizuno_project_id), (2.0, self.project))
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._booked(self.project), sum(invoice.mapped("amount_untaxed")))
        self.assertEqual(invoice.amount_untaxed, order.order_line[0].price_unit + 60.0)

    def test_what_is_received_beyond_a_locked_order_is_on_its_project(self):
        order = self.env["purchase.order"].create({
            "partner_id": self.partner_b.id, "bizuno_project_id": self.project.id,
            "order_line": [
                Command.create({
                    "product_id": self.goods.id, "product_qty": 1, "price_unit": 40,
                    "tax_ids": False,
                })
            ],
        })  # fmt: skip
        order.button_confirm()
        order.button_lock()
        self.env.flush_all()
        self.env.invalidate_all()
        self._validate(order.picking_ids)
        line = order.order_line.filtered(lambda one: one.product_id == self.extra)
        self.assertEqual((line.qty_received, line.bizuno_project_id), (2.0, self.project))

    def _buy_to_order(self):
        """:return: the vendor from whom the stock buys what is ordered, all on one order"""
        vendor = self.partner_b
        vendor.group_rfq = "all"
        make_to_order = self.env.ref("stock.route_warehouse0_mto")
        make_to_order.active = True
        self.goods.route_ids = make_to_order + self.env.ref("purchase_stock.route_warehouse0_buy")
        self.goods.seller_ids = [Command.create({"partner_id": vendor.id, "price": 20})]
        return vendor

    def _sell(self, project, quantity):
        """:return: the purchase orders that there are then"""
        order = self._order(project, lines=1)
        order.order_line.write({"product_id": self.goods.id, "product_uom_qty": quantity})
        order.with_user(self.users["rep"]).action_confirm()
        return self.env["purchase.order"].search([("partner_id", "=", self.partner_b.id)])

    def test_what_is_bought_for_a_project_takes_in_no_other_demand(self):
        self._buy_to_order()
        own = self._sell(self.project, 3)
        own.bizuno_project_id = self.project
        both = self._sell(self.second, 5)
        other = both - own
        self.assertEqual((own.order_line.product_qty, other.order_line.product_qty), (3.0, 5.0))
        self.assertEqual(own.order_line.bizuno_project_id, self.project)
        self.assertFalse(other.order_line.bizuno_project_id)
        # that on none does
        self.assertEqual(self._sell(self.project, 2), both)
        self.assertEqual((own.order_line.product_qty, other.order_line.product_qty), (3.0, 7.0))

    def test_a_line_that_is_bought_for_projects_takes_in_no_other_demand(self):
        self._buy_to_order()
        accounts = (self.project + self.second).analytic_account_id
        for distribution in (
            {str(accounts[0].id): 100.0},
            {str(account.id): 50.0 for account in accounts},
        ):
            with self.subTest(distribution=distribution):
                purchase = self._sell(self.project, 3)
                line = purchase.order_line[-1]
                self.assertFalse(line.bizuno_project_id)
                quantity = line.product_qty
                line.analytic_distribution = distribution
                self.assertEqual(self._sell(self.second, 4), purchase)
                new = purchase.order_line[-1]
                self.assertEqual((line.product_qty, new.product_qty), (quantity, 4.0))
                self.assertFalse(new.bizuno_project_id)

    def test_what_the_stock_buys_for_an_order_is_on_no_project(self):
        vendor = self._buy_to_order()
        rep = self.users["rep"]
        for project in (self.project, self.second):
            order = self._order(project, lines=1)
            order.order_line.product_id = self.goods
            # as the button of the page that New Quotation opens
            context = {
                name: value
                for name, value in project.with_user(rep).action_new_quotation()["context"].items()
                if name == "default_bizuno_project_id"
            }
            self.assertTrue(context)
            order.with_user(rep).with_context(**context).action_confirm()
        purchase = self.env["purchase.order"].search([("partner_id", "=", vendor.id)])
        self.assertEqual(len(purchase), 1)
        self.assertEqual(sum(purchase.order_line.mapped("product_qty")), 2.0)
        self.assertFalse(purchase.bizuno_project_id)
        self.assertFalse(purchase.order_line.bizuno_project_id)

    def test_a_service_that_is_bought_for_an_order_is_on_what_its_line_says(self):
        vendor = self.partner_b
        service = self.env["product.product"].create({
            "name": "Crane", "type": "service", "service_to_purchase": True, "list_price": 30,
            "seller_ids": [Command.create({"partner_id": vendor.id, "price": 20})],
        })  # fmt: skip
        none = self.env["bizuno.project"]
        page = {"default_bizuno_project_id": self.project.id}
        for project in (self.project, none):
            order = self._order(project, lines=1)
            order.order_line.product_id = service
            order.with_user(self.users["rep"]).with_context(**page).action_confirm()
        purchase = self.env["purchase.order"].search([("partner_id", "=", vendor.id)])
        self.assertEqual(len(purchase.order_line), 2)
        self.assertFalse(purchase.bizuno_project_id)
        self.assertEqual(
            [line.bizuno_project_id for line in purchase.order_line.sorted("id")],
            [self.project, none],
        )

    def test_cost_of_goods_goes_along_with_a_posted_invoice(self):
        accounts = self.company_data
        stock = accounts["default_account_assets"].copy({"account_type": "asset_current"})
        self.goods.categ_id = self.env["product.category"].create({
            "name": "Valued", "property_valuation": "real_time", "property_cost_method": "standard",
            "property_stock_valuation_account_id": stock.id,
        })  # fmt: skip
        self.goods.standard_price = 90
        invoice = self._move(None, "out_invoice", price=150.0)
        invoice.invoice_line_ids.product_id = self.goods
        invoice.invoice_line_ids.write({"price_unit": 150.0, "tax_ids": False})
        invoice.action_post()
        cost = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(sorted(cost.mapped("balance")), [-90.0, 90.0])
        bookkeeper = self.users["bookkeeper"]
        none = self.env["bizuno.project"]
        for document in (invoice, invoice.invoice_line_ids):
            for project, booked in (
                (self.project, (60.0, 0.0)),
                (self.second, (0.0, 60.0)),
                (none, (0.0, 0.0)),
            ):
                document.with_user(bookkeeper).bizuno_project_id = project
                self.assertEqual((self._booked(self.project), self._booked(self.second)), booked)
                on_stock = cost.filtered(lambda line: line.account_id == stock)
                self.assertFalse(on_stock.analytic_distribution)
