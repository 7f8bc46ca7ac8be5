"""What a page costs: what the browser asks the server for, with the addon and without it.

A browser opens each page, as a bookkeeper; what it asks Odoo for is then asked again and again, of
two servers in turns, whose databases hold the same data. States the median time and the queries of
the answers. Our own pages are compared with the shortest SQL that gives what they show: what they
ask for data (a browser keeps views), less what Odoo takes for an answer in which nothing of ours
is, a list of as many countries. DETAILS=1 says what each question of a page costs; ONLY=<words>
measures the pages that have them in their title.
"""

import contextlib
import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

import generate  # noqa: E402
import pages  # noqa: E402  (the path comes first)
import requests  # noqa: E402
from devkit import console, databases, paths  # noqa: E402
from devkit.browser import Browser  # noqa: E402
from devkit.commands import run  # noqa: E402
from devkit.odoo_cli import Odoo  # noqa: E402
from pages_sql import SQL  # noqa: E402
from sizes import IS_TIMED, choose  # noqa: E402

COMPANY = choose(
    small={"customers": 300, "items": 3_000, "quotations": 500, "of_the_largest": 400},
    medium={
        "customers": 20_000, "items": 105_000, "quotations": 50_000, "of_the_largest": 4_000,
    },
    large={
        "customers": 100_000, "items": 1_000_000, "quotations": 200_000, "of_the_largest": 4_000,
    },
)  # fmt: skip
OURS = choose(
    small={"projects": 50, "log": 2_000, "reminders": 500, "waits": 100},
    medium={"projects": 5_000, "log": 200_000, "reminders": 50_000, "waits": 1_000},
    large={"projects": 20_000, "log": 1_000_000, "reminders": 200_000, "waits": 1_000},
)
ROUNDS = choose(small=3, medium=9, large=5)
# What takes long is asked less often: three times at least.
SECONDS = 40
TIMES, QUERIES, FORM_QUERIES = 1.25, 8, 12
OUR_TIMES, FILTER_TIMES = 1.5, 2
CUSTOMERS = "account.res_partner_action_customer"
# title: (path, what is pressed, what must then be there, how many queries more it may cost)
PAGES = {
    "list of customers": (f"action-{CUSTOMERS}?view_type=list", None, ".o_data_row", QUERIES),
    "a customer": (
        f"action-{CUSTOMERS}?view_type=list", ".o_data_row td[name=complete_name]",
        ".o_form_view .o_notebook", FORM_QUERIES,
    ),
    "a customer with 4,000 documents": (
        f"action-{CUSTOMERS}/LARGEST", None, ".o_form_view .o_notebook", FORM_QUERIES
    ),
    "new customer": (
        f"action-{CUSTOMERS}?view_type=list", ".o_list_button_add", ".o_form_view", FORM_QUERIES
    ),
    "list of quotations": ("action-sale.action_quotations", None, ".o_data_row", QUERIES),
    "a quotation": (
        "action-sale.action_quotations", ".o_data_row td[name=name]", ".o_form_view", QUERIES
    ),
    "list of invoices": (
        "action-account.action_move_out_invoice_type", None, ".o_data_row", QUERIES
    ),
    "an invoice": (
        "action-account.action_move_out_invoice_type", ".o_data_row td[name=name]", ".o_form_view",
        QUERIES,
    ),
    "list of products": (
        "action-sale.product_template_action?view_type=list", None, ".o_data_row", QUERIES
    ),
    "a product": (
        "action-sale.product_template_action?view_type=list", ".o_data_row td[name=name]",
        ".o_form_view", QUERIES,
    ),
}  # fmt: skip
# What a person types: (title, model, method, arguments, keyword arguments)
ASKED = (
    ("pick list of customers", "res.partner", "name_search", [],
     {"name": "Customer 12", "domain": [], "operator": "ilike", "limit": 8}),
    ("pick list of customers, by ID", "res.partner", "name_search", [],
     {"name": "B123", "domain": [], "operator": "ilike", "limit": 8}),
    ("pick list of products", "product.product", "name_search", [],
     {"name": "Part 12", "domain": [], "operator": "ilike", "limit": 8}),
    ("search for customers", "res.partner", "web_search_read", [],
     {"domain": [["complete_name", "ilike", "Customer 12"]], "limit": 80,
      "specification": {"complete_name": {}, "email": {}, "phone": {}}}),
    ("search for invoices", "account.move", "web_search_read", [],
     {"domain": [["move_type", "=", "out_invoice"], ["partner_id", "child_of", "Customer 12"]],
      "limit": 80, "specification": {"name": {}, "amount_total_signed": {}}}),
    ("search for quotations", "sale.order", "web_search_read", [],
     {"domain": [["partner_id", "child_of", "Customer 12"]], "limit": 80,
      "specification": {"name": {}, "amount_total": {}}}),
)  # fmt: skip
# Our pages: (title, path, what is pressed, what must then be there)
OUR_PAGES = (
    ("aged receivables", "bizuno-aged-receivables", None, ".o_group_header, .o_data_row"),
    ("history", "action-bizuno_crm.bizuno_customer_history_action", None, ".o_data_row"),
    ("dashboard", "bizuno-crm", None, ".o_bizuno_dashboard"),
    ("sales by rep", "bizuno-sales-by-rep", None, ".o_group_header, .o_data_row"),
    ("hold desk", "bizuno-on-hold", None, ".o_data_row, .o_view_nocontent"),
    ("pipeline", "bizuno-projects", None, ".o_kanban_record"),
    ("contact log", "bizuno-contact-log", None, ".o_data_row"),
    ("reminders", "bizuno-reminders", None, ".o_data_row, .o_view_nocontent"),
)
FILTERS = (
    ("quotations over the limit", "sale.order", [["credit_status", "=", "over_limit"]]),
    ("quotations past due", "sale.order", [["credit_status", "=", "past_due"]]),
    ("invoices over the limit", "account.move",
     [["move_type", "=", "out_invoice"], ["credit_status", "=", "over_limit"]]),
    ("invoices past due", "account.move",
     [["move_type", "=", "out_invoice"], ["credit_status", "=", "past_due"]]),
)  # fmt: skip
# What a browser asks for once, and keeps.
NO_DATA = ("get_views", "has_group")
DETAILS = os.environ.get("DETAILS")
LOGGED = re.compile(r'"POST (\S+) HTTP/1\.\d" 200 \S+ (\d+) (\d+\.\d+) (\d+\.\d+)')


def main():
    odoo = Odoo()
    names = {"without": _plain(odoo)}
    names["with"] = _with_addon(odoo, names["without"])
    with contextlib.ExitStack() as stack:
        sides = {side: stack.enter_context(_Side.serve(odoo, name)) for side, name in names.items()}
        rows = list(_compare_pages(sides))
        with odoo.server.cursor(names["with"]) as cr:
            rows += _our_pages(sides["with"], cr)
            rows += _filters(sides["with"], cr)
    return _report(rows)


def _compare_pages(sides):
    """Yields a row for each page of Odoo's, with the addon and without it."""
    wanted = {title: page for title, page in PAGES.items() if _is_wanted(title)}
    recorded = {side: one.record(wanted) for side, one in sides.items()}
    for title, (_path, _press, _there, allowed) in wanted.items():
        asked = {side: found[title] for side, found in recorded.items()}
        yield _compare(title, asked, sides, allowed)
    for title, *call in ASKED:
        if _is_wanted(title):
            yield _compare(title, dict.fromkeys(sides, [_payload(*call)]), sides, QUERIES)


def _compare(title, asked, sides, allowed):
    measured = {side: [] for side in sides}
    for _round in _rounds():  # the first fills caches
        for side, one in sides.items():
            measured[side].append(one.ask(asked[side]))
    if DETAILS:
        for side, some in measured.items():
            _detail(f"{title}, {side}", asked[side], some)
    times = {side: _median(some) for side, some in measured.items()}
    queries = {side: _queries(some[-1]) for side, some in measured.items()}
    return (title, times["with"], times["without"], TIMES,
            queries["with"] - queries["without"], allowed)  # fmt: skip


def _our_pages(side, cr):
    wanted = {
        title: (path, press, there, 0)
        for title, path, press, there in OUR_PAGES
        if _is_wanted(title)
    }
    for title, asked in side.record(wanted).items():
        data = [one for one in asked if one[1]["method"] not in NO_DATA]
        yield _against_sql(title, data, side, cr, OUR_TIMES)


def _filters(side, cr):
    for title, model, domain in FILTERS:
        if _is_wanted(title):
            call = _payload(model, "web_search_read", [], {
                "domain": domain, "limit": 80, "count_limit": 10001, "specification": {"name": {}},
            })  # fmt: skip
            yield _against_sql(title, [call], side, cr, FILTER_TIMES)


def _against_sql(title, asked, side, cr, limit):
    ours, empty, theirs = [], [], []
    for _round in _rounds():
        ours.append(side.ask(asked))
        empty.append(side.ask([EMPTY] * len(asked)))
        start = time.perf_counter()
        for query in SQL[title]:
            cr.execute(query)
            cr.fetchall()
        theirs.append([(time.perf_counter() - start, 0)])
    if DETAILS:
        _detail(title, asked, ours)
    return (title, max(_median(ours) - _median(empty), 0), _median(theirs), limit,
            _queries(ours[-1]), None)  # fmt: skip


def _rounds():
    start = time.monotonic()
    for number in range(ROUNDS + 1):
        if number > 3 and time.monotonic() - start > SECONDS:
            return
        yield number


def _median(measured):
    """:return: seconds of the answers together; the first round fills caches"""
    return statistics.median(sum(seconds for seconds, _n in one) for one in measured[1:])


def _queries(answers):
    return sum(queries for _seconds, queries in answers)


def _is_wanted(title):
    return os.environ.get("ONLY", "") in title


def _detail(title, asked, measured):
    print(f"  {title}")
    for number, (_path, parameters) in enumerate(asked):
        some = [answers[number] for answers in measured[1:]]
        print(
            f"    {parameters['model']}.{parameters['method']}: "
            f"{statistics.median(seconds for seconds, _n in some) * 1000:.0f} ms, {some[-1][1]}"
            f" queries {json.dumps(parameters['kwargs'])[: int(os.environ['DETAILS'])]}"
        )


def _payload(model, method, args, kwargs):
    return (
        f"/web/dataset/call_kw/{model}/{method}",
        {"model": model, "method": method, "args": args, "kwargs": kwargs},
    )


EMPTY = _payload("res.country", "web_search_read", [], {
    "domain": [], "limit": 80, "specification": {
        name: {} for name in ("name", "code", "phone_code", "vat_label", "zip_required",
                              "state_required", "name_position", "create_date")
    },
})  # fmt: skip


class _Side:
    """A server of one of the two databases."""

    def __init__(self, url, log, largest):
        self.url, self._log, self._largest = url, log, largest
        self._session = requests.Session()

    @classmethod
    @contextlib.contextmanager
    def serve(cls, odoo, name):
        with odoo.server.cursor(name) as cr:
            cr.execute(
                "SELECT id FROM res_partner WHERE name = %s", [f"Customer {generate.LARGEST}"]
            )
            largest = str(cr.fetchone()[0])
        # On a busy machine files for the browser take their time: no server is restarted for it.
        process, url = run.start(odoo, name, run.free_port(any_port=True), limit_time_real=3600)
        try:
            side = cls(url, run.log_of(name), largest)
            side.log_in(name)
            yield side
        finally:
            process.terminate()
            process.wait()

    def log_in(self, database):
        login = {"db": database, "login": "bookkeeper", "password": "bookkeeper"}
        # As browsers do; Odoo writes it down for a user who logs in for the first time.
        self._session.cookies.set("tz", "America/New_York")
        answer = self._session.post(
            f"{self.url}/web/session/authenticate", json={"params": login}, timeout=600
        ).json()
        if not answer.get("result", {}).get("uid"):
            raise console.Problem(f"{self.url}: the bookkeeper cannot log in")

    def record(self, wanted):
        """:return: {title: [(path, parameters)]} of what the browser asked for"""
        found = {}
        if not wanted:
            return found
        with Browser(self.url) as browser:
            browser.log_in("bookkeeper")
            asked = []
            browser.page.on("request", lambda request: asked.append(request))
            for title, (path, press, there, _allowed) in wanted.items():
                path = path.replace("LARGEST", self._largest)
                for _again in range(2):  # the first time, files are made
                    asked.clear()
                    browser.page.goto(f"{self.url}/odoo/{path}", wait_until="commit")
                    browser.wait(
                        f"document.querySelector({json.dumps(there if not press else press)})",
                        f"{title}: {there}",
                        seconds=240,
                    )
                    browser.page.wait_for_timeout(700)
                    if press:
                        asked.clear()
                        browser.page.locator(press).first.click()
                        browser.wait(f"document.querySelector({json.dumps(there)})", title)
                        browser.page.wait_for_timeout(1500)
                found[title] = [
                    (
                        request.url.removeprefix(self.url).split("?")[0],
                        request.post_data_json["params"],
                    )
                    for request in asked
                    if "/web/dataset/call_" in request.url and request.method == "POST"
                ]
        return found

    def ask(self, asked):
        """:return: [(seconds, queries)] of the server's answers"""
        start = self._log.stat().st_size
        for path, parameters in asked:
            answer = self._session.post(
                f"{self.url}{path}",
                json={"jsonrpc": "2.0", "method": "call", "params": parameters},
                timeout=300,
            ).json()
            if "error" in answer:
                raise console.Problem(f"{path}: {answer['error']['data']['message']}")
        with open(self._log, "rb") as log:
            log.seek(start)
            lines = LOGGED.findall(log.read().decode(errors="replace"))
        if len(lines) != len(asked):
            raise console.Problem(f"{len(asked)} questions, {len(lines)} answers in the log")
        return [(float(sql) + float(python), int(queries)) for _path, queries, sql, python in lines]


def _plain(odoo):
    name = paths.database_name("benchpagesplain")
    sources = [(HERE / f"{one}.py").read_text() for one in ("generate", "pages")]
    digest = paths.digest(databases.template(odoo), *sources, str(COMPANY))
    if odoo.server.comment(name) != digest:
        unfinished = f"{name}_new"
        odoo.server.copy(databases.template(odoo), unfinished)
        start = time.monotonic()
        odoo.inside(unfinished, pages.fill, **COMPANY)
        console.say(f"Generated in {time.monotonic() - start:.0f} s")
        odoo.server.drop(name)
        odoo.server.rename(unfinished, name)
        odoo.server.set_comment(name, digest)
    return name


def _with_addon(odoo, plain):
    name = paths.database_name("benchpageswith")
    digest = paths.digest(odoo.server.comment(plain), databases.addon_digest(), str(OURS))
    if odoo.server.comment(name) != digest:
        odoo.server.copy(plain, name)
        odoo.call(name, "-i", paths.ADDON, "--stop-after-init", log="bench_pages_install")
        odoo.inside(name, pages.add_ours, **OURS)
        with odoo.server.cursor(name) as cr:
            cr.execute("VACUUM ANALYZE")
        odoo.server.set_comment(name, digest)
    return name


def _report(rows):
    beyond = False
    print(f"{'page':34} {'ours':>8} {'against':>8} {'times':>6} {'limit':>6} {'queries':>8} limit")
    for title, ours, against, limit, queries, allowed in rows:
        times = ours / against
        is_slow = IS_TIMED and times > limit
        is_many = allowed is not None and queries > allowed
        beyond |= is_slow or is_many
        shown = f"{queries:+d}" if allowed is not None else str(queries)
        print(
            f"{title:34} {ours * 1000:6.0f}ms {against * 1000:6.1f}ms {times:6.2f} {limit:6}"
            f" {shown:>8} {f'{allowed:+d}' if allowed is not None else '':>5}"
            f"{' ← beyond' if is_slow or is_many else ''}"
        )
    return 1 if beyond else 0


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
