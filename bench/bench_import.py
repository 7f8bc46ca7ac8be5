"""Moving a company over from Bizuno: how fast, and in how much memory.

States what is parsed a second, through a table that is read and through one that is skipped, and
how much memory that takes; how many contacts and open documents come over a second, the contacts
against Odoo's own load() of the same rows, measured in this run; and how long a whole company
takes.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import dump
import process
from devkit import console, databases, paths
from devkit.odoo_cli import Odoo
from sizes import IS_TIMED, choose

#: Megabytes that are parsed.
PARSED = choose(small=20, medium=200, large=1_000)
CONTACTS = choose(small=300, medium=3_000, large=20_000)
DOCUMENTS = choose(small=300, medium=4_500, large=30_000)
LOADED = choose(small=300, medium=1_000, large=2_000)
LIMITS = {"read": 20, "skipped": 150}  # MB/s
MEMORY = 200  # MB
FASTER = 3  # times
#: What the step for contacts writes, as a spreadsheet brings it to Odoo's import page: what a
#: contact names stands there by its name.
_LOAD = ("id", "name", "ref", "is_company", "street", "street2", "city", "zip", "country_id",
         "state_id", "email", "phone", "website", "comment", "role_customer", "role_vendor",
         "newsletter", "marketplace", "tax_exempt", "account_status", "account_number", "vat",
         "function", "user_id", "bizuno_terms", "property_income_account_id",
         "property_supplier_payment_term_id")  # fmt: skip
_NAMED = ("country_id", "state_id", "user_id", "property_income_account_id",
          "property_supplier_payment_term_id")  # fmt: skip


def parse(size, is_read, queue):
    """In a process of its own: its memory is measured."""
    head, statement = dump.block("journal_item")
    from logic.bizuno_dump import source, sql  # noqa: PLC0415  (its path is known only now)

    file = dump.Repeated(head, statement, size << 20)
    begin = time.process_time()
    parsed = sql.Dump(source.pieces(file))
    rows = sum(len(batch.rows) for batch in parsed.read(["journal_item"] if is_read else []))
    seconds = time.process_time() - begin
    queue.put((seconds, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure_parser():
    """:return: what is beyond its limit"""
    beyond = []
    for kind, limit in LIMITS.items():
        context = multiprocessing.get_context("spawn")
        queue = context.Queue()
        process = context.Process(target=parse, args=(PARSED, kind == "read", queue))
        process.start()
        seconds, rows, memory = queue.get()
        process.join()
        speed = PARSED / seconds
        if bool(rows) != (kind == "read"):
            raise console.Problem(f"{rows} rows of a table that is {kind}")
        print(
            f"import: {PARSED:,} MB of a table that is {kind}: {speed:.0f} MB a second of the "
            f"processor (at least {limit}), {memory:.0f} MB of memory (at most {MEMORY})"
        )
        beyond += [f"memory ({kind})"] * (memory > MEMORY)
        beyond += [f"MB/s ({kind})"] * (IS_TIMED and speed < limit)
    return beyond


def measure_company(odoo):
    """:return: what is beyond its limit"""
    name = paths.database_name("benchimport")
    databases.with_addon(odoo, name)
    beyond = []
    with (
        tempfile.TemporaryDirectory() as folder,
        process.registry(odoo, name, log_level="warn").cursor() as cr,
    ):
        path = Path(folder) / "big.sql"
        dump.write(path, CONTACTS, DOCUMENTS, CONTACTS)
        env = process.environment(cr)
        began = time.perf_counter()
        times, counts, queries = _bring_over(env, path)
        total = time.perf_counter() - began
        rate = CONTACTS / times["contacts"]
        loaded = _load(env, _LOAD)
        by_id = _load(env, [f"{name}/.id" if name in _NAMED else name for name in _LOAD])
        print(
            f"import: {CONTACTS:,} contacts: {rate:.0f} a second, {rate / loaded:.1f} times "
            f"as many as load() of the same rows ({loaded:.0f} a second; at least {FASTER} times), "
            f"{rate / by_id:.1f} times as many as load() where the rows have the ids of whatever "
            f"they name ({by_id:.0f}), {queries['contacts'] / CONTACTS:.2f} queries each"
        )
        print(
            f"import: {DOCUMENTS:,} open documents: {DOCUMENTS / times['documents']:.0f} a second, "
            f"{queries['documents'] / DOCUMENTS:.2f} queries each"
        )
        megabytes = path.stat().st_size / 1e6
        steps = ", ".join(f"{step} {seconds:.0f}" for step, seconds in times.items() if seconds > 1)
        print(
            f"import: all of it ({megabytes:.0f} MB) in {total:.0f} s, of that: {steps}; "
            f"{sum(count.get('created', 0) for count in counts.values()):,} records"
        )
        if counts["contacts"].get("created") != CONTACTS:
            raise console.Problem(f"contacts: {counts['contacts']}")
        if counts["documents"].get("created") != DOCUMENTS:
            raise console.Problem(f"documents: {counts['documents']}")
        beyond += ["contacts against load()"] * (IS_TIMED and rate < FASTER * loaded)
        cr.rollback()
    odoo.server.drop(name)
    return beyond


def _bring_over(env, path):
    from odoo.addons.bizuno_crm.models.importer.importer import STEPS  # noqa: PLC0415

    account = env["account.account"].create(
        {"code": "BIZ999", "name": "Opening", "account_type": "equity"}
    )
    times, counts, queries = Counter(), {}, Counter()
    runs = env["bizuno.import.run"]
    began = time.perf_counter()
    found = runs._read_company(lambda: path.open("rb"))
    times["reading"] = time.perf_counter() - began
    proposed = runs._get_proposals(found)
    mapping = {kind: {code: id_ for code, (id_, _is_chosen) in of_kind.items()}
               for kind, of_kind in proposed.items()}  # fmt: skip
    run = runs.create(
        {
            "company_id": env.company.id, "opening_account_id": account.id,
            "due_rule": "own_rule", "mapping": mapping,
        }
    )  # fmt: skip
    importer = run._importer(found)
    for step in STEPS:
        began, asked = time.perf_counter(), env.cr.sql_log_count
        its_counts, _problems = importer.bring_over(step)
        env.flush_all()
        counts |= its_counts
        times[step] = time.perf_counter() - began
        queries[step] = env.cr.sql_log_count - asked
        # As after the commit of each step.
        env.invalidate_all()
    return times, counts, queries


def _load(env, columns):
    """:return: how many of the same contacts Odoo's own load() takes a second"""
    columns, kind = list(columns), "NAMES" if "country_id" in columns else "IDS"
    partners = env["res.partner"].search([("ref", "=like", "BIG-%")], limit=LOADED, order="id")
    rows = partners.export_data(columns)["datas"]
    for number, row in enumerate(rows):
        row[columns.index("id")] = f"__bench__.contact_{kind.lower()}_{number}"
        row[columns.index("ref")] = f"{kind}-{number}"
    rows = [[str(value or "") for value in row] for row in rows]
    env.flush_all()
    env.invalidate_all()
    began = time.perf_counter()
    # As Odoo's import page does it, which takes two thousand rows at a time.
    partners = partners.browse().with_context(tracking_disable=True, import_file=True)
    result = partners.load(columns, rows)
    env.flush_all()
    if not result["ids"]:
        raise console.Problem(str(result["messages"][:3]))
    return len(rows) / (time.perf_counter() - began)


def main():
    beyond = measure_parser() + measure_company(Odoo())
    for what in beyond:
        print(f"import: beyond its limit: {what}")
    return 1 if beyond else 0


if __name__ == "__main__":
    console.exit_with(lambda _arguments: main(), sys.argv[1:])
