"""Numbers of documents, as somebody reads them out on the telephone."""

import re

_NUMBER = re.compile(r"(?=.{4})(?=.*\d)[^\W_]+([./-][^\W_]+)*")  # no wildcard of SQL is in it


def may_be(text):
    """:return: whether that can be the number of a document, and is worth a search

    >>> may_be("INV/2026/0025001"), may_be("25001"), may_be("S00012")
    (True, True, True)
    >>> may_be("999"), may_be("Quarry"), may_be("Pier 1000"), may_be("100%1"), may_be("10_01")
    (False, False, False, False, False)
    """
    return bool(_NUMBER.fullmatch(text))


def is_said(text, number):
    """:return: whether the number is meant: all of it, or its end without the leading zeros

    >>> is_said("inv/2026/0025001", "INV/2026/0025001"), is_said("25001", "INV/2026/0025001")
    (True, True)
    >>> is_said("5001", "INV/2026/0025001"), is_said("25001", "INV/2026/0025001-A")
    (False, False)
    >>> is_said("25001", False)
    False
    """
    said = re.compile(rf"(|.*\D)0*{re.escape(text)}", re.IGNORECASE)
    return bool(said.fullmatch(number or ""))
