from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..crm import project_lines
from ..crm.bizuno_project_row_mixin import BizunoProjectRowMixin
from .bizuno_group_order_mixin import BizunoGroupOrderMixin

KINDS = [("revenue", "Revenue"), ("cost", "Cost")]
# Apart from each other whichever plan a row comes from: an item may be on two projects, each with
# its account in another plan.
_PLANS = 1000
# What a row has of its project, under the same names.
_OF_PROJECT = ("company_id", "market_id", "partner_id", "stage_id", "user_id", "working_user_id")


class BizunoProjectProfit(models.Model):
    """What was earned and spent for projects: one row per analytic item on a project's account, in
    company currency.

    Revenue is what is booked on income accounts, cost what is booked on expense accounts or, as
    Odoo does with time, on none. What is booked on other accounts (a deferral, a down payment that
    is a liability) is neither until it is moved to one of these, as in the ledger. What another
    company has booked on an account that belongs to none is not the project's.
    """

    _name = "bizuno.project.profit"
    _inherit = [BizunoProjectRowMixin._name, BizunoGroupOrderMixin._name]
    _description = "Profit and Loss of Projects"
    _auto = False
    _rec_name = "name"
    _order = "date desc, id desc"
    _depends = {
        "account.account": ["account_type"],
        "account.analytic.account": ["plan_id", "root_plan_id"],
        "account.analytic.line": [
            "amount", "company_id", "date", "general_account_id", "move_line_id", "name",
            "partner_id", "product_id",
        ],
        "account.move.line": ["move_id"],
        "bizuno.project": [
            "analytic_account_id", "company_id", "market_id", "oem_id", "outcome", "partner_id",
            "stage_id", "user_id", "working_user_id",
        ],
        "res.company": ["currency_id", "parent_path"],
    }  # fmt: skip

    name = fields.Char(string="Description", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(selection=KINDS, string="Revenue or Cost", readonly=True)
    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    item_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Invoiced or Billed", readonly=True
    )
    move_id = fields.Many2one(comodel_name="account.move", string="Document", readonly=True)
    analytic_line_id = fields.Many2one(
        comodel_name="account.analytic.line", string="Analytic Item", readonly=True
    )
    market_id = fields.Many2one(comodel_name="bizuno.market", readonly=True)
    stage_id = fields.Many2one(comodel_name="bizuno.project.stage", readonly=True)

    @property
    def _table_query(self):
        # A plan is a column of the analytic items. Those without accounts of projects, mostly all
        # but one, are not looked at: PostgreSQL sums up a single select sooner than a union.
        project_plan, other_plans = self.env["account.analytic.plan"]._get_all_plans()
        plans = project_plan + other_plans
        used = self._find_plan_ids()
        return SQL(" UNION ALL ").join(
            self._select_of_plan(number, plan)
            for number, plan in enumerate(plans)
            if plan.id in used or (plan == plans[:1] and not used & set(plans.ids))
        )

    def _find_plan_ids(self):
        """:return: set of the ids of the plans in which projects have their accounts"""
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT account.root_plan_id
              FROM bizuno_project project
              JOIN account_analytic_account account ON account.id = project.analytic_account_id
            """,
            to_flush=(
                self.env["bizuno.project"]._fields["analytic_account_id"],
                self.env["account.analytic.account"]._fields["root_plan_id"],
            ),
        ))  # fmt: skip
        return {plan_id for (plan_id,) in rows}

    def _select_of_plan(self, number, plan):
        column = plan._strict_column_name()
        return SQL(
            """
            SELECT item.id::bigint * %(plans)s + %(number)s AS id, item.id AS analytic_line_id,
                   item.name, item.date, item.general_account_id AS account_id, item.product_id,
                   item.partner_id AS item_partner_id, line.move_id,
                   CASE WHEN account.is_income THEN 'revenue' ELSE 'cost' END AS kind,
                   CASE WHEN account.is_income THEN item.amount ELSE 0 END AS revenue,
                   CASE WHEN account.is_income THEN 0 ELSE -item.amount END AS cost,
                   item.amount AS margin, project.id AS project_id, project.partner_id,
                   project.user_id, project.working_user_id, project.market_id, project.stage_id,
                   project.company_id, company.currency_id
              FROM bizuno_project project
              -- each has one: left out by PostgreSQL where nobody asks for the currency
              LEFT JOIN res_company company ON company.id = project.company_id
              JOIN account_analytic_line item ON item.%(column)s = project.analytic_account_id
              -- told of each account once, not of each item
              LEFT JOIN (
                    SELECT id, account_type IN ('income', 'income_other') AS is_income
                      FROM account_account
                     WHERE account_type IN (
                           'income', 'income_other', 'expense', 'expense_other',
                           'expense_depreciation', 'expense_direct_cost')
                   ) account ON account.id = item.general_account_id
              LEFT JOIN account_move_line line ON line.id = item.move_line_id
             WHERE (item.general_account_id IS NULL OR account.id IS NOT NULL)
               AND %(is_of_company)s
            """,
            plans=_PLANS,
            number=number,
            is_of_company=project_lines.is_of_company_sql(SQL("item.company_id")),
            column=SQL.identifier(
                column, to_flush=self.env["account.analytic.line"]._fields[column]
            ),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        # A row is either revenue or cost: one addition for each instead of three.
        name, _colon, function = aggregate_spec.partition(":")
        if function != "sum" or name not in ("revenue", "cost", "margin"):
            return super()._read_group_select(aggregate_spec, query)
        amount, kind = (
            self._field_to_sql(self._table, field, query) for field in ("margin", "kind")
        )
        sums = {
            "revenue": SQL("COALESCE(SUM(%s) FILTER (WHERE %s = 'revenue'), 0)", amount, kind),
            "cost": SQL("COALESCE(-SUM(%s) FILTER (WHERE %s = 'cost'), 0)", amount, kind),
        }
        # PostgreSQL works out the same sum only once
        return sums.get(name) or SQL("(%(revenue)s - %(cost)s)", **sums)

    @api.model
    def _get_project_rule(self):
        """:return: the domain of the projects whose rows the record rules leave to the user; rules
        that tell rows of one project apart leave it in"""
        rule = Domain(self.env["ir.rule"]._compute_domain(self._name, "read"))
        return rule.map_conditions(
            lambda condition: (
                condition if condition.field_expr.split(".")[0] in _OF_PROJECT else Domain.TRUE
            )
        )

    def _get_document(self):
        return self.move_id or self.analytic_line_id
