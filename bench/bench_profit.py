"""Projects: what their figures cost against plain SQL, and what a project costs the documents.

The portfolio and a list of 80 projects with all their figures against the hand-written aggregate of
the same rows, with the names of the groups and in their order, as the page shows them; a project
with 2,000 analytic items opened against one without; 50 invoices posted with a project against 50
without. Run as a bookkeeper, in turns, on one generated database.

Opening is measured twice: the fields of the page alone, and all that the browser asks for when a
project is clicked, thread and messages of the chatter included.
"""

import logging
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import process  # noqa: E402  (the path comes first)
import profit  # noqa: E402
from devkit import console, databases, paths  # noqa: E402
from devkit.odoo_cli import Odoo  # noqa: E402
from sizes import IS_TIMED, choose  # noqa: E402

COMPANY = choose(
    small={"projects": 200, "lines": 20_000},
    medium={"projects": 5_000, "lines": 500_000},
    large={"projects": 20_000, "lines": 2_000_000},
)
ROUNDS = choose(small=3, medium=7, large=5)
INVOICES = 50
# Times that were taken in one run, and queries of each invoice on top.
AGGREGATE, OPENED, POSTED, QUERIES = 1.3, 1.3, 1.05, 0.5
# Caches that are filled once, whatever the number of projects.
ONCE = 3

ITEMS = """
    FROM account_analytic_line item
    JOIN bizuno_project project ON project.analytic_account_id = item.{column}
    LEFT JOIN account_account account ON account.id = item.general_account_id
   WHERE project.company_id = {company}
     AND (item.general_account_id IS NULL
          OR account.account_type IN ('income', 'income_other', 'expense', 'expense_other',
                                      'expense_depreciation', 'expense_direct_cost'))
"""
SUMS = """
    SUM(CASE WHEN account.account_type IN ('income', 'income_other') THEN item.amount ELSE 0 END),
    SUM(CASE WHEN account.account_type IN ('income', 'income_other') THEN 0 ELSE -item.amount END),
    SUM(item.amount), COUNT(*)
"""
# What a pivot shows: the total and the groups. grouping: (Odoo's group-by, hand-written)
PORTFOLIO = {
    title: (
        group_by,
        f"SELECT sums.*, {name} FROM (SELECT {column}, {SUMS} {ITEMS}"
        f" GROUP BY GROUPING SETS ((), ({column}))) sums {names}",
    )
    for title, group_by, column, name, names in (
        (
            "by project", ["project_id"], "project.id", "named.number || ' ' || named.name",
            "LEFT JOIN bizuno_project named ON named.id = sums.id ORDER BY named.id DESC",
        ),
        (
            "by customer", ["partner_id"], "project.partner_id", "named.complete_name",
            "LEFT JOIN res_partner named ON named.id = sums.partner_id"
            " ORDER BY named.complete_name, named.id DESC",
        ),
        ("by month", ["date:month"], "date_trunc('month', item.date)", "1", "ORDER BY 1"),
    )
}  # fmt: skip
# The same of 80 projects, and what is open of them.
LIST = (
    f"SELECT project.id, {SUMS} {ITEMS} AND project.id IN {{ids}} GROUP BY project.id",
    # by quantity, less down payments
    """
    SELECT project.id,
           SUM(line.price_subtotal / NULLIF(line.product_uom_qty, 0)
               * GREATEST(line.product_uom_qty - COALESCE(billed.quantity, 0), 0)
               - COALESCE(billed.paid_down, 0))
      FROM bizuno_project project
      JOIN sale_order_line line ON regexp_split_to_array(
               jsonb_path_query_array(line.analytic_distribution, '$.keyvalue()."key"')::text,
               '\\D+') && ARRAY[project.analytic_account_id::text]
      LEFT JOIN LATERAL (
            SELECT SUM(bill.quantity) FILTER (WHERE bill.is_downpayment IS NOT TRUE) AS quantity,
                   SUM(bill.price_subtotal) FILTER (WHERE bill.is_downpayment) AS paid_down
              FROM sale_order_line_invoice_rel link
              JOIN account_move_line bill ON bill.id = link.invoice_line_id
             WHERE link.order_line_id = line.id AND bill.parent_state = 'posted'
           ) billed ON TRUE
     WHERE project.id IN {ids} AND line.state = 'sale'
     GROUP BY project.id
    """,
    """
    SELECT share.id, SUM(move.amount_residual_signed * share.total / NULLIF((
               SELECT SUM(price_total) FROM account_move_line other
                WHERE other.move_id = move.id AND other.display_type = 'product'), 0))
      FROM (SELECT project.id, line.move_id, SUM(line.price_total) AS total
              FROM bizuno_project project
              JOIN account_move_line line ON regexp_split_to_array(
                       jsonb_path_query_array(line.analytic_distribution, '$.keyvalue()."key"')
                       ::text, '\\D+') && ARRAY[project.analytic_account_id::text]
             WHERE project.id IN {ids} AND line.display_type = 'product'
               AND line.parent_state = 'posted'
             GROUP BY project.id, line.move_id) share
      JOIN account_move move ON move.id = share.move_id
     WHERE move.amount_residual_signed <> 0
     GROUP BY share.id
    """,
)
# What Odoo's chatter asks for when a record is opened.
CHATTER = ["activities", "attachments", "contact_fields", "followers", "scheduledMessages"]

FIGURES = (
    "revenue", "cost", "margin", "margin_percent", "budget_used", "to_invoice", "to_pay_in",
    "to_pay_out",
)  # fmt: skip

STORED = (
    "expected_revenue", "budget", "date_closed", "outcome", "stage_id", "user_id", "partner_id",
    "market_id",
)  # fmt: skip


def main():
    odoo = Odoo()
    name, found = _generated(odoo)
    registry = process.registry(odoo, name)
    logging.disable(logging.WARNING)
    with registry.cursor() as cr:
        bench = _Bench(cr, found)
        bench.portfolio()
        bench.list()
        bench.open()
        bench.post()
    return 1 if bench.beyond else 0


def _generated(odoo):
    """:return: the name of the database, and the projects to be opened; kept until it would be made
    in another way"""
    name = paths.database_name("benchprofit")
    digest = paths.digest(
        databases.template(odoo), str(COMPANY),
        *((HERE / f"{one}.py").read_text() for one in ("generate", "profit")),
    )  # fmt: skip
    made_by, addon, *found = (odoo.server.comment(name) or " ").split(" ")
    if made_by != digest:
        unfinished = f"{name}_new"
        databases.with_addon(odoo, unfinished)
        start = time.monotonic()
        made = odoo.inside(unfinished, profit.fill, **COMPANY)
        console.say(f"Generated in {time.monotonic() - start:.0f} s")
        odoo.server.drop(name)
        odoo.server.rename(unfinished, name)
        found = [str(made["full"]), str(made["empty"])]
    elif addon != databases.addon_digest():
        odoo.call(name, "-u", paths.ADDON, "--stop-after-init", log="bench_update")
    odoo.server.set_comment(name, " ".join([digest, databases.addon_digest(), *found]))
    with odoo.server.cursor(name) as cr:
        # What an earlier run has posted and rolled back on the largest project is in indexes still.
        cr.execute("VACUUM ANALYZE")
    return name, dict(zip(("full", "empty"), map(int, found), strict=True))


class _Bench:
    def __init__(self, cr, found):
        from odoo import api  # noqa: PLC0415

        self.cr, self.found, self.beyond = cr, found, []
        admin = api.Environment(cr, 1, {})
        user = admin["res.users"].search([("login", "=", "bookkeeper")])
        self.env = admin(user=user.id)
        account = admin["bizuno.project"].browse(found["full"]).analytic_account_id
        self.plain = {"column": account.plan_id._column_name(), "company": user.company_id.id}

    def portfolio(self):
        rows = self.env["bizuno.project.profit"]
        for title, (group_by, query) in PORTFOLIO.items():
            times, _queries = self._in_turns({
                # as the pivot asks: the total, and the groups
                "ours": lambda group_by=group_by: rows.formatted_read_grouping_sets(
                    [], [[], group_by], ["revenue:sum", "cost:sum", "margin:sum", "__count"]
                ),
                "plain": lambda query=query: self._select(query),
            })  # fmt: skip
            self._state(f"portfolio {title} / SQL", times["ours"] / times["plain"], AGGREGATE)

    def list(self):
        projects = self.env["bizuno.project"]
        ids = projects.search([], limit=80).ids

        def read(count, names=FIGURES):
            wanted = {name: {} for name in ("name", "number", *names)}
            return projects.web_search_read([("id", "in", ids[:count])], wanted, limit=80)

        times, queries = self._in_turns({
            "ours": lambda: read(80),
            "ours of one": lambda: read(1),
            # what Odoo takes for a list in which no figure is, as bench_pages.py does it
            "empty": lambda: read(80, STORED),
            "plain": lambda: [self._select(query, ids=tuple(ids)) for query in LIST],
        })  # fmt: skip
        ratio = (times["ours"] - times["empty"]) / times["plain"]
        self._state("list of 80, less Odoo's own / SQL", ratio, AGGREGATE)
        more = queries["ours"] - queries["ours of one"]
        self._state("list of 80: queries more than for one", more, ONCE, is_time=False)

    def open(self):
        from odoo.addons.mail.tools.discuss import Store  # noqa: PLC0415
        from odoo.tests.form import Form  # noqa: PLC0415

        projects = self.env["bizuno.project"]
        with Form(projects.browse(self.found["empty"])) as form:
            wanted = form._view["fields_spec"]

        def ask_fields(id_):
            projects.browse(id_).web_read(wanted)

        def ask_all(id_):
            ask_fields(id_)
            project = projects.browse(id_)
            Store().add(project, request_list=CHATTER, as_thread=True).get_result()
            messages = self.env["mail.message"]._message_fetch(domain=None, thread=project)
            Store().add(messages["messages"]).get_result()

        times, queries = self._in_turns({
            (side, ask.__name__): lambda id_=id_, ask=ask: ask(id_)
            for side, id_ in self.found.items()
            for ask in (ask_all, ask_fields)
        })  # fmt: skip
        lines = f"{profit.LARGEST_LINES:,} items"
        ratio, fields = (
            times["full", name] / times["empty", name] for name in ("ask_all", "ask_fields")
        )
        self._state(f"opening a project of {lines} / none", ratio, OPENED)
        print(f"profit: opening it: its fields alone: {fields:.3g} (a part of the above, no limit)")
        more = queries["full", "ask_all"] - queries["empty", "ask_all"]
        self._state("opening it: queries more", more, ONCE, is_time=False)

    def post(self):
        from odoo.fields import Command  # noqa: PLC0415

        admin = self.env(user=1)
        # somebody new: of who has all these documents Odoo looks for the usual account of each line
        partner = admin["res.partner"].create({"name": "Payer"})
        line = {"name": "Goods", "price_unit": 10, "tax_ids": [Command.clear()]}
        projects = {"without": False, "account": False, "with": self.found["full"]}
        # Of Odoo's own: for each line on an account it asks whether the account is still there.
        plan = admin["account.analytic.plan"].search([], order="id", limit=1)
        account = admin["account.analytic.account"].create({"name": "Own", "plan_id": plan.id})
        on_account = {**line, "analytic_distribution": {str(account.id): 100.0}}

        def prepare(side):
            moves = self.env["account.move"].create([
                {
                    "move_type": "out_invoice", "partner_id": partner.id,
                    "bizuno_project_id": projects[side],
                    "invoice_line_ids": [
                        Command.create(on_account if side == "account" else line)
                    ] * 3,
                }
                for _number in range(INVOICES)
            ])  # fmt: skip
            moves.invoice_date = "2025-01-01"
            return moves

        times, queries = self._in_turns(
            {side: lambda moves: moves.action_post() for side in projects},
            prepare={side: lambda side=side: prepare(side) for side in projects},
        )
        for other, text, is_judged in (
            ("without", "nothing analytic", False),
            ("account", "an analytic account of Odoo's own", True),
        ):
            ratio = times["with"] / times[other]
            more = (queries["with"] - queries[other]) / INVOICES
            label = f"{INVOICES} invoices posted, with a project / {text}"
            if is_judged:
                self._state(label, ratio, POSTED)
                self._state(f"{label}: queries more for each", more, QUERIES, is_time=False)
            else:
                print(f"profit: {label}: {ratio:.3g}, {more:+.3g} queries each (Odoo's, no limit)")

    def _in_turns(self, calls, prepare=None):
        """:return: {side: median seconds}, {side: queries}; the first round fills caches, and what
        is written is rolled back"""
        taken, queries = {side: [] for side in calls}, {}
        for number in range(ROUNDS + 1):
            for side, call in calls.items():
                with self.cr.savepoint() as savepoint:
                    arguments = [prepare[side]()] if prepare else []
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before, start = self.cr.sql_log_count, time.perf_counter()
                    call(*arguments)
                    self.env.flush_all()
                    if number:
                        taken[side].append(time.perf_counter() - start)
                    queries[side] = self.cr.sql_log_count - before
                    savepoint.rollback()
                self.env.invalidate_all()
                self.env.transaction.clear()
        return {side: statistics.median(some) for side, some in taken.items()}, queries

    def _select(self, query, **values):
        self.cr.execute(query.format(**self.plain, **values))
        self.cr.fetchall()

    def _state(self, label, figure, limit, is_time=True):
        is_beyond = figure > limit
        if is_beyond and (IS_TIMED or not is_time):
            self.beyond.append(label)
        print(f"profit: {label}: {figure:.3g} (limit {limit}){' ← beyond' if is_beyond else ''}")


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
