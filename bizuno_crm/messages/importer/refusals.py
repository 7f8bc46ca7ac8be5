"""What is refused of a move from Bizuno, and how far one is."""


def import_for_administrators(env):
    return env._("Only an administrator (Settings) can move a company from Bizuno.")


def import_file_missing(env):
    return env._(
        "Choose the file first: a dump of Bizuno's database, plain or compressed with gzip, or "
        "its contacts as CSV."
    )


def contact_export_refused(env):
    return env._(
        "Only users with the right to export can export contacts: ask an administrator for it "
        "(Settings / Users, Export)."
    )


def contact_export_field_refused(env, field):
    return env._(
        "The export contains %(field)s of the contacts, which you may not see: ask somebody in "
        "accounting to export them.",
        field=field,
    )


def contact_export_empty(env):
    return env._(
        "There is no contact to export: choose contacts that do not belong to another one. "
        "People and addresses of a contact are in its row."
    )


def import_under_way(env, run=None):
    """:param run: the one that is under way; None where nobody can see it yet"""
    if not run:
        return env._("Another move from Bizuno is in progress: try again when it has ended.")
    return env._(
        "Another move from Bizuno is in progress: %(run)s. Try again when it has ended. If its "
        "program was killed, cancel the move first (Configuration / Moves from Bizuno).",
        run=run.display_name,
    )


def import_disturbed(env):
    return env._("Other users kept writing to the same records.")


def import_interrupted(env):
    return env._("The run was interrupted.")


def import_map_wrong(env, file, what):
    """:param what: in the file that is wrong"""
    return env._(
        "%(file)s is not a map as the command writes it (%(what)s): call the command with the name "
        "of a file that does not exist, and edit the file that it writes.",
        file=file,
        what=what,
    )


def import_currency(env, currency, company):
    return env._(
        "The company in the file keeps its books in %(currency)s, and %(company)s in %(own)s: "
        "choose the company with that currency at the top right, or create one.",
        currency=currency,
        company=company.display_name,
        own=company.currency_id.name,
    )


def import_other_company(env, company, count, here, there):
    """
    :param int count: of the contacts that are others
    :param str here: the name of one that came before
    :param str there: of the one with its number in the file
    """
    return env._(
        "Another Bizuno company was moved into %(company)s before: %(count)s contacts have the "
        "same record ID as different contacts of this file (%(here)s is %(there)s there). Choose "
        "another company at the top right, or undo the earlier move first.",
        company=company.display_name,
        count=count,
        here=here,
        there=there,
    )


def import_trial_too_long(env, seconds, limit):
    """
    :param int seconds: that a trial run takes, about
    :param int limit: after which the server ends a scheduled action
    """
    return env._(
        "A trial run of this file takes about %(minutes)s minutes, and the server ends it after "
        "%(limit)s seconds: run it with the command odoo-bin bizuno_import --dry-run, or run the "
        "move in a copy of the database. Run itself works in pieces, and needs no command.",
        minutes=max(1, seconds // 60),
        limit=limit,
    )


def import_needs_purchase(env, bizuno_orders, sheets):
    """
    :param int bizuno_orders: purchase orders and quotations of vendors that are open
    :param int sheets: price sheets that say what a vendor charges
    """
    return env._(
        "The Purchase app is not installed: open purchase orders and quotations of vendors "
        "(%(orders)s) and price sheets of vendors (%(sheets)s) are left out. Install it first, or "
        "run again once it is installed.",
        orders=bizuno_orders,
        sheets=sheets,
    )


def import_not_undoable(env, run):
    if run.state == "undoing":
        return env._("%(run)s is already being undone.", run=run.display_name)
    return env._(
        "%(run)s cannot be undone: it was a trial run, or has already been undone.",
        run=run.display_name,
    )


def import_undo_progress(env, done, count):
    return env._("Undoing: %(done)s of %(count)s records.", done=done, count=count)


def import_undo_stopped(env, reason):
    """:param str reason: what has stopped it"""
    return env._(
        "%(reason)s What was removed is gone: fix the problem, then undo the run again for the "
        "rest.",
        reason=reason,
    )


def import_undone(env, gone, left):
    removed = (
        env._("One record was removed.")
        if gone == 1
        else env._("%(count)s records were removed.", count=gone)
    )
    if not left:
        return removed
    kept = (
        env._("One was kept because it was changed or is in use.")
        if left == 1
        else env._("%(count)s were kept because they were changed or are in use.", count=left)
    )
    return f"{removed} {kept}"


def import_is_over(env, run):
    return env._("%(run)s has already ended.", run=run.display_name)


def import_stopped(env, reason):
    """:param str reason: what has stopped a run"""
    return env._(
        "%(reason)s What earlier steps moved stays: fix the problem and resume, or undo the run.",
        reason=reason,
    )


def import_killed(env, where):
    return env._(
        "The server ended the run three times in the same step (%(where)s): it allows scheduled "
        "actions too little time. Raise limit_time_cpu and limit_time_real_cron in the server's "
        "configuration, or use the command odoo-bin bizuno_import.",
        where=where,
    )


def import_progress(env, state, step, done, count, following):
    """What a run in the background does, and what comes next."""
    if state == "waiting":
        return env._("It starts as soon as the server is free, within a minute.")
    if state != "running":
        return ""
    now = env._("%(step)s: %(done)s of %(count)s.", step=step, done=done, count=count)
    if not following:
        return now
    return env._("%(now)s Next: %(following)s.", now=now, following=following)


def import_file_refused(env, error):
    """:param error: `logic.bizuno_dump.problems.FileError`"""
    facts = {name: str(value) for name, value in error.facts.items()}
    texts = {
        "empty": lambda: env._("The file is empty: make the dump again."),
        "binary": lambda: env._(
            "The file is not text: choose a dump of Bizuno's database (.sql or .sql.gz), or its "
            "contacts (.csv)."
        ),
        "charset": lambda: env._(
            "The file is encoded in %(charset)s: make the dump again in UTF-8 (utf8mb4).", **facts
        ),
        "gzip": lambda: env._("The file is a damaged gzip file: copy it again, in binary mode."),
        "zip": lambda: env._(
            "The file is a zip archive: unzip it, and choose the .sql file in it."
        ),
        "bomb": lambda: env._(
            "The file unpacks to far more than a database dump would: it is not read."
        ),
        "truncated": lambda: (
            env._(
                "The file ends in the middle of table %(table)s, after row %(row)s: make the dump "
                "again, and copy all of it.",
                **facts,
            )
            if facts.get("table")
            else env._("The file is cut off: make the dump again, and copy all of it.")
        ),
        "row_too_long": lambda: env._(
            "Row %(row)s of table %(table)s does not end within 16 MB: make the dump again.",
            **facts,
        ),
        "statement_too_long": lambda: env._(
            "A statement for table %(table)s is incomplete: make the dump again.", **facts
        ),
        "too_many_columns": lambda: env._(
            "Table %(table)s has %(count)s columns, more than MySQL allows: this is not a "
            "database dump.",
            **facts,
        ),
        "no_bizuno": lambda: env._(
            "There is no Bizuno company in the file. It has these tables: %(tables)s. Dump the "
            "database that Bizuno uses, with its tables contacts and journal_main.",
            **facts,
        ),
        "several_companies": lambda: env._(
            "The file contains several companies; their tables begin with %(prefixes)s. Dump the "
            "tables of one of them.",
            **facts,
        ),
        "csv_columns": lambda: env._(
            "The file is a list without the column %(column)s: export the contacts from Bizuno, "
            "and keep the headings.",
            **facts,
        ),
        "csv_truncated": lambda: env._(
            "The file ends in the middle of row %(row)s: export the contacts from Bizuno again, "
            "and copy all of it.",
            **facts,
        ),
        "csv_row_too_long": lambda: env._(
            "Row %(row)s does not end within 1 MB, perhaps because a quotation mark is missing: "
            "export the contacts from Bizuno again.",
            **facts,
        ),
        "csv_too_many_rows": lambda: env._(
            "The file has more than %(count)s rows: this is not a list of contacts. Export them "
            "from Bizuno again.",
            **facts,
        ),
        "csv_too_many_columns": lambda: env._(
            "The file has %(count)s columns, and Bizuno's contacts have 46: export the contacts "
            "from Bizuno again.",
            **facts,
        ),
        "no_structure": lambda: env._(
            "The file has the rows of the tables, and not their structure, so nobody can tell "
            "which value is which: make the dump again, with structure and data."
        ),
        "table_twice": lambda: env._(
            "The file has table %(table)s twice: two dumps were joined in it, perhaps of two days. "
            "Make one dump, in a new file.",
            **facts,
        ),
        "missing_table": lambda: env._(
            "The file has no table %(table)s, and without it the company would be moved wrong: "
            "dump all tables of Bizuno's database.",
            **facts,
        ),
        "missing_column": lambda: env._(
            "Table %(table)s has no column %(column)s: it is not a Bizuno table. Dump the "
            "database that Bizuno uses.",
            **facts,
        ),
    }
    return texts[error.code]()
