"""Why a file is not kept, where the fault is, and how much is unpacked to find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class Trap(StrEnum):
    ENCRYPTED = "chiffre"
    CERTIFICATE = "certificat"
    ACTIVE = "macros"
    TEMPLATE = "modele"
    LINKED = "liaison"
    DDE = "dde"
    ENTITIES = "entites"
    PROGRAM = "programme"
    PAGE = "page"
    HIDDEN = "cache"
    HUGE = "enorme"
    BROKEN = "abime"
    CUT = "coupe"
    OTHER = "autre"
    NO_FILE = "sans-fichier"
    EMPTY = "vide"


@dataclass
class TrapError(Exception):
    """`path` leads from the upload, which is not in it, to the member or attachment at fault."""

    trap: Trap
    path: tuple[str, ...] = ()


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Faults found here are those of the member or attachment `name`."""
    try:
        yield
    except TrapError as found:
        raise TrapError(found.trap, (name, *found.path)) from None


class Budget:
    """What may be unpacked, in all, out of one upload and the files inside it."""

    BYTES = 64 * 1024 * 1024
    FILES = 10_000
    DEPTH = 3

    def __init__(self) -> None:
        self.bytes = self.BYTES
        self.files = self.FILES

    def count(self, files: int) -> None:
        self.files -= files
        if self.files < 0:
            raise TrapError(Trap.HUGE)

    def unpack(self, number: int) -> None:
        """This many bytes."""
        self.bytes -= number
        if self.bytes < 0:
            raise TrapError(Trap.HUGE)

    def check_depth(self, depth: int) -> None:
        if depth > self.DEPTH:
            raise TrapError(Trap.HIDDEN)


READERS_LOOK = 1024
"""How far from the beginning common readers look for the mark of a PDF."""


def looks_like_pdf(content: bytes) -> bool:
    return content.find(b"%PDF-", 0, READERS_LOOK + len(b"%PDF-")) >= 0
