"""`make journeys`: jobs that people do, played in a browser with mouse, touch and keys.

On a company of 3,000 customers and 12,000 open items. A step fails on an error dialog, an error in
the browser's console, a warning in Odoo's log, something cut off or off the screen, a serious
finding of axe in our markup, English in another language's session, or a wait beyond its budget.
Pictures of what failed are in .local/journeys.

`make journeys J=<part of a name>` plays some, `J=ci` those that the pipeline plays; `J=list` names
them, and `J=company` makes the company and plays none.
"""

import contextlib
import time

from journeys import all_journeys, chosen_journeys, company
from journeys.person import Fault, Stage
from playwright import sync_api

from devkit import console, databases, paths
from devkit.browser import chromium
from devkit.commands import run
from devkit.odoo_cli import Odoo


def main(arguments):
    if arguments == ["company"]:
        _company(Odoo())
        return 0
    chosen = chosen_journeys(arguments)
    if arguments == ["list"] or not chosen:
        for journey in all_journeys():
            print(f"{journey.__name__}: {journey.__doc__}")
        return 0 if arguments == ["list"] else 2
    odoo = Odoo()
    name = paths.database_name("journeys")
    odoo.server.copy(_company(odoo), name)
    failed = []
    with _served(odoo, name) as stage:
        for journey in chosen:
            problems = _play(stage, journey)
            for problem in dict.fromkeys(problems):
                print(f"  - {problem}", flush=True)
            if problems:
                failed.append(journey.__name__)
    console.say(
        f"{len(chosen) - len(failed)} of {len(chosen)} journeys went well"
        f"{'; not: ' if failed else ''}{', '.join(failed)}"
    )
    if not failed:
        odoo.server.drop(name)
    return 1 if failed else 0


@contextlib.contextmanager
def _served(odoo, name):
    """Yields a Stage on that database."""
    port = run.free_port(any_port=True)
    with odoo.server.cursor(name) as cursor:
        # Where the program that prints finds the styles.
        cursor.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES ('report.url', %(url)s)"
            " ON CONFLICT (key) DO UPDATE SET value = %(url)s",
            {"url": f"http://127.0.0.1:{port}"},
        )
    with run.serving(odoo, name, port) as (_process, url), chromium() as browser:
        yield Stage(browser, url, name, run.log_of(name), _our_names(odoo, name))


def _play(stage, journey):
    """:return: what went wrong, as texts"""
    stage.journey = journey.__name__
    stage.problems, stage.remarks = [], []
    for person in stage.people.values():
        person.steps.clear()
    stage.measure_empty_page()
    start = time.monotonic()
    try:
        journey(stage)
    except (Fault, sync_api.Error) as fault:
        stage.problems.append(str(fault))
    steps = [step for person in stage.people.values() for step in person.steps]
    if not steps:
        stage.problems.append("not one step was played")
    slowest = max(steps, key=lambda step: step[1], default=("", 0, None))
    console.say(
        f"{'FAILED' if stage.problems else 'ok'} {journey.__name__}: {len(steps)} steps, "
        f"{time.monotonic() - start:.0f} s; the slowest took {slowest[1]:.1f} s: {slowest[0]} "
        f"(an empty page: {stage.empty_page[0]:.1f} s)"
    )
    for remark in stage.remarks:
        print(f"  {remark}", flush=True)
    with open(paths.LOCAL / "journeys.steps.tsv", "a") as table:
        for title, seconds, budget in steps:
            row = journey.__name__, title, f"{seconds:.2f}", budget, f"{stage.empty_page[0]:.2f}"
            print(*row, sep="\t", file=table)
    return stage.problems


def _company(odoo):
    """:return: the name of the company's database; made when the addon or the company changed"""
    name = paths.database_name("journeyscompany")
    sources = [
        *sorted((paths.ROOT / "scripts" / "journeys").glob("company*.py")),
        paths.ROOT / "bench" / "generate.py",
    ]
    digest = paths.digest(
        databases.template(odoo),
        databases.addon_digest(),
        *(source.read_text() for source in sources),
    )
    with console.one_at_a_time(name):
        if odoo.server.comment(name) != digest:
            unfinished = f"{name}_new"
            databases.with_addon(odoo, unfinished)
            console.say(f"Making a company of {company.CUSTOMERS:,} customers …")
            start = time.monotonic()
            odoo.inside(unfinished, company.make)
            odoo.server.drop(name)
            odoo.server.rename(unfinished, name)
            odoo.server.set_comment(name, digest)
            console.say(f"… made in {time.monotonic() - start:.0f} s")
    return name


def _our_names(odoo, database):
    """:return: names of fields and buttons that only the addon has: what bears them is ours"""
    with odoo.server.cursor(database) as cursor:
        cursor.execute(
            """
            SELECT DISTINCT field.name FROM ir_model_fields AS field
             WHERE EXISTS (SELECT FROM ir_model_data AS data
                            WHERE data.model = 'ir.model.fields' AND data.res_id = field.id
                              AND data.module = %(addon)s)
               AND NOT EXISTS (SELECT FROM ir_model_fields AS other
                                 JOIN ir_model_data AS data ON data.model = 'ir.model.fields'
                                                           AND data.res_id = other.id
                                WHERE other.name = field.name AND data.module <> %(addon)s)
            """,
            {"addon": paths.ADDON},
        )
        return [name for (name,) in cursor.fetchall()]
