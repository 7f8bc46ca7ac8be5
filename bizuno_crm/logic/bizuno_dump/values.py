"""Values as the tables of Bizuno hold them.

>>> as_date("2026-02-28"), as_date(None)
(datetime.date(2026, 2, 28), None)
"""

import json
import re
from datetime import datetime

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?", re.ASCII)
# What no database holds: NUL, and one half of a character, which JSON can name alone.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Of ids with more digits than these, a bit for each would be more than the ids themselves.
_FEW_DIGITS = 8
EMPTY_DATES = (None, "", "null", "0000-00-00", "0000-00-00 00:00:00")


def as_date(text):
    """
    :return: date, or None where the text says none
    :raise ValueError: 31 February, a year that is none, or not a date
    """
    return None if text in EMPTY_DATES else as_moment(text).date()


def as_moment(text):
    """
    >>> as_moment("2026-11-25 07:30:00")
    datetime.datetime(2026, 11, 25, 7, 30)
    >>> as_moment("0026-11-25")
    Traceback (most recent call last):
    ValueError: 0026-11-25
    """
    match = _DATE.match(text)
    # In other years a day has no name that Odoo reads, or is none in another time zone.
    if not match or not 1000 <= int(match[1]) < 9999:
        raise ValueError(text)
    return datetime(*(int(part) for part in match.groups("0")))


def storable(value):
    """
    :param value: of JSON, or a text
    :return: the same without the signs that no database holds

    >>> storable({"a": ["b" + chr(0), chr(0xD83D) + "c", None, 5]})
    {'a': ['b', 'c', None, 5]}
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(name): storable(element) for name, element in value.items()}
    return [storable(element) for element in value] if isinstance(value, list) else value


def kept(row, names):
    """
    >>> kept({"a": "b" + chr(0), "c": None}, ("a", "c", "d"))
    {'a': 'b', 'c': None, 'd': None}
    """
    return {name: storable(row.get(name)) for name in names}


def from_json(text):
    """
    :param text: str, or None, which says nothing
    :return: what it says, storable
    :raise ValueError: it is no JSON, or nested too deep

    >>> from_json("{}"), from_json(None), from_json(r'"a\\u0000\\ud83db"')
    ({}, None, 'ab')
    """
    try:
        value = json.loads(text or "null")
        return storable(value) if text and "\\u" in text else value
    except RecursionError as error:
        raise ValueError(text[:40]) from error


class Seen:
    """The ids of a table that have been met, a bit for each: a journal has millions of rows.

    >>> seen = Seen()
    >>> [seen.add(id_) for id_ in ("7", "8", "7", "2000000000", "2000000000", "x")]
    [True, True, False, True, False, True]
    >>> [id_ in seen for id_ in ("7", "9", "2000000000", "999999999", "x", "y")]
    [True, False, True, False, True, False]
    """

    def __init__(self):
        self._bits, self._others = bytearray(), set()

    def __contains__(self, id_):
        if not _is_few(id_):
            return id_ in self._others
        place, bit = divmod(int(id_), 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)

    def add(self, id_):
        """
        :param str id_:
        :return: whether it is new
        """
        if not _is_few(id_):
            is_new = id_ not in self._others
            self._others.add(id_)
            return is_new
        place, bit = divmod(int(id_), 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1024 - len(self._bits)))
        is_new = not self._bits[place] >> bit & 1
        self._bits[place] |= 1 << bit
        return is_new


def _is_few(id_):
    return id_.isascii() and id_.isdigit() and len(id_) <= _FEW_DIGITS


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


def external_name(key):
    """
    :param str key: of a row
    :return: what its external id is called: of no two rows the same, whatever the signs of an SKU

    >>> external_name("contacts_log.54"), external_name("contacts.54.email2")
    ('contacts_log_54', 'contacts_54__email2')
    >>> external_name("product.AB-1"), external_name("product.AB_1"), external_name("product.AB 1")
    ('product_AB_2d_1', 'product_AB_5f_1', 'product_AB_20_1')
    """
    table, _dot, row = key.partition(".")
    return f"{table}_" + re.sub(
        r"[^a-zA-Z0-9]", lambda sign: "__" if sign[0] == "." else f"_{ord(sign[0]):x}_", row
    )
