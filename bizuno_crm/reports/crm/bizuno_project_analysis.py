from odoo import fields, models
from odoo.tools import SQL

from ...models.base.user_day import user_day_sql
from ...models.crm.bizuno_project_stage import OUTCOMES
from . import project_lines
from .bizuno_project_row_mixin import BizunoProjectRowMixin

# Those who see every order: others would take their share for the whole.
AMOUNT_READERS = "sales_team.group_sale_salesman_all_leads,bizuno_crm.group_receivable_read"


class BizunoProjectAnalysis(models.Model):
    """One row per project: what was expected of it, and what became of it, in company currency and
    without taxes. Ordered and invoiced is what the lines of orders have on it, whatever project the
    order is on."""

    _name = "bizuno.project.analysis"
    _inherit = [BizunoProjectRowMixin._name]
    _description = "Pipeline Analysis"
    _auto = False
    _rec_name = "project_id"
    _order = "id desc"
    _depends = {
        "bizuno.project": [
            "active", "analytic_account_id", "company_id", "create_date", "date_closed",
            "date_expected", "expected_revenue", "market_id", "outcome", "partner_id",
            "probability", "stage_id", "user_id", "weighted_revenue", "working_user_id",
        ],
        "res.company": ["currency_id", "parent_path"],
        "sale.order": ["currency_rate"],
        "sale.order.line": [
            "analytic_distribution", "company_id", "order_id", "price_subtotal", "state",
            "untaxed_amount_invoiced",
        ],
    }  # fmt: skip

    market_id = fields.Many2one(comodel_name="bizuno.market", readonly=True)
    stage_id = fields.Many2one(comodel_name="bizuno.project.stage", readonly=True)
    is_closed = fields.Boolean(string="Closed", readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    date_created = fields.Date(string="Created", readonly=True)
    date_expected = fields.Date(string="Expected Closing", readonly=True)
    date_closed = fields.Date(string="Closed On", readonly=True)
    expected_revenue = fields.Monetary(readonly=True)
    weighted_revenue = fields.Monetary(readonly=True)
    days_to_close = fields.Float(
        string="Days to Close",
        readonly=True,
        aggregator="avg",
        digits=(16, 0),
        help="Days from creation to closing.",
    )
    win_rate = fields.Float(
        string="Win Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="The share of closed projects that were won.",
    )
    amount_ordered = fields.Monetary(string="Ordered", readonly=True, groups=AMOUNT_READERS)
    amount_invoiced = fields.Monetary(
        # what was invoiced without an order is on the project alone
        string="Invoiced from Orders",
        readonly=True,
        groups=AMOUNT_READERS,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT project.id, project.id AS project_id, project.partner_id, project.user_id,
                   project.working_user_id, project.market_id, project.stage_id,
                   project.is_closed, project.outcome, project.company_id, company.currency_id,
                   %(created)s AS date_created, project.date_expected,
                   project.date_closed, project.expected_revenue, project.weighted_revenue,
                   CASE WHEN project.is_closed
                        THEN GREATEST(project.date_closed - %(created)s, 0)
                        END AS days_to_close,
                   CASE project.outcome WHEN 'won' THEN 100
                        WHEN 'no_opportunity' THEN 0 END AS win_rate,
                   ROUND(COALESCE(sold.ordered, 0), currency.decimal_places) AS amount_ordered,
                   ROUND(COALESCE(sold.invoiced, 0), currency.decimal_places) AS amount_invoiced
              FROM bizuno_project project
              JOIN res_company company ON company.id = project.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN LATERAL (
                    SELECT SUM(line.price_subtotal * part.share / %(rate)s) AS ordered,
                           SUM(line.untaxed_amount_invoiced * part.share / %(rate)s) AS invoiced
                      FROM sale_order_line line
                      JOIN sale_order sale ON sale.id = line.order_id
                      JOIN LATERAL (%(part)s) part ON TRUE
                     WHERE %(on_project)s AND line.state = 'sale'
                   ) sold ON TRUE
             WHERE project.active
            """,
            # closed is a day of the user's, too
            created=user_day_sql(self.env, SQL("project.create_date")),
            on_project=project_lines.ON_PROJECT,
            part=project_lines.share_sql(),
            rate=SQL("COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric"),
        )

    def _get_document(self):
        return self.project_id
