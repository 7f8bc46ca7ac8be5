"""One case of bench_aging.py, in a process of its own: prints its figures as JSON.

Times are the best of some runs on a warm cache.
"""

import json
import resource
import sys
import time
from datetime import date, timedelta

import generate
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

PAST = date.today() - timedelta(days=60)


def best(function, runs=5):
    times = []
    for _run in range(runs):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def limit(env, size):
    """The seven figures per customer as the shortest SQL gives them."""
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

    return {
        "seconds": best(lambda: run(today, [account])),
        "past_seconds": best(
            lambda: run(past, [PAST, PAST, *[PAST] * sums.count("CURRENT_DATE"), account, PAST]), 3
        ),
    }


def figures(env, at=None, partner_ids=None):
    aged = env["bizuno.aged.receivable"]
    if at:
        aged = aged.with_context(aged_at=at)
    return aged._get_figures(env.company, partner_ids)


def ours(env, size):
    found = figures(env)
    return {"customers": len(found), "seconds": best(lambda: figures(env))}


def ours_past(env, size):
    return {"seconds": best(lambda: figures(env, PAST), 3)}


def ours_one_past(env, size):
    one = some_customers(env, 1).ids
    return {"seconds": best(lambda: figures(env, PAST, one), 20)}


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
    names = ["aged_total", "aged_past_due", "aged_over_120", "unapplied_credit"]
    partners = some_customers(env, 80)

    def read(some):
        env["res.partner"].invalidate_model(names)
        some.read(names)

    read(partners)
    return {
        "seconds": best(lambda: read(partners), 10),
        "queries": counted(env, lambda: read(partners)),
        "queries_of_one": counted(env, lambda: read(partners[:1])),
    }


def core_panel(env, size):
    names = ["credit", "days_sales_outstanding", "total_invoiced"]
    partners = some_customers(env, 80)

    def read():
        env["res.partner"].invalidate_model(names)
        partners.read(names)

    read()
    return {"seconds": best(read, 5)}


def search(env, size):
    def run():
        return env["res.partner"].search([("aged_past_due", ">", 0)])

    return {"found": len(run()), "seconds": best(run)}


def statements(env, size):
    ids = some_customers(env, 100).ids
    partner = env["res.partner"]

    def run():
        partner._get_statements(ids, date.today())

    run()
    return {"seconds": best(run, 5)}


def xlsx(env, size):
    import tempfile  # noqa: PLC0415

    from odoo.addons.bizuno_crm.reports import aged_receivable_xlsx  # noqa: PLC0415

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

    def run():
        model._get_report_values(ids, dict(data))

    run()
    return {"seconds": best(run, 3)}


def main(configuration, database, case, size):
    config.parse_config(["-c", configuration, "-d", database])
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        if case == "generate":
            templates = generate.prepare(env)
            generate.generate(cr._obj, templates, size)
            cr.commit()
            result = templates
        else:
            result = globals()[case](env, size)
            cr.rollback()
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
