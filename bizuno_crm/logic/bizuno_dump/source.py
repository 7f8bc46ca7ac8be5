"""The text of a file from Bizuno, piece by piece, whatever it is packed in.

>>> import gzip, io
>>> packed = io.BytesIO(gzip.compress("INSERT INTO t VALUES ('é');".encode()))
>>> text("".join(pieces(packed)))
("INSERT INTO t VALUES ('é');", True)
"""

import codecs
import itertools
import re
import zlib

from .problems import FileError

PIECE = 1 << 20
#: The bytes that are looked at to tell what a file is.
HEAD = 1 << 16
# Text packs to a fifth or a tenth; a thousandth is what a file made to fill the memory packs to.
_BOMB_SIZE = 64 << 20
_BOMB_RATIO = 250
_CHARSET = re.compile(rb"SET\s+NAMES\s+['\"]?(\w+)", re.IGNORECASE)
_CODECS = {"utf8": "utf-8", "utf8mb3": "utf-8", "utf8mb4": "utf-8", "binary": "utf-8",
           "latin1": "cp1252", "ascii": "utf-8"}  # fmt: skip
_GZIP = b"\x1f\x8b"
# A server that compresses what it sends packs a packed file once more.
_LAYERS = 2
_NOT_ASCII = bytes(range(0x80, 0x100))
_SIGNS = re.compile(rb"[\x80-\xff]+")
# Of signs at the end of a block that may go on in the next one.
_HELD = 1 << 10
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def pieces(file, size=PIECE):
    """
    :param file: binary file at its beginning, plain or gzip
    :param int size: about how many bytes to give at once
    :return: iterator of str, in which each character stands for one byte of UTF-8: so nothing is
        decoded that is skipped, and a row whose text is broken can be told. `text` decodes.
    :raise FileError:
    """
    stream = blocks(file, size)
    first = next(stream)
    stream = itertools.chain([first], stream)
    if _codec(first[:HEAD]) != "utf-8":
        stream = _from_windows(stream)
    for block in stream:
        # Never in UTF-8; `sql` uses them as stand-ins.
        yield block.replace(b"\xfe", b"\xfd").replace(b"\xff", b"\xfd").decode("latin-1")


def blocks(file, size=PIECE):
    """
    :param file: binary file at its beginning, plain or gzip
    :param int size: about how many bytes to give at once
    :return: iterator of the bytes of the text, without its byte-order mark
    :raise FileError:
    """
    head = file.read(HEAD)
    if not head:
        raise FileError("empty")
    if head.startswith(b"PK\x03\x04"):
        raise FileError("zip")
    first, stream = head, _plain(file, size)
    for _layer in range(_LAYERS):
        if first.startswith(_GZIP):
            stream = _unpacked(itertools.chain([first], stream), size)
            first = next(stream, b"")
    if not first.strip():
        raise FileError("empty")
    if first.startswith(_OTHER_MARKS):
        raise FileError("charset", charset="UTF-16")
    if b"\0" in first[:HEAD]:
        raise FileError("binary")
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from stream


def text(view):
    """
    :param str view: of `pieces`
    :return: (the text, whether all of it was UTF-8)

    >>> text("Ã©"), text("\xe9")
    (('é', True), ('�', False))
    """
    if view.isascii():
        return view, True
    try:
        return view.encode("latin-1").decode(), True
    except UnicodeDecodeError:
        return view.encode("latin-1").decode(errors="replace"), False


def _codec(head):
    named = _CHARSET.search(head)
    name = named[1].decode().lower() if named else "utf8mb4"
    if name not in _CODECS:
        raise FileError("charset", charset=name)
    return _CODECS[name]


def _from_windows(blocks):
    r"""
    :param blocks: iterable of bytes whose file says that it has Windows letters
    :return: iterator of bytes of UTF-8. Where signs are UTF-8 already they stay: old installations
        keep it in tables that are said to have Windows letters.

    >>> b"".join(_from_windows([b"a\xe9b N\xc3", b"\xba\xc3\xb1ez \x80"])).decode()
    'aéb Núñez €'
    """
    rest = b""
    for block in blocks:
        block = rest + block
        size = len(block.rstrip(_NOT_ASCII))
        if len(block) - size > _HELD:
            size = len(block)
        block, rest = block[:size], block[size:]
        yield _SIGNS.sub(_from_windows_signs, block)
    yield _SIGNS.sub(_from_windows_signs, rest)


def _from_windows_signs(match):
    try:
        match[0].decode()
        return match[0]
    except UnicodeDecodeError:
        return match[0].decode("cp1252", "replace").encode()


def _plain(file, size):
    while block := file.read(size):
        yield block


def _unpacked(blocks, size):
    """Several packed files one after the other are one text."""
    unpack, taken, unpacked_size, packed = zlib.decompressobj(31), 0, 0, b""
    while packed or not unpack.eof:
        if not packed:
            packed = next(blocks, b"")
            taken += len(packed)
            if not packed:
                raise FileError("truncated", table="", row=0)
        try:
            block = unpack.decompress(packed, size)
        except zlib.error as error:
            raise FileError("gzip") from error
        unpacked_size += len(block)
        if unpacked_size > _BOMB_SIZE and unpacked_size > _BOMB_RATIO * taken:
            raise FileError("bomb", size=unpacked_size)
        if block:
            yield block
        packed = unpack.unconsumed_tail
        if unpack.eof:
            packed = unpack.unused_data.lstrip(b"\0")
            if not packed:
                packed = next(blocks, b"")
                taken += len(packed)
            if packed:
                unpack = zlib.decompressobj(31)
