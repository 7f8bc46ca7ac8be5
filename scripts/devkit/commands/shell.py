"""`dev.py shell [purpose]`: Odoo's shell on the database of `make run` (or another purpose's)."""

import subprocess

from devkit import paths
from devkit.odoo_cli import Odoo


def main(arguments):
    odoo = Odoo()
    config = odoo.config("shell", db_name=paths.database_name(*(arguments or ["run"])))
    return subprocess.call(
        odoo.command("shell", "-c", config, "--no-http"), env=odoo.source.environment()
    )
