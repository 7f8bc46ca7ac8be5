from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditHoldPolicy(CreditCommon):
    """Hold and lock may be stricter than the limit, and what passes leaves a line."""

    def _refused(self, words):
        return self.assertRaisesRegex(UserError, words)

    def _notes(self, document):
        return " ".join(document.sudo().message_ids.mapped("body"))

    def test_as_for_the_limit_by_default(self):
        self.assertEqual(self.company.hold_policy, "same")
        self.customer.account_status = "hold"
        order = self._order(10).with_user(self.rep)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_hold_stops_where_the_limit_only_warns(self):
        for hold_policy, words in (("block", "stopped by the"), ("approval", "needs a credit")):
            self.env["res.config.settings"].create({"hold_policy": hold_policy}).execute()
            self.assertEqual(self.company.credit_policy, "warn")
            for status in ("hold", "locked"):
                self.customer.account_status = status
                order, invoice = self._order(10), self._invoice(10)
                with self._refused(words):
                    order.with_user(self.rep).action_confirm()
                with self._refused(words):
                    invoice.with_user(self.users["bookkeeper"]).action_post()
                self.env.invalidate_all()
            self.customer.account_status = "active"
            order = self._order(5000).with_user(self.rep)
            order.action_confirm()
            self.assertEqual(order.state, "sale")
            self.customer.account_status = "hold"
            with self._refused(words):
                order.order_line.price_unit = 5001

    def test_the_strictest_of_the_reasons_counts(self):
        self.company.write({"credit_policy": "block", "hold_policy": "approval"})
        self.customer.account_status = "hold"
        order = self._order(1500)
        self.env["bizuno.credit.approval"].with_user(self.users["accountant"]).create(
            {"order_id": order.id, "amount": 1500, "reason": "Once"}
        )
        with self._refused("stopped by the credit policy"):
            order.action_confirm()
        self.customer.credit_limit = 2000
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_all_reasons_are_shown(self):
        self._invoice(1200, post=True, invoice_date="2025-01-10")
        self.customer.write(
            {"account_status": "hold", "account_status_reason": "Two cheques bounced"}
        )
        message = self._order(300).credit_message
        self.assertRegex(
            message,
            r"^Harbour Supply is on credit hold: Two cheques bounced\. The credit limit of "
            r".*1,000\.00 is exceeded by .*500\.00: .*1,200\.00 open, .*300\.00 for this "
            r"quotation\. [^A-Z]*1,200\.00 is past due\.$",
        )
        # Once for all of them.
        self.assertEqual(message.count("Harbour Supply"), 1)
        self.assertEqual(message.count("on credit hold"), 1)
        shown = self._order(300).with_context(show_address=True, res_partner_search_mode="customer")
        self.customer.write({"street": "1 Quay", "city": "Roanoke"})
        self.assertNotIn("Quay", shown.credit_message)

    def test_a_document_in_another_currency_names_its_own_amount(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create({"name": "E", "currency_id": currency.id})
        order = self._order(800, pricelist_id=pricelist.id)
        self.assertRegex(order.credit_message, r"1,600\.00 \(.*800\.00.*\) for this quotation")

    def test_what_a_branch_has_open_is_named(self):
        branch = self.env["res.company"].create(
            {"name": "Norfolk Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()
        self.env.user.company_ids |= branch
        self._invoice(700, post=True)
        account = self.company_data["default_account_revenue"]
        self.env["account.move"].with_context(
            allowed_company_ids=[branch.id, self.company.id]
        ).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "x", "price_unit": 500, "account_id": account.id, "tax_ids": False}
                    )
                ],
            }
        ).action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRegex(
            self.customer.credit_message,
            r"1,200\.00 \(of which .*500\.00 at Norfolk Branch\) open",
        )

    def test_who_let_it_pass_is_in_the_log(self):
        self.customer.write({"account_status": "hold", "account_status_reason": "Bounced"})
        order = self._order(10)
        order.with_user(self.rep).action_confirm()
        self.assertIn(f"{self.rep.name} let this document pass despite a", self._notes(order))
        self.assertIn("on credit hold: Bounced.", self._notes(order))
        self.customer.account_status = "active"
        invoice = self._invoice(1500)
        invoice.with_user(self.users["bookkeeper"]).action_post()
        self.assertIn(
            "is over the credit limit", self._notes(invoice).replace("exceeds", "is over")
        )
        self.assertNotIn("1,500.00", self._notes(invoice))
        fine = self._order(10, partner=self._create_customer("Fine"))
        fine.action_confirm()
        self.assertNotIn("despite a warning", self._notes(fine))

    def test_an_amount_is_judged_for_other_addons(self):
        """Such as a till: a sale on account is neither an order nor an invoice."""
        customer = self.customer
        for policy in ("warn", "approval", "block"):
            self.company.credit_policy = policy
            judge = customer._judge_credit_amount
            self.assertEqual(judge(self.company, 1000, "this sale"), (None, ""))
            action, text = judge(self.company, 1000.01, "this sale")
            self.assertEqual(action, policy)
            self.assertRegex(text, "by .*0.01: .*0.00 open, .*1,000.01 for this sale")
        self.company.write({"credit_policy": "warn", "hold_policy": "block"})
        customer.account_status = "hold"
        self.assertEqual(customer._judge_credit_amount(self.company, 1, "this sale")[0], "block")
        self.assertEqual(customer._judge_credit_amount(self.company, -1, "this sale")[0], None)


@tagged("post_install", "-at_install")
class TestCreditHoldDesk(CreditCommon):
    """What waits, for those who decide and those who wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "approval"
        cls.desk = cls.env["bizuno.credit.wait"]
        cls.approver = cls.users["accountant"]
        cls.other_rep = cls._create_users("desk", {"rep": "sales_team.group_sale_salesman"})["rep"]

    def _stop(self, document, user):
        """As it is done after the rollback, in a transaction of its own."""
        [(action, _text)] = document._judge_credit(confirmed=False)[0].values()
        document.sudo()._wait_for_credit(action, user)
        return self.desk.search([("partner_id", "=", document.partner_id.id)])[-1:]

    def test_a_refusal_puts_it_on_the_desk_once(self):
        order = self._order(1500)
        wait = self._stop(order, self.rep)
        self._stop(order, self.rep)
        waits = self.desk.search([("order_id", "=", order.id)])
        self.assertEqual(waits, wait)
        self.assertRecordValues(
            wait,
            [
                {
                    "document": order.name, "partner_id": self.customer.id,
                    "user_id": self.rep.id, "asked_by_id": self.rep.id, "amount_total": 1500,
                    "credit_status": "over_limit",
                }
            ],
        )  # fmt: skip
        activity = order.activity_ids
        self.assertEqual(activity.create_uid, self.rep)
        for part in (order.name, "Harbour Supply", "1,500.00"):
            self.assertIn(part, activity.summary)
        self.assertIn(f"{self.rep.name} requests approval of", activity.note)
        self.assertNotIn("1,000.00", activity.note, "the limit is not for all who see the order")

    def test_the_mail_to_the_approver_says_why(self):
        order = self._order(1500)
        self._stop(order, self.rep)
        mails = self.env["mail.message"].sudo().search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id),
             ("message_type", "=", "user_notification")]
        )  # fmt: skip
        body = " ".join(mails.mapped("body"))
        for part in (self.rep.name, "Harbour Supply", "1,500.00", "over the credit limit of"):
            self.assertIn(part, body)

    def test_who_sees_it(self):
        wait = self._stop(self._order(1500), self.rep)
        for user in (self.rep, self.approver, self.users["bookkeeper"]):
            self.assertEqual(self.desk.with_user(user).search([("id", "=", wait.id)]), wait)
        self.assertFalse(self.desk.with_user(self.other_rep).search([("id", "=", wait.id)]))
        self.assertNotIn("1,000.00", wait.with_user(self.rep).credit_message)
        self.assertIn("1,000.00", wait.with_user(self.approver).credit_message)
        self.assertFalse(wait.with_user(self.rep).can_approve)
        self.assertFalse(wait.with_user(self.rep).can_release)
        self.assertTrue(wait.with_user(self.approver).can_approve)
        for action in ("action_approve", "action_release"):
            with self.assertRaises(UserError):
                getattr(wait.with_user(self.rep), action)()
        data = self.env["bizuno.dashboard"].with_user(self.approver).get_data()
        self.assertGreaterEqual(data["on_hold"]["count"], 1)

    def _empty_page(self, user):
        action = self.env.ref("bizuno_crm.bizuno_credit_wait_action").with_user(user)
        return self.env["ir.actions.actions"].with_user(user)._for_xml_id(action.xml_id)["help"]

    def test_an_empty_page_says_when_the_policy_only_warns(self):
        bookkeeper = self.users["bookkeeper"]
        self.assertIn("until they are approved", self._empty_page(bookkeeper))
        self.company.write({"credit_policy": "warn", "hold_policy": "block"})
        self.assertIn("until they are approved", self._empty_page(bookkeeper))
        self.company.hold_policy = "same"
        page = self._empty_page(bookkeeper)
        self.assertIn("only warns", page)
        self.assertNotIn("until they are approved", page)
        self.assertIn("sale_order_action", page)
        without_sales = self._create_users(
            "desk", {"clerk": "account.group_account_invoice,bizuno_crm.group_customer_read"}
        )["clerk"]
        page = self._empty_page(without_sales)
        self.assertIn("only warns", page)
        self.assertEqual(
            "sale_order_action" in page,
            self.env["sale.order"].with_user(without_sales).has_access("read"),
        )

    def test_approve_one_and_several(self):
        orders = self._order(1500) + self._order(1600) + self._order(1700)
        waits = self.desk.concat(*(self._stop(order, self.rep) for order in orders))
        action = waits[0].with_user(self.approver).action_approve()
        form = Form(self.env[action["res_model"]].with_user(self.approver).with_context(
            **action["context"]
        ))  # fmt: skip
        self.assertEqual((form.amount, form.amount_total, form.credit_limit), (1500, 1500, 1000))
        self.assertEqual(form.credit_open, 0)
        form.reason = "Owner wired it"
        form.save().action_approve()
        self.assertEqual(orders[0].credit_approved_amount, 1500)
        self.assertFalse(waits[0].exists())
        told = orders[0].message_ids.filtered(lambda one: "Owner wired it" in one.body)
        self.assertIn(self.rep.partner_id, told.notified_partner_ids)
        action = waits[1:].with_user(self.approver).action_approve()
        form = Form(self.env[action["res_model"]].with_user(self.approver).with_context(
            **action["context"]
        ))  # fmt: skip
        form.reason = "Both"
        form.save().action_approve()
        self.assertEqual(orders[1:].mapped("credit_approved_amount"), [1600, 1700])
        orders.with_user(self.rep).action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_release(self):
        customers = self.customer + self._create_customer("Second")
        customers.write({"account_status": "hold", "account_status_reason": "Bounced"})
        orders = self._order(10) + self._order(10, partner=customers[1])
        waits = self.desk.concat(*(self._stop(order, self.rep) for order in orders))
        action = waits.with_user(self.approver).action_release()
        form = Form(self.env[action["res_model"]].with_user(self.approver).with_context(
            **action["context"]
        ))  # fmt: skip
        self.assertEqual(form.status, "active")
        form.reason = "Paid"
        form.save().action_apply()
        self.assertEqual(customers.mapped("account_status"), ["active", "active"])
        self.assertFalse(waits.exists())
        self.assertIn("can proceed", " ".join(orders[1].message_ids.mapped("body")))

    def test_the_account_is_read_once_for_many(self):
        """Approved or released, whatever waits is judged together."""
        orders = self.env["sale.order"].concat(*(self._order(1500) for _number in range(6)))
        invoices = self.env["account.move"].concat(*(self._invoice(1500) for _number in range(6)))
        for document in (*orders, *invoices):
            self._stop(document, self.rep)
        partners = self.env.registry["res.partner"]
        read = partners._get_credit_owed_sql
        for change in (
            lambda: self.env["bizuno.credit.approval"].with_user(self.approver).create(
                [{"order_id": order.id, "reason": "Paid", "amount": 1500} for order in orders]
            ),
            lambda: self.desk._remove_released(self.customer),
        ):  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            with patch.object(partners, "_get_credit_owed_sql", autospec=True) as asked:
                asked.side_effect = read
                change()
            self.assertLessEqual(asked.call_count, 2)
        self.assertEqual(len(orders.filtered("credit_approved_by_id")), 6)

    def test_what_is_confirmed_or_cancelled_waits_no_more(self):
        first, second = self._order(1500), self._order(1500)
        self._stop(first, self.rep)
        self._stop(second, self.rep)
        domain = self.desk._get_open_domain()
        self.assertEqual(len(self.desk.search(domain)), 2)
        self.customer.credit_limit = 0
        first.action_confirm()
        second._action_cancel()
        self.env.flush_all()
        self.assertFalse(self.desk.search(domain))

    def test_a_page_and_how_many_there_are(self):
        """As Odoo's own search has them, for each who looks, page by page."""
        for number in range(5):
            order = self._order(1500)
            order.user_id = self.other_rep if number % 2 else self.rep
            self._stop(order, order.user_id)
        confirmed = self.desk.search([], order="id")[1]
        self.customer.credit_limit = 0
        confirmed.order_id.action_confirm()
        self.env.flush_all()
        domain = self.desk._get_open_domain()
        for user in (self.approver, self.rep, self.other_rep):
            desk = self.desk.with_user(user)
            number = desk.search_count(domain)
            self.assertEqual(number, 1 if user == self.other_rep else 4)
            for offset, limit, count_limit in ((0, 80, 10001), (0, 2, 10001), (2, 2, 2), (0, 2, 3)):
                with self.subTest(user=user.login, offset=offset, limit=limit):
                    page = desk.web_search_read(
                        domain, {"document": {}}, offset, limit, count_limit=count_limit
                    )
                    expected = desk.search(domain, offset, limit)
                    self.assertEqual([row["id"] for row in page["records"]], expected.ids)
                    if expected:
                        self.assertEqual(page["length"], min(number, count_limit))

    def test_requested_once(self):
        order = self._order(1500)
        self.assertFalse(order.is_credit_approval_requested)
        self._stop(order, self.rep)
        self.env.invalidate_all()
        self.assertTrue(order.is_credit_approval_requested)
        with self.assertRaisesRegex(UserError, "has been asked in an activity"):
            order.with_user(self.rep).action_confirm()

    def test_a_hidden_customer_says_nothing(self):
        own = self._create_users(
            "hidden",
            {
                "own": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
                "bizuno_crm.group_own_contacts_only"
            },
        )["own"]
        hidden = self._create_customer("Hidden Harbour", user_id=self.rep.id)
        hidden.write({"account_status": "hold", "account_status_reason": "Secret reason"})
        mine = self._create_customer("Mine", user_id=own.id)
        self.assertFalse(hidden.with_user(own).has_access("read"))
        orders = self.env["sale.order"].with_user(own)
        onchange = orders.onchange(
            {"partner_id": hidden.id},
            ["partner_id"],
            {"partner_id": {}, "credit_status": {}, "credit_message": {}},
        )["value"]
        self.assertFalse(onchange.get("credit_status"))
        self.assertFalse(onchange.get("credit_message"))
        order = self._order(1500, partner=hidden, user_id=own.id).with_user(own)
        self.assertEqual((order.credit_status, order.credit_message), (False, False))
        self.assertFalse(orders.search([("id", "=", order.id), ("credit_status", "=", "hold")]))
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        for secret in ("Secret", "hold", "Hidden Harbour"):
            self.assertNotIn(secret, str(caught.exception))
        theirs = self._order(1500, partner=mine, user_id=own.id).with_user(own)
        self.assertEqual(theirs.credit_status, "over_limit")

    def test_search_says_what_the_page_says(self):
        self.company.credit_scope = "invoices_and_orders"
        held = self._create_customer("Held", account_status="hold")
        self._invoice(700, post=True, invoice_date="2025-01-10")
        confirmed = self._order(100)
        confirmed.action_confirm()
        documents = [
            self._order(10), self._order(600), self._order(-600), self._order(10, partner=held),
            self._order(10, partner_invoice_id=held.id), confirmed,
            self._invoice(10), self._invoice(600), self._invoice(10, partner=held),
            self._invoice(5, move_type="out_refund"), confirmed._create_invoices(),
        ]  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        for document in documents:
            status = document.credit_status
            found = [
                one
                for one in ("locked", "hold", "over_limit", "past_due", "ok")
                if document.search([("id", "=", document.id), ("credit_status", "=", one)])
            ]
            self.assertEqual(found, [status], document)
