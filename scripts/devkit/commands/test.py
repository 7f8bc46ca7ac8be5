"""`make test`: everything on PostgreSQL: pure logic, Odoo tests, tours in headless Chromium.

The small addons that meet optional apps (`bizuno_crm_…`) are tested beside these, on a database of
their own, where they must have installed themselves. `make test T=<expr>` runs what pytest's -k
selects. Under CI=true no browser test may be skipped.

All of them run in as many processes as there are processors (JOBS= for another number), each with a
copy of the database of its own.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from devkit import databases, paths, system
from devkit.commands import click_all
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
    if arguments:
        return _pytest(odoo, _prepare(odoo, "test"), *arguments)
    side_by_side = _side_by_side(odoo)
    with ThreadPoolExecutor() as other:
        # Odoo installs apps on one processor.
        glue = other.submit(_prepare, odoo, "glue", click_all.OTHERS)
        failed = _pytest(odoo, _prepare(odoo, "test"), *side_by_side)
    return failed | _test_glue(odoo, glue.result(), *side_by_side)


def _prepare(odoo, purpose, others=()):
    """:return: the name of a database to test on"""
    name = paths.database_name(purpose)
    databases.with_addon(odoo, name, extra=others)
    databases.leave_statistics_alone(odoo, name)
    return name


def _side_by_side(odoo):
    """:return: pytest's arguments for the whole"""
    jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
    path = odoo.server.environment(os.environ)["PATH"]
    if jobs == 1 or not shutil.which("createdb", path=path):
        return []
    return ["--numprocesses", str(jobs), "--dist", "loadscope", "--no-loadscope-reorder"]


def _test_glue(odoo, name, *arguments):
    """:return: whether a test failed, or a small addon did not install itself"""
    folders = sorted(paths.ROOT.glob(f"{paths.ADDON}_*/"))
    failed = False
    for folder in folders:
        with odoo.server.cursor(name) as cursor:
            cursor.execute("SELECT state FROM ir_module_module WHERE name = %s", [folder.name])
            state = (cursor.fetchone() or ["unknown"])[0]
        if state != "installed":
            print(f"{folder.name} is {state}: it did not install itself beside its apps")
            failed = True
    failed |= bool(_pytest(odoo, name, *arguments, *(f"{folder}/tests" for folder in folders)))
    odoo.server.drop(name)
    return failed


def _pytest(odoo, name, *arguments):
    config = odoo.config("test", db_name=name, dbfilter=f"^{name}$", unaccent=False)
    return subprocess.call(
        [
            sys.executable, "-m", "pytest", f"--odoo-config={config}", "--odoo-http",
            "--odoo-log-level=warn", *arguments,
        ],
        cwd=paths.ROOT,
        # pytest-odoo copies the database for each process by PostgreSQL's own commands.
        env=odoo.server.environment(odoo.source.environment()),
    )  # fmt: skip
