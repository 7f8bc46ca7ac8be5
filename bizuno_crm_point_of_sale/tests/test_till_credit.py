from odoo import Command
from odoo.addons.bizuno_crm.tests.common import BizunoCommon
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTillCredit(BizunoCommon):
    """A real session of the till, worked by a cashier, for a customer with a limit of 500."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.credit_policy = "block"
        cls.customer.credit_limit = 500
        cls.cashier = new_test_user(
            cls.env, "bizuno_cashier", "point_of_sale.group_pos_user,base.group_user",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)], tz="UTC",
        )  # fmt: skip
        cls.product = cls.env["product.product"].create(
            {"name": "Pump", "type": "service", "available_in_pos": True, "taxes_id": False}
        )
        methods = cls.env["pos.payment.method"]
        cash = cls.env["account.journal"].create({"name": "Till", "type": "cash", "code": "TIL"})
        cls.cash = methods.create({"name": "Cash", "journal_id": cash.id})
        cls.on_account = methods.create({"name": "On Account", "split_transactions": True})
        cls.shop = cls.env["pos.config"].create(
            {"name": "Shop", "payment_method_ids": [Command.set((cls.cash + cls.on_account).ids)]}
        )
        cls.shop.with_user(cls.cashier).open_ui()
        cls.session = cls.shop.current_session_id
        cls.session.set_opening_control(0, "")

    def _prepare(self, amount, to_invoice=False, customer=None):
        return (
            self.env["pos.order"]
            .with_user(self.cashier)
            .create(
                {
                    "session_id": self.session.id,
                    "partner_id": (customer or self.customer).id,
                    "company_id": self.company.id,
                    "to_invoice": to_invoice,
                    "amount_total": amount, "amount_tax": 0, "amount_paid": 0, "amount_return": 0,
                    "lines": [
                        Command.create(
                            {
                                "product_id": self.product.id, "qty": 1, "price_unit": amount,
                                "price_subtotal": amount, "price_subtotal_incl": amount,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
        )  # fmt: skip

    def _pay(self, order, method, amount):
        payment = order.env["pos.make.payment"].with_context(
            active_id=order.id, active_ids=order.ids, generate_pdf=False
        )
        payment.create({"amount": amount, "payment_method_id": method.id}).check()

    def _sell(self, amount, method=None, **values):
        order = self._prepare(amount, **values)
        self._pay(order, method or self.on_account, amount)
        return order

    def _assert_stopped(self, sell, pattern):
        with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint():
            sell()

    def test_on_account_up_to_the_limit_whether_invoiced_or_not(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    self._sell(300, to_invoice=to_invoice)
                    self._sell(200, to_invoice=to_invoice)
                    self._assert_stopped(
                        lambda: self._sell(1, to_invoice=to_invoice), "Harbour Supply"
                    )
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_till_and_invoices_share_the_limit(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 450})
                ],
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
        for to_invoice in (False, True):
            order = self._prepare(2000, to_invoice=to_invoice)
            self._pay(order, self.cash, 1800)
            self._pay(order, self.on_account, 200)
            self.assertIn(order.state, ("paid", "done"))
        third = self._prepare(2000)
        self._pay(third, self.cash, 1800)
        self._assert_stopped(lambda: self._pay(third, self.on_account, 200), "Harbour Supply")

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
            with self.assertRaises((UserError, AccessError)), self.env.cr.savepoint():
                change()
            self.env.invalidate_all()
            self.assertEqual(payment.payment_method_id, self.cash)

    def test_a_sale_does_not_move_to_another_customer(self):
        free = self._create_customer("Free", credit_limit=0)
        order = self._sell(800, customer=free)
        self._assert_stopped(lambda: order.write({"partner_id": self.customer.id}), "Harbour")

    def test_state_written_by_hand_is_judged_too(self):
        order = self._prepare(800)
        order.env["pos.payment"].create(
            {"pos_order_id": order.id, "amount": 800, "payment_method_id": self.on_account.id}
        )
        self._assert_stopped(lambda: order.write({"state": "paid"}), "Harbour")

    def test_warning_stops_nothing(self):
        self.company.credit_policy = "warn"
        self.assertEqual(self._sell(9000).state, "paid")

    def test_what_is_returned_on_account_is_never_stopped(self):
        self._sell(500)
        self.customer.account_status = "hold"
        self.assertEqual(self._sell(-100).state, "paid")

    def test_it_counts_once_when_the_session_is_closed(self):
        self._sell(300)
        self.assertEqual(self.customer._get_credit_accounts(self.company)[self.customer.id].open, 300)
        self.session.action_pos_session_closing_control()
        self.env.flush_all()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(self.customer._get_credit_accounts(self.company)[self.customer.id].open, 300)
        self.env.invalidate_all()
        self.assertEqual(self.customer.aged_total, 300)
