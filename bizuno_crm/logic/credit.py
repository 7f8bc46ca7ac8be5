"""What a customer's account says about more credit: the one rule behind badges, filters and doors.

Amounts are in one currency, the company's, and rounded by it before they come here.

>>> Account(limit=1000, open=900, past_due=50).status()
'past_due'
>>> Account(limit=1000, open=900, past_due=50).status(document=200)
'over_limit'
>>> Account(limit=0, open=1_000_000).status()
'ok'
>>> Account(limit=1, open=5, account_status="hold").status()
'hold'

Money that has come in and is not matched yet is not overdue.

>>> Account(past_due=50, unapplied=50).status()
'ok'
"""

from dataclasses import dataclass

LOCKED, HOLD, OVER_LIMIT, PAST_DUE, OK = "locked", "hold", "over_limit", "past_due", "ok"
# In the order in which they apply, with their names.
STATUSES = {
    LOCKED: "Locked",
    HOLD: "Credit Hold",
    OVER_LIMIT: "Over Limit",
    PAST_DUE: "Past Due",
    OK: "OK",
}
# What a policy that is not just a warning stops.
STOPPED = (LOCKED, HOLD, OVER_LIMIT)


@dataclass(frozen=True)
class Account:
    """A customer in one company.

    `open` is what is owed: invoices and credit memos less unapplied payments and, where the company
    wants it so, orders not yet invoiced. `past_due` is the figure of the aged receivables, from
    which the payments in `unapplied` are not taken off. A limit of 0 is no limit.
    """

    limit: float = 0.0
    open: float = 0.0
    past_due: float = 0.0
    unapplied: float = 0.0
    account_status: str = "active"

    def status(self, document=0.0):
        """:param document: what a document adds that is not in `open` yet"""
        if self.account_status in (LOCKED, HOLD):
            return self.account_status
        if self.limit and self.excess(document) > 0:
            return OVER_LIMIT
        return PAST_DUE if round(self.past_due - self.unapplied, 6) > 0 else OK

    def excess(self, document=0.0):
        """How much more than the limit it would be.

        >>> Account(limit=1000.10, open=1000.30).excess()
        0.2
        """
        return round(self.open + document - self.limit, 6)
