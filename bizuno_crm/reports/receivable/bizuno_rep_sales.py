from datetime import date, datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import domains
from ...models.contact.bizuno_account_search_mixin import BizunoAccountSearchMixin

# Rows for sums: what is paid is worked out for all of them at once, not for each that is shown.
_FOR_SUMS = object()
# Whoever asks for nothing else means many documents.
_OF_MANY = {"company_id", "date", "user_id"}
# Reps have one of their own; who may see the rates of users sees all.
_COMMISSION_READERS = "sales_team.group_sale_salesman,bizuno_crm.group_receivable_edit"
_COMPARED = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<=")}


class BizunoRepSales(models.Model):
    """What each sales rep invoiced and what of it is paid, in company currency and without taxes;
    credit notes are negative. The commission is the rate of the rep's user on either, as the
    company chooses.

    Paid is what was matched with money or with credit notes. What was written off, netted with a
    vendor bill or given as a discount for early payment is settled, and not paid; nor is what is
    matched with a draft.
    """

    _name = "bizuno.rep.sales"
    _inherit = ["bizuno.document.row.mixin", BizunoAccountSearchMixin._name]
    _description = "Sales by Rep"
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": [
            "amount_residual", "amount_total", "amount_untaxed_signed", "commercial_partner_id",
            "company_id", "date", "invoice_date", "invoice_user_id", "journal_id", "move_type",
            "state",
        ],
        "account.move.line": ["account_id", "display_type", "move_id", "payment_id",
                              "statement_line_id"],
        "account.partial.reconcile": [
            "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
        ],
        "account.payment": ["amount"],
        "account.bank.statement.line": ["amount"],
        "res.company": ["commission_basis", "currency_id"],
        "res.users": ["commission_rate"],
    }  # fmt: skip

    # A rep looks at the own documents: those of others need not be worked out.
    _row_narrowing = ("user_id",)

    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Document", readonly=True)
    date = fields.Date(readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_invoiced = fields.Monetary(string="Invoiced", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
        help="The paid part of the untaxed amount. Write-offs do not count as paid.",
    )
    commission_rate = fields.Float(
        string="Commission (%)",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        groups=_COMMISSION_READERS,
        depends_context=("uid",),
        help="Blank for other sales reps if you may not see their rates.",
    )
    commission = fields.Monetary(
        readonly=True,
        groups=_COMMISSION_READERS,
        depends_context=("uid",),
        help="Blank for other sales reps if you may not see their rates.",
    )

    @property
    def _table_query(self):
        # By identity, which no remote call can send.
        is_for_sums = self.env.context.get("rep_sales_rows") is _FOR_SUMS
        documents = self._get_documents_sql()
        matched = SQL("paid.amount") if is_for_sums else SQL("(%s)", self._select_paid_of_one())
        # Nothing matched needs no look: most rows of a month that is not over.
        paid = SQL(
            "move.amount_untaxed_signed * CASE WHEN move.amount_total = 0 THEN 1"
            " WHEN move.amount_residual = move.amount_total THEN 0"
            " ELSE LEAST(COALESCE(%s, 0) / move.amount_total, 1) END",
            matched,
        )
        return SQL(
            """
            SELECT move.id, move.id AS move_id, move.invoice_user_id AS user_id,
                   move.commercial_partner_id AS partner_id, move.company_id,
                   COALESCE(move.invoice_date, move.date) AS date, company.currency_id,
                   move.amount_untaxed_signed AS amount_invoiced,
                   ROUND(%(paid)s, currency.decimal_places) AS amount_paid,
                   %(rate)s AS commission_rate,
                   ROUND(
                       %(rate)s::numeric / 100
                           * CASE company.commission_basis
                                 WHEN 'paid' THEN %(paid)s
                                 ELSE move.amount_untaxed_signed END,
                       currency.decimal_places
                   ) AS commission
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN res_users rep ON rep.id = move.invoice_user_id
              %(joined)s
             WHERE %(documents)s
             %(apart)s
            """,
            paid=paid,
            rate=self._get_rate_sql(),
            # What is asked of the rows is not mixed with their making: PostgreSQL would take them
            # for few and compare each with all that is paid.
            apart=SQL("OFFSET 0") if is_for_sums else SQL(),
            joined=SQL(
                "LEFT JOIN (%s) paid ON paid.move_id = move.id", self._select_paid_of_all(documents)
            )
            if is_for_sums
            else SQL(),
            documents=documents,
        )

    @api.model
    def _get_rate_sql(self):
        rate = SQL("COALESCE(rep.commission_rate, 0)")
        users = self.env["res.users"]
        if users._has_field_access(users._fields["commission_rate"], "read"):
            return rate
        return SQL("CASE WHEN rep.id = %s THEN %s END", self.env.uid, rate)

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        own = super()._read_group
        asked = {condition.field_expr for condition in Domain(domain).iter_conditions()}
        if not asked <= _OF_MANY:
            return own(domain, groupby, aggregates, having, offset, limit, order)
        rows = super(BizunoRepSales, self.with_context(rep_sales_rows=_FOR_SUMS))._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )
        return [
            tuple(
                value.with_env(self.env) if isinstance(value, models.BaseModel) else value
                for value in row
            )
            for row in rows
        ]

    @api.model
    def _search(self, domain, *args, **kwargs):
        # Odoo's own columns of the date have an index, the date of a row has none.
        dates = tuple(self._get_dates(Domain(domain)))
        model = self
        if self.env.context.get("rep_sales_dates") != dates:
            model = self.with_context(rep_sales_dates=dates)
        return super(BizunoRepSales, model)._search(domain, *args, **kwargs)

    @api.model
    def _get_dates(self, domain):
        """What a domain says about the date, for all of its rows: (operator, date) each."""
        for name, operator, day in domains.conjuncts(domain):
            if name != "date" or operator not in _COMPARED:
                continue
            if isinstance(day, str):
                # Odoo knows words for days, too; they are not for here.
                try:
                    day = datetime.strptime(day, "%Y-%m-%d").date()
                except ValueError:
                    continue
            if type(day) is date:
                yield operator, day

    @api.model
    def _get_documents_sql(self):
        where = [
            SQL("move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"),
            SQL("move.state = 'posted'"),
        ]
        dates = self.env.context.get("rep_sales_dates")
        # No remote call can send a date.
        if isinstance(dates, tuple) and dates and all(type(day) is date for _by, day in dates):
            invoiced, booked = (
                SQL(" AND ").join(
                    SQL("%s %s %s", SQL.identifier("move", column), _COMPARED[by], day)
                    for by, day in dates
                )
                for column in ("invoice_date", "date")
            )
            where.append(SQL("(%s OR move.invoice_date IS NULL AND %s)", invoiced, booked))
        users = self._get_narrowing("user_id")
        if users is not None:
            where.append(SQL("move.invoice_user_id = ANY(%s)", list(users)))
        return SQL(" AND ").join(where)

    @api.model
    def _select_paid_of_one(self):
        return SQL("SELECT SUM(%s) %s", *self._get_paid_sql(SQL("line.move_id = move.id")))

    @api.model
    def _select_paid_of_all(self, documents):
        """As `_select_paid_of_one`, of many documents: move_id, amount."""
        amount, matches = self._get_paid_sql(
            SQL("move.amount_residual <> move.amount_total AND %s", documents), is_joined=True
        )
        return SQL(
            "SELECT matched.move_id, SUM(%s) AS amount %s GROUP BY matched.move_id", amount, matches
        )

    @api.model
    def _get_paid_sql(self, where, is_joined=False):
        """The money for a document, in its currency. Of a payment (or a bank statement's
        line) whose rest was written off its amount counts, not what it closed; an exchange
        difference holds none of the document's currency. Other entries are money where they book
        it: a till's, from a receivable account of its own.

        :param where: the condition on `line`, the document's journal item
        :param bool is_joined: the condition is one on `move`, the document of the line
        :return: SQL of the amount, and the FROM and WHERE for it, with `matched.move_id`
        """
        source = SQL("account_move_line line")
        if is_joined:
            source = SQL("account_move move JOIN account_move_line line ON line.move_id = move.id")
        # The lines are looked up once, and then what each was matched with on either side.
        matched = SQL(
            """
            SELECT line.move_id, partial.amount, partial.other_id
              FROM %s
              JOIN LATERAL (
                    SELECT debit_amount_currency AS amount, credit_move_id AS other_id
                      FROM account_partial_reconcile WHERE debit_move_id = line.id
                     UNION ALL
                    SELECT credit_amount_currency, debit_move_id
                      FROM account_partial_reconcile WHERE credit_move_id = line.id
                   ) partial ON TRUE
             WHERE %s AND line.display_type = 'payment_term'
            """,
            source,
            where,
        )
        amount = SQL(
            """
            matched.amount * CASE
                WHEN other_move.move_type IN ('out_invoice', 'out_refund', 'out_receipt') THEN 1
                WHEN other_move.move_type <> 'entry' THEN 0
                WHEN payment.id IS NOT NULL THEN
                    LEAST(ABS(payment.amount) / NULLIF(other_move.amount_total, 0), 1)
                WHEN statement.id IS NOT NULL THEN
                    LEAST(ABS(statement.amount) / NULLIF(other_move.amount_total, 0), 1)
                WHEN journal.type IN ('bank', 'cash', 'credit') THEN 1
                ELSE EXISTS (
                     SELECT 1
                       FROM account_move_line money
                       JOIN account_account account ON account.id = money.account_id
                      WHERE money.move_id = other.move_id
                        AND money.balance * other.balance < 0
                        AND money.account_id <> other.account_id
                        AND account.account_type IN ('asset_cash', 'asset_receivable')
                    )::integer
                END
            """
        )
        return amount, SQL(
            """
              FROM (%s) matched
              JOIN account_move_line other ON other.id = matched.other_id
              JOIN account_move other_move ON other_move.id = other.move_id
              JOIN account_journal journal ON journal.id = other_move.journal_id
              LEFT JOIN account_payment payment ON payment.id = other.payment_id
              LEFT JOIN account_bank_statement_line statement
                   ON statement.id = other.statement_line_id
             WHERE other_move.state = 'posted'
            """,
            matched,
        )
