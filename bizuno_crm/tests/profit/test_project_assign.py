from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...wizards.profit import bizuno_project_assign
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
        bill = self._move()
        wizard = self._open()
        self.assertFalse(wizard.is_only_project)
        self.assertEqual(wizard.bill_line_ids.move_id, bill)
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
            self.assertEqual((form.count_selected, form.revenue_selected), (2, 50.0))
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

    def test_bills_by_vendor_date_and_text(self):
        pump = self._move(price=30.0, ref="STEEL-7")
        pump.action_post()
        late = self._move(price=5.0, date="2025-06-10", invoice_date="2025-06-10")
        refund = self._move(move_type="in_refund", price=4.0)
        refund.action_post()
        other = self._move(price=9.0, partner_id=self.partner_a.id)
        other.invoice_line_ids.name = "Crane hire"
        on_project = self._move(self.second)
        cancelled = self._move()
        cancelled.button_cancel()
        wizard = self._open()
        bills = pump + late + refund + other
        self.assertEqual(wizard.bill_line_ids.move_id, bills)
        self.assertNotIn(on_project, wizard.bill_line_ids.move_id)
        # never by themselves: whose they are nobody but the bookkeeper knows
        self.assertFalse(wizard.bill_line_ids.filtered("selected"))
        for values, expected in (
            ({"vendor_id": self.partner_b.id}, pump + late + refund),
            ({"vendor_id": False, "text": "steel"}, pump),
            ({"text": "crane"}, other),
            ({"text": False, "date_from": "2025-06-10", "date_to": "2025-06-10"}, late),
            ({"date_from": False, "date_to": "2025-06-09"}, pump + refund + other),
        ):
            with Form(wizard) as form:
                for name, value in values.items():
                    if name == "vendor_id":
                        value = self.env["res.partner"].browse(value)
                    form[name] = value
            wizard.action_find()
            self.assertEqual(wizard.bill_line_ids.move_id, expected, values)
        wizard.action_choose_bills()
        with Form(wizard) as form:
            self.assertEqual((form.count_selected, form.cost_selected), (3, 26.0))
        # what is chosen stays while others are looked for
        wizard.text = "nothing has this text"
        wizard.action_find()
        self.assertEqual(wizard.bill_line_ids.move_id, pump + refund + other)
        wizard.action_choose_bills()
        self.assertFalse(wizard.count_selected)
        wizard.bill_line_ids.filtered(lambda line: line.move_id != other).selected = True
        wizard.action_assign()
        self.assertEqual((pump + refund).bizuno_project_id, self.project)
        self.assertFalse((other + late).bizuno_project_id)
        self.assertEqual(self._booked(self.project), -26.0)

    def test_lines_of_a_document_of_this_project_from_before_they_followed(self):
        order = self._order(self.project)
        invoice = self._move(self.project, "out_invoice", 70.0)
        for lines in (order.order_line, invoice.invoice_line_ids):
            lines.analytic_distribution = False
        self._order(self.project)
        wizard = self._open()
        self.assertEqual((wizard.line_ids.order_id, wizard.line_ids.move_id), (order, invoice))
        wizard.line_ids.selected = True
        wizard.action_assign()
        self.assertEqual(order.order_line.bizuno_project_id, self.project)
        self.assertEqual(invoice.invoice_line_ids.bizuno_project_id, self.project)
        self.assertFalse(self._open().line_ids)

    def test_of_more_than_are_listed_the_page_says_so(self):
        for number in range(4):
            day = f"2025-0{number + 1}-10"
            self._move(price=5.0, date=day, invoice_date=day)
        with patch.object(bizuno_project_assign, "MOST", 3):
            wizard = self._open()
            self.assertTrue(wizard.is_cut)
            days = [str(line.date) for line in wizard.bill_line_ids]
            self.assertEqual(days, ["2025-04-10", "2025-03-10", "2025-02-10"])
            wizard.date_to = "2025-02-09"
            wizard.action_find()
            self.assertFalse(wizard.is_cut)
            self.assertEqual([str(line.date) for line in wizard.bill_line_ids], ["2025-01-10"])

    def test_a_customer_without_documents(self):
        self.project.partner_id = self._create_customer("Lonely")
        wizard = self._open()
        self.assertFalse(wizard.line_ids)
        wizard.text = "PX-1"
        wizard.action_find()
        self.assertFalse(wizard.line_ids + wizard.bill_line_ids)
        with self.assertRaisesRegex(UserError, "Cold store"):
            wizard.action_assign()

    def test_an_order_late_at_night_is_of_the_day_of_the_user(self):
        order = self._order(date_order="2025-05-02 02:00:00")
        self.bookkeeper.tz = "America/New_York"
        wizard = self._open()
        self.assertEqual(str(wizard.line_ids.date), "2025-05-01")
        for day, expected in (("2025-05-01", order), ("2025-05-02", self.env["sale.order"])):
            wizard.write({"date_from": day, "date_to": day})
            wizard.action_find()
            self.assertEqual(wizard.line_ids.order_id, expected)

    def test_what_one_has_chosen_is_nobody_elses(self):
        self._order()
        wizard = self._open()
        other = self.users["accountant"]
        for records in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                records.with_user(other).write({"create_date": "2025-01-01"})
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_assign()

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
