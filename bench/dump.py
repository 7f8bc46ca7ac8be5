"""A dump of Bizuno of any size, whose tables and values are those of a real one."""

import gzip
import itertools
import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1] / "bizuno_crm"
REAL = ADDON / "tests/importer/data/company_a.sql.gz"
# Rows in a statement, as dump programs write them.
_ROWS = 2_000
# Every so many-th contact has all the telephones and e-mails that Bizuno has room for.
_FULL = 5
_ONE_OF_EACH = {f"{name}{number}": "" for name in ("email", "telephone") for number in (2, 3, 4)}
_TABLES = ("configuration", "common_meta", "contacts_meta", "contacts_log", "contacts",
           "journal_main", "journal_item")  # fmt: skip


def real_tables():
    """:return: {table: (its CREATE TABLE statement, its columns, its rows)} of the real dump"""
    sys.path.insert(0, str(ADDON))
    from logic.bizuno_dump import source, sql  # noqa: PLC0415  (its path is set here)

    text = gzip.decompress(REAL.read_bytes()).decode()
    dump, tables = sql.Dump(source.pieces(REAL.open("rb"))), {}
    for batch in dump.read(_TABLES):
        begin = text.index(f"CREATE TABLE `{batch.table}`")
        create = text[begin : text.index(";\n", begin) + 2]
        columns, rows = batch.columns, batch.rows
        tables.setdefault(batch.table, (create, columns, []))[2].extend(rows)
    return tables


def write(path, contacts, documents, log):
    """Write a dump of a company of such a size.

    :param path: of the file
    :param int contacts: customers, two in a hundred vendors too
    :param int documents: open invoices
    :param int log: calls
    """
    tables = real_tables()
    create, columns, rows = tables["contacts"]
    names = columns.index("short_name")
    [customer] = [row for row in rows if row[names] == "FL-ALL"]
    made = {
        "contacts": (
            _changed(columns, customer, id=n, short_name=f"BIG-{n}", primary_name=f"Company {n}",
                     email=f"info{n}@example.com", ctype_v=int(n % 50 == 0),
                     **({} if n % _FULL == 0 else _ONE_OF_EACH))
            for n in range(1, contacts + 1)
        ),
        "journal_main": _invoices(tables["journal_main"], contacts, documents),
        "contacts_log": (
            _changed(tables["contacts_log"][1], tables["contacts_log"][2][0], id=n,
                     contact_id=1 + n % contacts)
            for n in range(1, log + 1)
        ),
        "contacts_meta": (),
        "journal_item": (),
    }  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        for table in _TABLES:
            create, _columns, rows = tables[table]
            file.write(create)
            for block in _blocks(made.get(table, rows)):
                file.write(f"INSERT INTO `{table}` VALUES\n{block};\n")


def block(table, size=1 << 20):
    """:return: (bytes that create a table, bytes of one statement of about such a size)"""
    create, _columns, rows = real_tables()[table]
    one = next(_blocks(rows))
    body = ",\n".join([one] * max(1, size // len(one)))
    return create.encode(), f"INSERT INTO `{table}` VALUES\n{body};\n".encode()


class Repeated:
    """A file of one statement again and again, which is never there as a whole."""

    def __init__(self, head, statement, size):
        self.left = head
        self.statement, self.size = statement, size - len(head)

    def read(self, size):
        while len(self.left) < size and self.size > 0:
            self.left += self.statement
            self.size -= len(self.statement)
        given, self.left = self.left[:size], self.left[size:]
        return given


def _invoices(table, contacts, documents):
    _create, columns, rows = table
    at = {name: columns.index(name) for name in ("journal_id", "closed")}
    open_ones = [row for row in rows if row[at["journal_id"]] == "12" and row[at["closed"]] == "0"]
    return (
        _changed(columns, open_ones[n % len(open_ones)], id=n, invoice_num=f"BIG{n:06}",
                 contact_id_b=1 + n % contacts, currency="USD", total_amount=10 + n % 1000)
        for n in range(1, documents + 1)
    )  # fmt: skip


def _changed(columns, row, **values):
    return [values.get(name, value) for name, value in zip(columns, row, strict=True)]


def _blocks(rows):
    rows = iter(rows)
    while some := [*itertools.islice(rows, _ROWS)]:
        yield ",\n".join(f"({','.join(map(_literal, row))})" for row in some)


def _literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{text}'"
