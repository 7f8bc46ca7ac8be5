"""What a run reports: on its page, on paper and as workbooks."""

import io
from collections import Counter

import xlsxwriter

from ... import messages
from ...logic.bizuno_dump import ledger
from .documents import differs
from .importer import COUNTS, LEFT_OUT, STEPS

#: How many contacts the page shows; the workbook has all.
_SHOWN = 200


def reasons(problems):
    """:return: [(table, code, rows)] of what was in the way, in the order of the tables"""
    counts = Counter((problem.table, problem.code) for problem in problems)
    return sorted((table, code, rows) for (table, code), rows in counts.items())


def values(run):
    """:return: what the template of the report shows of a run"""
    env, currency = run.env, run.company_id.currency_id
    proof = _proof(run)
    differences = sum(differs(row, currency) for row in run.proof or ())
    unread = sum(
        rows
        for table, code, rows in run.reasons or ()
        if code == "amount_wrong" or (table in ledger.TABLES and code in ledger.GAPS)
    )
    sides = dict(messages.import_sides(env))
    # Those that differ are seen first.
    proof.sort(key=lambda row: not differs(row, currency))
    return {
        "steps": _steps(run),
        "proof": proof[:_SHOWN],
        "more": messages.import_more_contacts(env, max(0, len(proof) - _SHOWN)),
        "totals": [
            (label, *(sum(row[column] for row in proof if row[1] == label) for column in (2, 3, 4)))
            for label in sides.values()
            if proof
        ],
        "is_same": not differences and not unread,
        "difference_text": messages.import_differences(env, differences, unread),
        "reasons": _reasons(run),
        "faults": [messages.import_fault(env, code, about) for code, about in run.faults or ()],
        "currency": currency,
    }


def problem_sheet(env, problems):
    """:return: an .xlsx file with a row for each problem"""
    rows = [(*problem[:4], *messages.import_problem(env, problem.code)) for problem in problems]
    return _workbook([("", messages.import_problem_titles(env), rows)])


def workbook(run):
    """:return: an .xlsx file with all of the report"""
    env = run.env
    facts = [
        (label, str(run[name] or ""))
        for name, label in messages.import_facts(env).items()
    ]  # fmt: skip
    sheets, titles = messages.import_sheets(env), messages.import_report_titles(env)
    proof = _proof(run)
    faults = [(messages.import_fault(env, code, about),) for code, about in run.faults or ()]
    steps = [(label, *counts) for label, counts in _steps(run)]
    return _workbook(
        [
            (sheets["run"], (), facts),
            (sheets["counts"], titles["counts"], steps),
            (sheets["proof"], titles["proof"], proof),
            (sheets["reasons"], titles["reasons"], _reasons(run)),
            (sheets["faults"], (), faults),
        ]
    )


def _steps(run):
    labels = messages.import_step_labels(run.env)
    return [
        (labels[step], [run.counts[step].get(count, 0) for count in COUNTS])
        for step in STEPS
        if run.counts and step in run.counts
    ]


def _proof(run):
    sides, rounded = dict(messages.import_sides(run.env)), run.company_id.currency_id.round
    return [
        (name, sides[side], theirs, rounded(here), rounded(theirs - here))
        for name, side, theirs, here in run.proof or ()
    ]


def _reasons(run):
    rows = [
        (table, *messages.import_problem(run.env, code), rows, code in LEFT_OUT)
        for table, code, rows in run.reasons or ()
    ]
    # What has not come over at all stands first.
    return [row[:4] for row in sorted(rows, key=lambda row: not row[4])]


def _workbook(sheets):
    """
    :param sheets: [(name, titles, rows)]
    :return: bytes
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for name, titles, rows in sheets:
            sheet = book.add_worksheet(name or None)
            for number, row in enumerate([titles, *rows] if titles else rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        # Never as a formula.
                        sheet.write_string(number, column, value, bold if row is titles else None)
                    else:
                        sheet.write_number(number, column, value)
            sheet.set_column(0, 3, 24)
            sheet.set_column(4, 5, 60)
    return file.getvalue()
