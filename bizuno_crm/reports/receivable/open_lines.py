"""Which journal items were open on a date, and how much of each: SQL for `open_items`."""

from functools import cached_property

from odoo.tools import SQL

# Up to so many partners are looked up one by one, beyond it the whole ledger is read at once.
FEW_PARTNERS = 500

# What is owed counts positively, on either side of the ledger.
_SIGNS = {"asset_receivable": 1, "liability_payable": -1}
_COLUMNS = (
    "id", "move_id", "move_name", "ref", "account_id", "partner_id", "company_id", "date",
    "invoice_date", "date_maturity", "display_type", "currency_id", "company_currency_id",
    "amount_currency", "no_followup",
)  # fmt: skip
_COLUMNS_SQL = SQL(", ").join(SQL.identifier("line", name) for name in _COLUMNS)


class OpenLines:
    """The journal items of receivable or payable accounts that were open on a date.

    Reconciliations with something dated later do not count, nor do those with a draft: what a draft
    says has not happened. SQL speaks of a journal item as `line`, of an open one as `item`, which
    has `residual` (company's currency) and `residual_currency` (the document's): what is owed is
    positive, to us on receivable accounts, by us on payable ones.

    No rights are checked, and what is pending must be flushed before.
    """

    def __init__(
        self,
        env,
        account_type,
        at,
        companies=None,
        partner_ids=None,
        line_ids=None,
        asked_company_ids=None,
        everything_posted=False,
    ):
        """
        :param account_type: "asset_receivable" or "liability_payable"
        :param date at: the day
        :param companies: only those whose ids are in this SQL array; None for all
        :param partner_ids: ids of commercial partners; None for all
        :param line_ids: ids of journal items; None for all
        :param asked_company_ids: whoever reads the rows asks for those of these companies anyway;
            None for all
        :param everything_posted: what is dated later than `at` counts too, but frees nothing yet of
            what is dated earlier
        """
        self.env, self.at, self.sign = env, at, _SIGNS[account_type]
        self.is_few = line_ids is not None or is_few(partner_ids)
        self._is_asked_along = self.is_few and (partner_ids is None or len(partner_ids) <= 1)
        self._everything_posted = everything_posted
        self.accounts = accounts_sql(env, account_type, at_once=self.is_few)
        self._asked_company_ids = asked_company_ids
        self.still_open = SQL("line.reconciled IS NOT TRUE AND line.amount_residual <> 0")
        where = [
            SQL("line.account_id = ANY(%s)", self.accounts),
            SQL("line.parent_state = 'posted'"),
        ]
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
        self._chosen = where

    @property
    def undone(self):
        """Which rows of account_partial_reconcile do not count; None: all count, what is left of a
        line now is right."""
        return self._undone[0]

    @property
    def where(self):
        """The condition on a line, whatever is left of it."""
        is_past = [SQL("line.date <= %s", self.at)] if self._undone[1] else []
        return SQL(" AND ").join([*self._chosen, *is_past])

    @cached_property
    def _probe(self):
        """Of one partner, a statement that gives (is_undone, ids) of what `undone` is made of,
        which is asked with the rest. None: it is asked before, which is one statement more and
        leaves PostgreSQL much less to plan."""
        if not self._is_asked_along:
            return None
        asked = self._get_undone_sql()
        return SQL("SELECT is_past OR ids <> '{}' AS is_undone, ids FROM (%s) undone", asked)

    @cached_property
    def _undone(self):
        """:return: (`undone`, whether lines of a later date are none)"""
        if self._probe:
            is_past, ids = not self._everything_posted, SQL("(SELECT ids FROM probe)::integer[]")
        else:
            [(is_past, ids)] = self.env.execute_query(self._get_undone_sql())
        undone = [SQL("max_date > %s", self.at)] if is_past else []
        if ids:
            undone.append(SQL("id = ANY(%s)", ids))
        return SQL("(%s)", SQL(" OR ").join(undone)) if undone else None, is_past

    def may_exist(self):
        """:return: whether there can be an open item at all: one is open now, which the index of
        open items tells, or something was undone since, of whomever"""
        if not self._probe and self.undone is not None:
            return True
        is_undone = SQL("FALSE")
        if self._probe:
            is_undone = SQL("(SELECT is_undone FROM (%s) probe)", self._probe)
        is_open = SQL("EXISTS (SELECT FROM %s)", self._get_items_now_sql())
        return self.env.execute_query(SQL("SELECT %s OR %s", is_undone, is_open))[0][0]

    def items(self):
        """:return: the open items of the date, a FROM item named `item`"""
        if self.undone is None:
            return self._get_items_now_sql()
        if self.is_few:
            then = SQL(
                """
                SELECT %(columns)s, line.residual, line.residual_currency
                  FROM (%(then)s) line
                 WHERE CASE WHEN line.is_changed THEN %(is_open)s ELSE line.is_still_open END
                """,
                columns=_COLUMNS_SQL,
                then=self._get_lines_then_sql(),
                is_open=self._get_is_open_sql(),
            )
            if not self._probe:
                return SQL("(%s) item", then)
            # PostgreSQL reads one of the two: the probe is answered before it begins.
            return SQL(
                """
                (
                    WITH probe AS MATERIALIZED (%(probe)s)
                    SELECT * FROM %(now)s WHERE NOT (SELECT is_undone FROM probe)
                     UNION ALL
                    %(then)s AND (SELECT is_undone FROM probe)
                ) item
                """,
                probe=self._probe,
                now=self._get_items_now_sql(),
                then=then,
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
            later=self._get_changed_lines_sql(),
            now=self._get_items_now_sql(),
            columns=_COLUMNS_SQL,
            is_open=self._get_is_open_sql(),
        )

    def parts(self):
        """The open items of the date, for sums: those of now, and what changed since.

        :return: [(a FROM item named `item`, None or the SQL of the sign its rows count with)]
        """
        if self.undone is None or self.is_few:
            return [(self.items(), None)]
        return [
            (self._get_items_now_sql(), None),
            (self._get_changes_sql(), SQL("item.sign")),
        ]

    def _signed(self, amount):
        return amount if self.sign > 0 else SQL("-(%s)", amount)

    def _get_items_now_sql(self):
        return SQL(
            "(SELECT %s, %s AS residual, %s AS residual_currency"
            " FROM account_move_line line WHERE %s AND %s) item",
            _COLUMNS_SQL,
            self._signed(SQL("line.amount_residual")),
            self._signed(SQL("line.amount_residual_currency")),
            self.where,
            self.still_open,
        )

    def _get_lines_then_sql(self, source=None):
        """All the lines, and how they stood on the date: what is undone of their reconciliations
        is looked up for each.

        :param source: a FROM item, the journal items they are taken from; None for all
        """
        return SQL(
            """
            SELECT %(columns)s, %(residual_now)s AS residual_now,
                   (%(still_open)s) IS TRUE AS is_still_open,
                   COALESCE(debit.amount, credit.amount) IS NOT NULL AS is_changed,
                   %(residual)s AS residual, %(residual_currency)s AS residual_currency
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
            columns=_COLUMNS_SQL,
            residual_now=self._signed(SQL("line.amount_residual")),
            still_open=self.still_open,
            residual=self._signed(
                SQL("line.amount_residual + COALESCE(debit.amount, 0) - COALESCE(credit.amount, 0)")
            ),
            residual_currency=self._signed(
                SQL(
                    "line.amount_residual_currency + COALESCE(debit.amount_currency, 0)"
                    " - COALESCE(credit.amount_currency, 0)"
                )
            ),
            source=source or SQL("account_move_line"),
            undone=self.undone,
            where=self.where,
        )

    def _get_changed_lines_sql(self):
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
            undone=self.undone,
            dated=SQL("date <= %s", self.at) if self._undone[1] else SQL("TRUE"),
        )
        then = self._get_lines_then_sql(changed)
        # What is asked of the rows does not get so far down by itself.
        if (company_ids := self._asked_company_ids) is not None:
            then = SQL("%s AND line.company_id IN %s", then, company_ids or (0,))
        return then

    def _get_changes_sql(self):
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
                SELECT %(columns)s, line.residual_now, -1
                  FROM later line
                 WHERE line.is_still_open
            ) item
            """,
            later=self._get_changed_lines_sql(),
            columns=_COLUMNS_SQL,
            is_open=self._get_is_open_sql(),
        )

    def _get_is_open_sql(self):
        """Of a line that was reconciled later, something was left; and of a document in another
        currency, something of that currency: an exchange difference booked later is no debt."""
        return SQL(
            "line.residual <> 0 AND (line.residual_currency <> 0"
            " OR line.currency_id = line.company_currency_id OR line.amount_currency = 0)"
        )

    def _get_undone_sql(self):
        """What of the reconciliations does not count. Drafts are found by their journal and state,
        which Odoo has an index of, and few of them are matched.

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
            self.accounts,
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
            self.at,
            self.accounts,
        )
        if self._everything_posted:
            is_later = SQL("FALSE")
            undone.append(self._get_paid_later_sql())
        return SQL(
            "WITH draft AS (%s) SELECT %s AS is_past, ARRAY(%s) AS ids",
            drafts,
            is_later,
            SQL(" UNION ALL ").join(undone),
        )

    def _get_paid_later_sql(self):
        """Money of a later day for a debt of an earlier one; an invoice and what cancels it on the
        same day stay what they are together."""
        debt, money = ("debit", "credit") if self.sign > 0 else ("credit", "debit")
        return SQL(
            """
            SELECT partial.id
              FROM account_move_line %(money)s
              JOIN account_partial_reconcile partial ON partial.%(money_id)s = %(money)s.id
              JOIN account_move_line %(debt)s ON %(debt)s.id = partial.%(debt_id)s
             WHERE %(money)s.date > %(at)s AND %(money)s.account_id = ANY(%(accounts)s)
               AND %(debt)s.date < %(money)s.date
            """,
            money=SQL.identifier(money),
            money_id=SQL.identifier(f"{money}_move_id"),
            debt=SQL.identifier(debt),
            debt_id=SQL.identifier(f"{debt}_move_id"),
            at=self.at,
            accounts=self.accounts,
        )


def accounts_sql(env, account_type, at_once=False):
    """The accounts of a type, of all companies, closed ones too, as an array for
    `= ANY(…)`.

    :param bool at_once: as a part of the statement: one query less, for a few partners
    """
    accounts = env["account.account"].sudo().with_context(active_test=False)
    if at_once:
        # What `_search` says, of which each page of a partner needs several.
        column = SQL.identifier("account_type", to_flush=accounts._fields["account_type"])
        return SQL("ARRAY(SELECT id FROM account_account WHERE %s = %s)", column, account_type)
    account_ids = accounts._search([("account_type", "=", account_type)])
    # PostgreSQL plans better for all partners with ids that it knows.
    return SQL("%s::integer[]", list(account_ids))


def is_few(partner_ids):
    """Whether the items of some commercial partners are looked up partner by partner."""
    return partner_ids is not None and len(partner_ids) <= FEW_PARTNERS
