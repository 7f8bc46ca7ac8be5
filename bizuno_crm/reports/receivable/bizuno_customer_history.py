from odoo import api, fields, models
from odoo.tools import SQL

from ...models.base.user_day import user_day_sql
from .bizuno_partner_history_mixin import ORDERS, TABLES


class BizunoCustomerHistory(models.Model):
    """What happened with a customer: quotations, orders, invoices, credit notes and payments.

    Orders are booked nowhere: they go with their contact, as in Odoo, because whoever it belongs to
    then gets the invoice.
    """

    _name = "bizuno.customer.history"
    _inherit = ["bizuno.partner.history.mixin"]
    _description = "Customer History"
    _auto = False
    _account_type = "asset_receivable"
    _move_types = ("out_invoice", "out_refund", "out_receipt")
    _kinds = ("invoice", "credit_memo")
    _payment_types = ("customer", "inbound")
    _depends = {
        "sale.order": [
            "amount_total", "client_order_ref", "company_id", "currency_id", "currency_rate",
            "date_order", "name", "partner_id", "state",
        ],
    }  # fmt: skip

    partner_id = fields.Many2one(string="Customer")
    kind = fields.Selection(
        selection=[
            ("quotation", "Quotation"),
            ("order", "Order"),
            ("invoice", "Invoice"),
            ("credit_memo", "Credit Note"),
            ("payment", "Payment"),
        ],
        readonly=True,
    )
    customer_reference = fields.Char(string="Customer PO")
    date = fields.Date(depends_context=("tz",))

    def _get_document(self):
        if self.kind in ("quotation", "order"):
            return self.env["sale.order"].browse(self.document_id)
        return super()._get_document()

    @api.model
    def _select_rows(self):
        return [self._select_orders(), *super()._select_rows()]

    @api.model
    def _select_orders(self):
        return SQL(
            """
            SELECT sale.id * %(tables)s + %(table)s AS id, customer.id AS partner_id,
                   customer.user_id, sale.company_id,
                   CASE sale.state WHEN 'sale' THEN 'order' ELSE 'quotation' END AS kind,
                   sale.id AS document_id, sale.name AS reference,
                   sale.client_order_ref AS customer_reference,
                   %(date)s AS date,
                   sale.currency_id, sale.amount_total, NULL::numeric AS amount_open,
                   (sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1))::float
                       AS amount_company,
                   NULL::date AS date_closed, NULL::integer AS payment_days
              FROM sale_order sale
              LEFT JOIN res_partner contact ON contact.id = sale.partner_id
              LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE sale.state <> 'cancel' AND %(narrowed)s
            """,
            tables=TABLES,
            table=ORDERS,
            # the day that the order's own page shows
            date=user_day_sql(self.env, SQL("sale.date_order")),
            narrowed=self._get_narrowed_sql(ORDERS, "sale", is_booked=False),
        )
