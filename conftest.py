"""What `make test` demands beyond passing tests.

- A WARNING or ERROR in the server's log that a test did not expect (assertLogs, mute_logger)
  fails that test.
- Every test file must run at least one of its tests; skipped tests are named with their reason.
- Under CI=true a browser test may not be skipped.
- What a test that draws its steps has drawn (its seed) stands in the summary, also if it passed.

What most classes of Odoo's tests begin with is kept from one to the next (common_kept.py), in a
transaction that no other class may find open.
"""

import logging
import os
import re
import sys
from collections import Counter
from unittest import mock

import pytest

# Said by Odoo, or by a library of its, whatever the addon does.
EXPECTED = re.compile(
    r"pg_trgm"
    # the un-patched wkhtmltopdf of Debian
    r"|wkhtmltopdf"
)


class _Trouble(logging.Handler):
    """Collects what the server log would show at WARNING or above."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.records = []

    def emit(self, record):
        text = record.getMessage()
        # A RuntimeWarning and the like come from Python's own warnings, not from the server.
        if record.name != "py.warnings" and not EXPECTED.search(text):
            self.records.append(f"{record.levelname} {record.name}: {text}")


_trouble = _Trouble()


def pytest_collection_modifyitems(items):
    """Where several processes run the tests, the last class should not take minutes. Classes that
    begin with the same follow each other, because a process keeps it from one to the next."""
    items.sort(
        key=lambda item: (
            not getattr(getattr(item, "cls", None), "takes_minutes", False),
            _begins_with_what_is_kept(item),
        )
    )


def _kept():
    """:return: what the tests of Odoo keep, once one of them is loaded"""
    common = sys.modules.get("odoo.addons.bizuno_crm.tests.common")
    return common and common.KEPT


def _begins_with_what_is_kept(item):
    kept, cls = _kept(), getattr(item, "cls", None)
    return bool(kept and cls and kept.serves(cls))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    if kept := _kept():
        kept.is_wanted = True
    yield
    if kept and not (nextitem and _begins_with_what_is_kept(nextitem)):
        kept.let_go()


@pytest.fixture(scope="session", autouse=True)
def _files_stay():
    """After each class of tests Odoo clears the folder of files. It would wait for what is kept,
    and take away what the other processes have there."""
    if "odoo.tests" not in sys.modules:  # pure rules alone
        yield
        return
    from odoo.tests import TransactionCase  # noqa: PLC0415  (see _is_browser_test)

    with mock.patch.object(TransactionCase, "_gc_filestore"):
        yield


def pytest_sessionstart(session):
    logging.getLogger().addHandler(_trouble)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == "teardown":
        records, _trouble.records = _trouble.records, []
        if records and report.passed:
            report.outcome = "failed"
            report.longrepr = "Unexpected in the server log:\n" + "\n".join(records)
    elif report.skipped and os.environ.get("CI") == "true" and _is_browser_test(item):
        report.outcome = "failed"
        report.longrepr = f"A browser test may not be skipped under CI: {report.longrepr}"


def _is_browser_test(item):
    from odoo.tests import HttpCase  # noqa: PLC0415  (Odoo's path is set when pytest starts)

    return isinstance(getattr(item, "instance", None), HttpCase)


class _EveryFileRan:
    def __init__(self, config):
        # Where several processes run the tests, this one collects none: what must run is what lies
        # in the folders.
        chosen = config.option.file_or_dir
        folders = [one for one in chosen if (config.rootpath / one).is_dir()]
        self.files = {
            str(path.relative_to(config.rootpath))
            for folder in folders or config.getini("testpaths")
            for path in (config.rootpath / folder).rglob("*.py")
            if path.name.startswith("test_") or ">>> " in path.read_text()
        }
        self.ran = Counter()
        self.skipped = []
        self.drawn = []
        self.selected = bool(config.option.keyword) or len(folders) < len(chosen)

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.drawn += [line for line in report.capstdout.splitlines() if "SEED=" in line]
        if report.when == "call" and not report.skipped:
            self.ran[report.nodeid.split("::")[0]] += 1
        elif report.skipped:
            self.skipped.append((report.nodeid, str(report.longrepr)))

    @property
    def silent(self):
        return [] if self.selected else sorted(self.files - set(self.ran))

    def pytest_sessionfinish(self, session, exitstatus):
        if (self.silent or not self.ran) and exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        write = terminalreporter.write_line
        write(f"{sum(self.ran.values())} tests ran in {len(self.ran)} files, "
              f"{len(self.skipped)} were skipped")  # fmt: skip
        for line in self.drawn:
            write(line)
        for nodeid, reason in self.skipped:
            write(f"  skipped {nodeid}: {reason}")
        for name in self.silent:
            write(f"FAILED {name}: none of its tests ran", red=True)
        if not self.ran:
            write("FAILED: no test ran", red=True)


def pytest_configure(config):
    # One of several processes does not see what the others run.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_EveryFileRan(config))
