from odoo import api, models
from odoo.tools import SQL

from ...logic import aging
from .open_lines import accounts_sql


class BizunoAgedStatementMixin(models.AbstractModel):
    """What a statement of account prints: the open items of a customer in one currency, and what
    moved its account in a period."""

    _name = "bizuno.aged.statement.mixin"
    _description = "Aged Receivables on Statements"

    def _get_stated_amount(self):
        """:return: what is open, in the currency that the document is in"""
        self.ensure_one()
        is_own = self.document_currency_id == self.currency_id
        return self.balance if is_own else self.amount_document

    @api.model
    def _get_statement_block(self, company, currency, rows, items):
        """The open items of a customer in one currency, as a statement prints them.

        :param items: {id: account.move.line}, those of the rows
        :return: see `_get_statements`
        """
        is_own = currency == company.sudo().currency_id
        parts = dict.fromkeys(aging.PARTS, 0.0)
        disputed = asked = 0.0
        lines = []
        for row in rows:
            item = items[row.id]
            amount = row._get_stated_amount()
            is_payment = row.bucket == aging.UNAPPLIED
            if is_payment:
                parts[aging.UNAPPLIED] -= amount
            else:
                parts[f"amount_{row.bucket}"] += amount
            if row.is_disputed:
                disputed += amount
            elif amount < 0 or row.bucket != "current":
                # Not what the customer has paid or been credited already, due or not, whatever it
                # is to be matched with.
                asked += amount
            lines.append(
                {
                    "move_id": item.move_id.id,
                    "date": row.invoice_date or row.date,
                    "document": row.reference,
                    "reference": row.customer_reference,
                    "date_due": False if is_payment else row.date_due,
                    # what the customer is owed is never late
                    "days_late": row.days_late if amount > 0 and not is_payment else 0,
                    "original": item.balance if is_own else item.amount_currency,
                    "amount": amount,
                    "is_payment": is_payment,
                    "is_disputed": row.is_disputed,
                }
            )
        totals = dict(zip(aging.AMOUNTS, aging.amounts(*parts.values()), strict=True))
        past_due = totals["amount_total"] - totals["amount_current"]
        totals.update(
            amount_past_due=past_due,
            disputed=disputed,
            amount_asked=max(asked, 0.0),
        )
        return {
            "company": company,
            "currency": currency,
            "rows": rows,
            "totals": {name: currency.round(total) for name, total in totals.items()},
            "opening": 0.0,
            "lines": lines,
        }

    @api.model
    def _get_activity(self, partner_ids, companies, date_from, date):
        """The entries of the receivable accounts of some customers, in two queries, by the currency
        that each document is in. No rights are checked.

        Where an item was matched with one of another currency, the match is an entry in both
        currencies: so the balance of each is what is open in it.

        :param partner_ids: ids of commercial partners
        :param companies: `res.company`
        :param date_from: the first day; what was before is the opening balance
        :param date: the last day
        :return: {(partner's id, company's id, currency's id): (opening balance, [{"move_id",
            "date", "document", "reference", "kind", "amount"}])}, `kind` being "invoice",
            "credit_memo", "payment" or "entry"
        """
        if not partner_ids:
            return {}
        self._flush_sources()
        self.env["account.journal"].flush_model(["type"])
        entries = self._get_activity_entries_sql(partner_ids, companies, date)
        opening = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, company_id, currency_id, SUM(amount)
                  FROM (%s) entry WHERE date < %s
                 GROUP BY partner_id, company_id, currency_id
                """,
                entries,
                date_from,
            )
        )
        activity = {tuple(key): (balance, []) for *key, balance in opening}
        lines = self.env.execute_query(
            SQL(
                """
                SELECT entry.partner_id, entry.company_id, entry.currency_id, entry.move_id,
                       entry.date, move.name, move.ref,
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                            WHEN move.move_type = 'out_refund' THEN 'credit_memo'
                            WHEN journal.type IN ('bank', 'cash', 'credit') THEN 'payment'
                            ELSE 'entry' END,
                       SUM(entry.amount)
                  FROM (%s) entry
                  JOIN account_move move ON move.id = entry.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                 WHERE entry.date >= %s
                 GROUP BY entry.partner_id, entry.company_id, entry.currency_id, entry.move_id,
                       entry.date, move.id, journal.id
                HAVING SUM(entry.amount) <> 0
                 ORDER BY entry.date, entry.move_id
                """,
                entries,
                date_from,
            )
        )
        names = ("move_id", "date", "document", "reference", "kind", "amount")
        for partner_id, company_id, currency_id, *values in lines:
            _opening, own = activity.setdefault((partner_id, company_id, currency_id), (0.0, []))
            own.append(dict(zip(names, values, strict=True)))
        return activity

    @api.model
    def _get_activity_entries_sql(self, partner_ids, companies, date):
        items = SQL(
            """
            SELECT line.id, line.move_id, contact.commercial_partner_id AS partner_id,
                   line.company_id, line.currency_id, line.date, line.amount_currency AS amount
              FROM account_move_line line
              JOIN res_partner contact ON contact.id = line.partner_id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.company_id IN %(companies)s AND line.date <= %(date)s
               AND line.partner_id IN
                   (SELECT id FROM res_partner WHERE commercial_partner_id IN %(partners)s)
            """,
            accounts=accounts_sql(self.env, self._account_type, at_once=True),
            companies=tuple(companies.ids) or (0,),
            date=date,
            partners=tuple(partner_ids),
        )
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s)
            SELECT partner_id, company_id, currency_id, move_id, date, amount FROM item
             UNION ALL
            SELECT item.partner_id, item.company_id, item.currency_id, other.move_id,
                   partial.max_date, -partial.debit_amount_currency
              FROM item
              JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
              JOIN account_move_line other ON other.id = partial.credit_move_id
             WHERE %(exchanged)s
             UNION ALL
            SELECT item.partner_id, item.company_id, item.currency_id, other.move_id,
                   partial.max_date, partial.credit_amount_currency
              FROM item
              JOIN account_partial_reconcile partial ON partial.credit_move_id = item.id
              JOIN account_move_line other ON other.id = partial.debit_move_id
             WHERE %(exchanged)s
            """,
            items=items,
            exchanged=SQL(
                "other.currency_id <> item.currency_id AND other.parent_state = 'posted'"
                " AND partial.max_date <= %s",
                date,
            ),
        )
