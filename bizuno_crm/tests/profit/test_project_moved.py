from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_profit import ProfitCommon


@tagged("post_install", "-at_install")
class TestProjectMoved(ProfitCommon):
    """What Assign Past Documents says that it moves is what the project has afterwards, and what
    goes along when the project changes again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.bookkeeper.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.accounts = {
            kind: cls.env["account.account"].create(
                {"name": kind, "code": f"MV{number}", "account_type": kind}
            )
            for number, kind in enumerate(
                ("income_other", "expense_direct_cost", "asset_current", "liability_current")
            )
        }

    def _create_posted(self, move_type, *lines, **values):
        move = self._move(None, move_type, **values)
        move.invoice_line_ids = [Command.clear()] + [
            Command.create({"name": "Work", "tax_ids": False, **line}) for line in lines
        ]
        move.action_post()
        return move

    def _assign(self, *moves):
        """:return: what the page says that it moves"""
        action = self.project.with_user(self.bookkeeper).action_assign_documents()
        wizard = self.env[action["res_model"]].with_user(self.bookkeeper).browse(action["res_id"])
        lines = wizard.line_ids + wizard.bill_line_ids
        lines.selected = False
        lines.filtered(lambda line: line.move_id in self.env["account.move"].union(*moves)).write(
            {"selected": True}
        )
        self.assertEqual(wizard.count_selected, len(moves))
        said = (wizard.revenue_selected, wizard.cost_selected)
        wizard.action_assign()
        return said

    def _get_figures(self, project=None):
        project = (project or self.project).with_user(self.bookkeeper)
        project.invalidate_recordset()
        return (project.revenue, project.cost)

    def _create_term(self, computation):
        return self.env["account.payment.term"].create({
            "name": computation, "early_discount": True, "discount_percentage": 4,
            "discount_days": 14, "early_pay_discount_computation": computation,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
        })  # fmt: skip

    def test_a_tax_that_is_cost(self):
        tax = self.env["account.tax"].create(
            {"name": "Half of it", "amount": 15, "type_tax_use": "purchase"}
        )
        self.assertFalse(tax.invoice_repartition_line_ids.account_id)
        bill = self._create_posted(
            "in_invoice",
            {"price_unit": 300.0, "tax_ids": [Command.set(tax.ids)]},
            {"price_unit": 80.0},
        )
        self.assertEqual(self._assign(bill), (0.0, 425.0))
        self.assertEqual(self._get_figures(), (0.0, 425.0))

    def test_a_tax_that_is_reclaimed_is_none(self):
        bill = self._create_posted(
            "in_invoice",
            {"price_unit": 300.0, "tax_ids": [Command.set(self.tax_purchase_a.ids)]},
        )
        self.assertEqual(self._assign(bill), (0.0, 300.0))
        self.assertEqual(self._get_figures(), (0.0, 300.0))

    def test_what_is_on_the_balance_sheet_is_neither(self):
        bill = self._create_posted(
            "in_invoice",
            {"price_unit": 700.0, "account_id": self.accounts["asset_current"].id},
            {"price_unit": 12.0, "account_id": self.accounts["expense_direct_cost"].id},
        )
        invoice = self._create_posted(
            "out_invoice",
            {"price_unit": 450.0, "account_id": self.accounts["liability_current"].id},
            {"price_unit": 33.0, "account_id": self.accounts["income_other"].id},
            # passed on to the customer
            {"price_unit": 9.0, "account_id": self.accounts["expense_direct_cost"].id},
        )
        self.assertEqual(self._assign(bill, invoice), (33.0, 3.0))
        self.assertEqual(self._get_figures(), (33.0, 3.0))

    def test_discounts_of_who_pays_early(self):
        for computation, share in (("included", 1.0), ("excluded", 1.0), ("mixed", 0.96)):
            with self.subTest(computation=computation):
                self.project = self.project.copy({"analytic_account_id": False})
                values = {"invoice_payment_term_id": self._create_term(computation).id}
                taxed = {"price_unit": 250.0, "tax_ids": [Command.set(self.tax_sale_a.ids)]}
                invoice = self._create_posted("out_invoice", taxed, taxed, **values)
                bill = self._create_posted(
                    "in_invoice",
                    {"price_unit": 50.0, "tax_ids": [Command.set(self.tax_purchase_a.ids)]},
                    **values,
                )
                expected = (round(500.0 * share, 2), round(50.0 * share, 2))
                self.assertEqual(self._assign(invoice, bill), expected)
                self.assertEqual(self._get_figures(), expected)

    def test_discounts_that_are_booked_apart(self):
        company = self.env.company
        company.account_discount_expense_allocation_id = self.accounts["expense_direct_cost"]
        company.account_discount_income_allocation_id = self.accounts["income_other"]
        invoice = self._create_posted(
            "out_invoice", {"price_unit": 200.0, "discount": 25.0}, {"price_unit": 60.0}
        )
        self.assertEqual(len(invoice.line_ids.filtered(lambda one: one.display_type == "discount")),
                         2)  # fmt: skip
        self.assertEqual(self._assign(invoice), (260.0, 50.0))
        self.assertEqual(self._get_figures(), (260.0, 50.0))
        # and again, all of it
        self.second._ensure_analytic_account()
        invoice.bizuno_project_id = self.second
        self.assertEqual(self._get_figures(), (0.0, 0.0))
        self.assertEqual(self._get_figures(self.second), (260.0, 50.0))
        invoice.bizuno_project_id = False
        self.assertEqual(self._get_figures(self.second), (0.0, 0.0))

    def test_in_another_currency_credit_notes_and_drafts(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.5)])
        invoice = self._create_posted("out_invoice", {"price_unit": 250.0}, currency_id=euro.id)
        refund = self._create_posted("out_refund", {"price_unit": 30.0})
        bill = self._create_posted("in_refund", {"price_unit": 8.0})
        draft = self._move(None, "out_invoice", 77.0)
        self.assertEqual(self._assign(invoice, refund, bill, draft), (70.0, -8.0))
        self.assertEqual(self._get_figures(), (70.0, -8.0))

    def test_a_line_that_is_split_among_accounts_of_the_plan_stays(self):
        # of a project that was deleted, for example
        plan = self.project._ensure_analytic_account().plan_id
        other = self.env["account.analytic.account"].create({"name": "Gone", "plan_id": plan.id})
        bill = self._create_posted(
            "in_invoice",
            {"price_unit": 41.0},
            {"price_unit": 17.0, "analytic_distribution": {str(other.id): 100.0}},
        )
        self.assertEqual(self._assign(bill), (0.0, 41.0))
        self.assertEqual(self._get_figures(), (0.0, 41.0))

    def test_a_private_part_stays_with_the_project(self):
        # Odoo takes it off the account without a distribution, so that no analytic account has it.
        journal = self.company_data["default_journal_purchase"]
        journal.non_deductible_account_id = self.accounts["liability_current"]
        bill = self._create_posted("in_invoice", {"price_unit": 210.0, "deductible_amount": 60.0})
        expense = bill.invoice_line_ids.account_id
        own = bill.line_ids.filtered(lambda line: line.account_id == expense)
        self.assertEqual(sorted(own.mapped("balance")), [-84.0, 210.0])
        self.assertEqual(self._assign(bill), (0.0, 210.0))
        self.assertEqual(self._get_figures(), (0.0, 210.0))

    def test_each_lock_date_refuses(self):
        company = self.env.company
        bill = self._create_posted("in_invoice", {"price_unit": 60.0})
        invoice = self._create_posted("out_invoice", {"price_unit": 90.0})
        project = self.project.with_user(self.bookkeeper)
        for name, refused in (
            ("fiscalyear_lock_date", bill + invoice),
            ("purchase_lock_date", bill),
            ("sale_lock_date", invoice),
            ("hard_lock_date", bill + invoice),
        ):
            with self.subTest(lock_date=name):
                company.sudo()[name] = "2025-03-31"
                for move in bill + invoice:
                    for document in (move, move.invoice_line_ids):
                        document = document.with_user(self.bookkeeper)
                        if move in refused:
                            # not by assertRaisesRegex, which rolls nothing back
                            with self.assertRaises(UserError) as refusal:
                                document.bizuno_project_id = project
                            self.assertIn("03/31/2025", str(refusal.exception))
                        else:
                            document.bizuno_project_id = project
                            document.bizuno_project_id = False
                if name != "hard_lock_date":  # that one is for ever
                    company.sudo()[name] = False
        self.assertFalse(bill.bizuno_project_id + invoice.bizuno_project_id)
        self.assertEqual(self._get_figures(), (0.0, 0.0))

    def test_who_has_an_exception_from_the_lock_date(self):
        bill = self._create_posted("in_invoice", {"price_unit": 60.0})
        accountant = self.users["accountant"]
        self.env.company.sudo().fiscalyear_lock_date = "2025-03-31"
        self.env["account.lock_exception"].sudo().create({
            "company_id": self.env.company.id, "user_id": accountant.id, "reason": "Audit",
            "fiscalyear_lock_date": False,
        })  # fmt: skip
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            bill.with_user(self.bookkeeper).bizuno_project_id = self.project
        bill.with_user(accountant).bizuno_project_id = self.project
        self.assertEqual(self._get_figures(), (0.0, 60.0))
