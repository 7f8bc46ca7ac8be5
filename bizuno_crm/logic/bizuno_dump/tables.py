"""Which tables of a dump are a Bizuno company's, and of which release.

>>> find_company({"contacts": NEEDED["contacts"] + ("ctype_c",), "journal_main":
...     NEEDED["journal_main"]})
('', '7')
"""

from .problems import FileError

#: What is read of 7.x, and of the releases before it.
_TABLES_7 = ("contacts", "contacts_log", "contacts_meta", "common_meta", "configuration",
             "inventory", "inventory_meta", "journal_main", "journal_item")  # fmt: skip
_TABLES_6 = ("contacts", "address_book", "contacts_log", "configuration", "journal_main",
             "journal_item", "inventory", "inventory_prices", "crmProjects", "crmPromos",
             "crmPromos_history", "users", "users_profiles")  # fmt: skip
#: Without these tables what comes over would be wrong, and nobody would see it: every invoice open
#: with all of its amount, contacts without addresses or in an unknown currency.
_NEEDED_TABLES = {
    "7": ("configuration", "common_meta", "contacts_meta", "contacts_log", "journal_item"),
    "6": ("configuration", "address_book", "contacts_log", "users", "journal_item"),
}
#: Without these columns a table says nothing; the first one is its id.
NEEDED = {
    "contacts": ("id", "short_name", "inactive"),
    "contacts_log": ("id", "contact_id", "log_date"),
    "contacts_meta": ("id", "ref_id", "meta_key", "meta_value"),
    "common_meta": ("id", "meta_key", "meta_value"),
    "address_book": ("address_id", "ref_id", "type"),
    "journal_main": ("id", "journal_id", "post_date", "contact_id_b", "total_amount", "closed"),
    "journal_item": ("id", "ref_id", "item_ref_id", "gl_type", "debit_amount", "credit_amount"),
    "inventory": ("id", "sku"),
    "inventory_meta": ("id", "ref_id", "meta_key", "meta_value"),
    "inventory_prices": ("id", "settings"),
    "crmProjects": ("id", "contact_id"),
    "crmPromos": ("id", "title"),
    "crmPromos_history": ("id", "title", "send_date"),
    "users": ("admin_id", "email"),
    "users_profiles": ("id", "user_id", "dashboard_id", "settings"),
    "configuration": ("config_key", "config_value"),
}


def find_company(columns, prefix=None):
    """
    :param dict columns: {table: columns} of a file
    :return: (the prefix of the tables, the layout: "7" or "6")
    :raise FileError: no company, or several and none is named

    >>> find_company({"x_contacts": ("id", "short_name", "inactive", "type"),
    ...     "x_journal_main": NEEDED["journal_main"], "wp_posts": ("ID",)})
    ('x_', '6')
    """
    prefixes = [
        table.removesuffix("contacts")
        for table, names in columns.items()
        if table.endswith("contacts")
        and "short_name" in names
        and table.removesuffix("contacts") + "journal_main" in columns
    ]
    if prefix is not None:
        prefixes = [candidate for candidate in prefixes if candidate == prefix]
    if not prefixes and any(table.endswith("contacts") and not columns[table] for table in columns):
        raise FileError("no_structure")
    if not prefixes:
        raise FileError("no_bizuno", tables=", ".join(sorted(columns)[:5]))
    if len(prefixes) > 1:
        raise FileError(
            "several_companies", prefixes=", ".join(repr(candidate) for candidate in prefixes)
        )
    for table in ("contacts", "journal_main"):
        check_columns(table, columns[prefixes[0] + table])
    return prefixes[0], "7" if "ctype_c" in columns[prefixes[0] + "contacts"] else "6"


def find_tables(columns, prefix, layout):
    """
    :return: {table of the file: what it is in Bizuno}; on Windows their names have small letters
    :raise FileError: one is not there that is needed

    >>> tables = dict.fromkeys(["x_contacts", "x_crmprojects", *(
    ...     f"x_{table}" for table in _NEEDED_TABLES["6"])], ("id",))
    >>> find_tables(tables, "x_", "6")["x_crmprojects"]
    'crmProjects'
    """
    tables = _TABLES_7 if layout == "7" else _TABLES_6
    exactly = {prefix + table: table for table in tables}
    tables_by_name = {name: table for name, table in exactly.items() if name in columns}
    small = {name.lower(): name for name in columns if name.startswith(prefix)}
    for table in tables:
        if table not in tables_by_name.values() and (name := small.get((prefix + table).lower())):
            tables_by_name[name] = table
    for table in _NEEDED_TABLES[layout]:
        if table not in tables_by_name.values():
            raise FileError("missing_table", table=prefix + table)
    return tables_by_name


def check_columns(table, columns):
    for name in NEEDED[table]:
        if name not in columns:
            raise FileError("missing_column", table=table, column=name)
