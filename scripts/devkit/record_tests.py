"""Runs Odoo's own test runner, and writes the outcome of every test to a file.

    python record_tests.py RESULTS -c odoo.conf -d database --test-tags … --stop-after-init

Odoo runs many tests while it loads the app that they belong to, before the apps that come later:
what extends that app is not there yet, and they prove nothing about it. Here all run when all is
loaded.
Each line of RESULTS is one test: {"test", "outcome", "seconds", "queries"}.
"""

import json
import sys
import time

import odoo.cli
from odoo import sql_db
from odoo.tests import loader, result, suite

results = open(sys.argv.pop(1), "w")


class Recorder(result.OdooTestResult):
    outcome = "passed"

    def startTest(self, test):
        self.outcome, self.started, self.queries = "passed", time.time(), sql_db.sql_counter
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self._write(test.id(), self.outcome)

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self.outcome = "failed"
        if isinstance(test, suite._ErrorHolder):  # a whole class could not be set up
            self.started, self.queries = time.time(), sql_db.sql_counter
            self._write(test.id(), "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcome = "skipped"

    def _write(self, name, outcome):
        print(
            json.dumps({
                "test": name.removeprefix("odoo.addons."),
                "outcome": outcome,
                "seconds": round(time.time() - self.started, 2),
                "queries": sql_db.sql_counter - self.queries,
            }),
            file=results,
            flush=True,
        )  # fmt: skip


def make_suite(module_names, position="at_install"):
    if position == "at_install":
        return suite.OdooSuite([])
    return suite.OdooSuite([
        *_make_suite(module_names, "at_install"), *_make_suite(module_names, "post_install")
    ])  # fmt: skip


_make_suite, loader.make_suite = loader.make_suite, make_suite
loader.OdooTestResult = Recorder
sys.argv[0] = "odoo"
odoo.cli.main()
