from functools import partial

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditPaid(CreditCommon):
    """What is paid on line lends nothing: what is paid for this document, once, by a provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.free = cls._create_customer("Free", is_company=True)
        cls.free.credit_limit = 0
        cls.bookkeeper = cls.users["bookkeeper"]

    def _pays(self, amount, *documents, partner=None, state="authorized", **values):
        orders = [one.id for one in documents if one._name == "sale.order"]
        moves = [one.id for one in documents if one._name == "account.move"]
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        transactions = self.env["payment.transaction"].sudo()
        transaction = transactions.create({
            "provider_id": self.env["payment.provider"].sudo().search([], limit=1).id,
            "payment_method_id": methods.search([], limit=1).id,
            "reference": f"tx-{len(transactions.search([]))}", "amount": amount,
            "currency_id": self.company.currency_id.id,
            "partner_id": (partner or self.customer).id,
            "sale_order_ids": [Command.set(orders)], "invoice_ids": [Command.set(moves)], **values,
        })  # fmt: skip
        # As a provider that has capture by hand would say it: none of those here does.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = %s, company_id = %s WHERE id = %s",
            [state, self.company.id, transaction.id],
        )
        transaction.invalidate_recordset(["state", "company_id"])
        return transaction

    def _refused(self, way, error=UserError, words="Harbour Supply|Held Quay"):
        self._stopped(way, words, error)

    def _forge_payment(self, order, invoice, foreign, visitor):
        """:return: ways in which somebody says that a document is paid"""
        mine, theirs = invoice.with_user(self.bookkeeper), visitor.with_user(self.bookkeeper)
        theirs = theirs.sudo(False)
        linked = {"transaction_ids": [Command.link(foreign.id)]}
        ways = [
            partial(document.write, {"transaction_ids": [command]})
            for document in (
                order.with_user(self.rep), order.with_user(self.bookkeeper), mine,
            )
            for command in (
                Command.link(foreign.id), Command.set(foreign.ids),
                Command.create({"amount": 7000, "state": "done"}),
            )
        ]  # fmt: skip
        return [
            *ways,
            lambda: mine.web_save({**linked, "state": "posted"}, {}),
            lambda: mine.copy(linked),
            lambda: mine.with_context(default_transaction_ids=linked["transaction_ids"])
            .copy()
            .action_post(),
            lambda: theirs.write({"state": "authorized", "amount": 1e6}),
            lambda: theirs.write({"state": "done"}),
            lambda: theirs.write({"invoice_ids": [Command.link(invoice.id)]}),
            lambda: theirs.write({"sale_order_ids": [Command.link(order.id)]}),
            lambda: theirs.create({
                "provider_id": foreign.provider_id.id, "reference": "mine", "amount": 7000,
                "payment_method_id": foreign.payment_method_id.id, "state": "authorized",
                "currency_id": foreign.currency_id.id, "partner_id": invoice.partner_id.id,
                "invoice_ids": [Command.link(invoice.id)],
            }),
        ]  # fmt: skip

    def test_nobody_says_what_was_paid(self):
        """Neither by a link to somebody's payment, nor by playing the provider."""
        held = self._create_customer("Held Quay", account_status="hold")
        foreign = self._pays(7000, self._order(7000, self.free), partner=self.free)
        visitor = self._pays(20, state="draft", partner=held)
        words = "the system calculates it|Harbour|Held|Payment Provider"
        for customer in (self.customer, held):
            order, invoice = self._order(7000, customer), self._invoice(7000, customer)
            for number, way in enumerate(self._forge_payment(order, invoice, foreign, visitor)):
                with self.subTest(number, customer=customer.name):
                    self._refused(way, error=(AccessError, UserError), words=words)
            self.assertFalse(order.transaction_ids + invoice.transaction_ids)
            self._refused(invoice.with_user(self.bookkeeper).action_post)

    def test_a_booked_payment_is_not_unbooked(self):
        invoice = self._invoice(1500)
        paid = self._pays(1500, invoice, state="done")
        paid.payment_id = self.env["account.payment"].create({
            "partner_id": self.customer.id, "amount": 1500, "payment_type": "inbound",
        })  # fmt: skip
        self._refused(
            lambda: paid.with_user(self.bookkeeper).sudo(False).write({"payment_id": False}),
            error=AccessError, words="the system calculates it",
        )  # fmt: skip
        # With what else is on the page there is nothing wrong.
        paid.with_user(self.bookkeeper).sudo(False).write({"provider_reference": "X-1"})

    def test_what_another_has_authorized_pays_nothing_here(self):
        """Odoo hands the payments of an order on to its invoices; their customer may change."""
        order = self._order(4000, self.free)
        self._pays(4000, order, partner=self.free)
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertTrue(invoice.transaction_ids)
        invoice.with_user(self.bookkeeper).partner_id = self.customer
        self._refused(invoice.with_user(self.bookkeeper).action_post)
        mine = self._order(4000, self.free)
        self._pays(4000, mine, partner=self.free)
        mine.with_user(self.rep).write(
            {"partner_id": self.customer.id, "partner_invoice_id": self.customer.id}
        )
        self._refused(mine.with_user(self.rep).action_confirm)
        # A contact of the customer pays for the customer, and who orders for who is invoiced.
        buyer = self._create_customer("Buyer")
        buyer.credit_limit = 0
        clerk = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        for payer in (clerk, buyer):
            order = self._order(4000, buyer, partner_invoice_id=self.customer.id)
            self._pays(4000, order, partner=payer)
            order.with_user(self.rep).action_confirm()
            invoice = order._create_invoices()
            invoice.with_user(self.bookkeeper).action_post()
            self.assertEqual((order.state, invoice.state), ("sale", "posted"))

    def test_it_is_paid_once(self):
        """One payment of 1,900 for an order of 2,700, which is invoiced in two parts."""

        def prepare():
            customer = self._create_customer("Quay", credit_limit=1000)
            order = self._order(1350, customer)
            order.order_line.write({"product_uom_qty": 2, "price_unit": 1350})
            self._pays(1900, order, partner=customer)
            order.with_user(self.rep).action_confirm()
            for _part in range(2):
                draft = order._create_invoices()
                draft.invoice_line_ids.quantity = 1
                order.order_line.invalidate_recordset()
            return customer, order.invoice_ids

        for together in (True, False):
            customer, parts = prepare()
            self.assertEqual(len(parts.transaction_ids), 1)
            self.assertEqual(parts.mapped("amount_total"), [1350, 1350])
            if together:
                parts.with_user(self.bookkeeper).action_post()
            else:
                for part in parts:
                    part.with_user(self.bookkeeper).action_post()
            self.assertEqual(set(parts.mapped("state")), {"posted"})
            # 800 of them are lent.
            self._refused(
                self._invoice(201, customer).with_user(self.bookkeeper).action_post, words="Quay"
            )
        for together in (True, False):
            customer, parts = prepare()
            self._invoice(201, customer, post=True)
            if together:
                self._refused(parts.with_user(self.bookkeeper).action_post, words="Quay")
            else:
                parts[0].with_user(self.bookkeeper).action_post()
                self._refused(parts[1].with_user(self.bookkeeper).action_post, words="Quay")

    def test_captured_in_parts_it_counts_as_far_as_it_is_not_booked(self):
        invoice = self._invoice(3000)
        whole = self._pays(3000, invoice, operation="online_direct")
        self._invoice(900, post=True)
        first, second = (
            self._pays(part, source_transaction_id=whole.id, operation="online_direct",
                       state=state)
            for part, state in ((1000, "done"), (2000, "authorized"))
        )  # fmt: skip
        self.assertEqual(whole._get_credit_rest(invoice, invoice, self.company), (3000, 0))
        first.payment_id = self.env["account.payment"].create({
            "partner_id": self.customer.id, "amount": 1000, "payment_type": "inbound",
        })  # fmt: skip
        self.assertEqual(whole._get_credit_rest(invoice, invoice, self.company), (2000, 0))
        second.state = "cancel"
        self.assertEqual(whole._get_credit_rest(invoice, invoice, self.company), (0, 0))
        self._refused(invoice.with_user(self.bookkeeper).action_post)

    def test_it_counts_in_its_own_currency(self):
        currency = self.env["res.currency"].create({"name": "CHE", "symbol": "c", "rounding": 1.0})
        self.env["res.currency.rate"].create({
            "currency_id": currency.id, "company_id": self.company.id, "name": "2020-01-01",
            "rate": 150,
        })  # fmt: skip
        for make in (self._order, self._invoice):
            document = make(3000)
            user = self.rep if document._name == "sale.order" else self.bookkeeper
            mine = document.with_user(user)
            confirm = mine.action_confirm if user == self.rep else mine.action_post
            small = self._pays(3000, document, currency_id=currency.id)
            self._refused(confirm)
            small.amount = 300000  # is 2,000
            confirm()
            self.assertIn(document.state, ("sale", "posted"))

    def test_paid_in_full_passes_a_hold(self):
        self.customer.account_status = "hold"
        for amount, state in ((1234.56, "authorized"), (777, "done")):
            invoice = self._invoice(amount)
            self._pays(amount, invoice, state=state)
            invoice.with_user(self.bookkeeper).action_post()
            self.assertEqual(invoice.state, "posted")
        invoice = self._invoice(500)
        self._pays(499, invoice)
        self._refused(invoice.with_user(self.bookkeeper).action_post)


@tagged("post_install", "-at_install")
class TestEmailsHandedIn(CreditCommon, HttpCase):
    """Odoo makes records of e-mails as the system, with what the caller says they hold: over HTTP
    that is anybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.nobody = new_test_user(cls.env, "hands_in", "base.group_user", password="hands_in")
        cls.methods = cls.env["payment.method"].sudo().with_context(active_test=False)

    def _hand_in(self, model, which, context=None, **values):
        text = (
            "From: Ann <ann@harbour.example>\nTo: us@company.example\nSubject: Pump 7\n"
            f"Message-Id: <handed-in-{which}@harbour.example>\n\nPlease."
        )
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw/mail.thread/message_process",
            {
                "model": "mail.thread", "method": "message_process", "args": [model, text],
                "kwargs": {"custom_values": values, "context": context or {}},
            },
        )  # fmt: skip

    def _paid(self):
        return [Command.create({
            "provider_id": self.env["payment.provider"].sudo().search([], limit=1).id,
            "payment_method_id": self.methods.search([], limit=1).id,
            "reference": "never paid", "amount": 5200, "state": "done",
            "currency_id": self.company.currency_id.id, "partner_id": self.customer.id,
        })]  # fmt: skip

    def test_whoever_hands_in_an_email_says_nothing_beside_it(self):
        line = {"product_id": self.product.id, "price_unit": 5200}
        order = {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
        tries = (
            ("sale.order", {**order, "transaction_ids": self._paid()}),
            ("res.partner", {"name": "Gate", "credit_limit": 7e6, "account_status": "active"}),
            ("bizuno.project", {"name": "Gate", "number": "P-1", "outcome": "won"}),
        )
        for number, (model, values) in enumerate(tries):
            self.authenticate(self.nobody.login, self.nobody.login)
            count = self.env[model].sudo().search_count([])
            with self.subTest(model), mute_logger("odoo.http"):
                with self.assertRaisesRegex(JsonRpcException, "AccessError"):
                    self._hand_in(model, number, **values)
                self.assertEqual(self.env[model].sudo().search_count([]), count)

    def test_nor_by_defaults(self):
        """The e-mail is taken in, as for any gateway, and nothing else."""
        self.authenticate(self.nobody.login, self.nobody.login)
        defaults = {"default_credit_limit": 7e6, "default_tax_exempt": True, "default_ref": "V-1"}
        contact_id = self._hand_in("res.partner", "defaults", context=defaults)
        contact = self.env["res.partner"].sudo().browse(contact_id)
        self.assertEqual(contact.email_normalized, "ann@harbour.example")
        self.assertNotEqual(contact.credit_limit, 7e6)
        self.assertFalse(contact.tax_exempt)
        self.assertFalse(contact.ref)

    def test_administrators_may(self):
        self.authenticate("admin", "admin")
        contact_id = self._hand_in("res.partner", "admin", name="Gate", ref="V-2")
        self.assertEqual(self.env["res.partner"].browse(contact_id).ref, "V-2")
