from odoo import fields, models
from odoo.tools import SQL


class BizunoRepSales(models.Model):
    """What each sales rep invoiced and what of it is paid, in company currency and without taxes;
    credit memos are negative. The commission is the rate of the rep's user on either, as the
    company chooses."""

    _name = "bizuno.rep.sales"
    _inherit = ["bizuno.document.row.mixin"]
    _description = "Sales by Rep"
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": [
            "amount_residual", "amount_total", "amount_untaxed_signed", "commercial_partner_id",
            "company_id", "date", "invoice_date", "invoice_user_id", "move_type", "state",
        ],
        "res.company": ["commission_basis", "currency_id"],
        "res.users": ["commission_rate"],
    }  # fmt: skip

    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    date = fields.Date(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_invoiced = fields.Monetary(string="Invoiced", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid", readonly=True, help="The paid part of the untaxed amount."
    )
    commission_rate = fields.Float(
        string="Commission (%)", digits=(5, 2), readonly=True, aggregator="avg"
    )
    commission = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        paid = SQL(
            "move.amount_untaxed_signed * CASE WHEN move.amount_total = 0 THEN 1"
            " ELSE 1 - move.amount_residual / move.amount_total END"
        )
        return SQL(
            """
            SELECT move.id, move.id AS move_id, move.invoice_user_id AS user_id,
                   move.commercial_partner_id AS partner_id, move.company_id,
                   COALESCE(move.invoice_date, move.date) AS date, company.currency_id,
                   move.amount_untaxed_signed AS amount_invoiced,
                   ROUND(%(paid)s, currency.decimal_places) AS amount_paid,
                   COALESCE(rep.commission_rate, 0) AS commission_rate,
                   ROUND(
                       COALESCE(rep.commission_rate, 0)::numeric / 100
                           * CASE company.commission_basis
                                 WHEN 'paid' THEN %(paid)s
                                 ELSE move.amount_untaxed_signed END,
                       currency.decimal_places
                   ) AS commission
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN res_users rep ON rep.id = move.invoice_user_id
             WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.state = 'posted'
            """,
            paid=paid,
        )
