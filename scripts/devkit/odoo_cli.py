"""Runs Odoo on a database, and reads its log as strictly as a test does."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

from . import console, odoo_source, paths, postgres, system

# What this set-up itself makes Odoo say; it has nothing to do with the addon.
EXPECTED = (
    # The embedded PostgreSQL has no contrib extensions; Odoo goes on without.
    re.compile(r"pg_trgm|PostgreSQL extensions"),
    # Odoo's own services in the internet, which this machine need not reach.
    re.compile(r"iap jsonrpc \S+ failed|Autocomplete API error"),
    # Two requests of one browser wrote the same row: Odoo asks the second one again.
    re.compile(r"ERROR: could not serialize access"),
    # Debian's build prints without header and footer, and says so; what it could not load is told.
    re.compile(r"wkhtmltopdf: The switch(?!.*Exit with code)", re.DOTALL),
    # Odoo's own pages of imports and exports send more than its own server asks for.
    re.compile(r"(main\.set_file|export\.web_export_\w+)> called ignoring args"),
    # Odoo calls what it has itself deprecated.
    re.compile(r" py\.warnings: \S+/odoo/addons/\S+ DeprecationWarning"),
)
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ ")


class Odoo:
    """Odoo on the server of this set-up."""

    def __init__(self):
        self.source = odoo_source.ensure()
        self.server = postgres.ensure()
        paths.LOCAL.mkdir(exist_ok=True)

    def config(self, name, **options):
        """Write Odoo's configuration file `name`.conf and return its path."""
        values = {
            "addons_path": self.source.addons_path(),
            "data_dir": paths.DATA_DIR,
            "http_interface": "127.0.0.1",
            "admin_passwd": "admin",
            "list_db": False,
            "max_cron_threads": 0,
            **self.server.options(),
            **options,
        }
        lines = ["[options]", *(f"{key} = {value}" for key, value in values.items() if value != "")]
        path = paths.LOCAL / f"{name}.conf"
        path.write_text("\n".join(lines) + "\n")
        return path

    def command(self, *arguments):
        return [sys.executable, "-m", "odoo", *map(str, arguments)]

    def call(self, database, *arguments, subcommand=(), strict=True, log=None):
        """Run Odoo to its end, for example to install an addon.

        :param strict: a warning or an error in its log is a Problem too
        """
        system.ensure_pdf_printer(required=False)
        log = paths.LOCAL / f"{log or database}.log"
        config = self.config(f"{database}.setup", db_name=database)
        with open(log, "w") as stream:
            done = subprocess.run(
                self.command(*subcommand, "-c", config, *arguments),
                env=self.source.environment(),
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        trouble = unexpected(log)
        if done.returncode or (strict and trouble):
            console.require_disk_space(64 * 1024**2)
            shown = "\n".join(trouble[:20]) or "\n".join(log.read_text().splitlines()[-20:])
            raise console.Problem(f"Odoo did not do its work cleanly; from {log}:\n{shown}")

    def inside(self, database, function, **arguments):
        """Run a function of devkit.inside in Odoo's shell on a database.

        :param function: takes `env` and these arguments
        :return: what the function returns
        """
        source = Path(inspect.getfile(function))
        code = (
            "import json, sys\n"
            f"sys.path[:0] = [{str(paths.ROOT / 'scripts')!r}, {str(source.parent)!r}]\n"
            f"from {function.__module__} import {function.__name__} as function\n"
            f"done = function(env, **json.loads({json.dumps(arguments)!r}))\n"
            "print('RESULT' + json.dumps(done))\n"
        )
        log = paths.LOCAL / f"{database}.inside.log"
        log.unlink(missing_ok=True)
        config = self.config(f"{database}.inside", db_name=database, log_level="warn", logfile=log)
        done = subprocess.run(
            self.command("shell", "-c", config, "--no-http"),
            env=self.source.environment(),
            input=code,
            capture_output=True,
            text=True,
        )
        results = [line for line in done.stdout.splitlines() if "RESULT" in line]
        trouble = unexpected(log) if log.exists() else []
        if done.returncode or trouble or not results:
            raise console.Problem(
                f"In Odoo's shell, {function.__name__}:\n{done.stderr[-3000:]}\n"
                + "\n".join(trouble[:20])
            )
        return json.loads(results[-1].split("RESULT", 1)[1])


def unexpected(log, start=0):
    """
    :param start: how many bytes of it are left out
    :return: the warnings and errors of an Odoo log, each with what belongs to it
    """
    entries, entry = [], None
    for line in log.read_bytes()[start:].decode(errors="replace").splitlines():
        if ENTRY.match(line):
            entry = [] if TROUBLE.match(line) else None
            if entry is not None:
                entries.append(entry)
        if entry is not None and len(entry) < 30:
            entry.append(line)
    texts = ["\n".join(lines) for lines in entries]
    return [text for text in texts if not any(e.search(text) for e in EXPECTED)]
