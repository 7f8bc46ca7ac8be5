"""Telephone numbers, as far as two of them are the same."""

# Shorter numbers are extensions; longer ones differ in how the country is written.
MIN_DIGITS, COMPARED_DIGITS = 6, 9


def digits_of(phone):
    """:return: the digits by which a number is told from others, or "" if there are too few

    >>> digits_of("+1 (540) 555-0142"), digits_of("0540 555 0142"), digits_of("ext. 12")
    ('405550142', '405550142', '')
    """
    digits = "".join(character for character in phone or "" if character.isdecimal())
    return digits[-COMPARED_DIGITS:] if len(digits) >= MIN_DIGITS else ""


def number_to_call(person, company):
    """The number to call: the person's own, else that of the company.

    >>> number_to_call("555-0177", "555-0100"), number_to_call(False, "555-0100")
    ('555-0177', '555-0100')
    >>> number_to_call(None, False)
    ''
    """
    return person or company or ""
