"""A life of the addon on a messy database: installed, used, updated twice, uninstalled.

States how long each step takes as a ratio to the same step on a database with next to nothing in
it, both measured in this run. It fails when a step is beyond its limit, when conflicts of Contact
IDs go unreported, when a native value has changed, or when anything is left behind.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from devkit import console, databases, paths
from devkit.commands import lifecycle
from devkit.inside import fill
from devkit.lifetime import Lifetime
from devkit.odoo_cli import Odoo
from sizes import IS_TIMED, choose

COUNT = choose(small=5_000, medium=50_000, large=200_000)
LIMIT = 3  # times


def main():
    odoo = Odoo()
    name = paths.database_name("benchmessy")
    template = databases.template(odoo)
    odoo.server.copy(template, name)
    odoo.inside(name, fill.company_without_addon)
    small = Lifetime(odoo, name)
    small.live()
    odoo.server.drop(name)
    life = lifecycle.live_and_check(odoo, COUNT)
    print("messy: each step against the same in a small database:")
    beyond = False
    for step, seconds in life.times.items():
        ratio = seconds / small.times[step]
        beyond |= ratio > LIMIT
        print(
            f"  {step}: {ratio:.2f} times ({seconds:.0f} s against {small.times[step]:.0f} s; "
            f"limit {LIMIT})"
        )
    return 1 if beyond and IS_TIMED else 0


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
