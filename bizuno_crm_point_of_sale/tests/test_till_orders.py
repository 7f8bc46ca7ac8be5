from odoo import Command
from odoo.tests import tagged

from .common_till import TillCommon


@tagged("post_install", "-at_install")
class TestTillOrders(TillCommon):
    """Orders that the till settles: what is sold of them there is left no more, neither of the
    credit nor of what is to be invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_scope = "invoices_and_orders"
        cls.product.invoice_policy = "order"
        # the till's page reads the orders as who works it
        cls.cashier.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def _order(self, price, quantity=1, is_confirmed=True, **values):
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": self.product.id, "price_unit": price, "product_uom_qty": quantity,
            })],
            **values,
        })  # fmt: skip
        if is_confirmed:
            order.action_confirm()
        return order

    def _settle(self, order, amount, method=None, quantity=1, **values):
        line = order.order_line[0]
        return self._sell(amount, method, line={
            "sale_order_origin_id": order.id, "sale_order_line_id": line.id, "qty": quantity,
            "price_unit": amount / quantity,
        }, **values)  # fmt: skip

    def _assert_open(self, amount, *orders):
        """What counts against the limit; what of it is left of orders, one by one, besides."""
        self.env.flush_all()
        self.env.invalidate_all()
        position = self.customer._get_credit_positions(self.company)[self.customer.id]
        self.assertAlmostEqual(position.open, amount)
        for order, left in orders:
            self.assertAlmostEqual(order._get_amount_left(), left)

    def test_settled_in_cash_it_uses_up_no_credit(self):
        order = self._order(400)
        self._assert_open(400, (order, 400))
        self._assert_stopped(lambda: self._order(101), "Harbour Supply")
        self._settle(order, 400, self.cash)
        self.assertEqual((order.invoice_status, order.amount_to_invoice), ("invoiced", 0))
        self._assert_open(0, (order, 0))
        self._order(500)
        self._assert_stopped(lambda: self._order(1), "Harbour Supply")

    def test_settled_on_account_it_counts_once(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    order = self._order(400)
                    sale = self._settle(order, 400, to_invoice=to_invoice)
                    self.assertEqual(bool(sale.account_move), to_invoice)
                    self._assert_open(400, (order, 0))
                    self._sell(100, to_invoice=to_invoice)
                    self._assert_stopped(lambda: self._sell(1), "Harbour Supply")
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_what_was_ordered_before_the_limit_fell_can_be_sold(self):
        order = self._order(400)
        self.customer.credit_limit = 300
        self._assert_stopped(lambda: self._sell(1), "Harbour Supply")
        # more than was ordered is more than counts already
        self._assert_stopped(lambda: self._settle(order, 410), "Harbour Supply")
        self._settle(order, 400)
        self._assert_open(400, (order, 0))

    def test_a_hold_stops_an_order_on_account_and_not_in_cash(self):
        order = self._order(400)
        self.customer.account_status = "hold"
        self._assert_stopped(lambda: self._settle(order, 400), "credit hold")
        self._settle(order, 400, self.cash)
        self._assert_open(0, (order, 0))

    def test_an_order_that_was_settled_in_cash_makes_no_room_later(self):
        order = self._order(400)
        sale = self._settle(order, 400, self.cash)
        other = self._order(500)
        self._assert_stopped(
            lambda: sale.payment_ids.write({"payment_method_id": self.on_account.id}),
            "Harbour Supply",
        )
        self._assert_open(500, (order, 0), (other, 500))

    def test_an_order_of_somebody_else_makes_no_room(self):
        neighbour = self._create_customer("Neighbour", credit_limit=1000)
        order = self._order(450, partner_id=neighbour.id)
        self._order(400)
        self._assert_stopped(lambda: self._settle(order, 450), "Harbour Supply")

    def test_after_the_session_is_closed_too(self):
        order = self._order(400)
        self._settle(order, 400)
        self.session.action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")
        self._assert_open(400, (order, 0))

    def test_a_draft_of_the_till_changes_nothing(self):
        order = self._order(400)
        self._settle(order, 400, state="draft")
        self._assert_open(400, (order, 400))

    def test_a_part_of_it_in_another_unit(self):
        order = self._order(
            0, order_line=[Command.create({
                "product_id": self.product.id, "price_unit": 240, "product_uom_qty": 2,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            })],
        )  # fmt: skip
        self._assert_open(480, (order, 480))
        # six of 24 pieces, and cheaper than agreed
        self._settle(order, 90, self.cash, quantity=6)
        self._assert_open(360, (order, 360))

    def test_what_is_paid_down_at_the_till_comes_off(self):
        order = self._order(400)
        product = self.env["product.product"].create(
            {"name": "Down Payment", "type": "service", "taxes_id": False}
        )
        self.shop.down_payment_product_id = product
        line = {"sale_order_origin_id": order.id, "product_id": product.id}
        self._sell(150, self.cash, line=line)
        paid = order.sudo().order_line.filtered("is_downpayment")
        self.assertEqual(paid.pos_order_line_ids.price_subtotal_incl, 150)
        self._assert_open(250, (order, 250))
        # the rest of it by an invoice, which takes the down payment back
        invoice = order._create_invoices(final=True)
        self.assertEqual(invoice.amount_total, 250)
        invoice.action_post()
        self._assert_open(250, (order, 0))

    def test_a_quotation_is_confirmed_when_it_is_paid(self):
        self.customer.credit_limit = 300
        order = self._order(400, is_confirmed=False)
        self._settle(order, 400, self.cash)
        self.assertEqual(order.state, "sale")
        self._assert_open(0, (order, 0))
        self.customer.account_status = "hold"
        held = self._order(450, is_confirmed=False)
        self._settle(held, 450, self.cash)
        self.assertEqual(held.state, "sale")
        self._assert_open(0, (held, 0))

    def test_a_quotation_that_is_settled_on_account_counts_once(self):
        order = self._order(400, is_confirmed=False)
        self._settle(order, 400)
        self.assertEqual(order.state, "sale")
        self._assert_open(400, (order, 0))
        more = self._order(101, is_confirmed=False)
        self._assert_stopped(lambda: self._settle(more, 101), "Harbour Supply")
        self.assertEqual(more.state, "draft")
        self._settle(more, 101, self.cash)
        self.assertEqual(more.state, "sale")
        self._assert_open(400, (more, 0))

    def test_of_a_part_the_rest_is_judged(self):
        order = self._order(100, 8, is_confirmed=False)
        self._assert_stopped(
            lambda: self._settle(order, 200, self.cash, quantity=2), "Harbour Supply"
        )
        self._settle(order, 300, self.cash, quantity=3)
        self.assertEqual(order.state, "sale")
        self._assert_open(500, (order, 500))

    def test_of_a_project_it_is_to_be_invoiced_no_more(self):
        project = self.env["bizuno.project"].create(
            {"name": "Cold store", "partner_id": self.customer.id}
        )
        order = self._order(80, 5, bizuno_project_id=project.id)
        seen = project.with_user(self.users["bookkeeper"])
        for sold, left in ((0, 400), (2, 240), (3, 0)):
            if sold:
                self._settle(order, 70 * sold, self.cash, quantity=sold)
            self.env.flush_all()
            seen.invalidate_recordset()
            self.assertEqual(seen.to_invoice, left)
