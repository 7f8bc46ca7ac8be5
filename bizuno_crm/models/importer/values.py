"""Values of Bizuno as fields of Odoo hold them."""

import re

from odoo.tools import plaintext2html

_MARKUP = re.compile(r"<(?:/?[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)


def plain(record, name):
    """The value of a field as JSON has it."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.id
    if field.type in ("date", "datetime"):
        return as_text(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def as_text(day):
    return str(day) if day else False


def clean(text):
    """One line of text, as a field of Odoo holds it; False for none."""
    return " ".join(str(text or "").replace("\0", "").split()) or False


def as_html(text):
    """Notes, which are plain text or markup, as markup; False for none."""
    text = (text or "").replace("\0", "")
    if not text.strip():
        return False
    return text if _MARKUP.search(text) else str(plaintext2html(text))
