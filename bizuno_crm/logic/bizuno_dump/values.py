"""Values as the tables of Bizuno hold them.

>>> as_date("2026-02-28"), as_date(None)
(datetime.date(2026, 2, 28), None)
"""

import re
from datetime import datetime

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?", re.ASCII)
EMPTY_DATES = (None, "", "null", "0000-00-00", "0000-00-00 00:00:00")


def as_date(text):
    """
    :return: date, or None where the text says none
    :raise ValueError: 31 February, or not a date
    """
    return None if text in EMPTY_DATES else as_moment(text).date()


def as_moment(text):
    found = _DATE.match(text)
    if not found:
        raise ValueError(text)
    return datetime(*(int(part) for part in found.groups("0")))


def as_text(value):
    """
    >>> as_text(None), as_text("null"), as_text(5), as_text(" a ")
    ('', '', '5', 'a')
    """
    return "" if value in (None, "null") else str(value).strip()


def inside(value, *names):
    """
    >>> inside({"a": {"b": 3}}, "a", "b"), inside({"a": []}, "a", "b")
    ('3', '')
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return as_text(value)


def as_reference(value):
    """The id that a row points to, "" for none.

    >>> as_reference("0"), as_reference(None), as_reference(12)
    ('', '', '12')
    """
    text = as_text(value)
    return "" if text in ("0", "-1") else text


def as_author(number, authors):
    """:return: the contact id of a user; "user:N" for one that has none"""
    number = as_reference(number)
    if not number or not authors or number not in authors:
        return number and (f"user:{number}" if authors else number)
    return as_reference(authors[number]) or f"user:{number}"
