"""Credit control: what it costs the orders and invoices of the host.

Creating and confirming orders of three lines, and creating and posting invoices, with the addon
against without it: two databases made of the same template, run in turns. Limits: 1.10 times the
time, two more queries per confirmed order and one per posted invoice, none elsewhere; a policy that
stops documents costs none per document more than one that warns; and the credit status of a list of
80 in a constant number of queries.
"""

import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import process
from devkit import databases, paths
from devkit.odoo_cli import Odoo
from sizes import IS_TIMED, choose

COUNT = choose(small=10, medium=50, large=200)
ROUNDS = choose(small=3, medium=6, large=3)
# What is measured, and how many queries per document may come on top.
STEPS = {"orders created": 0, "orders confirmed": 2, "invoices created": 0, "invoices posted": 1}
MOST = 1.10
# Whose time is compared: a document's way from nothing to the ledger.
WHOLES = (("orders created", "orders confirmed"), ("invoices created", "invoices posted"))
STOPPING = ("approval", "block")
# Caches that are filled once, whatever the number of documents.
ONCE = 10


def main():
    odoo = Odoo()
    names = {
        "without": paths.database_name("benchplain"),
        "with": paths.database_name("benchcredit"),
    }
    odoo.server.drop(names["without"])
    odoo.server.copy(databases.template(odoo), names["without"])
    databases.with_addon(odoo, names["with"])
    registries = {side: process.registry(odoo, name) for side, name in names.items()}
    logging.disable(logging.WARNING)
    runs = {"without": [], "with": [], "approval": [], "block": []}
    for number in range(ROUNDS + 1):
        for side, measured in runs.items():
            registry = registries["without" if side == "without" else "with"]
            result = _run(registry, policy=side if side in STOPPING else "warn")
            if number:  # the first round warms up
                measured.append(result)
    is_fine = _report(runs)
    few, many = _count_list(registries["with"])
    print(f"credit: status of a list: {few} queries for 1 order, {many} for 80 (limit: 3 more)")
    for name in names.values():
        odoo.server.drop(name)
    return 0 if is_fine and many <= few + 3 else 1


def _run(registry, policy):
    """:return: {step: (seconds, queries)}; everything is rolled back"""
    measured = {}
    with registry.cursor() as cr:
        env = process.environment(cr, uid=2)
        # The same terms on both sides: the addon has default terms for new customers.
        term = env.ref("account.account_payment_term_30days")
        partners = env["res.partner"].create(
            [
                {"name": f"Bench {n}", "customer_rank": 1, "property_payment_term_id": term.id}
                for n in range(COUNT)
            ]
        )
        if policy in STOPPING:
            env.company.credit_policy = policy
            partners.credit_limit = 1e6
        products = env["product.product"].create(
            [{"name": f"Bench {n}", "invoice_policy": "order"} for n in range(3)]
        )
        lines = [(0, 0, {"product_id": product.id, "price_unit": 10}) for product in products]
        orders = [{"partner_id": one.id, "order_line": lines} for one in partners]
        invoices = [
            {"move_type": "out_invoice", "partner_id": one.id, "invoice_line_ids": lines}
            for one in partners
        ]
        with _timed(env, measured, "orders created"):
            orders = env["sale.order"].create(orders)
        with _timed(env, measured, "orders confirmed"):
            for order_id in orders.ids:
                _request(env)["sale.order"].browse(order_id).action_confirm()
        with _timed(env, measured, "invoices created"):
            invoices = env["account.move"].create(invoices)
        with _timed(env, measured, "invoices posted"):
            for invoice_id in invoices.ids:
                _request(env)["account.move"].browse(invoice_id).action_post()
        cr.rollback()
    return measured


def _request(env):
    """What every click begins with: nothing left to write, nothing read yet."""
    env.flush_all()
    env.invalidate_all()
    return env


class _timed:
    def __init__(self, env, measured, step):
        self.env, self.measured, self.step = env, measured, step

    def __enter__(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.queries, self.start = self.env.cr.sql_log_count, time.perf_counter()

    def __exit__(self, *_error):
        self.env.flush_all()
        self.measured[self.step] = (
            time.perf_counter() - self.start,
            self.env.cr.sql_log_count - self.queries,
        )


def _report(runs):
    is_fine = True
    best = {
        side: {step: min(one[step][0] for one in measured) for step in STEPS}
        for side, measured in runs.items()
    }
    for side, label in (
        ("with", "policy warn"),
        ("approval", "policy approval"),
        ("block", "policy block"),
    ):
        for steps in WHOLES:
            with_, without = (sum(best[one][step] for step in steps) for one in (side, "without"))
            ratio = with_ / without
            print(
                f"credit: {COUNT} {' and '.join(steps)}, {label}: {ratio:.2f} times (limit {MOST})"
            )
            if IS_TIMED and side == "with" and ratio > MOST:
                is_fine = False
        for step, allowed in STEPS.items():
            more = runs[side][-1][step][1] - runs["without"][-1][step][1]
            print(
                f"credit: {COUNT} {step}, {label}: {more / COUNT:+.2f} queries each"
                f" (limit {allowed:+d})"
            )
            if side == "with" and more > allowed * COUNT + ONCE:
                is_fine = False
            more = runs[side][-1][step][1] - runs["with"][-1][step][1]
            if side != "with":
                print(f"credit: … against policy warn: {more / COUNT:+.2f} queries each (limit +0)")
            if more > ONCE:
                is_fine = False
    return is_fine


def _count_list(registry):
    counts = []
    with registry.cursor() as cr:
        env = process.environment(cr, uid=2)
        partners = env["res.partner"].create([{"name": f"Bench {n}"} for n in range(80)])
        orders = env["sale.order"].create([{"partner_id": one.id} for one in partners])
        for some in (orders[:1], orders):
            env.flush_all()
            env.invalidate_all()
            before = cr.sql_log_count
            some.mapped("credit_status")
            counts.append(cr.sql_log_count - before)
        cr.rollback()
    return counts


if __name__ == "__main__":
    sys.exit(main())
