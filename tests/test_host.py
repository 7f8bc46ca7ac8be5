"""A host that runs its own tests imports ours as well: they need what Odoo needs, and no more."""

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _imported(node):
    """Yields the modules that are imported whenever the file is."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (name.name for name in child.names)
        elif isinstance(child, ast.ImportFrom) and not child.level:
            yield child.module
        elif not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.Try)):
            yield from _imported(child)


def test_no_file_of_the_addons_imports_what_only_our_own_tests_install():
    lines = (ROOT / "test-requirements.txt").read_text().splitlines()
    extra = {line.split("==")[0].lower() for line in lines if "==" in line}
    owners = packages_distributions()
    files = [path for path in ROOT.glob("bizuno_crm*/**/*.py") if "__pycache__" not in path.parts]
    assert len(files) > 300
    wrong = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in _imported(ast.parse(path.read_text()))
        if (top := module.split(".")[0]) not in sys.stdlib_module_names
        and {name.lower() for name in owners.get(top, ())} & extra
    }
    assert not wrong
