"""What one reader would otherwise have to tell the next: the style of the whole house."""

import ast
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ROOT.glob("bizuno_crm*") for path in folder.rglob("*.py"))
MOST_LINES = 400  # of a file of the addons, tests excepted
BANNERS_FROM = 300  # shorter files need none
RELATIONS = ("Many2one", "One2many", "Many2many")


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


if __name__ == "__main__":
    unittest.main()
