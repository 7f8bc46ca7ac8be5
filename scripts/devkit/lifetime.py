"""The addon comes to a database, is used and updated, and goes: what does it leave, or change?"""

import time

from . import console, paths
from .inside import fill, traces

# Odoo itself keeps the row of the module in the Apps list.
ALLOWED_NAMES = {"base.module_bizuno_crm"}
ALLOWED_MENTIONS = {"ir_module_module", "ir_model_data"}
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
        :raises console.Problem: naming what is left, or which native values have changed
        """
        names = self._inside(traces.names)
        outline = self._inside(traces.outline)
        original = self._inside(traces.values, outline=outline)
        self._install()
        installed = self._inside(traces.values, outline=outline)
        self._compare(original, installed, "installing", REFLECTION)
        after_install()
        self._inside(fill.use_addon)
        outline = self._grown(outline)
        values = self._inside(traces.values, outline=outline)
        self._update_and_uninstall()
        self._check_left(names)
        after = self._inside(traces.values, outline=outline)
        self._compare(values | {t: original[t] for t in REFLECTION}, after, "uninstalling")

    def _install(self):
        self._step("install", "-i", paths.ADDON, "--stop-after-init")

    def _update_and_uninstall(self):
        self._step("update", "-u", paths.ADDON, "--stop-after-init")
        self._step("second update", "-u", paths.ADDON, "--stop-after-init")
        self._step("uninstall", paths.ADDON, subcommand=("module", "uninstall"))

    def _inside(self, function, **arguments):
        return self.odoo.inside(self.database, function, **arguments)

    def _step(self, name, *arguments, **options):
        console.say(f"{name.capitalize()} …")
        start = time.monotonic()
        self.odoo.call(
            self.database, *arguments, log=f"lifetime-{name.replace(' ', '-')}", **options
        )
        self.times[name] = time.monotonic() - start

    def _grown(self, outline):
        """The same columns, and in the tables of the business all rows that there are by now."""
        now = self._inside(traces.outline)
        return {
            table: [columns, now[table][1] if table.startswith(BUSINESS) else highest]
            for table, (columns, highest) in outline.items()
        }

    def _check_left(self, before):
        after = self._inside(traces.names)
        left = {
            what: more
            for what in after
            if (more := sorted({*after[what]} - {*before[what]} - ALLOWED_NAMES))
        }
        mentions = self._inside(traces.mentions, word="bizuno")
        left |= {table: n for table, n in mentions.items() if table not in ALLOWED_MENTIONS}
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
                changed[table] = sorted(unexpected)
        if changed:
            raise console.Problem(f"By {event}, native values have changed: {changed}")
