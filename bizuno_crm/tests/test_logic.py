"""The doctests of the pure rules, wherever the addon's tests run: `make test`, or `odoo-bin
--test-tags /bizuno_crm` on any host."""

import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from .. import logic


@tagged("post_install", "-at_install")
class TestLogic(BaseCase):
    def test_every_rule_does_what_its_examples_say(self):
        names = [found.name for found in pkgutil.iter_modules(logic.__path__)]
        self.assertGreater(len(names), 10)
        for name in names:
            with self.subTest(rule=name):
                module = importlib.import_module(f"{logic.__name__}.{name}")
                failed, attempted = doctest.testmod(module)
                self.assertFalse(failed)
                self.assertTrue(attempted)
