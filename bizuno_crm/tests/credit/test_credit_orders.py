from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditOrders(CreditCommon):
    """What is left of an order: by quantity, line by line, less down payments; the same in SQL and
    of one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"credit_policy": "block", "credit_scope": "invoices_and_orders"})
        cls.taxes = cls.env["account.tax"].create(
            [
                {"name": str(rate), "amount": rate, "type_tax_use": "sale",
                 "company_id": cls.company.id}
                for rate in (20, 7)
            ]
        )  # fmt: skip
        cls.delivered = cls.env["product.product"].create(
            {"name": "Hose", "taxes_id": False, "invoice_policy": "delivery", "type": "service"}
        )

    def _lines(self, *lines, **values):
        """:param lines: (quantity, price, tax or None, product)"""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.rep.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids if tax else [])],
                        }
                    )
                    for quantity, price, tax, product in lines
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    def _assert_left(self, order, left):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertAlmostEqual(order._get_amount_left(), left, 2)
        [account] = self.customer._get_credit_positions(self.company).values()
        owed = sum(
            self.env["account.move.line"]
            .search(
                [
                    ("partner_id", "=", self.customer.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ]
            )
            .mapped("amount_residual")
        )
        self.assertAlmostEqual(account.open - owed, left, 2)

    def _bill(self, order, post=True, **values):
        invoice = order._create_invoices()
        lines = invoice.invoice_line_ids
        for name, value in values.items():
            lines[name] = value
        if post:
            invoice.action_post()
        return invoice

    def test_billed_below_the_order_it_ends(self):
        for values in ({"discount": 40}, {"price_unit": 1}):
            self.customer = self._create_customer(f"Below {values}", credit_limit=1000)
            order = self._lines((7, 100, None, None))
            self._bill(order, **values)
            self.assertEqual(order.invoice_status, "invoiced")
            self._assert_left(order, 0)

    def test_a_line_that_is_dropped_from_the_invoice_is_left(self):
        order = self._lines((4, 100, None, None), (1, 30, None, None))
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids[1].unlink()
        self._assert_left(order, 430)
        invoice.action_post()
        self._assert_left(order, 30)

    def test_tax_rates_are_those_of_what_is_left(self):
        order = self._lines((1, 300, self.taxes[0], None), (1, 300, None, None))
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids[1].unlink()
        invoice.action_post()
        self._assert_left(order, 300)
        order = self._lines((1, 100, None, None), (2, 100, self.taxes[1], None))
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids[0].unlink()
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        self.assertAlmostEqual(order._get_amount_left(), 207)

    def test_billed_by_delivery_it_counts_before(self):
        order = self._lines((10, 50, None, self.delivered))
        self._assert_left(order, 500)
        order.order_line.qty_delivered = 4
        self._assert_left(order, 500)
        self._bill(order)
        self._assert_left(order, 300)
        order.order_line.qty_delivered = 12
        # What Odoo will bill is never less than what counts.
        self.assertEqual(order.amount_to_invoice, 400)
        self._assert_left(order, 400)
        self._bill(order)
        self._assert_left(order, 0)

    def test_a_down_payment_lowers_what_is_left(self):
        order = self._lines((2, 400, None, None))
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 300}).create_invoices()
        down = order.invoice_ids
        self._assert_left(order, 800)
        down.action_post()
        self._assert_left(order, 500)
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 500)
        self.assertEqual(final._get_credit_added(self.company), 0)
        final.action_post()
        self._assert_left(order, 0)

    def test_a_credit_note_opens_what_odoo_says_it_does(self):
        order = self._lines((3, 100, None, None))
        invoice = self._bill(order)
        self._assert_left(order, 0)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        self.assertEqual(order.order_line.qty_to_invoice, 3)
        self._assert_left(order, 300)

    def test_units_and_negative_lines(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._lines((2, 240, None, None), (1, -100, None, None), (-1, 20, None, None))
        order.order_line[0].write({"product_uom_id": dozen.id, "price_unit": 240})
        self._assert_left(order, 360)
        invoice = self._bill(order, post=False)
        line = invoice.invoice_line_ids[0]
        line.write(
            {
                "product_uom_id": self.env.ref("uom.product_uom_unit").id,
                "quantity": 12,
                "price_unit": 20,
            }
        )
        (invoice.invoice_line_ids - line).unlink()
        invoice.action_post()
        self._assert_left(order, 120)

    def test_another_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "E", "currency_id": currency.id})
        order = self._lines((2, 400, None, None), pricelist_id=pricelist.id)
        self._bill(order, quantity=1)
        self.env.invalidate_all()
        self.assertAlmostEqual(order._get_amount_left(), 400)
        [account] = self.customer._get_credit_positions(self.company).values()
        self.assertAlmostEqual(account.open, 400)

    def test_the_next_order_passes(self):
        order = self._lines((1, 900, None, None))
        invoice = self._bill(order, discount=30)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(self._lines((1, 1000, None, None)).state, "sale")

    # delivered goods

    def test_delivered_goods_are_billed_whatever_the_limit_or_hold(self):
        for policy in ("block", "approval"):
            for status in ("active", "hold"):
                self.company.write({"credit_policy": policy, "credit_scope": "invoices"})
                customer = self._create_customer(f"{policy} {status}", credit_limit=500)
                self.customer = customer
                order = self._lines((5, 100, None, self.delivered))
                order.order_line.qty_delivered = 5
                customer.credit_limit = 10
                self.assertEqual(customer.credit_status, "ok")
                customer.account_status = status
                invoice = self._bill(order, post=False).with_user(self.users["bookkeeper"])
                self.assertFalse(invoice.is_credit_approval_needed)
                invoice.action_post()
                self.assertEqual(invoice.state, "posted")
                note = " ".join(invoice.sudo().message_ids.mapped("body"))
                self.assertIn("only bills what has already been delivered", note)
                self.assertIn(self.users["bookkeeper"].name, note)
                self.assertIn("Delivered goods", invoice.sudo().activity_ids.summary)

    def test_and_only_those(self):
        order = self._lines((5, 100, None, self.delivered), (2, 100, None, None))
        order.order_line[0].qty_delivered = 5
        self.customer.account_status = "locked"

        def bill(**values):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.filtered(
                lambda one: one.sale_line_ids.product_id == self.product
            ).unlink()
            invoice.invoice_line_ids.write(values)
            return invoice

        cases = {
            "more than delivered": lambda: bill(quantity=6),
            "dearer": lambda: bill(price_unit=101),
            "another line": order._create_invoices,
            "a line of no order": lambda: add(bill()),
            "another customer": lambda: give_to_another(bill()),
        }

        def add(invoice):
            invoice.invoice_line_ids = [
                Command.create({"name": "Freight", "price_unit": 9, "tax_ids": [Command.clear()]})
            ]
            return invoice

        def give_to_another(invoice):
            invoice.partner_id = self._create_customer("Else", account_status="locked")
            return invoice

        for name, make in cases.items():
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, "locked"), self.env.cr.savepoint():
                    make().action_post()
                self.env.invalidate_all()
        # What somebody types in makes no order larger.
        with self.assertRaisesRegex(UserError, "locked"), self.env.cr.savepoint():
            order.order_line[0].with_user(self.rep).qty_delivered = 50
        self.env.invalidate_all()
        invoice = bill()
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 500))
        self.assertEqual(order._get_amount_left(), 200)
