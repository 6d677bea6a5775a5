"""What a PDF should not be when it is kept as a proof: locked, active, hidden or broken.

Bytes are searched, nothing is parsed, and the work is bounded, by `MOST` bytes and by so many
streams and escaped names: no file can make this hang. What goes past a bound was made to, and is
`HIDDEN`. Names are found however they are escaped (ISO 32000-1, 7.3.5), in the objects and in the
compressed streams of objects; such a stream is read as every common program writes it, by
FlateDecode alone, and written otherwise it is `HIDDEN` too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST = 64 * 1024 * 1024
"""At most this much is read and written to look into the compressed objects of one file."""
MOST_STREAMS = 10_000
MOST_ESCAPES = 100_000
MOST_OPENINGS = 1_000
MOST_INDEX = 8 * 1024 * 1024
LONGEST = 10
"""Digits of a number that is still a place in a file."""
STEP = 4096
REACH = 8192
"""How much of an object is read to see what it does."""
HEAD = 1024
TAIL = 4096
"""How far a reader looks for the mark at the beginning, and for the table's place at the end."""


class Trap(StrEnum):
    ENCRYPTED = "chiffre"
    ACTIVE = "macros"
    HIDDEN = "cache"
    BROKEN = "abime"


_DELIMITERS = rb"\x00\t\n\f\r ()<>\[\]{}/%"
_KINDS = {
    b"Encrypt": Trap.ENCRYPTED,
    b"JavaScript": Trap.ACTIVE,
    b"Launch": Trap.ACTIVE,
    b"ImportData": Trap.ACTIVE,
    b"RichMedia": Trap.ACTIVE,
    b"SubmitForm": Trap.ACTIVE,
    b"GoToR": Trap.ACTIVE,
    b"GoToE": Trap.ACTIVE,
}
"""The two last open another file, by a path that may lead to another machine."""
_ESCAPED_KINDS = {**_KINDS, b"OpenAction": Trap.HIDDEN, b"AA": Trap.HIDDEN}


def _name(*words: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"/(" + b"|".join(words) + rb")(?=[" + _DELIMITERS + rb"]|\Z)")


_TRAPS = _name(*_KINDS)
_ESCAPED = re.compile(
    rb"/[^#" + _DELIMITERS + rb"]{0,60}#[0-9A-Fa-f]{2}[^" + _DELIMITERS + rb"]{0,60}"
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(
    b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in b"ObjStm")
)
_STREAM = re.compile(rb"stream\r?\n")
_PLAIN_FILTER = re.compile(rb"/Filter\s*(?:/(?:FlateDecode|Fl)\b|\[\s*/(?:FlateDecode|Fl)\s*\])")
_FIRST = re.compile(rb"/First\s+(\d{1,9})")
_PAGE = re.compile(rb"/Type\s*/Page(?=[" + _DELIMITERS + rb"]|\Z)")
_OPENING = re.compile(rb"/(?:OpenAction|AA)\s*(?:(\d{1,9})\s+\d{1,5}\s+R|(?=<<))")
_OBJECT = re.compile(rb"(?<!\d)0{0,9}(\d{1,9})\s{1,9}\d{1,5}\s{1,9}obj\b")
_BRACKETS = re.compile(rb"<<|>>|\((?:\\.|[^\\()])*\)", re.DOTALL)
_TABLE = re.compile(rb"startxref\s+(\d{1,10})")
_TABLE_BEGINS = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")


class _HiddenError(Exception):
    """Something that cannot be looked at within bounds."""


@dataclass(frozen=True)
class _Part:
    """Objects as text: those of the file, or of one of its streams, which start at `first`."""

    text: bytes
    first: int | None = None


def trap(content: bytes) -> Trap | None:
    """The first trap that the file holds, where it holds one."""
    parts = [_Part(content)]
    try:
        if found := _named(content):
            return found
        for part in object_streams(content):
            parts.append(part)
            if found := _named(part.text):
                return found
        if _leaves_on_opening(parts):
            return Trap.ACTIVE
    except _HiddenError:
        return Trap.HIDDEN
    except zlib.error:
        return Trap.BROKEN
    has_page = any(_PAGE.search(part.text) for part in parts)
    return None if has_page and _has_table(content) else Trap.BROKEN


def _named(text: bytes) -> Trap | None:
    if plain := _TRAPS.search(text):
        return _KINDS[plain[1]]
    for number, escaped in enumerate(_ESCAPED.finditer(text)):
        if number == MOST_ESCAPES:
            raise _HiddenError
        if kind := _ESCAPED_KINDS.get(_unescaped(escaped[0])[1:]):
            return kind
    return None


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)


def object_streams(content: bytes) -> Iterator[_Part]:
    """What each compressed stream of objects holds; at most MOST_STREAMS of them."""
    left, index, number, found = MOST, 0, 0, _OBJECTS.search(content)
    while found and (start := _STREAM.search(content, found.end())):
        number += 1
        if number > MOST_STREAMS or start.start() - found.end() > STEP:
            raise _HiddenError
        before = content.rfind(b"obj", max(0, found.start() - STEP), found.start())
        dictionary = _unescaped(content[max(before, found.start() - STEP, 0) : start.start()])
        if b"/Filter" in dictionary:
            text, read = _inflate(memoryview(content)[start.end() :], left, dictionary)
            first = _FIRST.search(dictionary)
            part = _Part(text, int(first[1]) if first else 0)
            left, index = left - len(text) - read, index + min(part.first or 0, len(text))
            if index > MOST_INDEX:
                raise _HiddenError
            yield part
        found = _OBJECTS.search(content, start.end())


def _is_plain(dictionary: bytes) -> bool:
    """Compressed once, and read without more than that."""
    filters = _PLAIN_FILTER.findall(dictionary)
    is_once = len(filters) == 1 == dictionary.count(b"/Filter")
    return is_once and not re.search(rb"/(?:DecodeParms|DP)\b(?!\s*null)", dictionary)


def _inflate(source: memoryview, most: int, dictionary: bytes) -> tuple[bytes, int]:
    """All of it, and how many bytes were read for it."""
    if not _is_plain(dictionary):
        raise _HiddenError
    engine, part, read = zlib.decompressobj(), bytearray(), 0
    while read < len(source) and not engine.eof:
        part += engine.decompress(source[read : read + STEP])
        read += STEP
        if len(part) + read > most:
            raise _HiddenError
    return bytes(part), read


def _leaves_on_opening(parts: list[_Part]) -> bool:
    """Whether opening the document, or a page, calls an address by itself."""
    numbers, targets = set(), []
    for part in parts:
        for found in _OPENING.finditer(part.text):
            if found[1]:
                numbers.add(int(found[1]))
            else:
                targets.append(part.text[found.end() : found.end() + REACH])
            _check_count(len(numbers) + len(targets))
    for part in parts if numbers else ():
        for target in _objects(part, numbers):
            targets.append(target)
            _check_count(len(targets))
    return any(map(_names_address, targets))


def _check_count(found: int) -> None:
    if found > MOST_OPENINGS:
        raise _HiddenError


def _objects(part: _Part, numbers: set[int]) -> Iterator[bytes]:
    """The beginnings of the objects of these numbers."""
    if part.first is None:
        for found in _OBJECT.finditer(part.text):
            if int(found[1]) in numbers:
                yield part.text[found.end() : found.end() + REACH]
        return
    index = part.text[: part.first].split()
    for number, place in zip(index[::2], index[1::2], strict=False):
        if _whole(number) in numbers and (offset := _whole(place)) is not None:
            start = part.first + offset
            yield part.text[start : start + REACH]


def _whole(text: bytes) -> int | None:
    return int(text) if text.isdigit() and len(text) < LONGEST else None


def _names_address(text: bytes) -> bool:
    """Whether `text` begins with a dictionary, and this has an action of type URI."""
    if not text.lstrip().startswith(b"<<"):
        return False
    depth, end = 0, len(text)
    for found in _BRACKETS.finditer(text):
        depth += (found[0] == b"<<") - (found[0] == b">>")
        if depth <= 0:
            end = found.end()
            break
    return _name(b"URI").search(_unescaped(text[:end])) is not None


def _has_table(content: bytes) -> bool:
    """Whether it begins as a PDF, and ends with the place of its table of objects."""
    begins, whole = content.find(b"%PDF-", 0, HEAD), content.rstrip(b"\x00\t\n\f\r ")
    tables = list(_TABLE.finditer(whole, max(0, len(whole) - TAIL)))
    if begins < 0 or not tables:
        return False
    place = int(tables[-1][1])
    return any(
        _TABLE_BEGINS.match(content, start) is not None
        for start in (place, place + begins)
        if start < len(content)
    )
