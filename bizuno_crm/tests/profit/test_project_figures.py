import io

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...reports.profit import project_profit_xlsx
from ..common_pages import recorded_queries
from .common_profit import ProfitCommon

FIGURES = ("revenue", "cost", "margin", "to_invoice", "to_pay_in", "to_pay_out")


@tagged("post_install", "-at_install")
class TestProjectFigures(ProfitCommon):
    """What a project earned and what of it is open, as the ledger says."""

    def _figures(self, project, user="bookkeeper"):
        self.env.flush_all()
        project = project.with_user(self.users[user])
        project.invalidate_recordset()
        return {name: value for name in FIGURES if (value := project[name])}

    def test_from_the_order_to_the_payment(self):
        order = self._order(self.project)
        self.assertEqual(self._figures(self.project), {})
        order.action_confirm()
        self.assertEqual(self._figures(self.project), {"to_invoice": 200.0})
        invoice = order._create_invoices()
        self.assertEqual(self._figures(self.project), {"to_invoice": 200.0})
        invoice.action_post()
        booked = {"revenue": 200.0, "margin": 200.0}
        self.assertEqual(self._figures(self.project), {**booked, "to_pay_in": 200.0})
        self._pay(invoice, 50.0)
        self.assertEqual(self._figures(self.project), {**booked, "to_pay_in": 150.0})
        self._pay(invoice, 150.0)
        self.assertEqual(self._figures(self.project), booked)
        self.assertEqual(self.project.with_user(self.users["bookkeeper"]).margin_percent, 100.0)

    def test_bills_cost_and_refunds_take_back(self):
        bill = self._move(self.project, price=40.0)
        self.assertEqual(self._figures(self.project), {})
        bill.action_post()
        self.assertEqual(
            self._figures(self.project), {"cost": 40.0, "margin": -40.0, "to_pay_out": 40.0}
        )
        self._move(self.project, "in_refund", price=15.0).action_post()
        self.assertEqual(
            self._figures(self.project), {"cost": 25.0, "margin": -25.0, "to_pay_out": 25.0}
        )
        self._move(self.project, "out_invoice", price=100.0).action_post()
        self._move(self.project, "out_refund", price=20.0).action_post()
        self.assertEqual(
            self._figures(self.project),
            {"revenue": 80.0, "cost": 25.0, "margin": 55.0, "to_pay_in": 80.0, "to_pay_out": 25.0},
        )

    def test_taxes_are_to_be_paid_and_no_revenue(self):
        # with an account of its own: without, Odoo books the tax as part of the revenue
        tax = self.tax_sale_a.copy(
            {"name": "Included", "amount": 10, "price_include_override": "tax_included"}
        )
        self._move(self.project, "out_invoice", price=110.0, tax=tax).action_post()
        self.assertEqual(
            self._figures(self.project), {"revenue": 100.0, "margin": 100.0, "to_pay_in": 110.0}
        )

    def test_a_down_payment_counts_once(self):
        order = self._order(self.project)
        order.action_confirm()
        down = self._invoice_down_payment(order, 30)
        down.action_post()
        self.assertEqual(
            self._figures(self.project),
            {"revenue": 60.0, "margin": 60.0, "to_invoice": 140.0, "to_pay_in": 60.0},
        )
        self._invoice_rest(order).action_post()
        self.assertEqual(
            self._figures(self.project), {"revenue": 200.0, "margin": 200.0, "to_pay_in": 200.0}
        )

    def test_a_down_payment_that_is_a_liability_is_revenue_when_it_is_settled(self):
        account = self.env["account.account"].create(
            {"name": "Advances", "code": "210099", "account_type": "liability_current"}
        )
        self.env.company.downpayment_account_id = account
        order = self._order(self.project)
        order.action_confirm()
        self._invoice_down_payment(order, 30).action_post()
        self.assertEqual(self._figures(self.project), {"to_invoice": 140.0, "to_pay_in": 60.0})
        self._invoice_rest(order).action_post()
        self.assertEqual(
            self._figures(self.project), {"revenue": 200.0, "margin": 200.0, "to_pay_in": 200.0}
        )

    def test_lines_of_one_invoice_on_different_projects(self):
        invoice = self._move(self.project, "out_invoice", price=100.0)
        invoice.write({
            "invoice_line_ids": [
                Command.create({
                    "name": "More", "price_unit": 300.0, "tax_ids": False,
                    "bizuno_project_id": self.second.id,
                })
            ]
        })  # fmt: skip
        invoice.action_post()
        self._pay(invoice, 100.0)
        self.assertEqual(
            self._figures(self.project), {"revenue": 100.0, "margin": 100.0, "to_pay_in": 75.0}
        )
        self.assertEqual(
            self._figures(self.second), {"revenue": 300.0, "margin": 300.0, "to_pay_in": 225.0}
        )

    def test_split_by_hand(self):
        order = self._order(self.project, lines=1, price=200.0)
        self._order(self.second).bizuno_project_id = False
        one = self.project.analytic_account_id.id
        two = self.second._ensure_analytic_account().id
        order.order_line.analytic_distribution = {str(one): 70.0, str(two): 30.0}
        order.action_confirm()
        self.assertEqual(self._figures(self.project), {"to_invoice": 140.0})
        self.assertEqual(self._figures(self.second), {"to_invoice": 60.0})
        order._create_invoices().action_post()
        self.assertEqual(
            self._figures(self.second), {"revenue": 60.0, "margin": 60.0, "to_pay_in": 60.0}
        )

    def test_foreign_currency_at_booked_rates(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0), ("2025-04-01", 4.0)])
        invoice = self._move(self.project, "out_invoice", price=100.0, currency_id=euro.id)
        invoice.action_post()
        self.assertEqual(
            self._figures(self.project), {"revenue": 50.0, "margin": 50.0, "to_pay_in": 50.0}
        )
        sheet = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        order = self._order(self.project, lines=1, price=100.0, pricelist_id=sheet.id)
        order.action_confirm()
        self.assertEqual(order.currency_rate, 4.0)
        self.assertEqual(self._figures(self.project)["to_invoice"], 25.0)

    def test_partly_invoiced_and_more_than_ordered(self):
        order = self._order(self.project, lines=1, price=10.0)
        order.order_line.product_uom_qty = 10
        order.order_line.write({"price_unit": 10.0, "discount": 20.0})
        order.action_confirm()
        self.assertEqual(self._figures(self.project), {"to_invoice": 80.0})
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.assertEqual(self._figures(self.project)["to_invoice"], 48.0)
        rest = order._create_invoices()
        rest.invoice_line_ids.quantity = 9
        rest.action_post()
        self.assertNotIn("to_invoice", self._figures(self.project))

    def test_an_entry_typed_with_the_account(self):
        account = self.project._ensure_analytic_account()
        expense = self.company_data["default_account_expense"]
        self.env["account.move"].create({
            "date": "2025-03-31",
            "line_ids": [
                Command.create({
                    "account_id": expense.id, "debit": 12.0,
                    "analytic_distribution": {str(account.id): 100.0},
                }),
                Command.create({
                    "account_id": self.company_data["default_account_deferred_expense"].id,
                    "credit": 12.0,
                    "analytic_distribution": {str(account.id): 100.0},
                }),
            ],
        }).action_post()  # fmt: skip
        self.assertEqual(self._figures(self.project), {"cost": 12.0, "margin": -12.0})

    def test_time_costs(self):
        account = self.project._ensure_analytic_account()
        self.env["account.analytic.line"].create({
            "name": "Two hours", "amount": -90.0, account.plan_id._column_name(): account.id
        })  # fmt: skip
        self.assertEqual(self._figures(self.project), {"cost": 90.0, "margin": -90.0})

    def test_an_account_in_another_plan(self):
        plan = self.env["account.analytic.plan"].create({"name": "Jobs"})
        self.project.analytic_account_id = self.env["account.analytic.account"].create(
            {"name": "Old job", "plan_id": plan.id}
        )
        bill = self._move(self.project, price=40.0)
        bill.action_post()
        # one item, two projects: each with its account in another plan
        self._move(self.second, price=5.0).action_post()
        line = bill.invoice_line_ids
        one, two = (one._ensure_analytic_account().id for one in (self.project, self.second))
        line.analytic_distribution = {f"{one},{two}": 100.0}
        self.assertEqual(self._figures(self.project)["cost"], 40.0)
        self.assertEqual(self._figures(self.second)["cost"], 45.0)
        rows = self.env["bizuno.project.profit"].search([("move_id", "=", bill.id)])
        self.assertEqual(rows.project_id, self.project + self.second)

    def test_the_rows_say_what_the_figures_say(self):
        self._move(self.project, "out_invoice", price=100.0).action_post()
        self._move(self.project, price=30.0).action_post()
        self._order(self.project).action_confirm()
        project = self.project.with_user(self.users["bookkeeper"])
        for method, name in (
            ("action_view_revenue", "revenue"),
            ("action_view_cost", "cost"),
            ("action_view_profit", "margin"),
            ("action_view_to_invoice", "to_invoice"),
            ("action_view_to_pay_in", "to_pay_in"),
            ("action_view_to_pay_out", "to_pay_out"),
        ):
            action = getattr(project, method)()
            rows = project.env[action["res_model"]].search(action["domain"])
            self.assertTrue(rows)
            self.assertEqual(sum(rows.mapped(name)), project[name], name)
            for row in rows:
                document = row.action_open_document()
                self.assertIn(document["res_model"], ("account.move", "sale.order"))

    def test_invoiced_is_what_revenue_comes_from(self):
        order = self._order(self.project)
        order.action_confirm()
        order._create_invoices().action_post()
        self._move(self.project, "out_invoice", price=70.0).action_post()
        self._move(self.project, "out_refund", price=20.0).action_post()
        self._move(self.project, "out_invoice", price=999.0)
        self._move(self.project, price=40.0).action_post()
        split = self._move(None, "out_invoice", price=100.0)
        one, two = (one._ensure_analytic_account().id for one in (self.project, self.second))
        split.invoice_line_ids.analytic_distribution = {str(one): 30.0, str(two): 70.0}
        split.action_post()
        for name in ("bookkeeper", "rep"):
            for project, amount in ((self.project, 280.0), (self.second, 70.0)):
                self.assertEqual(project.with_user(self.users[name]).amount_invoiced, amount, name)
        self.assertEqual(self._figures(self.project)["revenue"], 280.0)
        action = self.project.with_user(self.users["bookkeeper"]).action_view_invoiced()
        invoices = self.env["account.move"].search(action["domain"])
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(len(invoices), 4)
        with self.assertRaises(AccessError):
            self.project.with_user(self.users["bizuno_manager"]).read(["amount_invoiced"])

    def test_a_down_payment_is_invoiced_though_it_is_no_revenue_yet(self):
        self.env.company.downpayment_account_id = self.env["account.account"].create(
            {"name": "Advances", "code": "210099", "account_type": "liability_current"}
        )
        order = self._order(self.project)
        order.action_confirm()
        self._invoice_down_payment(order, 30).action_post()
        project = self.project.with_user(self.users["bookkeeper"])
        self.assertEqual((project.amount_invoiced, project.revenue), (60.0, 0.0))
        self._invoice_rest(order).action_post()
        project.invalidate_recordset()
        self.assertEqual((project.amount_invoiced, project.revenue), (200.0, 200.0))

    def test_ordered_opens_what_it_counts(self):
        self._order(self.project)
        confirmed = self._order(self.project)
        confirmed.action_confirm()
        project = self.project.with_user(self.users["rep"])
        orders = project.env["sale.order"].search(project.action_view_ordered()["domain"])
        self.assertEqual(orders.ids, confirmed.ids)
        self.assertEqual(project.amount_ordered, sum(orders.mapped("amount_untaxed")))

    def test_table_workbook_and_paper_say_the_same(self):
        for price, day in ((100.0, "2025-01-05"), (50.0, "2025-03-05")):
            self._move(self.project, "out_invoice", price, invoice_date=day, date=day).action_post()
        for month in range(1, 10):
            day = f"2025-{month:02}-10"
            self._move(self.project, price=10.0, invoice_date=day, date=day).action_post()
        project = self.project.with_user(self.users["bookkeeper"])
        table = project._get_profit_table(6)
        self.assertEqual(
            table["months"],
            ["Before", "Apr 2025", "May 2025", "Jun 2025", "Jul 2025", "Aug 2025", "Sep 2025"],
        )
        revenue, cost = table["sections"]
        self.assertEqual(revenue["amounts"], [150.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
        self.assertEqual(cost["amounts"], [30.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0])
        self.assertEqual(table["total"], project.margin)
        self.assertEqual(len(project._get_profit_table()["months"]), 9)

        import openpyxl  # noqa: PLC0415

        stream = io.BytesIO()
        project_profit_xlsx.write(project, stream)
        values = openpyxl.load_workbook(stream, data_only=True).active
        formulas = openpyxl.load_workbook(stream).active
        rows = {row[0].value: row for row in values.iter_rows() if row[0].value}
        margin = rows["Margin"]
        self.assertEqual([cell.value for cell in margin[1:4]], [90.0, -10.0, 40.0])
        self.assertEqual(margin[10].value, project.margin)
        self.assertEqual(rows["Total cost"][10].value, project.cost)
        for cell in margin[1:]:
            self.assertTrue(formulas[cell.coordinate].value.startswith("="))

        report = self.env["ir.actions.report"].with_user(self.users["bookkeeper"])
        html = report._render_qweb_html("bizuno_crm.report_project_profit", project.ids)[0]
        self.assertIn("Cold store", html.decode())
        self.assertIn("Sep 2025", html.decode())

    def test_a_project_without_anything(self):
        project = self.project.with_user(self.users["bookkeeper"])
        self.assertEqual(project._get_profit_table()["total"], 0.0)
        project_profit_xlsx.write(project, io.BytesIO())

    def test_budget(self):
        self.project.budget = 100.0
        for price, used, state in ((79.0, 79.0, "ok"), (1.0, 80.0, "near"), (20.0, 100.0, "over")):
            self._move(self.project, price=price).action_post()
            project = self.project.with_user(self.users["bookkeeper"])
            project.invalidate_recordset()
            self.assertEqual((project.budget_used, project.budget_state), (used, state))
        self.assertFalse(self.second.budget_state)

    def test_constant_number_of_queries(self):
        def queries(count):
            projects = self.env["bizuno.project"].create(
                [{"name": str(one), "partner_id": self.customer.id} for one in range(count)]
            )
            for project in projects:
                self._move(project, price=10.0).action_post()
            self.env.flush_all()
            self.env.invalidate_all()
            page = projects.with_user(self.users["bookkeeper"])
            with recorded_queries() as found:
                rows = page.read([*FIGURES, "margin_percent", "budget_state", "is_profit_visible"])
            self.assertEqual({row["cost"] for row in rows}, {10.0})
            return found

        few = queries(2)
        many = queries(12)
        self.assertLessEqual(len(many), len(few), "\n".join(many))


@tagged("post_install", "-at_install")
class TestProjectFiguresRights(ProfitCommon):
    """Figures for those who see invoices and bills; for reps if the settings say so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.project.user_id = cls.rep
        cls.second.user_id = cls.users["sales_manager"]

    def setUp(self):
        super().setUp()
        for project in self.project + self.second:
            self._move(project, price=40.0).action_post()

    def _let_reps_see(self):
        self.env["res.config.settings"].create({"group_project_profit_reps": True}).execute()

    def test_a_rep_sees_no_figures(self):
        project = self.project.with_user(self.rep)
        for name in (*FIGURES, "margin_percent", "budget_used", "budget_state"):
            with self.assertRaises(AccessError, msg=name):
                project.read([name])
            self.assertNotIn(name, project.fields_get())
        self.assertFalse(project.is_profit_visible)
        self.assertEqual(project.amount_ordered, 0.0)
        for model in ("bizuno.project.profit", "bizuno.project.open"):
            for call in (
                lambda rows: rows.search([]),
                lambda rows: rows.formatted_read_group([], ["project_id"], ["__count"]),
            ):
                with self.assertRaises(AccessError):
                    call(self.env[model].with_user(self.rep))
        with Form(project) as form:
            self.assertNotIn("margin", form._view["fields"])

    def test_a_rep_learns_nothing_by_searching_sorting_grouping_or_exporting(self):
        self.rep.group_ids |= self.env.ref("base.group_allow_export")
        projects = self.env["bizuno.project"].with_user(self.rep)
        for name in FIGURES:
            for call in (
                lambda name=name: projects.search([(name, ">", 0)]),
                lambda name=name: projects.search([], order=name),
                lambda name=name: projects.formatted_read_group([], ["user_id"], [f"{name}:sum"]),
                lambda name=name: projects.formatted_read_group([], [name], ["__count"]),
                lambda name=name: projects.search([]).export_data([name]),
                lambda name=name: projects.web_search_read([], {name: {}}),
            ):
                try:
                    found = call()
                except (AccessError, ValueError):  # not his, or not stored at all
                    continue
                self.fail(f"{name}: {found}")
        analysis = self.env["bizuno.project.analysis"].with_user(self.rep)
        self.assertFalse({*FIGURES, "margin_percent"} & analysis.fields_get().keys())

    def test_a_rep_with_own_documents_has_what_is_invoiced_of_his(self):
        seller = new_test_user(
            self.env, "bizuno_rep_own", "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.companies.ids)],
        )  # fmt: skip
        self.project.user_id = seller
        for user, price in ((seller, 30.0), (self.rep, 50.0)):
            self._move(self.project, "out_invoice", price, invoice_user_id=user.id).action_post()
        # as Ordered: those of the list that opens
        project = self.project.with_user(seller)
        self.assertEqual(project.amount_invoiced, 30.0)
        found = project.env["account.move"].search(project.action_view_invoiced()["domain"])
        self.assertEqual(sum(found.mapped("amount_untaxed")), 30.0)
        self.assertEqual(self.project.with_user(self.rep).amount_invoiced, 80.0)

    def test_who_sees_it_follows_from_the_record_rules(self):
        self._let_reps_see()
        own, other = (one.with_user(self.rep) for one in (self.project, self.second))
        rule = self.env.ref("bizuno_crm.bizuno_project_profit_rule_salesman")
        rule.domain_force = "[('working_user_id', '=', user.id)]"
        self.second.working_user_id = self.rep
        (own + other).invalidate_recordset()
        self.assertEqual((own.is_profit_visible, own.cost), (False, 0.0))
        self.assertEqual((other.is_profit_visible, other.cost), (True, 40.0))
        # a rule that tells the rows of a project apart hides rows, and no project
        self.env["ir.rule"].create({
            "name": "Revenue only",
            "model_id": self.env["ir.model"]._get_id("bizuno.project.profit"),
            "domain_force": "[('kind', '=', 'revenue')]",
        })  # fmt: skip
        (own + other).invalidate_recordset()
        self.assertEqual((other.is_profit_visible, other.cost), (True, 0.0))
        self.assertFalse(own.is_profit_visible)

    def test_a_rep_sees_his_own_if_the_settings_say_so(self):
        self._let_reps_see()
        own, other = (one.with_user(self.rep) for one in (self.project, self.second))
        self.assertEqual((own.is_profit_visible, own.cost, own.to_pay_out), (True, 40.0, 40.0))
        self.assertEqual((other.is_profit_visible, other.cost, other.to_pay_out), (False, 0.0, 0.0))
        rows = self.env["bizuno.project.profit"].with_user(self.rep).search([])
        self.assertEqual(rows.project_id, own)
        self.second.working_user_id = self.rep
        other.invalidate_recordset()
        self.assertEqual((other.is_profit_visible, other.cost), (True, 40.0))

    def test_what_is_open_is_asked_for_when_its_tab_is_opened(self):
        self._order(self.project, lines=1, price=300.0).action_confirm()
        self._move(self.project, "out_invoice", 120.0).action_post()
        self._move(self.project, price=35.0).action_post()
        project = self.project.with_user(self.users["bookkeeper"])
        with Form(project) as form:
            asked = set(form._view["fields"])
        names = ("to_invoice", "to_pay_in", "to_pay_out")
        self.assertEqual(({"cost", "margin", *names} & asked), {"cost", "margin"})
        figures = project.get_open_figures()
        self.assertEqual(
            [(one["label"], one["text"].replace("\xa0", " ")) for one in figures],
            [("To Invoice", "$ 300.00"), ("Unpaid Invoices", "$ 120.00"),
             ("Unpaid Bills", "$ 75.00")],
        )  # fmt: skip
        for name, figure in zip(names, figures, strict=True):
            self.assertTrue(figure["help"], name)
            action = getattr(project, figure["action"])()
            rows = self.env[action["res_model"]].with_user(project.env.user)
            self.assertEqual(sum(rows.search(action["domain"]).mapped(name)), project[name])
        with self.assertRaisesRegex(AccessError, "Cold store"):
            self.project.with_user(self.rep).get_open_figures()

    def test_downloads_and_paper_are_refused_in_words(self):
        project = self.project.with_user(self.rep)
        report = self.env["ir.actions.report"].with_user(self.rep)
        for call in (
            project.action_export_profit,
            project._get_profit_table,
            lambda: report._render_qweb_html("bizuno_crm.report_project_profit", project.ids),
        ):
            with self.assertRaises(AccessError) as refusal:
                call()
            self.assertIn("Cold store", str(refusal.exception))
        self._let_reps_see()
        with self.assertRaises(AccessError):
            self.second.with_user(self.rep)._get_profit_table()
        project.invalidate_recordset()
        self.assertEqual(project._get_profit_table()["total"], -40.0)

    def test_who_sees_invoices_sees_all(self):
        for name in ("bookkeeper", "accountant"):
            for project in self.project + self.second:
                project = project.with_user(self.users[name])
                self.assertEqual((project.is_profit_visible, project.cost), (True, 40.0))

    def test_employees_and_managers_see_nothing(self):
        for name in ("employee", "bizuno_manager", "sales_manager"):
            with self.assertRaises(AccessError):
                self.second.with_user(self.users[name]).read(["cost"])

    def test_a_project_of_another_company(self):
        other = self.setup_other_company()["company"]
        hidden = self.env["bizuno.project"].create({"name": "Abroad", "company_id": other.id})
        account = hidden._ensure_analytic_account()
        self.env["account.analytic.line"].sudo().create({
            "name": "Abroad", "amount": -90.0, account.plan_id._column_name(): account.id,
            "company_id": other.id,
        })  # fmt: skip
        rows = self.env["bizuno.project.profit"].with_user(self.users["bookkeeper"])
        self.assertEqual(rows.search([]).project_id.company_id, self.env.company)
