from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditApproved(CreditCommon):
    """An approval is for one amount, once, in one company: ways to lend it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "approval"
        cls.bookkeeper, cls.approver = cls.users["bookkeeper"], cls.users["accountant"]

    def _approve(self, document, amount):
        name = "order_id" if document._name == "sale.order" else "move_id"
        self.env["bizuno.credit.approval"].with_user(self.approver).create(
            {name: document.id, "amount": amount, "reason": "Old customer"}
        )

    def _billed(self, amount, scope, name):
        """:return: an approved order that is invoiced, as the rep"""
        self.company.credit_scope = scope
        customer = self._create_customer(f"{name} {scope}", credit_limit=1000)
        order = self._order(amount, partner=customer)
        self._approve(order, amount)
        order.with_user(self.rep).action_confirm()
        order._create_invoices().with_user(self.bookkeeper).action_post()
        return order.with_user(self.rep)

    def _owed(self, customer):
        self.env.flush_all()
        self.env.invalidate_all()
        return customer._get_credit_positions(self.company)[customer.id].open

    def test_other_lines_in_the_place_of_what_is_invoiced(self):
        new = Command.create({"product_id": self.product.id, "price_unit": 1370})
        for scope in ("invoices", "invoices_and_orders"):
            order = self._billed(1370, scope, "Replaced")
            for values in ({"price_unit": 0}, {"product_uom_qty": 0}):
                commands = [Command.update(order.order_line.id, values), new]
                self._stopped(
                    lambda order=order, commands=commands: order.write({"order_line": commands}),
                    "needs a credit approval",
                )
                self.assertEqual(self._owed(order.partner_id), 1370)
        # Asked again, the approver is told all that the order lends.
        order.action_cancel()
        order.action_draft()
        order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 0}), new]})
        self._stopped(order.action_confirm, "needs a credit approval")
        wizard = Form.from_action(
            self.env(user=self.approver), order.with_user(self.approver).action_approve_credit()
        )
        self.assertEqual((wizard.amount_total, wizard.amount), (1370, 2740))
        wizard.reason = "Twice as much"
        wizard.save().action_approve()
        order.action_confirm()
        self.assertEqual(self._owed(order.partner_id), 2740)

    def test_what_is_invoiced_is_not_taken_from_its_order(self):
        for scope in ("invoices", "invoices_and_orders"):
            order = self._billed(1420, scope, "Parted")
            line, other = order.order_line, self._order(1, partner=order.partner_id)
            order.action_cancel()
            order.action_draft()
            [bill] = line.sudo().invoice_lines
            both = self.env(user=self._create_users(
                f"parted_{scope}",
                {"both": "account.group_account_invoice,sales_team.group_sale_manager"},
            )["both"])  # fmt: skip
            ways = (
                line.unlink,
                lambda order=order, line=line: order.write(
                    {"order_line": [Command.delete(line.id)]}
                ),
                lambda line=line, other=other: line.write({"order_id": other.id}),
                lambda line=line, other=other: other.with_user(self.rep).write(
                    {"order_line": [Command.link(line.id)]}
                ),
                lambda line=line, both=both: line.with_env(both).write(
                    {"invoice_lines": [Command.clear()]}
                ),
                lambda bill=bill: bill.with_user(self.bookkeeper).write(
                    {"sale_line_ids": [Command.clear()]}
                ),
                lambda bill=bill: bill.move_id.with_user(self.bookkeeper).with_context(
                    skip_readonly_check=True
                ).write(
                    {"invoice_line_ids": [
                        Command.update(bill.id, {"sale_line_ids": [Command.clear()]})]}
                ),
            )  # fmt: skip
            for number, way in enumerate(ways):
                with self.subTest(number, scope=scope):
                    self._stopped(way, "stays on that order")
            # Credited it is billed no more, and the approval is there for what comes in its place.
            reversal = self.env["account.move.reversal"].create(
                {"move_ids": bill.move_id.ids, "journal_id": bill.journal_id.id}
            )
            reversal.reverse_moves()
            reversal.new_move_ids.filtered(lambda move: move.state == "draft").action_post()
            line.unlink()
            order.order_line = [Command.create({"product_id": self.product.id, "price_unit": 1420})]
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_without_an_approval_lines_go_as_in_odoo(self):
        order = self._confirmed(640)
        order._create_invoices().action_post()
        order = order.with_user(self.rep)
        order.action_cancel()
        order.action_draft()
        order.order_line.unlink()
        self.assertFalse(order.order_line)

    def test_it_is_no_approval_of_another_company(self):
        other = self.setup_other_company()["company"]
        other.write({"credit_policy": "approval", "currency_id": self.company.currency_id.id})
        self.rep.company_ids += other
        self.customer.with_company(other).credit_limit = 150
        order = self._order(1230)
        self._approve(order, 1230)
        companies = (other + self.company).ids
        order = order.with_user(self.rep).with_context(allowed_company_ids=companies)
        order.company_id = other
        self._stopped(order.action_confirm, "needs a credit approval")
        order.company_id = self.company
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        branch = self.env["res.company"].create({"name": "Pier", "parent_id": self.company.id})
        self.env.cr.precommit.run()
        self.rep.company_ids += branch
        order = self._order(1340)
        self._approve(order, 1340)
        order = order.with_user(self.rep).with_context(allowed_company_ids=branch.ids)
        order.sudo().company_id = branch
        # The branch has the limit and the approvers of its company.
        order.order_line.write({"tax_ids": [Command.clear()], "price_unit": 1341})
        self._stopped(order.action_confirm, "needs a credit approval")
        order.order_line.price_unit = 1340
        order.action_confirm()
        self.assertEqual((order.state, order.company_id), ("sale", branch))

    def test_a_recurring_invoice_is_refused_without_figures(self):
        """Odoo writes the reason into the chatter, which reps read."""
        small, large = self._invoice(480), self._invoice(1610)
        moves = small + large
        moves.write({"auto_post": "at_date", "date": "2025-11-03", "invoice_date": "2025-11-03"})
        self.env.flush_all()
        cron, cr = type(self.env["ir.cron"]), self.env.cr
        with (
            # One transaction here, without what the job would commit or roll back.
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 1),
            patch.object(cr, "rollback", lambda: None),
            mute_logger("odoo.addons.account.models.account_move"),
        ):
            self.env["account.move"].sudo()._autopost_draft_entries()
        self.env.invalidate_all()
        self.assertEqual((small.state, large.state), ("posted", "draft"))
        [reason] = [body for body in large.message_ids.mapped("body") if "approval" in body]
        self.assertIn("Harbour Supply", reason)
        for figure in ("1,000", "480", "1,610", "090"):
            self.assertNotIn(figure, reason)
