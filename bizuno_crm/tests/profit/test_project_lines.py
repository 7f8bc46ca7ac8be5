from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common_pages import recorded_queries
from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectLines(ProfitCommon):
    """What becomes of lines that Odoo makes of others, and of those that come later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.workshop, cls.office = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": cls.plan.id} for name in ("Workshop", "Office")]
        )
        (cls.project + cls.second)._ensure_analytic_account()
        cls.account = cls.project.analytic_account_id

    def _create_tax(self, kind="purchase", name="Not deductible", **values):
        """Of 20 %, on the account of what it is for."""
        tax = self.env["account.tax"].create(
            {"name": f"{name} ({kind})", "amount": 20, "type_tax_use": kind, **values}
        )
        self.assertFalse(self._get_repartition(tax).account_id)
        return tax

    def _create_move(self, project, move_type, lines, **values):
        """:param lines: [(price, tax)]"""
        move = self._move(project, move_type, **values)
        move.invoice_line_ids = [Command.clear()] + [
            Command.create({"name": "Work", "price_unit": price, "tax_ids": [Command.set(tax.ids)]})
            for price, tax in lines
        ]
        move.action_post()
        return move

    def _set_account(self, tax, **values):
        lines = self._get_repartition(tax)
        lines.account_id = self.company_data["default_account_tax_purchase"]
        self.assertEqual(lines.mapped("use_in_tax_closing"), [True, True])
        tax.write(values)
        return tax

    def _get_repartition(self, tax):
        lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
        return lines.filtered(lambda line: line.repartition_type == "tax")

    def _get_booked(self, *projects):
        return tuple(round(self._booked(project), 2) for project in projects or self._get_both())

    def _get_both(self):
        return self.project, self.second

    # a locked order

    def test_a_new_line_of_a_locked_order_is_on_its_project(self):
        self.env["account.analytic.distribution.model"].create({
            "product_id": self.product_b.id,
            "analytic_distribution": {str(self.workshop.id): 100.0},
        })  # fmt: skip
        order = self._order(self.project, lines=1)
        order.action_confirm()
        order.action_lock()
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.env["sale.order.line"].with_user(self.users["rep"])
        values = {"order_id": order.id, "product_id": self.product_b.id, "product_uom_qty": 0}
        account, two = self.account.id, self.second.analytic_account_id.id
        for given, expected in (
            ({"qty_delivered": 1}, {f"{self.workshop.id},{account}": 100.0}),
            (
                {"analytic_distribution": {str(self.office.id): 100.0}},
                {f"{self.office.id},{account}": 100.0},
            ),
            ({"analytic_distribution": {str(two): 100.0}}, {str(two): 100.0}),
            ({"bizuno_project_id": self.second.id}, {f"{self.workshop.id},{two}": 100.0}),
            ({"bizuno_project_id": False}, {str(self.workshop.id): 100.0}),
        ):
            line = lines.create({**values, **given})
            self.assertEqual(line.analytic_distribution, expected, given)
            line.flush_recordset()
            line.invalidate_recordset()
            self.assertEqual(line.analytic_distribution, expected, given)

    def test_the_lines_that_are_there_stay_locked(self):
        order = self._order(self.project)
        order.action_confirm()
        order.action_lock()
        for change in (
            lambda: order.write({"bizuno_project_id": self.second.id}),
            lambda: order.order_line[0].write({"bizuno_project_id": self.second.id}),
            lambda: order.order_line[0].write({"bizuno_project_id": False}),
        ):
            with self.assertRaisesRegex(UserError, order.name), self.env.cr.savepoint():
                change()
            self.env.invalidate_all()
        self.assertEqual(order.order_line.bizuno_project_id, self.project)

    def test_on_a_new_line_of_a_locked_order_nobody_chooses_what_they_do_not_see(self):
        own, hidden = self._hide_a_project()
        order = self._order().with_user(own)
        order.sudo().action_confirm()
        order.sudo().action_lock()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.create({
                "order_id": order.id, "product_id": self.product_a.id,
                "bizuno_project_id": hidden.id,
            })  # fmt: skip
        other = self.setup_other_company()["company"]
        abroad = self.env["bizuno.project"].create({"name": "Abroad", "company_id": other.id})
        with self.assertRaisesRegex(UserError, "Abroad"), self.env.cr.savepoint():
            self.env["sale.order.line"].create({
                "order_id": order.id, "product_id": self.product_a.id,
                "bizuno_project_id": abroad.id,
            })  # fmt: skip

    # taxes that are cost

    def test_taxes_that_are_cost_go_along_with_a_posted_bill(self):
        taxes = self.env["account.tax"]
        taxes += self._create_tax()
        taxes += self._set_account(self._create_tax(name="Analytic", analytic=True))
        taxes += self._create_tax("sale")
        taxes += self._set_account(self._create_tax("sale", "Analytic", analytic=True))
        bookkeeper = self.users["bookkeeper"]
        for tax in taxes:
            sign, move_type = (-1, "in_invoice") if tax.type_tax_use == "purchase" else (
                1, "out_invoice",
            )  # fmt: skip
            with self.subTest(tax=tax.name):
                self.project, self.second = (
                    project.copy({"analytic_account_id": False}) for project in self._get_both()
                )
                (self.project + self.second)._ensure_analytic_account()
                move = self._create_move(self.project, move_type, [(100.0, tax)])
                move = move.with_user(bookkeeper)
                self.assertEqual(self._get_booked(), (sign * 120.0, 0.0))
                move.bizuno_project_id = self.second
                self.assertEqual(self._get_booked(), (0.0, sign * 120.0))
                move.bizuno_project_id = False
                self.assertEqual(self._get_booked(), (0.0, 0.0))
                self.assertFalse(move.line_ids.analytic_line_ids)
                move.bizuno_project_id = self.project
                self.assertEqual(self._get_booked(), (sign * 120.0, 0.0))
                # and as Odoo makes them anew
                move.sudo().button_draft()
                move.sudo().action_post()
                self.assertEqual(self._get_booked(), (sign * 120.0, 0.0))

    def test_a_tax_that_is_reclaimed_is_nobody_s_cost(self):
        tax = self._set_account(self._create_tax(name="Reclaimed"))
        bill = self._create_move(None, "in_invoice", [(100.0, tax), (50.0, tax)])
        bill.bizuno_project_id = self.project
        self.assertEqual(self._get_booked(), (-150.0, 0.0))
        bill.invoice_line_ids[0].bizuno_project_id = self.second
        self.assertEqual(self._get_booked(), (-50.0, -100.0))

    def test_a_tax_beside_departments_and_on_several_projects(self):
        third = self.env["bizuno.project"].create({"name": "Lights"})
        third._ensure_analytic_account()
        tax, other = self._create_tax(), self._create_tax(name="Levy")
        bill = self._create_move(
            self.project, "in_invoice", [(100.0, tax), (50.0, tax), (10.0, tax + other)]
        )
        bill.button_draft()
        follows, own, both = bill.invoice_line_ids
        own.bizuno_project_id = self.second
        follows.analytic_distribution = {f"{self.workshop.id},{self.account.id}": 100.0}
        bill.action_post()
        self.assertEqual(self._get_booked(), (-134.0, -60.0))
        bill.bizuno_project_id = third
        self.assertEqual(self._get_booked(*self._get_both(), third), (0.0, -60.0, -134.0))
        column = self.plan._column_name()
        items = self.env["account.analytic.line"].search([(column, "=", self.workshop.id)])
        self.assertEqual(sum(items.mapped("amount")), -120.0)
        self.assertEqual(both.bizuno_project_id, third)

    def test_one_line_of_a_tax_that_it_shares_cannot_go_alone(self):
        tax = self._create_tax()
        bill = self._create_move(self.project, "in_invoice", [(100.0, tax), (50.0, tax)])
        for change in (
            lambda: bill.invoice_line_ids[0].write({"bizuno_project_id": self.second.id}),
            lambda: bill.invoice_line_ids[0].write({"bizuno_project_id": False}),
        ):
            with self.assertRaisesRegex(UserError, f"{bill.name} share"), self.env.cr.savepoint():
                change()
            self.env.invalidate_all()
        self.assertEqual(self._get_booked(), (-180.0, 0.0))
        bill.invoice_line_ids.bizuno_project_id = self.second
        self.assertEqual(self._get_booked(), (0.0, -180.0))
        # another account, another amount of tax
        bill.button_draft()
        bill.invoice_line_ids[0].account_id = self.company_data["default_account_expense"].copy()
        bill.action_post()
        bill.invoice_line_ids[0].bizuno_project_id = self.project
        self.assertEqual(self._get_booked(), (-120.0, -60.0))

    def test_on_the_page_of_a_posted_bill(self):
        tax = self._create_tax()
        for groups in ("", "analytic.group_analytic_accounting"):
            with self.subTest(groups=groups):
                self.project, self.second = (
                    project.copy({"analytic_account_id": False}) for project in self._get_both()
                )
                (self.project + self.second)._ensure_analytic_account()
                user = new_test_user(
                    self.env, f"profit_page_{len(groups)}",
                    ",".join(filter(None, ("account.group_account_invoice", groups))),
                )  # fmt: skip
                bill = self._create_move(self.project, "in_invoice", [(100.0, tax)])
                bill = bill.with_user(user)
                for project, booked in (
                    (self.second, (0.0, -120.0)),
                    (self.env["bizuno.project"], (0.0, 0.0)),
                    (self.project, (-120.0, 0.0)),
                ):
                    with Form(bill) as form:
                        form.bizuno_project_id = project.with_user(user)
                    self.assertEqual(self._get_booked(), booked)

    def test_taxes_of_past_documents_are_assigned_as_well(self):
        bill = self._create_move(None, "in_invoice", [(100.0, self._create_tax())])
        action = self.project.with_user(self.users["bookkeeper"]).action_assign_documents()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.users["bookkeeper"])
        wizard.bill_line_ids.filtered(lambda line: line.move_id == bill).selected = True
        wizard.action_assign()
        self.assertEqual(self._get_booked(), (-120.0, 0.0))

    # many lines at once

    def test_a_discount_that_is_always_taken_lets_the_project_change(self):
        term = self.env["account.payment.term"].create({
            "name": "10 % if early", "early_discount": True, "discount_percentage": 10,
            "discount_days": 10, "early_pay_discount_computation": "mixed",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
        })  # fmt: skip
        for move_type in ("out_invoice", "in_invoice"):
            with self.subTest(move_type=move_type):
                self.project, self.second = (
                    project.copy({"analytic_account_id": False}) for project in self._get_both()
                )
                (self.project + self.second)._ensure_analytic_account()
                sign = 1 if move_type == "out_invoice" else -1
                tax = self.tax_sale_a if sign == 1 else self.tax_purchase_a
                move = self._create_move(
                    None, move_type, [(100.0, tax), (50.0, tax)], invoice_payment_term_id=term.id
                )
                for project, booked in (
                    (self.project, (135.0, 0.0)),
                    (self.second, (0.0, 135.0)),
                    (self.env["bizuno.project"], (0.0, 0.0)),
                    (self.project, (135.0, 0.0)),
                ):
                    move.bizuno_project_id = project
                    self.env.flush_all()
                    self.assertEqual(self._get_booked(), tuple(sign * one for one in booked))
                self.assertEqual(len(move.line_ids.filtered(lambda one: one.tax_ids)), 3)

    def test_the_project_of_many_lines_changes_at_once(self):
        def count(lines):
            bill = self._create_move(
                self.project, "in_invoice", [(10.0, self.tax_purchase_a)] * lines
            )
            self.env.flush_all()
            self.env.invalidate_all()
            with recorded_queries() as queries:
                bill.bizuno_project_id = self.second
                self.env.flush_all()
            self.assertEqual(bill.invoice_line_ids.bizuno_project_id, self.second)
            return queries

        count(2)
        few, many = count(2), count(20)
        # Odoo looks for the account of each analytic item that it makes.
        self.assertLessEqual(len(many), len(few) + 18, "\n".join(many))

    # who may

    def test_beside_a_document_that_is_on_it_nobody_chooses_what_they_do_not_see(self):
        own, hidden = self._hide_a_project()
        mine, there = self._order(), self._order(hidden)
        self.env.flush_all()
        self.env.invalidate_all()
        for orders in (there + mine, mine + there):
            with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                orders.with_user(own).write({"bizuno_project_id": hidden.id})
            self.assertNotIn("Hidden", str(caught.exception))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                orders.order_line.with_user(own).write({"bizuno_project_id": hidden.id})
            self.env.invalidate_all()
        self.assertFalse(mine.bizuno_project_id)
        # to say again what is there changes nothing
        there.with_user(own).write({"bizuno_project_id": hidden.id})

    # down payments

    def _order_of_two_taxes(self):
        order = self._order(self.project)
        first, second = order.order_line
        first.tax_ids = self.tax_sale_a
        second.price_unit = 300
        second.bizuno_project_id = False
        return order

    def test_a_down_payment_for_lines_off_the_project_is_off_it(self):
        for is_locked in (False, True):
            with self.subTest(is_locked=is_locked):
                self.project = self.project.copy({"analytic_account_id": False})
                order = self._order_of_two_taxes()
                order.action_confirm()
                if is_locked:
                    order.action_lock()
                self._invoice_down_payment(order, 30).action_post()
                self.assertEqual(self._get_booked(self.project), (30.0,))
                self._invoice_rest(order).action_post()
                self.assertEqual(self._get_booked(self.project), (100.0,))

    def test_a_down_payment_for_no_line_of_the_project(self):
        order = self._order(self.project)
        order.order_line[0].bizuno_project_id = False
        order.order_line[1].analytic_distribution = {str(self.workshop.id): 100.0}
        order.action_confirm()
        paid = self._invoice_down_payment(order, 50)
        paid.action_post()
        self.assertEqual(self._get_booked(), (0.0, 0.0))
        self.assertEqual(
            paid.invoice_line_ids.filtered("price_subtotal").analytic_distribution,
            {str(self.workshop.id): 50.0},
        )

    def test_a_down_payment_for_a_part_of_the_project(self):
        order = self._order(self.project)
        order.order_line[0].bizuno_project_id = False
        order.action_confirm()
        self._invoice_down_payment(order, 30).action_post()
        self.assertEqual(self._get_booked(), (30.0, 0.0))
        self._invoice_rest(order).action_post()
        self.assertEqual(self._get_booked(), (100.0, 0.0))

    # what a page brings along

    def test_a_default_of_the_page_is_none_of_the_lines(self):
        page = {"default_bizuno_project_id": self.second.id}
        values = {"product_id": self.product_a.id}
        for order, expected in (
            (self._order(self.project), self.project),
            (self._order(), self.env["bizuno.project"]),
        ):
            line = order.order_line.with_context(**page).create({**values, "order_id": order.id})
            self.assertEqual(line.bizuno_project_id, expected)
        orders = self.env["sale.order"].with_user(self.users["rep"]).with_context(**page)
        with Form(orders) as form:
            form.partner_id = self.customer
            self.assertEqual(form.bizuno_project_id, self.second.with_user(self.users["rep"]))
            with form.order_line.new() as line:
                line.product_id = self.product_a
        self.assertEqual(form.record.order_line.bizuno_project_id, self.second)
        # an entry that a button of the page makes
        entry = self.env["account.move"].with_context(**page).create({
            "move_type": "entry",
            "line_ids": [
                Command.create({
                    "account_id": self.company_data["default_account_expense"].id, "balance": amount
                })
                for amount in (5.0, -5.0)
            ],
        })  # fmt: skip
        self.assertFalse(entry.line_ids.bizuno_project_id)

    # taken off on the page

    def test_a_line_that_is_taken_off_stays_off_whatever_its_product(self):
        rep = self.users["rep"]
        order = self._order(self.project, lines=1).with_user(rep)
        for group in (None, "analytic.group_analytic_accounting"):
            if group:
                rep.group_ids |= self.env.ref(group)
            with Form(order) as form:
                with form.order_line.new() as line:
                    line.product_id = self.product_a
                    self.assertEqual(line.bizuno_project_id, self.project.with_user(rep))
                with form.order_line.new() as line:
                    line.product_id = self.product_a
                    line.bizuno_project_id = self.env["bizuno.project"]
                    line.product_id = self.product_b
                    self.assertFalse(line.bizuno_project_id)
            follows, off = order.order_line[-2:]
            self.assertEqual(follows.bizuno_project_id, self.project)
            self.assertFalse(off.analytic_distribution)

    def test_a_new_line_whose_distribution_is_given_and_empty_is_on_no_project(self):
        for document, lines, values in (
            (self._order(self.project), "order_line", {"product_id": self.product_a.id}),
            (self._move(self.project), "invoice_line_ids", {"name": "Work", "price_unit": 5}),
        ):
            before = document[lines]
            document.write({
                lines: [
                    Command.create({**values, "analytic_distribution": False}),
                    Command.create(values),
                ]
            })  # fmt: skip
            off, follows = (document[lines] - before).sorted("id")
            self.assertFalse(off.analytic_distribution)
            self.assertEqual(follows.bizuno_project_id, self.project)
        # in a document that is new, an empty column of a file says nothing
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "bizuno_project_id": self.project.id,
            "order_line": [
                Command.create({"product_id": self.product_a.id, "analytic_distribution": False})
            ],
        })  # fmt: skip
        self.assertEqual(order.order_line.bizuno_project_id, self.project)
