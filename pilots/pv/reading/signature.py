"""What a signed PDF says of itself: who signed, when, and whether it changed since.

A pure reading of bytes, without network. Hostile files are expected, so `services.signatures` runs
this module as a program of its own: the file is inspected as any upload is, and its signature
fields are collected on the way. pyhanko is imported only for a file that has something to verify.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from documents.reading import apart
from documents.reading.inspection import Inspection
from documents.reading.traps import Trap, TrapError
from pilots.pv.reading.paper import Paper

MAX_SIGNATURES = 20
VERIFIED = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD_CAdES.detached"}
"""Values of /SubFilter that pyhanko verifies (ISO 32000-2, table 255)."""
TIME_STAMP = "/ETSI.RFC3161"


class Integrity(StrEnum):
    """In order: the state of a file is the first of those of its signatures."""

    BROKEN = "ALTEREE"
    UNKNOWN = "INCONNUE"
    PREPARED = "PREPAREE"
    UNTRUSTED = "NON_FIABLE"
    VALID = "VALIDE"


@dataclass(frozen=True)
class Signature:
    """One signature. `name` is what the certificate says; `at`, ISO 8601, what the signer's clock
    or a time-stamp gives; both are only claims while the signature is not `VALID`, and may be "".
    """

    name: str
    at: str
    integrity: Integrity
    issuer: str = ""


@dataclass(frozen=True)
class SignedField:
    """A filled signature field. `contents` is what was signed with, zeros while nothing was."""

    kind: str
    contents: bytes
    claimed_name: str = ""

    @property
    def unverified(self) -> Signature:
        is_empty = not self.contents.strip(b"\0")
        integrity = Integrity.PREPARED if is_empty else Integrity.UNKNOWN
        return Signature(self.claimed_name, "", integrity)


@dataclass(frozen=True)
class SignatureReading:
    """`trap` of a file that is not to be kept, and where it is; else its signatures in order."""

    trap: Trap | None = None
    path: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


class _Fields:
    """Collects filled signature fields: any dictionary whose value is a signature, named among the
    fields of the document or not."""

    def __init__(self) -> None:
        self.found: list[SignedField] = []
        self._seen: Any = None

    def visit(self, entries: dict[str, Any]) -> None:
        from pikepdf import Dictionary, Name, ObjectSet  # noqa: PLC0415  (loaded by then)

        value = entries.get("/V")
        if not isinstance(value, Dictionary):
            return
        of_signature = value.keys() & {"/ByteRange", "/Contents", "/SubFilter"}
        if entries.get("/FT") != Name.Sig and not of_signature:
            return
        self._seen = self._seen or ObjectSet()
        if self._seen.add(value):
            self.found.append(_field(value))
        if len(self.found) > MAX_SIGNATURES:
            raise TrapError(Trap.HUGE)


def _field(value: Any) -> SignedField:
    from pikepdf import Name, String  # noqa: PLC0415

    from documents.reading.pdf_reader import text_of  # noqa: PLC0415

    kind, contents, name = value.get("/SubFilter"), value.get("/Contents"), value.get("/Name")
    return SignedField(
        kind=kind.unparse().decode() if isinstance(kind, Name) else "",
        contents=bytes(contents) if isinstance(contents, String) else b"",
        claimed_name=text_of(name) if isinstance(name, String) else "",
    )


def read(content: bytes, *, roots: Sequence[Path], now: dt.datetime) -> SignatureReading:
    """`roots` are files of trusted certificates, of signers or of time-stamping authorities."""
    fields = _Fields()
    try:
        Inspection(fields.visit).look(content, "x.pdf")
    except TrapError as found:
        return SignatureReading(found.trap, found.path)
    signed = [one for one in fields.found if one.kind != TIME_STAMP]
    verified: dict[bytes, Signature] = {}
    if any(one.kind in VERIFIED and one.contents.strip(b"\0") for one in signed):
        from pilots.pv.reading.verification import verify  # noqa: PLC0415  (1 s, rarely needed)

        verified = verify(content, roots=roots, now=now)
    others = [one.unverified for one in signed if one.contents not in verified]
    return SignatureReading(signatures=(*verified.values(), *others))


def main() -> None:
    """Arguments: the instant, and a folder of roots or "". The PDF on standard input, the reading
    as JSON on standard output, with what `pdf_mark` recognises.
    """
    apart.bound_process()
    from pilots.pv.reading.pdf_mark import recognise  # noqa: PLC0415  (loads pikepdf)

    moment, folder = sys.argv[1:3]
    content = sys.stdin.buffer.read()
    try:
        reading = read(
            content,
            roots=sorted(path for path in Path(folder).iterdir() if path.is_file())
            if folder
            else [],
            now=dt.datetime.fromisoformat(moment),
        )
        paper = Paper() if reading.trap else recognise(content)
    except MemoryError:
        reading, paper = SignatureReading(Trap.HUGE), Paper()
    json.dump({**asdict(reading), "paper": asdict(paper)}, sys.stdout)


if __name__ == "__main__":
    main()
