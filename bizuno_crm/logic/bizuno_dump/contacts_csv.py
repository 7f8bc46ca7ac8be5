"""Bizuno's contact export: the same company as of a dump, with contacts alone.

Its quoting is broken: quotes are doubled always, but a cell is put in quotes only where it holds a
comma. Other programs, which write quotes as they should, are understood as well.

>>> import io
>>> found = read(lambda: io.BytesIO(b'ContactID,Status,customer,PrimaryName\\nA,H,1,""A"" shop'))
>>> [(one.contact_id, one.name, one.status, one.roles) for one in found.contacts.values()]
[('A', '"A" shop', 'hold', ('customer',))]
"""

import codecs
import re
from typing import NamedTuple

from .. import contact_id as ids
from . import company, source, sql
from .choices import Choice
from .contact_tags import ALSO_READ, COLUMNS, PREFIX, tag_of, unguarded
from .problems import FileError, Problem
from .records import User
from .values import as_reference

#: In characters, of one row.
MAX_ROW = 1 << 20
MAX_COLUMNS = 1000
MAX_ROWS = 500_000
#: Without these a list is none of contacts.
NEEDED = ("ContactID",)
_SEPARATORS = ",;\t|"
_BREAK = re.compile(r"\r\n?|\n")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_INSIDE = re.compile(r'(?:[^"]++|"")*+')
_QUOTES = re.compile('"*+')
# What begins a dump; a list of another program begins with its headings.
_SQL = re.compile(
    r"\s*(?:--|/\*|#|\(|(?:alter|begin|commit|create|delimiter|drop|insert|lock|replace|select|set"
    r"|start|update|use)\b)",
    re.IGNORECASE,
)


class List(NamedTuple):
    """What a list says about itself: `rows` are {id of a contact: its row}, as a spreadsheet counts
    them, `headings` {column of the table: heading}."""

    rows: dict
    headings: dict

    def has(self, column):
        """Whether the list has a column of the table `contacts`."""
        return column in self.headings


def is_list(open_file):
    """
    :param open_file: callable without arguments that opens the file anew, as binary file
    :return: whether the file is a list, and no dump
    :raise FileError: it is neither

    >>> import io
    >>> is_list(lambda: io.BytesIO(b"ContactCity;ContactContactID")), is_list(
    ...     lambda: io.BytesIO(b"CREATE TABLE `contacts` (`id` int);"))
    (True, False)
    """
    with open_file() as file:
        head = next(source.blocks(file, source.HEAD))
    first = _BREAK.split(head.decode("latin-1").lstrip(), maxsplit=1)[0]
    separator = _separator_line(first) or _separator_of(first)
    headings = first.split(separator)
    known = sum(tag_of(heading.strip(' "')) is not None for heading in headings)
    return known > 1 or bool(_separator_line(first)) or (
        len(headings) > 1 and not _SQL.match(first)
    )  # fmt: skip


def read(open_file):
    """
    :param open_file: as of `is_list`
    :return: Company
    :raise FileError: nothing of the file can be used
    """
    charset = _charset(open_file)
    with open_file() as file:
        records = _records(_lines(_decoded(source.blocks(file), charset)))
        _number, headings, _text = next(records, (0, [], ""))
        if len(headings) > MAX_COLUMNS:
            raise FileError("csv_too_many_columns", count=len(headings))
        tags = [tag_of(heading) for heading in headings]
        for tag in NEEDED:
            if tag not in tags:
                raise FileError("csv_columns", column=PREFIX + tag)
        table = _Table(headings, tags)
        for number, cells, ended in records:
            table.take(number, cells, ended)
    return table.company()


class _Table:
    """Takes the rows as they come."""

    def __init__(self, headings, tags):
        names = {**COLUMNS, **ALSO_READ}
        # Of two columns with the same heading, the first.
        self.places = {
            names[tag]: place
            for place, tag in reversed([*enumerate(tags)])
            if tag and tag not in ("AltDate1", "AltDate2")
        }
        self.list_ = List({}, {name: headings[place] for name, place in self.places.items()})
        self.width, self.problems, self.rows, self.seen = len(headings), [], {}, {}

    def take(self, number, cells, ended):
        if len(cells) < self.width and not ended:
            raise FileError("csv_truncated", row=number)
        if max(self.places.values()) >= len(cells):
            self._problem(number, "", str(len(cells)), "row_length")
            return
        if len(cells) > self.width and any(cells[self.width :]):
            self._problem(number, "", str(len(cells)), "row_length")
            return
        row = {}
        for name, place in self.places.items():
            text = cells[place]
            if text:
                text = unguarded(text.replace("\0", "").strip())
                if "\ufffd" in text:
                    self._problem(number, self.list_.headings[name], text[:40], "not_decoded")
            row[name] = text
        id_ = self._id_of(row)
        self.list_.rows[id_] = str(number)
        self.rows[id_] = row
        if len(self.rows) > MAX_ROWS:
            raise FileError("csv_too_many_rows", count=MAX_ROWS)

    def company(self):
        reader, columns = company._Reader("7"), [*COLUMNS.values(), *ALSO_READ.values()]
        # The sales reps are looked at here: the list has nobody's id.
        of_reader = [name for name in columns if name != "rep_id"]
        reader.take(
            "contacts",
            sql.Batch(
                "contacts",
                ("id", *of_reader),
                [
                    [id_, *(row.get(name, "") for name in of_reader)]
                    for id_, row in self.rows.items()
                ],
            ),
        )
        bizuno_company = reader.company("", {"contacts": len(self.rows)})
        contacts = {
            id_: contact._replace(
                rep=as_reference(self.rows[id_].get("rep_id")),
                cells={**contact.cells, **self._cells_of_rep(id_)},
            )
            for id_, contact in bizuno_company.contacts.items()
        }
        for problem in bizuno_company.problems:
            heading = self.list_.headings.get(problem.field, problem.field)
            row = self.list_.rows.get(problem.row, problem.row)
            self._problem(row, heading, problem.value, problem.code)
        # Bizuno's own list does not say who they are.
        reps = sorted({contact.rep for contact in contacts.values() if contact.rep})
        return bizuno_company._replace(
            contacts=contacts,
            users={rep: User(rep, rep, "", "") for rep in reps},
            choices=bizuno_company.choices | {"user": {rep: Choice(rep, rep) for rep in reps}},
            problems=self.problems,
            list_=self.list_,
        )

    def _cells_of_rep(self, id_):
        rep = self.rows[id_].get("rep_id")
        return {"DeptRepID": rep} if rep else {}

    def _problem(self, number, heading, value, code):
        self.problems.append(Problem("contacts", str(number), heading, value, code))

    def _id_of(self, row):
        """The list has no ids: what a row is known by is its Contact ID, or what else it says."""
        key = ids.key(row["short_name"]) or "?" + "|".join(
            row.get(name, "") for name in ("primary_name", "contact_first", "contact_last", "email")
        )
        self.seen[key] = self.seen.get(key, 0) + 1
        return list_id(key, self.seen[key])


def list_id(key, count=1):
    """
    :param str key: of a Contact ID, see `contact_id.key`
    :param int count: the how many-th row with it
    :return: what stands for the id of Bizuno's that a list does not have; an external id can be
        made of it

    >>> list_id("ab-1"), list_id("ab 1"), list_id("ab_1", 2)
    ('list_ab_2d_1', 'list_ab_20_1', 'list_ab_5f_1_x2')
    """
    plain = re.sub(r"[^a-z0-9]", lambda match: f"_{ord(match[0]):x}_", key)
    return f"list_{plain}" + (f"_x{count}" if count > 1 else "")


# from bytes to rows
def _charset(open_file):
    """UTF-8, but for a file that cannot be: a text of Bizuno's may be cut inside of a character."""
    with open_file() as file:
        if file.read(3) == codecs.BOM_UTF8:
            return "utf-8"
    good = bad = 0
    with open_file() as file:
        for text in _decoded(source.blocks(file), "utf-8"):
            if not text.isascii():
                wrong = text.count("\ufffd")
                bad += wrong
                good += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return "cp1252" if bad > good else "utf-8"


def _decoded(blocks, charset):
    decoder = codecs.getincrementaldecoder(charset)("replace")
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _lines(texts):
    """:return: iterator of (line, whether it has an end)"""
    rest = ""
    for text in texts:
        rest += text
        # A line break may be cut in two.
        held = rest[-1:] == "\r"
        parts = _BREAK.split(rest[:-1] if held else rest)
        rest = parts.pop() + ("\r" if held else "")
        for part in parts:
            yield part, True
        if len(rest) > MAX_ROW:
            yield rest, False
            return
    if rest.endswith("\r"):
        yield rest[:-1], True
    elif rest:
        yield rest, False


def _records(lines):
    """
    :return: iterator of (row as a spreadsheet counts, cells, whether the row has an end)

    >>> [cells for _row, cells, _ended in _records(iter([('a;"b', True), ('c";d', False)]))]
    [['a', 'b\\nc', 'd']]
    """
    separator, number = None, 0
    for text, ended in lines:
        number += 1
        if separator is None:
            if not text.strip():
                continue
            if separator := _separator_line(text):
                number -= 1
                continue
            separator = _separator_of(text)
        if len(text) > MAX_ROW:
            raise FileError("csv_row_too_long", row=number)
        if '"' not in text:
            if text.strip():
                yield number, text.split(separator), ended
            continue
        cells, size = [], len(text)
        inside = _add_cells(cells, text, separator)
        while inside is not None:
            text, ended = next(lines, (None, False))
            if text is None:
                raise FileError("csv_truncated", row=number)
            size += len(text)
            if size > MAX_ROW:
                raise FileError("csv_row_too_long", row=number)
            inside = _add_cells(cells, text, separator, inside)
        yield number, cells, ended


def _separator_line(text):
    """The separator that Excel lets a file name in a line of its own, or None."""
    match = _SEPARATOR_LINE.fullmatch(text)
    return match and match[1]


def _separator_of(headings):
    return max(_SEPARATORS, key=headings.count)


def _add_cells(cells, text, separator, inside=None):
    """
    :param list cells: of a row; those of a line of it are added
    :param list inside: the parts so far of the cell in quotes that the line goes on with
    :return: the same for the next line; None where the row has ended

    >>> cells = []
    >>> _add_cells(cells, '""A"" shop,"B, ""b"" & Co",5"" pipe,"","a" b', ",")
    >>> cells
    ['"A" shop', 'B, "b" & Co', '5" pipe', '', 'a b']
    >>> _add_cells(cells, 'c,"d', ",")
    ['d']
    """
    at = 0
    while True:
        end = text.find(separator, at)
        end = len(text) if end < 0 else end
        quotes = 0 if inside else _QUOTES.match(text, at).end() - at
        if inside or quotes % 2 or (quotes and at + quotes == end):
            at += not inside
            close = _INSIDE.match(text, at).end()
            inside = inside or []
            inside.append(text[at:close].replace('""', '"'))
            if close == len(text):
                return inside
            end = text.find(separator, close)
            end = len(text) if end < 0 else end
            cells.append("\n".join(inside) + text[close + 1 : end])
            inside = None
        else:
            cells.append(text[at:end].replace('""', '"'))
        if end == len(text):
            return None
        at = end + 1
