"""One case of bench_aging.py, in a process of its own: prints its figures as JSON.

Times are the best of some runs on a warm cache.
"""

import json
import resource
import sys
import time
from datetime import date, timedelta
from unittest.mock import patch

import generate
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

PAST = date.today() - timedelta(days=60)
LONG_PAST = date.today() - timedelta(days=330)


def best(function, runs=5):
    return best_of({"only": function}, runs)["only"]


def best_of(functions, runs=5):
    """The best time of each, taken in turns: what disturbs the machine disturbs all of them."""
    times = {name: [] for name in functions}
    for _run in range(runs):
        for name, function in functions.items():
            started = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - started)
    return {name: min(taken) for name, taken in times.items()}


def whole(env, size):
    """The whole report's data against the limit: the seven figures per customer as the shortest SQL
    gives them."""
    [account] = env.execute_query(
        SQL("SELECT array_agg(id) FROM account_account WHERE account_type = 'asset_receivable'")
    )[0]
    days = "CURRENT_DATE - COALESCE(date_maturity, date)"
    sums = f"""
        SUM(r) FILTER (WHERE {days} <= 0), SUM(r) FILTER (WHERE {days} BETWEEN 1 AND 30),
        SUM(r) FILTER (WHERE {days} BETWEEN 31 AND 60),
        SUM(r) FILTER (WHERE {days} BETWEEN 61 AND 90),
        SUM(r) FILTER (WHERE {days} BETWEEN 91 AND 120), SUM(r) FILTER (WHERE {days} > 120), SUM(r)
    """
    today = f"""
        SELECT partner_id, {sums}
          FROM (SELECT partner_id, date, date_maturity, amount_residual AS r
                  FROM account_move_line
                 WHERE account_id = ANY(%s) AND parent_state = 'posted' AND company_id = 1
                   AND reconciled IS NOT TRUE AND amount_residual <> 0) line
         GROUP BY partner_id
    """
    past = f"""
        WITH later AS MATERIALIZED (
            SELECT id, SUM(amount) AS amount FROM (
                SELECT debit_move_id AS id, amount FROM account_partial_reconcile
                 WHERE max_date > %s
                UNION ALL
                SELECT credit_move_id, -amount FROM account_partial_reconcile WHERE max_date > %s
            ) partial GROUP BY id
        )
        SELECT partner_id, {sums.replace("CURRENT_DATE", "%s::date")}
          FROM (SELECT partner_id, date, date_maturity,
                       amount_residual + COALESCE(later.amount, 0) AS r
                  FROM account_move_line line LEFT JOIN later ON later.id = line.id
                 WHERE account_id = ANY(%s) AND parent_state = 'posted' AND company_id = 1
                   AND date <= %s AND (amount_residual <> 0 OR later.id IS NOT NULL)) line
         WHERE r <> 0 GROUP BY partner_id
    """
    cr = env.cr._obj

    def run(query, parameters):
        cr.execute(query, parameters)
        return cr.fetchall()

    def run_past(at):
        return run(past, [at, at, *[at] * sums.count("CURRENT_DATE"), account, at])

    partners = env["res.partner"]
    times = best_of(
        {
            "limit": lambda: run(today, [account]),
            "ours": lambda: figures(env),
            "limit_past": lambda: run_past(PAST),
            "ours_past": lambda: figures(env, PAST),
            "limit_long_past": lambda: run_past(LONG_PAST),
            "ours_long_past": lambda: figures(env, LONG_PAST),
            "search_past_due": lambda: partners.search([("aged_past_due", ">", 0)]),
            "search_over_limit": lambda: partners.search([("credit_status", "=", "over_limit")]),
            "search_credit_past_due": lambda: partners.search([("credit_status", "=", "past_due")]),
        },
        7,
    )
    return {
        **times,
        "rows": handled_rows(env),
        "rows_past": handled_rows(env, PAST),
        "rows_long_past": handled_rows(env, LONG_PAST),
    }


def figures(env, at=None, partner_ids=None):
    """What the report, a row for each customer, is made of."""
    report = env["bizuno.aged.receivable.report"].new(
        {"date": at or date.today(), "detail": "summary", "partner_ids": partner_ids}
    )
    return report._get_aged()._get_figures(report._get_domain())


def handled_rows(env, at=None):
    """How many rows all nodes of PostgreSQL's plans handle for the report's data: its work, without
    chance and caches."""
    execute, plans = api.Environment.execute_query, []

    def explain_too(self, query):
        explain = SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) %s", query)
        [([explained],)] = execute(self, explain)
        plans.append(explained["Plan"])
        return execute(self, query)

    def handled(node):
        rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        return rows * node["Actual Loops"] + sum(map(handled, node.get("Plans", ())))

    with patch.object(api.Environment, "execute_query", explain_too):
        figures(env, at)
    return sum(map(handled, plans))


def ours(env, size):
    found = figures(env)
    return {"customers": len(found), "seconds": best(lambda: figures(env))}


def ours_one_past(env, size):
    one = some_customers(env, 1).ids
    return {"seconds": best(lambda: figures(env, PAST, [(6, 0, one)]), 20)}


def some_customers(env, count):
    return env["res.partner"].search(
        [("name", "=like", "Customer %")], order="id desc", limit=count
    )


def counted(env, function):
    env.invalidate_all()
    before = env.cr.sql_log_count
    function()
    return env.cr.sql_log_count - before


def panel(env, size):
    """The panel's figures of 80 customers, against three fields of Odoo's."""
    own = [f"aged_{key}" for key in ("current", "1_30", "31_60", "61_90", "91_120", "over_120")]
    own += ["aged_total", "aged_past_due", "unapplied_credit"]
    partners = some_customers(env, 80)

    def read(some, names):
        some.invalidate_model(names)
        some.read(names)

    def read_own(some=partners):
        return read(some, own)

    def read_core():
        return read(partners, ["credit", "days_sales_outstanding", "total_invoiced"])

    return {
        **best_of({"ours": read_own, "core": read_core}),
        "queries": counted(env, read_own),
        "queries_of_one": counted(env, lambda: read_own(partners[:1])),
    }


def xlsx(env, size):
    import tempfile  # noqa: PLC0415

    from odoo.addons.bizuno_crm.reports.receivable import aged_receivable_xlsx  # noqa: PLC0415

    report = env["bizuno.aged.receivable.report"].create({})
    started = time.perf_counter()
    with tempfile.TemporaryFile() as stream:
        aged_receivable_xlsx.write(report, stream)
    seconds = time.perf_counter() - started
    return {"rows": env["bizuno.aged.receivable"].search_count([]), "seconds": seconds}


def pdf(env, size):
    customers = 2000 if size != "small" else 200
    report = env["bizuno.aged.receivable.report"].create(
        {"partner_ids": [(6, 0, some_customers(env, customers).ids)]}
    )
    started = time.perf_counter()
    content, _kind = (
        env["ir.actions.report"]
        .with_context(force_report_rendering=True)
        ._render_qweb_pdf("bizuno_crm.report_aged_receivable_document", report.ids)
    )
    return {"customers": customers, "seconds": time.perf_counter() - started, "size": len(content)}


def _oca(env, at, partners):
    model = env["report.account_financial_report.aged_partner_balance"]
    accounts = env["account.account"].search([("account_type", "=", "asset_receivable")])
    wizard = env["aged.partner.balance.report.wizard"].create(
        {
            "date_at": at, "target_move": "posted", "show_move_line_details": False,
            "partner_ids": [(6, 0, partners)], "account_ids": [(6, 0, accounts.ids)],
        }
    )  # fmt: skip
    data = json.loads(json.dumps(wizard._prepare_report_data(), default=str))
    started = time.perf_counter()
    model._get_report_values(wizard.ids, data)
    return {"seconds": time.perf_counter() - started}


def oca_report(env, size):
    return _oca(env, date.today(), [])


def oca_report_past(env, size):
    return _oca(env, PAST, [])


def oca_one_past(env, size):
    return _oca(env, PAST, some_customers(env, 1).ids)


def oca_statements(env, size):
    model = env["report.partner_statement.outstanding_statement"]
    ids = some_customers(env, 100).ids
    data = {
        "date_end": str(date.today()), "company_id": env.company.id, "partner_ids": ids,
        "show_aging_buckets": True, "show_only_overdue": False, "filter_non_due_partners": False,
        "account_type": "asset_receivable", "aging_type": "days",
        "filter_negative_balances": False, "excluded_accounts_ids": [],
    }  # fmt: skip

    partners = env["res.partner"]
    return best_of(
        {
            "oca": lambda: model._get_report_values(ids, dict(data)),
            "ours": lambda: partners._get_statements(ids, date.today()),
        }
    )


def main(configuration, database, case, size):
    config.parse_config(["-c", configuration, "-d", database])
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        if case == "generate":
            templates = generate.prepare(env)
            generate.generate(cr._obj, templates, *generate.SIZES[size])
            cr.commit()
            result = templates
        else:
            result = globals()[case](env, size)
            cr.rollback()
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
