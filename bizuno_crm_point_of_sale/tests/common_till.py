from uuid import uuid4

from odoo import Command, fields
from odoo.addons.bizuno_crm.tests.common import BizunoCommon
from odoo.exceptions import UserError
from odoo.tests import new_test_user


class TillCommon(BizunoCommon):
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

    def _get_ui_order(
        self, amount, payments, to_invoice=False, customer=None, state="paid", line=None
    ):
        """A sale as the till's page sends it.

        :param payments: [(payment method, amount)]
        :param dict line: what its line has besides
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
                        **(line or {}),
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
