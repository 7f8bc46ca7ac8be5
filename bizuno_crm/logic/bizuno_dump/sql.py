"""Reads dumps of MySQL and MariaDB as a stream. Nothing of a dump is ever executed: of its
statements, CREATE TABLE (for the names of the columns) and INSERT or REPLACE with values are
understood, and all others skipped.

>>> dump = Dump(["CREATE TABLE `t` (`id` int, `n` text);INSERT `t` VALUES (1,'it''s'),(2,NULL);"])
>>> [batch.rows for batch in dump.read({"t"})]
[[['1', "it's"], ['2', None]]]

Values stand in `sql_literals`, with how they are read fast; where there is what no dump program
writes between values, the rows are taken apart token by token.
"""

import re
from typing import NamedTuple

from . import source
from . import sql_grammar as grammar
from . import sql_literals as literals
from .problems import FileError, Problem

#: MySQL itself allows 4096.
MAX_COLUMNS = 4096
#: In characters; the largest column of Bizuno's holds 64 KB.
MAX_ROW = 16 << 20
MAX_HEAD = 4 << 20
# What a statement is told by, with the names in it.
_HEAD = 1 << 12
_FIRST_WINDOW = 1 << 12
# Of rows that are read: what is made of a window is many times as large, and stays in the cache.
_LARGEST_WINDOW = 1 << 16
# Of rows that are skipped: what is looked at of one stays in the innermost cache.
_SKIPPED_WINDOW = 1 << 13


class Batch(NamedTuple):
    """Rows of one table: `rows` are lists of str or None in the order of `columns`."""

    table: str
    columns: tuple
    rows: list


class Dump:
    """A dump that is being read, once.

    :param texts: iterable of str, as `source.pieces` gives
    :ivar columns: {table: its columns}, of the CREATE TABLE statements so far, or of the INSERT
        where there is none; () where neither names them
    :ivar repeated: set of the tables that are created more than once
    :ivar counts: {table: rows}, of the tables that are read
    :ivar problems: list of Problem
    """

    def __init__(self, texts):
        self.columns, self.counts, self.problems = {}, {}, []
        self._texts = iter(texts)
        self._text, self._at, self._ended = "", 0, False
        self._table = ""
        self.repeated = set()
        #: What was begun, see grammar.BEGINS; and "comment", that of MySQL's own program.
        self._begun = set()

    def read(self, tables):  # pylint: disable=method-required-super
        """
        :param tables: the full names of those to read; the others are skipped
        :return: iterator of Batch
        :raise FileError: truncated, or not understood
        """
        while self._to_statement():
            word = grammar.WORD.match(self._text, self._at)
            keyword = word[0].upper() if word else ""
            if keyword == "CREATE":
                self._create()
            elif keyword in ("INSERT", "REPLACE"):
                yield from self._insert(tables)
            elif keyword == "DELIMITER":
                self._skip_routines()
            else:
                if keyword in grammar.FRAME:
                    self._note_frame()
                self._skip()
            self._table = ""
        if self._begun:
            raise self._cut()

    # the buffer
    def _more(self):
        """:return: whether there is more text to look at"""
        while not self._ended:
            piece = next(self._texts, None)
            if piece is None:
                self._ended = True
            elif piece:
                self._text, self._at = self._text[self._at :] + piece, 0
                return True
        return False

    def _ensure(self, size):
        while len(self._text) - self._at < size and self._more():
            pass

    def _cut(self):
        return FileError("truncated", table=self._table, row=self.counts.get(self._table, 0))

    # between statements
    def _to_statement(self):
        """Goes to the next statement. :return: whether there is one"""
        while True:
            self._ensure(_HEAD)
            text, at = self._text, self._at
            if at >= len(text):
                return False
            blank = grammar.BLANK.match(text, at)
            if blank:
                self._at = blank.end()
            elif grammar.LINE_COMMENT.match(text, at):
                self._skip_line()
            elif text.startswith("/*!", at):
                self._at = grammar.CONDITION.match(text, at).end()
            elif text.startswith("/*", at):
                self._at += 2
                self._skip_to("*/")
            elif text.startswith("*/", at):
                self._at += 2
            else:
                return True

    def _note_frame(self):
        for name in grammar.BEGINS:
            if grammar.BEGINS[name].match(self._text, self._at):
                self._begun.add(name)
            elif grammar.ENDS[name].match(self._text, self._at):
                self._begun.discard(name)

    def _skip_line(self):
        line = self._text[self._at : self._at + 80]
        if re.match(r"-- (MySQL|MariaDB) dump ", line):
            self._begun.add("comment")
        elif line.startswith("-- Dump completed"):
            self._begun.discard("comment")
        while (end := self._text.find("\n", self._at)) < 0:
            self._at = len(self._text)
            if not self._more():
                return
        self._at = end + 1

    def _skip_to(self, mark):
        while (end := self._text.find(mark, self._at)) < 0:
            self._at = max(self._at, len(self._text) - len(mark) + 1)
            if not self._more():
                raise self._cut()
        self._at = end + len(mark)

    def _skip_routines(self):
        """From DELIMITER ;; on stand triggers and procedures, until DELIMITER ; ends them."""
        line = re.compile(r"DELIMITER[ \t]+(\S*)", re.IGNORECASE).match(self._text, self._at)
        self._at += len("DELIMITER")
        if line and line[1] != ";":
            self._skip_to("\nDELIMITER ;")
        else:
            self._skip_line()

    # statements that are not read
    def _skip(self):
        """Goes behind the end of the statement."""
        size, in_string = _FIRST_WINDOW, False
        while True:
            self._ensure(size)
            window = self._text[self._at : self._at + size]
            window = window[: len(window) - literals.held_back(window, self._ended)]
            if not window:
                if not self._ended:
                    size *= 2
                    continue
                if in_string or self._table:
                    raise self._cut()
                return
            end, in_string, strange = literals.find_end(window, in_string)
            if strange:
                if in_string:
                    self._end_string()
                return self._skip_strange()
            if end is not None:
                self._at += end + 1
                return None
            self._at += len(window)
            size = _SKIPPED_WINDOW

    def _end_string(self):
        while not (rest := grammar.REST_OF_STRING.match(self._text, self._at)):
            if not self._more():
                raise self._cut()
        self._at = rest.end()

    def _skip_strange(self):
        """As _skip, for statements with other quotes or comments."""
        while True:
            self._ensure(_HEAD)
            end = grammar.TO_END.match(self._text, self._at).end()
            if end < len(self._text) and self._text[end] == ";":
                self._at = end + 1
                return
            self._at = end
            if len(self._text) - end > MAX_ROW:
                raise FileError("statement_too_long", table=self._table)
            if not self._more():
                if self._at >= len(self._text) and not self._table:
                    return
                raise self._cut()

    # CREATE TABLE
    def _create(self):
        self._ensure(_HEAD)
        head = grammar.CREATE.match(self._text, self._at)
        if not head:
            return self._skip()
        self._table = grammar.name_of(head["name"])
        begin, self._at = head.end(), head.start()
        begin -= self._at
        size = _FIRST_WINDOW
        while True:
            self._ensure(size)
            text = self._text[self._at : self._at + size]
            end = grammar.TO_END.match(text).end()
            if end < len(text) and text[end] == ";":
                break
            if len(text) < size:
                raise self._cut()
            if size > MAX_HEAD:
                raise FileError("statement_too_long", table=self._table)
            size *= 2
        columns = tuple(grammar.columns_of(text[begin:end]))
        if len(columns) > MAX_COLUMNS:
            raise FileError("too_many_columns", table=self._table, count=len(columns))
        # Its rows may stand before it, in the file of another day.
        if self._table in self.columns:
            self.repeated.add(self._table)
        self.columns[self._table] = columns
        self._at += end + 1

    # INSERT
    def _insert(self, tables):
        self._ensure(_HEAD)
        head = grammar.INSERT.match(self._text, self._at)
        if not head:
            return self._skip()
        self._table = grammar.name_of(head["name"])
        is_read = self._table in tables
        if not is_read and self._table in self.columns:
            self._at = head.end()
            return self._skip()
        self._ensure(MAX_HEAD)
        self._at, text = self._at + head.end() - head.start(), self._text
        named = grammar.COLUMNS.match(text, self._at)
        columns = self.columns.get(self._table)
        if named:
            columns = tuple(
                grammar.name_of(column) for column in re.findall(grammar.NAME, named["columns"])
            )
            self._at = named.end()
        if not is_read:
            self.columns[self._table] = columns or ()
            return self._skip()
        self.counts.setdefault(self._table, 0)
        values = grammar.VALUES.match(text, self._at)
        if not values or not columns:
            self._problem(self.counts[self._table] + 1, "", "insert_unknown")
            return self._skip()
        if len(columns) > MAX_COLUMNS:
            raise FileError("too_many_columns", table=self._table, count=len(columns))
        self._at = values.end()
        yield from self._values(columns)

    def _values(self, columns):
        size, ended = _FIRST_WINDOW, False
        while not ended:
            self._ensure(size)
            window = self._text[self._at : self._at + size]
            if whole_rows := literals.whole_rows(window):
                rows, length = whole_rows
                self._at += length
                yield from self._checked(columns, rows)
                size = min(2 * size, _LARGEST_WINDOW)
                continue
            parts = literals.marked(window).split("'")
            structure = "'".join(parts[::2])
            end = structure.find(";")
            ended = end >= 0
            cut = end if ended else structure.rfind(")") + 1
            seen = structure[:cut] if cut > 0 else structure
            if any(sign in seen for sign in literals.STRANGE):
                yield from self._strange_values(columns)
                return
            if cut <= 0 and not ended:
                if len(window) > MAX_ROW:
                    row = self.counts[self._table] + 1
                    raise FileError("row_too_long", table=self._table, row=row)
                if self._at + len(window) >= len(self._text) and self._ended:
                    raise self._cut()
                size *= 2
                continue
            strings = parts[1::2][: structure.count("'", 0, cut)]
            self._at += len(window) - literals.after(parts, structure, cut) + ended
            yield from self._batch(columns, structure[:cut], strings)
            size = min(2 * size, _LARGEST_WINDOW)

    def _strange_values(self, columns):
        """As _values, row by row."""
        structure, strings = [], []
        while True:
            self._ensure(_HEAD)
            token = grammar.TOKEN.match(self._text, self._at)
            while (not token or token.end() >= len(self._text)) and not self._ended:
                if len(self._text) - self._at > MAX_ROW:
                    row = self.counts[self._table] + 1
                    raise FileError("row_too_long", table=self._table, row=row)
                self._more()
                token = grammar.TOKEN.match(self._text, self._at)
            if not token:
                raise self._cut()
            self._at = token.end()
            if token["text"]:
                structure.append("'")
                quote, text = token["text"][0], token["text"][1:-1]
                strings.append(literals.marked(text).replace(quote * 2, quote))
            elif token["word"]:
                structure.append(token["word"])
            elif token["blank"]:
                structure.append(" ")
            elif token["sign"] == ";":
                return
            else:
                structure.append(token["sign"])
            if token["sign"] == ")":
                yield from self._batch(columns, "".join(structure), strings)
                structure, strings = [], []

    def _batch(self, columns, structure, strings):
        """
        :param str structure: of whole rows: their text with a ' in place of each string
        :param list strings: these, marked
        """
        structure = structure.strip().removeprefix(",").strip()
        if not structure:
            return
        if not (structure.startswith("(") and structure.endswith(")")):
            number = self.counts[self._table] + 1
            self._problem(number, structure[:40].replace("'", "'…'"), "row_unreadable")
            return
        rows = literals.quick_rows(structure, strings)
        if rows is None:
            rows = self._rows(structure, strings)
        yield from self._checked(columns, rows)

    def _checked(self, columns, rows):
        """:param rows: lists, and None for those that could not be read"""
        first = self.counts[self._table] + 1
        self.counts[self._table] += len(rows)
        if None not in rows and {*map(len, rows)} <= {len(columns)}:
            yield Batch(self._table, columns, rows)
            return
        good = []
        for number, row in enumerate(rows, first):
            if row is None:
                continue
            if len(row) != len(columns):
                self._problem(number, str(len(row)), "row_length")
            else:
                good.append(row)
        yield Batch(self._table, columns, good)

    def _rows(self, structure, strings):
        """As `literals.quick_rows`, whatever the values; None for a row that cannot be read."""
        unescaped_strings = iter([literals.unescaped(text) for text in strings])
        rows = []
        for row in grammar.BETWEEN_ROWS.split(structure[1:-1]):
            values, wrong = [], None
            for text in row.split(","):
                try:
                    values.append(literals.value_of(text, unescaped_strings))
                except literals.NotAValue as error:
                    wrong = str(error)
            if wrong is not None:
                self._problem(self.counts[self._table] + len(rows) + 1, wrong, "row_unreadable")
            decoded = [(None, True) if value is None else source.text(value) for value in values]
            if not all(good for _text, good in decoded):
                bad = next(text for text, good in decoded if not good)
                self.problems.append(
                    Problem(self._table, decoded[0][0] or "", "", bad[:40], "not_decoded")
                )
            rows.append(None if wrong is not None else [text for text, _good in decoded])
        return rows

    def _problem(self, number, value, code):
        self.problems.append(Problem(self._table, f"#{number}", "", value, code))
