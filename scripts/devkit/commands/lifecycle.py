"""`dev.py lifecycle`: install, update and uninstall the addon as an admin does.

On a database without demo data that a company lives on: contacts, an order, an invoice and
duplicate Contact IDs are there before the addon comes, and must be as they were when it is gone.
"""

from devkit import console, databases, lifetime, paths
from devkit.inside import fill
from devkit.odoo_cli import Odoo

EXPECTED = {
    "customer": ["DUP-1", 2, True],
    "twin": ["dup-1 ", 2],
    "new": True,
    "order": "sale",
    "invoice": "posted",
}


def main(arguments):
    odoo = Odoo()
    name = paths.database_name("lifecycle")
    odoo.server.drop(name)
    odoo.server.copy(databases.template(odoo), name)
    odoo.inside(name, fill.company_without_addon)
    lifetime.Lifetime(odoo, name).check()
    kept = odoo.inside(name, fill.kept_values)
    if kept != EXPECTED:
        raise console.Problem(f"Native values changed: {kept}, expected {EXPECTED}")
    odoo.server.drop(name)
    print(
        "Installed, updated twice and uninstalled: nothing of ours is left, all native values are"
    )
    return 0
