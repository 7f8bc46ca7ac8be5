from odoo import api, fields, models
from odoo.tools import SQL

# Ids of three tables in one: each kind has its own remainder.
_KINDS = 3


class BizunoCustomerHistory(models.Model):
    """What happened with a customer: quotations, orders, invoices, credit memos and payments, each
    in the currency of the document; `amount_company` is the company's."""

    _name = "bizuno.customer.history"
    _inherit = ["bizuno.document.row.mixin"]
    _description = "Customer History"
    _auto = False
    _rec_name = "reference"
    _order = "date desc, id desc"
    _depends = {
        "sale.order": [
            "amount_total", "client_order_ref", "company_id", "currency_id", "currency_rate",
            "date_order", "name", "partner_id", "state",
        ],
        "account.move": [
            "amount_residual", "amount_total", "amount_total_signed", "company_id", "currency_id",
            "date", "invoice_date", "invoice_date_due", "move_type", "name", "partner_id", "ref",
            "state",
        ],
        "account.move.line": ["amount_residual_currency", "display_type", "move_id"],
        "account.payment": [
            "amount", "company_id", "currency_id", "date", "memo", "move_id", "name", "partner_id",
            "partner_type", "payment_type", "state",
        ],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id", "max_date"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }  # fmt: skip

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # the document
    kind = fields.Selection(
        selection=[
            ("quotation", "Quotation"),
            ("order", "Order"),
            ("invoice", "Invoice"),
            ("credit_memo", "Credit Memo"),
            ("payment", "Payment"),
        ],
        readonly=True,
    )
    document_id = fields.Integer(readonly=True, aggregator=None)
    reference = fields.Char(string="Number", readonly=True)
    customer_reference = fields.Char(string="Customer PO", readonly=True)
    date = fields.Date(readonly=True)

    # amounts
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True, aggregator=None)
    amount_open = fields.Monetary(string="Open Balance", readonly=True, aggregator=None)
    amount_company = fields.Float(string="Total in Company Currency", readonly=True)

    # how it ended
    date_closed = fields.Date(string="Paid On", readonly=True)
    payment_days = fields.Integer(
        string="Days Late",
        readonly=True,
        aggregator="avg",
        help="From the due date to the payment; less than zero is early.",
    )

    @property
    def _table_query(self):
        return SQL(
            "(%s) UNION ALL (%s) UNION ALL (%s)",
            self._select_orders(),
            self._select_invoices(),
            self._select_payments(),
        )

    def _get_document(self):
        models_by_kind = {
            "quotation": "sale.order", "order": "sale.order", "payment": "account.payment",
        }  # fmt: skip
        return self.env[models_by_kind.get(self.kind, "account.move")].browse(self.document_id)

    @api.model
    def _select_orders(self):
        return SQL(
            """
            SELECT sale.id * %s AS id, customer.id AS partner_id, customer.user_id, sale.company_id,
                   CASE sale.state WHEN 'sale' THEN 'order' ELSE 'quotation' END AS kind,
                   sale.id AS document_id, sale.name AS reference,
                   sale.client_order_ref AS customer_reference, sale.date_order::date AS date,
                   sale.currency_id, sale.amount_total, NULL::numeric AS amount_open,
                   (sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1))::float
                       AS amount_company,
                   NULL::date AS date_closed, NULL::integer AS payment_days
              FROM sale_order sale
              JOIN res_partner contact ON contact.id = sale.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE sale.state <> 'cancel'
            """,
            _KINDS,
        )

    @api.model
    def _select_invoices(self):
        paid_on = SQL(
            """
            (
                SELECT MAX(partial.max_date)
                  FROM account_move_line line
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = line.id OR partial.credit_move_id = line.id
                 WHERE line.move_id = move.id AND line.display_type = 'payment_term'
                   AND move.amount_residual = 0
            )
            """
        )
        sign = SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END")
        return SQL(
            """
            SELECT move.id * %(kinds)s + 1, customer.id, customer.user_id, move.company_id,
                   CASE move.move_type WHEN 'out_refund' THEN 'credit_memo' ELSE 'invoice' END,
                   move.id, move.name, move.ref, COALESCE(move.invoice_date, move.date),
                   move.currency_id, move.amount_total * %(sign)s, move.amount_residual * %(sign)s,
                   move.amount_total_signed::float, %(paid_on)s,
                   CASE move.move_type WHEN 'out_refund' THEN NULL
                       ELSE %(paid_on)s - move.invoice_date_due END
              FROM account_move move
              JOIN res_partner contact ON contact.id = move.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.state = 'posted'
            """,
            kinds=_KINDS,
            sign=sign,
            paid_on=paid_on,
        )

    @api.model
    def _select_payments(self):
        aged = self.env["bizuno.aged.receivable"]
        return SQL(
            """
            SELECT payment.id * %(kinds)s + 2, customer.id, customer.user_id, payment.company_id,
                   'payment', payment.id, payment.name, payment.memo, payment.date,
                   payment.currency_id, payment.amount * %(sign)s,
                   (
                       SELECT -SUM(line.amount_residual_currency)
                         FROM account_move_line line
                        WHERE line.move_id = payment.move_id AND line.account_id = ANY(%(accounts)s)
                   ),
                   NULL::float, NULL::date, NULL::integer
              FROM account_payment payment
              JOIN res_partner contact ON contact.id = payment.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE payment.partner_type = 'customer' AND payment.state IN ('in_process', 'paid')
            """,
            kinds=_KINDS,
            sign=SQL("CASE payment.payment_type WHEN 'outbound' THEN -1 ELSE 1 END"),
            accounts=aged._get_ids_sql(aged._get_receivable_accounts()),
        )
