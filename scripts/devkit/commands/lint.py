"""`make lint`: ruff, pylint-odoo for 19, OCA's checks, and some of our own; prettier and eslint,
as pre-commit has them, where there is npm."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from devkit import console, databases, odoo_source, paths

ADDON = paths.ROOT / paths.ADDON
# With the small addons that meet optional apps.
ADDONS = [paths.ADDON, *sorted(folder.name for folder in paths.ROOT.glob(f"{paths.ADDON}_*/"))]
# A model is extended in one file per concern, and the repository has one README, at its top.
PYLINT = ("--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited,missing-readme")


def main(arguments):
    programs = Path(sys.executable).parent
    failed = [
        command[0]
        for command in (
            ("ruff", "check", "."),
            ("ruff", "format", "--check", "."),
            ("pylint", *PYLINT, *ADDONS),
            ("oca-checks-odoo-module", *ADDONS),
            ("oca-checks-po", *ADDON.glob("i18n/*.po*")),
        )
        if subprocess.run(
            [programs / command[0], *command[1:]],
            cwd=paths.ROOT,
            env=odoo_source.ensure().environment(),
        ).returncode
    ]
    failed += _look_at_javascript()
    problems = [*_csv_problems(), *_manifest_problems(), *_test_problems()]
    for problem in problems:
        print(problem)
    if problems:
        failed.append("CSV, manifest and test files")
    print(f"Lint failed: {', '.join(failed)}" if failed else "Lint: nothing to complain about")
    return 1 if failed else 0


def _look_at_javascript():
    """:return: the names of the programs that found something"""
    config = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for hook in config["repos"][0]["hooks"] if hook["language"] == "node"]
    packages = [name for hook in hooks for name in hook["additional_dependencies"]]
    folder = paths.CACHE / f"node-{paths.digest(*packages)}"
    install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder]
    if not (folder / "complete").exists():
        if not shutil.which("npm") or subprocess.run([*install, *packages]).returncode:
            console.say("Nothing has looked at the JavaScript: that needs npm and its registry")
            return []
        (folder / "complete").touch()
    modules = folder / "node_modules"
    files = subprocess.check_output(["git", "ls-files", "*.js", "*.cjs"], text=True).split()
    commands = [hook["entry"].replace("--write", "--check").split() for hook in hooks]
    return [
        name
        for name, *options in commands
        if subprocess.run(
            [modules / ".bin" / name, *(option for option in options if option != "--fix"), *files],
            env={**os.environ, "NODE_PATH": str(modules)},
        ).returncode
    ]


def _name(path):
    return path.relative_to(paths.ROOT)


def _csv_problems():
    for path in sorted(ADDON.rglob("*.csv")):
        with open(path, newline="", encoding="utf-8") as stream:
            header, *rows = list(csv.reader(stream))
        for number, row in enumerate(rows, start=2):
            if len(row) != len(header):
                yield f"{_name(path)}:{number}: {len(row)} columns, the header has {len(header)}"


def _manifest_problems():
    """OCA's check does not look into the rooms of the folders."""
    manifest = databases.manifest()
    listed = {*manifest["data"], *manifest.get("demo", [])}
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
