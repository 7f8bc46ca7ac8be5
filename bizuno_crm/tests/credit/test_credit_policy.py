from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common_credit import PIXEL, CreditCommon


@tagged("post_install", "-at_install")
class TestCreditPolicy(CreditCommon):
    """Every door, under each policy."""

    def _refused(self, words="Harbour Supply"):
        return self.assertRaisesRegex(UserError, words)

    def _as_rep(self, order):
        return order.with_user(self.rep)

    # warn

    def test_warn_stops_nothing(self):
        self.assertEqual(self.company.credit_policy, "warn")
        self.customer.account_status = "locked"
        order = self._order(5000)
        self._as_rep(order).action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual((order.state, invoice.state), ("sale", "posted"))

    # block: the doors of orders

    def test_block_within_the_limit_passes(self):
        self.company.credit_policy = "block"
        order = self._order(1000)
        self._as_rep(order).action_confirm()
        order._create_invoices().action_post()
        self.assertEqual(order.state, "sale")

    def test_block_confirm_button(self):
        self.company.credit_policy = "block"
        for state in ("draft", "sent"):
            order = self._order(1001)
            order.state = state
            with self._refused("stopped by the credit policy.*Ask accounting"):
                self._as_rep(order).action_confirm()
            order.invalidate_recordset()
            self.assertEqual(order.state, state)

    def test_block_names_figures_to_accounting_only(self):
        self.company.credit_policy = "block"
        self._invoice(400, post=True)
        order = self._order(1100)
        with self.assertRaises(UserError) as caught:
            self._as_rep(order).action_confirm()
        self.assertNotIn("400", str(caught.exception))
        self.env.invalidate_all()
        with self._refused(r"limit of .*1,000.00 by .*500.00: .*400.00 open, .*1,100.00"):
            order.action_confirm()

    def test_block_list_action_counts_all_orders_together(self):
        self.company.credit_policy = "block"
        orders = self._order(600) | self._order(600)
        other = self._order(10, partner=self._create_customer("Other"))
        with self._refused():
            self._as_rep(orders | other).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(set((orders | other).mapped("state")), {"draft"})
        self._as_rep(orders[0] | other).action_confirm()
        with self._refused():
            self.company.credit_scope = "invoices_and_orders"
            self._as_rep(orders[1]).action_confirm()

    def test_block_direct_write_of_the_state(self):
        self.company.credit_policy = "block"
        order = self._order(1001)
        with self._refused():
            self._as_rep(order).write({"state": "sale"})
        with self._refused():
            self._as_rep(order).write({"state": "sale", "locked": True})
        order = self._order(1)
        with self._refused():
            self._as_rep(order).write(
                {
                    "state": "sale",
                    "order_line": [Command.update(order.order_line.id, {"price_unit": 2000})],
                }
            )

    def test_block_import_and_create(self):
        self.company.credit_policy = "block"
        values = {
            "partner_id": self.customer.id,
            "state": "sale",
            "order_line": [Command.create({"product_id": self.product.id, "price_unit": 2000})],
        }
        with self._refused():
            self.env["sale.order"].with_user(self.rep).create(values)
        result = (
            self.env["sale.order"]
            .with_user(self.rep)
            .load(
                ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/price_unit"],
                [[str(self.customer.id), "sale", str(self.product.id), "2000"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Harbour Supply", result["messages"][0]["message"])
        result = (
            self.env["sale.order"]
            .with_user(self.rep)
            .load(
                ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/price_unit"],
                [[str(self.customer.id), "Quotation", str(self.product.id), "2000"]],
            )
        )
        self.assertTrue(result["ids"])

    def test_block_changing_the_customer_of_a_confirmed_order(self):
        self.company.credit_policy = "block"
        rich = self._create_customer("Rich", bizuno_terms="0:0:0:30:0")
        order = self._order(5000, partner=rich)
        self._as_rep(order).action_confirm()
        with self._refused():
            self._as_rep(order).write(
                {"partner_id": self.customer.id, "partner_invoice_id": self.customer.id}
            )

    def test_no_context_key_relaxes_anything(self):
        self.company.credit_policy = "block"
        order = self._order(1001)
        keys = (
            "bypass_risk", "bypass_credit", "force", "skip_credit_check", "skip_readonly_check",
            "import_file", "install_mode", "tracking_disable", "mail_notrack",
            "disable_cancel_warning", "credit_policy", "default_credit_policy",
        )  # fmt: skip
        context = dict.fromkeys(keys, True) | {"credit_policy": "warn", "aged_at": "2000-01-01"}
        with self._refused():
            self._as_rep(order).with_context(**context).action_confirm()
        self._invoice(900, post=True)
        invoice = self._invoice(200)
        narrowed = self.env["bizuno.aged.receivable"]._narrowed(partner_id=(0,)).env.context
        for extra in ({}, {"aged_at": False}, {"rows_narrowed": narrowed["rows_narrowed"]}):
            with self._refused():
                invoice.with_context(**{**context, **extra}).action_post()

    def test_block_hold_and_lock(self):
        self.company.credit_policy = "block"
        self.customer.credit_limit = 0
        for status, words in (("hold", "on credit hold"), ("locked", "is locked")):
            self.customer.account_status = status
            with self._refused(words):
                self._as_rep(self._order(1)).action_confirm()
            with self._refused(words):
                self._invoice(1).action_post()

    def test_hold_of_whoever_orders_or_pays(self):
        self.company.credit_policy = "block"
        payer = self._create_customer("Payer")
        order = self._order(1, partner_invoice_id=payer.id)
        self.customer.account_status = "hold"
        with self._refused("Harbour Supply is on credit hold"):
            self._as_rep(order).action_confirm()
        self.customer.account_status = "active"
        payer.account_status = "hold"
        with self._refused("Payer is on credit hold"):
            self._as_rep(order).action_confirm()

    def test_portal_acceptance_keeps_the_signature_and_tells_the_salesperson(self):
        self.company.credit_policy = "block"
        order = self._order(1001)
        order.write({"signed_by": "Ann", "signature": PIXEL})
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertTrue(order._is_credit_held_back())
        self.assertEqual(order.activity_ids.user_id, self.rep)
        self.assertIn("stopped by the credit policy", order.message_ids[:1].body)
        self.assertTrue(order.message_ids[:1].subtype_id.internal)
        self.customer.credit_limit = 5000
        self.assertFalse(order._is_credit_held_back())
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sale")

    def _transaction(self, order=None, invoice=None, amount=None):
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        method = self.env["payment.method"].sudo().with_context(active_test=False)
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.search([], limit=1).id,
                    "reference": f"tx{order.id if order else invoice.id}",
                    "amount": amount or (order or invoice).amount_total,
                    "currency_id": (order or invoice).currency_id.id,
                    "partner_id": self.customer.id,
                    "state": "done",
                    "sale_order_ids": [Command.set(order.ids if order else [])],
                    "invoice_ids": [Command.set(invoice.ids if invoice else [])],
                }
            )
        )

    def test_payment_on_line_of_the_whole_order_needs_no_credit(self):
        self.company.credit_policy = "block"
        self._invoice(1000, post=True)
        order = self._order(700)
        transaction = self._transaction(order)
        transaction._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")

    def test_payment_on_line_of_a_held_order_is_booked_and_somebody_told(self):
        self.company.credit_policy = "block"
        self.customer.account_status = "hold"
        order = self._order(700)
        confirmed = self._transaction(order)._check_amount_and_confirm_order()
        self.assertFalse(confirmed)
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.activity_ids.user_id, self.rep)

    def test_automatic_invoicing_of_a_paid_order(self):
        self.company.credit_policy = "block"
        self._invoice(1000, post=True)
        order = self._order(700)
        transaction = self._transaction(order)
        transaction._check_amount_and_confirm_order()
        transaction._invoice_sale_orders()
        order.invoice_ids.action_post()
        self.assertEqual(order.invoice_ids.state, "posted")

    # block: the doors of invoices

    def test_block_posting(self):
        self.company.credit_policy = "block"
        self._invoice(900, post=True)
        with self._refused(r"limit .* by .*100.00: .*900.00 open, .*200.00 for this invoice"):
            self._invoice(200).action_post()
        with self._refused():
            self._invoice(200).write({"state": "posted"})
        with self._refused():
            self._invoice(200, move_type="out_receipt").action_post()
        invoice = self._invoice(200)
        with self._refused():
            self.env["validate.account.move"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({}).validate_move()
        self._invoice(100).action_post()

    def test_block_posting_many_is_all_or_nothing(self):
        self.company.credit_policy = "block"
        invoices = self._invoice(600) | self._invoice(600)
        with self._refused():
            invoices.action_post()
        self.env.invalidate_all()
        self.assertEqual(set(invoices.mapped("state")), {"draft"})

    def test_automatic_posting_tells_and_goes_on(self):
        self.company.credit_policy = "block"
        bad = self._invoice(2000, auto_post="at_date", date="2026-01-10")
        good = self._invoice(10, auto_post="at_date", date="2026-01-10")
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_auto_post_draft_entry").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((bad.state, good.state), ("draft", "posted"))
        self.assertTrue(
            any("credit policy" in (body or "") for body in bad.message_ids.mapped("body")),
            bad.message_ids.mapped("body"),
        )

    def test_block_invoicing_many_orders_at_once(self):
        self.company.credit_policy = "block"
        orders = self._order(300) | self._order(300) | self._order(300)
        orders.action_confirm()
        invoices = orders._create_invoices() | self._invoice(200)
        self.assertEqual(set(invoices.mapped("credit_status")), {"ok"})
        with self._refused("Harbour Supply"):
            invoices.action_post()
        (invoices - invoices[-1]).action_post()

    def test_credit_notes_bills_and_entries_are_never_blocked(self):
        self.company.credit_policy = "block"
        self._invoice(900, post=True)
        self.customer.account_status = "locked"
        for kind in ("out_refund", "in_invoice", "in_refund"):
            move = self._invoice(2000, move_type=kind)
            move.action_post()
            self.assertEqual(move.state, "posted", kind)

    def test_invoice_of_a_confirmed_order_adds_nothing_if_orders_count(self):
        self.company.write({"credit_policy": "block", "credit_scope": "invoices_and_orders"})
        order = self._order(1000)
        order.action_confirm()
        self.customer.credit_limit = 500
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        with self._refused():
            self._invoice(1).action_post()

    # approval

    def _approve(self, document, amount=None, person="accountant", reason="Paid by cheque today"):
        name = "order_id" if document._name == "sale.order" else "move_id"
        return (
            self.env["bizuno.credit.approval"]
            .with_user(self.users[person])
            .create(
                {
                    name: document.id,
                    "amount": document.amount_total if amount is None else amount,
                    "reason": reason,
                }
            )
        )

    def test_approval_tells_who_can_approve(self):
        self.company.credit_policy = "approval"
        order = self._order(1500)
        with self._refused("needs a credit approval.*can be approved by .*bizuno_accountant"):
            self._as_rep(order).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_approval_by_an_approver_with_a_reason(self):
        self.company.credit_policy = "approval"
        order = self._order(1500)
        self._as_rep(order).action_request_credit_approval()
        activity = order.activity_ids
        self.assertTrue(activity.user_id.has_group("bizuno_crm.group_credit_approver"))
        self._as_rep(order).action_request_credit_approval()
        self.assertEqual(len(order.activity_ids), 1, "asked once")
        approver = self.users["accountant"]
        action = order.with_user(approver).action_approve_credit()
        wizard = (
            self.env[action["res_model"]]
            .with_user(approver)
            .with_context(**action["context"])
            .create({"reason": "Paid by cheque today"})
        )
        self.assertEqual(wizard.amount, 1500)
        wizard.action_approve()
        self.assertRecordValues(
            order,
            [
                {
                    "credit_approved_by_id": approver.id,
                    "credit_approval_reason": "Paid by cheque today",
                    "credit_approved_amount": 1500,
                    "is_credit_approval_needed": False,
                }
            ],
        )
        self.assertFalse(order.activity_ids)
        self.assertIn("Paid by cheque today", " ".join(order.message_ids.mapped("body")))
        approval = self.env["bizuno.credit.approval"].search([("order_id", "=", order.id)])
        self.assertEqual(approval.user_id, approver)
        self.assertEqual(approval.partner_id, self.customer)
        self.assertIn("1,500.00", approval.circumstances)
        self._as_rep(order).action_confirm()
        self.assertEqual(order.state, "sale")
        order._create_invoices().action_post()
        self.assertEqual(order.invoice_ids.state, "posted", "approved with its order")

    def test_a_larger_amount_or_another_customer_asks_again(self):
        self.company.credit_policy = "approval"
        order = self._order(1500)
        self._approve(order)
        order.order_line.price_unit = 1500.01
        with self._refused():
            self._as_rep(order).action_confirm()
        self.env.invalidate_all()
        order.order_line.price_unit = 1400
        other = self._create_customer("Other", account_status="hold")
        order.write({"partner_id": other.id, "partner_invoice_id": other.id})
        with self._refused("Other"):
            self._as_rep(order).action_confirm()
        order.write({"partner_id": self.customer.id, "partner_invoice_id": self.customer.id})
        self._as_rep(order).action_confirm()
        with self._refused():
            self._as_rep(order.copy()).action_confirm()

    def test_the_approval_is_written_by_approvers_only(self):
        self.company.credit_policy = "approval"
        order = self._order(1500)
        for person in ("rep", "sales_manager", "bookkeeper"):
            with self.assertRaises(AccessError):
                self._approve(order, person=person)
            with self.assertRaises(AccessError):
                order.with_user(self.users[person]).action_approve_credit()
            self.env.invalidate_all()
        rep = self._as_rep(order)
        rep.write(
            {
                "credit_approved_by_id": self.users["accountant"].id,
                "credit_approval_reason": "x",
                "credit_approved_amount": 1e6,
            }
        )
        self.env.invalidate_all()
        self.assertFalse(rep.credit_approved_by_id)
        with self._refused():
            rep.action_confirm()
        self.env.invalidate_all()
        approval = self._approve(order)
        for person in ("rep", "bookkeeper", "accountant", "bizuno_manager"):
            with self.assertRaises(AccessError):
                approval.with_user(self.users[person]).write({"amount": 1e6})
            with self.assertRaises(AccessError):
                approval.with_user(self.users[person]).unlink()

    def test_an_approver_cannot_sign_for_another_or_without_a_reason(self):
        order = self._order(1500)
        approval = (
            self.env["bizuno.credit.approval"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "order_id": order.id,
                    "amount": 1,
                    "reason": "ok",
                    "user_id": self.rep.id,
                    "date": "2000-01-01 00:00:00",
                }
            )
        )
        self.assertEqual(approval.user_id, self.users["accountant"])
        self.assertGreater(approval.date.year, 2000)
        for reason, amount in (("  ", 5), ("", 5), ("ok", -1), ("ok", 0)):
            with self.assertRaises(ValidationError):
                self._approve(order, amount=amount, reason=reason)

    def test_an_approver_of_the_own_orders_alone(self):
        """The right is given by hand, here to a salesperson without any other about accounts."""
        groups = "bizuno_crm.group_credit_approver,sales_team.group_sale_salesman"
        approver = new_test_user(self.env, "bizuno_own_approver", groups)
        order = self._order(1500)
        values = {"order_id": order.id, "amount": 1500, "reason": "ok"}
        with self.assertRaises(AccessError):
            self.env["bizuno.credit.approval"].with_user(approver).create(values)
        self.assertFalse(order.credit_approved_by_id)
        order.user_id = approver
        dialogs = self.env["bizuno.credit.approval.wizard"].with_user(approver)
        context = order.with_user(approver).action_approve_credit()["context"]
        with Form(dialogs.with_context(**context)) as dialog:
            dialog.reason = "Owner has called"
        dialog.record.action_approve()
        self.assertEqual(order.credit_approved_by_id, approver)
        approval = self.env["bizuno.credit.approval"].search([("order_id", "=", order.id)])
        self.assertEqual((approval.user_id, approval.create_uid), (approver, approver))
        self.assertTrue(approval.circumstances)

    def test_approval_of_an_invoice_and_of_hold(self):
        self.company.credit_policy = "approval"
        self.customer.account_status = "hold"
        invoice = self._invoice(100)
        with self._refused("on credit hold"):
            invoice.action_post()
        self.env.invalidate_all()
        self._approve(invoice)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_an_order_approved_in_part_does_not_cover_all_its_invoices(self):
        self.company.credit_policy = "approval"
        order = self._order(1500)
        self._approve(order)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.price_unit = 1501
        with self._refused():
            invoice.action_post()

    def test_nobody_is_asked_without_need(self):
        self.company.credit_policy = "approval"
        with self._refused("needs no credit approval"):
            self._as_rep(self._order(5)).action_request_credit_approval()

    def test_settings_are_per_company(self):
        other = self.setup_other_company()["company"]
        self.env["res.config.settings"].create({"credit_policy": "block"}).execute()
        self.assertEqual(self.company.credit_policy, "block")
        self.assertEqual(other.credit_policy, "warn")
