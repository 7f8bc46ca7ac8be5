"""`make test` collects the doctests of the pure rules; one written elsewhere would never run."""

from pathlib import Path

ADDON = Path(__file__).resolve().parents[1] / "bizuno_crm"


def test_doctests_stand_where_they_are_run():
    elsewhere = [
        str(path.relative_to(ADDON))
        for path in ADDON.rglob("*.py")
        if "logic" not in path.relative_to(ADDON).parts and "\n    >>> " in path.read_text()
    ]
    assert elsewhere == []


def test_every_rule_has_a_doctest():
    without = [
        path.name
        for path in (ADDON / "logic").rglob("*.py")
        if path.name != "__init__.py" and ">>> " not in path.read_text()
    ]
    assert without == []
