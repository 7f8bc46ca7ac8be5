from uuid import uuid4

from odoo import Command, fields
from odoo.addons.bizuno_crm.tests.common import BizunoCommon
from odoo.exceptions import UserError
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
        methods = cls.env["pos.payment.method"].sudo()
        cash = cls.env["account.journal"].create({"name": "Till", "type": "cash", "code": "TIL"})
        cls.cash = methods.create({"name": "Cash", "journal_id": cash.id})
        cls.on_account = methods.create({"name": "On Account", "split_transactions": True})
        cls.shop = (
            cls.env["pos.config"]
            .sudo()
            .create(
                {
                    "name": "Shop",
                    "payment_method_ids": [Command.set((cls.cash + cls.on_account).ids)],
                }
            )
        )
        cls.shop.with_user(cls.cashier).open_ui()
        cls.session = cls.shop.current_session_id
        cls.session.set_opening_control(0, "")

    def _get_ui_order(self, amount, payments, to_invoice=False, customer=None, state="paid"):
        """A sale as the till's page sends it.

        :param payments: [(payment method, amount)]
        """
        return {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "name": "Order",
            "pos_reference": "Order 00001-001-0001",
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "session_id": self.session.id,
            "company_id": self.company.id,
            "user_id": self.cashier.id,
            "partner_id": (customer or self.customer).id,
            "to_invoice": to_invoice,
            "state": state,
            "amount_total": amount,
            "amount_tax": 0,
            "amount_paid": amount,
            "amount_return": 0,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()), "product_id": self.product.id,
                        "qty": 1 if amount > 0 else -1, "price_unit": abs(amount),
                        "price_subtotal": amount, "price_subtotal_incl": amount, "tax_ids": [],
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {"uuid": str(uuid4()), "payment_method_id": method.id, "amount": paid,
                     "name": fields.Datetime.to_string(fields.Datetime.now())}
                )
                for method, paid in payments
            ],
        }  # fmt: skip

    def _sell(self, amount, method=None, payments=None, **values):
        payments = payments or [(method or self.on_account, amount)]
        data = self._get_ui_order(amount, payments, **values)
        orders = self.env["pos.order"].with_user(self.cashier).with_context(generate_pdf=False)
        orders.sync_from_ui([data])
        return orders.search([("uuid", "=", data["uuid"])])

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
