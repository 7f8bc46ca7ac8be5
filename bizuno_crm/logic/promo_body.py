"""What may stand in the body of a promotion: HTML that says what it looks like, and nothing that
Odoo would evaluate. Pure: no database, no Odoo."""

import re

from lxml import etree, html

# The paragraph that says who writes and how to get out of it.
FOOTER_CLASS = "o_bizuno_promo_footer"

# What no HTML text can hold: control characters, and the halves of surrogate pairs.
_NOT_HTML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def one_line(text):
    """A header of a message is one line: what follows a line break would be another header.

    >>> one_line("Ten percent off\\r\\nBcc: everybody@example.com")
    'Ten percent off Bcc: everybody@example.com'
    >>> one_line(None)
    ''

    :param text: str or None
    :rtype: str
    """
    return " ".join((text or "").split())


def without_directives(body):
    """Take out of a body what QWeb would evaluate: t-… attributes and <t> elements, whose
    content stays.

    >>> without_directives('<p t-out="user.password">Hello</p>')
    '<p>Hello</p>'
    >>> without_directives('<p>A <t t-foreach="1">B</t> C</p>')
    '<p>A B C</p>'
    >>> without_directives('Ten <b>percent</b> off')
    'Ten <b>percent</b> off'
    >>> without_directives("A\\x0bB")
    'AB'
    >>> without_directives("")
    ''

    :param str body: HTML, a fragment
    :rtype: str
    """
    if not body or not body.strip():
        return ""
    body = _NOT_HTML.sub("", body)
    root = html.fragment_fromstring(body, create_parent="div")
    for node in list(root.iter(etree.Element)):
        for name in list(node.attrib):
            if name.lower().startswith("t-"):
                del node.attrib[name]
        if node is not root and node.tag.lower() == "t":
            node.drop_tag()
    inner = html.tostring(root, encoding="unicode", with_tail=False)
    return inner[inner.index(">") + 1 : inner.rindex("<")] if not inner.endswith("/>") else ""


def with_footer(body, footer):
    """Put a footer in the place of the last one there is, or behind the message.

    >>> old = f'<p class="{FOOTER_CLASS} x">Unsubscribe</p>'
    >>> with_footer("<p>Hello</p>" + old, "<p>Se désabonner</p>")
    '<p>Hello</p><p>Se désabonner</p>'
    >>> with_footer("Hello", "<p>Se désabonner</p>")
    'Hello<p>Se désabonner</p>'

    :param str body: HTML, a fragment
    :param str footer: HTML, one element
    :rtype: str
    """
    if FOOTER_CLASS not in (body or ""):
        return f"{body or ''}{footer}"
    root = html.fragment_fromstring(body, create_parent="div")
    footers = root.xpath(f'.//*[contains(concat(" ", @class, " "), " {FOOTER_CLASS} ")]')
    if not footers:
        return f"{body}{footer}"
    new = html.fragment_fromstring(footer)
    new.tail = footers[-1].tail
    footers[-1].getparent().replace(footers[-1], new)
    inner = html.tostring(root, encoding="unicode", with_tail=False)
    return inner[inner.index(">") + 1 : inner.rindex("<")]
