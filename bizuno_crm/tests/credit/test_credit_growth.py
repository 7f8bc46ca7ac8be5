from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditGrowth(CreditCommon):
    """A confirmed order that becomes larger is judged like a confirmation of that amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.order = cls._order(900)
        cls.order.action_confirm()
        cls.line = cls.order.order_line

    def _refused(self, words="Harbour Supply"):
        return self.assertRaisesRegex(UserError, words)

    def _still(self, amount):
        self.env.invalidate_all()
        self.assertEqual(self.order.amount_total, amount)

    def test_warn_lets_it_grow(self):
        self.company.credit_policy = "warn"
        self.line.with_user(self.rep).price_unit = 5000
        self._still(5000)

    def test_within_the_limit_it_grows(self):
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            self.line.with_user(self.rep).price_unit = 1000
            self._still(1000)
            self.line.with_user(self.rep).price_unit = 900

    def test_beyond_the_limit_every_way_is_refused(self):
        order, line = self.order.with_user(self.rep), self.line.with_user(self.rep)
        new = {"product_id": self.product.id, "price_unit": 101}

        def in_the_form():
            with Form(order) as form, form.order_line.edit(0) as edited:
                edited.price_unit = 1001

        ways = (
            in_the_form,
            lambda: line.write({"product_uom_qty": 2000}),
            lambda: line.write({"price_unit": 1001}),
            lambda: order.write({"order_line": [Command.update(line.id, {"price_unit": 1001})]}),
            lambda: order.write({"order_line": [Command.create(new)]}),
            lambda: line.create({**new, "order_id": order.id}),
            lambda: line.load(
                ["order_id/.id", "product_id/.id", "price_unit"],
                [[str(order.id), str(self.product.id), "101"]],
            ),
        )
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            for number, way in enumerate(ways):
                if number == len(ways) - 1:
                    result = way()
                    self.assertFalse(result["ids"])
                    self.assertIn("stopped by the credit policy", result["messages"][0]["message"])
                else:
                    with self._refused("stopped by the credit policy"):
                        way()
                self._still(900)

    def test_lines_written_together_are_judged_together(self):
        other = self.line.create(
            {"order_id": self.order.id, "product_id": self.product.id, "price_unit": 50}
        )
        # The first change alone would go beyond the limit.
        self.order.with_user(self.rep).write(
            {
                "order_line": [
                    Command.update(self.line.id, {"price_unit": 990}),
                    Command.update(other.id, {"price_unit": 10}),
                ]
            }
        )
        self._still(1000)

    def test_no_context_key_relaxes_it(self):
        keys = ("credit_judged_by_order", "bizuno_crm.credit_watch", "credit_watch", "import_file")
        for value in (True, 1, "judged", {}):
            context = dict.fromkeys(keys, value)
            with self._refused():
                self.line.with_context(**context).write({"price_unit": 1001})

    def test_becoming_smaller_is_never_refused(self):
        self.customer.account_status = "locked"
        self.line.with_user(self.rep).price_unit = 800
        self._still(800)
        with self._refused("is locked"):
            self.line.with_user(self.rep).price_unit = 801

    def test_what_is_invoiced_counts_once(self):
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            order = self._order(400, partner=self._create_customer(bizuno_terms="0:0:0:30:1000"))
            order.action_confirm()
            order._create_invoices().action_post()
            order.order_line.create(
                {"order_id": order.id, "product_id": self.product.id, "price_unit": 600}
            )
            self.assertEqual(order.amount_total, 1000)
            with self._refused("by .*1.00: .*400.00 open, .*601.00 for this order"):
                order.order_line[1].price_unit = 601

    def test_a_quotation_grows_freely(self):
        quotation = self._order(10)
        quotation.order_line.price_unit = 5000
        self.assertEqual(quotation.credit_status, "over_limit")

    def test_what_a_vendor_bill_charges_on_does_not_stop_the_bill(self):
        self.product.write({"expense_policy": "cost", "invoice_policy": "delivery"})
        plan = self.env["account.analytic.plan"].create({"name": "Jobs"})
        account = self.env["account.analytic.account"].create({"name": "Job", "plan_id": plan.id})
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_b.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 5,
                            "price_unit": 100,
                            "analytic_distribution": {str(account.id): 100},
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        # Which order it is that pays for the costs is said by apps that need not be installed.
        with patch.object(
            type(bill.line_ids),
            "_sale_determine_order",
            lambda lines: dict.fromkeys(lines.ids, self.order),
        ):
            bill.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.mapped("is_expense"), [False, True])
        self.assertEqual(self.order.amount_total, 1400)
        # It is not for a rep to say what was spent.
        with self._refused():
            self.line.with_user(self.rep).create(
                {
                    "order_id": self.order.id,
                    "product_id": self.product.id,
                    "price_unit": 500,
                    "is_expense": True,
                }
            )

    def test_approval_of_the_larger_amount(self):
        self.company.credit_policy = "approval"
        with self._refused("needs a credit approval.*can be approved by"):
            self.line.with_user(self.rep).price_unit = 1500
        approver = self.users["accountant"]
        action = (
            self.env.ref("bizuno_crm.sale_order_action_approve_credit")
            .with_user(approver)
            .with_context(
                active_model="sale.order", active_id=self.order.id, active_ids=self.order.ids
            )
            .run()
        )
        self.env[action["res_model"]].with_user(approver).with_context(**action["context"]).create(
            {"reason": "Old customer", "amount": 1500}
        ).action_approve()
        self.line.with_user(self.rep).price_unit = 1500
        self._still(1500)
        with self._refused("needs a credit approval"):
            self.line.with_user(self.rep).price_unit = 1501
