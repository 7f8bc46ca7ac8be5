"""The manifest names every addon whose models, views or records ours extend or refer to."""

import re
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged

ADDON = "bizuno_crm"
# Odoo's own ground, which every addon stands on.
GROUND = {"base", "web"}
# Apps that people get along with it, though nothing of ours refers to them.
APPS = {"contacts", "sale_management"}
# What names records of others: the field that has them.
REFERRING = {
    "ir.ui.view": ("inherit_id", "group_ids"),
    "ir.ui.menu": ("parent_id", "action", "group_ids"),
    "ir.model.access": ("model_id", "group_id"),
    "ir.rule": ("model_id", "groups"),
    "res.groups": ("implied_ids", "implied_by_ids", "privilege_id"),
    "ir.actions.act_window": ("binding_model_id", "group_ids"),
    "ir.actions.server": ("model_id", "group_ids"),
    "ir.actions.report": ("binding_model_id", "group_ids"),
}


@tagged("post_install", "-at_install")
class TestDepends(TransactionCase):
    def test_the_manifest_names_what_is_touched(self):
        touched = self._get_extended() | self._get_referred_to() | self._get_imported()
        self.assertGreater(len(touched), 10)
        depends = {*Manifest.for_addon(ADDON)["depends"]}
        self.assertEqual({*touched} - depends - GROUND - {ADDON}, set(), touched)
        self.assertEqual(depends - {*touched}, APPS)

    def _get_extended(self):
        """:return: {addon: a model of it with a class of ours}"""
        return {
            model._original_module: name
            for name, model in self.env.registry.items()
            # A class of ours for this model, and not for a mixin of it.
            if any(
                base.__module__.startswith(f"odoo.addons.{ADDON}.") and base._name == name
                for base in model.mro()
            )
        }

    def _get_referred_to(self):
        """:return: {addon: a record of it that one of ours refers to}"""
        found = {}
        rows = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "in", list(REFERRING))]
        )
        for row in rows:
            record = self.env[row.model].browse(row.res_id)
            for name in REFERRING[row.model]:
                for other in record[name] or ():
                    # A model belongs to who makes it, not to all that extend it.
                    if other._name == "ir.model":
                        found[self.env.registry[other.model]._original_module] = row.name
                    elif xmlid := other.get_external_id()[other.id]:
                        found[xmlid.split(".")[0]] = row.name
        return found

    def _get_imported(self):
        """:return: {addon: a file of ours that imports from it}"""
        found = {}
        for path in sorted(Path(Manifest.for_addon(ADDON).path).rglob("*.py")):
            if "tests" not in path.parts:
                for name in re.findall(r"from odoo\.addons\.(\w+)", path.read_text()):
                    found[name] = path.name
        return found
