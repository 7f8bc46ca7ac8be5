from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectAssign(ProfitCommon):
    """Documents from before are put on a project."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.bookkeeper.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def _open(self, project=None, user=None):
        project = (project or self.project).with_user(user or self.bookkeeper)
        action = project.action_assign_documents()
        return project.env[action["res_model"]].browse(action["res_id"])

    def test_the_documents_of_the_customer_that_are_on_no_project(self):
        order = self._order()
        invoice = self._move(None, "out_invoice", 70.0)
        invoice.action_post()
        refund = self._move(None, "out_refund", 20.0)
        refund.action_post()
        self._order(self.second)
        self._move(self.second, "out_invoice")
        on_line = self._order()
        on_line.order_line[0].bizuno_project_id = self.second
        self._order(partner_id=self.partner_b.id)
        self._order().action_cancel()
        self._move()
        wizard = self._open()
        self.assertFalse(wizard.is_only_project)
        self.assertEqual(wizard.line_ids.order_id, order)
        self.assertEqual(wizard.line_ids.move_id, invoice + refund)
        self.assertEqual(
            {line.document: (line.amount, line.line_count) for line in wizard.line_ids},
            {
                order.display_name: (200.0, 2),
                invoice.display_name: (70.0, 1),
                refund.display_name: (-20.0, 1),
            },
        )
        with self.assertRaisesRegex(UserError, "Cold store"):
            wizard.action_assign()
        with Form(wizard) as form:
            for number, line in enumerate(wizard.line_ids):
                if line.move_id:
                    with form.line_ids.edit(number) as chosen:
                        chosen.selected = True
            self.assertEqual((form.count_selected, form.amount_selected), (2, 50.0))
        wizard.action_assign()
        self.assertEqual(self._booked(self.project), 50.0)
        self.assertFalse(order.bizuno_project_id)
        self.assertEqual(self._open().line_ids.order_id, order)

    def test_the_only_project_gets_all_in_one_step(self):
        self.second.unlink()
        invoice = self._move(None, "out_invoice", 70.0)
        invoice.action_post()
        order = self._order()
        wizard = self._open()
        self.assertTrue(wizard.is_only_project)
        wizard.action_assign()
        self.assertEqual(invoice.bizuno_project_id, self.project)
        self.assertEqual(order.order_line.bizuno_project_id, self.project)
        self.assertEqual(self._booked(self.project), 70.0)
        self.assertFalse(self._open().line_ids)

    def test_locked_ones_are_listed_with_the_reason(self):
        self.second.unlink()
        invoice = self._move(None, "out_invoice", 70.0)
        invoice.action_post()
        invoice.company_id.fiscalyear_lock_date = "2025-03-31"
        order = self._order()
        order.action_confirm()
        order.action_lock()
        wizard = self._open()
        reasons = {line.document: line.refusal for line in wizard.line_ids}
        self.assertRegex(reasons[invoice.display_name], "03/31/2025")
        self.assertRegex(reasons[order.display_name], "unlock")
        self.assertFalse(wizard.line_ids.filtered("selected"))
        # whatever is written into the lines
        wizard.line_ids.write({"selected": True})
        with self.assertRaises(UserError):
            wizard.action_assign()
        wizard.line_ids.sudo().refusal = False
        with self.assertRaisesRegex(UserError, order.name):
            wizard.action_assign()
        self.assertFalse(invoice.bizuno_project_id)

    def test_what_was_split_by_hand_stays(self):
        two = self.second._ensure_analytic_account().id
        order = self._order(lines=3)
        order.order_line[0].analytic_distribution = {str(two): 50.0}
        self.assertFalse(self._open().line_ids)

    def test_who_may(self):
        self._order()
        for name in ("rep", "bizuno_manager"):
            with self.assertRaises(AccessError):
                self._open(user=self.users[name])
        project = self.env["bizuno.project"].create({"name": "Nobody's"})
        with self.assertRaisesRegex(UserError, "Nobody's"):
            self._open(project)

    def test_constant_number_of_queries(self):
        from ..common_pages import recorded_queries  # noqa: PLC0415

        def queries(count):
            for _one in range(count):
                self._order()
                self.env["account.move"].create({
                    "move_type": "out_invoice", "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "X", "price_unit": 5})],
                })  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            with recorded_queries() as found:
                self._open()
            return found

        queries(1)
        few = queries(1)
        many = queries(8)
        self.assertLessEqual(len(many), len(few) + 1, "\n".join(many))
