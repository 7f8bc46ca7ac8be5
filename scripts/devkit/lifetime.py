"""The addon comes to a database, is used and updated, and goes: what does it leave, or change?"""

import re
import time

from . import console, paths
from .inside import fill, traces

# Odoo itself keeps the row of the module in the Apps list. The fiscal position that takes the taxes
# off is a record of the company's accounting, which documents refer to.
ALLOWED_NAMES = {
    "base.module_bizuno_crm",
    # the small addons beside it stand in the Apps list as well, and need it
    *(f"base.module_{folder.name}" for folder in paths.ROOT.glob(f"{paths.ADDON}_*/")),
    "Tax Exempt",
    # Odoo declares this one in two ways, on rules and on groups: whichever model was last written
    # down decides.
    "rule_group_rel rule_group_rel_group_id_fkey FOREIGN KEY (group_id)"
    " REFERENCES res_groups(id) ON DELETE RESTRICT",
}
# Messages to open browsers go by themselves within a day.
ALLOWED_MENTIONS = {
    "ir_module_module", "ir_module_module_dependency", "ir_model_data", "bus_bus",
    "account_analytic_plan",
}  # fmt: skip
SHOWN = 20  # of each kind
# What changes in any database that lives on: dates, and the state of apps and jobs.
STAMPS = {"write_date", "write_uid"}
LIVING = {
    "ir_module_module": None,
    "ir_cron": {"lastcall", "nextcall", "failure_count", "first_failure_date"},
}
# Odoo's description of the models, with their extensions. A name of ours must not stay.
REFLECTION = {"ir_model": None, "ir_model_fields": None}
# Where the records that people made while the addon was there must stay, too.
BUSINESS = (
    "res_partner", "res_users", "res_company", "sale_order", "account_move", "account_payment",
    "account_analytic", "account_fiscal_position", "account_tax", "product_",
)  # fmt: skip


class Lifetime:
    """One life of the addon on a database. `times` has the seconds of each step."""

    def __init__(self, odoo, database):
        self.odoo, self.database = odoo, database
        self.times = {}

    def live(self):
        """Install, update twice and uninstall."""
        self._install()
        self._update_and_uninstall()

    def check(self, after_install=lambda: None):
        """The same, with the addon in use in between, and everything compared.

        :param after_install: called when it is installed
        :raise console.Problem: naming what is left, or which native values have changed
        """
        original = self._picture()
        self._install()
        installed = self._picture(original)
        self._compare(original["values"], installed["values"], "installing", REFLECTION)
        after_install()
        self.odoo.inside(self.database, fill.use_addon)
        used = self._picture(original, grown=BUSINESS)
        self._update_and_uninstall()
        after = self._picture(used)
        mentions = self.odoo.inside(self.database, traces.mentions, word="bizuno")
        self._check_left(original["names"], after["names"], mentions)
        kept = {
            table: (used if table.startswith(BUSINESS) else original)["values"][table]
            for table in original["values"]
        }
        self._compare(kept, after["values"], "uninstalling")

    def _install(self):
        self._step("install", "-i", paths.ADDON, "--stop-after-init")

    def _update_and_uninstall(self):
        self._step("update", "-u", paths.ADDON, "--stop-after-init")
        self._step("second update", "-u", paths.ADDON, "--stop-after-init")
        self._step("uninstall", paths.ADDON, subcommand=("module", "uninstall"))

    def _picture(self, before=None, grown=()):
        outline = before and before["outline"]
        return self.odoo.inside(self.database, traces.picture, outline_before=outline, grown=grown)

    def _step(self, name, *arguments, **options):
        console.say(f"{name.capitalize()} …")
        start = time.monotonic()
        self.odoo.call(
            self.database, *arguments, log=f"lifetime-{name.replace(' ', '-')}", **options
        )
        self.times[name] = time.monotonic() - start

    @staticmethod
    def _check_left(before, after, mentions):
        left = {
            what: more[:SHOWN]
            for what, names in after.items()
            if (
                more := sorted(
                    name
                    for name in {*names} - {*before[what]} - ALLOWED_NAMES
                    if not re.search(traces.PLAN_COLUMN, name)
                )
            )
        }
        left |= {
            table: f"{count} rows"
            for table, count in mentions.items()
            if table not in ALLOWED_MENTIONS
        }
        if left:
            raise console.Problem(f"The uninstalled addon left behind: {left}")

    @staticmethod
    def _compare(before, after, event, also_allowed=None):
        changed = {}
        for table, columns in before.items():
            allowed = {**LIVING, **(also_allowed or {})}.get(table, set())
            if allowed is None:
                continue
            differing = {c for c, value in columns.items() if after[table].get(c) != value}
            if unexpected := differing - allowed - STAMPS:
                changed[table] = sorted(unexpected)[:SHOWN]
        if changed:
            raise console.Problem(f"By {event}, native values have changed: {changed}")
