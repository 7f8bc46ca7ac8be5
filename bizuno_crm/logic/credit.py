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

The status is the first of the reasons that apply.

>>> Account(limit=1, open=5, past_due=5, account_status="hold").reasons()
['hold', 'over_limit', 'past_due']
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
# The most lenient first.
POLICIES = ("warn", "approval", "block")


@dataclass(frozen=True)
class Account:
    """A customer in one company.

    `open` is what is owed: invoices and credit notes less unapplied payments and, where the company
    wants it so, orders not yet invoiced. `past_due` is the figure of the aged receivables, from
    which the payments in `unapplied` are not taken off. A limit of 0 is no limit. `branches` says
    how much of `open` is not the company's own but that of others that share the limit:
    ((name, amount), ...).
    """

    limit: float = 0.0
    open: float = 0.0
    past_due: float = 0.0
    unapplied: float = 0.0
    account_status: str = "active"
    branches: tuple = ()

    def status(self, document=0.0):
        """:param document: what a document adds that is not in `open` yet"""
        reasons = self.reasons(document)
        return reasons[0] if reasons else OK

    def reasons(self, document=0.0):
        """:return: everything but OK that applies, the gravest first"""
        applies = {
            self.account_status: self.account_status in (LOCKED, HOLD),
            OVER_LIMIT: self.limit and self.excess(document) > 0,
            PAST_DUE: round(self.past_due - self.unapplied, 6) > 0,
        }
        return [reason for reason, is_true in applies.items() if is_true]

    def excess(self, document=0.0):
        """How much more than the limit it would be.

        >>> Account(limit=1000.10, open=1000.30).excess()
        0.2
        """
        return round(self.open + document - self.limit, 6)


@dataclass(frozen=True)
class Policy:
    """What a company does about a document of a customer who gets no more credit.

    >>> Policy("warn", "block").of("hold"), Policy("warn", "block").of("over_limit")
    ('block', 'warn')
    >>> Policy("approval").of("locked")
    'approval'
    >>> Policy("block").of("past_due")
    'warn'
    >>> Policy("warn", "approval").of_all(["hold", "over_limit"])
    'approval'
    >>> Policy("warn").is_warning_only, Policy("warn", "block").is_warning_only
    (True, False)
    """

    limit: str = "warn"
    hold: str = "same"

    def of(self, reason):
        """:return: one of POLICIES"""
        if reason in (LOCKED, HOLD):
            return self.limit if self.hold == "same" else self.hold
        return self.limit if reason == OVER_LIMIT else "warn"

    def of_all(self, reasons):
        """:return: the strictest that applies"""
        return max(map(self.of, reasons), key=POLICIES.index, default="warn")

    @property
    def is_warning_only(self):
        return self.of_all(STOPPED) == "warn"
