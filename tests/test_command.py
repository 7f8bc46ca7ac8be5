"""The command that moves a company over, as an administrator types it on the server."""

import re
import subprocess

import pytest
from devkit import databases, paths
from devkit.odoo_cli import Odoo

DUMP = paths.ROOT / "bizuno_crm/tests/importer/data/company_c_pre7.sql.gz"


@pytest.fixture(scope="module")
def command():
    odoo, name = Odoo(), paths.database_name("command")
    databases.with_addon(odoo, name)
    config = odoo.config("command", db_name=name)

    def run(*arguments, before=(), **environment):
        return subprocess.run(
            odoo.command(*before, "bizuno_import", "-d", name, *arguments),
            env={**odoo.source.environment(), **environment},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    yield run, config
    odoo.server.drop(name)


def _trouble(done):
    return re.findall(
        r"^.* (?:WARNING|ERROR|CRITICAL) .*$|^Traceback.*$", done.stderr, re.MULTILINE
    )


def test_odoo_finds_the_command_by_its_configuration_or_by_the_folders_of_addons(command):
    run, config = command
    done = run("--help", ODOO_RC=str(config))
    assert done.returncode == 0, done.stderr
    assert "--dry-run" in done.stdout
    addons = re.search(r"^addons_path = (.*)$", config.read_text(), re.MULTILINE)[1]
    done = run(DUMP, "-c", config, "--dry-run", before=[f"--addons-path={addons}"])
    assert (done.returncode, _trouble(done)) == (1, [])
    assert "contacts: read 40, created 40" in done.stdout


def test_a_company_comes_over_once_and_nothing_runs_into_anything(command):
    run, config = command
    done = run(DUMP, ODOO_RC=str(config))
    assert (done.returncode, _trouble(done)) == (1, [])
    assert "contacts: read 40, created 40" in done.stdout
    done = run(DUMP, ODOO_RC=str(config))
    assert (done.returncode, _trouble(done)) == (1, [])
    assert "contacts: read 40, unchanged 40" in done.stdout
    done = run("/nowhere.sql", ODOO_RC=str(config))
    assert (done.returncode, _trouble(done)) == (2, [])
    assert "nowhere" in done.stdout
