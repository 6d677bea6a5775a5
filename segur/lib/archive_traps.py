"""What a ZIP, or a document that is one (DOCX, XLSX, ODT, ODS), should not hold as a proof.

The files inside are looked at as if they came alone, archives inside archives included. Work is
bounded: what goes past a bound is `HIDDEN`.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from segur.lib import pdf_traps
from segur.lib.pdf_traps import Trap

MOST = 64 * 1024 * 1024
"""At most this much is unpacked to look into one archive and those inside it."""
MOST_MEMBERS = 10_000
DEEPEST = 3
UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What zipfile raises for an archive that was cut, garbled or made to hurt."""

_DOCUMENTS = {".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"}
_OLD_DOCUMENTS = {".doc", ".xls", ".ppt"}
_PROGRAMS = re.compile(
    r"\.(?:bat|cmd|com|cpl|dll|exe|hta|jar|jse?|lnk|msi|ps1|scr|sh|vb[es]|wsf"
    r"|do[ct]m|xl[st]m|xlam|xlsb|p[ops]tm|pp[as]m)$"
)
"""Programs, and documents whose very kind is to have macros."""
_MACROS = re.compile(
    r"vbaproject\.bin$|(?:^|/)(?:macrosheets|activex)/"
    r"|(?:^|/)basic/script-lc\.xml$|^scripts/(?:python|beanshell|javascript)/"
)
"""VBA, Excel 4 macros and controls of Office; Basic and scripts of OpenDocument."""
_TYPES = "[content_types].xml"
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class _Look:
    def __init__(self) -> None:
        self.left = MOST
        self.members = MOST_MEMBERS

    def into(self, file: IO[bytes], depth: int = 1) -> Trap | None:
        """The first trap in an archive."""
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            self.members -= len(members)
            if self.members < 0 or depth > DEEPEST:
                return Trap.HIDDEN
            if any(one.flag_bits & 1 for one in members):
                return Trap.ENCRYPTED
            if any(_is_macro(one.filename) for one in members):
                return Trap.ACTIVE
            return next(self._found(archive, members, depth), None)

    def _found(
        self, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], depth: int
    ) -> Iterator[Trap]:
        for member in members:
            name = member.filename.lower()
            kind = PurePosixPath(name).suffix
            if name != _TYPES and kind not in {".pdf", *_DOCUMENTS, *_OLD_DOCUMENTS}:
                continue
            with archive.open(member) as opened:
                content = opened.read(self.left + 1)
            self.left -= len(content)
            if self.left < 0:
                yield Trap.HIDDEN
                return
            if found := self._of(content, kind, depth):
                yield found

    def _of(self, content: bytes, kind: str, depth: int) -> Trap | None:
        if kind == ".pdf":
            return pdf_traps.trap(content)
        if kind in _DOCUMENTS:
            return self.into(io.BytesIO(content), depth + 1)
        if kind in _OLD_DOCUMENTS:
            return Trap.ACTIVE if _OLD_MACROS in content else None
        told = content.replace(b"\0", b"").lower()
        return Trap.ACTIVE if any(word in told for word in _MACRO_TYPES) else None


def _is_macro(name: str) -> bool:
    name = name.lower()
    return bool(_PROGRAMS.search(name) or _MACROS.search(name))


def trap(file: IO[bytes]) -> Trap | None:
    """The first trap that the archive holds, where it holds one; BROKEN where it cannot be read."""
    try:
        return _Look().into(file)
    except UNREADABLE:
        return Trap.BROKEN
