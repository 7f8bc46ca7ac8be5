from odoo import Command
from odoo.addons.bizuno_crm.tests.profit.common_profit import ProfitCommon
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestPurchaseProjects(ProfitCommon):
    """A project on a purchase order goes with it to bill and refund."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("purchase.group_purchase_manager")
        cls.buyers = cls._create_users("bizuno_buyer", {
            "reads": "purchase.group_purchase_user,bizuno_crm.group_project_read",
            "does_not": "purchase.group_purchase_user",
        })  # fmt: skip
        cls.product_a.purchase_method = "purchase"
        cls.vendor = cls.partner_b

    def _purchase(self, project=None, lines=2, price=40.0, **values):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "bizuno_project_id": (project or self.env["bizuno.project"]).id,
                "order_line": [
                    Command.create({
                        "product_id": self.product_a.id, "product_qty": 1, "price_unit": price,
                        "tax_ids": False,
                    })
                    for _number in range(lines)
                ],
                **values,
            }
        )  # fmt: skip

    def _bill(self, orders):
        before = orders.invoice_ids
        orders.action_create_invoice()
        bills = orders.invoice_ids - before
        bills.invoice_date = "2025-03-10"
        return bills

    def test_order_bill_refund(self):
        order = self._purchase(self.project)
        account = self.project.analytic_account_id
        for line in order.order_line:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100.0})
            self.assertEqual(line.bizuno_project_id, self.project)
        order.button_confirm()
        self.assertEqual(self._booked(self.project), 0.0)
        bill = self._bill(order)
        self.assertEqual(bill.bizuno_project_id, self.project)
        self.assertEqual(bill.invoice_line_ids.bizuno_project_id, self.project)
        bill.action_post()
        self.assertEqual(self.project.with_user(self.users["bookkeeper"]).cost, 80.0)
        refund = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
        self.assertEqual(refund.bizuno_project_id, self.project)
        refund.action_post()
        self.assertEqual(self._booked(self.project), 0.0)

    def test_the_project_opens_what_is_bought_for_it(self):
        account = self.project._ensure_analytic_account()
        own = self._purchase(self.project)
        mixed, gone = (self._purchase(self.second) for _number in range(2))
        mixed.order_line[0].bizuno_project_id = self.project
        mixed.order_line[1].analytic_distribution = {
            str(account.id): 30.0, str(self.second.analytic_account_id.id): 70.0
        }  # fmt: skip
        gone.bizuno_project_id = self.project
        gone.button_cancel()
        buyer = self.buyers["reads"]
        project = self.project.with_user(buyer)
        self.assertEqual(project.purchase_order_count, 2)
        action = project.action_view_purchase_orders()
        listed = self.env[action["res_model"]].with_user(buyer).search(action["domain"])
        self.assertEqual(listed, own + mixed)
        self.assertEqual(self.second.with_user(buyer).purchase_order_count, 1)
        # one without any, and one without an account
        new = project.sudo().create({"name": "New"}).with_user(buyer)
        self.assertEqual(new.purchase_order_count, 0)
        action = new.action_view_purchase_orders()
        self.assertFalse(self.env["purchase.order"].search(action["domain"]))
        with Form(project) as form:
            self.assertEqual(form.purchase_order_count, 2)

    def test_who_does_not_buy_has_no_list_of_purchases(self):
        self._purchase(self.project)
        self.assertNotIn(
            "purchase_order_count",
            self.env["bizuno.project"].with_user(self.users["rep"]).fields_get(),
        )
        with self.assertRaises(AccessError):
            self.project.with_user(self.users["rep"]).read(["purchase_order_count"])

    def test_each_line_of_a_bill_is_on_what_its_order_says(self):
        plan = self.env["account.analytic.plan"].create({"name": "Departments"})
        workshop = self.env["account.analytic.account"].create(
            {"name": "Workshop", "plan_id": plan.id}
        )
        order = self._purchase(self.project, lines=4)
        follows, own, none, split = order.order_line
        follows.analytic_distribution = {
            f"{workshop.id},{self.project.analytic_account_id.id}": 100.0
        }
        own.bizuno_project_id = self.second
        none.bizuno_project_id = False
        split.analytic_distribution = {
            str(self.project.analytic_account_id.id): 70.0,
            str(self.second.analytic_account_id.id): 30.0,
        }
        before = [line.analytic_distribution for line in order.order_line]
        order.button_confirm()
        bill = self._bill(order)
        self.assertEqual([line.analytic_distribution for line in bill.invoice_line_ids], before)
        bill.action_post()
        self.assertEqual(self._booked(self.project), -68.0)
        self.assertEqual(self._booked(self.second), -52.0)

    def test_orders_of_several_projects_on_one_bill(self):
        orders = self._purchase(self.project) + self._purchase(self.second) + self._purchase()
        orders.button_confirm()
        bill = self._bill(orders)
        self.assertEqual(len(bill), 1)
        self.assertFalse(bill.bizuno_project_id)
        self.assertEqual(
            [line.bizuno_project_id for line in bill.invoice_line_ids],
            [self.project] * 2 + [self.second] * 2 + [self.project.browse()] * 2,
        )

    def test_requests_that_are_merged_keep_the_projects_of_their_lines(self):
        orders = self._purchase(self.project) + self._purchase(self.second)
        orders[0].date_order = "2025-03-01"
        orders.action_merge()
        self.assertEqual(orders[0].bizuno_project_id, self.project)
        self.assertEqual(orders[0].order_line.bizuno_project_id, self.project + self.second)
        self.assertEqual(orders[1].state, "cancel")

    def test_a_locked_order_refuses(self):
        order = self._purchase(self.project)
        order.button_confirm()
        order.button_lock()
        with (
            self.assertRaisesRegex(UserError, f"{order.name} is locked"),
            self.env.cr.savepoint(),
        ):
            order.bizuno_project_id = self.second
        self.assertEqual(order.order_line.bizuno_project_id, self.project)
        order.button_unlock()
        order.bizuno_project_id = self.second
        self.assertEqual(order.order_line.bizuno_project_id, self.second)

    def test_a_project_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        project = self.env["bizuno.project"].create({"name": "Abroad", "company_id": other.id})
        order = self._purchase()
        with self.assertRaisesRegex(UserError, "Abroad"):
            order.order_line[0].bizuno_project_id = project
        with self.assertRaises(UserError):
            order.bizuno_project_id = project

    def test_on_the_page_as_a_buyer_who_reads_projects(self):
        buyer = self.buyers["reads"]
        projects = (self.project + self.second).with_user(buyer)
        with Form(self.env["purchase.order"].with_user(buyer)) as form:
            form.partner_id = self.vendor
            form.bizuno_project_id = projects[0]
            with form.order_line.new() as line:
                line.product_id = self.product_a
                self.assertEqual(line.bizuno_project_id, projects[0])
            with form.order_line.new() as line:
                line.product_id = self.product_a
                line.bizuno_project_id = projects[1]
            form.partner_id = self.partner_a
            # another vendor: the project is that of a customer
            self.assertEqual(form.bizuno_project_id, projects[0])
        order = form.record
        self.assertEqual([line.bizuno_project_id for line in order.order_line], [*projects])
        order.button_confirm()
        bill = self._bill(order)
        self.assertEqual([line.bizuno_project_id for line in bill.invoice_line_ids], [*projects])
        for name in ("cost", "to_pay_out"):
            with self.assertRaises(AccessError):
                projects[0].read([name])

    def test_who_does_not_read_projects_works_with_the_orders_of_others(self):
        order = self._purchase(self.project).with_user(self.buyers["does_not"])
        with Form(order) as form:
            self.assertNotIn("bizuno_project_id", form._view["fields"])
            with form.order_line.new() as line:
                line.product_id = self.product_a
                line.price_unit = 40
        self.assertEqual(order.sudo().order_line.bizuno_project_id, self.project)
        order.button_confirm()
        bill = self._bill(order)
        self.assertEqual(bill.sudo().bizuno_project_id, self.project)
        self.assertEqual(bill.sudo().invoice_line_ids.bizuno_project_id, self.project)
        self.assertEqual(order.copy().sudo().order_line.bizuno_project_id, self.project)
        for change in (
            lambda: order.write({"bizuno_project_id": self.second.id}),
            lambda: order.order_line[0].write({"bizuno_project_id": self.second.id}),
            lambda: order.create(
                {"partner_id": self.vendor.id, "bizuno_project_id": self.second.id}
            ),
            lambda: order.with_context(bizuno_carried=[self.project.id]).create(
                {"partner_id": self.vendor.id, "bizuno_project_id": self.project.id}
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()
            self.env.invalidate_all()

    def test_a_rep_has_no_part_in_it(self):
        order = self._purchase(self.project)
        rep = order.with_user(self.users["rep"])
        with self.assertRaises(AccessError):
            Form(rep)
        with self.assertRaises(AccessError):
            rep.bizuno_project_id = self.second
        with self.assertRaises(AccessError):
            rep.search([("bizuno_project_id", "=", self.project.id)])

    def test_auto_complete_of_a_bill(self):
        order = self._purchase(self.project, lines=3)
        order.order_line[1].bizuno_project_id = self.second
        order.order_line[2].bizuno_project_id = False
        order.button_confirm()
        other = self._purchase(self.second, lines=1)
        other.button_confirm()
        accountant = self.users["accountant"]
        accountant.group_ids |= self.env.ref("purchase.group_purchase_user")
        moves = self.env["account.move"].with_user(accountant)
        with Form(moves.with_context(default_move_type="in_invoice")) as form:
            form.invoice_date = "2025-03-10"
            for one in (order, other):
                form.purchase_vendor_bill_id = self.env["purchase.bill.union"].search(
                    [("purchase_order_id", "=", one.id)]
                )
                self.assertEqual(form.bizuno_project_id, self.project)
        bill = form.record
        self.assertEqual(bill.bizuno_project_id, self.project)
        self.assertEqual(
            [line.bizuno_project_id.id for line in bill.invoice_line_ids.sorted("id")],
            [self.project.id, self.second.id, False, self.second.id],
        )

    def test_a_new_line_of_a_locked_order_is_on_its_project(self):
        order = self._purchase(self.project, lines=1)
        order.button_confirm()
        order.button_lock()
        self.env.flush_all()
        self.env.invalidate_all()
        buyer = self.buyers["does_not"]
        values = {"order_id": order.id, "product_id": self.product_b.id, "product_qty": 0}
        lines = self.env["purchase.order.line"].with_user(buyer)
        follows = lines.create(values)
        self.assertEqual(follows.sudo().bizuno_project_id, self.project)
        off = lines.create({**values, "bizuno_project_id": False})
        self.assertFalse(off.analytic_distribution)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            lines.create({**values, "bizuno_project_id": self.second.id})
        with self.assertRaisesRegex(UserError, order.name), self.env.cr.savepoint():
            order.order_line[0].bizuno_project_id = self.second

    def test_beside_an_order_that_is_on_it_nobody_chooses_what_they_do_not_see(self):
        there, mine = self._purchase(self.project), self._purchase()
        for orders in (there + mine, mine + there):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                orders.with_user(self.buyers["does_not"]).write(
                    {"bizuno_project_id": self.project.id}
                )
            self.env.invalidate_all()
        self.assertFalse(mine.bizuno_project_id)

    def test_who_sees_distributions_and_no_projects_takes_a_new_line_off(self):
        buyer = self.buyers["does_not"]
        buyer.group_ids |= self.env.ref("analytic.group_analytic_accounting")
        order = self._purchase(self.project, lines=1).with_user(buyer)
        whole = {str(self.project.analytic_account_id.id): 100.0}
        with Form(order) as form:
            self.assertNotIn("bizuno_project_id", form._view["fields"])
            for is_off in (False, True):
                with form.order_line.new() as line:
                    line.product_id = self.product_a
                    self.assertEqual(line.analytic_distribution, whole)
                    if is_off:
                        line.analytic_distribution = False
                        line.product_id = self.product_b
                        self.assertFalse(line.analytic_distribution)
        _old, follows, off = order.order_line
        self.assertEqual(follows.analytic_distribution, whole)
        self.assertFalse(off.analytic_distribution)

    def test_a_default_of_a_page_is_none_of_an_order(self):
        page = {"default_bizuno_project_id": self.project.id}
        values = {"partner_id": self.vendor.id}
        for orders in (self.env["purchase.order"], self.env["purchase.order"].sudo()):
            self.assertFalse(orders.with_context(**page).create(values).bizuno_project_id)
        # but what somebody has saved for the orders is
        self.env["ir.default"].set("purchase.order", "bizuno_project_id", self.second.id)
        order = self.env["purchase.order"].with_context(**page).create(values)
        self.assertEqual(order.bizuno_project_id, self.second)

    def test_a_down_payment_is_deducted_where_it_was_booked(self):
        self.second._ensure_analytic_account()
        self.project._ensure_analytic_account()
        for on_bill, expected in ((None, (-80.0, 0.0)), (self.second, (-80.0, 0.0))):
            with self.subTest(on_bill=on_bill and on_bill.name):
                self.project = self.project.copy({"analytic_account_id": False})
                order = self._purchase(self.project)
                order.button_confirm()
                paid = self._move(on_bill, price=30.0)
                paid.action_post()
                self.env["bill.to.po.wizard"].with_context(
                    active_ids=[-line.id for line in paid.invoice_line_ids]
                ).create(
                    {"purchase_order_id": order.id, "partner_id": self.vendor.id}
                ).action_add_downpayment()
                self.assertEqual(
                    order.order_line.filtered(
                        lambda line: line.is_downpayment and not line.display_type
                    ).bizuno_project_id,
                    on_bill or self.project.browse(),
                )
                bill = self._bill(order)
                self.assertEqual(bill.amount_untaxed, 50.0)
                bill.action_post()
                booked = self._booked(self.project), self._booked(self.second)
                self.assertEqual(booked, expected)
