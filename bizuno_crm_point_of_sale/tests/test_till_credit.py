from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_till import TillCommon


@tagged("post_install", "-at_install")
class TestTillCredit(TillCommon):
    """What is sold on account is under credit control, like an invoice."""

    def test_on_account_up_to_the_limit_whether_invoiced_or_not(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    self._sell(300, to_invoice=to_invoice)
                    self._sell(200, to_invoice=to_invoice)
                    self._assert_stopped(
                        lambda i=to_invoice: self._sell(1, to_invoice=i), "Harbour Supply"
                    )
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_till_and_invoices_share_the_limit(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id, "price_unit": 450})],
            }
        )
        self._sell(100)
        self.company.credit_scope = "invoices_and_orders"
        self._assert_stopped(order.action_confirm, "over the credit limit|exceeds")

    def test_what_is_paid_is_never_stopped(self):
        self.customer.account_status = "hold"
        for to_invoice in (False, True):
            order = self._sell(9000, self.cash, to_invoice=to_invoice)
            self.assertIn(order.state, ("paid", "done"))
        self.assertEqual(order.account_move.state, "posted")
        self.assertEqual(order.account_move.payment_state, "paid")

    def test_hold_stops_what_is_on_account(self):
        self.customer.account_status = "hold"
        for to_invoice in (False, True):
            self._assert_stopped(lambda i=to_invoice: self._sell(1, to_invoice=i), "credit hold")

    def test_part_on_account_is_judged_by_that_part(self):
        parts = [(self.cash, 1800), (self.on_account, 200)]
        for to_invoice in (False, True):
            order = self._sell(2000, payments=parts, to_invoice=to_invoice)
            self.assertIn(order.state, ("paid", "done"))
        self._assert_stopped(lambda: self._sell(2000, payments=parts), "Harbour Supply")

    def test_several_sales_of_one_call_share_the_limit(self):
        """What was sold off line, in one call: all of it is kept, or nothing."""
        sales = self.env["pos.order"].with_user(self.cashier).with_context(generate_pdf=False)

        def send(*parts):
            data = [
                self._get_ui_order(amount, [(method, amount)], to_invoice=to_invoice)
                for method, amount, to_invoice in parts
            ]
            sales.sync_from_ui(data)
            return sales.search([("uuid", "in", [sale["uuid"] for sale in data])])

        sold = send(
            (self.on_account, 180, False), (self.cash, 7300, True), (self.on_account, 170, True)
        )
        self.assertEqual(len(sold.filtered(lambda sale: sale.state in ("paid", "done"))), 3)
        # 350 of 500 are on account; each of these would fit, and paid ones do not help.
        count = sales.search_count([])
        for parts in (
            ((self.on_account, 90, False), (self.on_account, 70, False)),
            ((self.on_account, 70, True), (self.on_account, 90, False)),
            ((self.cash, 900, True), (self.on_account, 150.01, False)),
        ):
            self._assert_stopped(lambda parts=parts: send(*parts), "Harbour Supply")
            self.assertEqual(sales.search_count([]), count)
        send((self.cash, 900, True), (self.on_account, 150, False))
        self._assert_stopped(lambda: send((self.on_account, 0.01, False)), "Harbour Supply")

    def test_a_paid_sale_does_not_become_one_on_account(self):
        order = self._sell(800, self.cash)
        payment = order.payment_ids
        for change in (
            lambda: payment.write({"payment_method_id": self.on_account.id}),
            lambda: order.write(
                {"payment_ids": [Command.update(payment.id, {
                    "payment_method_id": self.on_account.id
                })]}
            ),
            lambda: order.write({"payment_ids": [
                Command.delete(payment.id),
                Command.create({"amount": 800, "payment_method_id": self.on_account.id}),
            ]}),
        ):  # fmt: skip
            self._assert_stopped(change, "Harbour")
            self.env.invalidate_all()
            self.assertEqual(payment.payment_method_id, self.cash)

    def test_a_sale_does_not_move_to_another_customer(self):
        free = self._create_customer("Free", credit_limit=0)
        order = self._sell(800, customer=free)
        self._assert_stopped(lambda: order.write({"partner_id": self.customer.id}), "Harbour")

    def test_state_written_by_hand_is_judged_too(self):
        order = self._sell(800, state="draft")
        self.assertEqual(order.state, "draft")
        self._assert_stopped(lambda: order.write({"state": "paid"}), "Harbour")

    def test_the_wizard_of_the_back_office_is_judged_too(self):
        order = self._sell(800, state="draft", payments=[(self.cash, 0)])
        manager = new_test_user(
            self.env, "bizuno_till_manager", "point_of_sale.group_pos_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        wizard = (
            self.env["pos.make.payment"]
            .with_user(manager)
            .with_context(active_id=order.id, active_ids=order.ids)
            .create({"amount": 800, "payment_method_id": self.on_account.id})
        )
        self._assert_stopped(wizard.check, "Harbour")
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_an_invoice_of_a_sale_that_nobody_paid_is_judged(self):
        order = self._sell(800, state="draft", payments=[(self.cash, 0)])
        self._assert_stopped(order.action_pos_order_invoice, "Harbour")

    def test_warning_stops_nothing_and_is_noted(self):
        self.company.credit_policy = "warn"
        order = self._sell(9000)
        self.assertEqual(order.state, "paid")
        self.assertIn("credit limit", order.message_ids[0].body)

    def test_what_is_returned_on_account_is_never_stopped(self):
        self._sell(500)
        self.customer.account_status = "hold"
        self.assertEqual(self._sell(-100).state, "paid")

    def test_it_counts_once_when_the_session_is_closed(self):
        self._sell(300)
        self.assertEqual(
            self.customer._get_credit_positions(self.company)[self.customer.id].open, 300
        )
        self.session.action_pos_session_closing_control()
        self.env.flush_all()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(
            self.customer._get_credit_positions(self.company)[self.customer.id].open, 300
        )
        self.env.invalidate_all()
        self.assertEqual(self.customer.aged_total, 300)
