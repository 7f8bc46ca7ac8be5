#!/usr/bin/env python3
"""How fast the aged receivables are: ratios and query counts of one run on one generated database.

BENCH=small|medium|large chooses the size. OCA's reports are fetched from PyPI for the comparison
alone (their licence is AGPL; they are no part of this project); OCA=0 leaves them out.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

from devkit import console, databases, paths, python_env  # noqa: E402  (the path comes first)

PEERS = (
    "account-financial-report", "partner-statement", "date-range", "report-xlsx",
    "report-xlsx-helper",
)  # fmt: skip
PEER_MODULES = "account_financial_report,partner_statement"


def main():
    python_env.enter([str(Path(__file__).resolve())])
    from devkit.odoo_cli import Odoo  # noqa: PLC0415  (needs the virtual environment)

    size = os.environ.get("BENCH", "medium")
    odoo = Odoo()
    name = paths.database_name(f"bench{size}")
    if name not in odoo.server.databases():
        unfinished = paths.database_name(f"bench{size}raw")
        databases.with_addon(odoo, unfinished)
        started = time.monotonic()
        inside(odoo, unfinished, "generate", size)
        odoo.server.rename(unfinished, name)
        console.say(f"Generated in {time.monotonic() - started:.0f} s")
    results = {"size": size}
    for case in CASES:
        results[case] = inside(odoo, name, case, size)
        print(case, json.dumps(results[case]), flush=True)
    if os.environ.get("OCA") != "0" and (peers := fetch_peers()):
        compared = paths.database_name(f"bench{size}oca")
        if compared not in odoo.server.databases():
            odoo.server.copy(name, compared)
            addons = f"{odoo.source.addons_path()},{peers}"
            config = odoo.config("bench_setup", db_name=compared, addons_path=addons)
            subprocess.run(
                odoo.command("-c", config, "-i", PEER_MODULES, "--stop-after-init"),
                env=odoo.source.environment(), check=True,
                stdout=open(paths.LOCAL / "bench_oca.log", "w"), stderr=subprocess.STDOUT,
            )  # fmt: skip
        for case in PEER_CASES:
            results[case] = inside(odoo, compared, case, size, peers)
            print(case, json.dumps(results[case]), flush=True)
    report(results)


CASES = ("limit", "ours", "ours_past", "panel", "core_panel", "search", "statements", "xlsx", "pdf")
PEER_CASES = ("oca_report", "oca_report_past", "oca_one_past", "ours_one_past", "oca_statements")


def inside(odoo, database, case, size, peers=None):
    """Run one case in a process of its own, so that its memory is its own."""
    addons = odoo.source.addons_path() + (f",{peers}" if peers else "")
    config = odoo.config("bench", db_name=database, addons_path=addons, log_level="error")
    done = subprocess.run(
        [sys.executable, str(HERE / "cases_aging.py"), str(config), database, case, size],
        env=odoo.source.environment(), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def fetch_peers():
    """:return: the path of OCA's addons, or None when they cannot be had"""
    target = paths.LOCAL / "bench_oca"
    if not target.exists():
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--pre", "--no-deps",
             "--target", str(target), *(f"odoo-addon-{peer}==19.*" for peer in PEERS)],
        )  # fmt: skip
        if done.returncode:
            print("OCA's reports could not be fetched: no comparison with them.")
            return None
    return target / "odoo" / "addons"


def report(results):
    def ratio(label, slow, fast, what="seconds"):
        if slow in results and fast in results and results[fast].get(what):
            print(f"{label}: {results[slow][what] / results[fast][what]:.2f}")

    print(f"\nBENCH={results['size']}")
    ratio("(a) report's data / limit, today (at most 1.3)", "ours", "limit")
    limit = results["limit"]
    print(f"(a) … as of 60 days ago (at most 1.3): "
          f"{results['ours_past']['seconds'] / limit['past_seconds']:.2f}")  # fmt: skip
    ratio("(b) OCA's report / ours, today (at least 60)", "oca_report", "ours")
    ratio("(b) … as of 60 days ago", "oca_report_past", "ours_past")
    ratio("(b) OCA's memory / ours (at least 5)", "oca_report", "ours", "megabytes")
    ratio("(b) one customer as of 60 days ago (at least 1000)", "oca_one_past", "ours_one_past")
    ratio("(c) panel of 80 / core's three fields (at most 0.1)", "panel", "core_panel")
    print(f"(c) queries of the panel: 80 customers {results['panel']['queries']}, "
          f"one {results['panel']['queries_of_one']}")  # fmt: skip
    print(f"(d) search past due / limit (at most 2): "
          f"{results['search']['seconds'] / limit['seconds']:.2f}")  # fmt: skip
    print(f"(e) XLSX: {results['xlsx']['rows']} rows, {results['xlsx']['megabytes']:.0f} MB "
          f"(under 600), {results['xlsx']['seconds']:.1f} s; PDF of {results['pdf']['customers']} "
          f"customers: {results['pdf']['seconds']:.1f} s")  # fmt: skip
    ratio("(f) OCA's 100 statements / ours (at least 5)", "oca_statements", "statements")


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
