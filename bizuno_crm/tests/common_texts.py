"""What people type into fields that others see: it stays text, wherever it is shown."""

import lxml.html

# `7*191` is 1337: where that number shows up, something has been evaluated.
EVIL = (
    '=cmd()|calc <script>window.evil=1</script><img src="x" onerror="window.evil=1">'
    '{{ 7*191 }} ${7*191} <t t-out="7*191"/>'
)


def find_what_lives(html, keep=()):
    """:return: what of an HTML text is alive: scripts, handlers, foreign pictures, results of
    templates; apart from what the names in `keep` are the source of"""
    root = lxml.html.fromstring(html or "<p/>")
    # A whole page has scripts of Odoo's own.
    found = [node for node in root.iter("script") if "evil" in (node.text or "")]
    found += list(root.iter("iframe", "object"))
    for node in root.iter(lxml.html.etree.Element):
        found += [
            f"{name}={value}"
            for name, value in node.attrib.items()
            if (name.startswith("on") and value != "__odooAssetError=1")
            or name.startswith("t-")
            or "javascript:" in value.lower()
            or (node.tag == "img" and name == "src" and value == "x" and "img" not in keep)
        ]
    if "1337" in root.text_content():
        found.append("1337")
    return found
