from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectCases(ProfitCommon):
    """Where others' figures go wrong: what a payment brings along, other months, other companies,
    and what becomes of projects and customers."""

    def _figures(self, project, user="bookkeeper"):
        self.env.flush_all()
        project = project.with_user(self.users[user])
        project.invalidate_recordset()
        names = ("revenue", "cost", "to_invoice", "to_pay_in", "to_pay_out")
        return {name: value for name in names if (value := project[name])}

    def _margin(self, project):
        figures = self._figures(project)
        return figures.get("revenue", 0.0) - figures.get("cost", 0.0)

    def _register(self, move, **values):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"payment_date": "2025-03-12", **values})  # fmt: skip
        wizard._create_payments()
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        return wizard

    def _by_month(self, project):
        rows = self.env["bizuno.project.profit"].with_user(self.users["bookkeeper"])
        groups = rows._read_group(
            [("project_id", "=", project.id)], ["date:month"], ["revenue:sum", "cost:sum"]
        )
        return {month.month: sums for month, *sums in groups}

    def test_figures_know_what_is_not_written_yet(self):
        """As who reads them in the middle of a transaction, an automation say."""
        seen = self.project.with_user(self.users["bookkeeper"])

        def look(name):
            seen.invalidate_recordset([name], flush=False)
            return seen[name]

        order = self._order(self.project)
        order.action_confirm()
        self.assertEqual(look("to_invoice"), 200.0)
        invoice = self._move(self.project, "out_invoice", price=100.0)
        invoice.action_post()
        self.assertEqual(look("to_pay_in"), 100.0)
        invoice.line_ids.analytic_line_ids.unlink()
        self.assertEqual(look("revenue"), 0.0)
        item = self.env["account.analytic.line"].create({"name": "Time", "amount": -30.0})
        column = self.project.analytic_account_id.plan_id._column_name()
        item[column] = self.project.analytic_account_id
        self.assertEqual(look("cost"), 30.0)

    def test_an_exchange_difference_is_none_of_the_project_s(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2025-03-11", 4.0), ("2025-04-01", 1.0)]
        )
        invoice = self._move(self.project, "out_invoice", price=100.0, currency_id=euro.id)
        invoice.action_post()
        booked = {"revenue": 50.0}
        self.assertEqual(self._figures(self.project), {**booked, "to_pay_in": 50.0})
        self._register(invoice)
        difference = invoice.line_ids.matched_credit_ids.exchange_move_id
        self.assertEqual(sum(difference.line_ids.mapped("debit")), 25.0)
        self.assertEqual(self._figures(self.project), booked)
        # but where somebody says so, it is
        line = difference.line_ids.filtered(
            lambda one: one.account_id.internal_group in ("income", "expense")
        )
        line.analytic_distribution = invoice.invoice_line_ids.analytic_distribution
        name = "cost" if line.account_id.internal_group == "expense" else "revenue"
        sign = 1 if name == "cost" else -1
        self.assertEqual(self._figures(self.project)[name], booked.get(name, 0.0) + sign * 25.0)

    def test_early_payment_discounts_as_odoo_books_them(self):
        # With the tax: on the project, when it is taken or, if always, from the invoice on; without
        # the tax Odoo gives them no analytic account.
        for computation, before, after in (
            ("included", 100.0, 90.0), ("excluded", 100.0, 100.0), ("mixed", 90.0, 90.0),
        ):  # fmt: skip
            term = self.env["account.payment.term"].create({
                "name": computation, "early_discount": True, "discount_percentage": 10,
                "discount_days": 10, "early_pay_discount_computation": computation,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            })  # fmt: skip
            for move_type in ("out_invoice", "in_invoice"):
                with self.subTest(computation=computation, move_type=move_type):
                    project = self.project.copy({"analytic_account_id": False})
                    tax = self.tax_sale_a if move_type == "out_invoice" else self.tax_purchase_a
                    move = self._move(
                        project, move_type, 100.0, tax, invoice_payment_term_id=term.id
                    )
                    move.action_post()
                    sign = 1 if move_type == "out_invoice" else -1
                    self.assertEqual(sign * self._margin(project), before)
                    wizard = self._register(move)
                    self.assertTrue(wizard.early_payment_discount_mode)
                    self.assertEqual(sign * self._margin(project), after)
                    self.assertEqual(self._booked(project), sign * after)
                    figures = self._figures(project)
                    self.assertFalse(figures.keys() & {"to_pay_in", "to_pay_out"})

    def test_what_is_written_off_is_cost_where_the_ledger_says_so(self):
        account = self.company_data["default_account_expense"]
        for is_on_project in (False, True):
            with self.subTest(is_on_project=is_on_project):
                project = self.project.copy({"analytic_account_id": False})
                invoice = self._move(project, "out_invoice", price=100.0)
                invoice.action_post()
                self._register(
                    invoice, amount=95.0, payment_difference_handling="reconcile",
                    writeoff_account_id=account.id,
                )  # fmt: skip
                self.assertEqual(self._figures(project), {"revenue": 100.0})
                if is_on_project:
                    lines = invoice.matched_payment_ids.move_id.line_ids
                    lost = lines.filtered(lambda line: line.account_id == account)
                    self.assertEqual(lost.balance, 5.0)
                    lost.analytic_distribution = invoice.invoice_line_ids.analytic_distribution
                    self.assertEqual(self._figures(project), {"revenue": 100.0, "cost": 5.0})

    def test_what_is_deferred_is_revenue_of_its_month(self):
        invoice = self._move(self.project, "out_invoice", price=100.0)
        invoice.action_post()
        bill = self._move(self.project, "in_invoice", price=40.0)
        bill.action_post()
        self.assertEqual(self._by_month(self.project), {3: [100.0, 40.0]})
        for move in (invoice, bill):
            self.env["account.automatic.entry.wizard"].with_context(
                active_model="account.move.line", active_ids=move.invoice_line_ids.ids
            ).create({
                "action": "change_period", "date": "2025-05-31", "percentage": 75,
                "journal_id": self.company_data["default_journal_misc"].id,
                "expense_accrual_account": self.company_data["default_account_assets"].id,
                "revenue_accrual_account": self.company_data["default_account_assets"].id,
            }).do_action()  # fmt: skip
        self.assertEqual(self._by_month(self.project), {3: [25.0, 10.0], 5: [75.0, 30.0]})
        figures = self._figures(self.project)
        self.assertEqual((figures["revenue"], figures["cost"]), (100.0, 40.0))

    def test_a_customer_has_projects_in_two_companies(self):
        here, there = self.env.company, self.setup_other_company(
            currency_id=self.setup_other_currency("CHF", rates=[("2025-01-01", 4.0)]).id
        )["company"]  # fmt: skip
        self.env.user.company_ids |= there
        self.users["accountant"].company_ids |= there
        abroad = self.env["bizuno.project"].create(
            {"name": "Abroad", "partner_id": self.customer.id, "company_id": there.id}
        )
        home = self._move(self.project, "out_invoice", price=100.0)
        self.env = self.env(context={"allowed_company_ids": (there + here).ids})
        invoice = self._move(abroad, "out_invoice", price=300.0)
        self.assertEqual(invoice.company_id, there)
        (home + invoice).action_post()
        account = abroad.analytic_account_id
        self.assertEqual((account.company_id, account.partner_id), (there, self.customer))
        both = {"allowed_company_ids": (here + there).ids}
        for project, amount in ((self.project, 100.0), (abroad, 300.0)):
            seen = project.with_user(self.users["accountant"]).with_context(**both)
            self.assertEqual((seen.revenue, seen.to_pay_in), (amount, amount))
            self.assertEqual(seen.currency_id, project.company_id.currency_id)
        rows = self.env["bizuno.project.profit"].with_user(self.users["accountant"])
        for companies, found in ((here, 1), (there, 1), (here + there, 2)):
            own = rows.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(own.search_count([("partner_id", "=", self.customer.id)]), found)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            home.with_context(**both).bizuno_project_id = abroad

    def test_a_project_goes_to_another_company_as_long_as_nothing_is_on_it(self):
        there = self.setup_other_company()["company"]
        user = self.users["bizuno_manager"]
        user.company_ids |= there
        companies = (self.env.company + there).ids

        def go(project):
            with Form(project.with_user(user).with_context(allowed_company_ids=companies)) as form:
                form.company_id = there

        on_line = self._order()
        on_line.order_line[0].bizuno_project_id = self.second
        draft, booked, shared = self.env["bizuno.project"].create(
            [{"name": name, "partner_id": self.customer.id} for name in ("Draft", "Old", "Shared")]
        )
        self._order(draft)
        for project in booked + shared:
            self._move(project).action_post()
        shared.analytic_account_id.company_id = False
        for project in self.second + draft + booked + shared:
            before = self._figures(project)
            with self.assertRaises(UserError) as refusal:
                go(project)
            for word in (project.name, self.env.company.name, there.name):
                self.assertIn(word, str(refusal.exception))
            self.assertEqual((project.company_id, self._figures(project)),
                             (self.env.company, before))  # fmt: skip
        # one whose account is there already, and one without
        self.project._ensure_analytic_account()
        new = self.env["bizuno.project"].create({"name": "New", "partner_id": self.customer.id})
        for project in self.project + new:
            go(project)
            account = project._ensure_analytic_account()
            self.assertEqual((project.company_id, account.company_id), (there, there))

    def test_an_account_without_company_brings_nothing_of_others(self):
        """As accounts are in many databases of several companies: anybody types them anywhere."""
        here, there = self.env.company, self.setup_other_company(
            currency_id=self.setup_other_currency("CHF", rates=[("2025-01-01", 4.0)]).id
        )["company"]  # fmt: skip
        self.env.user.company_ids |= there
        account = self.project._ensure_analytic_account()
        account.company_id = False
        both = self.env
        self.env = self.env(context={"allowed_company_ids": (there + here).ids})
        typed = {"analytic_distribution": {str(account.id): 100.0}}
        goods = {"product_id": self.product_a.id, "tax_ids": False, **typed}
        for move_type, price in (("in_invoice", 700.0), ("out_invoice", 900.0)):
            move = self._move(None, move_type, invoice_line_ids=[
                Command.create({**goods, "price_unit": price})
            ])  # fmt: skip
            move.action_post()
            self.assertEqual(move.company_id, there)
            self.assertEqual(move.invoice_line_ids.analytic_line_ids.company_id, there)
        order = self._order(None, order_line=[Command.create({**goods, "price_unit": 500.0})])
        order.action_confirm()
        self.assertEqual(order.company_id, there)
        self.env = both

        def seen(user, *names):
            project = self.project.with_user(user)
            project.invalidate_recordset()
            return [project[name] for name in names]

        # whoever sees the other company as well: it is another's, in another currency
        rep, bookkeeper = self.users["rep"], self.users["bookkeeper"]
        for companies in (here, here + there):
            for user in (rep, bookkeeper):
                user.company_ids |= companies
            self.assertEqual(self._figures(self.project), {})
            self.assertEqual(seen(bookkeeper, "invoice_count", "bill_count"), [0, 0])
            names = ("amount_ordered", "amount_invoiced", "sale_order_count")
            self.assertEqual(seen(rep, *names), [0.0, 0.0, 0])
            for model in ("bizuno.project.profit", "bizuno.project.open"):
                rows = self.env[model].with_user(bookkeeper)
                rows = rows.with_context(allowed_company_ids=companies.ids)
                self.assertFalse(rows.search([("project_id", "=", self.project.id)]))
            for action in ("action_view_bills", "action_view_invoices", "action_view_sale_orders"):
                project = self.project.with_context(allowed_company_ids=companies.ids)
                action = getattr(project, action)()
                self.assertFalse(project.env[action["res_model"]].search(action["domain"]))
        analysis = self.env["bizuno.project.analysis"].search(
            [("project_id", "=", self.project.id)]
        )
        self.assertEqual((analysis.amount_ordered, analysis.amount_invoiced), (0.0, 0.0))

        self._move(self.project, price=40.0).action_post()
        self._move(self.project, "out_invoice", price=65.0).action_post()
        self._order(self.project, price=15.0).action_confirm()
        self.assertEqual(self._figures(self.project), {
            "cost": 40.0, "revenue": 65.0, "to_invoice": 30.0, "to_pay_in": 65.0,
            "to_pay_out": 40.0,
        })  # fmt: skip
        self.assertEqual(seen(bookkeeper, "invoice_count", "bill_count"), [1, 1])
        self.assertEqual(seen(rep, *names), [30.0, 65.0, 1])

    def test_what_a_branch_books_on_the_account_is_the_company_s(self):
        branch = self.env["res.company"].create(
            {"name": "North Branch", "parent_id": self.env.company.id}
        )
        self.env.cr.precommit.run()  # loads the chart of accounts
        for user in self.env.user + self.users["bookkeeper"]:
            user.company_ids |= branch
        account = self.project._ensure_analytic_account()
        companies = (branch + self.env.company).ids
        self.env = self.env(context={"allowed_company_ids": companies})
        bill = self._move(
            None,
            invoice_line_ids=[Command.create({
                "name": "Goods", "price_unit": 33.0, "tax_ids": False,
                "analytic_distribution": {str(account.id): 100.0},
            })],
        )  # fmt: skip
        bill.action_post()
        self.assertEqual(bill.company_id, branch)
        self.assertEqual(self._figures(self.project), {"cost": 33.0, "to_pay_out": 33.0})
        found = self.env["account.move"].search(self.project.action_view_bills()["domain"])
        self.assertEqual(found, bill)

    def test_an_archived_project_keeps_its_documents_and_figures(self):
        order = self._order(self.project)
        order.action_confirm()
        bill = self._move(self.project)
        bill.action_post()
        self.project.active = False
        self.assertEqual(self._figures(self.project), {"cost": 40.0, "to_invoice": 200.0,
                                                       "to_pay_out": 40.0})  # fmt: skip
        self.assertEqual(bill.invoice_line_ids.bizuno_project_id, self.project)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.bizuno_project_id, self.project)
        self.assertEqual(self._figures(self.project)["revenue"], 200.0)
        rows = self.env["bizuno.project.profit"].with_user(self.users["bookkeeper"])
        self.assertEqual(len(rows.search([("project_id", "=", self.project.id)])), 3)
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.action_post()
        self.assertNotIn("revenue", self._figures(self.project))
        self.assertFalse(self.env["bizuno.project"].name_search("Cold store"))

    def test_two_projects_become_one(self):
        """As somebody does it who has opened the same one twice: the documents go to one of them,
        and the other is archived."""
        kept, double = self.project, self.second
        order = self._order(double, lines=1, price=210.0)
        order.action_confirm()
        moves = self.env["account.move"]
        for move_type, price in (("out_invoice", 110.0), ("in_invoice", 45.0), ("in_refund", 5.0)):
            moves |= self._move(double, move_type, price)
        split = self._move(kept, price=90.0)
        own, other = (kept + double).mapped("analytic_account_id.id")
        split.invoice_line_ids.analytic_distribution = {str(own): 60.0, str(other): 40.0}
        (moves + split).action_post()
        item = self.env["account.analytic.line"].create({"name": "Time", "amount": -30.0})
        column = double.analytic_account_id.plan_id._column_name()
        item[column] = double.analytic_account_id
        before = [self._figures(kept), self._figures(double)]
        self.assertTrue(all(before))
        bookkeeper = self.users["bookkeeper"]
        moves.with_user(bookkeeper).write({"bizuno_project_id": kept.id})
        order.with_user(self.users["rep"]).bizuno_project_id = kept
        split.invoice_line_ids.with_user(bookkeeper).bizuno_project_id = kept
        item.with_user(bookkeeper)[column] = kept.analytic_account_id
        double.active = False
        self.assertFalse(self._figures(double))
        self.assertEqual(
            self._figures(kept),
            {name: sum(one.get(name, 0.0) for one in before) for name in set().union(*before)},
        )
        self.assertEqual(self._margin(kept), self._booked(kept))

    def test_the_customer_is_merged(self):
        double = self._create_customer("Harbor Suply")
        other = self.env["bizuno.project"].create({"name": "Dock", "partner_id": double.id})
        order = self._order(other, partner_id=double.id)
        order.action_confirm()
        invoice = self._move(other, "out_invoice", price=70.0, partner_id=double.id)
        invoice.action_post()
        self._move(self.project, "out_invoice", price=100.0).action_post()
        figures = self._figures(other), self._figures(self.project)
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.users["accountant"]
        ).create({
            "partner_ids": [Command.set((double + self.customer).ids)],
            "dst_partner_id": self.customer.id,
        }).action_merge()  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(double.exists())
        self.assertEqual((self._figures(other), self._figures(self.project)), figures)
        self.assertEqual(
            (other + self.project).partner_id + other.analytic_account_id.partner_id, self.customer
        )
        self.assertEqual(order.order_line.bizuno_project_id, other)
        rows = self.env["bizuno.project.profit"].with_user(self.users["bookkeeper"])
        groups = rows._read_group(
            [("project_id", "in", (other + self.project).ids)], ["partner_id"], ["revenue:sum"]
        )
        self.assertEqual(groups, [(self.customer, 170.0)])
        # and a document goes from one of his projects to the other
        invoice.bizuno_project_id = self.project
        self.assertEqual(self._figures(self.project)["revenue"], 170.0)
