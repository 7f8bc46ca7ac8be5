"""`make core-tests`: Odoo's own tests with the addon, and what does not pass without it too.

It fails when a test fails, is skipped, or does not come to run with the addon that passes without
it. `PART=ci` runs what .ci/run takes, `PART=sale` and so on one part. A difference is tried once
more before it counts: tests in a browser, or with time limits, do not pass every time on a busy
machine; what differs only once is named.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter

from devkit import console, databases, paths, system
from devkit.commands import run
from devkit.odoo_cli import Odoo


def _files(app, *names):
    return [f"/{app}/tests/test_{name}.py" for name in names]


def _rest(app):
    """The tests of an app that no part has named so far."""
    named = {tag for tags in PARTS.values() for tag in tags if tag.startswith(f"/{app}/")}
    return [f"/{app}", *(f"-{tag}" for tag in sorted(named))]


# Odoo's tags: /app, /path/to/file.py, and with a minus what is left out.
PARTS = {
    "contacts": [
        "/contacts", "/product", "/sales_team", "/mass_mailing",
        "/base/tests/test_res_partner.py",
        *_files("account", "account_partner", "res_partner_merge"),
    ],
    "invoices": _files(
        "account",
        "account_move_out_invoice", "account_move_out_refund", "invoice_taxes", "portal_invoice",
        "account_invoice_report", "payment_term", "early_payment_discount", "fiscal_position",
        "mail_tracking_value",
    ),
    "payments": _files(
        "account",
        "account_payment", "account_payment_duplicate", "account_payment_items",
        "account_payment_method_line", "account_payment_register", "account_move_payments_widget",
        "account_move_reconcile",
    ),
    "taxes": _files(
        "account",
        "account_tax", "tax", "tax_report", "multivat", "taxes_base_lines_tax_details",
        "taxes_computation", "taxes_dispatching_base_lines", "taxes_downpayment",
        "taxes_global_discount", "taxes_tax_totals_summary", "account_move_line_tax_details",
    ) + _files("sale", "taxes_downpayment", "taxes_global_discount", "taxes_tax_totals_summary"),
}  # fmt: skip
PARTS["sale"] = _rest("sale")
PARTS["accounting"] = _rest("account")
CI = ("contacts",)


def main(arguments):
    part = os.environ.get("PART") or "all"
    groups = {"all": tuple(PARTS), "ci": CI, **{name: (name,) for name in PARTS}}
    if part not in groups:
        raise console.Problem(f"PART is one of {', '.join(groups)}, not {part}.")
    system.ensure_browser("Tests in a browser")
    system.ensure_pdf_printer(required=True)
    odoo = Odoo()
    total, failed = {}, 0
    for name in groups[part]:
        outcomes = _run(odoo, name, ",".join(PARTS[name]), addon=True)
        failed += _compare(odoo, name, outcomes)
        total |= outcomes
    print(
        f"Odoo's own tests ({', '.join(groups[part])}) with {paths.ADDON}: {_counts(total)}; "
        f"{failed} fail only with it"
    )
    return 1 if failed or "passed" not in total.values() else 0


def _compare(odoo, part, with_it):
    """:return: how many do not pass with the addon that pass without it"""
    suspects = {name for name, outcome in with_it.items() if outcome != "passed"}
    without = _run(odoo, part, _tags(suspects), addon=False) if suspects else {}
    different = {name for name in suspects if without.get(name) == "passed"}
    again = _run(odoo, "again", _tags(different), addon=True) if different else {}
    unstable = {name for name in different if again.get(name) == "passed"}
    for name in sorted(unstable):
        print(f"UNSTABLE {name}: it passed when it was tried again")
    for name in sorted(different - unstable):
        print(f"FAILED {name}: {again.get(name, 'missing')} with {paths.ADDON}, passed without it")
    return len(different - unstable)


def _counts(outcomes):
    numbers = Counter(outcomes.values())
    return (
        f"{numbers['passed']} passed, {numbers['failed']} failed, {numbers['skipped']} were "
        f"skipped and {numbers['missing']} did not come to run"
    )


def _tags(names):
    """:return: Odoo's tags for tests like account.tests.test_x.TestX.test_y"""
    parts = [name.split(".") for name in sorted(names)]
    return ",".join(f"/{module}:{case}.{test}" for module, *_, case, test in parts)


def _run(odoo, part, tags, addon):
    """:return: {test: outcome}"""
    side = "with" if addon else "without"
    name = paths.database_name(f"core{side}")
    if addon:
        databases.with_addon(odoo, name)
    else:
        odoo.server.copy(databases.template(odoo), name)
    databases.leave_statistics_alone(odoo, name)
    log, results = (paths.LOCAL / f"core-tests-{part}-{side}.{kind}" for kind in ("log", "jsonl"))
    log.unlink(missing_ok=True)
    results.unlink(missing_ok=True)
    config = odoo.config(
        f"core-tests-{side}", db_name=name, dbfilter=f"^{name}$", logfile=log, log_level="warn",
        http_port=run.free_port(any_port=True),
    )  # fmt: skip
    start = time.monotonic()
    done = subprocess.run(
        [
            sys.executable, paths.ROOT / "scripts/devkit/record_tests.py", results, "-c", config,
            "--test-tags", tags, "--stop-after-init",
        ],
        env=odoo.source.environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    text = results.read_text() if results.exists() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    if done.returncode < 0 or not lines:
        raise console.Problem(f"Odoo broke off, or ran no test: see {log}")
    outcomes = {line["test"]: line["outcome"] for line in lines}
    console.say(
        f"{part} {side} {paths.ADDON}: {_counts(outcomes)} in {time.monotonic() - start:.0f} s; "
        f"the log: {log}"
    )
    odoo.server.drop(name)
    return outcomes
