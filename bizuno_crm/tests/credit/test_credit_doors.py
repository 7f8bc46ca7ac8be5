import json

from odoo import Command
from odoo.addons.base.tests.common import HttpCaseWithUserPortal
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_credit import PIXEL, CreditCommon


@tagged("post_install", "-at_install")
class TestCreditDoors(CreditCommon, HttpCaseWithUserPortal):
    """What a customer sees who signs or pays on line, and whom the credit policy stops: real
    requests to the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {"email": "office@harbour.example", "country_id": cls.env.ref("base.us")}
        )
        cls.user_portal.partner_id.parent_id = cls.customer
        cls.provider = cls.env["payment.provider"].sudo().search([("code", "=", "none")], limit=1)
        cls.method = (
            cls.env["payment.method"].sudo().with_context(active_test=False).search([], limit=1)
        )

    def _quotation(self, amount=1500, **values):
        order = self._order(amount, require_signature=True, require_payment=False, **values)
        order.action_quotation_sent()
        order._portal_ensure_token()
        self.env.flush_all()
        return order

    def _accept(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order.access_token, "name": "Ann", "signature": PIXEL},
        )

    def _page(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return " ".join(response.text.split())

    # signing

    def test_signing_beyond_the_limit(self):
        for policy in ("block", "approval"):
            for login in (None, self.user_portal.login):
                self.company.credit_policy = policy
                order = self._quotation(partner=self.user_portal.partner_id if login else None)
                self.authenticate(login, login)
                answer = self._accept(order)
                self.assertNotIn("error", answer)
                self.env.invalidate_all()
                self.assertEqual(order.state, "sent", (policy, login))
                self.assertTrue(order.signature)
                page = self._page(answer["redirect_url"])
                self.assertIn("We have received your acceptance", page)
                # Why is between the bookkeeper and the rep.
                for secret in ("credit policy", "credit limit", "1,000.00", "has been confirmed"):
                    self.assertNotIn(secret, page)
                self.assertIn(self.rep, order.activity_ids.user_id)
                asked = order.activity_ids.user_id - self.rep
                self.assertEqual(bool(asked), policy == "approval")

    def test_signing_within_the_limit(self):
        self.company.credit_policy = "block"
        order = self._quotation(1000)
        answer = self._accept(order)
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        page = self._page(answer["redirect_url"])
        self.assertIn("Your order has been confirmed", page)
        self.assertNotIn("We have received your acceptance", page)

    def test_warn_stops_no_signature(self):
        order = self._quotation()
        self._accept(order)
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")

    # confirmed by a page, as what is paid on delivery

    def test_what_a_page_confirms_for_a_visitor(self):
        public = self.env.ref("base.public_user").sudo()
        for policy in ("block", "approval"):
            self.company.credit_policy = policy
            for user in (public, self.user_portal.sudo()):
                with self.subTest(policy, user=user.login):
                    beyond, within = (self._order(amount, user_id=False) for amount in (1500, 70))
                    both = (beyond + within).with_user(user)
                    both.sudo().action_confirm()
                    self.assertEqual((beyond.state, within.state), ("sent", "sale"))
                    self.assertTrue(beyond.activity_ids)
                    self.assertTrue(
                        self.env["bizuno.credit.wait"].search([("order_id", "=", beyond.id)])
                    )
                    # By a remote call nobody gets so far.
                    with self.assertRaises(AccessError):
                        beyond.with_user(user).action_confirm()
            self._stopped(beyond.with_user(self.rep).action_confirm, "Harbour Supply")
            self._stopped(beyond.with_user(self.rep).sudo().action_confirm, "Harbour Supply")

    # paying

    def _pay(self, order):
        """Pay as the payment form of the portal does, up to the provider's answer."""
        values = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/transaction",
            {
                "access_token": order.access_token,
                "amount": order.amount_total,
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": order.get_portal_url(),
            },
        )
        transaction = (
            self.env["payment.transaction"].sudo().search([("reference", "=", values["reference"])])
        )
        self.assertEqual(transaction.sale_order_ids, order)
        transaction._set_done()
        self.env.flush_all()
        return transaction

    def _prepare_payment(self):
        self.provider.write(
            {"company_id": self.company.id, "payment_method_ids": [(6, 0, self.method.ids)]}
        )
        self.provider.write({"state": "test", "is_published": True})
        self.method.active = True
        bank = self.company_data["default_journal_bank"]
        self._create_dummy_payment_method_for_provider(provider=self.provider, journal=bank)
        line = bank.inbound_payment_method_line_ids.filtered("payment_provider_id")
        line.payment_account_id = self.inbound_payment_method_line.payment_account_id

    def test_paying_an_order_of_a_held_customer(self):
        self._prepare_payment()
        for policy in ("block", "approval"):
            self.company.credit_policy = policy
            self.customer.account_status = "hold"
            order = self._order(700, require_signature=False, require_payment=True)
            order._portal_ensure_token()
            self.env.flush_all()
            transaction = self._pay(order)
            # The page where the customer waits for the provider
            answer = self.make_jsonrpc_request("/payment/status/poll", {"access_token": None})
            self.assertEqual(answer["state"], "done")
            self.env.invalidate_all()
            self.assertTrue(transaction.is_post_processed)
            self.assertEqual(transaction.payment_id.move_id.state, "posted")
            self.assertEqual(order.state, "sent", "no cart and no open quotation any more")
            self.assertIn(self.rep, order.activity_ids.user_id)
            page = self._page(order.get_portal_url())
            self.assertIn("We have received your acceptance", page)
            self.assertNotIn("Accept &amp; Pay", page)
            self.customer.account_status = "active"
            order.with_user(self.rep).action_confirm()
            self.assertEqual(order.state, "sale")

    def test_money_is_booked_whatever_becomes_of_the_draft_that_it_pays(self):
        self._prepare_payment()
        self.company.credit_policy = "block"
        for user in self.env.ref("base.public_user").sudo() + self.env.ref("base.user_root").sudo():
            with self.subTest(user.login):
                invoice = self._invoice(900, post=True)
                transaction = self.env["payment.transaction"].sudo().create({
                    "provider_id": self.provider.id, "payment_method_id": self.method.id,
                    "reference": f"part-{user.id}", "amount": 250.0,
                    "currency_id": self.company.currency_id.id, "partner_id": self.customer.id,
                    "invoice_ids": [Command.set(invoice.ids)],
                })  # fmt: skip
                invoice.button_draft()
                self.customer.account_status = "hold"
                transaction._set_done()
                # Not by what somebody says in a context.
                forged = invoice.with_user(self.users["bookkeeper"])
                forged = forged.with_context(bizuno_money_came_in=True)
                self._stopped(forged.action_post, "Harbour Supply is on credit hold")
                transaction.with_user(user).sudo()._post_process()
                self.assertEqual((invoice.state, transaction.payment_id.amount), ("draft", 250))
                self.assertIn("was paid online, but not posted", invoice.activity_ids[0].summary)
                self.customer.account_status = "active"
                invoice.action_post()
                self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 650))
                invoice.button_draft()
                invoice.button_cancel()

    def test_paying_in_full_needs_no_credit(self):
        self._prepare_payment()
        self.company.credit_policy = "block"
        self._invoice(1000, post=True)
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", "True")
        order = self._order(700, require_signature=False, require_payment=True)
        order._portal_ensure_token()
        self.env.flush_all()
        self._pay(order)
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.invoice_ids.mapped("state"), ["posted"])

    def test_the_payment_job_books_all_and_tells_of_what_is_held_back(self):
        self._prepare_payment()
        self.company.credit_policy = "block"
        self.customer.account_status = "locked"
        free = self._create_customer("Free Harbour", email="free@harbour.example")
        orders = self._order(700) + self._order(700, partner=free)
        transactions = self.env["payment.transaction"].sudo()
        for order in orders:
            transactions += self._transaction_of_the_job(order)
        self.env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("state"), ["sent", "sale"])
        self.assertEqual(transactions.mapped("is_post_processed"), [True, True])

    def test_paying_an_order_without_salesperson(self):
        """The web shop leaves its orders without one until they are confirmed."""
        self._prepare_payment()
        self.company.credit_policy = "block"
        self.customer.account_status = "hold"
        self.assertNotIn(self.rep, self.company._get_credit_approvers())
        for rep in (self.rep, self.env["res.users"]):
            self.customer.user_id = rep
            order = self._order(700, user_id=False, require_signature=False, require_payment=True)
            order.user_id = False
            order._portal_ensure_token()
            self.env.flush_all()
            self._pay(order)
            self.make_jsonrpc_request("/payment/status/poll", {"access_token": None})
            self.env.invalidate_all()
            self.assertEqual(order.state, "sent")
            self.assertEqual(order.user_id, rep)
            self._assert_told(order, rep)
            note = order.message_ids.filtered(lambda one: "credit policy" in one.body)
            self.assertEqual(note.author_id, self.env.ref("base.partner_root"))

    def test_the_job_that_completes_payments_is_no_salesperson(self):
        self._prepare_payment()
        self.company.credit_policy = "block"
        self.customer.write({"account_status": "hold", "user_id": False})
        order = self._order(700, user_id=False)
        order.user_id = False
        self._transaction_of_the_job(order)
        self.env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.user_id)
        self._assert_told(order, self.env["res.users"])

    def _assert_told(self, order, rep):
        told = order.activity_ids.user_id
        self.assertEqual(len(told), 1)
        if rep:
            self.assertEqual(told, rep)
        else:
            self.assertIn(told, self.company._get_credit_approvers())
            self.assertTrue(order.with_user(told).has_access("read"))

    def _transaction_of_the_job(self, order):
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "reference": f"job-{order.id}",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [(6, 0, order.ids)],
                    "state": "done",
                }
            )
        )

    # remote calls

    @mute_logger("odoo.http")
    def test_remote_calls_of_a_rep(self):
        self.company.credit_policy = "block"
        order = self._order(1500)
        self.env.flush_all()
        self.authenticate(self.rep.login, self.rep.login)
        for method, args in (
            ("action_confirm", [order.ids]),
            ("write", [order.ids, {"state": "sale"}]),
            ("web_save", [order.ids, {"state": "sale"}, {}]),
        ):
            response = self.url_open(
                f"/web/dataset/call_kw/sale.order/{method}",
                data=json.dumps(
                    {
                        "params": {
                            "model": "sale.order",
                            "method": method,
                            "args": args,
                            "kwargs": {"context": {"bypass_credit": True}},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertEqual(response["error"]["data"]["name"], "odoo.exceptions.UserError", method)
            self.assertIn("stopped by the credit policy", response["error"]["data"]["message"])
            self.env.invalidate_all()
            self.assertEqual(order.state, "draft")
