"""The open documents of a Bizuno company, and how old they are: as Bizuno counts, and as its terms
say (logic.terms). Amounts are in the company's currency.

>>> own_due_date(terms.parse("3:0:0:0"), date(2026, 1, 1))  # net 0 counts as none
datetime.date(2026, 1, 31)
"""

import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .. import aging, moments, terms

COLUMNS = ("id", "journal_id", "post_date", "invoice_num", "purch_order_id", "contact_id_b",
           "total_amount", "closed", "terms", "currency", "currency_rate", "waiting")  # fmt: skip
BILL, VENDOR_CREDIT, INVOICE, CREDIT_MEMO = "6", "7", "12", "13"
#: How the total of a document counts, and how what its pmt lines say (debit less credit).
SIGNS = {BILL: (1, -1), VENDOR_CREDIT: (-1, -1), INVOICE: (1, 1), CREDIT_MEMO: (-1, 1)}
RECEIVABLE, PAYABLE = (INVOICE, CREDIT_MEMO), (BILL, VENDOR_CREDIT)
#: By which a document is due.
RULES = ("own_rule", "reference_rule")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
_CENT = Decimal("0.01")


class Document(NamedTuple):
    """`balance` is what is open, negative for credits; `due` is {rule: date}."""

    id: str
    journal: str
    number: str
    contact: str
    date: date
    po_number: str
    total: Decimal
    balance: Decimal
    is_open: bool
    currency: str
    due: dict


def as_amount(text):
    """
    :return: Decimal, in whole cents: Bizuno keeps what a foreign currency comes to unrounded
    :raise ValueError: a number in another notation, or none

    >>> as_amount("81.863157894737"), as_amount("9.625"), as_amount(None)
    (Decimal('81.86'), Decimal('9.63'), Decimal('0'))
    """
    if text in (None, ""):
        return Decimal(0)
    if not _AMOUNT.fullmatch(text) or len(text) > 30:
        raise ValueError(text)
    try:
        return Decimal(text).quantize(_CENT, ROUND_HALF_UP)
    except ArithmeticError as error:
        raise ValueError(text) from error


def document(row, post_date, total, paid, its_terms):
    """
    :param dict row: of journal_main
    :param Decimal paid: sum of the pmt lines that name it, debit less credit
    :return: Document
    """
    of_total, of_paid = SIGNS[row["journal_id"]]
    return Document(
        id=row["id"],
        journal=row["journal_id"],
        number=row["invoice_num"] or "",
        contact=row["contact_id_b"],
        date=post_date,
        po_number=row["purch_order_id"] or "",
        total=total,
        balance=of_total * total + of_paid * paid,
        is_open=row["closed"] == "0",
        currency=row["currency"] or "",
        due={
            "own_rule": own_due_date(its_terms, post_date),
            "reference_rule": terms.due_date(its_terms, post_date),
        },
    )


def own_due_date(its_terms, posted):
    """The date that Bizuno's ageing counts from: net 0 and due on receipt have thirty days there.

    >>> own_due_date(terms.parse("6"), date(2026, 1, 1))
    datetime.date(2026, 1, 31)
    """
    if its_terms.type == terms.ON_RECEIPT or (
        its_terms.type == terms.SPECIAL and not its_terms.net_days
    ):
        return moments.days_later(posted, terms.DEFAULT_NET_DAYS)
    return terms.due_date(its_terms, posted)


def aged(documents, journals, day, rule):
    """
    :param journals: RECEIVABLE or PAYABLE
    :param date day: of the picture
    :param str rule: one of RULES
    :return: {contact: {bucket or "total": Decimal}} of the open documents
    """
    figures = defaultdict(lambda: dict.fromkeys([*_BUCKETS, "total"], Decimal(0)))
    for one in documents:
        if one.is_open and one.journal in journals:
            figure = figures[one.contact]
            figure[aging.bucket_of((day - one.due[rule]).days)] += one.balance
            figure["total"] += one.balance
    return dict(figures)


_BUCKETS = [bucket.key for bucket in aging.BUCKETS]
