"""What a signed PDF says of itself: who signed, when, and whether it changed since.

A pure reading of bytes by pyhanko, without network. Hostile files are expected, so
`services.signatures` runs this module as a program of its own, with its time and memory counted.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

SECONDS = 20
MEMORY = 1536 * 1024 * 1024
MAX_OBJECTS = 200_000
MAX_SIGNATURES = 20
ACTIVE = {"/JS", "/JavaScript", "/Launch", "/ImportData", "/RichMedia"}
"""Keys and action types by which a PDF does something when it is opened."""
EMBEDDED = {"/EmbeddedFiles", "/EmbeddedFile", "/EF"}
USAGES = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)


class Refusal(StrEnum):
    """Why a file is not kept."""

    BROKEN = "illisible"
    ENCRYPTED = "chiffre"
    ACTIVE = "macros"
    EMBEDDED = "pieces"


class Integrity(StrEnum):
    """In order: what is said of a file is the worst of its signatures."""

    BROKEN = "ALTEREE"
    UNTRUSTED = "NON_FIABLE"
    VALID = "VALIDE"


@dataclass(frozen=True)
class Signature:
    """One signature. `name` is what the certificate says; `at`, ISO 8601, what the signer's clock
    or a time-stamp said; both are only claims while the signature is not `VALID`.
    """

    name: str
    at: str
    integrity: Integrity
    issuer: str = ""


@dataclass(frozen=True)
class Reading:
    """`refusal` of a file that is not to be kept, else its signatures in order, none or several."""

    refusal: Refusal | None = None
    signatures: tuple[Signature, ...] = ()


def read(content: bytes, *, roots: Sequence[Certificate], now: dt.datetime) -> Reading:
    """Never raises for what the file contains."""
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypt_dict is not None:
            return Reading(Refusal.ENCRYPTED)
        if refusal := _active_content(reader):
            return Reading(refusal)
        found = reader.embedded_regular_signatures[:MAX_SIGNATURES]
        return Reading(signatures=tuple(_signature(one, roots, now) for one in found))
    except Exception:  # noqa: BLE001  (a parser in front of hostile bytes)
        return Reading(Refusal.BROKEN)


def _active_content(reader: PdfFileReader) -> Refusal | None:
    """Scripts, programs and files inside, wherever the document leads; also that it has pages."""
    if reader.root["/Pages"]["/Type"] != "/Pages":
        return Refusal.BROKEN
    for name in _names(reader):
        if name in ACTIVE:
            return Refusal.ACTIVE
        if name in EMBEDDED:
            return Refusal.EMBEDDED
    return None


def _names(reader: PdfFileReader) -> Iterator[str]:
    """Keys of every dictionary that the trailer leads to, and names that are their values; without
    recursion, each object once.
    """
    pending: list[Any] = [reader.trailer.flatten()]
    seen: set[tuple[int, int]] = set()
    while pending:
        one = pending.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            if len(seen) > MAX_OBJECTS:
                raise ValueError("too many objects")
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield from one
            pending += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            pending += [one.raw_get(place) for place in range(len(one))]
        elif isinstance(one, NameObject):
            yield one


def _signature(
    found: EmbeddedPdfSignature, roots: Sequence[Certificate], now: dt.datetime
) -> Signature:
    certificate = found.signer_cert
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=now)
    context.certificate_registry.register_multiple(found.other_embedded_certs)
    at = found.self_reported_timestamp
    try:
        status = validate_pdf_signature(found, context, key_usage_settings=USAGES)
        integrity = _integrity(status)
        if not certificate.not_valid_before <= now <= certificate.not_valid_after:
            integrity = min(integrity, Integrity.UNTRUSTED, key=list(Integrity).index)
        if status.timestamp_validity is not None:
            at = status.timestamp_validity.timestamp
    except SignatureValidationError:
        integrity = Integrity.BROKEN
    return Signature(
        name=_name(certificate.subject.native),
        issuer=_name(certificate.issuer.native),
        at=at.isoformat() if at and at.utcoffset() is not None else "",
        integrity=integrity,
    )


def _integrity(status: PdfSignatureStatus) -> Integrity:
    """Anything added after signing beyond what signing itself adds is an alteration."""
    covered = status.coverage is not None and (
        status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    )
    if not (status.intact and status.valid and covered and status.docmdp_ok):
        return Integrity.BROKEN
    return Integrity.VALID if status.bottom_line else Integrity.UNTRUSTED


def _name(subject: dict[str, Any]) -> str:
    for key in ("common_name", "organization_name", "email_address"):
        if name := subject.get(key):
            return str(name)
    return "sans nom"


def main() -> None:
    """Arguments: the instant, and a folder of roots or "". The PDF on standard input, the reading
    as JSON on standard output; killed beyond MEMORY or SECONDS of processor.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable()
    moment, folder = sys.argv[1:3]
    files = sorted(path for path in Path(folder).iterdir() if path.is_file()) if folder else []
    reading = read(
        sys.stdin.buffer.read(),
        roots=list(load_certs_from_pemder(files)),
        now=dt.datetime.fromisoformat(moment),
    )
    json.dump(asdict(reading), sys.stdout)


if __name__ == "__main__":
    main()
