import random
from collections import defaultdict

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_hypothesis import SEED, say
from .common_profit import ProfitCommon

SALES = ("out_invoice", "out_refund")
PURCHASES = ("in_invoice", "in_refund")


@tagged("post_install", "-at_install")
class TestProjectOracle(ProfitCommon):
    """Documents at random in two companies, each with its own currency, and each figure against
    plain sums over Odoo's own items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2025-02-01", 4.0), ("2025-03-01", 3.0)]
        )
        cls.there = cls.setup_other_company(
            name="Harbour Abroad", currency_id=cls.setup_other_currency("CHF").id
        )["company"]
        cls.env.user.company_ids |= cls.there
        for name in ("bookkeeper", "rep"):
            cls.users[name].company_ids |= cls.there
        cls.third, cls.abroad, cls.ferry = cls.env["bizuno.project"].create([
            {"name": name, "partner_id": cls.customer.id, "company_id": company.id}
            for name, company in (
                ("Lights", cls.here), ("Abroad", cls.there), ("Ferry", cls.there)
            )
        ])  # fmt: skip
        cls.of_company = {
            cls.here: cls.project + cls.second + cls.third, cls.there: cls.abroad + cls.ferry
        }  # fmt: skip
        cls.projects = cls.project.union(*cls.of_company.values())
        cls.projects._ensure_analytic_account()
        # as many accounts are: whatever another company books on it is not the project's
        cls.third.analytic_account_id.company_id = False
        cls.sheets, cls.included, cls.terms, cls.accounts = {}, {}, {}, {}
        for company in cls.of_company:
            env = cls.env(context={"allowed_company_ids": [company.id]})
            cls.sheets[company] = env["product.pricelist"].create(
                {"name": "Euro", "currency_id": cls.euro.id, "company_id": company.id}
            )
            cls.included[company] = env["account.tax"].create(
                {"name": "Included", "amount": 10, "price_include_override": "tax_included"}
            )
            cls.terms[company] = env["account.payment.term"].create([
                {
                    "name": computation, "company_id": company.id, "early_discount": True,
                    "discount_percentage": 2, "discount_days": 60,
                    "early_pay_discount_computation": computation,
                    "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
                }
                for computation in ("included", "excluded", "mixed")
            ])  # fmt: skip
            cls.accounts[company] = {
                kind: env["account.account"].search(
                    [*env["account.account"]._check_company_domain(company),
                     ("account_type", "=", kind)], limit=1,
                )
                for kind in ("expense", "income", "asset_current", "liability_current")
            }  # fmt: skip

    def _enter(self, draw):
        """Work in one of the companies."""
        company = draw.choice([self.here, self.here, self.there])
        companies = company + (self.here + self.there - company)
        self.env = self.env(context={"allowed_company_ids": companies.ids})
        self.own = self.of_company[company].with_env(self.env)

    def _draw_distribution(self, draw):
        own = self.own | self.third
        one, two = draw.sample([project.analytic_account_id.id for project in own], 2)
        return draw.choice([False, {str(one): 100.0}, {str(one): 70.0, str(two): 30.0}])

    def _draw_lines(self, draw):
        lines = []
        for _number in range(draw.randint(1, 3)):
            line = {
                "product_id": self.product_a.id,
                "price_unit": draw.choice([10.0, 99.99, 120.0, -5.0]),
                "tax_ids": draw.choice([False, [Command.set(self.included[self.env.company].ids)]]),
                "discount": draw.choice([0.0, 0.0, 25.0]),
            }
            kind = draw.randrange(3)
            if kind == 0:
                line["analytic_distribution"] = self._draw_distribution(draw)
            elif kind == 1:
                line["bizuno_project_id"] = draw.choice([False, self.own[1].id])
            lines.append(Command.create(line))
        return [*lines, Command.create({
            "product_id": self.product_a.id, "price_unit": 50.0, "tax_ids": False
        })]  # fmt: skip

    def _draw_project(self, draw):
        return draw.choice([self.env["bizuno.project"], *self.own])

    def _step_move(self, draw):
        currency = draw.choice([self.env.company.currency_id, self.euro])
        terms = self.terms[self.env.company]
        if currency == self.euro:
            # Odoo rounds what "mixed" discounts of several distributions, and balances no more.
            terms = terms.filtered(lambda one: one.early_pay_discount_computation != "mixed")
        move = self._move(
            self._draw_project(draw),
            draw.choice(SALES + PURCHASES),
            invoice_date=(day := draw.choice(["2025-01-15", "2025-02-15"])),
            date=day,
            currency_id=currency.id,
            invoice_payment_term_id=draw.choice([False, *terms.ids]),
            invoice_line_ids=self._draw_lines(draw),
        )
        if draw.random() < 0.8:
            move.action_post()

    def _step_order(self, draw):
        order = self._order(
            self._draw_project(draw),
            order_line=self._draw_lines(draw),
            pricelist_id=draw.choice([False, False, self.sheets[self.env.company].id]),
        )
        if draw.random() < 0.8:
            order.action_confirm()

    def _step_invoice(self, draw):
        orders = self.env["sale.order"].search(
            [("state", "=", "sale"), ("company_id", "=", self.env.company.id)]
        )
        for order in draw.sample([*orders], min(1, len(orders))):
            if draw.random() < 0.4 and not order.invoice_ids:
                self._invoice_down_payment(order, 30).action_post()
            elif order.invoice_status == "to invoice":
                invoice = self._invoice_rest(order)
                if draw.random() < 0.5 and invoice.move_type == "out_invoice":
                    invoice.invoice_line_ids[0].quantity *= 0.5
                if draw.random() < 0.5:
                    # what was agreed on the telephone: it is invoiced all the same
                    goods = invoice.invoice_line_ids.filtered("sale_line_ids") - (
                        invoice.invoice_line_ids.filtered("is_downpayment")
                    )
                    name, value = draw.choice([("discount", 10.0), ("price_unit", 130.0)])
                    goods[:1][name] = value
                if invoice.amount_total >= 0:  # Odoo posts no other
                    invoice.action_post()

    def _posted(self, *domain):
        return self.env["account.move"].search([
            ("state", "=", "posted"), ("move_type", "in", SALES + PURCHASES), *domain
        ])  # fmt: skip

    def _choose(self, draw, *domain):
        """:return: one document of the company, or none"""
        moves = self._posted(("company_id", "=", self.env.company.id), *domain)
        return draw.choice([*moves]) if moves else moves

    def _step_credit(self, draw):
        if move := self._choose(draw):
            move._reverse_moves([{"date": move.date, "invoice_date": move.date}]).action_post()

    def _step_pay(self, draw):
        """All or a part of it, at another rate than it is booked at (an exchange difference), with
        the discount of who pays early, or with a rest that is written off."""
        move = self._choose(draw, ("payment_state", "=", "not_paid"), ("amount_total", ">", 1))
        if not move:
            return
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": draw.choice([move.invoice_date, "2025-02-10", "2025-03-20"])})
        )
        how = draw.randrange(3)
        if how == 0:
            wizard.amount = wizard.currency_id.round(wizard.amount / draw.choice([2, 3]))
        elif how == 1 and not wizard.early_payment_discount_mode:
            wizard.amount = wizard.currency_id.round(wizard.amount * 0.9)
            wizard.payment_difference_handling = "reconcile"
            wizard.writeoff_account_id = self.accounts[self.env.company]["expense"]
        wizard._create_payments()

    def _step_defer(self, draw):
        """Half of a line is moved to another month, as Odoo's own wizard does it."""
        move = self._choose(draw)
        lines = move.invoice_line_ids.filtered("balance")
        if not lines:
            return
        accounts = self.accounts[self.env.company]
        wizard = self.env["account.automatic.entry.wizard"].with_context(
            active_model="account.move.line", active_ids=lines[0].ids
        ).create({
            "action": "change_period", "date": "2025-03-31", "percentage": 50,
            "journal_id": self.env["account.journal"].search([
                ("type", "=", "general"), ("company_id", "=", self.env.company.id)
            ], limit=1).id,
            "expense_accrual_account": accounts["asset_current"].id,
            "revenue_accrual_account": accounts["liability_current"].id,
        })  # fmt: skip
        wizard.do_action()

    def _step_change(self, draw):
        if move := self._choose(draw):
            if draw.random() < 0.5:
                move.bizuno_project_id = self._draw_project(draw)
                return
            project = self._draw_project(draw)
            try:
                with self.env.cr.savepoint():
                    move.invoice_line_ids[0].bizuno_project_id = project
            except UserError as refusal:
                # of a posted document, whose line shares a tax that is on the project with others
                if "share a tax" not in str(refusal):
                    raise

    def _step_entry(self, draw):
        accounts = self.accounts[self.env.company]
        self.env["account.move"].create({
            "date": "2025-02-28",
            "line_ids": [
                Command.create({
                    "account_id": accounts["expense"].id,
                    "debit": 33.33, "analytic_distribution": self._draw_distribution(draw),
                }),
                Command.create({
                    "account_id": accounts["asset_current"].id,
                    "credit": 33.33, "analytic_distribution": self._draw_distribution(draw),
                }),
            ],
        }).action_post()  # fmt: skip

    def _get_shares(self, line):
        """:return: {project of the company of the line: its part of the line}"""
        shares = defaultdict(float)
        for key, percentage in (line.analytic_distribution or {}).items():
            for project in self.of_company.get(line.company_id, ()):
                if str(project.analytic_account_id.id) in key.split(","):
                    shares[project] += percentage / 100
        return shares

    def _expect_booked(self):
        """From the analytic items, and from the ledger with the shares of its lines.

        :return: both sums, and how far rounding may set them apart: Odoo rounds each share
        """
        items, ledger, rounded = defaultdict(float), defaultdict(float), defaultdict(float)
        column = self.project.analytic_account_id.plan_id._column_name()
        by_account = {project.analytic_account_id: project for project in self.projects}
        for item in self.env["account.analytic.line"].search([(column, "!=", False)]):
            group = item.general_account_id.internal_group
            project = by_account.get(item[column])
            if group not in ("income", "expense") or not project:
                continue
            if item.company_id == project.company_id:
                items[project, group] += item.amount
        for line in self.env["account.move.line"].search([("parent_state", "=", "posted")]):
            group = line.account_id.internal_group
            if group in ("income", "expense"):
                for project, share in self._get_shares(line).items():
                    ledger[project, group] -= line.balance * share
                    rounded[project] += 0 if share == 1 else 0.01
        return items, ledger, rounded

    def _expect_open(self):
        sums = defaultdict(float)
        for order in self.env["sale.order"].search([("state", "=", "sale")]):
            rest, paid_down = defaultdict(float), defaultdict(float)
            for line in order.order_line:
                # what Odoo says is on posted invoices; of a down payment, what the ledger has of it
                part = line.product_uom_qty and (
                    1 - line.qty_invoiced_posted / line.product_uom_qty
                )
                bills = line.invoice_lines.filtered(
                    lambda one: one.is_downpayment and one.parent_state == "posted"
                )
                for project, share in self._get_shares(line).items():
                    sums[project, "amount_ordered"] += (
                        line.price_subtotal * share / order.currency_rate
                    )
                    rest[project] += line.price_subtotal * part * share
                    paid_down[project] -= share * sum(bills.mapped("amount_currency"))
            for project, amount in rest.items():
                if amount >= 0:
                    amount = max(amount - paid_down[project], 0)
                else:
                    amount -= paid_down[project]
                    amount = min(amount, 0)
                sums[project, "to_invoice"] += project.currency_id.round(
                    amount / order.currency_rate
                )
        for move in self._posted(("amount_residual", "!=", 0)):
            totals, everything = defaultdict(float), 0.0
            for line in move.invoice_line_ids:
                everything += line.price_total
                for project, share in self._get_shares(line).items():
                    totals[project] += line.price_total * share
            sign, name = (1, "to_pay_in") if move.move_type in SALES else (-1, "to_pay_out")
            for project, total in totals.items():
                if everything:
                    amount = sign * move.amount_residual_signed * total / everything
                    sums[project, name] += project.currency_id.round(amount)
        return sums

    def _compare(self):
        self.env.flush_all()
        self.env.invalidate_all()
        items, ledger, rounded = self._expect_booked()
        expected = self._expect_open()
        for project in self.projects:
            seen = project.with_user(self.users["bookkeeper"]).with_context(
                allowed_company_ids=(self.here + self.there).ids
            )
            revenue, cost = items[project, "income"], -items[project, "expense"]
            self.assertAlmostEqual(seen.revenue, revenue, 2)
            self.assertAlmostEqual(seen.cost, cost, 2)
            self.assertAlmostEqual(seen.margin, revenue - cost, 2)
            delta = rounded[project] + 0.005
            self.assertAlmostEqual(seen.revenue, ledger[project, "income"], delta=delta)
            self.assertAlmostEqual(seen.cost, -ledger[project, "expense"], delta=delta)
            # who sells has this figure alone
            ordered = seen.with_user(self.users["rep"]).amount_ordered
            self.assertAlmostEqual(ordered, expected[project, "amount_ordered"], delta=0.011)
            for name in ("to_invoice", "to_pay_in", "to_pay_out"):
                self.assertAlmostEqual(
                    seen[name], expected[project, name], delta=0.011, msg=(project.name, name)
                )

    def test_documents_at_random(self):
        say(f"The oracle of projects: SEED={SEED}")
        steps = (
            self._step_move, self._step_move, self._step_move, self._step_order,
            self._step_invoice, self._step_invoice, self._step_credit, self._step_pay,
            self._step_pay, self._step_change, self._step_entry, self._step_defer,
        )  # fmt: skip
        draw = random.Random(SEED)
        for number in range(80):
            self._enter(draw)
            draw.choice(steps)(draw)
            if number % 8 == 7:
                self._compare()
