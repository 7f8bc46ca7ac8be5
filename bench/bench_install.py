"""Installing on a live database: what the hook costs for 50,000 contacts.

States the ratio of the whole contact set-up (columns, status, roles, conflicts, unique index) to
one plain UPDATE of as many rows, both measured in this run, on the same rows.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import process
from devkit import databases, paths
from devkit.inside import messy
from devkit.odoo_cli import Odoo
from sizes import IS_TIMED, choose

COUNT = choose(small=5_000, medium=50_000, large=200_000)
ROUNDS = 5

FORGET = """
ALTER TABLE res_partner DROP account_status, DROP account_restriction, DROP contact_id_conflict,
                        DROP role_branch
"""


def main():
    odoo = Odoo()
    name = paths.database_name("benchinstall")
    databases.with_addon(odoo, name)
    registry = process.registry(odoo, name, log_level="warn")
    from odoo.addons.bizuno_crm import hooks  # noqa: PLC0415  (its path is known only now)

    hook_times, update_times = [], []
    with registry.cursor() as cr:
        env = process.environment(cr)
        cr.execute("DROP INDEX res_partner_contact_id_unique")
        messy.add_partners(cr, COUNT)
        index = registry["res.partner"]._table_objects["res_partner_contact_id_unique"]
        for _ in range(ROUNDS):
            cr.execute("SAVEPOINT bench")
            update_times.append(_timed(cr, "UPDATE res_partner SET color = 1"))
            cr.execute("ROLLBACK TO SAVEPOINT bench")
            cr.execute(FORGET)
            start = time.perf_counter()
            hooks._contact_pre_init(env)
            cr.execute(
                "CREATE UNIQUE INDEX res_partner_contact_id_unique ON res_partner "
                + index.get_definition(registry).removeprefix("UNIQUE INDEX")
            )
            hook_times.append(time.perf_counter() - start)
            cr.execute("ROLLBACK TO SAVEPOINT bench")
        cr.rollback()
    odoo.server.drop(name)
    ratio = statistics.median(hook_times) / statistics.median(update_times)
    print(
        f"install: contact set-up of {COUNT:,} contacts against one plain UPDATE of as many rows: "
        f"{ratio:.2f} times ({statistics.median(hook_times):.2f} s against "
        f"{statistics.median(update_times):.2f} s; limit 3)"
    )
    return 0 if ratio <= 3 or not IS_TIMED else 1


def _timed(cr, query):
    start = time.perf_counter()
    cr.execute(query)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
