from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditGiven(CreditCommon):
    """What is created is judged by what is given: by values, or by a default, of the context of a
    remote call as well as of those that anybody may save."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.company.credit_scope = "invoices_and_orders"
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.free = cls._create_customer("Free Pier")
        cls.free.credit_limit = 0

    def _given(self, model, user, **defaults):
        """:return: {how: the model, as the user, with these defaults}"""

        def saved():
            for name, value in defaults.items():
                self.env["ir.default"].with_user(user).set(model, name, value, user_id=True)
            return self.env[model].with_user(user)

        context = {f"default_{name}": value for name, value in defaults.items()}
        return {
            "context": lambda: self.env[model].with_user(user).with_context(**context),
            "saved": saved,
        }

    def test_a_line_of_a_confirmed_order(self):
        order = self._confirmed(870)
        new = {"product_id": self.product.id, "price_unit": 410}
        for how, lines in self._given("sale.order.line", self.rep, order_id=order.id).items():
            for way in (
                lambda lines=lines: lines().create(new),
                lambda lines=lines: lines().web_save(new, {}),
                lambda lines=lines: lines().create([new, {**new, "price_unit": -1}]),
            ):
                with self.subTest(how):
                    self._stopped(way, "Harbour Supply")
        lines = self.env["sale.order.line"].with_user(self.rep)
        result = lines.with_context(default_order_id=order.id).load(
            ["product_id/.id", "price_unit"], [[str(self.product.id), "410"]]
        )
        self.assertIn("Harbour Supply", result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(order.amount_total, 870)
        # What stays within the limit passes all the same.
        lines.with_context(default_order_id=order.id).create({**new, "price_unit": 130})
        self.assertEqual(order.amount_total, 1000)

    def test_what_counts_as_invoiced(self):
        billed = self._invoice(640, self.free, post=True).invoice_line_ids
        order = self._order(1)
        defaults = {"invoice_lines": [Command.link(billed.id)]}
        lines = self.env["sale.order.line"].with_user(self.rep)
        lines = lines.with_context(**{f"default_{k}": v for k, v in defaults.items()})
        self._stopped(
            lambda: lines.create({"order_id": order.id, "product_id": self.product.id}),
            "system calculates it",
            AccessError,
        )

    def test_an_order_that_is_confirmed_by_a_default(self):
        new = {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 2300})]}
        stranger = self.env["res.partner"].create({"name": "Stranger at the Pier"})
        for partner in (self.customer, stranger):
            given = self._given("sale.order", self.rep, state="sale", partner_id=partner.id)
            for how, orders in given.items():
                with self.subTest(how, partner=partner.name):
                    self._stopped(lambda orders=orders: orders().create(new), partner.name)
        small = {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 9})]}
        orders = self.env["sale.order"].with_user(self.rep)
        orders = orders.with_context(default_state="sale", default_partner_id=stranger.id)
        self.assertEqual(orders.create(small).state, "sale")
        self.assertTrue(stranger.role_customer)
        self.assertEqual(stranger.credit_limit, 1000)

    def test_an_invoice_that_is_posted_by_a_default(self):
        new = {
            "partner_id": self.customer.id,
            "invoice_line_ids": [Command.create({"name": "Pump", "price_unit": 2300})],
        }
        given = self._given(
            "account.move", self.bookkeeper, state="posted", move_type="out_invoice"
        )
        for how, moves in given.items():
            with self.subTest(how):
                self._stopped(lambda moves=moves: moves().create(new), "posted|Harbour Supply")

    def test_a_line_of_an_invoice_says_nothing_of_what_it_comes_to(self):
        draft = self._invoice(40)
        lines = self.env["account.move.line"].with_user(self.bookkeeper)
        lines = lines.with_context(default_move_id=draft.id)
        for name in ("price_total", "amount_residual"):
            self._stopped(
                lambda name=name: lines.create({"name": "x", "price_unit": 3, name: 1}),
                "system calculates it",
                AccessError,
            )

    def test_an_exempt_customer_is_not_taxed_by_a_default(self):
        tax = self.env["account.tax"].create(
            {"name": "13", "amount": 13, "type_tax_use": "sale", "company_id": self.company.id}
        )
        self.free.tax_exempt = True
        order, invoice = self._order(50, self.free), self._invoice(50, self.free)
        for lines, values in (
            (order.order_line, {"default_order_id": order.id}),
            (invoice.invoice_line_ids, {"default_move_id": invoice.id}),
        ):
            lines = lines.browse().with_context(**values, default_tax_ids=[Command.set(tax.ids)])
            line = lines.create({"name": "x", "product_id": self.product.id, "price_unit": 7})
            self.assertFalse(line.tax_ids)

    def test_no_number_by_a_default(self):
        order = self._order(5, self.free)
        for number in (float("nan"), float("inf"), "-inf"):
            lines = self.env["sale.order.line"].with_user(self.rep)
            lines = lines.with_context(default_price_unit=number)
            contacts = self.env["res.partner"].with_user(self.bookkeeper)
            contacts = contacts.with_context(default_credit_limit=number)
            for way in (
                lambda lines=lines: lines.create(
                    {"order_id": order.id, "product_id": self.product.id}
                ),
                lambda contacts=contacts: contacts.create({"name": "N", "role_customer": True}),
            ):
                self._stopped(way, "is not a number", ValidationError)

    def test_a_limit_that_no_code_holds(self):
        customer = self.customer.with_user(self.bookkeeper)
        for limit in (1e300, 1e12, "7e40"):
            self._stopped(
                lambda limit=limit: customer.write({"credit_limit": limit}),
                "limit of Harbour Supply must be below 1,000,000,000,000",
                ValidationError,
            )
        customer.credit_limit = 999_999_999_999
        self.assertEqual(customer.bizuno_terms, "0:0:0:30:999999999999")

    def test_days_at_the_edge(self):
        """That the log of changes, or a calendar, does not reach."""
        free = self.free.with_user(self.bookkeeper)
        for day in ("0001-01-01", "0876-05-04"):
            self._stopped(
                lambda day=day: free.write({"tax_exempt": True, "tax_exempt_expiration": day}),
                f"Free Pier cannot end on {day}",
                ValidationError,
            )
        free.write({"tax_exempt": True, "tax_exempt_expiration": "9999-12-31"})
        self.assertTrue(free._is_tax_exempt())
        self.free.bizuno_terms = "3:0:0:45:0"
        invoice = self._invoice(5, self.free)
        for day in ("9999-12-31", "9999-11-20"):
            self._stopped(
                lambda day=day: invoice.with_user(self.bookkeeper).write({"invoice_date": day}),
                f"lead from {day} beyond the year 9999",
            )
        invoice.write({"invoice_date": "0001-01-01"})

    def test_an_amount_that_holds_no_cents(self):
        order, invoice = self._order(5, self.free), self._invoice(5, self.free)
        moves = self.env["account.move"].with_user(self.bookkeeper)
        price = {"price_unit": 3e120}

        def order_of(line):
            line = {"product_id": self.product.id, **line}
            values = {"partner_id": self.free.id, "order_line": [Command.create(line)]}
            return lambda: self.env["sale.order"].with_user(self.rep).create(values)

        def invoice_of(line):
            line = {"name": "Pump", "tax_ids": [Command.clear()], **line}
            values = {
                "move_type": "out_invoice",
                "partner_id": self.free.id,
                "invoice_line_ids": [Command.create(line)],
            }
            return lambda: moves.create(values)

        line, bill = order.order_line, invoice.invoice_line_ids
        for way, named in (
            (order_of(price), "new record"),
            (order_of({**price, "product_uom_qty": 2e250}), "new record"),
            (order_of({"price_unit": -9e7, "product_uom_qty": 4e7}), "new record"),
            (invoice_of(price), "new record"),
            (invoice_of({**price, "quantity": 2e250}), "new record"),
            (lambda: line.with_user(self.rep).write({"product_uom_qty": 8e300}), order.name),
            (lambda: line.with_user(self.rep).write({**price, "product_uom_qty": 4}), order.name),
            (lambda: bill.with_user(self.bookkeeper).write({"quantity": 7e200}), "Pump"),
        ):
            with self.subTest(named):
                self._stopped(way, f"(?s){named}.*calculated to the cent", ValidationError)
        large = order_of({"price_unit": 5e12})()
        self.assertEqual(large.amount_total, 5e12)
        with self.assertRaises(UserError):
            self._order(5e12).action_confirm()
