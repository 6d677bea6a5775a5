"""Asks clamd, the daemon of ClamAV, over its socket (`CLAMD_SOCKET`), where the site has one.

An upload that it finds infected is refused. While it does not answer, uploads are stored and wait:
they are shown as waiting and given to nobody, until the worker has had them scanned
(`services.waiting`).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from documents.enums import Scan

log = logging.getLogger(__name__)
SECONDS = 20
BLOCK = 64 * 1024
LONGEST_REPLY = 4096
INFECTED = (
    "« {name} » est refusé par l'antivirus ({virus}) : joignez un autre fichier, et faites "
    "analyser votre poste."
)


class NoScanError(Exception):
    """clamd is away, or could not scan these bytes."""


def is_configured() -> bool:
    return bool(settings.CLAMD_SOCKET)


def scan_upload(upload: UploadedFile[Any]) -> Scan:
    """Raises ValidationError for an infected one."""
    if not is_configured():
        return Scan.NONE
    try:
        virus = virus_in(upload.chunks())
    except NoScanError as error:
        log.warning("antivirus: %s: an upload waits", error)
        return Scan.WAITING
    finally:
        upload.seek(0)
    if virus:
        raise ValidationError(INFECTED.format(name=upload.name or "sans nom", virus=virus))
    return Scan.CLEAN


def virus_in(blocks: Iterable[bytes]) -> str:
    """The name of what clamd finds, or "". Raises NoScanError."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
            clamd.settimeout(SECONDS)
            clamd.connect(settings.CLAMD_SOCKET)
            clamd.sendall(b"zINSTREAM\0")
            for block in _cut(blocks):
                clamd.sendall(len(block).to_bytes(4, "big") + block)
            clamd.sendall(bytes(4))
            reply = _reply(clamd)
    except OSError as error:
        raise NoScanError(str(error)) from None
    words = reply.removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise NoScanError(reply)


def _cut(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """A block of no byte would end the stream."""
    for block in blocks:
        for start in range(0, len(block), BLOCK):
            yield block[start : start + BLOCK]


def _reply(clamd: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0") and len(found) < LONGEST_REPLY:
        part = clamd.recv(LONGEST_REPLY)
        if not part:
            break
        found += part
    return found.rstrip(b"\0").decode(errors="replace").strip()
