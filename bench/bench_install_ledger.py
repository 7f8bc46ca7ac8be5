"""Installing on a live ledger: do those who post invoices meanwhile wait?

A database with a million journal items; one session posts invoices, one after the other, while the
addon is installed. States the longest time that it waited for a lock of the indexes (none, whatever
the size of the ledger), and for any lock: Odoo installs every addon in one transaction, which holds
the tables that get a column; an app of Odoo's own is installed for comparison. Then an installation
is killed while it makes its indexes, and updated: they must be whole each time.
"""

import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import ledger  # noqa: E402  (the path comes first)
from devkit import console, databases, paths  # noqa: E402  (the path comes first)
from devkit.odoo_cli import Odoo  # noqa: E402
from sizes import choose  # noqa: E402

# Customers and open items: with what is paid, six journal items for each of the latter.
CUSTOMERS, ITEMS = choose(small=(300, 3_000), medium=(20_000, 165_000), large=(100_000, 825_000))
COMPARED = "purchase"
INDEXES = re.findall(
    r'^_(?:AGING|ACCOUNT)_INDEX = "(\w+)"',
    (paths.ROOT / paths.ADDON / "hooks.py").read_text(),
    re.MULTILINE,
)
# Waiting for locks, the installation's own statements apart: seconds.
MOST_FOR_INDEX = 0.1


def main():
    odoo = Odoo()
    filled = _filled(odoo)
    name = paths.database_name("benchlive")
    odoo.server.copy(filled, name)
    with odoo.server.cursor(name) as cr:
        cr.execute("SELECT count(*) FROM account_move_line")
        items = cr.fetchone()[0]
    waits, posted = _install_beside_invoices(odoo, name, paths.ADDON)
    problems = [] if _is_valid(odoo, name) else ["an index is not valid after the installation"]
    for_index = max((s for s, query in waits if "INDEX CONCURRENTLY" in query), default=0)
    longest = max((seconds for seconds, _query in waits), default=0)
    odoo.server.copy(filled, name)
    theirs, _posted = _install_beside_invoices(odoo, name, COMPARED)
    longest_of_theirs = max((seconds for seconds, _query in theirs), default=0)
    print(
        f"install: {items:,} journal items, {len(posted)} invoices posted meanwhile; they waited "
        f"for the indexes {for_index:.2f} s at most (limit {MOST_FOR_INDEX}), for any lock "
        f"{longest:.1f} s at most (for Odoo's own {COMPARED}: {longest_of_theirs:.1f} s)"
    )
    if for_index > MOST_FOR_INDEX:
        problems.append("somebody waited for an index")
    if not posted:
        problems.append("no invoice was posted meanwhile")
    problems += _kill_and_mend(odoo, filled, name)
    odoo.server.drop(name)
    for problem in problems:
        print(f"install: {problem} ← beyond")
    return 1 if problems else 0


def _filled(odoo):
    """:return: the database with the ledger and without the addon; kept until `make clean`"""
    name = paths.database_name("benchlivedata")
    digest = paths.digest(
        databases.template(odoo), (HERE / "generate.py").read_text(), f"{CUSTOMERS} {ITEMS}"
    )
    if odoo.server.comment(name) != digest:
        odoo.server.copy(databases.template(odoo), name)
        odoo.inside(name, ledger.fill, customers=CUSTOMERS, items=ITEMS)
        odoo.server.set_comment(name, digest)
    return name


def _install_beside_invoices(odoo, name, addon):
    """:return: ([(seconds, for whose statement)] for each wait, seconds of each invoice)"""
    with tempfile.TemporaryDirectory() as folder:
        until = str(Path(folder, "until"))
        posted = []
        poster = threading.Thread(
            target=lambda: posted.extend(odoo.inside(name, ledger.post, until=until)), daemon=True
        )
        poster.start()
        _wait_for(Path(until + ".ready").exists)
        watch = _Watch(odoo, name)
        watch.start()
        odoo.call(name, "-i", addon, "--stop-after-init", log="bench_install_ledger")
        watch.stop()
        Path(until).touch()
        poster.join()
    return watch.waits, posted


class _Watch(threading.Thread):
    """Looks who waits for whom, many times a second."""

    QUERY = """
        SELECT waiting.pid, waiting.query_start::text, blocking.query,
               extract(epoch FROM clock_timestamp() - lock.waitstart)
          FROM pg_stat_activity AS waiting
          JOIN pg_locks AS lock ON lock.pid = waiting.pid AND NOT lock.granted
          JOIN pg_stat_activity AS blocking
            ON blocking.pid = ANY(pg_blocking_pids(waiting.pid))
         WHERE waiting.datname = %s AND lock.waitstart IS NOT NULL
           AND waiting.query !~ 'INDEX CONCURRENTLY'
    """

    def __init__(self, odoo, name):
        super().__init__(daemon=True)
        self._odoo, self._name = odoo, name
        self._seen = {}
        self._over = threading.Event()

    def run(self):
        with self._odoo.server.cursor() as cr:
            while not self._over.wait(0.02):
                cr.execute(self.QUERY, [self._name])
                for pid, start, query, seconds in cr.fetchall():
                    self._seen[pid, start] = (float(seconds), query)

    def stop(self):
        self._over.set()
        self.join()
        self.waits = list(self._seen.values())


def _kill_and_mend(odoo, filled, name):
    """:return: what went wrong"""
    odoo.server.copy(filled, name)
    making = "query ~ 'CREATE INDEX CONCURRENTLY' AND state = 'active'"
    config = odoo.config("bench_install_kill", db_name=name)
    process = subprocess.Popen(
        odoo.command("-c", config, "-i", paths.ADDON, "--stop-after-init"),
        env=odoo.source.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    was_caught = False
    while process.poll() is None and not was_caught:
        was_caught = _is_there(odoo, name, making)
        time.sleep(0.01)
    if was_caught:
        # The worst: PostgreSQL loses its half-made index as well.
        process.send_signal(signal.SIGKILL)
        process.wait()
        with odoo.server.cursor() as cr:
            cr.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = %s AND {making}",
                [name],
            )
    _wait_for(lambda: not _is_there(odoo, name, making))
    left = _is_valid(odoo, name)
    odoo.call(name, "-u", paths.ADDON, "--stop-after-init", log="bench_install_mend")
    mended = _is_valid(odoo, name)
    state = {True: "whole", False: "invalid", None: "not all there"}
    print(
        f"install: {'killed while an index was made' if was_caught else 'not killed: too quick'}, "
        f"then they are {state[left]}; after an update {state[mended]}"
    )
    return [] if mended else ["an index was not mended"]


def _is_there(odoo, name, condition):
    with odoo.server.cursor() as cr:
        cr.execute(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND {condition}", [name]
        )
        return bool(cr.fetchone()[0])


def _is_valid(odoo, name):
    """:return: whether all indexes are; None: one is not there"""
    with odoo.server.cursor(name) as cr:
        cr.execute(
            "SELECT indisvalid FROM unnest(%s) AS name"
            " LEFT JOIN pg_index ON indexrelid = to_regclass(name)",
            [INDEXES],
        )
        are_valid = [is_valid for (is_valid,) in cr.fetchall()]
    return None if None in are_valid else all(are_valid)


def _wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise console.Problem("The other session does not get ready.")
        time.sleep(0.02)


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
