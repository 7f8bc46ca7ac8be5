"""`make lint` and pre-commit check by the same versions."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class TestPreCommit(unittest.TestCase):
    def test_what_both_use_is_pinned_alike(self):
        pinned = dict(
            line.split("==")
            for line in (ROOT / "test-requirements.txt").read_text().splitlines()
            if "==" in line
        )
        hooks = re.findall(r'"([\w-]+)==([\d.]+)"', (ROOT / ".pre-commit-config.yaml").read_text())
        shared = {(name, version) for name, version in hooks if name in pinned}
        self.assertIn("ruff", {name for name, _version in shared})
        self.assertEqual(shared, {(name, pinned[name]) for name, _version in shared})

    def test_no_hook_clones_a_repository(self):
        repositories = re.findall(
            r"(?m)^\s*- repo: (\S+)", (ROOT / ".pre-commit-config.yaml").read_text()
        )
        self.assertEqual(repositories, ["local"])
