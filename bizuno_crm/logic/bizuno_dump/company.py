"""A Bizuno company, read from a dump of its database: 7.x with role flags, or before 7.0 with one
letter for the type and the addresses in `address_book`.

`read` gives one Company. What a row says that cannot be right is a Problem, and the rest of the row
is kept; only a row that is nobody's (a call with a contact that is gone) is left out.

>>> as_date("2026-02-28"), as_date(None), as_status("H"), as_status("X")
(datetime.date(2026, 2, 28), None, 'hold', None)
"""

import json
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .. import contact_id as ids
from .. import terms as terms_codec
from . import choices, ledger, source, sql
from .problems import FileError, Problem

#: The letters of Bizuno's role flags.
ROLES = {"b": "branch", "c": "customer", "e": "employee", "i": "lead", "j": "project", "u": "user",
         "v": "vendor"}  # fmt: skip
STATUSES = {"0": "active", "1": "inactive", "2": "locked", "H": "hold"}
ADDRESSES = {"b": "billing", "s": "delivery", "i": "person"}
RHYTHMS = "dwbhmqy3z"

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
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?", re.ASCII)
_EMPTY_DATES = (None, "", "null", "0000-00-00", "0000-00-00 00:00:00")


class Contact(NamedTuple):
    """`roles` are words of ROLES, `status` a word of STATUSES, `terms` is as encoded, "" for the
    settings' default; `owner` is the contact that a person of before 7.0 belongs to."""

    id: str
    roles: tuple
    contact_id: str
    status: str
    name: str
    address: "Address"
    terms: str = ""
    rep: str = ""
    store: str = ""
    tax_exempt: bool = False
    marketplace: bool = False
    newsletter: bool = False
    account_number: str = ""
    gov_id: str = ""
    gl_account: str = ""
    price_sheet: str = ""
    first_date: date | None = None
    notes: str = ""
    owner: str = ""


class Address(NamedTuple):
    """`emails` and `phones` are four each, "" where there is none; `country` is ISO-3."""

    id: str
    contact: str
    kind: str
    name: str
    attention: str
    first: str
    last: str
    title: str
    street: str
    street2: str
    city: str
    state: str
    zip: str
    country: str
    emails: tuple
    phones: tuple
    website: str
    notes: str


class User(NamedTuple):
    """Who logs in: `id` is as contacts, calls, projects and reminders name them."""

    id: str
    name: str
    login: str
    email: str


class LogEntry(NamedTuple):
    id: str
    contact: str
    date: datetime | None
    author: str
    action: str
    notes: str


class Project(NamedTuple):
    """`stage` and `market` are Bizuno's codes; `ambiguous` where 7.3.8 has cut the market to its
    first letter."""

    id: str
    number: str
    title: str
    contact: str
    oem: str
    market: str
    ambiguous: bool
    stage: str
    created: date | None
    created_by: str
    assigned_to: str
    assigned: date | None
    working_by: str
    reminder: date | None
    notes: str


class Reminder(NamedTuple):
    id: str
    user: str
    title: str
    rhythm: str
    start: date | None
    next: date | None


class Promotion(NamedTuple):
    id: str
    title: str
    start: date | None
    end: date | None
    subject: str
    body: str
    sent: tuple


class Company(NamedTuple):
    """`tables` are {table: rows read}; dictionaries go by Bizuno's id."""

    prefix: str
    layout: str
    currency: str
    timezone: str
    default_terms: dict
    tables: dict
    years: dict
    contacts: dict
    users: dict
    addresses: list
    log: list
    actions: dict
    projects: list
    reminders: list
    promotions: list
    documents: list
    problems: list
    choices: dict


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


def as_date(text):
    """
    :return: date, or None where the text says none
    :raise ValueError: 31 February, or not a date
    """
    return None if text in _EMPTY_DATES else _as_moment(text).date()


def as_status(code):
    """:return: a word of STATUSES, or None for an unknown code"""
    return STATUSES.get((code or "0").upper())


def _as_moment(text):
    found = _DATE.match(text)
    if not found:
        raise ValueError(text)
    return datetime(*(int(part) for part in found.groups("0")))


class _Reader:
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
            currency=_inside(books, "currency", "defISO"),
            timezone=_inside(settings, "bizuno", "settings", "locale", "timezone"),
            default_terms={
                kind: _inside(books, "settings", kind, "terms") for kind in ("customers", "vendors")
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
        if text in _EMPTY_DATES:
            if text in _EMPTY_DATES[3:]:
                self._problem(table, row["id"], field, text, "date_zero")
            return None
        try:
            return _as_moment(text) if moment else as_date(text)
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

    # contacts
    def _contacts(self, meta):
        contacts, addresses, main = {}, [], {}
        for row in self.rows.get("address_book", ()):
            row["id"] = row["address_id"]
            if row.get("type") == "m":
                main[row["ref_id"]] = row
            elif row.get("type") in ADDRESSES:
                addresses.append(_address(row, row["ref_id"], ADDRESSES[row["type"]]))
        notes = {row["ref_id"]: row["meta_value"] or "" for row in meta.get("notes", ())
                 if row["table"] == "contacts_meta"}  # fmt: skip
        for row in self.rows.get("contacts", ()):
            if row["id"] in contacts:
                self._problem("contacts", row["id"], "id", row["id"], "row_twice")
                continue
            contacts[row["id"]] = self._contact(row, main.get(row["id"]), notes)
        for letter, kind in ADDRESSES.items():
            for row in meta.get(f"address_{letter}", ()):
                value = self._json("contacts_meta", row, row["meta_value"])
                if isinstance(value, dict):
                    value = {name: _text(one) for name, one in value.items()}
                    value["id"] = row["id"]
                    addresses.append(_address(value, row["ref_id"], kind))
        table = "address_book" if self.layout == "6" else "contacts_meta"
        kept = []
        for address in addresses:
            if address.contact in contacts:
                kept.append(address)
            else:
                self._problem(table, address.id, "ref_id", address.contact, "orphan")
        self._check_references(contacts)
        return contacts, kept

    def _contact(self, row, main, notes):
        if self.layout == "7":
            roles = tuple(
                word for letter, word in ROLES.items() if row.get(f"ctype_{letter}") == "1"
            )
        else:
            kind = row.get("type") or ""
            roles = (ROLES[kind],) if kind in ROLES else ()
            if kind not in ROLES:
                self._problem("contacts", row["id"], "type", kind, "type_unknown")
        status = as_status(row.get("inactive"))
        if not status:
            self._problem("contacts", row["id"], "inactive", row["inactive"], "status_unknown")
        address = _address({**row, **(main or {})}, row["id"], "main")
        if main:
            names = {name: _text(row.get(f"contact_{name}")) for name in ("first", "last")}
            address = address._replace(title=_text(row.get("flex_field_1")), **names)
        person = " ".join(filter(None, (address.first, address.last)))
        name = address.name or person
        if not name.strip():
            name = address.emails[0] or _text(row.get("short_name"))
            self._problem("contacts", row["id"], "primary_name", "", "no_name")
        staff = bool({"employee", "branch"} & {*roles}) and not {"customer", "vendor"} & {*roles}
        old_person = self.layout == "6" and roles == ("lead",)
        return Contact(
            id=row["id"],
            roles=roles,
            contact_id=_text(row.get("short_name")),
            status=status or "active",
            name=name,
            address=address,
            terms="" if staff else self._terms(row),
            rep="" if old_person else _reference(row.get("rep_id")),
            owner=_reference(row.get("rep_id")) if old_person else "",
            store=_reference(row.get("store_id")),
            tax_exempt=row.get("tax_exempt") == "1",
            marketplace=row.get("marketplace") == "1",
            newsletter=row.get("newsletter") == "1",
            # An employee's are a PIN and the social security number, a branch's are accounts.
            account_number="" if staff else _text(row.get("account_number")),
            gov_id="" if staff else _text(row.get("gov_id_number")),
            gl_account=_text(row.get("gl_account")),
            price_sheet=_reference(row.get("price_sheet")),
            first_date=self._date("contacts", row, "first_date"),
            notes=_text(main.get("notes")) if main else notes.get(row["id"], ""),
        )

    def _terms(self, row):
        text = _text(row.get("terms"))
        if text in ("", "0"):
            return ""
        try:
            terms_codec.parse(text)
        except terms_codec.TermsError:
            self._problem("contacts", row["id"], "terms", text, "terms_wrong")
            return ""
        return text

    def _check_references(self, contacts):
        seen = {}
        for contact in contacts.values():
            key = ids.key(contact.contact_id)
            if not key:
                self._problem("contacts", contact.id, "short_name", "", "no_contact_id")
            elif key in seen:
                self._problem(
                    "contacts", contact.id, "short_name", contact.contact_id, "contact_id_twice"
                )
            else:
                seen[key] = contact.id
            if contact.owner and contact.owner not in contacts:
                self._problem("contacts", contact.id, "rep_id", contact.owner, "owner_unknown")
            elif contact.owner and contacts[contact.owner].owner:
                self._problem("contacts", contact.id, "rep_id", contact.owner, "owner_person")
            if contact.rep and self.layout == "7" and contact.rep not in contacts:
                self._problem("contacts", contact.id, "rep_id", contact.rep, "rep_unknown")

    def _authors(self):
        """:return: {number of a user: contact id or ""}; empty for 7.x, where both are one"""
        return {
            row["admin_id"]: _reference(row.get("contact_id")) for row in self.rows.get("users", ())
        }

    def _users(self, contacts):
        found = [
            User(one.id, one.name, one.contact_id, one.address.emails[0])
            for one in contacts.values()
            if "user" in one.roles
        ]
        for row in self.rows.get("users", ()):
            email = _text(row.get("email"))
            id_ = _author(row["admin_id"], {row["admin_id"]: _reference(row.get("contact_id"))})
            found.append(User(id_, _text(row.get("title")) or email, email, email))
        return {one.id: one for one in found}

    # what hangs on contacts
    def _log(self, contacts, authors):
        found = []
        for row in self.rows.get("contacts_log", ()):
            if row["contact_id"] not in contacts:
                self._problem("contacts_log", row["id"], "contact_id", row["contact_id"], "orphan")
                continue
            found.append(
                LogEntry(
                    row["id"],
                    row["contact_id"],
                    self._date("contacts_log", row, "log_date", moment=True),
                    _author(row.get("entered_by"), authors),
                    _text(row.get("action")),
                    _text(row.get("notes")),
                )  # fmt: skip
            )
        return found

    def _projects(self, contacts, meta, authors):
        rows = [
            (row | {"number": row.get("proj_num"), "notes": row.get("working_notes")},
             "crmProjects", False)
            for row in self.rows.get("crmProjects", ())
        ]  # fmt: skip
        users = self._options("_ADMIN_ID_MAP")
        for meta_row in meta.get("crm_project", ()):
            value = self._json(meta_row["table"], meta_row, meta_row["meta_value"])
            if not isinstance(value, dict):
                continue
            row = {name: _text(one) for name, one in value.items()}
            row |= {"id": meta_row["id"], "number": row.get("ref_num")}
            common = meta_row["table"] == "common_meta"
            if not common:
                row["contact_id"] = meta_row["ref_id"]
                authors = users or authors
            rows.append((row, meta_row["table"], common))
        found = []
        for row, table, cut in rows:
            contact = _reference(row.get("contact_id"))
            if contact and contact not in contacts:
                self._problem(table, row["id"], "contact_id", contact, "reference_unknown")
                contact = ""
            market = _text(row.get("market"))
            who = {} if cut else authors
            found.append(
                Project(
                    id=f"{table}.{row['id']}",
                    number=_text(row["number"]),
                    title=_text(row.get("title")),
                    contact=contact,
                    oem=_reference(row.get("oem")),
                    market=market,
                    ambiguous=cut and market in ("c", "h", "i", "s", "t"),
                    stage=_text(row.get("status")),
                    created=self._date(table, row, "created_date"),
                    created_by=_author(row.get("created_by"), who),
                    assigned_to=_author(row.get("assigned_to"), who),
                    assigned=self._date(table, row, "assigned_date"),
                    working_by=_author(row.get("working_by"), who),
                    reminder=self._date(table, row, "reminder_date"),
                    notes=_text(row.get("notes")),
                )  # fmt: skip
            )
        return found

    def _reminders(self, meta, authors):
        rows = [
            (value, f"contacts_meta.{row['id']}", row["ref_id"])
            for row in meta.get("reminder", ())
            if isinstance(value := self._json("contacts_meta", row, row["meta_value"]), dict)
        ]
        for row in self.rows.get("users_profiles", ()):
            if row.get("dashboard_id") == "reminder":
                value = self._json("users_profiles", row, row.get("settings"))
                listed = value.get("source") if isinstance(value, dict) else None
                for number, one in enumerate(listed if isinstance(listed, list) else ()):
                    if not isinstance(one, dict):
                        continue
                    user = _author(row["user_id"], authors)
                    rows.append((one, f"users_profiles.{row['id']}.{number}", user))
        found = []
        for value, id_, user in rows:
            table = id_.split(".")[0]
            row = {name: _text(one) for name, one in value.items()} | {"id": id_}
            rhythm = row.get("recur", "")
            if rhythm not in RHYTHMS or len(rhythm) != 1:
                self._problem(table, id_, "recur", rhythm, "rhythm_unknown")
                rhythm = "z"
            found.append(
                Reminder(
                    id_,
                    user,
                    row.get("title", ""),
                    rhythm,
                    self._date(table, row, "dateStart"),
                    self._date(table, row, "dateNext"),
                )  # fmt: skip
            )
        return found

    def _promotions(self, meta):
        rows = list(self.rows.get("crmPromos", ()))
        table = "crmPromos" if rows else "common_meta"
        for meta_row in meta.get("crm_promotion", ()):
            value = self._json("common_meta", meta_row, meta_row["meta_value"])
            if isinstance(value, dict):
                rows.append(
                    {name: _text(one) for name, one in value.items()} | {"id": meta_row["id"]}
                )
        sent, titles = {}, {_text(row.get("title")) for row in rows}
        for row in self.rows.get("crmPromos_history", ()):
            if row.get("title") not in titles:
                self._problem("crmPromos_history", row["id"], "title", row.get("title"), "orphan")
            elif day := self._date("crmPromos_history", row, "send_date"):
                sent.setdefault(row["title"], []).append(day)
        return [
            Promotion(
                f"{table}.{row['id']}",
                _text(row.get("title")),
                self._date(table, row, "start_date"),
                self._date(table, row, "end_date"),
                _text(row.get("subject")),
                _text(row.get("email_body")),
                tuple(sent.get(row.get("title"), ())),
            )  # fmt: skip
            for row in rows
        ]

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


def _text(value):
    """
    >>> _text(None), _text("null"), _text(5), _text(" a ")
    ('', '', '5', 'a')
    """
    return "" if value in (None, "null") else str(value).strip()


def _inside(value, *names):
    """
    >>> _inside({"a": {"b": 3}}, "a", "b"), _inside({"a": []}, "a", "b")
    ('3', '')
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return _text(value)


def _reference(value):
    """The id that a row points to, "" for none.

    >>> _reference("0"), _reference(None), _reference(12)
    ('', '', '12')
    """
    text = _text(value)
    return "" if text in ("0", "-1") else text


def _author(number, authors):
    """:return: the contact id of a user; "user:N" for one that has none"""
    number = _reference(number)
    if not number or not authors or number not in authors:
        return number and (f"user:{number}" if authors else number)
    return _reference(authors[number]) or f"user:{number}"


def _address(row, contact, kind):
    def text(*names):
        return next((found for name in names if (found := _text(row.get(name)))), "")

    return Address(
        id=text("id"), contact=str(contact), kind=kind, name=text("primary_name"),
        attention=text("contact"), first=text("name_first", "contact_first"),
        last=text("name_last", "contact_last"), title=text("title", "flex_field_1"),
        street=text("address1"), street2=text("address2"), city=text("city"),
        state=text("state"), zip=text("postal_code"), country=text("country"),
        emails=(text("email", "email1"), text("email2"), text("email3"), text("email4")),
        phones=tuple(text(f"telephone{number}") for number in range(1, 5)),
        website=text("website"), notes=text("notes"),
    )  # fmt: skip
