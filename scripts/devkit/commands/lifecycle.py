"""`dev.py lifecycle`: install, update and uninstall the addon as an admin does.

On a database without demo data that four companies live on, as years of imports leave it: contacts,
orders, invoices and duplicate Contact IDs are there before the addon comes, and must be as they
were when it is gone.
"""

from devkit import console, databases, lifetime, paths
from devkit.inside import fill, messy
from devkit.odoo_cli import Odoo

CONTACTS = 5_000
EXPECTED = {
    # the rank that he was given, and one more for the invoice in each company
    "customer": ["DUP-1", 5, True],
    "twin": ["dup-1 ", 2],
    "new": True,
    "order": "sale",
    "invoice": "posted",
}


def main(arguments):
    live_and_check(Odoo(), CONTACTS)
    return 0


def live_and_check(odoo, contacts):
    """
    :param contacts: how many there are besides those with a story
    :return: the Lifetime
    :raise console.Problem: naming what is left, or not as it was or must be
    """
    name = paths.database_name("lifecycle")
    odoo.server.copy(databases.template(odoo), name)
    conflicts = odoo.inside(name, messy.make, count=contacts)
    life = lifetime.Lifetime(odoo, name)

    def look():
        reported = odoo.inside(name, messy.reported_conflicts)
        if reported != conflicts:
            raise console.Problem(f"{reported} conflicts are reported, {conflicts} there are")

    life.check(after_install=look)
    kept = odoo.inside(name, fill.kept_values)
    if kept != EXPECTED:
        raise console.Problem(f"Native values changed: {kept}, expected {EXPECTED}")
    odoo.server.drop(name)
    console.say(
        f"{contacts:,} contacts in four companies: installed, {conflicts} conflicts of Contact IDs "
        "reported, updated twice and uninstalled; nothing of ours is left, all native values are"
    )
    return life
