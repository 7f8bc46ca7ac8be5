"""A Bizuno company, read from a dump of its database: 7.x with role flags, or before 7.0 with one
letter for the type and the addresses in `address_book`.

`read` gives one Company. What a row says that cannot be right is a Problem, and the rest of the row
is kept; only a row that is nobody's (a call with a contact that is gone) is left out.

>>> find_company({"contacts": _NEEDED["contacts"] + ("ctype_c",), "journal_main":
...     _NEEDED["journal_main"]})
('', '7')
"""

import json
from collections import Counter
from decimal import Decimal

from .. import terms as terms_codec
from . import choices, ledger, source, sql
from .contacts import ContactRows
from .crm import CrmRows
from .problems import FileError, Problem
from .records import Company
from .values import EMPTY_DATES, as_date, as_moment, inside

#: What is read of 7.x, and of the releases before it.
_TABLES_7 = ("contacts", "contacts_log", "contacts_meta", "common_meta", "configuration",
             "journal_main", "journal_item")  # fmt: skip
_TABLES_6 = ("contacts", "address_book", "contacts_log", "configuration", "journal_main",
             "journal_item", "crmProjects", "crmPromos", "crmPromos_history", "users",
             "users_profiles")  # fmt: skip
#: Without these columns a table says nothing.
_NEEDED = {
    "contacts": ("id", "short_name", "inactive"),
    "contacts_log": ("id", "contact_id", "log_date"),
    "contacts_meta": ("id", "ref_id", "meta_key", "meta_value"),
    "common_meta": ("id", "meta_key", "meta_value"),
    "address_book": ("address_id", "ref_id", "type"),
    "journal_main": ("id", "journal_id", "post_date", "contact_id_b", "total_amount", "closed"),
    "journal_item": ("item_ref_id", "gl_type", "debit_amount", "credit_amount"),
    "crmProjects": ("id", "contact_id"),
    "crmPromos": ("id", "title"),
    "crmPromos_history": ("id", "title", "send_date"),
    "users": ("admin_id", "email"),
    "users_profiles": ("id", "user_id", "dashboard_id", "settings"),
    "configuration": ("config_key", "config_value"),
}


def read(open_file, prefix=None):
    """
    :param open_file: callable without arguments that opens the dump anew, as binary file
    :param str prefix: of the tables of one company, where the file holds several
    :return: Company
    :raise FileError: nothing of the file can be used
    """
    with open_file() as file:
        survey = sql.Dump(source.pieces(file))
        for _batch in survey.read(()):
            pass
    prefix, layout = find_company(survey.columns, prefix)
    wanted = {prefix + table: table for table in (_TABLES_7 if layout == "7" else _TABLES_6)}
    reader = _Reader(layout)
    with open_file() as file:
        dump = sql.Dump(source.pieces(file))
        for batch in dump.read(wanted):
            reader.take(wanted[batch.table], batch)
    reader.problems[:0] = [
        problem._replace(table=wanted[problem.table]) for problem in dump.problems
    ]
    counts = {wanted[table]: count for table, count in dump.counts.items()}
    return reader.company(prefix, counts)


def find_company(columns, prefix=None):
    """
    :param dict columns: {table: columns} of a file
    :return: (the prefix of the tables, the layout: "7" or "6")
    :raise FileError: no company, or several and none is named

    >>> find_company({"x_contacts": ("id", "short_name", "inactive", "type"),
    ...     "x_journal_main": _NEEDED["journal_main"], "wp_posts": ("ID",)})
    ('x_', '6')
    """
    found = [
        table.removesuffix("contacts")
        for table, names in columns.items()
        if table.endswith("contacts")
        and "short_name" in names
        and table.removesuffix("contacts") + "journal_main" in columns
    ]
    if prefix is not None:
        found = [one for one in found if one == prefix]
    if not found:
        raise FileError("no_bizuno", tables=", ".join(sorted(columns)[:5]))
    if len(found) > 1:
        raise FileError("several_companies", prefixes=", ".join(repr(one) for one in found))
    for table in ("contacts", "journal_main"):
        _check_columns(table, columns[found[0] + table])
    return found[0], "7" if "ctype_c" in columns[found[0] + "contacts"] else "6"


def _check_columns(table, columns):
    for name in _NEEDED[table]:
        if name not in columns:
            raise FileError("missing_column", table=table, column=name)


class _Reader(ContactRows, CrmRows):
    """Takes the rows of the tables as they come, and makes a company of them at the end."""

    def __init__(self, layout):
        self.layout, self.problems = layout, []
        self.rows = {}
        self.paid = Counter()

    def take(self, table, batch):
        _check_columns(table, batch.columns)
        rows = (dict(zip(batch.columns, row, strict=True)) for row in batch.rows)
        if table == "journal_item":
            # By far the most rows: only what they have paid is kept.
            for row in rows:
                if row.get("gl_type") == "pmt":
                    debit = self._amount(table, row, "debit_amount")
                    self.paid[row["item_ref_id"]] += debit - self._amount(
                        table, row, "credit_amount"
                    )
        elif table == "journal_main":
            self.rows.setdefault(table, []).extend(
                {name: row.get(name) for name in ledger.COLUMNS} for row in rows
            )
        else:
            self.rows.setdefault(table, []).extend(rows)

    def company(self, prefix, counts):
        settings = self._settings()
        meta = self._meta("contacts_meta")
        contacts, addresses = self._contacts(meta)
        authors = self._authors()
        lists = {
            "log": self._log(contacts, authors),
            "projects": self._projects(contacts, meta, authors),
            "reminders": self._reminders(meta, authors),
            "promotions": self._promotions(meta),
            "documents": self._documents(contacts),
        }
        books = settings.get("phreebooks", {})
        return Company(
            prefix=prefix,
            layout=self.layout,
            currency=inside(books, "currency", "defISO"),
            timezone=inside(settings, "bizuno", "settings", "locale", "timezone"),
            default_terms={
                kind: inside(books, "settings", kind, "terms") for kind in ("customers", "vendors")
            },
            tables=counts,
            years=self._years(),
            contacts=contacts,
            users=(users := self._users(contacts)),
            choices=choices.find(contacts, users, self.rows, settings),
            addresses=addresses,
            actions=self._options("options_crm_actions"),
            problems=self.problems,
            **lists,
        )

    # parts of rows
    def _problem(self, table, row, field, value, code):
        self.problems.append(Problem(table, str(row), field, str(value or "")[:80], code))

    def _date(self, table, row, field, moment=False):
        text = row.get(field)
        if text in EMPTY_DATES:
            if text in EMPTY_DATES[3:]:
                self._problem(table, row["id"], field, text, "date_zero")
            return None
        try:
            return as_moment(text) if moment else as_date(text)
        except (ValueError, TypeError):
            self._problem(table, row["id"], field, text, "date_wrong")
            return None

    def _amount(self, table, row, field):
        text = row.get(field)
        try:
            return ledger.as_amount(text)
        except ValueError:
            self._problem(table, row.get("id"), field, text, "number_wrong")
            return Decimal(0)

    def _json(self, table, row, text):
        try:
            value = json.loads(text or "null")
        except (ValueError, RecursionError):
            self._problem(table, row["id"], "meta_value", text, "json_wrong")
            return {}
        return value

    def _settings(self):
        found = {}
        for row in self.rows.pop("configuration", ()):
            name, value = row.get("config_key"), row.get("config_value")
            try:
                settings = json.loads(value or "{}")
            except (ValueError, RecursionError):
                continue
            found[name] = settings if isinstance(settings, dict) else {}
        return found

    def _meta(self, table):
        """:return: {key: rows}; of common_meta, too"""
        found = {}
        for name in (table, "common_meta"):
            for row in self.rows.get(name, ()):
                found.setdefault(row.get("meta_key"), []).append(row | {"table": name})
        return found

    def _options(self, key):
        for row in self.rows.get("common_meta", ()):
            if row.get("meta_key") == key:
                value = self._json("common_meta", row, row.get("meta_value"))
                return value if isinstance(value, dict) else {}
        return {}

    # the ledger
    def _documents(self, contacts):
        found = []
        for row in self.rows.get("journal_main", ()):
            if row["journal_id"] not in ledger.SIGNS:
                continue
            post_date = self._date("journal_main", row, "post_date")
            if row["contact_id_b"] not in contacts:
                self._problem("journal_main", row["id"], "contact_id_b", row["contact_id_b"],
                              "reference_unknown")  # fmt: skip
            if not post_date:
                self._problem("journal_main", row["id"], "post_date", row["post_date"], "no_date")
                continue
            total = self._amount("journal_main", row, "total_amount")
            try:
                terms = terms_codec.parse(row["terms"] or "0")
            except terms_codec.TermsError:
                self._problem("journal_main", row["id"], "terms", row["terms"], "terms_wrong")
                terms = terms_codec.Terms()
            found.append(ledger.document(row, post_date, total, self.paid[row["id"]], terms))
        return found

    def _years(self):
        """:return: {(journal, year): documents}"""
        return dict(
            Counter(
                (row["journal_id"], (row["post_date"] or "")[:4])
                for row in self.rows.get("journal_main", ())
            )
        )
