"""What one reader would otherwise have to tell the next: the style of the whole house."""

import ast
import csv
import re
import unittest
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ROOT.glob("bizuno_crm*") for path in folder.rglob("*.py"))
MOST_LINES = 400  # of a file of the addons, tests excepted
BANNERS_FROM = 300  # shorter files need none
RELATIONS = ("Many2one", "One2many", "Many2many")
# Names that do not say of what.
EMPTY_NAMES = {"found", "given", "one", "told"}
# How a record's external name begins, see CONTRIBUTING; those of other models with the model.
BEGINNINGS = {
    "ir.ui.menu": "menu",
    "ir.actions.report": "report",
    "ir.module.category": "module_category",
    "ir.sequence": "sequence",
    "res.groups": "group",
    "res.groups.privilege": "privilege",
}


def _records():
    """:return: (file, model, external name, fields by name) of what the XML of the addons declares,
    without what it changes of other addons' records"""
    for path in sorted(ROOT.glob("bizuno_crm*/**/*.xml")):
        if "static" in path.parts:
            continue
        for element in ElementTree.parse(path).iter():
            model = {"record": element.get("model"), "menuitem": "ir.ui.menu"}.get(element.tag)
            if model and "." not in element.get("id", "."):
                fields = {field.get("name"): field for field in element.findall("field")}
                yield path, model, element.get("id"), fields


def _value(fields, name):
    field = fields.get(name)
    return "" if field is None else field.get("ref") or field.text or ""


def _pattern(path, model, fields):
    """:return: what the external name of such a record has to look like"""
    of = {
        "ir.ui.view": "model",
        "ir.rule": "model_id",
        "ir.actions.act_window": "res_model",
        "ir.actions.server": "model_id",
    }.get(model)
    if of:
        about = re.sub(r"^(\w+\.)?model_", "", _value(fields, of)).replace(".", "_")
    if model == "ir.ui.view":
        arch = fields["arch"]
        kind = r"(form|list|kanban|search|pivot|graph|calendar|activity)"
        if "inherit_id" not in fields:
            kind = arch[-1].tag
        return rf"{about}_view_{kind}(_\w+)?"
    if model == "ir.rule":
        return rf"{about}_rule_\w+"
    if model == "ir.actions.act_window.view":
        return rf"{_value(fields, 'act_window_id')}_{_value(fields, 'view_mode')}"
    if model == "ir.actions.client":
        return r"\w+_action"
    if of:
        return rf"{about}_action(_\w+)?"
    beginning = BEGINNINGS.get(model) or model.removeprefix("bizuno.").replace(".", "_")
    return rf"{beginning}_\w+" + ("_demo" if "demo" in path.parts else "")


class TestHouseStyle(unittest.TestCase):
    def setUp(self):
        self.texts = {
            str(path.relative_to(ROOT)): path.read_text()
            for path in FILES
            if "tests" not in path.parts
        }
        self.assertGreater(len(self.texts), 300)

    def test_fields_are_declared_by_keywords(self):
        wrong = [
            f"{name}:{node.lineno}"
            for name, text in self.texts.items()
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute)
            if node.func.attr in RELATIONS and ast.unparse(node.func.value) == "fields"
        ]  # fmt: skip
        self.assertEqual(wrong, [])

    def test_files_are_short_and_need_no_banners(self):
        for name, text in self.texts.items():
            lines = text.count("\n")
            self.assertLessEqual(lines, MOST_LINES, name)
            if lines < BANNERS_FROM:
                self.assertFalse(re.search(r"(?m)^ *# -{3}", text), name)

    def test_words_are_spelt_in_one_way(self):
        for path in (*FILES, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
            found = re.findall(r"(?i)\b(ageing|control accounts?|:raises)\b", path.read_text())
            self.assertFalse(found, path)

    def test_names_say_what_they_name(self):
        wrong = []
        for name, text in self.texts.items():
            tree = ast.parse(text)
            # A field has its model in front of it.
            fields = {
                target
                for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
                for line in node.body if isinstance(line, ast.Assign)
                for target in line.targets
            }  # fmt: skip
            for node in ast.walk(tree):
                if isinstance(node, ast.arg):
                    bound = node.arg
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    bound = node.id
                else:
                    continue
                if bound in EMPTY_NAMES and node not in fields:
                    wrong.append(f"{name}:{node.lineno}: {bound}")
        self.assertEqual(wrong, [])

    def test_external_names_are_of_one_school(self):
        records = list(_records())
        self.assertGreater(len(records), 500)
        for path, model, name, fields in records:
            with self.subTest(path.name, name=name):
                self.assertRegex(name, rf"^{_pattern(path, model, fields)}$")
                if model == "ir.actions.report":
                    template = f"bizuno_crm.{name}_document"
                    self.assertEqual(_value(fields, "report_name"), template)
        for path in ROOT.glob("bizuno_crm*/security/ir.model.access.csv"):
            for row in csv.DictReader(path.read_text().splitlines()):
                about = row["model_id:id"].partition(".")[2] or row["model_id:id"]
                about = about.removeprefix("model_")
                self.assertRegex(row["id"], rf"^access_{about}_\w+$")


if __name__ == "__main__":
    unittest.main()
