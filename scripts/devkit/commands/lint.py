"""`make lint`: ruff, pylint-odoo for 19, and checks of the XML, CSV and test files."""

import csv
import re
import subprocess
import sys
from collections import Counter

from lxml import etree

from devkit import databases, odoo_source, paths

ADDON = paths.ROOT / paths.ADDON
# The small addons that meet optional apps.
GLUE = sorted(folder.name for folder in paths.ROOT.glob(f"{paths.ADDON}_*/"))
# A model is extended in one file per concern, and the repository has one README, at its top.
PYLINT = ("--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited,missing-readme")


def main(arguments):
    module = [sys.executable, "-m"]
    failed = [
        name
        for name, command in (
            ("ruff", [*module, "ruff", "check", "."]),
            ("ruff format", [*module, "ruff", "format", "--check", "."]),
            ("pylint-odoo", [*module, "pylint", *PYLINT, paths.ADDON, *GLUE]),
        )
        if subprocess.run(
            command, cwd=paths.ROOT, env=odoo_source.ensure().environment()
        ).returncode
    ]
    problems = [*_xml_problems(), *_csv_problems(), *_manifest_problems(), *_test_problems()]
    for problem in problems:
        print(problem)
    if problems:
        failed.append("XML, CSV and test files")
    print(f"Lint failed: {', '.join(failed)}" if failed else "Lint: nothing to complain about")
    return 1 if failed else 0


def _name(path):
    return path.relative_to(paths.ROOT)


def _xml_problems():
    ids = Counter()
    for path in sorted(ADDON.rglob("*.xml")):
        try:
            root = etree.parse(path).getroot()
        except etree.XMLSyntaxError as error:
            yield f"{_name(path)}: {error}"
            continue
        if "static" in path.parts:
            continue
        if root.tag != "odoo":
            yield f"{_name(path)}: the root is <{root.tag}>, not <odoo>"
        for node in root.iter("record", "template", "menuitem"):
            if node.get("id"):
                ids[node.get("id")] += 1
        for node in root.iter("tree"):
            yield f"{_name(path)}:{node.sourceline}: <tree> is <list> since Odoo 18"
    for xmlid, count in ids.items():
        if count > 1:
            yield f"The XML id {xmlid} is defined {count} times"


def _csv_problems():
    for path in sorted(ADDON.rglob("*.csv")):
        with open(path, newline="", encoding="utf-8") as stream:
            header, *rows = list(csv.reader(stream))
        for number, row in enumerate(rows, start=2):
            if len(row) != len(header):
                yield f"{_name(path)}:{number}: {len(row)} columns, the header has {len(header)}"
        for key, count in Counter(row[0] for row in rows if row).items():
            if count > 1:
                yield f"{_name(path)}: the id {key} stands there {count} times"


def _manifest_problems():
    manifest = databases.manifest()
    listed = [*manifest["data"], *manifest.get("demo", [])]
    for name in listed:
        if not (ADDON / name).exists():
            yield f"The manifest names {name}, which does not exist"
    for name, count in Counter(listed).items():
        if count > 1:
            yield f"The manifest names {name} {count} times"
    for folder in ("data", "demo", "reports", "security", "views", "wizards"):
        for path in (ADDON / folder).rglob("*"):
            if path.suffix in (".xml", ".csv") and str(path.relative_to(ADDON)) not in listed:
                yield f"{_name(path)} is not in the manifest"


def _test_problems():
    """Odoo runs the tests that tests/__init__.py imports, those of the areas by their own
    __init__.py: none may be left out."""
    root = ADDON / "tests"
    areas = set(re.findall(r"from \.(\w+) import \*", (root / "__init__.py").read_text()))
    for folder in sorted({path.parent for path in root.rglob("test_*.py")}):
        imported = set(re.findall(r"import (test_\w+)", (folder / "__init__.py").read_text()))
        for path in sorted(folder.glob("test_*.py")):
            if path.stem not in imported:
                yield f"{_name(path)} is not imported by its __init__.py"
        if folder != root and folder.name not in areas:
            yield f"{_name(folder)} is not imported by tests/__init__.py"
