"""What a ZIP, or a document that is one (DOCX, XLSX, ODT, ODS), should not hold as a proof.

The files inside are looked at as if they came alone, archives inside archives included.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO

from documents.reading import office
from documents.reading.traps import Budget, Trap, TrapError, inside

UNREADABLE = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What zipfile raises for an archive that was cut, garbled or made to hurt."""

KINDS = {".zip", *office.KINDS}
_WHOLE = {".pdf", ".png", ".jpg", ".jpeg", *KINDS}
"""Kinds of files that mean nothing when they are empty."""
_LOOKED_AT = {".pdf", ".doc", ".xls", ".ppt", *KINDS}
_PROGRAMS = re.compile(r"\.(?:bat|cmd|com|cpl|dll|exe|hta|jar|jse?|lnk|msi|ps1|scr|sh|vb[es]|wsf)$")
_PAGES = re.compile(r"\.(?:x?html?|xht|mht(?:ml)?|svgz?)$")
"""What a browser opens with its scripts."""
_WITH_MACROS = re.compile(r"\.(?:do[ct]m|xl[st]m|xlam|xlsb|p[ops]tm|pp[as]m)$")
"""Documents whose very kind is to have macros."""
_MACROS = re.compile(
    r"vbaproject\.bin$|(?:^|/)(?:macrosheets|activex)/"
    r"|(?:^|/)basic/script-lc\.xml$|^scripts/(?:python|beanshell|javascript)/"
)
"""VBA, Excel 4 macros and controls of Office; Basic and scripts of OpenDocument."""
_COMPANIONS = re.compile(
    r"(?:^|/)__macosx/|(?:^|/)(?:\._|~\$|\.~lock\.)[^/]*$"
    r"|(?:^|/)(?:\.ds_store|(?:eh)?thumbs\.db|desktop\.ini|icon\r)$"
)
"""What Finder, Explorer, Word and LibreOffice leave beside a file."""
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_EXECUTABLES = (b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_LIVE = (b"PK", b"%PDF-", b"\xd0\xcf\x11\xe0")
_HEAD = 64

Look = Callable[[str, bytes], None]


def is_program(name: str, head: bytes) -> bool:
    """By its name, or by the beginning of its content."""
    if head.startswith(_APPLE_DOUBLE):
        return False
    is_windows = head.startswith(b"MZ") and b"\0" in head[:_HEAD]
    return bool(_PROGRAMS.search(name.lower())) or is_windows or head.startswith(_EXECUTABLES)


def is_page(name: str) -> bool:
    return bool(_PAGES.search(name.lower()))


def inspect(file: IO[bytes], kind: str, budget: Budget, look: Look) -> None:
    """Raises TrapError for the first fault; `look` is called with each member that is a file to be
    looked at as if it came alone."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _inspect(archive, members, kind, budget, look)
    except UNREADABLE:
        raise TrapError(Trap.OTHER) from None


def _inspect(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    kind: str,
    budget: Budget,
    look: Look,
) -> None:
    if not members:
        raise TrapError(Trap.NO_FILE)
    names = [_path(one) for one in members]
    is_document = kind in office.KINDS
    budget.count(len(members))
    left = len(members)
    for member, name in zip(members, names, strict=True):
        if is_document and _MACROS.search(name.lower()):
            raise TrapError(Trap.ACTIVE)
        with inside(name):
            if member.flag_bits & 1:
                raise TrapError(Trap.ENCRYPTED)
            if not is_document and is_page(name):
                raise TrapError(Trap.PAGE)
            left -= not _inspect_member(archive, member, name, budget, look)
    if not left:
        raise TrapError(Trap.NO_FILE)
    if is_document:
        parts = {name.lower(): member for name, member in zip(names, members, strict=True)}
        office.inspect(archive, parts, kind, budget)


def _inspect_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: Budget, look: Look
) -> bool:
    """False for a companion, which is passed over: it is not the file that its name says."""
    suffix = PurePosixPath(name).suffix.lower()
    try:
        with archive.open(member) as opened:
            head = opened.read(_HEAD)
            if is_program(name, head):
                raise TrapError(Trap.PROGRAM)
            if _is_companion(name, head):
                return False
            _check_name(name, suffix, member)
            if suffix not in _LOOKED_AT:
                return True
            content = head + opened.read(max(budget.bytes - len(head), 0) + 1)
    except NotImplementedError:
        raise TrapError(Trap.HIDDEN) from None
    except UNREADABLE:
        raise TrapError(Trap.BROKEN) from None
    budget.unpack(len(content))
    look(name, content)
    return True


def _check_name(name: str, suffix: str, member: zipfile.ZipInfo) -> None:
    if _MACROS.search(name.lower()) or _WITH_MACROS.search(name.lower()):
        raise TrapError(Trap.ACTIVE)
    if not member.file_size and suffix in _WHOLE:
        raise TrapError(Trap.EMPTY)


def _is_companion(name: str, head: bytes) -> bool:
    if not _COMPANIONS.search(name.lower()):
        return False
    return not head.startswith(_LIVE) or name.lower().endswith("thumbs.db")


def _path(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/")
