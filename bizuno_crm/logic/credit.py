"""The judge of credit: what a customer's account says about more of it, and what becomes of the
documents that ask for it. The one rule behind badges, filters and doors.

Amounts are in one currency, the company's, and rounded by it before they come here.

>>> Position(limit=1000, open=900, past_due=50).status()
'past_due'
>>> Position(limit=1000, open=900, past_due=50).status(document=200)
'over_limit'
>>> Position(limit=0, open=1_000_000).status()
'ok'
>>> Position(limit=1, open=5, account_status="hold").status()
'hold'

Money that has come in and is not matched yet is not overdue.

>>> Position(past_due=50, unapplied=50).status()
'ok'

The status is the first of the reasons that apply.

>>> Position(limit=1, open=5, past_due=5, account_status="hold").reasons()
['hold', 'over_limit', 'past_due']

Documents are judged together: two of 200 are too much where one would pass.

>>> position, policy = Position(limit=1000, open=700), Policy("block")
>>> documents = [Document("S1", added=200), Document("S2", added=200)]
>>> [verdict.action for verdict in judge(position, documents, policy)]
['block', 'block']
>>> [verdict.action for verdict in judge(position, documents[:1], policy)]
[None]

What is paid already lends nothing.

>>> paid = Document("S2", added=200, paid=200)
>>> [verdict.action for verdict in judge(position, [documents[0], paid], policy)]
[None, None]
"""

import math
from typing import Any, NamedTuple

LOCKED, HOLD, OVER_LIMIT, PAST_DUE, OK = "locked", "hold", "over_limit", "past_due", "ok"
# In the order in which they apply, with their names.
STATUSES = {
    LOCKED: "Locked",
    HOLD: "Credit Hold",
    OVER_LIMIT: "Over Limit",
    PAST_DUE: "Past Due",
    OK: "OK",
}
# The strictest first.
RESTRICTIONS = (LOCKED, HOLD)
# What a policy that is not just a warning stops.
STOPPED = (*RESTRICTIONS, OVER_LIMIT)
WARN, APPROVAL, BLOCK = "warn", "approval", "block"
# The most lenient first.
POLICIES = (WARN, APPROVAL, BLOCK)
# Sums of rounded amounts are compared in whole millionths.
DIGITS = 6


def strictness_of(restriction):
    """
    :return: 0 for the strictest; what is none of RESTRICTIONS comes last

    >>> strictness_of("locked"), strictness_of("hold"), strictness_of(False)
    (0, 1, 2)
    """
    known = restriction in RESTRICTIONS
    return RESTRICTIONS.index(restriction) if known else len(RESTRICTIONS)


class Position(NamedTuple):
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
            self.account_status: self.account_status in RESTRICTIONS,
            OVER_LIMIT: self.limit and self.excess(document) > 0,
            PAST_DUE: round(self.past_due - self.unapplied, DIGITS) > 0,
        }
        return [reason for reason, is_true in applies.items() if is_true]

    def excess(self, document=0.0):
        """How much more than the limit it would be.

        >>> Position(limit=1000.10, open=1000.30).excess()
        0.2
        """
        return round(self.open + document - self.limit, DIGITS)

    def restricted(self, account_status):
        """The position with the graver of its own restriction and of that of who orders.

        >>> Position(account_status="hold").restricted("locked").account_status
        'locked'
        >>> Position(account_status="locked").restricted("active").account_status
        'locked'
        """
        return self._replace(
            account_status=min(self.account_status, account_status, key=strictness_of)
        )


class Allowance(NamedTuple):
    """What somebody has approved, and what of it is needed; both in one currency, whatever that is.

    >>> Allowance(needed=1200.004, granted=1200).is_enough
    True
    >>> Allowance(needed=1200.01, granted=1200).is_enough
    False

    Where nobody has approved anything, not even nothing passes.

    >>> Allowance(needed=0, granted=None).is_enough
    False
    """

    needed: float
    granted: float | None
    rounding: float = 0.01

    @property
    def is_enough(self):
        return self.granted is not None and self._units(self.needed) <= self._units(self.granted)

    def _units(self, amount):
        # Halves away from zero, as Odoo rounds; a hair below a half is one.
        return math.copysign(math.floor(abs(amount) / self.rounding + 0.5 + 1e-9), amount)


class Document(NamedTuple):
    """A document that asks for credit.

    `added` is what it adds to what the customer owes; the position contains it already if
    `is_counted`. `uncounted` is what it lends besides, which no position ever contains: at a rate
    of somebody's own choice a debt looks smaller than it is. `paid` is for this document, and not
    part of the position yet; `covered` is what the same payment pays of documents that the position
    contains. Hold and lock stop what is not paid up to `to_pay`; None for a
    document that they stop though it is paid, as they stop the goods of an order. `orderer_status`
    is the restriction of who orders, if that is somebody else.

    `allowances` are the ways in which it may have been approved: of one of them all must be enough.
    What is delivered already `is_delivered`: the debt is there, whether it is billed or not.

    >>> Document(added=100, paid=99, to_pay=100).is_stopped_by_hold
    True
    >>> Document(added=100, paid=100, to_pay=100).is_stopped_by_hold
    False
    >>> Document(added=100, paid=100).is_stopped_by_hold
    True
    >>> part = Document(added=100, paid=30, covered=50)
    >>> part.net, part.change
    (70.0, 20.0)
    """

    key: Any = None
    added: float = 0.0
    uncounted: float = 0.0
    is_counted: bool = False
    paid: float = 0.0
    covered: float = 0.0
    to_pay: float | None = None
    orderer_status: str = "active"
    allowances: tuple = ()
    is_delivered: bool = False

    @property
    def lent(self):
        return self.added + self.uncounted

    @property
    def is_stopped_by_hold(self):
        return self.to_pay is None or round(self.to_pay - self.paid, DIGITS) > 0

    @property
    def settled(self):
        """What is paid. Paid in full is paid in full, at whatever rate.

        >>> Document(added=100, uncounted=20, paid=100, to_pay=100).settled
        120
        """
        if self.paid > 0 and not self.is_stopped_by_hold:
            return max(self.paid, self.lent)
        return self.paid

    @property
    def net(self):
        """What it asks for."""
        return round(self.lent - self.settled, DIGITS)

    @property
    def change(self):
        """What the position, as it was read, does not contain of it."""
        added = self.uncounted if self.is_counted else self.lent
        return added - self.settled - self.covered

    @property
    def is_approved(self):
        """
        >>> enough, too_little = Allowance(5, 5), Allowance(5, 4)
        >>> Document(allowances=([too_little], [enough, enough])).is_approved
        True
        >>> Document(allowances=([too_little], [enough, too_little], [])).is_approved
        False
        """
        return any(
            some and all(allowance.is_enough for allowance in some) for some in self.allowances
        )

    def is_reason(self, reason):
        """Whether a reason against the account is one against this document."""
        return self.is_stopped_by_hold if reason in RESTRICTIONS else self.net > 0


class Policy(NamedTuple):
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

    limit: str = WARN
    hold: str = "same"

    def of(self, reason):
        """:return: one of POLICIES"""
        if reason in RESTRICTIONS:
            return self.limit if self.hold == "same" else self.hold
        return self.limit if reason == OVER_LIMIT else WARN

    def of_all(self, reasons):
        """:return: the strictest that applies"""
        return max(map(self.of, reasons), key=POLICIES.index, default=WARN)

    def answer(self, reasons, document):
        """What becomes of a document.

        >>> approved = Document(allowances=([Allowance(5, 5)],))
        >>> Policy("approval").answer(["over_limit"], approved)
        >>> Policy("approval").answer(["over_limit"], Document())
        'approval'
        >>> Policy("block").answer(["over_limit"], approved)
        'block'
        >>> Policy("block").answer(["over_limit"], Document(is_delivered=True))
        'warn'

        :return: one of POLICIES; None where nothing is against it, or an approval lets it pass
        """
        if not reasons:
            return None
        action = self.of_all(reasons)
        if document.is_delivered:
            return WARN
        return None if action == APPROVAL and document.is_approved else action

    @property
    def is_warning_only(self):
        return self.of_all(STOPPED) == WARN


class Verdict(NamedTuple):
    """What becomes of a document, and why: `position` is the account without it and with all the
    others that are judged, `amount` what it adds to that."""

    document: Document
    reasons: tuple
    action: str | None
    position: Position
    amount: float


def judge(position, documents, policy):
    """Judge documents that one customer is to owe for, all together: one that lowers what is owed
    is not among them, and what is paid for one is paid.

    >>> position = Position(limit=1000, open=1000)
    >>> [verdict] = judge(position, [Document("S1", added=300)], Policy("approval"))
    >>> verdict.action, verdict.reasons, verdict.position.open, verdict.amount
    ('approval', ('over_limit',), 1000.0, 300.0)

    What the position contains already is not counted again, but told apart.

    >>> position = Position(limit=1000, open=1300)
    >>> [verdict] = judge(position, [Document("S1", added=300, is_counted=True)], Policy("block"))
    >>> verdict.action, verdict.position.open, verdict.amount
    ('block', 1000.0, 300.0)

    Who orders is on hold as well as who pays.

    >>> held = Document("S1", added=1, orderer_status="hold")
    >>> [verdict.action for verdict in judge(Position(), [held], Policy("warn", "block"))]
    ['block']

    :param position: `Position` of the customer
    :param documents: `Document`s, each of which adds 0 or more
    :param policy: `Policy`
    :return: a `Verdict` on each
    """
    change = round(sum(document.change for document in documents), DIGITS)
    verdicts = []
    for document in documents:
        account = position.restricted(document.orderer_status)
        reasons = tuple(filter(document.is_reason, account.reasons(change)))
        rest = round(account.open + change - document.net, DIGITS)
        verdicts.append(
            Verdict(
                document=document,
                reasons=reasons,
                action=policy.answer(reasons, document),
                position=account._replace(open=rest),
                amount=document.net,
            )
        )
    return verdicts
