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
        found = pkgutil.walk_packages(logic.__path__, f"{logic.__name__}.")
        names = [module.name for module in found if not module.ispkg]
        self.assertGreater(len(names), 10)
        for name in names:
            with self.subTest(rule=name):
                module = importlib.import_module(name)
                failed, attempted = doctest.testmod(module)
                self.assertFalse(failed)
                self.assertTrue(attempted)
