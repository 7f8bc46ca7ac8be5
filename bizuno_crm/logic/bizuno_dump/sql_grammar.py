"""What of SQL is told apart in a dump: names, heads of statements, quotes and comments."""

import re

from . import source

_QUOTED = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'(?!')"
_DOUBLE = r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"(?!")'
_NAMED = r"`[^`]*+(?:``[^`]*+)*+`(?!`)"
_COMMENT = r"/\*.*?\*/|--(?=\s)[^\n]*+\n|\#[^\n]*+\n"
TO_END = re.compile(
    rf"(?:[^'\"`;#/\-]++|{_QUOTED}|{_DOUBLE}|{_NAMED}|{_COMMENT}|/(?!\*)|-(?!-\s))*+", re.DOTALL
)
REST_OF_STRING = re.compile(r"[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'(?!')", re.DOTALL)
TOKEN = re.compile(
    rf"(?P<text>{_QUOTED}|{_DOUBLE})|(?P<blank>\s++|{_COMMENT}|\*/)|(?P<sign>[(),;])"
    r"|(?P<word>(?:(?!/\*|--\s)[^\s'\"#(),;])++)",
    re.DOTALL,
)
WORD = re.compile(r"[A-Za-z]++")
NAME = r"(?:`(?:[^`]|``)++`|[\w$]++)"
CREATE = re.compile(
    rf"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:{NAME}\s*\.\s*)?"
    rf"(?P<name>{NAME})\s*\(",
    re.IGNORECASE,
)
INSERT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*+(?:INTO\s+)?"
    rf"(?:{NAME}\s*\.\s*)?(?P<name>{NAME})\s*",
    re.IGNORECASE,
)
COLUMNS = re.compile(rf"\(\s*(?P<columns>{NAME}\s*(?:,\s*{NAME}\s*)*+)\)\s*")
VALUES = re.compile(r"VALUES?\s*(?=\()", re.IGNORECASE)
_DEFINED = re.compile(rf"\s*(?:(?:{_COMMENT})\s*)*(?P<name>{NAME})\s", re.DOTALL)
_KEYS = {"primary", "unique", "key", "index", "fulltext", "spatial", "constraint", "foreign",
         "check", "period"}  # fmt: skip
BETWEEN_ROWS = re.compile(r"\)\s*+,\s*+\(")
# MariaDB's own conditional comments are comments here; of MySQL's, the content is read.
BLANK = re.compile(r"[\s;]++")
LINE_COMMENT = re.compile(r"#|--(?:\s|\Z)")
CONDITION = re.compile(r"/\*!\d*+")
#: What dump programs begin with, and undo at their end: a file without that end is cut off.
BEGINS = {"charset": re.compile(r"SET\s+@OLD_CHARACTER_SET_CLIENT\s*=", re.IGNORECASE),
           "transaction": re.compile(r"START\s+TRANSACTION\s*;", re.IGNORECASE)}  # fmt: skip
ENDS = {"charset": re.compile(r"SET\s+CHARACTER_SET_CLIENT\s*=\s*@OLD_", re.IGNORECASE),
         "transaction": re.compile(r"COMMIT\s*;", re.IGNORECASE)}  # fmt: skip
FRAME = {"SET", "START", "COMMIT"}


def name_of(text):
    """
    >>> name_of("`a``b`"), name_of("plain")
    ('a`b', 'plain')
    """
    name, _good = source.text(text)
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def columns_of(text):
    """
    :param str text: of CREATE TABLE, after its parenthesis
    :return: the names of the columns

    >>> list(columns_of("`id` int(11) DEFAULT 0, key text, PRIMARY KEY (`id`,`b`)) ENGINE=InnoDB"))
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
                yield name_of(name["name"])
            if sign == ")":
                return
            begin = token.end()
