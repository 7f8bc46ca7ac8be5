from odoo import fields, models
from odoo.tools import SQL

from ..credit import order_left
from ..crm import project_lines
from ..crm.bizuno_project_row_mixin import BizunoProjectRowMixin

KINDS = [("order", "To Invoice"), ("sale", "Unpaid Invoices"), ("purchase", "Unpaid Bills")]
# What an order, an invoice and a bill have as id of their rows.
_ORDER, _MOVE = 0, 1


class BizunoProjectOpen(models.Model):
    """What is still open of the documents of projects, in company currency: one row per project and
    order that is not all invoiced (without taxes), or invoice or bill that is not all paid (with
    taxes, as it is to be paid).

    A document of several projects is shared among them as their lines have shares in it.
    """

    _name = "bizuno.project.open"
    _inherit = [BizunoProjectRowMixin._name]
    _description = "Open Amounts of Projects"
    _auto = False
    _rec_name = "document"
    _order = "date desc, id desc"
    _depends = {
        model: [*own, *(name for name in order_left.SOURCES.get(model, ()) if name not in own)]
        for model, own in {
            "account.move": [
                "amount_residual_signed", "date", "invoice_date_due", "move_type", "name",
                "partner_id", "state",
            ],
            "account.move.line": [
                "analytic_distribution", "company_id", "display_type", "move_id", "parent_state",
                "price_total",
            ],
            "bizuno.project": [
                "analytic_account_id", "company_id", "partner_id", "user_id", "working_user_id",
            ],
            "res.company": ["currency_id", "parent_path"],
            "res.partner": [],
            "sale.order": ["currency_rate", "date_order", "name", "partner_id", "state"],
            "sale.order.line": ["analytic_distribution", "company_id", "order_id", "state"],
            "uom.uom": [],
        }.items()
    }  # fmt: skip

    kind = fields.Selection(selection=KINDS, string="Open Amounts", readonly=True)
    document = fields.Char(string="Number", readonly=True)
    document_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", readonly=True
    )
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice or Bill", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    to_invoice = fields.Monetary(readonly=True)
    to_pay_in = fields.Monetary(string="Unpaid Invoices", readonly=True)
    to_pay_out = fields.Monetary(string="Unpaid Bills", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.kind, row.document, row.document_partner_id, row.order_id,
                   row.move_id, row.date, row.date_due,
                   CASE row.kind WHEN 'order' THEN ROUND(row.amount, currency.decimal_places)
                        ELSE 0 END AS to_invoice,
                   CASE row.kind WHEN 'sale' THEN ROUND(row.amount, currency.decimal_places)
                        ELSE 0 END AS to_pay_in,
                   CASE row.kind WHEN 'purchase' THEN ROUND(row.amount, currency.decimal_places)
                        ELSE 0 END AS to_pay_out,
                   row.project_id, project.partner_id, project.user_id, project.working_user_id,
                   project.company_id, company.currency_id
              FROM (%(orders)s UNION ALL %(moves)s) row
              JOIN bizuno_project project ON project.id = row.project_id
              JOIN res_company company ON company.id = project.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
             WHERE ROUND(row.amount, currency.decimal_places) <> 0
            """,
            orders=self._select_orders(),
            moves=self._select_moves(),
        )

    def _select_orders(self):
        # By quantity, line by line. More paid down than is left is nothing to invoice; of a return,
        # less than nothing.
        return SQL(
            """
            SELECT (share.project_id::bigint * 2 + %(order)s) * 2147483648 + sale.id AS id,
                   'order' AS kind, sale.name AS document, sale.partner_id AS document_partner_id,
                   sale.id AS order_id, NULL::integer AS move_id, sale.date_order::date AS date,
                   NULL::date AS date_due, share.project_id,
                   CASE WHEN share.rest < 0 THEN LEAST(share.rest - share.paid_down, 0)
                        ELSE GREATEST(share.rest - share.paid_down, 0) END
                        / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric AS amount
              FROM (SELECT project.id AS project_id, line.order_id,
                           SUM((%(rest)s)::numeric * part.share) AS rest,
                           SUM(COALESCE(billed.paid_down_untaxed, 0)::numeric * part.share)
                               AS paid_down
                      FROM bizuno_project project
                      JOIN sale_order_line line ON %(on_project)s
                      JOIN sale_order sale ON sale.id = line.order_id
                      JOIN LATERAL (%(part)s) part ON TRUE
                      LEFT JOIN LATERAL (%(billed)s) billed ON TRUE
                     WHERE line.state = 'sale' AND line.display_type IS NULL
                     GROUP BY project.id, line.order_id) share
              JOIN sale_order sale ON sale.id = share.order_id
            """,
            order=_ORDER,
            on_project=project_lines.ON_PROJECT,
            part=project_lines.share_sql(),
            rest=order_left.left_sql(SQL("line.price_subtotal")),
            billed=order_left.billed_sql(self.env),
        )

    def _select_moves(self):
        return SQL(
            """
            SELECT (project.project_id::bigint * 2 + %(move)s) * 2147483648 + move.id AS id,
                   CASE WHEN move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                        THEN 'sale' ELSE 'purchase' END AS kind,
                   move.name AS document, move.partner_id AS document_partner_id,
                   NULL::integer AS order_id, move.id AS move_id, move.date,
                   move.invoice_date_due AS date_due, project.project_id,
                   CASE WHEN move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                        THEN move.amount_residual_signed ELSE -move.amount_residual_signed END
                        * share.total / NULLIF(share.whole, 0) AS amount
              FROM (SELECT DISTINCT project.id AS project_id, project.analytic_account_id,
                           line.move_id
                      FROM bizuno_project project
                      JOIN account_move_line line ON %(on_project)s
                     WHERE line.display_type = 'product' AND line.parent_state = 'posted') project
              -- by their ids: all that are unpaid would be too many for a list of some projects
              JOIN LATERAL (
                    SELECT * FROM account_move
                     WHERE id = project.move_id AND amount_residual_signed <> 0
                       AND move_type <> 'entry'
                     LIMIT 1
                   ) move ON TRUE
              -- only of those few
              JOIN LATERAL (
                    SELECT SUM(line.price_total * part.share) AS total,
                           SUM(line.price_total) AS whole
                      FROM account_move_line line
                      JOIN LATERAL (%(part)s) part ON TRUE
                     WHERE line.move_id = move.id AND line.display_type = 'product'
                   ) share ON TRUE
            """,
            move=_MOVE,
            on_project=project_lines.ON_PROJECT,
            part=project_lines.share_sql(),
        )

    def _get_document(self):
        return self.order_id or self.move_id
