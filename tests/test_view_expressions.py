"""What views ask the browser to work out, it can: the server takes any Python, the browser does not
know all of it, and a page with such an expression ends in an error."""

import ast
from pathlib import Path
from xml.etree import ElementTree

ADDON = Path(__file__).resolve().parents[1] / "bizuno_crm"
# web/static/src/core/py_js/py_builtin.js
BUILTINS = {"bool", "set", "max", "min", "context_today"}
ATTRIBUTES = {"invisible", "column_invisible", "readonly", "required", "filter_domain"}


def _expressions():
    for path in sorted(ADDON.rglob("*.xml")):
        if "i18n" in path.parts or "static" in path.parts:
            continue
        for element in ElementTree.parse(path).iter():
            values = dict(element.attrib)
            if element.tag == "attribute":
                values = {element.get("name", ""): element.text or ""}
            for name, text in values.items():
                if name in ATTRIBUTES or name.startswith("decoration-"):
                    yield path.name, text


def _unknown_calls(text):
    return [
        node.func.id
        for node in ast.walk(ast.parse(text.strip() or "0", mode="eval"))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id not in BUILTINS
    ]


def test_the_browser_knows_what_the_views_call():
    expressions = list(_expressions())
    assert len(expressions) > 100
    assert _unknown_calls("len(ids) > 1") == ["len"]
    assert [(name, text) for name, text in expressions if _unknown_calls(text)] == []


def test_a_cell_without_a_value_is_a_cell():
    """QWeb leaves out an element whose `t-out` is False, and the cells behind it move up."""
    cells = [
        (path.name, cell.attrib["t-out"])
        for path in sorted(ADDON.rglob("*.xml"))
        for cell in ElementTree.parse(path).iter("td")
        if "t-out" in cell.attrib
    ]
    assert cells == []
