"""The fields of a recipient that may stand in the text of a promotion, as {name}: a fixed list,
looked up and never evaluated. Pure: no database, no Odoo."""

import re
import secrets
from html import escape

from lxml import etree, html

FIELDS = ("name", "company", "id", "salesperson", "email", "city")

# {name}, or {name|what stands there without one}; {{ name }} is somebody's template, and text.
_FIELD = re.compile(
    r"([ \xa0]?)(?<!\{)\{(" + "|".join(FIELDS) + r")(?:\|([^{}|\r\n]*))?\}(?!\})", re.IGNORECASE
)
_LIKE_A_FIELD = re.compile(r"(?<![{$])\{([A-Za-z_]\w*)(?:\|[^{}|\r\n]*)?\}(?!\})")


def find_unknown(text):
    """What looks like a field and is none: it is mailed as it stands.

    >>> find_unknown("Dear {nmae}, dear {Name|friend}, {{ object.name }} ${price} {1+1}")
    ['nmae']

    :param str text: text or HTML
    :rtype: list
    """
    names = _LIKE_A_FIELD.findall(text or "")
    return sorted({name for name in names if name.lower() not in FIELDS})


def has_fields(text):
    """
    >>> has_fields("Dear {Name}"), has_fields("Dear {{ name }}"), has_fields(None)
    (True, False, False)
    """
    return bool(_FIELD.search(text or ""))


def fill_text(text, values):
    """Put a recipient's values into a text of one line.

    >>> fill_text("Ten percent for {Name} ({ID})", {"name": "Ann", "id": "C-1"})
    'Ten percent for Ann (C-1)'
    >>> fill_text("Dear {name}, hello", {})
    'Dear, hello'
    >>> fill_text("{name}, hello", {})
    'hello'
    >>> fill_text("Ask {salesperson|us}", {"salesperson": ""})
    'Ask us'
    >>> fill_text("{{name}} {name.login} {password}", {"name": "Ann", "password": "x"})
    '{{name}} {name.login} {password}'
    >>> fill_text("For {name}", {"name": "A\\nBcc: x@example.com {email}", "email": "e"})
    'For A Bcc: x@example.com {email}'

    :param str text: one line
    :param dict values: {field: str}
    :rtype: str
    """
    filled = _FIELD.sub(lambda match: _value(match.groups(), values), text or "")
    return filled.lstrip(" ,;") if _FIELD.match(text or "") else filled


def split_html(text):
    """Cut HTML at its fields, to be joined with each recipient's values: what costs time is done
    once for all. A field counts in what is read, not in a link or another attribute.

    >>> parts = split_html('<p title="{name}">Dear {name}, <b>{company|friend}</b></p>')
    >>> join_html(parts, {"name": "O'Neil & <Sons>"})
    '<p title="{name}">Dear O&#x27;Neil &amp; &lt;Sons&gt;, <b>friend</b></p>'
    >>> join_html(split_html("Ten <b>percent</b>"), {})
    'Ten <b>percent</b>'

    :param str text: HTML, a fragment
    :return: a list of str, and of tuples in the place of fields
    """
    if not has_fields(text):
        return [text or ""]
    # Nobody can have typed this.
    mark = secrets.token_hex(16)
    fields = []

    def keep(match):
        fields.append(match.groups())
        return f"{mark}{len(fields) - 1}."

    root = html.fragment_fromstring(text, create_parent="div")
    for node in root.iter(etree.Element):
        if node.text and node.tag not in ("style", "script"):
            node.text = _FIELD.sub(keep, node.text)
    for node in root.iter():
        if node is not root and node.tail:
            node.tail = _FIELD.sub(keep, node.tail)
    inner = html.tostring(root, encoding="unicode", with_tail=False)
    inner = inner[inner.index(">") + 1 : inner.rindex("<")]
    parts = re.split(rf"{mark}(\d+)\.", inner)
    return [fields[int(part)] if place % 2 else part for place, part in enumerate(parts)]


def join_html(parts, values):
    """:return: the HTML of one recipient, from what `split_html` gave; values are escaped"""
    return "".join(
        part if isinstance(part, str) else escape(_value(part, values)) for part in parts
    )


def _value(field, values):
    blank, name, default = field
    value = " ".join(str(values.get(name.lower()) or default or "").split())
    # “Dear {name},” without a name is “Dear,”.
    return f"{blank}{value}" if value else ""
