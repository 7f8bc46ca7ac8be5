"""A Bizuno company, read from a dump of its database: 7.x with role flags, or before 7.0 with one
letter for the type and the addresses in `address_book`.

`read` gives one Company. What a row says that cannot be right is a Problem, and the rest of the row
is kept; only a row that is nobody's (a call with a contact that is gone) is left out.

Nothing is made of a dump of another program.

>>> from io import BytesIO
>>> dump = b"CREATE TABLE `wp_posts` (`ID` int); INSERT INTO `wp_posts` VALUES (1);"
>>> try:
...     read(lambda: BytesIO(dump))
... except FileError as refusal:
...     print(refusal)
no_bizuno: tables 'wp_posts'
"""

from collections import Counter
from decimal import Decimal

from .. import terms as terms_codec
from . import choices, ledger, source, sql
from .contacts import ContactRows
from .crm import CrmRows
from .orders import COLUMNS as ORDER_COLUMNS
from .orders import FILLED_BY, OrderRows
from .prices import PriceRows
from .problems import FileError, Problem
from .records import Company, Figures
from .tables import NEEDED, check_columns, find_company, find_tables
from .values import EMPTY_DATES, Seen, as_date, as_moment, from_json, inside, kept, storable

#: The problems of rows of which nobody can say what is in them, or not all of it.
_GAPS = (*ledger.GAPS, "json_wrong", "price_number")
_CLOSED = ("0", "1")
#: What is kept of a payment.
_OF_PAYMENTS = ("journal_id", "post_date", "invoice_num", "contact_id_b", "currency")


def read(open_file, prefix=None):
    """
    :param open_file: callable without arguments that opens the dump anew, as binary file
    :param str prefix: of the tables of one company, where the file holds several
    :return: Company
    :raise FileError: nothing of the file can be used
    """
    try:
        survey = _look_through(open_file, ())
    except FileError as error:
        if error.code == "truncated" and error.facts["table"]:
            # Rows are counted where they are read.
            _look_through(open_file, {error.facts["table"]})
        raise
    prefix, layout = find_company(survey.columns, prefix)
    wanted = find_tables(survey.columns, prefix, layout)
    for name in sorted(survey.repeated & wanted.keys()):
        raise FileError("table_twice", table=name)
    reader = _Reader(layout)
    # The lines of the journal last: by far the most rows, and of few documents.
    lines = next(name for name, table in wanted.items() if table == "journal_item")
    counts, problems = {}, []
    for tables in (wanted.keys() - {lines}, {lines}):
        with open_file() as file:
            dump = sql.Dump(source.pieces(file))
            for batch in dump.read(tables):
                reader.take(wanted[batch.table], batch)
        counts |= {wanted[name]: count for name, count in dump.counts.items() if name in tables}
        problems += [problem for problem in dump.problems if problem.table in tables]
    reader.problems[:0] = [
        problem._replace(
            table=wanted[problem.table], row=storable(problem.row), value=storable(problem.value)
        )
        for problem in problems
    ]
    return reader.company(prefix, counts)


def _look_through(open_file, tables):
    """:return: `sql.Dump`, at its end, of a file in which these tables were read"""
    with open_file() as file:
        dump = sql.Dump(source.pieces(file))
        for _batch in dump.read(tables):
            pass
    return dump


class _Reader(ContactRows, CrmRows, OrderRows, PriceRows):
    """Takes the rows of the tables as they come, and makes a company of them at the end."""

    def __init__(self, layout):
        self.layout, self.problems = layout, []
        self.rows, self.seen = {}, {}
        #: What has a number that cannot be read: ("document", id), or ("line", id) of an order.
        self.unread = set()
        #: The ids of documents and orders that are open, and that nobody can book.
        self.left = set()
        self.years, self.totals, self.opened = Counter(), Counter(), Counter()
        #: Whatever a payment can pay, by id.
        self.payable = set()
        self.documents, self.payments, self.orders = {}, {}, {}
        self.paid, self.unapplied, self.filled = Counter(), Counter(), Counter()
        #: {what an order or a quotation has become: that order}
        self.fills = {}

    def take(self, table, batch):
        check_columns(table, batch.columns)
        rows = (dict(zip(batch.columns, row, strict=True)) for row in batch.rows)
        if table == "journal_item":
            for row in rows:
                is_payment, is_of_order = self._is_payment(row), self._is_of_order(row)
                if (is_payment or is_of_order) and self._is_first(table, row):
                    if is_payment:
                        self._take_payment(row)
                    if is_of_order:
                        self._take_line(row)
        elif table == "journal_main":
            for row in rows:
                if self._is_first(table, row):
                    self._take_document(row)
        else:
            taken = self.rows.setdefault(table, [])
            for row in rows:
                if self._is_first(table, row):
                    has_nul = "\0" in "".join(filter(None, row.values()))
                    taken.append(kept(row, batch.columns) if has_nul else row)

    def _is_first(self, table, row):
        """Whether a row is the first one with its id; others are told, and those without one."""
        name = NEEDED[table][0]
        id_ = row[name]
        # A dot divides the key of what has come over from what is made of it.
        if id_ is None or ("." in id_ and name != "config_key"):
            self._problem(table, "", name, id_ or "NULL", "row_unreadable")
            return False
        if self.seen.setdefault(table, Seen()).add(id_):
            return True
        self._problem(table, id_, name, id_, "row_twice")
        return False

    def _take_document(self, row):
        its_kept = kept(row, ledger.COLUMNS)
        journal, id_ = its_kept["journal_id"] or "", row["id"]
        is_open = row["closed"] == "0"
        self.years[journal, (its_kept["post_date"] or "")[:4]] += 1
        total = self._number("journal_main", row, "total_amount", ("document", id_))
        self.totals[journal] += ledger.cents(total)
        self.opened[journal] += is_open
        its_kept["total"] = total
        if journal in ledger.SIGNS:
            self.payable.add(id_)
            if row["closed"] not in _CLOSED:
                self._problem("journal_main", id_, "closed", row["closed"] or "NULL",
                              "closed_unknown")  # fmt: skip
            if is_open:
                self.documents[id_] = its_kept
            made_from = row.get("so_po_ref_id")
            if made_from not in (None, "", "0"):
                self.fills[id_] = made_from
        elif journal in ledger.PAYMENT_SIGNS:
            self.payments[id_] = tuple(its_kept[name] for name in _OF_PAYMENTS)
        elif journal in FILLED_BY and is_open:
            self.orders[id_] = its_kept | kept(row, ORDER_COLUMNS) | {"lines": []}

    def _is_payment(self, row):
        """Whether a line of the journal pays a document that is open, or none."""
        if row["gl_type"] != "pmt":
            return False
        paid = row["item_ref_id"]
        return paid in self.documents or (
            paid not in self.payable and row["ref_id"] in self.payments
        )

    def _take_payment(self, row):
        paid = row["item_ref_id"]
        of = ("document", paid if paid in self.documents else row["ref_id"])
        amount = self._number("journal_item", row, "debit_amount", of) - self._number(
            "journal_item", row, "credit_amount", of
        )
        if paid in self.documents:
            self.paid[paid] += amount
            if row["ref_id"] not in self.seen["journal_main"]:
                self._problem("journal_item", row["id"], "ref_id", row["ref_id"], "payment_orphan")
        else:
            self.unapplied[row["ref_id"]] += amount

    def company(self, prefix, counts):
        settings = self._settings()
        meta = self._meta("contacts_meta")
        contacts, addresses = self._contacts(meta)
        authors = self._authors()
        opened = [*self._documents(contacts), *self._unapplied(contacts)]
        lists = {
            "log": self._log(contacts, authors),
            "projects": self._projects(contacts, meta, authors),
            "reminders": self._reminders(meta, authors),
            "promotions": self._promotions(meta),
            "orders": self._orders(contacts, addresses),
            "documents": [document for document in opened if document.id not in self.left],
            "unbookable": [document for document in opened if document.id in self.left],
            "price_sheets": self._price_sheets(self._meta("contacts_meta", "inventory_meta")),
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
            years=dict(self.years),
            journals={
                journal: Figures(count, self.totals[journal], self.opened[journal])
                for journal, count in self._count_journals().items()
            },
            products=(products := self._products()),
            contacts=contacts,
            users=(users := self._users(contacts)),
            choices=choices.find(
                contacts, users, products, lists["price_sheets"], self.rows, settings
            ),
            addresses=addresses,
            actions=self._options("options_crm_actions"),
            problems=self.problems,
            unread=frozenset(self.left),
            gaps=frozenset(problem.table for problem in self.problems if problem.code in _GAPS),
            **lists,
        )

    # parts of rows
    def _problem(self, table, row, field, value, code):
        text = storable(str(value or ""))
        self.problems.append(Problem(table, storable(str(row)), field, text[:80], code))

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

    def _amount(self, table, row, field, of=None):
        return self._number(table, row, field, of, ledger.as_amount)

    def _number(self, table, row, field, of=None, read=ledger.as_number):
        """:param of: see `unread`; what one that cannot be read makes unknown"""
        text = row.get(field)
        try:
            return read(text)
        except ValueError:
            self._problem(table, row.get("id"), field, text, "number_wrong")
            self.unread.add(of)
            return Decimal(0)

    def _json(self, table, row, text, field="meta_value"):
        try:
            return from_json(text)
        except ValueError:
            self._problem(table, row["id"], field, text, "json_wrong")
            return {}

    def _settings(self):
        settings_by_name = {}
        for row in self.rows.pop("configuration", ()):
            name, value = row.get("config_key"), row.get("config_value")
            try:
                settings = from_json(value)
            except ValueError:
                continue
            settings_by_name[name] = settings if isinstance(settings, dict) else {}
        return settings_by_name

    def _meta(self, *tables):
        """:return: {key: rows}; of common_meta, too"""
        rows_by_key = {}
        for name in (*tables, "common_meta"):
            for row in self.rows.get(name, ()):
                rows_by_key.setdefault(row.get("meta_key"), []).append(row | {"table": name})
        return rows_by_key

    def _options(self, key):
        for row in self.rows.get("common_meta", ()):
            if row.get("meta_key") == key:
                value = self._json("common_meta", row, row.get("meta_value"))
                return value if isinstance(value, dict) else {}
        return {}

    # the ledger
    def _documents(self, contacts):
        """:return: those that are open"""
        documents = []
        for row in self.documents.values():
            post_date = self._post_date(row, contacts)
            try:
                terms = terms_codec.parse(row["terms"] or "0")
            except terms_codec.TermsError:
                self._problem("journal_main", row["id"], "terms", row["terms"], "terms_wrong")
                terms = terms_codec.Terms()
            paid = self.paid[row["id"]]
            documents.append(ledger.document(row, post_date, row["total"], paid, terms))
            self._leave_unread(row)
        return documents

    def _unapplied(self, contacts):
        """:return: the payments of which something pays no document"""
        payments = []
        for id_, unapplied in self.unapplied.items():
            if not ledger.cents(unapplied) and ("document", id_) not in self.unread:
                continue
            row = dict(zip(_OF_PAYMENTS, self.payments[id_], strict=True))
            row |= {"id": id_, "purch_order_id": ""}
            payments.append(ledger.payment(row, self._post_date(row, contacts), unapplied))
            self._leave_unread(row)
        return payments

    def _leave_unread(self, row, lines=()):
        """
        :param dict row: of journal_main
        :param lines: ids of the lines of an order
        :return: whether it is left out, because a number that it needs cannot be read
        """
        needed = {("document", row["id"]), *(("line", line) for line in lines)}
        if is_unread := not self.unread.isdisjoint(needed):
            self.left.add(row["id"])
            number = row["invoice_num"]
            self._problem("journal_main", row["id"], "invoice_num", number, "amount_wrong")
        return is_unread

    def _post_date(self, row, contacts):
        if row["contact_id_b"] not in contacts:
            self._problem("journal_main", row["id"], "contact_id_b", row["contact_id_b"],
                          "document_contact")  # fmt: skip
        day = self._date("journal_main", row, "post_date")
        if not day:
            self._problem("journal_main", row["id"], "post_date", row["post_date"], "no_date")
            self.left.add(row["id"])
        return day

    def _count_journals(self):
        counts = Counter()
        for (journal, _year), count in self.years.items():
            counts[journal] += count
        return counts
