"""The words of what is analysed, chosen and reported."""


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
            env._("Rows Read"),
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
        "address": lambda: env._("Address in Bizuno: %(address)s", address=value),
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
        "purchase_orders": env._("Open purchase orders"),
        "vendor_prices": env._("Vendors' prices"),
        "contacts": env._("Contacts"),
        "addresses": env._("People and addresses"),
        "documents": env._("Open documents"),
        "action_codes": env._("Action codes"),
        "log": env._("Contact log"),
        "projects": env._("Projects"),
        "reminders": env._("Reminders"),
        "promotions": env._("Promotions"),
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
