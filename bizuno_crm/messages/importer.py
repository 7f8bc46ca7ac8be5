"""The move from Bizuno."""


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


def import_not_undoable(env, run):
    return env._(
        "%(run)s cannot be undone: it was a trial run, or has already been undone.",
        run=run.display_name,
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


def import_file_problems(env, count):
    if not count:
        return env._("The file has no problems.")
    if count == 1:
        return env._("One row of the file has a problem: see the spreadsheet.")
    return env._("%(count)s rows of the file have a problem: see the spreadsheet.", count=count)


def import_differences(env, count, unread=0):
    """
    :param int count: of the contacts whose amounts differ
    :param int unread: of the rows of Bizuno's journal that could not be read
    """
    if unread == 1:
        return env._(
            "One row of Bizuno's journal could not be read, so its amounts may differ from those "
            "shown here: the spreadsheet of problems names it."
        )
    if unread:
        return env._(
            "%(count)s rows of Bizuno's journal could not be read, so its amounts may differ from "
            "those shown here: the spreadsheet of problems names them.",
            count=unread,
        )
    if not count:
        return env._("Every contact's open amount is the same in both.")
    if count == 1:
        return env._("The open amount of one contact differs.")
    return env._("The open amounts of %(count)s contacts differ.", count=count)


def import_more_contacts(env, count):
    """:param int count: of those that the page does not show"""
    if not count:
        return ""
    if count == 1:
        return env._("One more contact is in the spreadsheet.")
    return env._("%(count)s more contacts are in the spreadsheet.", count=count)


def import_fault(env, code, about):
    """
    :param str code: of a `logic.bizuno_dump.faults.Fault`
    :param about: the documents or contacts it is about
    :return: what is wrong in Bizuno's own figures, which is no difference of Odoo's
    """
    names = ", ".join(about[:20]) + ("…" if len(about) > 20 else "")
    texts = {
        "days": lambda: env._(
            "Bizuno counts one day too many when the due date is in daylight saving time and "
            "today is not, and shows these documents in another column: %(names)s.",
            names=names,
        ),
        "panel_of_vendor": lambda: env._(
            "On the page of a contact that is also a vendor, Bizuno shows what you owe instead "
            "of what you are owed: %(names)s.",
            names=names,
        ),
        "dashboard_current": lambda: env._(
            "Bizuno's dashboard always shows 0 as current, although its total includes these "
            "documents: %(names)s.",
            names=names,
        ),
        "thirty_days": lambda: env._(
            "Bizuno's aging allows thirty days for net 0 and due on receipt; its forms do not: "
            "%(names)s.",
            names=names,
        ),
        "unrounded": lambda: env._(
            "Bizuno does not round converted foreign currency amounts; here each document is "
            "rounded to the cent, so totals can differ by a cent: %(names)s.",
            names=names,
        ),
    }
    return texts[code]()


def import_facts(env):
    """:return: {field of the run: what the sheet calls it}"""
    return {
        "file_name": env._("File"),
        "sha256": env._("SHA-256"),
        "date": env._("Done On"),
        "user_id": env._("Done By"),
        "company_id": env._("Company"),
    }


def import_sheets(env):
    return {
        "run": env._("Run"),
        "counts": env._("Rows"),
        "proof": env._("Open amounts"),
        "reasons": env._("What went wrong"),
        "faults": env._("Bizuno's own errors"),
    }


def import_report_titles(env):
    return {
        "counts": (
            env._("What"),
            env._("Read"),
            env._("Created"),
            env._("Updated"),
            env._("Unchanged"),
            env._("Left out"),
        ),
        "proof": (
            env._("Contact"),
            env._("Side"),
            env._("Bizuno"),
            env._("Odoo"),
            env._("Difference"),
        ),
        "reasons": (
            env._("Table"),
            env._("What is wrong"),
            env._("What was done, and what to do"),
            env._("Rows"),
        ),
    }


def import_choice_kinds(env):
    return [
        ("user", env._("Users")),
        ("account", env._("GL Accounts")),
        ("tax", env._("Tax Rates")),
        ("store", env._("Stores")),
        ("pricelist", env._("Price Sheets")),
    ]


def import_journals(env):
    """:return: {Bizuno's journal: what it holds}"""
    return {
        "2": env._("General journal"),
        "3": env._("Vendor quotes"),
        "4": env._("Purchase orders"),
        "6": env._("Bills"),
        "7": env._("Vendor credits"),
        "9": env._("Quotes"),
        "10": env._("Sales orders"),
        "12": env._("Invoices"),
        "13": env._("Credit memos"),
        "17": env._("Refunds from vendors"),
        "18": env._("Customer receipts"),
        "20": env._("Vendor payments"),
        "22": env._("Refunds to customers"),
    }


def import_due_rules(env):
    return [
        ("own_rule", env._("As in Bizuno's aging")),
        ("reference_rule", env._("According to the terms")),
    ]


def import_sides(env):
    return [("receivable", env._("Receivable")), ("payable", env._("Payable"))]


def import_services(env):
    """What stands on an order, and is no item in Bizuno."""
    return {
        "item": env._("Item without a number in Bizuno"),
        "freight": env._("Freight"),
        "discount": env._("Discount"),
    }


def import_offices(env):
    """Whom the further e-mails of a contact are for."""
    return (env._("Accounts Receivable"), env._("Purchasing"), env._("Accounts Payable"))


def import_telephone(env, number):
    return env._("Telephone %(number)s", number=number)


def import_no_action(env):
    return env._("From Bizuno, without an action")


def import_note(env, name, value):
    """A line of the notes for what Odoo has no field for."""
    texts = {
        "attention": lambda: env._("Attention: %(name)s", name=value),
        "email": lambda: env._("Another e-mail: %(email)s", email=value),
        "name": lambda: env._("Name in Bizuno: %(name)s", name=value),
        "person": lambda: env._("Person: %(name)s", name=value),
        "state": lambda: env._("State or region in Bizuno: %(state)s", state=value),
        "telephone": lambda: env._("Another telephone: %(number)s", number=value),
        "title": lambda: env._("Title in Bizuno: %(title)s", title=value),
        "store": lambda: env._("Store in Bizuno: %(store)s", store=value),
        "default_account": lambda: env._("Default account in Bizuno: %(code)s", code=value),
    }
    return texts[name]()


def import_created(env, day, name):
    """
    :param str name: who has made it, "" where nobody knows
    """
    if name:
        return env._("Created in Bizuno on %(day)s by %(name)s", day=day, name=name)
    return env._("Created in Bizuno on %(day)s", day=day)


def import_default_terms(env, customers, vendors):
    """What contacts get that have no terms of their own.

    :param customers: the default terms of Bizuno's settings, in words; None where it names none
    :param vendors: the same of vendors
    """
    return [
        env._("Customers and leads get Bizuno's default: %(terms)s.", terms=customers)
        if customers
        else env._(
            "Customers and leads get the default terms of Odoo (Settings / Bizuno CRM): the file "
            "names none."
        ),
        env._("Vendors get Bizuno's default: %(terms)s.", terms=vendors)
        if vendors
        else env._("Vendors get net 30: the file names no default terms for them."),
    ]


def import_step_labels(env):
    return {
        "products": env._("Products"),
        "price_sheets": env._("Price sheets and their rules"),
        "orders": env._("Open quotations and orders"),
        "contacts": env._("Contacts"),
        "addresses": env._("People and addresses"),
        "documents": env._("Open documents"),
        "action_codes": env._("Action codes"),
        "log": env._("Contact log"),
        "projects": env._("Projects"),
        "reminders": env._("Reminders"),
        "promotions": env._("Promotions"),
    }


def import_problem_titles(env):
    return (
        env._("Table"),
        env._("Row"),
        env._("Field"),
        env._("Value"),
        env._("What is wrong"),
        env._("What was done, and what to do"),
    )


def import_problem(env, code):
    """
    :param str code: of a `logic.bizuno_dump.problems.Problem`
    :return: (what is wrong, what was done about it and the remedy)
    """
    return _PROBLEMS[code](env)


_PROBLEMS = {
    "no_opening_account": lambda env: (
        env._("No opening account was chosen for the open documents."),
        env._("The document was left out. Choose the account, and run again."),
    ),
    "amount_wrong": lambda env: (
        env._("A number of the document, or of one of its payments, cannot be read."),
        env._("It was left out. Correct the number in Bizuno, make the dump again, and run again."),
    ),
    "rate_wrong": lambda env: (
        env._("The document is in another currency, and its exchange rate cannot be read."),
        env._("It was moved in the company's currency, with the same balance."),
    ),
    "price_number": lambda env: (
        env._("A number of this level cannot be read."),
        env._("The level was left out. Add its rule to the pricelist."),
    ),
    "document_of_nobody": lambda env: (
        env._("The contact of the document was not moved."),
        env._("It was left out. Book what is open by hand."),
    ),
    "document_changed": lambda env: (
        env._(
            "The open amount of the document has changed in Bizuno, but it has already been used "
            "in Odoo."
        ),
        env._(
            "Odoo's version was kept. The amount open in Bizuno is shown here: book the difference."
        ),
    ),
    "document_settled": lambda env: (
        env._("The document is no longer open in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Book the payment if it is still open here."),
    ),
    "purchase_open": lambda env: (
        env._("A quotation of a vendor, or a purchase order, is open."),
        env._("It was left out. Enter it by hand in the Purchase app."),
    ),
    "order_empty": lambda env: (
        env._("The order has been fully invoiced, but it is still open in Bizuno."),
        env._("It was left out because nothing remains open. Close it in Bizuno."),
    ),
    "order_number_taken": lambda env: (
        env._("Another order in Odoo has this number."),
        env._("The order got the next number."),
    ),
    "order_tax": lambda env: (
        env._("The order has an amount of sales tax, and Bizuno does not say from which rate."),
        env._("The order was moved without that tax. Choose the taxes on its lines."),
    ),
    "order_rest": lambda env: (
        env._("The order has freight or a discount, and part of it has been invoiced."),
        env._("Freight and discount were not moved. Add what remains of them."),
    ),
    "order_total": lambda env: (
        env._(
            "The lines add up to a different total in Odoo, because prices have fewer decimals "
            "here."
        ),
        env._("Bizuno's total is shown here. Correct a price."),
    ),
    "order_changed": lambda env: (
        env._("The order has changed in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Change it by hand."),
    ),
    "order_closed": lambda env: (
        env._("The order is no longer open in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Cancel it if nothing remains to be delivered."),
    ),
    "sku_twice": lambda env: (
        env._("Another item has the same number."),
        env._("The second one was left out. Give it its own number in Bizuno."),
    ),
    "no_sku": lambda env: (
        env._("The item has no number."),
        env._("It was left out. Give it a number in Bizuno."),
    ),
    "product_unknown": lambda env: (
        env._("The order has an item that is not in Bizuno's inventory."),
        env._("A product was created for it, at the price of the order. Complete it."),
    ),
    "choice_missing": lambda env: (
        env._("Nobody has chosen what this is in Odoo."),
        env._("Odoo's default is used. Choose it on the tab Map, and run again."),
    ),
    "price_sheet_unknown": lambda env: (
        env._("The contact has a price sheet that no longer exists, or is not for customers."),
        env._("The contact has no price sheet. Choose one."),
    ),
    "price_vendor": lambda env: (
        env._("Odoo has no price sheets for vendors, only prices on products."),
        env._("The price sheet was left out. Enter the prices on the products, under Purchase."),
    ),
    "price_of_item": lambda env: (
        env._(
            "The price sheet is for one item and all customers, and no general price sheet was "
            "moved."
        ),
        env._("It was left out. Add its prices to a pricelist."),
    ),
    "price_default": lambda env: (
        env._("In Bizuno this price sheet is for all customers without one of their own."),
        env._("In Odoo that is the first pricelist: move it to the top if you want the same here."),
    ),
    "price_post": lambda env: (
        env._("Bizuno applies this price sheet on top of another one."),
        env._("In Odoo it is calculated from the sales price. Check the prices."),
    ),
    "price_currency": lambda env: (
        env._("The currency of the price sheet is not active in Odoo."),
        env._("The prices are in the company's currency. Correct them."),
    ),
    "price_own_first": lambda env: (
        env._(
            "The contact has prices of its own and a general price sheet; Bizuno takes the lower "
            "one."
        ),
        env._("In Odoo its own prices come first, even if the price sheet is lower."),
    ),
    "price_gone": lambda env: (
        env._("The price sheet no longer has this level, and somebody has changed its rule here."),
        env._("The rule was kept. Delete it if you do not need it."),
    ),
    "price_source": lambda env: (
        env._("It is unclear what the price of this level is calculated from."),
        env._("The level was left out. Add its rule to the pricelist."),
    ),
    "price_rounding": lambda env: (
        env._("Bizuno rounds the price of this level up, or to a fixed fraction."),
        env._("Odoo rounds it to the nearest step. Check the prices."),
    ),
    "price_percentage": lambda env: (
        env._("The percentage of this level has more than two decimals."),
        env._("Odoo keeps two if a price is also rounded, or calculated from the cost."),
    ),
    "price_lowest": lambda env: (
        env._("Bizuno takes the lowest of all levels that apply, and this one may be higher."),
        env._("Odoo takes the level with the greatest quantity. Check the prices."),
    ),
    "currency_inactive": lambda env: (
        env._("Documents are in a currency that is not active in Odoo."),
        env._(
            "They were moved in the company's currency. To keep theirs, activate it before the run."
        ),
    ),
    "document_future": lambda env: (
        env._("The document is dated later than today."),
        env._("It is booked today and due on its own date."),
    ),
    "number_other": lambda env: (
        env._("Odoo does not accept this number for the document."),
        env._("It got another one; Bizuno's is its payment reference."),
    ),
    "status_unknown": lambda env: (
        env._("Bizuno has no such status."),
        env._("The contact is active. Choose its status."),
    ),
    "type_unknown": lambda env: (
        env._("Bizuno has no such type of contact."),
        env._("The contact has no role. Choose its roles."),
    ),
    "no_name": lambda env: (
        env._("The contact has no name."),
        env._("Its e-mail or Contact ID is used as its name. Enter its name."),
    ),
    "no_contact_id": lambda env: (
        env._("The contact has no Contact ID."),
        env._("It got the next number."),
    ),
    "contact_id_twice": lambda env: (
        env._("Another contact has the same Contact ID, perhaps written differently."),
        env._("It got the next number. If both are the same company, merge them."),
    ),
    "row_twice": lambda env: (
        env._("The ID is in the file twice."),
        env._("The second row was left out. Make the dump again."),
    ),
    "rep_unknown": lambda env: (
        env._("The sales rep does not exist in Bizuno."),
        env._("The contact has no sales rep. Choose one."),
    ),
    "owner_unknown": lambda env: (
        env._("The person belongs to a contact that no longer exists."),
        env._("It was moved as a lead. Choose its company."),
    ),
    "owner_person": lambda env: (
        env._("The person belongs to another person, or to itself."),
        env._("It was moved as a lead. Choose its company."),
    ),
    "terms_wrong": lambda env: (
        env._("These are not Bizuno payment terms."),
        env._("The default terms are used. Choose the terms."),
    ),
    "date_zero": lambda env: (
        env._("The date is zero."),
        env._("It was left empty."),
    ),
    "date_wrong": lambda env: (
        env._("There is no such date."),
        env._("It was left empty. Enter the date."),
    ),
    "number_wrong": lambda env: (
        env._("This is not a number in a database format."),
        env._("It was ignored. Correct it in Bizuno, and make the dump again."),
    ),
    "json_wrong": lambda env: (
        env._("The value is not valid JSON, or is cut off."),
        env._("It was left out. Enter its contents by hand."),
    ),
    "orphan": lambda env: (
        env._("The row belongs to a record that no longer exists."),
        env._("It was left out."),
    ),
    "reference_unknown": lambda env: (
        env._("The row names a contact that no longer exists."),
        env._("It was moved without that contact. Choose one."),
    ),
    "no_date": lambda env: (
        env._("The row has no date."),
        env._("It was left out. Enter it by hand."),
    ),
    "rhythm_unknown": lambda env: (
        env._("Bizuno has no such recurrence."),
        env._("The reminder is set to once. Choose how often it repeats."),
    ),
    "not_decoded": lambda env: (
        env._("Part of the text is not in UTF-8."),
        env._("That part is a question mark now. Correct the text."),
    ),
    "row_unreadable": lambda env: (
        env._("The row contains something other than values."),
        env._("It was left out. Make the dump again."),
    ),
    "row_length": lambda env: (
        env._("The row has a different number of values than the table has columns."),
        env._("It was left out. Make the dump again."),
    ),
    "insert_unknown": lambda env: (
        env._("A statement does not list row values, or its columns are unknown."),
        env._("It was left out. Make a dump with the table structure and with the data as rows."),
    ),
    "country_unknown": lambda env: (
        env._("Odoo has no such country."),
        env._("The address has no country. Choose it."),
    ),
    "state_unknown": lambda env: (
        env._("Odoo knows no such state in the country of the address."),
        env._("It is in the notes of the address. Choose the state, if there is one."),
    ),
    "action_unknown": lambda env: (
        env._("The action is not among Bizuno's action codes."),
        env._("An action code was created for it. Give it a name."),
    ),
    "log_future": lambda env: (
        env._("The call is dated in the future."),
        env._("It was left out. Set a reminder for it."),
    ),
    "stage_unknown": lambda env: (
        env._("Odoo has no project stage with this code."),
        env._("The project is in the first stage. Choose its stage."),
    ),
    "market_unknown": lambda env: (
        env._("Odoo has no market with this code."),
        env._("The project has no market. Create the market, and choose it."),
    ),
    "market_cut": lambda env: (
        env._("Bizuno kept only the first letter of the market, and several markets share it."),
        env._("A market with that letter was chosen. Check whether it is right."),
    ),
    "number_taken": lambda env: (
        env._("Another project has this number."),
        env._("The project got the next number."),
    ),
    "user_unmapped": lambda env: (
        env._("Nobody has chosen who this user is in Odoo."),
        env._("The reminder was left out. Choose the user, and run again."),
    ),
    "promotion_sender": lambda env: (
        env._("You have no e-mail address, and a promotion needs a sender."),
        env._("It was left out. Enter the address in your preferences, and run again."),
    ),
    "closed_unknown": lambda env: (
        env._("It is unclear whether the document is open; Bizuno does not count it as open."),
        env._("It was not moved. Open or close it in Bizuno."),
    ),
    "promotion_dates": lambda env: (
        env._("The promotion has no dates, or ends before it starts."),
        env._("It ends on the day it starts. Choose its dates."),
    ),
    "promotion_sent": lambda env: (
        env._("The promotion was sent from Bizuno on these dates; Bizuno does not say to whom."),
        env._("The dates are in its history. It is archived, so that nobody gets it again."),
    ),
    "gone": lambda env: (
        env._("The record has since been deleted in Odoo."),
        env._("It was not created again."),
    ),
    "changed_here": lambda env: (
        env._("The value was changed both in Bizuno and in Odoo."),
        env._("Odoo's value was kept. Bizuno's is shown here."),
    ),
    "contact_deleted": lambda env: (
        env._("The contact is no longer in Bizuno: it was deleted or merged there."),
        env._("It was kept. Archive or merge it here, too."),
    ),
    "deleted": lambda env: (
        env._("The row is no longer in Bizuno: it was deleted or dismissed there."),
        env._("What it became here was kept. Delete or archive it if you do not need it."),
    ),
    "gone_there": lambda env: (
        env._("The person or address is no longer in Bizuno, and somebody has changed it here."),
        env._("It was kept. Archive it if you do not need it."),
    ),
    "other_here": lambda env: (
        env._("The contact was already in Odoo, with a different value."),
        env._("Odoo's value was kept. Bizuno's is shown here."),
    ),
    "refused": lambda env: (
        env._("Odoo refused the row: the value shows its reason."),
        env._("It was left out. Correct it in Bizuno, make the dump again, and run again."),
    ),
}


def import_bucket_labels(env):
    return (
        env._("Current"),
        env._("1-30"),
        env._("31-60"),
        env._("61-90"),
        env._("91-120"),
        env._("Over 120"),
        env._("Total"),
    )
