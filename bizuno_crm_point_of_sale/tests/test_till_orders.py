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

    # approvals

    def _approve(self, order, amount, **values):
        approvals = self.env["bizuno.credit.approval"].with_user(self.users["accountant"])
        approvals.create({"order_id": order.id, "amount": amount, "reason": "Known", **values})

    def test_an_approval_of_an_order_is_one_of_its_sale(self):
        self.company.credit_policy = "approval"
        order = self._order(900, is_confirmed=False)
        self._assert_stopped(lambda: self._settle(order, 900), "Harbour Supply")
        self._approve(order, 900)
        self._assert_stopped(lambda: self._settle(order, 901), "Harbour Supply")
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    sale = self._settle(order, 900, to_invoice=to_invoice)
                    self.assertIn(sale.state, ("paid", "done"))
                    self.assertEqual(order.state, "sale")
                    self._assert_open(900, (order, 0))
                    # What is approved is approved once, at the till and on invoices.
                    self._assert_stopped(lambda: self._settle(order, 1), "Harbour Supply")
                    self.assertEqual(order._get_credit_used(), 900)
                    savepoint.rollback()
                self.env.invalidate_all()
        order.action_confirm()
        self.customer.account_status = "hold"
        self._settle(order, 900)
        self._assert_open(900, (order, 0))

    def test_in_parts_and_with_invoices_it_is_approved_once(self):
        self.company.credit_policy = "approval"
        order = self._order(300, 4, is_confirmed=False)
        self._approve(order, 1200)
        order.action_confirm()
        self.customer.credit_limit = 10
        self._settle(order, 300)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 2
        invoice.action_post()
        self._assert_open(1200, (order, 300))
        self._assert_stopped(lambda: self._settle(order, 301), "Harbour Supply")
        self._settle(order, 300)
        # one more, which is beyond the order as well as beyond what is approved
        again = order._create_invoices(final=True) if order.invoice_status == "to invoice" else None
        self.assertFalse(again)
        more = invoice.copy()
        more.invoice_line_ids.sale_line_ids = order.order_line
        self._assert_stopped(more.action_post, "Harbour Supply")

    def test_an_approval_is_of_nothing_else_and_for_nobody_else(self):
        self.company.credit_policy = "approval"
        order = self._order(900, is_confirmed=False)
        self._approve(order, 900)
        line = order.order_line
        linked = {"sale_order_origin_id": order.id, "sale_order_line_id": line.id}
        # more on account than its lines say
        self._assert_stopped(
            lambda: self._sell(
                1, payments=[(self.on_account, 901)],
                line={**linked, "price_subtotal": 1, "price_subtotal_incl": 1, "price_unit": 1},
            ),
            "Harbour Supply",
        )  # fmt: skip
        # a line of its own beside it
        data = self._get_ui_order(800, [(self.on_account, 800)], line=linked)
        data["lines"].append(Command.create({
            **data["lines"][0][2], "uuid": "beside", "sale_order_line_id": False,
            "sale_order_origin_id": False, "price_unit": 0, "price_subtotal": 0,
            "price_subtotal_incl": 0,
        }))  # fmt: skip
        orders = self.env["pos.order"].with_user(self.cashier)
        self._assert_stopped(lambda: orders.sync_from_ui([data]), "Harbour Supply")
        neighbour = self._create_customer("Neighbour", credit_limit=100)
        self._assert_stopped(
            lambda: self._settle(order, 900, customer=neighbour), "Neighbour exceeds"
        )
        self.company.credit_policy = "block"
        self._assert_stopped(lambda: self._settle(order, 900), "Harbour Supply")

    # what is sold of it no more

    def test_what_is_taken_back_of_an_order_must_have_been_given_back(self):
        order = self._order(400)
        sale = self._settle(order, 400, self.cash)
        self._order(500)
        line = sale.lines.with_user(self.cashier)
        for number, way in enumerate((
            lambda: line.write({"sale_order_line_id": False}),
            lambda: line.write({"qty": 0}),
            lambda: line.copy({"qty": -1}),
            lambda: line.with_context(
                default_sale_order_line_id=order.order_line.id, default_order_id=sale.id
            ).create({
                "product_id": self.product.id, "qty": -1, "price_subtotal": 0,
                "price_subtotal_incl": 0,
            }),
            lambda: self._sell(-1, payments=[(self.cash, 0)], line={
                "sale_order_origin_id": order.id, "sale_order_line_id": order.order_line.id,
            }),
        )):  # fmt: skip
            with self.subTest(number):
                self._assert_stopped(way, "Harbour Supply")
                self.env.invalidate_all()
                self._assert_open(500, (order, 0))
        # Given back, it may be sold again: what is on account is then judged as ever.
        self._settle(order, -400, self.cash, quantity=-1)
        self._assert_open(900, (order, 400))

    def test_what_is_given_back_on_account_stops_nobody(self):
        order = self._order(400)
        self._settle(order, 400)
        self.customer.account_status = "hold"
        back = self._settle(order, -400, quantity=-1)
        self.assertEqual(back.state, "paid")
        self._assert_open(400, (order, 400))
