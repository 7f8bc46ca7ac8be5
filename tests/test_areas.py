"""The areas of the addon (CONTRIBUTING.md): which may know which."""

import ast
import unittest
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1] / "bizuno_crm"
#: in the order in which they may know each other
AREAS = (
    "base", "contact", "terms", "credit", "receivable", "crm", "profit", "promo", "importer",
)  # fmt: skip
ROOMS = ("messages", "models", "reports", "wizards")


def find_imports(source, package):
    """
    :param str source: of a module
    :param list package: the parts of its package's name below the addon
    :return: the parts of the name of each module of the addon that it imports something from
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            named = [*base, *(node.module.split(".") if node.module else [])]
            yield named
            yield from ([*named, one.name] for one in node.names)


def find_area(parts):
    """:return: the area of a module, or None; `logic.credit` is in none"""
    return parts[1] if len(parts) > 1 and parts[0] in ROOMS and parts[1] in AREAS else None


def is_extension(node):
    """:return: whether a class extends a model that another class has defined"""
    given = {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    extended = given.get("_inherit")
    if extended is None:
        return False
    if "_name" not in given:
        return isinstance(extended, ast.Constant)
    names = extended.elts if isinstance(extended, ast.List) else [extended]
    return ast.dump(given["_name"]) in map(ast.dump, names)


def find_models(path):
    """Yields the name of the model of each class of a file."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        given = {
            statement.targets[0].id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        name = given.get("_name", given.get("_inherit"))
        if isinstance(name, ast.Constant):
            yield name.value


class TestAreas(unittest.TestCase):
    def test_an_area_imports_from_those_before_it(self):
        wrong, seen = [], set()
        for room in ROOMS:
            for path in sorted((ADDON / room).rglob("*.py")):
                package = list(path.relative_to(ADDON).parts[:-1])
                mine = find_area([*package, path.stem])
                if not mine:
                    continue
                seen.add(mine)
                for parts in find_imports(path.read_text(), package):
                    other = find_area(parts)
                    if other and AREAS.index(other) > AREAS.index(mine):
                        wrong.append(f"{path.relative_to(ADDON)} imports {'.'.join(parts)}")
        self.assertEqual(seen, set(AREAS))
        self.assertEqual(wrong, [])

    def test_a_model_is_one_class_in_each_area(self):
        classes = {}
        for room in ROOMS[1:]:
            for path in sorted((ADDON / room).rglob("*.py")):
                for model in find_models(path):
                    classes.setdefault((path.parent.name, model), []).append(path.name)
        self.assertGreater(len(classes), 150)
        several = {key: files for key, files in classes.items() if len(files) > 1}
        self.assertEqual(several, {})

    def test_every_file_of_a_room_is_in_an_area(self):
        allowed = {"__init__.py", "menus.xml"}
        left = [
            str(path.relative_to(ADDON))
            for room in (*ROOMS, "views", "data", "demo")
            for path in (ADDON / room).rglob("*.*")
            if path.is_file()
            and path.suffix in (".py", ".xml")
            and path.name not in allowed
            and not {path.parent.name, path.stem} & {*AREAS}
        ]
        self.assertEqual(left, [])

    def test_the_description_of_a_model_is_left_to_its_own_class(self):
        """Odoo shows the docstring of the last class that has one: see Technical / Models."""
        wrong, seen = [], 0
        folders = [ADDON, *ADDON.parent.glob("bizuno_crm_*")]
        for room in ("models", "reports", "wizards"):
            for path in sorted(path for one in folders for path in (one / room).rglob("*.py")):
                for node in ast.parse(path.read_text()).body:
                    if isinstance(node, ast.ClassDef) and is_extension(node):
                        seen += 1
                        if ast.get_docstring(node):
                            wrong.append(f"{path.relative_to(ADDON.parent)}: {node.name}")
        self.assertGreater(seen, 50)
        self.assertEqual(wrong, [])

    def test_an_import_is_found_wherever_it_stands(self):
        package = ["models", "contact"]
        for source, expected in (
            ("from ..credit.res_partner import X", ["models", "credit", "res_partner"]),
            ("from ..credit import res_partner", ["models", "credit", "res_partner"]),
            ("def f():\n    from ...reports.promo import x", ["reports", "promo", "x"]),
        ):
            self.assertIn(expected, list(find_imports(source, package)))
        self.assertEqual(list(find_imports("from odoo import models", package)), [])
