import operator
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic import aging
from ...models.base.withhold import withhold

# What else than the database a row depends on.
_PICTURE = ("aged_at", "aging_basis")
# Rows summed up by customer, and what can be said about those.
_BY_CUSTOMER = object()
_OF_CUSTOMER = {"company_id", "partner_id", "user_id"}
# What can be added up from those rows.
_SUMMED = {
    "__count",
    "days_late:max",
    *(f"{name}:sum" for name in (*aging.PARTS_OF, "balance", "item_count")),
}
# An as-of date in any other year is a slip of the keyboard; Excel begins with 1900.
_FIRST_YEAR, _LAST_YEAR = 1901, 2199
# Up to so many customers are looked up one by one, beyond it the whole ledger is read at once.
_FEW_PARTNERS = 500


class _Lines(NamedTuple):
    """Which journal items can be open on a date. SQL speaks of them as `line`."""

    where: SQL
    still_open: SQL
    # Which rows of account_partial_reconcile do not count: those with something dated later than on
    # that date, and those with a draft. None: all count, what is left of a line now is right.
    undone: SQL | None
    # Everything posted is meant, whatever its date.
    is_undated: bool
    # Of a few customers: a statement that gives (is_undone, ids) of what `undone` is made of, which
    # is asked with the rest. None: it was asked before.
    probe: SQL | None


def _ordered_by(order):
    """:return: by what “amount_total:sum DESC, partner_id” sorts, without directions"""
    return [term.split()[0] for term in (order or "").split(",") if term.strip()]


class BizunoAgedReceivable(models.Model):
    """The open items of all customers: one row per invoice, credit note, instalment, entry or
    payment that was open on a date.

    Everything that shows aged receivables reads these rows. They are today's, or those of the day
    in the context key `aged_at`: reconciliations with something dated later are undone, and due
    dates are counted from that day. The context key `aging_basis` overrides the company's setting.
    A reconciliation with a draft counts on no day: what a draft says has not happened.

    Amounts are booked amounts in the company's currency. A row stands in one bucket, or, being
    money received that is not matched with a document, in `unapplied`:
    `balance` = `amount_total` − `unapplied`, and the balances of all rows make the balance of the
    receivable accounts.
    """

    _name = "bizuno.aged.receivable"
    _inherit = ["bizuno.document.row.mixin"]
    _description = "Aged Receivable"
    _auto = False
    _rec_name = "reference"
    _order = "date_due, id"
    _row_narrowing = {
        "company_id": "aged_company_ids",
        "partner_id": "aged_partner_ids",
        "id": "aged_line_ids",
    }
    _depends = {
        "account.move": ["invoice_user_id", "journal_id", "move_type", "state"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency",
            "balance", "company_currency_id", "company_id", "currency_id", "date", "date_maturity",
            "display_type", "invoice_date", "move_id", "move_name", "no_followup", "parent_state",
            "partner_id", "reconciled", "ref",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency",
            "debit_move_id", "max_date",
        ],
        "account.account": ["account_type"],
        "res.company": ["aging_basis"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }  # fmt: skip

    # whose
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # the document
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    move_type = fields.Selection(
        selection=[
            ("entry", "Journal Entry"),
            ("out_invoice", "Customer Invoice"),
            ("out_refund", "Credit Note"),
            ("in_invoice", "Vendor Bill"),
            ("in_refund", "Vendor Credit Note"),
            ("out_receipt", "Sales Receipt"),
            ("in_receipt", "Purchase Receipt"),
        ],
        string="Type",
        readonly=True,
    )
    reference = fields.Char(readonly=True)
    customer_reference = fields.Char(string="Customer PO", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    date = fields.Date(readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    is_disputed = fields.Boolean(
        string="In Dispute",
        readonly=True,
        help="Marked “No Follow-Up” on the document: it stays receivable, but nobody is asked to "
        "pay it.",
    )
    item_count = fields.Integer(string="Open Documents", readonly=True, aggregator="sum")

    # its age
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        depends_context=_PICTURE,
        help="A credit note or a payment is never late.",
    )
    bucket = fields.Selection(
        selection=[
            ("current", "Current"),
            ("1_30", "1-30"),
            ("31_60", "31-60"),
            ("61_90", "61-90"),
            ("91_120", "91-120"),
            ("over_120", "Over 120"),
            (aging.UNAPPLIED, "Unapplied"),
        ],
        readonly=True,
        depends_context=_PICTURE,
    )

    # amounts in the company's currency
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_current = fields.Monetary(string="Current", readonly=True, depends_context=_PICTURE)
    amount_1_30 = fields.Monetary(string="1-30", readonly=True, depends_context=_PICTURE)
    amount_31_60 = fields.Monetary(string="31-60", readonly=True, depends_context=_PICTURE)
    amount_61_90 = fields.Monetary(string="61-90", readonly=True, depends_context=_PICTURE)
    amount_91_120 = fields.Monetary(string="91-120", readonly=True, depends_context=_PICTURE)
    amount_over_120 = fields.Monetary(string="Over 120", readonly=True, depends_context=_PICTURE)
    amount_total = fields.Monetary(
        string="Total", readonly=True, depends_context=_PICTURE, help="The sum of the buckets."
    )
    amount_past_due = fields.Monetary(
        string="Past Due", readonly=True, depends_context=_PICTURE, help="Total less current."
    )
    unapplied = fields.Monetary(
        readonly=True,
        depends_context=_PICTURE,
        help="Payments received that are not matched with an invoice.",
    )
    balance = fields.Monetary(
        readonly=True, depends_context=_PICTURE, help="Total less unapplied payments."
    )

    # and as the document states them
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_document = fields.Monetary(
        string="In Document's Currency",
        currency_field="document_currency_id",
        readonly=True,
        depends_context=_PICTURE,
        aggregator=None,
    )

    @property
    def _table_query(self):
        at = self._get_aged_at()
        lines = self._get_lines(
            at,
            partner_ids=self._get_narrowing("aged_partner_ids"),
            line_ids=self._get_narrowing("aged_line_ids"),
        )
        # By identity, which no remote call can send.
        if self.env.context.get("aged_rows") is _BY_CUSTOMER:
            return self._select_by_customer(at, lines)
        return SQL(
            "SELECT %(columns)s FROM %(items)s %(joins)s",
            columns=self._select(at),
            items=self._get_open_items_sql(at, lines),
            joins=self._joins(),
        )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("item_count",))

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        """Sums of whole customers are added up from the rows that are sums of customers already:
        a list grouped by customer costs what the sum of all costs."""
        own = super()._read_group
        if not (
            groupby
            and _OF_CUSTOMER.issuperset(groupby)
            and _SUMMED.issuperset(aggregates)
            and not having
            and self.env.context.get("aged_rows") is not _BY_CUSTOMER
            and _SUMMED.union(_OF_CUSTOMER).issuperset(_ordered_by(order))
            and self._is_of_customer(domain)
        ):
            return own(domain, groupby, aggregates, having, offset, limit, order)
        counted = {"__count": "item_count:sum"}
        rows = super(BizunoAgedReceivable, self.with_context(aged_rows=_BY_CUSTOMER))._read_group(
            domain,
            groupby,
            [counted.get(name, name) for name in aggregates],
            # Of some customers all that is open now was not open on a past date.
            [("item_count:sum", "!=", 0)],
            offset,
            limit,
            order and order.replace("__count", "item_count:sum"),
        )
        return [
            tuple(
                one.with_env(self.env) if isinstance(one, models.BaseModel) else one for one in row
            )
            for row in rows
        ]

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Buckets by age, not by the alphabet: graph, pivot and columns of cards."""
        if "bucket" not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        keys = [*(bucket.key for bucket in aging.BUCKETS), aging.UNAPPLIED]
        by_age = SQL("array_position(%s::text[], (%s)::text)", keys, groupby_terms["bucket"])
        terms = {**groupby_terms, "bucket": by_age}
        ordered = super()._read_group_orderby(order, terms, query)
        groupby_terms.update({**terms, "bucket": groupby_terms["bucket"]})
        return ordered

    # figures per customer

    @api.model
    def _get_figures(self, domain):
        """The amounts of many customers at the date of the picture, in one query: what the user may
        see of them, as anywhere.

        :param domain: of this model
        :return: {(company's id, customer's id or None): the sums of `aging.AMOUNTS`}
        """
        query, is_summed = self._search_summed(domain)
        if query.is_empty():
            return {}
        keys = [SQL.identifier(self._table, name) for name in ("company_id", "partner_id")]
        parts = [SQL.identifier(self._table, name) for name in aging.PARTS]
        if is_summed:
            count = SQL.identifier(self._table, "item_count")
        else:
            query.groupby = SQL(", ").join(keys)
            count, parts = SQL("COUNT(*)"), [SQL("SUM(%s)", part) for part in parts]
        found = {}
        for row in self.env.execute_query(query.select(*keys, count, *parts)):
            key, own = row[:2], [one or 0 for one in row[2:]]
            found[key] = list(map(operator.add, found[key], own)) if key in found else own
        # Of some customers all that is open now was not open on a past date.
        return {key: aging.amounts(*parts) for key, (items, *parts) in found.items() if items}

    @api.model
    def _get_figures_in_words(self, domain):
        """The amounts of a few customers, and what of them is past due, credit notes apart: in one
        query, item by item, what the user may see.

        :param domain: of this model
        :return: {customer's id: ({amount: sum} of `aging.PARTS_OF`, (past due, of how many items,
            days late of the oldest))}
        """
        self._flush_sources()
        query = self._search(domain)
        if query.is_empty():
            return {}
        column = {
            name: SQL.identifier(self._table, name)
            for name in ("partner_id", "bucket", "balance", "days_late", *aging.PARTS_OF)
        }
        is_late = SQL(
            "%s NOT IN %s AND %s > 0",
            column["bucket"],
            ("current", aging.UNAPPLIED),
            column["balance"],
        )
        query.groupby = column["partner_id"]
        rows = self.env.execute_query(
            query.select(
                column["partner_id"],
                SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", column["balance"], is_late),
                SQL("COUNT(*) FILTER (WHERE %s)", is_late),
                SQL("MAX(%s) FILTER (WHERE %s)", column["days_late"], is_late),
                *(SQL("SUM(%s)", column[name]) for name in aging.PARTS_OF),
            )
        )
        return {
            partner_id: (dict(zip(aging.PARTS_OF, sums, strict=True)), (past_due, count, oldest))
            for partner_id, past_due, count, oldest, *sums in rows
        }

    @api.model
    def _search_summed(self, domain):
        """The rows of a domain, summed up by customer where neither it nor the rules ask for more
        than a customer's row has: for what adds them up anyway.

        :return: (Query, whether they are summed up)
        """
        self._flush_sources()
        is_summed = self._is_of_customer(domain)
        rows = self.with_context(aged_rows=_BY_CUSTOMER) if is_summed else self
        return rows._search(domain), is_summed

    @api.model
    def _is_of_customer(self, domain):
        """Whether a domain and the rules ask for no more than a customer's row has."""
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        return all(
            condition.field_expr.split(".")[0] in _OF_CUSTOMER
            for condition in (Domain(domain) & Domain(rules)).iter_conditions()
        )

    @api.model
    def _get_open_receivable_sql(self, company, partner_ids=None):
        """What customers owe now, as credit control counts it: everything posted, whatever its
        date, in the company and its branches; but what is dated later and lowers what they owe, a
        post-dated cheque, frees nothing before its date. `past_due` is without what is in dispute.
        A query: partner_id (the commercial partner), total, past_due, unapplied; without those who
        have no open item.

        No rights are checked: for decisions, never to be shown to whoever may not see figures.
        `_flush_sources` must come first.

        :param company: a `res.company`; amounts are in its currency
        :param partner_ids: ids of commercial partners; None for all customers
        """
        at, is_few = fields.Date.context_today(self), self._is_few(partner_ids)
        companies = self._get_ids_sql(self._get_company_tree(company), at_once=is_few)
        lines = self._get_lines(at, companies, partner_ids, everything_posted=True)
        # Summed per contact first: a few thousand sums, not all the items, meet res_partner.
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   COALESCE(SUM(item.total), 0) AS total,
                   COALESCE(SUM(item.past_due), 0) AS past_due,
                   COALESCE(SUM(item.unapplied), 0) AS unapplied
              FROM (%(sums)s) item
              JOIN res_partner contact ON contact.id = item.partner_id
             GROUP BY contact.commercial_partner_id
            HAVING SUM(item.items) <> 0
            """,
            sums=SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT item.partner_id, SUM(%(sign)s) AS items,
                           SUM(%(residual)s) FILTER (WHERE NOT %(unapplied)s) AS total,
                           SUM(%(residual)s) FILTER (
                               WHERE NOT %(unapplied)s AND %(days)s > 0 AND NOT %(disputed)s
                           ) AS past_due,
                           -SUM(%(residual)s) FILTER (WHERE %(unapplied)s) AS unapplied
                      FROM %(items)s
                     WHERE NOT (item.residual < 0 AND item.date > %(at)s)
                     GROUP BY item.partner_id
                    """,
                    sign=sign or SQL("1"),
                    residual=SQL("item.residual * %s", sign) if sign else SQL("item.residual"),
                    unapplied=self._get_unapplied_sql(),
                    disputed=self._get_disputed_sql(),
                    days=self._get_days_late_sql(at),
                    items=items,
                    at=at,
                )
                for items, sign in self._get_parts_sql(at, lines)
            ),
        )

    @api.model
    def _flush_sources(self):
        """Write out what is pending of the models that the rows are made of."""
        for model, names in self._depends.items():
            self.env[model].flush_model(names)

    @api.model
    def _get_company_tree(self, company):
        """The company with its branches: they share its receivable accounts and its limits.

        :return: a Query of `res.company`
        """
        root = company.sudo().root_id
        return root._search([("id", "child_of", root.id)])

    def _get_totals(self):
        """:return: {name of the amount: its sum over these rows}, rounded"""
        sums = dict.fromkeys((bucket.key for bucket in aging.BUCKETS), 0.0)
        sums[aging.UNAPPLIED] = 0.0
        for row in self:
            sums[row.bucket] += row.balance
        round_ = (self[:1].currency_id or self.env.company.currency_id).round
        unapplied = -sums.pop(aging.UNAPPLIED)
        total = sum(sums.values())
        return {
            **{bucket.amount_field: round_(sums[bucket.key]) for bucket in aging.BUCKETS},
            "amount_total": round_(total),
            "amount_past_due": round_(total - sums[aging.BUCKETS[0].key]),
            "unapplied": round_(unapplied),
            "balance": round_(total - unapplied),
        }

    # the tie to the ledger

    @api.model
    def _get_control_accounts(self):
        """The receivable accounts' balance by the ledger against these rows, at the date of the
        picture, for each company the user works in.

        :return: [{"company", "ledger", "items", "difference", "entries"}]; `entries` are the
            journal items that make up a difference: [(account.move.line, difference)]
        """
        self.browse().check_access("read")
        if not self._sees_all():
            return []
        at, companies = self._get_aged_at(), self.env.companies
        self._flush_sources()
        query = SQL(
            """
            SELECT company_id, SUM(balance) FROM account_move_line
             WHERE account_id = ANY(%s) AND company_id IN %s
               AND parent_state = 'posted' AND date <= %s
             GROUP BY company_id
            """,
            self._get_ids_sql(self._get_receivable_accounts()),
            tuple(companies.ids),
            at,
        )
        ledger = dict(self.env.execute_query(query))
        items = dict(self._read_group([], ["company_id"], ["balance:sum"]))
        accounts = []
        for company in companies:
            balance = ledger.get(company.id) or 0.0
            open_items = items.get(company) or 0.0
            difference = company.currency_id.round(balance - open_items)
            accounts.append(
                {
                    "company": company,
                    "ledger": balance,
                    "items": open_items,
                    "difference": difference,
                    "entries": self._get_difference_entries(company, at) if difference else [],
                }
            )
        return accounts

    @api.model
    def _get_difference_entries(self, company, at):
        """The journal items whose balance, less what was reconciled by the date, is not what their
        row says: exchange differences booked later, and what was changed behind Odoo's back."""
        lines = self._get_lines(at, SQL("%s", company.ids))
        counted = SQL("NOT (%s)", lines.undone) if lines.undone else SQL("TRUE")
        query = SQL(
            """
            WITH matched AS (
                SELECT line_id, SUM(amount) AS amount
                  FROM (
                        SELECT debit_move_id AS line_id, amount
                          FROM account_partial_reconcile WHERE %(counted)s
                         UNION ALL
                        SELECT credit_move_id, -amount
                          FROM account_partial_reconcile WHERE %(counted)s
                       ) partial
             GROUP BY line_id
            )
            SELECT line.id, line.balance - COALESCE(matched.amount, 0) - COALESCE(item.residual, 0)
              FROM account_move_line line
              LEFT JOIN matched ON matched.line_id = line.id
              LEFT JOIN %(items)s ON item.id = line.id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.date <= %(at)s AND line.company_id = %(company)s
               AND line.balance - COALESCE(matched.amount, 0) <> COALESCE(item.residual, 0)
             ORDER BY line.date, line.id
            """,
            at=at,
            counted=counted,
            items=self._get_open_items_sql(at, lines),
            accounts=self._get_ids_sql(self._get_receivable_accounts()),
            company=company.id,
        )
        entries = self.env["account.move.line"].sudo()
        return [(entries.browse(row[0]), row[1]) for row in self.env.execute_query(query)]

    # the picture's date and basis

    @api.model
    def _get_aged_at(self):
        """The date of the picture: the context's, else today in the timezone of the user."""
        given = self.env.context.get("aged_at")
        try:
            at = fields.Date.to_date(given) or fields.Date.context_today(self)
        except (TypeError, ValueError) as problem:
            raise UserError(messages.date_not_understood(self.env, given)) from problem
        return self._check_aged_at(at)

    @api.model
    def _check_aged_at(self, at):
        """:raises UserError: for a date that no ledger, calendar or workbook reaches"""
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise UserError(messages.aging_date_out_of_range(self.env, at, _FIRST_YEAR, _LAST_YEAR))
        return at

    @api.model
    def _get_basis_sql(self):
        """The date an item's age is counted from: an entry without a due date ages from its own."""
        due, invoiced = (
            SQL("COALESCE(item.date_maturity, item.date)"),
            SQL("COALESCE(item.invoice_date, item.date)"),
        )
        basis = self.env.context.get("aging_basis")
        if basis in aging.BASES:
            return invoiced if basis == "invoice_date" else due
        by_invoice = self.env["res.company"]._get_ids_aged_by_invoice_date()
        if not by_invoice:
            return due
        return SQL("CASE WHEN item.company_id IN %s THEN %s ELSE %s END", by_invoice, invoiced, due)

    # the query

    @api.model
    def _select(self, at):
        unapplied, days = self._get_unapplied_sql(), self._get_days_late_sql(at)
        buckets = [(bucket, self._get_bucket_sql(bucket, days)) for bucket in aging.BUCKETS]
        return SQL(", ").join(
            [
                SQL("item.id, item.move_id, item.account_id, item.company_id, item.date"),
                SQL("contact.commercial_partner_id AS partner_id, customer.user_id"),
                SQL("move.move_type, item.move_name AS reference, item.ref AS customer_reference"),
                SQL("item.invoice_date, COALESCE(item.date_maturity, item.date) AS date_due"),
                SQL("item.company_currency_id AS currency_id"),
                SQL("item.currency_id AS document_currency_id"),
                SQL("item.residual_currency AS amount_document, item.residual AS balance"),
                SQL("CASE WHEN item.residual < 0 THEN 0 ELSE %s END AS days_late", days),
                SQL("%s AS is_disputed, 1 AS item_count", self._get_disputed_sql()),
                SQL(
                    "CASE WHEN %s THEN %s %s END AS bucket",
                    unapplied,
                    aging.UNAPPLIED,
                    SQL(" ").join(SQL("WHEN %s THEN %s", test, b.key) for b, test in buckets),
                ),
                *(
                    SQL(
                        "CASE WHEN NOT %s AND %s THEN item.residual ELSE 0 END AS %s",
                        unapplied,
                        test,
                        SQL.identifier(bucket.amount_field),
                    )
                    for bucket, test in buckets
                ),
                SQL("CASE WHEN NOT %s THEN item.residual ELSE 0 END AS amount_total", unapplied),
                SQL(
                    "CASE WHEN NOT %s AND %s > 0 THEN item.residual ELSE 0 END AS amount_past_due",
                    unapplied,
                    days,
                ),
                SQL("CASE WHEN %s THEN -item.residual ELSE 0 END AS unapplied", unapplied),
            ]
        )

    @api.model
    def _select_by_customer(self, at, lines):
        """The same rows summed up, with the columns that are a customer's or `aging.PARTS` (NULL
        for nothing), and their number, `items`.

        A customer has a row for each account and each contact that entries stand on: nearly always
        one. Where reconciliations are undone it has further rows, whose sums (and numbers) are what
        those changed: so nothing but the index is read of all that they left alone.
        """
        return SQL(
            """
            SELECT NULL::integer AS id, item.company_id,
                   contact.commercial_partner_id AS partner_id, customer.user_id, item.item_count,
                   item.days_late, item.disputed, %(parts)s, %(sums)s
              FROM (%(rows)s) item
              LEFT JOIN res_partner contact ON contact.id = item.partner_id
              LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            """,
            parts=SQL(", ").join(SQL.identifier("item", part) for part in aging.PARTS),
            sums=self._get_part_sums_sql(),
            rows=SQL(" UNION ALL ").join(
                self._select_sums(at, items, sign) for items, sign in self._get_parts_sql(at, lines)
            ),
        )

    @api.model
    def _get_part_sums_sql(self):
        """The columns that are sums of `aging.PARTS`."""
        parts = {name: SQL("COALESCE(%s, 0)", SQL.identifier("item", name)) for name in aging.PARTS}
        sums = {
            name: SQL(" + ").join(parts[part] for part in of)
            for name, of in aging.PARTS_OF.items()
            if name not in parts
        }
        sums["balance"] = SQL("%s - %s", sums["amount_total"], parts[aging.UNAPPLIED])
        return SQL(", ").join(
            SQL("%s AS %s", total, SQL.identifier(name)) for name, total in sums.items()
        )

    @api.model
    def _get_parts_sql(self, at, lines):
        """The open items of a date for sums.

        :return: [(a FROM item named `item`, None or the SQL of the sign its rows count with)]
        """
        if lines.undone is None or lines.probe:
            return [(self._get_open_items_sql(at, lines), None)]
        return [
            (self._get_items_now_sql(lines), None),
            (self._get_changes_sql(at, lines), SQL("item.sign")),
        ]

    @api.model
    def _select_sums(self, at, items, sign=None):
        """Grouped as the index is sorted, nothing is sorted or hashed.

        :param sign: 1 for an item that is added, -1 for one that is taken off; None: all are added
        """
        unapplied, days = self._get_unapplied_sql(), self._get_days_late_sql(at)
        residual = SQL("residual * %s", sign) if sign else SQL("residual")
        # The days first: of nearly all rows they answer five of six questions.
        sums = [
            SQL(
                "SUM(%s) FILTER (WHERE %s AND NOT %s)",
                residual,
                self._get_bucket_sql(bucket, days),
                unapplied,
            )
            for bucket in aging.BUCKETS
        ]
        sums.append(SQL("-SUM(%s) FILTER (WHERE %s)", residual, unapplied))
        # What is open now was more open before something was reconciled with it: nothing is older
        # for it.
        added = SQL("%s > 0", sign) if sign else SQL("TRUE")
        return SQL(
            """
            SELECT item.account_id, item.partner_id, item.company_id,
                   (%(count)s)::integer AS item_count,
                   MAX(CASE WHEN item.residual < 0 THEN 0 ELSE %(days)s END)
                       FILTER (WHERE %(added)s) AS days_late,
                   SUM(%(residual)s) FILTER (WHERE %(disputed)s) AS disputed,
                   %(sums)s
              FROM %(items)s
             GROUP BY item.account_id, item.partner_id, item.company_id
            """,
            count=SQL("SUM(%s)", sign) if sign else SQL("COUNT(*)"),
            days=days,
            added=added,
            residual=residual,
            disputed=self._get_disputed_sql(),
            sums=SQL(", ").join(
                SQL("%s AS %s", total, SQL.identifier(name))
                for total, name in zip(sums, aging.PARTS, strict=True)
            ),
            items=items,
        )

    @api.model
    def _joins(self):
        # Outer joins: PostgreSQL drops those whose columns a query does not ask for. The customer's
        # id is taken from the contact, so that the customer is joined for the salesperson only.
        return SQL(
            """
            LEFT JOIN account_move move ON move.id = item.move_id
            LEFT JOIN res_partner contact ON contact.id = item.partner_id
            LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            """
        )

    @api.model
    def _get_days_late_sql(self, at):
        return SQL("(%s - %s)", SQL("%s::date", at), self._get_basis_sql())

    @api.model
    def _get_unapplied_sql(self):
        """Money received (or any credit of a plain entry) that waits for a document; credit notes
        and instalments are lines of the type "payment_term"."""
        return SQL("(item.residual < 0 AND item.display_type <> 'payment_term')")

    @api.model
    def _get_disputed_sql(self):
        """A document that is not followed up. Entries of general journals are so by Odoo's default,
        which says nothing about them."""
        return SQL("(item.no_followup IS TRUE AND item.display_type = 'payment_term')")

    @api.model
    def _get_bucket_sql(self, bucket, days):
        if bucket.low is None:
            return SQL("%s <= %s", days, bucket.high)
        if bucket.high is None:
            return SQL("%s >= %s", days, bucket.low)
        return SQL("%s BETWEEN %s AND %s", days, bucket.low, bucket.high)

    @api.model
    def _get_receivable_accounts(self):
        """The receivable accounts of all companies, closed ones too.

        :return: a Query of `account.account`
        """
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        return accounts._search([("account_type", "=", "asset_receivable")])

    @api.model
    def _get_ids_sql(self, query, at_once=False):
        """The ids that a Query finds, as an array for `= ANY(…)`.

        :param bool at_once: as a part of the statement: one query less, for a few customers. For
            all of them they are looked up first: PostgreSQL plans better with ids that it knows.
        """
        return SQL("ARRAY(%s)", query.select()) if at_once else SQL("%s::integer[]", list(query))

    @api.model
    def _is_few(self, partner_ids):
        return partner_ids is not None and len(partner_ids) <= _FEW_PARTNERS

    @api.model
    def _get_lines(
        self, at, companies=None, partner_ids=None, line_ids=None, everything_posted=False
    ):
        """
        :param companies: only those whose ids are in this SQL array; None for all
        :param partner_ids: ids of commercial partners, None for all
        :param line_ids: ids of journal items, None for all
        :param everything_posted: what is dated later than `at` counts too, but frees nothing yet of
            what is dated earlier
        :return: `_Lines`
        """
        is_few = line_ids is not None or self._is_few(partner_ids)
        accounts = self._get_ids_sql(self._get_receivable_accounts(), at_once=is_few)
        where = [SQL("line.account_id = ANY(%s)", accounts), SQL("line.parent_state = 'posted'")]
        if companies is not None:
            where.append(SQL("line.company_id = ANY(%s)", companies))
        if partner_ids is not None:
            where.append(
                SQL(
                    "line.partner_id IN "
                    "(SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
                    tuple(partner_ids) or (0,),
                )
            )
        if line_ids is not None:
            where.append(SQL("line.id IN %s", tuple(line_ids) or (0,)))
        asked = self._get_undone_sql(at, accounts, everything_posted)
        if is_few:
            probe = SQL("SELECT is_past OR ids <> '{}' AS is_undone, ids FROM (%s) undone", asked)
            is_past, undone_ids = not everything_posted, SQL("(SELECT ids FROM probe)::integer[]")
        else:
            [(is_past, undone_ids)] = self.env.execute_query(asked)
            probe, undone_ids = None, undone_ids and SQL("%s", undone_ids)
        undone = []
        if is_past:
            where.append(SQL("line.date <= %s", at))
            undone.append(SQL("max_date > %s", at))
        if undone_ids:
            undone.append(SQL("id = ANY(%s)", undone_ids))
        return _Lines(
            where=SQL(" AND ").join(where),
            still_open=SQL("line.reconciled IS NOT TRUE AND line.amount_residual <> 0"),
            undone=SQL("(%s)", SQL(" OR ").join(undone)) if undone else None,
            is_undated=not is_past,
            probe=probe,
        )

    @api.model
    def _get_open_items_sql(self, at, lines):
        """The open items of a date as a FROM item named `item`: columns of the journal items with
        `residual` (company's currency) and `residual_currency` (the document's)."""
        if lines.undone is None:
            return self._get_items_now_sql(lines)
        if lines.probe:
            # PostgreSQL reads one of the two: the probe is answered before it begins.
            return SQL(
                """
                (
                    WITH probe AS MATERIALIZED (%(probe)s)
                    SELECT * FROM %(now)s WHERE NOT (SELECT is_undone FROM probe)
                     UNION ALL
                    SELECT %(columns)s, line.residual, line.residual_currency
                      FROM (%(then)s) line
                     WHERE (SELECT is_undone FROM probe)
                       AND CASE WHEN line.is_changed THEN %(is_open)s ELSE line.is_still_open END
                ) item
                """,
                probe=lines.probe,
                now=self._get_items_now_sql(lines),
                columns=self._get_line_columns_sql(),
                then=self._get_lines_then_sql(at, lines),
                is_open=self._get_is_open_sql(),
            )
        # NOT IN, not a join: PostgreSQL cannot know how many lines were changed and takes them for
        # few. It hashes them then, where it might do a join line by line.
        return SQL(
            """
            (
                WITH later AS MATERIALIZED (%(later)s)
                SELECT * FROM %(now)s WHERE item.id NOT IN (SELECT id FROM later)
                 UNION ALL
                SELECT %(columns)s, line.residual, line.residual_currency
                  FROM later line
                 WHERE %(is_open)s
            ) item
            """,
            later=self._get_changed_lines_sql(at, lines),
            now=self._get_items_now_sql(lines),
            columns=self._get_line_columns_sql(),
            is_open=self._get_is_open_sql(),
        )

    @api.model
    def _get_items_now_sql(self, lines):
        return SQL(
            "(SELECT %s, line.amount_residual AS residual,"
            " line.amount_residual_currency AS residual_currency"
            " FROM account_move_line line WHERE %s AND %s) item",
            self._get_line_columns_sql(),
            lines.where,
            lines.still_open,
        )

    @api.model
    def _get_lines_then_sql(self, at, lines, source=None):
        """All the lines, and how they stood on the date: what is undone of their reconciliations
        is looked up for each.

        :param source: a FROM item, the journal items they are taken from; None for all
        """
        return SQL(
            """
            SELECT %(columns)s, line.amount_residual, (%(still_open)s) IS TRUE AS is_still_open,
                   COALESCE(debit.amount, credit.amount) IS NOT NULL AS is_changed,
                   line.amount_residual + COALESCE(debit.amount, 0)
                       - COALESCE(credit.amount, 0) AS residual,
                   line.amount_residual_currency + COALESCE(debit.amount_currency, 0)
                       - COALESCE(credit.amount_currency, 0) AS residual_currency
              FROM %(source)s line
              LEFT JOIN LATERAL (
                    SELECT SUM(amount) AS amount, SUM(debit_amount_currency) AS amount_currency
                      FROM account_partial_reconcile
                     WHERE debit_move_id = line.id AND %(undone)s
                   ) debit ON TRUE
              LEFT JOIN LATERAL (
                    SELECT SUM(amount) AS amount, SUM(credit_amount_currency) AS amount_currency
                      FROM account_partial_reconcile
                     WHERE credit_move_id = line.id AND %(undone)s
                   ) credit ON TRUE
             WHERE %(where)s
            """,
            columns=self._get_line_columns_sql(),
            still_open=lines.still_open,
            source=source or SQL("account_move_line"),
            undone=lines.undone,
            where=lines.where,
        )

    @api.model
    def _get_changed_lines_sql(self, at, lines):
        """The lines whose reconciliations are not all counted, and how they stood on the date.

        Their ids as an array: PostgreSQL then goes through the primary key and the table in order,
        once (up to 16 it looks up each id, in order too). Joined, each is looked up somewhere, and
        most of them are dated later themselves (so are the payments), the more of them the longer
        ago the date. IS TRUE and OFFSET 0 leave it no other index, with each of whose lines it
        would have to compare the array.
        """
        changed = SQL(
            """
            (
                SELECT * FROM account_move_line
                 WHERE id = ANY(ARRAY(
                        SELECT debit_move_id FROM account_partial_reconcile WHERE %(undone)s
                         UNION ALL
                        SELECT credit_move_id FROM account_partial_reconcile WHERE %(undone)s
                       ))
                   AND (%(dated)s) IS TRUE
                OFFSET 0
            )
            """,
            undone=lines.undone,
            dated=SQL("TRUE") if lines.is_undated else SQL("date <= %s", at),
        )
        # What is asked of the rows does not get so far down by itself.
        if (company_ids := self._get_narrowing("aged_company_ids")) is not None:
            where = SQL("%s AND line.company_id IN %s", lines.where, company_ids or (0,))
            lines = lines._replace(where=where)
        return self._get_lines_then_sql(at, lines, changed)

    @api.model
    def _get_changes_sql(self, at, lines):
        """What undone reconciliations change, as items with a `sign`, for sums: a line is added as
        it stood without them, and taken off as it stands now."""
        return SQL(
            """
            (
                WITH later AS MATERIALIZED (%(later)s)
                SELECT %(columns)s, line.residual, 1 AS sign
                  FROM later line
                 WHERE %(is_open)s
                 UNION ALL
                SELECT %(columns)s, line.amount_residual, -1
                  FROM later line
                 WHERE line.is_still_open
            ) item
            """,
            later=self._get_changed_lines_sql(at, lines),
            columns=self._get_line_columns_sql(),
            is_open=self._get_is_open_sql(),
        )

    @api.model
    def _get_is_open_sql(self):
        """Of a line that was reconciled later, something was left; and of a document in another
        currency, something of that currency: an exchange difference booked later is no debt of the
        customer."""
        return SQL(
            "line.residual <> 0 AND (line.residual_currency <> 0"
            " OR line.currency_id = line.company_currency_id OR line.amount_currency = 0)"
        )

    @api.model
    def _get_line_columns_sql(self):
        return SQL(", ").join(
            SQL.identifier("line", name)
            for name in (
                "id", "move_id", "move_name", "ref", "account_id", "partner_id", "company_id",
                "date", "invoice_date", "date_maturity", "display_type", "currency_id",
                "company_currency_id", "amount_currency", "no_followup",
            )
        )  # fmt: skip

    @api.model
    def _get_undone_sql(self, at, accounts, everything_posted):
        """What of the reconciliations does not count. Drafts are found by their journal and state,
        which Odoo has an index of, and few of them are matched.

        :param accounts: SQL array of the receivable accounts' ids
        :return: a statement that gives one row: is_past, whether something posted is dated later
            than `at`, so that what was reconciled with it does not count; ids of further rows of
            account_partial_reconcile
        """
        self.env["account.move.line"].flush_model(["account_id", "date", "move_id", "parent_state"])
        self.env["account.move"].flush_model(["journal_id", "state"])
        drafts = SQL(
            """
            SELECT line.id
              FROM account_journal journal
              JOIN account_move move ON move.journal_id = journal.id AND move.state = 'draft'
              JOIN account_move_line line ON line.move_id = move.id
             WHERE line.account_id = ANY(%s)
            """,
            accounts,
        )
        undone = [
            SQL(
                "SELECT partial.id FROM draft"
                " JOIN account_partial_reconcile partial ON partial.%s = draft.id",
                SQL.identifier(side),
            )
            for side in ("debit_move_id", "credit_move_id")
        ]
        is_later = SQL(
            "EXISTS (SELECT 1 FROM account_move_line WHERE date > %s AND account_id = ANY(%s)"
            " AND parent_state = 'posted')",
            at,
            accounts,
        )
        if everything_posted:
            is_later = SQL("FALSE")
            # Money of a later day for a debt of an earlier one; an invoice and what cancels it on
            # the same day stay what they are together.
            undone.append(
                SQL(
                    """
                    SELECT partial.id
                      FROM account_move_line credit
                      JOIN account_partial_reconcile partial ON partial.credit_move_id = credit.id
                      JOIN account_move_line debit ON debit.id = partial.debit_move_id
                     WHERE credit.date > %s AND credit.account_id = ANY(%s)
                       AND debit.date < credit.date
                    """,
                    at,
                    accounts,
                )
            )
        return SQL(
            "WITH draft AS (%s) SELECT %s AS is_past, ARRAY(%s) AS ids",
            drafts,
            is_later,
            SQL(" UNION ALL ").join(undone),
        )
