#!/usr/bin/env python3
"""How fast the aged receivables are: ratios and query counts of one run on one generated database.

OCA's reports are fetched with pip for the comparison
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
from generate import SIZES  # noqa: E402
from sizes import IS_TIMED, SIZE  # noqa: E402

PEERS = (
    "account-financial-report", "partner-statement", "date-range", "report-xlsx",
    "report-xlsx-helper",
)  # fmt: skip
PEER_MODULES = "account_financial_report,partner_statement"


def main():
    python_env.enter([str(Path(__file__).resolve())])
    from devkit.odoo_cli import Odoo  # noqa: PLC0415  (needs the virtual environment)

    size = SIZE
    odoo = Odoo()
    results = {"size": size, "growth": {}}
    for smaller in list(SIZES)[: list(SIZES).index(size) + 1]:
        name = generated(odoo, smaller)
        results["growth"][smaller] = run(odoo, name, "whole", smaller)
    for case in CASES:
        results[case] = run(odoo, name, case, size)
    if os.environ.get("OCA") != "0" and (peers := fetch_peers()):
        compared = with_peers(odoo, name, size, peers)
        for case in PEER_CASES:
            results[case] = run(odoo, compared, case, size, peers)
    return report(results)


CASES = ("ours", "panel", "xlsx", "pdf")
# Times of one size differ by a tenth from run to run; how many rows are handled does not.
NOISE = 1.1
WHEN = {"today": "", "as of 60 days ago": "_past", "as of 330 days ago": "_long_past"}
PEER_CASES = ("oca_report", "oca_report_past", "oca_one_past", "ours_one_past", "oca_statements")


def generated(odoo, size):
    """:return: the name of the database of that size; kept until `make clean`, or until it would be
    made in another way"""
    name = paths.database_name(f"bench{size}")
    digest = paths.digest((HERE / "generate.py").read_text())
    if name not in odoo.server.databases() or odoo.server.comment(name) != digest:
        odoo.server.drop(name)
        unfinished = paths.database_name(f"bench{size}raw")
        databases.with_addon(odoo, unfinished)
        started = time.monotonic()
        inside(odoo, unfinished, "generate", size)
        odoo.server.rename(unfinished, name)
        odoo.server.set_comment(name, digest)
        console.say(f"Generated {size} in {time.monotonic() - started:.0f} s")
    else:
        subprocess.run(
            odoo.command("-c", odoo.config("bench", db_name=name), "-u", paths.ADDON,
                         "--stop-after-init"),
            env=odoo.source.environment(), check=True,
            stdout=open(paths.LOCAL / "bench_update.log", "w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
    return name


def with_peers(odoo, name, size, peers):
    compared = paths.database_name(f"bench{size}oca")
    odoo.server.copy(name, compared)
    addons = f"{odoo.source.addons_path()},{peers}"
    config = odoo.config("bench_setup", db_name=compared, addons_path=addons)
    subprocess.run(
        odoo.command("-c", config, "-i", PEER_MODULES, "--stop-after-init"),
        env=odoo.source.environment(), check=True,
        stdout=open(paths.LOCAL / "bench_oca.log", "w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    return compared


def run(odoo, database, case, size, peers=None):
    found = inside(odoo, database, case, size, peers)
    print(size, case, json.dumps(found), flush=True)
    return found


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
    """Print every figure with its limit.

    :return: the exit code: 1 when one is beyond its limit. The small size, whose times are those of
        a few milliseconds, is judged by its query counts alone.
    """
    whole, panel = results["growth"][results["size"]], results["panel"]
    beyond = []

    def state(label, figure, at_most=None, at_least=None, judged=IS_TIMED):
        limit = f"at most {at_most}" if at_least is None else f"at least {at_least}"
        is_fine = figure <= at_most if at_least is None else figure >= at_least
        if judged and not is_fine:
            beyond.append(label)
        print(f"{label}: {figure:.3g} ({limit}){'' if is_fine else ' ← beyond'}")

    print(f"\nBENCH={results['size']}")
    for when, suffix in WHEN.items():
        ratio = whole[f"ours{suffix}"] / whole[f"limit{suffix}"]
        state(f"(a) report's data / limit, {when}", ratio, 1.3)
    if "oca_report" in results:
        peer, past = results["oca_report"], results["oca_report_past"]
        one = results["oca_one_past"]["seconds"] / results["ours_one_past"]["seconds"]
        statements = results["oca_statements"]
        state("(b) OCA's report / ours, today", peer["seconds"] / whole["ours"], at_least=60)
        times = past["seconds"] / whole["ours_past"]
        print(f"(b) … as of 60 days ago: {times:.3g} (no limit)")
        state("(b) our memory / OCA's", results["ours"]["megabytes"] / peer["megabytes"], 0.2)
        state("(b) one customer as of 60 days ago", one, at_least=1000)
        state("(f) OCA's 100 statements / ours", statements["oca"] / statements["ours"], at_least=5)
    state("(c) panel of 80 / three fields of Odoo's", panel["ours"] / panel["core"], 0.1)
    more = panel["queries"] - panel["queries_of_one"]
    state("(c) more queries for 80 customers than for one", more, 0, judged=True)
    for name in ("search_past_due", "search_over_limit", "search_credit_past_due"):
        state(f"(d) {name.replace('_', ' ')} / limit", whole[name] / whole["limit"], 2)
    state("(e) XLSX, megabytes", results["xlsx"]["megabytes"], 600)
    xlsx, pdf = results["xlsx"], results["pdf"]
    print(f"(e) XLSX of {xlsx['rows']} rows: {xlsx['seconds']:.1f} s")
    print(f"(e) PDF of {pdf['customers']} customers: {pdf['seconds']:.1f} s")
    sizes = list(results["growth"])
    steps = list(zip(sizes, sizes[1:], strict=False))
    if len(sizes) > 2:
        steps.append((sizes[0], sizes[-1]))
    for less, more in steps:
        items = SIZES[more][1] / SIZES[less][1]
        per_item = {
            name: figure / results["growth"][less][name] / items
            for name, figure in results["growth"][more].items()
        }
        step = f"(g) {SIZES[more][1]:,} items against {SIZES[less][1]:,}, per item"
        for when, suffix in WHEN.items():
            state(f"{step}, {when}: rows handled", per_item[f"rows{suffix}"], 1.01, judged=True)
            state(f"{step}, {when}: time", per_item[f"ours{suffix}"], NOISE)
            print(f"(g) … the hand-written SQL: {per_item[f'limit{suffix}']:.3g}")
    if beyond:
        print(f"Beyond their limit: {'; '.join(beyond)}")
    return 1 if beyond else 0


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
