"""What may stand in the body of a promotion: HTML that says what it looks like, and nothing that
Odoo would evaluate. Pure: no database, no Odoo."""

from lxml import etree, html


def without_directives(body):
    """Take out of a body what QWeb would evaluate: t-… attributes and <t> elements, whose
    content stays.

    >>> without_directives('<p t-out="user.password">Hello</p>')
    '<p>Hello</p>'
    >>> without_directives('<p>A <t t-foreach="1">B</t> C</p>')
    '<p>A B C</p>'
    >>> without_directives('Ten <b>percent</b> off')
    'Ten <b>percent</b> off'
    >>> without_directives("")
    ''

    :param str body: HTML, a fragment
    :rtype: str
    """
    if not body or not body.strip():
        return ""
    root = html.fragment_fromstring(body, create_parent="div")
    for node in list(root.iter(etree.Element)):
        for name in list(node.attrib):
            if name.lower().startswith("t-"):
                del node.attrib[name]
        if node is not root and node.tag.lower() == "t":
            node.drop_tag()
    inner = html.tostring(root, encoding="unicode", with_tail=False)
    return inner[inner.index(">") + 1 : inner.rindex("<")] if not inner.endswith("/>") else ""
