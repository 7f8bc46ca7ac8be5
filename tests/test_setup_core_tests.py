"""`make core-tests` fails when a test of Odoo's fails, or does not run, with the addon alone."""

import pytest
from devkit.commands import core_tests

ABOUT = "account.tests.test_x.TestX"


@pytest.mark.parametrize(
    ("with_it", "without", "again", "failed"),
    [
        ("passed", None, None, 0),
        ("failed", "passed", "failed", 1),
        ("missing", "passed", "missing", 1),
        ("skipped", "passed", "skipped", 1),
        ("failed", "passed", "passed", 0),  # unstable
        ("failed", "failed", None, 0),  # Odoo's own failure
    ],
)
def test_what_fails_only_with_the_addon_counts(monkeypatch, with_it, without, again, failed):
    asked = []

    def run(odoo, part, tags, addon):
        asked.append((tags, addon))
        return {f"{ABOUT}.test_y": again if addon else without}

    monkeypatch.setattr(core_tests, "_run", run)
    outcomes = {f"{ABOUT}.test_good": "passed", f"{ABOUT}.test_y": with_it}
    assert core_tests._compare(None, "contacts", outcomes) == failed
    expected = [("/account:TestX.test_y", addon) for addon in (False, True)]
    assert asked == expected[: (without is not None) + (again is not None)]
