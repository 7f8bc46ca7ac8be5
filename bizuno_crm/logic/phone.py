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


def digits_typed(text):
    """:return: the digits to look for where somebody types a telephone number and nothing else,
    with or without country; "" for any other text, and for an extension

    >>> digits_typed("+1 (540) 555-0142"), digits_typed("040 / 12 34 56")
    ('405550142', '40123456')
    >>> digits_typed("INV/2026/00142"), digits_typed("4711")
    ('', '')
    """
    if any(character not in " +()./-" and not character.isdecimal() for character in text):
        return ""
    return digits_of(text).lstrip("0")


def pattern_of(digits):
    """:return: the pattern of numbers with these digits in this order, whatever is between them

    >>> pattern_of("555")
    '%5%5%5%'
    """
    return f"%{'%'.join(digits)}%"


def has_digits(phone, digits):
    """:return: whether these digits follow each other in the number

    >>> has_digits("+49 (40) 12 34-56", "40123456"), has_digits("+49 40 9123456", "40123456")
    (True, False)
    """
    return digits in "".join(character for character in phone or "" if character.isdecimal())


def number_to_call(person, company):
    """The number to call: the person's own, else that of the company.

    >>> number_to_call("555-0177", "555-0100"), number_to_call(False, "555-0100")
    ('555-0177', '555-0100')
    >>> number_to_call(None, False)
    ''
    """
    return person or company or ""
