"""Bizuno's encoded payment terms: `type:discount%:discount_days:net_days_or_date:credit_limit`.

`parse` and `encode` are the only places that know this text. They are total: every text of that
form is understood, everything else is refused with one TermsError.

>>> terms = parse("3:2:10:30:2500")
>>> terms.discount, terms.discount_days, terms.net_days, terms.credit_limit
(Decimal('2'), 10, 30, Decimal('2500'))
>>> encode(terms)
'3:2:10:30:2500'
>>> encode(parse("0"))
'0:0:0:30:1000'
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import floor, log10

from .moments import days_later

DEFAULT, COD, PREPAID, SPECIAL, ON_DATE, END_OF_MONTH, ON_RECEIPT = range(7)
LABELS = {
    DEFAULT: "Default terms",
    COD: "Cash on delivery",
    PREPAID: "Prepaid",
    SPECIAL: "Discount and net days",
    ON_DATE: "Due on a date",
    END_OF_MONTH: "End of month",
    ON_RECEIPT: "Due on receipt",
}
# What missing parts stand for.
DEFAULT_NET_DAYS = 30
DEFAULT_LIMIT = Decimal(1000)
# What a TermsError can be about.
PARTS = ("text", "parts", "type", "discount", "discount_days", "net_days", "date", "credit_limit")
# Due on the date of the document itself.
IMMEDIATE = (COD, PREPAID, ON_RECEIPT)
DISCOUNTED = (SPECIAL, END_OF_MONTH)

# From here on a credit limit has no code.
MOST_LIMIT = 10**12
# Plain ASCII digits without sign, exponent or leading zeros, so that a text has one reading.
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,3})", re.ASCII)
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


class TermsError(ValueError):
    """A text that is not an encoded payment term.

    `part` is the wrong one of PARTS and `value` what stands there: the sentence for the user, in
    the user's language, is made of them (`messages.terms_refused`).
    """

    def __init__(self, text, part, value):
        super().__init__(f"Payment terms {text!r}: wrong {part.replace('_', ' ')} {value!r}.")
        self.text, self.part, self.value = text, part, value


@dataclass(frozen=True)
class Terms:
    """Payment terms and credit limit of a customer, as Bizuno keeps them.

    `net_days` is None exactly where the terms are due on `due_date` (type 4).
    """

    type: int = DEFAULT
    discount: Decimal = Decimal(0)
    discount_days: int = 0
    net_days: int | None = DEFAULT_NET_DAYS
    due_date: date | None = None
    credit_limit: Decimal = DEFAULT_LIMIT

    @property
    def early_discount(self):
        """(percent, days) of the early payment discount, or None.

        >>> parse("3:2:10:30").early_discount
        (Decimal('2'), 10)
        >>> parse("1:2:10:30").early_discount
        """
        if self.type in DISCOUNTED and self.discount and self.discount_days:
            return self.discount, self.discount_days
        return None

    @property
    def due_days(self):
        """Days from the date of the document until it is due, or None if that is not it.

        >>> parse("0:0:0:60").due_days, parse("3:0:0:60").due_days, parse("5").due_days
        (30, 60, None)
        """
        if self.type == SPECIAL:
            return self.net_days
        if self.type == DEFAULT:
            return DEFAULT_NET_DAYS
        return 0 if self.type in IMMEDIATE else None

    @property
    def effect(self):
        """What the terms do to a document: terms of equal effect can share a payment term.

        >>> parse("0").effect == parse("3:0:0:30").effect
        True
        >>> parse("1").effect == parse("6").effect  # both due at once, but not the same promise
        False
        """
        return (
            self.type if self.type in (COD, PREPAID, END_OF_MONTH) else None,
            self.due_days,
            self.due_date,
            self.early_discount,
        )


def parse(text):
    """
    :param str text: for example "3:2:10:30:1000"; missing or empty parts have Bizuno's defaults
    :return: Terms
    :raise TermsError: says which part is wrong

    >>> parse("4:0:0:2026-12-31:500").due_date
    datetime.date(2026, 12, 31)
    >>> parse("9:0:0:30:1000")
    Traceback (most recent call last):
    ...
    odoo.addons.bizuno_crm.logic.terms.TermsError: Payment terms '9:0:0:30:1000': wrong type '9'.
    """
    if not isinstance(text, str) or not text.strip():
        raise TermsError(text, "text", text)
    parts = text.strip().split(":")
    if len(parts) > 5:
        raise TermsError(text, "parts", len(parts))
    kind, discount, discount_days, net, limit = (*parts, *[""] * (5 - len(parts)))
    if kind not in ("", *map(str, LABELS)):
        raise TermsError(text, "type", kind)
    terms = Terms(
        type=int(kind or DEFAULT),
        discount=_number(text, "discount", discount, Decimal(0)),
        discount_days=_whole(text, "discount_days", discount_days, 0),
        credit_limit=_number(text, "credit_limit", limit, DEFAULT_LIMIT),
    )
    if terms.discount > 100:
        raise TermsError(text, "discount", discount)
    if terms.type == ON_DATE:
        return replace(terms, net_days=None, due_date=_date(text, net))
    return replace(terms, net_days=_whole(text, "net_days", net, DEFAULT_NET_DAYS))


def encode(terms):
    """The encoded text of Terms: `parse(encode(terms)) == terms`.

    >>> encode(Terms(type=ON_DATE, net_days=None, due_date=date(2026, 1, 31)))
    '4:0:0:2026-01-31:1000'
    """
    net = terms.due_date.isoformat() if terms.type == ON_DATE else terms.net_days
    return ":".join(
        (
            str(terms.type),
            plain(terms.discount),
            str(terms.discount_days),
            str(net),
            plain(terms.credit_limit),
        )
    )


def due_date(terms, posted):
    """What Bizuno itself says, to read its books by. When an invoice here is due, its payment term
    decides.

    :param date posted: the date of the invoice
    :return: the date it is due, after the table of Bizuno's terms

    >>> due_date(parse("0"), date(2026, 1, 31))
    datetime.date(2026, 3, 2)
    >>> due_date(parse("5"), date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    >>> due_date(parse("6"), date(2026, 1, 31))
    datetime.date(2026, 1, 31)
    """
    if terms.type == ON_DATE:
        return terms.due_date
    if terms.type == END_OF_MONTH:
        return posted.replace(day=calendar.monthrange(posted.year, posted.month)[1])
    return days_later(posted, terms.due_days)


def plain(number):
    """A number without exponent and without trailing zeros.

    >>> plain(Decimal("2.50")), plain(Decimal("1000"))
    ('2.5', '1000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_to_one_figure(amount):
    """A limit as somebody would choose it.

    :param float amount: more than 0

    >>> round_to_one_figure(148632.1), round_to_one_figure(923.4), round_to_one_figure(0.96)
    (100000, 900, 1)
    """
    step = 10 ** floor(log10(amount))
    return max(int(round(amount / step) * step), 1)


def _number(text, name, part, default):
    part = part.strip()
    if not part:
        return default
    if not _NUMBER.fullmatch(part):
        raise TermsError(text, name, part)
    return Decimal(part)


def _whole(text, name, part, default):
    part = part.strip()
    if not part:
        return default
    if not _WHOLE.fullmatch(part):
        raise TermsError(text, name, part)
    return int(part)


def _date(text, part):
    part = part.strip()
    try:
        year, month, day = map(int, _DATE.fullmatch(part).groups())
        return date(year, month, day)
    except (AttributeError, ValueError):
        raise TermsError(text, "date", part) from None
