"""Tax numbers, as they compare. Pure: no database, no Odoo."""

# Shorter ones are somebody's as they are written: too many contain their characters.
MIN_LENGTH = 6


def plain_number(vat):
    """Without blanks and punctuation, in capitals.

    >>> plain_number("be 0477.472.701")
    'BE0477472701'
    >>> plain_number(None)
    ''

    :param vat: str or None
    :rtype: str
    """
    return "".join(filter(str.isalnum, vat or "")).upper()
