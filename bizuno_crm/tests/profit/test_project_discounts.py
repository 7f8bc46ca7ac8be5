from odoo import Command
from odoo.tests import tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectDiscounts(ProfitCommon):
    """What one discount, or one price with its tax, leaves to each of several projects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.project + cls.second)._ensure_analytic_account()

    def _lines(self, *lines):
        """:param lines: (project, price, more values) of each"""
        return [
            Command.create({
                "product_id": self.product_a.id, "bizuno_project_id": project and project.id,
                "price_unit": price, "tax_ids": False, **values,
            })
            for project, price, values in lines
        ]  # fmt: skip

    def _discount(self, order, **values):
        before = order.order_line
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, **values}
        ).action_apply_discount()
        return order.order_line - before

    def _invoiced(self, order):
        order.action_confirm()
        order._create_invoices().action_post()
        return [self._booked(one) for one in (self.project, self.second)]

    def _get_figures(self, project):
        self.env.flush_all()
        seen = project.with_user(self.users["bookkeeper"])
        seen.invalidate_recordset()
        self.assertAlmostEqual(seen.margin, self._booked(project))
        return seen.revenue, seen.cost

    def test_a_discount_on_the_whole_order_is_of_all_its_projects(self):
        for values, lines, booked in (
            ({"discount_type": "so_discount", "discount_percentage": 0.1}, (160, 240), [144, 216]),
            ({"discount_type": "amount", "discount_amount": 30}, (75, 225), [67.5, 202.5]),
        ):
            with self.subTest(**values):
                self.project, self.second = (self.project + self.second).mapped(
                    lambda one: one.copy({"analytic_account_id": False})
                )
                (self.project + self.second)._ensure_analytic_account()
                order = self._order(self.project, order_line=self._lines(
                    (self.project, lines[0], {}), (self.second, lines[1], {})
                ))  # fmt: skip
                line = self._discount(order, **values)
                self.assertFalse(line.bizuno_project_id)
                self.assertEqual(self._invoiced(order), booked)
                self.assertEqual(
                    [project.with_user(self.users["rep"]).amount_ordered
                     for project in (self.project, self.second)], booked,
                )  # fmt: skip

    def test_a_discount_on_lines_off_the_project_is_off_it(self):
        order = self._order(self.project, order_line=self._lines(
            (self.project, 120, {}), (False, 480, {})
        ))  # fmt: skip
        self._discount(order, discount_type="so_discount", discount_percentage=0.05)
        self.assertEqual(self._invoiced(order)[0], 114)

    def test_a_discount_on_one_project_is_its_own(self):
        order = self._order(self.project, price=35.0)
        line = self._discount(order, discount_type="so_discount", discount_percentage=0.2)
        self.assertEqual(line.bizuno_project_id, self.project)
        order.bizuno_project_id = self.second
        self.assertEqual(self._invoiced(order), [0, 56])

    def test_a_discount_that_is_booked_apart_is_of_the_projects_of_its_lines(self):
        accounts = self.env["account.account"].create([
            {"name": name, "code": code, "account_type": "income"}
            for name, code in (("Discounts", "400197"), ("Services", "400198"))
        ])  # fmt: skip
        self.env.company.account_discount_expense_allocation_id = accounts[0]
        move = self._move(None, "out_invoice", invoice_line_ids=self._lines(
            (self.project, 200, {"discount": 20}),
            (self.second, 300, {"discount": 20, "account_id": accounts[1].id}),
            (False, 400, {"discount": 25, "account_id": accounts[1].id}),
        ))  # fmt: skip
        move.action_post()
        self.assertEqual(self._get_figures(self.project), (160, 0))
        self.assertEqual(self._get_figures(self.second), (240, 0))

        # posted, of other projects, as one and apart again
        for projects, figures in (
            ([self.second] * 3, [(0, 0), (700, 0)]),
            ([self.project, None, self.second], [(160, 0), (300, 0)]),
            ([None, self.project, self.project], [(540, 0), (0, 0)]),
            ([None] * 3, [(0, 0), (0, 0)]),
        ):
            for line, project in zip(move.invoice_line_ids, projects, strict=True):
                line.bizuno_project_id = project
            self.assertEqual(
                [self._get_figures(one) for one in (self.project, self.second)], figures
            )
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)

    def test_a_line_split_by_hand_has_its_discount_split_alike(self):
        self.env.company.account_discount_expense_allocation_id = self.env[
            "account.account"
        ].create({"name": "Discounts", "code": "600197", "account_type": "expense"})
        one, two = (one._ensure_analytic_account().id for one in (self.project, self.second))
        split = {"analytic_distribution": {str(one): 70.0, str(two): 30.0}}
        move = self._move(None, "out_invoice", invoice_line_ids=self._lines(
            (False, 500, {"discount": 10, **split})
        ))  # fmt: skip
        move.action_post()
        self.assertEqual(self._get_figures(self.project), (350, 35))
        self.assertEqual(self._get_figures(self.second), (150, 15))

    def test_prices_with_their_tax_on_several_projects(self):
        tax = self.tax_sale_a.copy(
            {"name": "19 % in it", "amount": 19, "price_include_override": "tax_included"}
        )
        taxed = {"tax_ids": [Command.set(tax.ids)]}
        order = self._order(self.project, order_line=self._lines(
            (self.project, 10.01, taxed), (self.second, 33.33, taxed), (self.second, 0.07, taxed)
        ))  # fmt: skip
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        income = invoice.invoice_line_ids.grouped("bizuno_project_id")
        for project in (self.project, self.second):
            balance = -sum(income[project].mapped("balance"))
            self.assertAlmostEqual(self._booked(project), balance)
            self.assertEqual(self._get_figures(project), (balance, 0))
        seen = (self.project + self.second).with_user(self.users["bookkeeper"])
        self.assertAlmostEqual(sum(seen.mapped("to_pay_in")), invoice.amount_residual)
