"""The demands that `make test` makes beyond passing tests (conftest.py), tried on small suites."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def suite(tmp_path):
    def run(*arguments, **files):
        shutil.copy(ROOT / "conftest.py", tmp_path)
        (tmp_path / "pyproject.toml").write_text(
            '[tool.pytest.ini_options]\ntestpaths = ["suite"]\n'
        )
        (tmp_path / "suite").mkdir()
        for name, text in files.items():
            (tmp_path / "suite" / f"{name}.py").write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": ""},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return run


PASSES = "def test_passes():\n    assert True\n"
SKIPS = "import pytest\n\ndef test_skips():\n    pytest.skip('no reason at all')\n"
WARNS = "import logging\n\ndef test_warns():\n    logging.getLogger('odoo').warning('odd')\n"


def test_a_file_that_ran_one_of_its_tests_passes(suite):
    code, output = suite(test_a=PASSES + SKIPS)
    assert code == 0, output
    assert "1 tests ran in 1 files, 1 were skipped" in output
    assert "no reason at all" in output


def test_a_file_that_ran_none_of_its_tests_fails(suite):
    code, output = suite(test_a=PASSES, test_b=SKIPS)
    assert code == 1, output
    assert "FAILED suite/test_b.py: none of its tests ran" in output


def test_a_file_without_tests_fails(suite):
    code, output = suite(test_a=PASSES, test_b="")
    assert code == 1, output
    assert "FAILED suite/test_b.py: none of its tests ran" in output


def test_no_test_at_all_fails(suite):
    code, output = suite("-k", "nothing_is_called_so", test_a=PASSES)
    assert code != 0, output


def test_selecting_tests_does_not_demand_the_other_files(suite):
    code, output = suite("-k", "passes", test_a=PASSES, test_b=WARNS)
    assert code == 0, output


def test_an_unexpected_warning_in_the_log_fails(suite):
    code, output = suite(test_a=PASSES, test_b=WARNS)
    assert code == 1, output
    assert "WARNING odoo: odd" in output


def test_several_processes_are_one_run(suite):
    code, output = suite(
        "-p", "xdist", "--numprocesses", "2",
        test_a=PASSES, test_b=PASSES, test_c=SKIPS, test_d=WARNS,
    )  # fmt: skip
    assert code == 1, output
    assert "3 tests ran in 3 files, 1 were skipped" in output
    assert "FAILED suite/test_c.py: none of its tests ran" in output
    assert "WARNING odoo: odd" in output
    assert "FAILED suite/test_a.py" not in output
