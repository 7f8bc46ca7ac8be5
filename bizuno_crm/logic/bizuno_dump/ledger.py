"""The open documents and unapplied payments of a Bizuno company, and how old they are: as Bizuno
counts, and as its terms say (logic.terms). Amounts are in the company's currency.

>>> own_due_date(terms.parse("3:0:0:0"), date(2026, 1, 1))  # net 0 counts as none
datetime.date(2026, 1, 31)
"""

import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .. import aging, moments, terms
from .values import as_reference, as_text

TABLES = ("journal_main", "journal_item")
#: The problems of rows of which nobody can say what is in them.
GAPS = ("insert_unknown", "row_length", "row_unreadable")
COLUMNS = ("id", "journal_id", "post_date", "invoice_num", "purch_order_id", "contact_id_b",
           "total_amount", "closed", "terms", "currency", "currency_rate", "rep_id",
           "notes")  # fmt: skip
BILL, VENDOR_CREDIT, INVOICE, CREDIT_MEMO = "6", "7", "12", "13"
VENDOR_REFUND, RECEIPT, VENDOR_PAYMENT, REFUND = "17", "18", "20", "22"
#: How the total of a document counts, and how what its pmt lines say (debit less credit).
SIGNS = {BILL: (1, -1), VENDOR_CREDIT: (-1, -1), INVOICE: (1, 1), CREDIT_MEMO: (-1, 1)}
RECEIVABLE, PAYABLE = (INVOICE, CREDIT_MEMO), (BILL, VENDOR_CREDIT)
#: How what the pmt lines of a payment say counts, where they name nothing that they pay.
PAYMENT_SIGNS = {RECEIPT: 1, REFUND: 1, VENDOR_PAYMENT: -1, VENDOR_REFUND: -1}
RECEIVABLE_PAYMENTS, PAYABLE_PAYMENTS = (RECEIPT, REFUND), (VENDOR_PAYMENT, VENDOR_REFUND)
#: By which a document is due.
RULES = ("own_rule", "reference_rule")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
_CENT, _TOO_MUCH = Decimal("0.01"), Decimal(10) ** 15


class Document(NamedTuple):
    """`balance` is what is open, negative for credits; `due` is {rule: date}, empty without `date`;
    `rate` is how much of the document's currency one unit of the company's is, None where that
    cannot be read."""

    id: str
    journal: str
    number: str
    contact: str
    date: date | None
    po_number: str
    total: Decimal
    balance: Decimal
    is_open: bool
    currency: str
    due: dict
    rate: Decimal | None = Decimal(1)
    its_terms: terms.Terms | None = None
    rep: str = ""
    notes: str = ""


def cents(number):
    """
    :return: Decimal, in whole cents: Bizuno keeps what a foreign currency comes to unrounded. The
        total of a document, and what was paid of it in all: its aging has 652.18 where 434.7826
        of 1086.9565 are paid. Not each payment, or three thirds were more than the whole.

    >>> cents(Decimal("81.863157894737")), cents(Decimal("9.625"))
    (Decimal('81.86'), Decimal('9.63'))
    """
    return Decimal(number).quantize(_CENT, ROUND_HALF_UP)


def as_amount(text):
    """
    :return: Decimal, in whole cents
    :raise ValueError: a number in another notation, or none

    >>> as_amount("81.863157894737"), as_amount(None)
    (Decimal('81.86'), Decimal('0.00'))
    """
    try:
        return cents(as_number(text))
    except ArithmeticError as error:
        raise ValueError(text) from error


def as_number(text):
    """
    :return: Decimal
    :raise ValueError: a number in another notation, or none

    >>> as_number("1.375"), as_number("")
    (Decimal('1.375'), Decimal('0'))
    """
    if text in (None, ""):
        return Decimal(0)
    if not _AMOUNT.fullmatch(text) or len(text) > 30:
        raise ValueError(text)
    number = Decimal(text)
    if abs(number) >= _TOO_MUCH:
        raise ValueError(text)
    return number


def document(row, post_date, total, paid, its_terms):
    """
    :param dict row: of journal_main
    :param post_date: date, or None for one that cannot be read
    :param Decimal paid: sum of the pmt lines that name it, debit less credit
    :return: Document
    """
    of_total, of_paid = SIGNS[row["journal_id"]]
    return Document(
        **_head(row, post_date),
        total=cents(total),
        balance=of_total * cents(total) + of_paid * cents(paid),
        is_open=row["closed"] == "0",
        due={
            "own_rule": own_due_date(its_terms, post_date),
            "reference_rule": terms.due_date(its_terms, post_date),
        }
        if post_date
        else {},
        rate=_rate(row["currency_rate"]),
        its_terms=its_terms,
        rep=as_reference(row["rep_id"]),
        notes=as_text(row["notes"]),
    )


def _head(row, post_date):
    """What a document and a payment have in common."""
    return {
        "id": row["id"],
        "journal": row["journal_id"],
        "number": row["invoice_num"] or "",
        "contact": row["contact_id_b"],
        "date": post_date,
        "po_number": row["purch_order_id"] or "",
        "currency": row["currency"] or "",
    }


def _rate(text):
    """
    >>> _rate("0.92"), _rate("0"), _rate("x")
    (Decimal('0.92'), None, None)
    """
    try:
        rate = as_number(text)
    except ValueError:
        return None
    return rate if rate > 0 else None


def payment(row, post_date, unapplied):
    """
    :param dict row: of journal_main
    :param Decimal unapplied: sum of its pmt lines that name no document, debit less credit
    :return: Document; Bizuno's aging counts it nowhere, in its ledger it is open
    """
    balance = cents(PAYMENT_SIGNS[row["journal_id"]] * unapplied)
    return Document(
        **_head(row, post_date),
        total=balance,
        balance=balance,
        is_open=bool(balance),
        due=dict.fromkeys(RULES, post_date),
    )


def own_due_date(its_terms, posted):
    """The date that Bizuno's aging counts from: net 0 and due on receipt have thirty days there.

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
    for bizuno_document in documents:
        if bizuno_document.is_open and bizuno_document.journal in journals:
            figure = figures[bizuno_document.contact]
            figure[aging.bucket_of((day - bizuno_document.due[rule]).days)] += (
                bizuno_document.balance
            )
            figure["total"] += bizuno_document.balance
    return dict(figures)


def open_amounts(documents, journals):
    """:return: {contact: Decimal} of what is open, without asking for its age"""
    amounts = defaultdict(Decimal)
    for bizuno_document in documents:
        if bizuno_document.is_open and bizuno_document.journal in journals:
            amounts[bizuno_document.contact] += bizuno_document.balance
    return dict(amounts)


_BUCKETS = [bucket.key for bucket in aging.BUCKETS]
