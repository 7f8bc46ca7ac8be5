"""Reads dumps of MySQL and MariaDB as a stream. Nothing of a dump is ever executed: of its
statements, CREATE TABLE (for the names of the columns) and INSERT or REPLACE with values are
understood, and all others skipped.

>>> dump = Dump(["CREATE TABLE `t` (`id` int, `n` text);INSERT `t` VALUES (1,'it''s'),(2,NULL);"])
>>> [batch.rows for batch in dump.read({"t"})]
[[['1', "it's"], ['2', None]]]

How it is fast: a window of the text is split at its quotes, which is done in C. Every second part
stands outside of the strings; these show the structure, and none of them may hold what can begin
another kind of string or a comment. Where one does (no dump program writes that between values),
the rows are taken apart token by token. Rows of plain values are, with other brackets, JSON: so
they are read by the scanner of json. Where that does not know a value, this module's own does.
"""

import json
import re
from typing import NamedTuple

from . import source
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

_QUOTED = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'(?!')"
_DOUBLE = r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"(?!")'
_NAMED = r"`[^`]*+(?:``[^`]*+)*+`(?!`)"
_COMMENT = r"/\*.*?\*/|--(?=\s)[^\n]*+\n|\#[^\n]*+\n"
# What can stand between two values, or begin there, that is not a value of one of the plain kinds.
_STRANGE = ('"', "`", "#", "\\", "--", "/*", "*/")
_LONG_SIGNS = [sign for sign in _STRANGE if len(sign) > 1]
# All bytes but those that can end a statement or begin what is strange; and but those that say
# besides whether rows can be read as JSON as they are.
_NO_END_SIGNS = bytes({*range(256)} - {*b"';", *(ord(sign) for sign in _STRANGE if len(sign) == 1)})
_NO_ROW_SIGNS = bytes({*_NO_END_SIGNS} - {*b"(),NUL[]{}-/*"})
_NOT_FOR_JSON = (b"null", b"true", b"false", b"NaN", b"Infinity", b"\\u", b"\\f", b"\\/")
_TO_JSON = bytes.maketrans(b"'", b'"')
_TO_END = re.compile(
    rf"(?:[^'\"`;#/\-]++|{_QUOTED}|{_DOUBLE}|{_NAMED}|{_COMMENT}|/(?!\*)|-(?!-\s))*+", re.DOTALL
)
_REST_OF_STRING = re.compile(r"[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'(?!')", re.DOTALL)
_TOKEN = re.compile(
    rf"(?P<text>{_QUOTED}|{_DOUBLE})|(?P<blank>\s++|{_COMMENT}|\*/)|(?P<sign>[(),;])"
    r"|(?P<word>(?:(?!/\*|--\s)[^\s'\"#(),;])++)",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]++")
_NAME = r"(?:`(?:[^`]|``)++`|[\w$]++)"
_CREATE = re.compile(
    rf"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:{_NAME}\s*\.\s*)?"
    rf"(?P<name>{_NAME})\s*\(",
    re.IGNORECASE,
)
_INSERT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*+(?:INTO\s+)?"
    rf"(?:{_NAME}\s*\.\s*)?(?P<name>{_NAME})\s*",
    re.IGNORECASE,
)
_COLUMNS = re.compile(rf"\(\s*(?P<columns>{_NAME}\s*(?:,\s*{_NAME}\s*)*+)\)\s*")
_VALUES = re.compile(r"VALUES?\s*(?=\()", re.IGNORECASE)
_DEFINED = re.compile(rf"\s*(?:(?:{_COMMENT})\s*)*(?P<name>{_NAME})\s", re.DOTALL)
_KEYS = {"primary", "unique", "key", "index", "fulltext", "spatial", "constraint", "foreign",
         "check", "period"}  # fmt: skip
_BETWEEN_ROWS = re.compile(r"\)\s*+,\s*+\(")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_HEX = re.compile(r"0[xX]([0-9a-fA-F]+)")
_BITS = re.compile(r"0[bB]([01]+)")
_PREFIXED = re.compile(r"(_\w+|[xXbBnN])?\s*('(?:\s*')*)(?:\s+COLLATE\s+\w+)?", re.IGNORECASE)
# Stand for \\\\ and \\' while a text is split at its quotes; `source` gives neither.
_SLASH, _QUOTE = "\xfe\xfe", "\xff\xff"
_ESCAPED = re.compile(rf"{_SLASH}|{_QUOTE}|\\(.)", re.DOTALL)
_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%",
            "_": "\\_"}  # fmt: skip
_JSON = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
# MariaDB's own conditional comments are comments here; of MySQL's, the content is read.
_BLANK = re.compile(r"[\s;]++")
_LINE_COMMENT = re.compile(r"#|--(?:\s|\Z)")
_CONDITION = re.compile(r"/\*!\d*+")
#: What dump programs begin with, and undo at their end: a file without that end is cut off.
_BEGINS = {"charset": re.compile(r"SET\s+@OLD_CHARACTER_SET_CLIENT\s*=", re.IGNORECASE),
           "transaction": re.compile(r"START\s+TRANSACTION\s*;", re.IGNORECASE)}  # fmt: skip
_ENDS = {"charset": re.compile(r"SET\s+CHARACTER_SET_CLIENT\s*=\s*@OLD_", re.IGNORECASE),
         "transaction": re.compile(r"COMMIT\s*;", re.IGNORECASE)}  # fmt: skip
_FRAME = {"SET", "START", "COMMIT"}


class Batch(NamedTuple):
    """Rows of one table: `rows` are lists of str or None in the order of `columns`."""

    table: str
    columns: tuple
    rows: list


class NotAValue(ValueError):
    """An expression where a value is expected."""


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
        #: What was begun, see _BEGINS; and "comment", that of MySQL's own program.
        self._begun = set()

    def read(self, tables):  # pylint: disable=method-required-super
        """
        :param tables: the full names of those to read; the others are skipped
        :return: iterator of Batch
        :raise FileError: truncated, or not understood
        """
        while self._to_statement():
            word = _WORD.match(self._text, self._at)
            keyword = word[0].upper() if word else ""
            if keyword == "CREATE":
                self._create()
            elif keyword in ("INSERT", "REPLACE"):
                yield from self._insert(tables)
            elif keyword == "DELIMITER":
                self._skip_routines()
            else:
                if keyword in _FRAME:
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
            blank = _BLANK.match(text, at)
            if blank:
                self._at = blank.end()
            elif _LINE_COMMENT.match(text, at):
                self._skip_line()
            elif text.startswith("/*!", at):
                self._at = _CONDITION.match(text, at).end()
            elif text.startswith("/*", at):
                self._at += 2
                self._skip_to("*/")
            elif text.startswith("*/", at):
                self._at += 2
            else:
                return True

    def _note_frame(self):
        for name in _BEGINS:
            if _BEGINS[name].match(self._text, self._at):
                self._begun.add(name)
            elif _ENDS[name].match(self._text, self._at):
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
            window = window[: len(window) - _held_back(window, self._ended)]
            if not window:
                if not self._ended:
                    size *= 2
                    continue
                if in_string or self._table:
                    raise self._cut()
                return
            end, in_string, strange = _find_end(window, in_string)
            if strange:
                if in_string:
                    self._end_string()
                return self._skip_strange()
            if end is not None:
                self._at += end + 1
                return None
            self._at += len(window)
            size = min(2 * size, _LARGEST_WINDOW)

    def _end_string(self):
        while not (rest := _REST_OF_STRING.match(self._text, self._at)):
            if not self._more():
                raise self._cut()
        self._at = rest.end()

    def _skip_strange(self):
        """As _skip, for statements with other quotes or comments."""
        while True:
            self._ensure(_HEAD)
            end = _TO_END.match(self._text, self._at).end()
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
        head = _CREATE.match(self._text, self._at)
        if not head:
            return self._skip()
        self._table = _name(head["name"])
        begin, self._at = head.end(), head.start()
        begin -= self._at
        size = _FIRST_WINDOW
        while True:
            self._ensure(size)
            text = self._text[self._at : self._at + size]
            end = _TO_END.match(text).end()
            if end < len(text) and text[end] == ";":
                break
            if len(text) < size:
                raise self._cut()
            if size > MAX_HEAD:
                raise FileError("statement_too_long", table=self._table)
            size *= 2
        columns = tuple(_defined(text[begin:end]))
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
        head = _INSERT.match(self._text, self._at)
        if not head:
            return self._skip()
        self._table = _name(head["name"])
        is_read = self._table in tables
        if not is_read and self._table in self.columns:
            self._at = head.end()
            return self._skip()
        self._ensure(MAX_HEAD)
        self._at, text = self._at + head.end() - head.start(), self._text
        named = _COLUMNS.match(text, self._at)
        columns = self.columns.get(self._table)
        if named:
            columns = tuple(_name(one) for one in re.findall(_NAME, named["columns"]))
            self._at = named.end()
        if not is_read:
            self.columns[self._table] = columns or ()
            return self._skip()
        self.counts.setdefault(self._table, 0)
        values = _VALUES.match(text, self._at)
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
            if found := _whole_rows(window):
                rows, length = found
                self._at += length
                yield from self._checked(columns, rows)
                size = min(2 * size, _LARGEST_WINDOW)
                continue
            parts = _marked(window).split("'")
            structure = "'".join(parts[::2])
            end = structure.find(";")
            ended = end >= 0
            cut = end if ended else structure.rfind(")") + 1
            seen = structure[:cut] if cut > 0 else structure
            if any(sign in seen for sign in _STRANGE):
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
            self._at += len(window) - _after(parts, structure, cut) + ended
            yield from self._batch(columns, structure[:cut], strings)
            size = min(2 * size, _LARGEST_WINDOW)

    def _strange_values(self, columns):
        """As _values, row by row."""
        structure, strings = [], []
        while True:
            self._ensure(_HEAD)
            token = _TOKEN.match(self._text, self._at)
            while (not token or token.end() >= len(self._text)) and not self._ended:
                if len(self._text) - self._at > MAX_ROW:
                    row = self.counts[self._table] + 1
                    raise FileError("row_too_long", table=self._table, row=row)
                self._more()
                token = _TOKEN.match(self._text, self._at)
            if not token:
                raise self._cut()
            self._at = token.end()
            if token["text"]:
                structure.append("'")
                quote, text = token["text"][0], token["text"][1:-1]
                strings.append(_marked(text).replace(quote * 2, quote))
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
        rows = _quick_rows(structure, strings)
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
        """As _quick_rows, whatever the values; None for a row that cannot be read."""
        given = iter([_unescaped(text) for text in strings])
        rows = []
        for row in _BETWEEN_ROWS.split(structure[1:-1]):
            values, wrong = [], None
            for text in row.split(","):
                try:
                    values.append(_value(text, given))
                except NotAValue as error:
                    wrong = str(error)
            if wrong is not None:
                self._problem(self.counts[self._table] + len(rows) + 1, wrong, "row_unreadable")
            decoded = [(None, True) if one is None else source.text(one) for one in values]
            if not all(good for _text, good in decoded):
                bad = next(text for text, good in decoded if not good)
                self.problems.append(
                    Problem(self._table, decoded[0][0] or "", "", bad[:40], "not_decoded")
                )
            rows.append(None if wrong is not None else [text for text, _good in decoded])
        return rows

    def _problem(self, number, value, code):
        self.problems.append(Problem(self._table, f"#{number}", "", value, code))


def _find_end(window, in_string):
    """
    :param str window: of a statement
    :param bool in_string: whether it begins within a string
    :return: (index of the ; that ends the statement, or None; whether the window ends in a
        string; whether it holds, outside of strings, what this does not know: then the window is
        to be looked at otherwise, and the second is `in_string`)

    >>> _find_end("1,'a;b');x", False), _find_end("a;b'),('", True), _find_end('1,"a;"', False)
    ((8, False, False), (None, True, False), (None, False, True))
    >>> _find_end("'a--b;c','/*'", False), _find_end("1 --;", False)
    ((None, False, False), (None, False, True))
    """
    data, outside, _inside, quotes = _signs(window, _NO_END_SIGNS, in_string)
    window, end = data.decode("latin-1"), None
    if b";" in outside:
        end = _first_outside(window, ";", in_string)
        outside = _signs(window[:end], _NO_END_SIGNS, in_string)[1]
    if outside or _has_long_sign(window, in_string, end):
        return None, in_string, True
    if end is not None:
        return end, False, False
    return None, (quotes + in_string) % 2 == 1, False


def _has_long_sign(window, in_string, end):
    for sign in _LONG_SIGNS:
        # One character is looked for much faster than two, and this one is rare.
        if ("*" not in sign or "*" in window) and sign in window:
            if _first_outside(window, sign, in_string, end) is not None:
                return True
    return False


def _signs(window, others, in_string=False):
    """
    :param str window: of a statement
    :param bytes others: the bytes that are of no interest
    :return: (the window with stand-ins as `_marked` has them, as bytes; what is of interest outside
        of the strings; the same within them, with a ' between some; how many quotes there are,
        but for an even number)

    >>> _signs("(1,'a(',';')", bytes({*range(256)} - {*b"'(;)"}))[1:]
    (b'()', b"(;'", 2)
    """
    data = window.encode("latin-1")
    if b"\\" in data:
        data = data.replace(b"\\\\", b"\xfe\xfe").replace(b"\\'", b"\xff\xff")
    signs = data.replace(b'\\"', b"") if b'\\"' in data else data
    # Two quotes side by side change nothing about what is within strings.
    parts = signs.translate(None, others).replace(b"''", b"").split(b"'")
    inside = b"'".join([*parts[1 - in_string :: 2], b""])
    return data, b"".join(parts[in_string::2]), inside, len(parts) - 1


def _whole_rows(window):
    """
    :param str window: of the values of rows, from the beginning of one on
    :return: (rows as lists of str or None, how long their text is), where the rows are as
        dump programs write them; or None

    >>> _whole_rows(",(1,'a('),(-2.50,NULL),(3"), _whole_rows("(0x41),"), _whole_rows("a(1),")
    (([['1', 'a('], ['-2.50', None]], 22), None, None)
    """
    data, outside, inside, _quotes = _signs(window, _NO_ROW_SIGNS)
    if any(sign in outside for sign in (b";", b'"', b"`", b"#", b"\\", b"[", b"]", b"{", b"}")):
        return None
    # A minus stands before numbers, and only there.
    if any(sign in data and sign in outside for sign in (b"--", b"/*", b"*/")) or b"/" in outside:
        return None
    if b"),(" in inside or b"NULL" in inside or any(word in data for word in _NOT_FOR_JSON):
        return None
    begin = data.find(b"(")
    end = data.rfind(b"),") if b")," not in inside else -1
    if begin < 0 or end < begin or data[:begin].strip(b", \r\n\t"):
        return None
    rows = data[begin + 1 : end]
    if b'"' in rows:
        rows = rows.replace(b'\\"', b'"').replace(b'"', b'\\"')
    rows = rows.replace(b"),(", b"],[").replace(b"),\n(", b"],\n[").replace(b"NULL", b"null")
    rows = rows.translate(_TO_JSON)
    if b"\xfe" in rows or b"\xff" in rows:
        rows = rows.replace(b"\xfe\xfe", b"\\\\").replace(b"\xff\xff", b"'")
    try:
        return _JSON.decode(f"[[{rows.decode()}]]"), end + 1
    except ValueError:
        return None


def _first_outside(text, sign, in_string, end=None):
    """:return: the index of the first such sign that is not within a string, or None"""
    quotes, at = int(in_string), 0
    while (found := text.find(sign, at, end)) >= 0:
        quotes += text.count("'", at, found)
        if quotes % 2 == 0:
            return found
        at = found + 1
    return None


def _quick_rows(structure, strings):
    """
    :return: the rows as lists of str or None; or None where a value is not of the plain kinds

    >>> _quick_rows("(1,'),(-2.50,NULL)", ["a"])
    [['1', 'a'], ['-2.50', None]]
    >>> _quick_rows("(0x41)", [])
    """
    # NULL is the only word with a meaning in JSON that has no small letter.
    if structure.upper() != structure:
        return None
    parts = [""] * (2 * len(strings) + 1)
    outside = structure.replace("NULL", "null").replace("(", "[").replace(")", "]")
    parts[::2] = outside.split("'")
    parts[1::2] = strings
    text = "'".join(parts)
    if "\\" in text or '"' in text:
        # Escapes with another meaning in JSON.
        if "\\u" in text or "\\f" in text:
            return None
        text = text.replace('\\"', '"').replace('"', '\\"')
    text = text.replace("'", '"')
    if _QUOTE in text or _SLASH in text:
        text = text.replace(_SLASH, "\\\\").replace(_QUOTE, "'")
    text, good = source.text(text)
    if not good:
        return None
    try:
        return _JSON.decode(f"[{text}]")
    except ValueError:
        return None


def _held_back(window, ended):
    """How many characters at its end cannot be judged without those that follow."""
    if ended:
        return 0
    if window.endswith("\\"):
        return (len(window) - len(window.rstrip("\\"))) % 2
    return 1 if window.endswith(("/", "-", "*")) else 0


def _marked(text):
    """The text, as long as before, with stand-ins for the backslashes and quotes that are escaped.

    >>> _unescaped(_marked("a" + chr(92) + "'b")), "'" in _marked("a" + chr(92) + "'b")
    ("a'b", False)
    """
    if "\\" not in text:
        return text
    return text.replace("\\\\", _SLASH).replace("\\'", _QUOTE)


def _unescaped(text):
    """
    >>> _unescaped("a" + chr(92) + "nb")
    'a\\nb'
    """
    if "\\" in text or _SLASH in text or _QUOTE in text:
        return _ESCAPED.sub(_escape, text)
    return text


def _escape(found):
    if found[0] == _SLASH:
        return "\\"
    if found[0] == _QUOTE:
        return "'"
    return _ESCAPES.get(found[1], found[1])


def _after(parts, outside, index):
    """
    :param parts: of a text, split at its quotes
    :param outside: every second of them, joined by quotes
    :param int index: in `outside`
    :return: how long the text is from there on

    >>> _after(["a,", "bcd", ",c)"], "a,',c)", 5), _after(["a,", "bcd"], "a,", 1)
    (1, 5)
    """
    end = outside.find("'", index)
    rest = (len(outside) if end < 0 else end) - index
    later = parts[1 + 2 * ((len(parts) - 1) // 2 - outside.count("'", index)) :]
    return rest + sum(map(len, later)) + len(later)


def _name(text):
    """
    >>> _name("`a``b`"), _name("plain")
    ('a`b', 'plain')
    """
    name, _good = source.text(text)
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def _defined(text):
    """
    :param str text: of CREATE TABLE, after its parenthesis
    :return: the names of the columns

    >>> list(_defined("`id` int(11) DEFAULT 0, key text, PRIMARY KEY (`id`,`b`)) ENGINE=InnoDB"))
    ['id']
    """
    depth, begin, at = 0, 0, 0
    parts = re.compile(rf"{_QUOTED}|{_DOUBLE}|{_NAMED}|{_COMMENT}|[(),]", re.DOTALL)
    for token in parts.finditer(text):
        sign, at = token[0], token.start()
        if sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign in (",", ")") and not depth:
            name = _DEFINED.match(text, begin, at + 1)
            if name and (name["name"].startswith("`") or name["name"].lower() not in _KEYS):
                yield _name(name["name"])
            if sign == ")":
                return
            begin = token.end()


def _value(text, strings):
    """
    :param str text: a value that is no plain string, NULL or whole number; a ' in it is a string
    :param strings: iterator of these
    :return: str or None
    :raise NotAValue:

    >>> _value(" -1.5e3", iter(())), _value("0x414243", iter(())), _value("X'", iter(["4142"]))
    ('-1.5e3', 'ABC', 'AB')
    >>> _value("_binary '", iter(["raw"])), _value("''", iter(["it", "s"]))
    ('raw', "it's")
    """
    given = [next(strings) for _one in range(text.count("'"))]
    text = text.strip()
    if text.upper() in ("NULL", "DEFAULT"):
        return None
    if text.upper() in ("TRUE", "FALSE"):
        return "1" if text.upper() == "TRUE" else "0"
    if _NUMBER.fullmatch(text):
        return text
    if number := _HEX.fullmatch(text):
        return _from_hex(number[1])
    if number := _BITS.fullmatch(text):
        return str(int(number[1], 2))
    prefixed = _PREFIXED.fullmatch(text)
    if not prefixed:
        raise NotAValue(text.replace("'", "'…'")[:40])
    joined = given[0]
    for between, one in zip(prefixed[2].split("'")[1:], given[1:], strict=False):
        joined += one if between else "'" + one
    prefix = (prefixed[1] or "").lower()
    if prefix == "x":
        return _from_hex(joined)
    if prefix == "b":
        if not re.fullmatch("[01]+", joined):
            raise NotAValue(joined[:40])
        return str(int(joined, 2))
    return joined


def _from_hex(digits):
    try:
        return bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits).decode("latin-1")
    except ValueError as error:
        raise NotAValue(digits[:40]) from error
