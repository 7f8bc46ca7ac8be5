"""`make test`: everything on PostgreSQL: pure logic, Odoo tests, tours in headless Chromium.

`make test T=<expr>` runs what pytest's -k selects. Under CI=true no browser test may be skipped.
"""

import os
import subprocess
import sys

from devkit import databases, paths, system
from devkit.odoo_cli import Odoo


def main(arguments):
    in_ci = os.environ.get("CI") == "true"
    try:
        system.ensure_browser("The browser tests")
    except Exception as problem:
        if in_ci:
            raise
        print(f"{problem} The browser tests are skipped.")
    system.ensure_pdf_printer(required=in_ci)
    odoo = Odoo()
    name = paths.database_name("test")
    databases.with_addon(odoo, name)
    config = odoo.config("test", db_name=name, dbfilter=f"^{name}$", unaccent=False)
    return subprocess.call(
        [
            sys.executable, "-m", "pytest", f"--odoo-config={config}", "--odoo-http",
            "--odoo-log-level=warn", *(arguments or ()),
        ],
        cwd=paths.ROOT,
        env=odoo.source.environment(),
    )  # fmt: skip
