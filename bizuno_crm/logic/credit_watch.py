"""What documents lent before a change, so that what they lend afterwards can be judged: whatever
the change was, and whichever way it came.

>>> watch = Watch()
>>> watch.add({"S1": Claim("Ann", "Ann", 900, 900), "S2": None})
>>> watch.add({"S1": Claim("Ann", "Ann", 5000, 5000)})  # what was first seen stays
>>> after = {"S1": Claim("Ann", "Ann", 950, 950), "S2": Claim("Bob", "Bob", 10, 10)}
>>> sorted(watch.grown(after))
['S1', 'S2']
>>> sorted(watch.grown({"S1": Claim("Ann", "Ann", 800, 800), "S2": None}))
[]

What was invoiced is lent: an order that keeps its total, but has more left to invoice, lends more.

>>> sorted(watch.grown({"S1": Claim("Ann", "Ann", 900, 901)}))
['S1']

So does one that moves to another company, where the customer has another limit.

>>> sorted(watch.grown({"S1": Claim("Ann", "Ann", 900, 900, "Paris")}))
['S1']

What invoices bill is no longer left of their orders. If that ends, an order has more left again:
which lends no more if the customer owes as much less, and else is more than there was.

>>> watch = Watch()
>>> watch.add_billing({"S1": Claim("Ann", "Ann", 900, 0)}, {"S1": ("Ann", 0), "INV1": ("Ann", 800)})
>>> after = {"S1": Claim("Ann", "Ann", 900, 900)}
>>> watch.regrown(after, {"S1": ("Ann", 900), "INV1": ("Ann", 0)}, cents=0.02)
['S1']
>>> watch.regrown(after, {"S1": ("Ann", 900), "INV1": ("Ann", -100)}, cents=0.02)
[]
"""

from collections import Counter
from typing import Any, NamedTuple


class Claim(NamedTuple):
    """What a document lends: to whom, at whose order, how much in all and how much is left that no
    invoice has; in the currency of the company and rounded by it; and in which company's books."""

    customer: Any
    orderer: Any
    total: float
    left: float
    company: Any = None

    def exceeds(self, before):
        """:param before: the claim of the same document earlier, None if it did not lend"""
        return before is None or (
            self.customer != before.customer
            or self.orderer != before.orderer
            or self.company != before.company
            or self.total > before.total
            or self.left > before.left
        )


class Watch:
    """The documents that a transaction changes, with what they lent when it first touched them."""

    def __init__(self, can_undo=False):
        """
        :param bool can_undo: what is refused at the end will be undone
        """
        self.can_undo = can_undo
        self.before = {}
        self.billed = {}
        self.volumes = {}

    def add(self, claims):
        """
        :param dict claims: {document: `Claim`, or None if it does not lend}
        """
        for document, claim in claims.items():
            self.before.setdefault(document, claim)

    def add_billing(self, claims, volumes):
        """
        :param dict claims: {order that is billed: `Claim`, or None}
        :param dict volumes: {the same orders and their invoices: (customer, what is left of the one
            or owed for the other)}
        """
        for order, claim in claims.items():
            self.billed.setdefault(order, claim)
        for document, volume in volumes.items():
            self.volumes.setdefault(document, volume)

    def settle(self, claims):
        """These documents are as they should be: only what changes from here on is judged."""
        self.before.update(claims)

    def grown(self, after):
        """
        :param dict after: {document: `Claim` or None} as it is now
        :return: the documents that lend more than before, or to somebody else
        """
        return [
            document
            for document, claim in after.items()
            if claim is not None and claim.exceeds(self.before.get(document))
        ]

    def regrown(self, after, volumes, cents):
        """
        :param dict after: {order that was billed: `Claim` or None} as it is now
        :param dict volumes: as for `add_billing`, as they are now
        :param float cents: by how much a customer's sum may differ for roundings
        :return: the orders of customers of whom more is left and owed than before, in all
        """
        more = Counter()
        for sign, known in ((1, volumes), (-1, self.volumes)):
            for customer, amount in known.values():
                more[customer] += sign * amount
        return [
            order
            for order, claim in after.items()
            if claim is not None
            and more[claim.customer] > cents
            and claim.exceeds(self.billed.get(order))
        ]
