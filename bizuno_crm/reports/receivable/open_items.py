"""The open items of customers or vendors on a date, aged: the SQL that every report about them is
made of. It knows nothing of models of ours, views or rights."""

from odoo.tools import SQL

from ...logic import aging
from .open_lines import OpenLines

# Money (or any entry of its side) that waits for a document; credit notes and instalments are lines
# of the type "payment_term".
_UNAPPLIED = SQL("(item.residual < 0 AND item.display_type <> 'payment_term')")
# A document that is not followed up. Entries of general journals are so by Odoo's default, which
# says nothing about them.
_DISPUTED = SQL("(item.no_followup IS TRUE AND item.display_type = 'payment_term')")
_DUE = SQL("COALESCE(item.date_maturity, item.date)")
_INVOICED = SQL("COALESCE(item.invoice_date, item.date)")


class OpenItems(OpenLines):
    """The open items of some companies and partners, of one type of account, on a date, each in the
    bucket of its age.

    Amounts are booked amounts in the company's currency. An item stands in one bucket, or, being
    money that is not matched with a document, in `unapplied`.
    """

    def __init__(self, env, account_type, at, basis=None, **choice):
        """
        :param str basis: what an age is counted from, one of `aging.BASES`; None: as each company
            has it
        :param choice: which items, see `OpenLines`
        """
        super().__init__(env, account_type, at, **choice)
        self._basis = self._get_basis_sql(basis)
        self._days = SQL("(%s - %s)", SQL("%s::date", at), self._basis)

    def select_rows(self):
        """:return: a query of the open items, one row for each"""
        buckets = [(bucket, self._get_bucket_sql(bucket)) for bucket in aging.BUCKETS]
        columns = [
            SQL("item.id, item.move_id, item.account_id, item.company_id, item.date"),
            SQL("contact.commercial_partner_id AS partner_id, partner.user_id"),
            # Not a join: PostgreSQL looks it up after the LIMIT, for the rows that are shown.
            SQL("(SELECT move_type FROM account_move WHERE id = item.move_id) AS move_type"),
            SQL("item.move_name AS reference, item.ref AS customer_reference"),
            SQL("item.invoice_date, %s AS date_due", _DUE),
            SQL("item.company_currency_id AS currency_id"),
            SQL("item.currency_id AS document_currency_id"),
            SQL("item.residual_currency AS amount_document, item.residual AS balance"),
            SQL("CASE WHEN item.residual < 0 THEN 0 ELSE %s END AS days_late", self._days),
            SQL("%s AS is_disputed, 1 AS item_count", _DISPUTED),
            # Sums by bucket sort it: plain bytes are compared faster than words.
            SQL(
                'CASE WHEN %s THEN %s %s END COLLATE "C" AS bucket',
                _UNAPPLIED,
                aging.UNAPPLIED,
                SQL(" ").join(SQL("WHEN %s THEN %s", test, b.key) for b, test in buckets),
            ),
            *(
                SQL(
                    "CASE WHEN NOT %s AND %s THEN item.residual ELSE 0 END AS %s",
                    _UNAPPLIED,
                    test,
                    SQL.identifier(bucket.amount_field),
                )
                for bucket, test in buckets
            ),
            SQL("CASE WHEN NOT %s THEN item.residual ELSE 0 END AS amount_total", _UNAPPLIED),
            SQL(
                "CASE WHEN NOT %s AND %s > 0 THEN item.residual ELSE 0 END AS amount_past_due",
                _UNAPPLIED,
                self._days,
            ),
            SQL("CASE WHEN %s THEN -item.residual ELSE 0 END AS unapplied", _UNAPPLIED),
        ]
        # Outer joins: PostgreSQL drops those whose columns a query does not ask for. The partner's
        # id is taken from the contact, so that the partner is joined for the salesperson only.
        return SQL(
            """
            SELECT %s FROM %s
            LEFT JOIN res_partner contact ON contact.id = item.partner_id
            LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
            """,
            SQL(", ").join(columns),
            self.items(),
        )

    def select_sums(self):
        """The same rows summed up: one per company and commercial partner.

        :return: a query of company_id, partner_id, user_id, currency_id, item_count, days_late,
            amount_disputed and the amounts
        """
        # Summed per contact first: a few thousand sums, not all the items, meet res_partner. Where
        # reconciliations are undone there are further rows, whose sums (and numbers) are what those
        # changed: so nothing but the index is read of all that they left alone.
        names = (*aging.PARTS, "disputed")
        parts = {name: SQL("COALESCE(SUM(%s), 0)", SQL.identifier("item", name)) for name in names}
        sums = {
            name: SQL(" + ").join(parts[part] for part in of) for name, of in aging.PARTS_OF.items()
        }
        sums["balance"] = SQL("%s - %s", sums["amount_total"], parts[aging.UNAPPLIED])
        sums["amount_disputed"] = parts["disputed"]
        # Outer joins, as above.
        return SQL(
            """
            SELECT item.*, partner.user_id, company.currency_id
              FROM (
                    SELECT item.company_id, contact.commercial_partner_id AS partner_id,
                           SUM(item.item_count)::integer AS item_count,
                           MAX(item.days_late) AS days_late, %(sums)s
                      FROM (%(rows)s) item
                      LEFT JOIN %(contact)s
                     GROUP BY item.company_id, contact.commercial_partner_id
                    HAVING SUM(item.item_count) <> 0
                   ) item
              LEFT JOIN res_partner partner ON partner.id = item.partner_id
              LEFT JOIN res_company company ON company.id = item.company_id
            """,
            contact=self._get_contact_sql(),
            sums=SQL(", ").join(
                SQL("%s AS %s", total, SQL.identifier(name)) for name, total in sums.items()
            ),
            rows=SQL(" UNION ALL ").join(
                self._select_sums_of(items, sign) for items, sign in self.parts()
            ),
        )

    def select_totals(self):
        """What each commercial partner owes, in as few columns as a decision needs. What is dated
        later and lowers it, a post-dated cheque, does not count; `past_due` is without what is in
        dispute.

        :return: a query of partner_id, total, past_due, unapplied
        """
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   COALESCE(SUM(item.total), 0) AS total,
                   COALESCE(SUM(item.past_due), 0) AS past_due,
                   COALESCE(SUM(item.unapplied), 0) AS unapplied
              FROM (%(sums)s) item
              JOIN %(contact)s
             GROUP BY contact.commercial_partner_id
            HAVING SUM(item.items) <> 0
            """,
            contact=self._get_contact_sql(),
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
                     GROUP BY item.account_id, item.partner_id
                    """,
                    sign=sign or SQL("1"),
                    residual=SQL("item.residual * %s", sign) if sign else SQL("item.residual"),
                    unapplied=_UNAPPLIED,
                    disputed=_DISPUTED,
                    days=self._days,
                    items=items,
                    at=self.at,
                )
                for items, sign in self.parts()
            ),
        )

    def _select_sums_of(self, items, sign=None):
        """Grouped as the index is sorted, nothing is sorted or hashed.

        :param sign: 1 for an item that is added, -1 for one that is taken off; None: all are added
        """
        residual = SQL("residual * %s", sign) if sign else SQL("residual")
        # The days first: of nearly all rows they answer five of six questions.
        sums = [
            SQL(
                "SUM(%s) FILTER (WHERE %s AND NOT %s)",
                residual,
                self._get_bucket_sql(bucket),
                _UNAPPLIED,
            )
            for bucket in aging.BUCKETS
        ]
        sums.append(SQL("-SUM(%s) FILTER (WHERE %s)", residual, _UNAPPLIED))
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
            days=self._days,
            added=added,
            residual=residual,
            disputed=_DISPUTED,
            sums=SQL(", ").join(
                SQL("%s AS %s", total, SQL.identifier(name))
                for total, name in zip(sums, aging.PARTS, strict=True)
            ),
            items=items,
        )

    def _get_contact_sql(self):
        """Who an item is of. Of a few partners each is looked up: PostgreSQL cannot know how few
        contacts they have, and would read the whole table of partners."""
        if not self.is_few:
            return SQL("res_partner contact ON contact.id = item.partner_id")
        return SQL(
            """
            LATERAL (
                SELECT commercial_partner_id FROM res_partner WHERE id = item.partner_id OFFSET 0
            ) contact ON TRUE
            """
        )

    def _get_basis_sql(self, basis):
        """The date an item's age is counted from: an entry without a due date ages from its own."""
        if basis is not None:
            return _INVOICED if basis == "invoice_date" else _DUE
        by_invoice = self.env["res.company"]._get_ids_aged_by_invoice_date()
        if not by_invoice:
            return _DUE
        return SQL(
            "CASE WHEN item.company_id IN %s THEN %s ELSE %s END", by_invoice, _INVOICED, _DUE
        )

    def _get_bucket_sql(self, bucket):
        if bucket.low is None:
            return SQL("%s <= %s", self._days, bucket.high)
        if bucket.high is None:
            return SQL("%s >= %s", self._days, bucket.low)
        return SQL("%s BETWEEN %s AND %s", self._days, bucket.low, bucket.high)
