from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectDocuments(ProfitCommon):
    """A project on a quotation goes with it to the last credit note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.workshop, cls.office = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": cls.other_plan.id} for name in ("Workshop", "Office")]
        )

    def test_order_invoice_credit_note(self):
        order = self._order(self.project)
        account = self.project.analytic_account_id
        self.assertEqual(account.plan_id.name, "Projects (Bizuno)")
        self.assertEqual((account.name, account.code), ("Cold store", self.project.number))
        self.assertEqual(account.company_id, self.project.company_id)
        for line in order.order_line:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100.0})
            self.assertEqual(line.bizuno_project_id, self.project)
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertEqual(invoice.bizuno_project_id, self.project)
        self.assertEqual(invoice.invoice_line_ids.bizuno_project_id, self.project)
        invoice.action_post()
        self.assertEqual(self._booked(self.project), 200.0)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id, "date": invoice.date})  # fmt: skip
        wizard.refund_moves()
        refund = wizard.new_move_ids
        self.assertEqual(refund.bizuno_project_id, self.project)
        self.assertEqual(refund.invoice_line_ids.bizuno_project_id, self.project)
        refund.action_post()
        self.assertEqual(self._booked(self.project), 0.0)

    def test_each_project_has_one_account_of_its_own(self):
        self._order(self.project)
        account = self.project.analytic_account_id
        self._order(self.project)
        self._order(self.second)
        self.assertEqual(self.project.analytic_account_id, account)
        self.assertNotEqual(self.second.analytic_account_id, account)
        self.assertEqual(self.second.analytic_account_id.plan_id, account.plan_id)
        with self.assertRaisesRegex(ValidationError, "Cold store"):
            self.second.analytic_account_id = account

    def test_an_account_is_called_like_its_project_until_somebody_renames_it(self):
        self._order(self.project)
        account = self.project.analytic_account_id
        self.project.name = "Cold store, phase 2"
        self.assertEqual(account.name, "Cold store, phase 2")
        account.name = "Harbour"
        self.project.name = "Cold store, phase 3"
        self.assertEqual(account.name, "Harbour")

    def test_other_plans_stay_beside_it_and_it_goes_out_again(self):
        before = {str(self.workshop.id): 60.0, str(self.office.id): 40.0}
        order = self._order()
        line = order.order_line[0]
        line.analytic_distribution = before
        order.bizuno_project_id = self.project
        account = self.project.analytic_account_id
        self.assertEqual(
            line.analytic_distribution,
            {f"{self.workshop.id},{account.id}": 60.0, f"{self.office.id},{account.id}": 40.0},
        )
        order.bizuno_project_id = self.second
        self.assertEqual(order.order_line.bizuno_project_id, self.second)
        order.bizuno_project_id = False
        self.assertEqual(line.analytic_distribution, before)
        self.assertFalse(order.order_line[1].analytic_distribution)

    def test_a_line_keeps_its_own_project_and_what_was_split_by_hand(self):
        order = self._order(self.project, lines=3)
        own, split, follows = order.order_line
        own.bizuno_project_id = self.second
        one = self.project.analytic_account_id.id
        two = self.second.analytic_account_id.id
        split.analytic_distribution = {str(one): 70.0, str(two): 30.0}
        third = self.env["bizuno.project"].create(
            {"name": "Lights", "partner_id": self.customer.id}
        )
        order.bizuno_project_id = third
        self.assertEqual(own.bizuno_project_id, self.second)
        self.assertFalse(split.bizuno_project_id)
        self.assertEqual(split.analytic_distribution, {str(one): 70.0, str(two): 30.0})
        self.assertEqual(follows.bizuno_project_id, third)
        order.bizuno_project_id = False
        self.assertEqual(own.bizuno_project_id, self.second)
        self.assertTrue(split.analytic_distribution)
        order.bizuno_project_id = self.project
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        # the one that follows, and 70 % of the one that is split
        self.assertEqual(self._booked(self.project), 170.0)
        self.assertEqual(self._booked(self.second), 130.0)

    def test_a_line_without_project_has_none_on_the_credit_note_either(self):
        order = self._order(self.project)
        order.order_line[0].bizuno_project_id = False
        self.assertEqual(order.order_line[1].bizuno_project_id, self.project)
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertEqual(len(invoice.invoice_line_ids.filtered("bizuno_project_id")), 1)
        invoice.action_post()
        refund = invoice._reverse_moves()
        self.assertEqual(len(refund.invoice_line_ids.filtered("bizuno_project_id")), 1)
        copy = order.copy()
        self.assertEqual(copy.bizuno_project_id, self.project)
        self.assertEqual(len(copy.order_line.filtered("bizuno_project_id")), 1)

    def test_several_projects_of_a_customer_on_one_invoice(self):
        orders = self._order(self.project) + self._order(self.second)
        orders.action_confirm()
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertFalse(invoice.bizuno_project_id)
        self.assertEqual(invoice.invoice_line_ids.bizuno_project_id, self.project + self.second)
        invoice.action_post()
        self.assertEqual((self._booked(self.project), self._booked(self.second)), (200.0, 200.0))

    def test_down_payments_are_booked_once(self):
        order = self._order(self.project)
        order.action_confirm()
        self._invoice_down_payment(order, 30).action_post()
        self.assertEqual(self._booked(self.project), 60.0)
        self._invoice_rest(order).action_post()
        self.assertEqual(self._booked(self.project), 200.0)

    def test_delivered_goods_are_invoiced_on_the_project(self):
        self.product_a.invoice_policy = "delivery"
        order = self._order(self.project)
        order.action_confirm()
        order.order_line[0].qty_delivered = 1
        invoice = order._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.bizuno_project_id, self.project)

    def test_bill_and_refund(self):
        bill = self._move(self.project)
        self.assertEqual(bill.invoice_line_ids.bizuno_project_id, self.project)
        bill.action_post()
        self.assertEqual(self._booked(self.project), -40.0)
        self._move(self.project, "in_refund").action_post()
        self.assertEqual(self._booked(self.project), 0.0)

    def test_a_posted_bill_changes_its_project(self):
        bill = self._move(self.project)
        bill.action_post()
        bill.bizuno_project_id = self.second
        self.assertEqual((self._booked(self.project), self._booked(self.second)), (0.0, -40.0))
        bill.bizuno_project_id = False
        self.assertEqual(self._booked(self.second), 0.0)
        self.assertFalse(bill.invoice_line_ids.analytic_line_ids)

    def test_a_locked_period_refuses(self):
        bill = self._move(self.project)
        bill.action_post()
        company = bill.company_id
        for lock, change in (
            ("fiscalyear_lock_date", lambda: bill.write({"bizuno_project_id": self.second.id})),
            ("purchase_lock_date", lambda: bill.write({"bizuno_project_id": self.second.id})),
            (
                "fiscalyear_lock_date",
                lambda: bill.invoice_line_ids.write({"bizuno_project_id": False}),
            ),
        ):
            company[lock] = "2025-03-31"
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, f"{bill.name}.*03/31/2025"):
                change()
            # as the end of the request that was refused
            self.env.invalidate_all(flush=False)
            self.assertEqual(bill.bizuno_project_id, self.project)
            self.assertEqual(bill.invoice_line_ids.bizuno_project_id, self.project)
            company[lock] = False
        self.assertEqual(self._booked(self.project), -40.0)
        # That of sales is none of a bill's.
        company.sale_lock_date = "2025-03-31"
        bill.bizuno_project_id = self.second
        self.assertEqual((self._booked(self.project), self._booked(self.second)), (0.0, -40.0))

    def test_typed_with_the_account_it_is_on_the_project(self):
        order = self._order(self.project)
        account = self.project.analytic_account_id
        other = self._order()
        other.order_line.analytic_distribution = {str(account.id): 100.0}
        self.assertEqual(other.order_line.bizuno_project_id, self.project)
        lines = self.env["sale.order.line"]
        found = lines.search([("bizuno_project_id", "=", self.project.id)])
        self.assertEqual(found, order.order_line + other.order_line)
        self.assertFalse(found & lines.search([("bizuno_project_id", "=", False)]))
        self.assertEqual(lines.search([("bizuno_project_id.name", "=", "Cold store")]), found)

    def test_the_product_may_change_and_a_proposal_come_in_beside(self):
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.product_b.id,
                "analytic_distribution": {str(self.workshop.id): 100.0},
            }
        )
        order = self._order(self.project)
        line = order.order_line[0]
        line.product_id = self.product_b
        account = self.project.analytic_account_id
        self.assertEqual(line.bizuno_project_id, self.project)
        self.assertEqual(line.analytic_distribution, {f"{self.workshop.id},{account.id}": 100.0})

    def test_a_project_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        project = self.env["bizuno.project"].create({"name": "Abroad", "company_id": other.id})
        order = self._order()
        with self.assertRaisesRegex(UserError, "Abroad"):
            order.order_line[0].bizuno_project_id = project
        with self.assertRaises(UserError):
            order.bizuno_project_id = project

    def test_who_does_not_see_a_project_cannot_choose_it_but_goes_on_with_it(self):
        own, hidden = self._hide_a_project()
        there = self._order(hidden).with_user(own)
        order = self._order(self.second).with_user(own)
        for choose in (
            lambda: order.write({"bizuno_project_id": hidden.id}),
            lambda: order.order_line[0].write({"bizuno_project_id": hidden.id}),
            lambda: order.create({"partner_id": self.customer.id, "bizuno_project_id": hidden.id}),
            lambda: order.with_context(bizuno_carried=[[hidden.id]]).create(
                {"partner_id": self.customer.id, "bizuno_project_id": hidden.id}
            ),
        ):
            with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                choose()
            self.assertNotIn("Hidden", str(caught.exception))
        there.write({"order_line": [Command.create({"product_id": self.product_a.id})]})
        self.assertEqual(there.sudo().order_line.bizuno_project_id, hidden)
        self.assertEqual(len(there.order_line), 3)
        self.assertEqual(there.copy().sudo().order_line.bizuno_project_id, hidden)
        there.action_confirm()
        self.assertEqual(there._create_invoices().sudo().bizuno_project_id, hidden)

    def test_a_project_with_items_is_kept(self):
        bill = self._move(self.project)
        bill.action_post()
        bill.bizuno_project_id = False
        bill.invoice_line_ids.bizuno_project_id = self.project
        with self.assertRaisesRegex(UserError, "Cold store"):
            self.project.unlink()
        with self.assertRaisesRegex(UserError, "Cold store"):
            self.project.analytic_account_id = False
        self.second.unlink()

    def test_a_project_that_is_chosen_on_documents_is_kept(self):
        self._order(self.project).action_cancel()
        self._move(self.second, "out_invoice")
        self._move(self.second)
        other = self.env["bizuno.project"].create({"name": "Idle"})
        for project, words in (
            (self.project, "because a quotation, order"), (self.second, "because 2 quotations"),
        ):  # fmt: skip
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                (other + project).with_user(self.users["bizuno_manager"]).unlink()
            self.assertIn(project.display_name, str(caught.exception))
            self.assertIn(words, str(caught.exception))
        other.with_user(self.users["bizuno_manager"]).unlink()
        self.assertFalse(other.exists())

    def test_on_the_page_of_an_order(self):
        rep = self.users["rep"]
        projects = (self.project + self.second).with_user(rep)
        with Form(self.env["sale.order"].with_user(rep)) as form:
            form.partner_id = self.customer
            form.bizuno_project_id = projects[0]
            with form.order_line.new() as line:
                line.product_id = self.product_a
                self.assertEqual(line.bizuno_project_id, projects[0])
            with form.order_line.new() as line:
                line.product_id = self.product_a
                line.bizuno_project_id = projects[1]
            form.bizuno_project_id = projects.browse()
            self.assertFalse(form.order_line.edit(0).bizuno_project_id)
            form.bizuno_project_id = projects[0]
            self.assertEqual(form.order_line.edit(1).bizuno_project_id, projects[1])
        order = form.record
        self.assertEqual(order.order_line.bizuno_project_id, projects)
        # what the page says of a line in the same breath counts
        with Form(order) as form:
            form.bizuno_project_id = projects[1]
            with form.order_line.edit(0) as line:
                self.assertEqual(line.bizuno_project_id, projects[1])
                line.bizuno_project_id = projects[0]
        self.assertEqual([line.bizuno_project_id for line in order.order_line], [*projects])
        with Form(order) as form:
            form.partner_id = self.partner_b
            self.assertFalse(form.bizuno_project_id)

    def test_on_the_page_of_a_bill(self):
        bookkeeper = self.users["bookkeeper"]
        moves = self.env["account.move"].with_user(bookkeeper)
        with Form(moves.with_context(default_move_type="in_invoice")) as form:
            form.partner_id = self.partner_b
            form.invoice_date = "2025-03-10"
            form.bizuno_project_id = self.project.with_user(bookkeeper)
            with form.invoice_line_ids.new() as line:
                line.name = "Steel"
                line.price_unit = 10
                line.tax_ids.clear()
                self.assertEqual(line.bizuno_project_id, self.project)
        bill = form.record
        bill.action_post()
        self.assertEqual(self._booked(self.project), -10.0)
        with Form(bill) as form:
            form.bizuno_project_id = self.second.with_user(bookkeeper)
        self.assertEqual((self._booked(self.project), self._booked(self.second)), (0.0, -10.0))
        project = self.second.with_user(bookkeeper)
        self.assertEqual((project.bill_count, project.invoice_count), (1, 0))
        self.assertEqual(moves.search(project.action_view_bills()["domain"]), bill)
        bill.button_draft()
        bill.button_cancel()
        self.assertFalse(moves.search(project.action_view_bills()["domain"]))
        project.invalidate_recordset(["bill_count"])
        self.assertEqual(project.bill_count, 0)
