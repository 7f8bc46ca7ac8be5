"""The balance of receivable or payable accounts by the ledger against their open items."""

from odoo.tools import SQL


class LedgerReconciliation:
    """No rights are checked, and what is pending must be flushed before."""

    def __init__(self, items):
        """
        :param items: the `OpenItems` of the date
        """
        self.env, self._items = items.env, items

    def get_balances(self, companies):
        """:return: {company's id: balance of the accounts by the ledger}, what is owed positive"""
        query = SQL(
            """
            SELECT company_id, SUM(balance) * %s FROM account_move_line
             WHERE account_id = ANY(%s) AND company_id IN %s
               AND parent_state = 'posted' AND date <= %s
             GROUP BY company_id
            """,
            self._items.sign,
            self._items.accounts,
            tuple(companies.ids),
            self._items.at,
        )
        return dict(self.env.execute_query(query))

    def get_differences(self, company):
        """The journal items whose balance, less what was reconciled by the date, is not what their
        row says: exchange differences booked later, and what was changed behind Odoo's back.

        :param company: the company that `items` are of
        :return: [(account.move.line, difference)]
        """
        items = self._items
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
            SELECT line.id,
                   %(sign)s * (line.balance - COALESCE(matched.amount, 0))
                       - COALESCE(item.residual, 0)
              FROM account_move_line line
              LEFT JOIN matched ON matched.line_id = line.id
              LEFT JOIN %(items)s ON item.id = line.id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.date <= %(at)s AND line.company_id = %(company)s
               AND %(sign)s * (line.balance - COALESCE(matched.amount, 0))
                   <> COALESCE(item.residual, 0)
             ORDER BY line.date, line.id
            """,
            sign=items.sign,
            at=items.at,
            counted=SQL("NOT (%s)", items.undone) if items.undone else SQL("TRUE"),
            items=items.items(),
            accounts=items.accounts,
            company=company.id,
        )
        entries = self.env["account.move.line"].sudo()
        return [(entries.browse(row[0]), row[1]) for row in self.env.execute_query(query)]
