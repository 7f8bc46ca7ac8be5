"""Runs Odoo's own test runner, and writes the outcome of every test to a file.

    python record_tests.py RESULTS -c odoo.conf -d database --test-tags … --stop-after-init

Odoo runs many tests while it loads the app that they belong to, before the apps that come later:
what extends that app is not there yet, and they prove nothing about it. Here all run when all is
loaded.
Each line of RESULTS is one test: {"test", "outcome"}. All stand there as "missing" first.
"""

import json
import sys

import odoo.cli
from odoo.tests import loader, result, suite

results = open(sys.argv.pop(1), "w")


class Recorder(result.OdooTestResult):
    outcome = "passed"

    def startTest(self, test):
        self.outcome = "passed"
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        write(test, self.outcome)

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self.outcome = "failed"

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcome = "skipped"


def write(test, outcome):
    name = test.id().removeprefix("odoo.addons.")
    print(json.dumps({"test": name, "outcome": outcome}), file=results, flush=True)


def make_suite(module_names, position="at_install"):
    if position == "at_install":
        return suite.OdooSuite([])
    tests = [
        *_make_suite(module_names, "at_install"), *_make_suite(module_names, "post_install")
    ]  # fmt: skip
    for test in tests:
        write(test, "missing")
    return suite.OdooSuite(tests)


_make_suite, loader.make_suite = loader.make_suite, make_suite
loader.OdooTestResult = Recorder
sys.argv[0] = "odoo"
odoo.cli.main()
