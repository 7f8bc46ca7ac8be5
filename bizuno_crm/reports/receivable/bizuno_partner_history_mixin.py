from odoo import api, fields, models
from odoo.tools import SQL

from ...models.base.withhold import withhold
from .open_lines import accounts_sql

# Ids of three tables in one: each table has its own remainder.
TABLES = 3
ORDERS, _INVOICES, _PAYMENTS = range(TABLES)


class BizunoPartnerHistoryMixin(models.AbstractModel):
    """What happened with a partner on one side of the ledger: invoices, credit notes and payments,
    each in the currency of the document; `amount_company` is the company's.

    They stay with the account they were booked on, also when their contact moves to another
    company. What is matched with a draft is open: a draft is nothing yet.
    """

    _name = "bizuno.partner.history.mixin"
    _inherit = ["bizuno.document.row.mixin"]
    _description = "History of a Partner"
    # the accounts; the `move_type` of an invoice, a credit note and a receipt, and the first two's
    # `kind`; of payments, the `partner_type` and the `payment_type` that is no refund
    _account_type = None
    _move_types = ()
    _kinds = ()
    _payment_types = ()
    _rec_name = "reference"
    _order = "date desc, id desc"
    _row_narrowing = ("partner_id", "id")
    _depends = {
        "account.move": [
            "amount_residual", "amount_total", "amount_total_signed", "commercial_partner_id",
            "company_id", "currency_id", "date", "invoice_date", "invoice_date_due", "move_type",
            "name", "ref", "state",
        ],
        "account.move.line": [
            "account_id", "amount_residual_currency", "display_type", "journal_id", "move_id",
            "parent_state", "partner_id",
        ],
        "account.payment": [
            "amount", "company_id", "currency_id", "date", "move_id", "name", "partner_id",
            "partner_type", "payment_type", "state",
        ],
        "account.partial.reconcile": [
            "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
            "max_date",
        ],
        "account.journal": ["type"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }  # fmt: skip

    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    # the document; `kind` says what it is
    document_id = fields.Integer(readonly=True, aggregator=None)
    reference = fields.Char(string="Number", readonly=True)
    customer_reference = fields.Char(readonly=True)
    date = fields.Date(readonly=True)

    # amounts
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True, aggregator=None)
    amount_open = fields.Monetary(string="Balance", readonly=True, aggregator=None)
    amount_company = fields.Float(string="Total in Company Currency", readonly=True)

    # how it ended
    date_closed = fields.Date(
        string="Paid On",
        readonly=True,
        help="The date of the last payment once paid in full; empty if only a credit note, a "
        "write-off or another entry closed it.",
    )
    payment_days = fields.Integer(
        string="Days Late",
        readonly=True,
        aggregator="avg",
        help="Days from the due date to the payment; a negative number means early.",
    )

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(SQL("(%s)", rows) for rows in self._select_rows())

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("document_id",))

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if limit is None:
            return super().search_fetch(domain, field_names, offset, limit, order)
        # What is open of a document and when it was paid is looked up for those that are shown.
        rows = super().search_fetch(domain, [], offset, limit, order)
        rows.fetch(field_names)
        return rows

    def _get_document(self):
        model = "account.payment" if self.kind == "payment" else "account.move"
        return self.env[model].browse(self.document_id)

    @api.model
    def _select_rows(self):
        """Outer joins: PostgreSQL drops those whose columns a query does not ask for, and the rows
        of a page are found among all documents by their dates alone.

        :return: a list of SQL, the tables one after the other"""
        return [
            self._select_invoices(),
            self._select_payments(),
            self._select_payments_without_entry(),
        ]

    @api.model
    def _get_narrowed_sql(self, table, alias, is_booked):
        """What alone is wanted of a table, for its WHERE: PostgreSQL does not get that far down by
        itself, because it would have to look through a union, and through ids that are computed.

        :param int table: its remainder in the ids
        :param alias: the name of the table in the query
        :param is_booked: it is an `account.move`: the partner's are found by its journal items,
            which have an index that Odoo's `commercial_partner_id` has not
        """
        where = []
        if (row_ids := self._get_narrowing("id")) is not None:
            ids = tuple(row // TABLES for row in row_ids if row % TABLES == table)
            where.append(SQL("%s IN %s", SQL.identifier(alias, "id"), ids or (0,)))
        if (partner_ids := self._get_narrowing("partner_id")) is not None:
            contacts = SQL(
                "(SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
                partner_ids or (0,),
            )
            if is_booked:
                where.append(
                    SQL(
                        "move.id IN (SELECT move_id FROM account_move_line WHERE partner_id IN %s)",
                        contacts,
                    )
                )
            else:
                where.append(SQL("%s IN %s", SQL.identifier(alias, "partner_id"), contacts))
        return SQL(" AND ").join(where) if where else SQL("TRUE")

    @api.model
    def _get_matches_sql(self, lines):
        """What some journal items are matched with, as a FROM item `matched`: the other item
        (`other_id`), the amount in the currency of the first, the date of the match.

        :param lines: the condition on `line`, the journal item
        """
        return SQL(
            """
            (
                SELECT partial.credit_move_id AS other_id, partial.debit_amount_currency AS amount,
                       partial.max_date
                  FROM account_move_line line
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                 WHERE %(lines)s
                 UNION ALL
                SELECT partial.debit_move_id, partial.credit_amount_currency, partial.max_date
                  FROM account_move_line line
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = line.id
                 WHERE %(lines)s
            ) matched
            """,
            lines=lines,
        )

    @api.model
    def _get_matched_with_drafts_sql(self, lines):
        return SQL(
            """
            COALESCE((
                SELECT SUM(matched.amount)
                  FROM %s JOIN account_move_line other ON other.id = matched.other_id
                 WHERE other.parent_state <> 'posted'
            ), 0)
            """,
            self._get_matches_sql(lines),
        )

    @api.model
    def _select_invoices(self):
        lines = SQL("line.move_id = move.id AND line.display_type = 'payment_term'")
        left = SQL("(move.amount_residual + %s)", self._get_matched_with_drafts_sql(lines))
        # Money comes in through a bank, cash or card journal; what credit notes, write-offs and
        # netting close is not paid.
        paid_on = SQL(
            """
            CASE WHEN %(left)s = 0 THEN (
                SELECT MAX(matched.max_date)
                  FROM %(matches)s
                  JOIN account_move_line other ON other.id = matched.other_id
                  JOIN account_journal journal ON journal.id = other.journal_id
                 WHERE journal.type IN ('bank', 'cash', 'credit')
            ) END
            """,
            left=left,
            matches=self._get_matches_sql(lines),
        )
        invoice_kind, refund_kind = self._kinds
        refund = self._move_types[1]
        is_bought = self._account_type == "liability_payable"
        sign = SQL("CASE move.move_type WHEN %s THEN -1 ELSE 1 END", refund)
        return SQL(
            """
            SELECT move.id * %(tables)s + %(table)s AS id, partner.id AS partner_id,
                   partner.user_id, move.company_id,
                   CASE move.move_type WHEN %(refund)s THEN %(refund_kind)s
                       ELSE %(invoice_kind)s END AS kind,
                   move.id AS document_id, move.name AS reference, move.ref AS customer_reference,
                   COALESCE(move.invoice_date, move.date) AS date, move.currency_id,
                   move.amount_total * %(sign)s AS amount_total,
                   %(left)s * %(sign)s AS amount_open,
                   %(company_amount)s::float AS amount_company, %(paid_on)s AS date_closed,
                   CASE move.move_type WHEN %(refund)s THEN NULL
                       ELSE %(paid_on)s - move.invoice_date_due END AS payment_days
              FROM account_move move
              LEFT JOIN res_partner contact ON contact.id = move.commercial_partner_id
              LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
             WHERE move.move_type IN %(move_types)s
               AND move.state = 'posted' AND move.commercial_partner_id IS NOT NULL
               AND %(narrowed)s
            """,
            tables=TABLES,
            table=_INVOICES,
            refund=refund,
            refund_kind=refund_kind,
            invoice_kind=invoice_kind,
            move_types=self._move_types,
            company_amount=SQL("%smove.amount_total_signed", SQL("-" if is_bought else "")),
            sign=sign,
            left=left,
            paid_on=paid_on,
            narrowed=self._get_narrowed_sql(_INVOICES, "move", is_booked=True),
        )

    @api.model
    def _select_payments(self):
        accounts = accounts_sql(self.env, self._account_type, at_once=True)
        lines = SQL("line.move_id = payment.move_id AND line.account_id = ANY(%s)", accounts)
        left = SQL(
            """
            (
                SELECT %(side)s * SUM(line.amount_residual_currency)
                       + %(sign)s * %(drafts)s
                  FROM account_move_line line
                 WHERE %(lines)s
            )
            """,
            side=1 if self._account_type == "liability_payable" else -1,
            sign=self._get_payment_sign_sql(),
            drafts=self._get_matched_with_drafts_sql(lines),
            lines=lines,
        )
        return SQL(
            """
            %(columns)s
              FROM account_payment payment
              LEFT JOIN account_move move ON move.id = payment.move_id
              LEFT JOIN res_partner contact ON contact.id = move.commercial_partner_id
              LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
             WHERE payment.move_id IS NOT NULL AND %(where)s AND %(narrowed)s
            """,
            columns=self._select_payment_columns(left),
            where=self._get_payment_where_sql(),
            narrowed=self._get_narrowed_sql(_PAYMENTS, "payment", is_booked=True),
        )

    @api.model
    def _select_payments_without_entry(self):
        """Where no outstanding account is set, Odoo books a payment with the bank's statement."""
        return SQL(
            """
            %(columns)s
              FROM account_payment payment
              LEFT JOIN res_partner contact ON contact.id = payment.partner_id
              LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
             WHERE payment.move_id IS NULL AND %(where)s AND %(narrowed)s
            """,
            columns=self._select_payment_columns(SQL("NULL::numeric")),
            where=self._get_payment_where_sql(),
            narrowed=self._get_narrowed_sql(_PAYMENTS, "payment", is_booked=False),
        )

    @api.model
    def _select_payment_columns(self, left):
        return SQL(
            """
            SELECT payment.id * %(tables)s + %(table)s, partner.id, partner.user_id,
                   payment.company_id, 'payment', payment.id, payment.name, NULL, payment.date,
                   payment.currency_id, payment.amount * %(sign)s, %(left)s,
                   NULL::float, NULL::date, NULL::integer
            """,
            tables=TABLES,
            table=_PAYMENTS,
            sign=self._get_payment_sign_sql(),
            left=left,
        )

    @api.model
    def _get_payment_where_sql(self):
        return SQL(
            "payment.partner_type = %s AND payment.state IN ('in_process', 'paid')"
            " AND payment.partner_id IS NOT NULL",
            self._payment_types[0],
        )

    @api.model
    def _get_payment_sign_sql(self):
        return SQL("CASE payment.payment_type WHEN %s THEN 1 ELSE -1 END", self._payment_types[1])
