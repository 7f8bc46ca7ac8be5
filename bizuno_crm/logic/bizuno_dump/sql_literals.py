"""The values of a dump's rows, as the text of MySQL's literals.

How it is fast: a window of the text is split at its quotes, which is done in C. Every second part
stands outside of the strings; these show the structure, and none of them may hold what can begin
another kind of string or a comment. Rows of plain values are, with other brackets, JSON: so they
are read by the scanner of json. Where that does not know a value, this module's own does.
"""

import json
import re

from . import source

# What can stand between two values, or begin there, that is not a value of one of the plain kinds.
STRANGE = ('"', "`", "#", "\\", "--", "/*", "*/")
_LONG_SIGNS = [sign for sign in STRANGE if len(sign) > 1]
# All bytes but those that can end a statement or begin what is strange; and but those that say
# besides whether rows can be read as JSON as they are.
_NO_END_SIGNS = bytes({*range(256)} - {*b"';", *(ord(sign) for sign in STRANGE if len(sign) == 1)})
_NO_ROW_SIGNS = bytes({*_NO_END_SIGNS} - {*b"(),NUL[]{}-/*"})
_NOT_FOR_JSON = (b"null", b"true", b"false", b"NaN", b"Infinity", b"\\u", b"\\f", b"\\/")
_TO_JSON = bytes.maketrans(b"'", b'"')
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


class NotAValue(ValueError):
    """An expression where a value is expected."""


def find_end(window, in_string):
    """
    :param str window: of a statement
    :param bool in_string: whether it begins within a string
    :return: (index of the ; that ends the statement, or None; whether the window ends in a
        string; whether it holds, outside of strings, what this does not know: then the window is
        to be looked at otherwise, and the second is `in_string`)

    >>> find_end("1,'a;b');x", False), find_end("a;b'),('", True), find_end('1,"a;"', False)
    ((8, False, False), (None, True, False), (None, False, True))
    >>> find_end("'a--b;c','/*'", False), find_end("1 --;", False)
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
    :return: (the window with stand-ins as `marked` has them, as bytes; what is of interest outside
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


def whole_rows(window):
    """
    :param str window: of the values of rows, from the beginning of one on
    :return: (rows as lists of str or None, how long their text is), where the rows are as
        dump programs write them; or None

    >>> whole_rows(",(1,'a('),(-2.50,NULL),(3"), whole_rows("(0x41),"), whole_rows("a(1),")
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
    while (index := text.find(sign, at, end)) >= 0:
        quotes += text.count("'", at, index)
        if quotes % 2 == 0:
            return index
        at = index + 1
    return None


def quick_rows(structure, strings):
    """
    :return: the rows as lists of str or None; or None where a value is not of the plain kinds

    >>> quick_rows("(1,'),(-2.50,NULL)", ["a"])
    [['1', 'a'], ['-2.50', None]]
    >>> quick_rows("(0x41)", [])
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


def held_back(window, ended):
    """How many characters at its end cannot be judged without those that follow."""
    if ended:
        return 0
    if window.endswith("\\"):
        return (len(window) - len(window.rstrip("\\"))) % 2
    return 1 if window.endswith(("/", "-", "*")) else 0


def marked(text):
    """The text, as long as before, with stand-ins for the backslashes and quotes that are escaped.

    >>> unescaped(marked("a" + chr(92) + "'b")), "'" in marked("a" + chr(92) + "'b")
    ("a'b", False)
    """
    if "\\" not in text:
        return text
    return text.replace("\\\\", _SLASH).replace("\\'", _QUOTE)


def unescaped(text):
    """
    >>> unescaped("a" + chr(92) + "nb")
    'a\\nb'
    """
    if "\\" in text or _SLASH in text or _QUOTE in text:
        return _ESCAPED.sub(_escape, text)
    return text


def _escape(match):
    if match[0] == _SLASH:
        return "\\"
    if match[0] == _QUOTE:
        return "'"
    return _ESCAPES.get(match[1], match[1])


def after(parts, outside, index):
    """
    :param parts: of a text, split at its quotes
    :param outside: every second of them, joined by quotes
    :param int index: in `outside`
    :return: how long the text is from there on

    >>> after(["a,", "bcd", ",c)"], "a,',c)", 5), after(["a,", "bcd"], "a,", 1)
    (1, 5)
    """
    end = outside.find("'", index)
    rest = (len(outside) if end < 0 else end) - index
    later = parts[1 + 2 * ((len(parts) - 1) // 2 - outside.count("'", index)) :]
    return rest + sum(map(len, later)) + len(later)


def value_of(text, strings):
    """
    :param str text: a value that is no plain string, NULL or whole number; a ' in it is a string
    :param strings: iterator of these
    :return: str or None
    :raise NotAValue:

    >>> value_of(" -1.5e3", iter(())), value_of("0x414243", iter(()))
    ('-1.5e3', 'ABC')
    >>> value_of("X'", iter(["4142"]))
    'AB'
    >>> value_of("_binary '", iter(["raw"])), value_of("''", iter(["it", "s"]))
    ('raw', "it's")
    """
    parts = [next(strings) for _one in range(text.count("'"))]
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
    joined = parts[0]
    for between, part in zip(prefixed[2].split("'")[1:], parts[1:], strict=False):
        joined += part if between else "'" + part
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
