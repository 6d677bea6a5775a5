"""What a PDF should not hold when it is kept as a proof: a password, or something that runs.

Bytes are searched, nothing is parsed: no file can make this hang. Names are found however they are
escaped (ISO 32000-1, 7.3.5), in the objects and in the compressed streams of objects.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

MOST = 64 * 1024 * 1024
"""At most this much is read and written to look into the compressed objects of one file."""
STEP = 4096
_END = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_STREAM = re.compile(rb"stream\r?\n")


class Trap(StrEnum):
    ENCRYPTED = "chiffre"
    ACTIVE = "macros"


def _name(word: str) -> bytes:
    letters = (f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word)
    return b"/" + "".join(letters).encode() + _END


_OBJECTS = re.compile(_name("ObjStm"))
_TRAPS = (
    (Trap.ENCRYPTED, re.compile(_name("Encrypt"))),
    *(
        (Trap.ACTIVE, re.compile(_name(word)))
        for word in ("JavaScript", "Launch", "ImportData", "RichMedia")
    ),
)


def trap(content: bytes) -> Trap | None:
    """The first trap that the file holds, where it holds one."""
    for part in (content, *_inflated(content)):
        for kind, pattern in _TRAPS:
            if pattern.search(part):
                return kind
    return None


def _inflated(content: bytes) -> Iterator[bytes]:
    """The streams of objects, as far as they can be read."""
    left, found = MOST, _OBJECTS.search(content)
    while found and left > 0 and (start := _STREAM.search(content, found.end())):
        part, read = _inflate(memoryview(content)[start.end() :], left)
        yield part
        left -= len(part) + read
        found = _OBJECTS.search(content, start.end())


def _inflate(source: memoryview, most: int) -> tuple[bytes, int]:
    """About `most` bytes at most, and how many were read for them."""
    engine, part, read = zlib.decompressobj(), bytearray(), 0
    while read < len(source) and not engine.eof and len(part) + read < most:
        try:
            part += engine.decompress(source[read : read + STEP])
        except zlib.error:
            break
        read += STEP
    return bytes(part), read
