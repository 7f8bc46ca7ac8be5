"""docs/decisions.md names what the addon needs of Odoo's insides, and nothing else."""

import ast
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = "## What depends on Odoo's insides"


class TestOdooInsidesDocumented(unittest.TestCase):
    def test_the_list_is_that_of_the_test(self):
        files = sorted(ROOT.glob("bizuno_crm*/tests/test_odoo_insides*.py"))
        pins = [
            ast.literal_eval(node.value)
            for path in files
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign) and node.targets[0].id == "PINNED"
        ]
        self.assertEqual(len(pins), len(files))
        expected = {
            f"{model}.{name}"
            for pinned in pins
            for model, methods in pinned.items()
            for name in methods
        }
        _before, _heading, text = (ROOT / "docs" / "decisions.md").read_text().partition(HEADING)
        text = text.partition("\n## ")[0]
        listed = set()
        for row in re.findall(r"(?m)^\| `([^`]+)` \| (.+) \|.+\|$", text):
            listed |= {f"{row[0]}.{name}" for name in re.findall(r"`(\w+)`", row[1])}
        self.assertTrue(listed)
        self.assertEqual(listed, expected)
