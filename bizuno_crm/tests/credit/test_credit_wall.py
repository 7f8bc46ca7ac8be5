from contextlib import closing, suppress
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditWall(CreditCommon):
    """Ways round the credit policy: each is one instance of a kind, tried as the person who has the
    right to write the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.product.list_price = 100
        cls.free = cls._create_customer("Free Harbour")
        cls.free.credit_limit = 0
        cls.bookkeeper = cls.users["bookkeeper"]

    def _refused(self, words="credit policy|Harbour Supply"):
        return self.assertRaisesRegex(UserError, words)

    def _dear_currency(self, rate=0.5):
        """One unit costs 1 / rate of the company's currency."""
        currency = self.env["res.currency"].create({"name": "DEA", "symbol": "D", "rounding": 0.01})
        currency.rate_ids.create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": rate,
            }
        )
        return currency

    # kind A: computed fields

    def test_computed_fields_are_nobodys_to_write(self):
        order, invoice = self._order(1500), self._invoice(5000)
        confirmed = self._confirmed(900)
        line = confirmed.order_line
        cases = (
            (order.with_user(self.rep), {"currency_rate": 1e9}),
            (order.with_user(self.rep), {"amount_total": 1}),
            (order.with_user(self.rep), {"amount_untaxed": 1, "note": "x"}),
            (order.with_user(self.rep), {"currency_id": self.env.ref("base.JPY").id}),
            (confirmed.with_user(self.rep), {"invoice_status": "invoiced"}),
            (line.with_user(self.rep), {"price_total": 1}),
            (line.with_user(self.rep), {"qty_invoiced": 1}),
            (line.with_user(self.rep), {"untaxed_amount_invoiced": 900}),
            (line.with_user(self.rep), {"state": "draft"}),
            (line.with_user(self.bookkeeper), {"qty_to_invoice": 0, "price_subtotal": 0}),
            (invoice.with_user(self.bookkeeper), {"amount_total_signed": 0}),
            (invoice.with_user(self.bookkeeper), {"commercial_partner_id": self.free.id}),
            (invoice.line_ids[-1:].with_user(self.bookkeeper), {"amount_residual": -7}),
            (invoice.line_ids.with_user(self.bookkeeper), {"parent_state": "cancel"}),
        )
        for records, values in cases:
            with self.subTest(values), self.assertRaisesRegex(AccessError, "system calculates it"):
                records.write(values)
            with self.subTest(values), self.assertRaisesRegex(AccessError, "system calculates it"):
                records[:1].web_save(values, {})
        # What is as it was is no change.
        order.with_user(self.rep).write({"amount_total": 1500, "note": "as it is"})

    def test_what_odoos_own_pages_send_is_no_forgery(self):
        """A new invoice, typed as the person whose work it is, and the button that blocks it."""
        for user in (self.bookkeeper, self.users["accountant"]):
            form = Form(
                self.env["account.move"]
                .with_user(user)
                .with_context(default_move_type="out_invoice")
            )
            form.partner_id = self.free
            with form.invoice_line_ids.new() as line:
                line.name, line.price_unit = "Pump", 70
                line.tax_ids.clear()
            invoice = form.save()
            invoice.action_post()
            self.assertEqual(invoice.amount_total_signed, 70)
            invoice.action_toggle_block_payment()
            self.assertEqual(invoice.payment_state, "blocked")
            invoice.action_toggle_block_payment()
            self.assertEqual(invoice.payment_state, "not_paid")
            with self.assertRaisesRegex(AccessError, "system calculates it"):
                invoice.payment_state = "invoicing_legacy"

    def test_computed_fields_are_not_given_by_create_copy_or_default(self):
        orders = self.env["sale.order"].with_user(self.rep)
        line = {"product_id": self.product.id, "price_unit": 1500}
        values = {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
        with self.assertRaises(AccessError):
            orders.create({**values, "currency_rate": 1e9})
        with self.assertRaises(AccessError):
            orders.create(values).copy({"amount_total": 1})
        with self.assertRaises(AccessError):
            orders.create({**values, "order_line": [Command.create({**line, "price_total": 1})]})
        order = orders.with_context(default_currency_rate=1e9, default_amount_total=1).create(
            values
        )
        self.env.invalidate_all()
        self.assertEqual((order.amount_total, order.currency_rate), (1500, 1))
        with self._refused():
            order.action_confirm()

    def test_a_forged_value_is_worked_out_anew(self):
        """As it may stand in the database from before, or from another program."""
        for policy in ("block", "approval"):
            self.company.credit_policy = policy
            order, invoice = self._order(1500), self._invoice(5000)
            self.env.flush_all()
            for record, values in (
                (order, {"currency_rate": 1e9}),
                (order, {"amount_total": 1}),
                (order.order_line, {"price_total": 1}),
                (invoice, {"amount_total_signed": 0}),
            ):
                record.sudo().write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                with self._refused():
                    if record._name == "account.move":
                        invoice.with_user(self.bookkeeper).action_post()
                    else:
                        order.with_user(self.rep).action_confirm()
                self.env.invalidate_all()

    def test_what_is_invoiced_is_not_said_by_a_link(self):
        self.company.credit_scope = "invoices_and_orders"
        other = self._invoice(900, partner=self.free, post=True)
        order = self._confirmed(900)
        with self.assertRaises(AccessError):
            order.order_line.with_user(self.rep).write(
                {"invoice_lines": [Command.link(other.invoice_line_ids.id)]}
            )
        with self._refused():
            self._order(900).with_user(self.rep).action_confirm()

    def test_an_empty_list_of_links_is_none(self):
        """Odoo's page sends it with each new line."""
        order = self._order(100).with_user(self.rep)
        new = {"product_id": self.product.id, "price_unit": 5, "invoice_lines": []}
        order.write({"order_line": [Command.create(new)]})
        order.order_line[-1].write({"invoice_lines": []})
        self.assertEqual(len(order.order_line), 2)
        for forged in (False, [Command.clear()], [Command.set([])], [5], "x"):
            with self.assertRaises(AccessError):
                order.order_line[0].write({"invoice_lines": forged})

    # kind B: dearer by whatever field and door

    def test_a_confirmed_order_becomes_dearer_by_no_way(self):
        tax = self.env["account.tax"].create(
            {"name": "50", "amount": 50, "type_tax_use": "sale", "company_id": self.company.id}
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirmed(900)
        line = order.order_line
        draft = self._order(60000, partner=self.customer)
        new = {"order_id": order.id, "product_id": self.product.id, "price_unit": 500}
        ways = {
            "expense": lambda: line.create({**new, "is_expense": True, "product_uom_qty": 500}),
            "moved": lambda: draft.order_line.write({"order_id": order.id}),
            "linked": lambda: order.write(
                {"order_line": [Command.link(draft.order_line.id)]}
            ),
            "tax": lambda: line.write({"tax_ids": [Command.set(tax.ids)]}),
            "unit": lambda: line.write({"product_uom_id": dozen.id, "price_unit": 10800}),
            "discount": lambda: line.write({"discount": -50}),
            "nested": lambda: order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": 2, "price_unit": 900})]}
            ),
            "copied": lambda: line.copy({"order_id": order.id}),
        }  # fmt: skip
        order, line, draft = (one.with_user(self.rep) for one in (order, line, draft))
        for name, way in ways.items():
            with self.subTest(name), self._refused():
                way()
            self.env.invalidate_all()
            self.assertEqual(order.amount_total, 900, name)

    def test_a_negative_line_is_not_taken_away(self):
        order = self._order(1500)
        rebate = order.order_line.create(
            {"order_id": order.id, "product_id": self.product.id, "price_unit": -600}
        )
        order.action_confirm()
        other = self._order(1, partner=self.free)
        ways = (
            lambda: rebate.with_user(self.rep).write({"product_uom_qty": 0}),
            lambda: rebate.with_user(self.rep).write({"order_id": other.id}),
            lambda: rebate.with_user(self.rep).write({"price_unit": 0}),
        )
        for number, way in enumerate(ways):
            with self.subTest(number), self._refused():
                way()
            self.env.invalidate_all()
            self.assertEqual(order.amount_total, 900)

    def test_what_is_invoiced_makes_no_room_within_its_order(self):
        """The total stays, and twice as much is lent."""
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            customer = self._create_customer(f"Twice {scope}")
            customer.credit_limit = 1000
            order = self._order(900, partner=customer)
            second = order.order_line.create(
                {"order_id": order.id, "product_id": self.product.id, "price_unit": 10}
            )
            order.action_confirm()
            first = order.order_line - second
            invoice = order._create_invoices()
            invoice.invoice_line_ids.filtered(lambda one: one.price_unit == 10).unlink()
            invoice.action_post()
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "Twice"):
                order.with_user(self.rep).write(
                    {
                        "order_line": [
                            Command.update(first.id, {"product_uom_qty": 0}),
                            Command.update(second.id, {"price_unit": 900}),
                        ]
                    }
                )

    def test_another_currency_date_company_or_customer(self):
        dear = self._dear_currency()
        pricelist = self.env["product.pricelist"].create({"name": "D", "currency_id": dear.id})
        order = self._order(900, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dear)
        with self._refused("1,800.00"):
            order.action_confirm()
        order = self._confirmed(900)
        with self.assertRaises(AccessError):
            order.with_user(self.rep).write({"currency_id": dear.id})
        with self._refused():
            order.sudo().write({"currency_id": dear.id})
        self.env.invalidate_all()
        # A day on which it was dear
        order = self._order(900, pricelist_id=pricelist.id, partner=self.free)
        order.action_confirm()
        held = self._create_customer("Held Harbour", account_status="hold")
        with self._refused("Held Harbour"):
            order.with_user(self.rep).write({"partner_id": held.id})
        self.env.invalidate_all()
        with self._refused("Harbour Supply"):
            order.with_user(self.rep).write({"partner_invoice_id": self.customer.id})
        dear.rate_ids.create(
            {"currency_id": dear.id, "company_id": self.company.id, "name": "2021-01-01", "rate": 1}
        )
        self.env.invalidate_all()
        cheap = self._order(900, pricelist_id=pricelist.id)
        cheap.action_confirm()
        with self._refused():
            cheap.with_user(self.rep).write({"date_order": "2020-06-01 12:00:00"})

    def test_a_posted_invoice_does_not_grow(self):
        invoice = self._invoice(900, post=True)
        line = invoice.invoice_line_ids
        item = invoice.line_ids - line
        ways = (
            lambda: line.with_user(self.bookkeeper).write({"price_unit": 5000}),
            lambda: (
                invoice.with_user(self.bookkeeper)
                .with_context(skip_readonly_check=True)
                .write({"invoice_line_ids": [Command.update(line.id, {"quantity": 5})]})
            ),
            lambda: invoice.with_user(self.bookkeeper).write(
                {
                    "line_ids": [
                        Command.update(line.id, {"balance": -5000}),
                        Command.update(item.id, {"balance": 5000}),
                    ]
                }
            ),
            lambda: (
                (line + item)
                .with_user(self.bookkeeper)
                .with_context(check_move_validity=False)
                .write({"balance": 5000})
            ),
        )
        for way in ways:
            # Whether Odoo refuses it, does nothing, or we refuse it: it does not grow.
            with closing(self.env.cr.savepoint()):
                with suppress(UserError), self.env.cr.savepoint():
                    way()
                self.env.invalidate_all()
                self.assertLessEqual(max(invoice.amount_total, item.balance), 900)
            self.env.invalidate_all()
        other = self._invoice(5000, partner=self.free, post=True)
        item = other.line_ids - other.invoice_line_ids
        with self._refused("Harbour Supply"):
            item.with_user(self.bookkeeper).write({"partner_id": self.customer.id})
        self.env.invalidate_all()
        draft = self._invoice(5000, partner=self.free)
        item = draft.line_ids - draft.invoice_line_ids
        with suppress(UserError), self.env.cr.savepoint():
            item.with_user(self.bookkeeper).write({"partner_id": self.customer.id})
            draft.with_user(self.bookkeeper).action_post()
        self.env.invalidate_all()
        [account] = self.customer._get_credit_positions(self.company).values()
        self.assertLessEqual(account.open, 1000)

    # kind C: lines of another order

    def test_lines_of_another_order_are_judged_too(self):
        confirmed = self._confirmed(900)
        draft = self._order(1).with_user(self.rep)
        line = confirmed.order_line
        commands = [Command.update(line.id, {"product_uom_qty": 800})]
        ways = (
            lambda: draft.write({"order_line": commands}),
            lambda: draft.web_save({"order_line": commands}, {}),
            lambda: draft.write({"order_line": commands, "state": "sale"}),
            lambda: draft.copy({"order_line": commands}),
            lambda: draft.partner_id.write({"sale_order_ids": [
                Command.update(confirmed.id, {"order_line": commands})]}),
        )  # fmt: skip
        for number, way in enumerate(ways):
            with self.subTest(number), self._refused():
                way()
            self.env.invalidate_all()
            self.assertEqual(confirmed.amount_total, 900)

    # several documents, either sign

    def test_a_negative_document_makes_no_room(self):
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            orders = self._order(1500) + self._order(-600)
            with self._refused():
                orders.with_user(self.rep).action_confirm()
            self.env.invalidate_all()
            self.assertEqual(orders.mapped("state"), ["draft", "draft"])
            orders[1].with_user(self.rep).action_confirm()
            with self._refused():
                orders[0].with_user(self.rep).action_confirm()
            self.env.invalidate_all()

    def test_many_documents_cost_no_query_each(self):
        for policy in ("approval", "block"):
            self.company.credit_policy = policy
            customers = self.env["res.partner"].create(
                [
                    {"name": f"Many {policy} {n}", "role_customer": True, "credit_limit": 1000}
                    for n in range(12)
                ]
            )
            orders = self.env["sale.order"].concat(*(self._order(10, one) for one in customers))
            invoices = self.env["account.move"].concat(
                *(self._invoice(10, one) for one in customers)
            )
            for documents in (orders, invoices):
                counts = []
                for some in (documents[:2], documents[2:]):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    some._check_credit(confirmed=False)
                    counts.append(self.env.cr.sql_log_count - before)
                self.assertLessEqual(counts[1], counts[0] + 2, f"{documents._name} {policy}")

    def test_posting_many_with_a_warning_asks_for_their_orders_once(self):
        self.company.credit_policy = "warn"
        customers = self.env["res.partner"].create(
            [{"name": f"Warned {n}", "role_customer": True, "credit_limit": 1000} for n in range(7)]
        )
        invoices = self.env["account.move"].concat(*(self._invoice(1700, one) for one in customers))
        self.env.flush_all()
        self.env.invalidate_all()
        asked, execute = [], type(self.env.cr).execute

        def note(cr, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", note):
            invoices.action_post()
            self.env.flush_all()
        for move in invoices:
            self.assertIn("limit", "".join(move.message_ids.mapped("body")))
        orders = [text for text in asked if text.startswith('SELECT "sale_order_line_invoice_rel"')]
        self.assertLessEqual(len(orders), 2)

    # approvals

    def test_an_order_approved_for_one_customer_covers_no_invoice_of_another(self):
        self.company.credit_policy = "approval"
        self.customer.account_status = "hold"
        other = self._create_customer("Held Harbour", account_status="hold")
        order = self._order(500)
        self.env["bizuno.credit.approval"].with_user(self.users["accountant"]).create(
            {"order_id": order.id, "amount": 500, "reason": "Once"}
        )
        order.with_user(self.rep).action_confirm()
        invoice = order._create_invoices()
        invoice.partner_id = other
        with self._refused("Held Harbour"):
            invoice.with_user(self.bookkeeper).action_post()

    @mute_logger("odoo.models.unlink")
    def test_a_draft_is_free(self):
        """Nothing is lent by it, so nothing is asked."""
        order = self._order(10).with_user(self.rep)
        order.order_line.write({"price_unit": 90000})
        order.write({"partner_id": self.free.id})
        order.order_line.unlink()
        invoice = self._invoice(90000).with_user(self.bookkeeper)
        invoice.invoice_line_ids.price_unit = 99999
        self.assertEqual(invoice.state, "draft")
