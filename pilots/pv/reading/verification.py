"""What pyhanko says of the signatures that it knows. Imported by `signature` when needed."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import (
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    ModificationInfo,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from pilots.pv.reading.signature import TIME_STAMP, VERIFIED, Integrity, Signature

USAGES = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)
UNVERIFIABLE = (PdfError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AssertionError)
"""What pyhanko and asn1crypto raise for a document or a signature that they cannot parse: their own
errors of validation are ValueErrors; a wrong ASN.1 type is a TypeError, an entry that a dictionary
lacks a KeyError; pyhanko asserts the types of what it reads."""


def verify(content: bytes, *, roots: Sequence[Path], now: dt.datetime) -> dict[bytes, Signature]:
    """The signatures that could be verified, in order of signing, by the bytes of /Contents."""
    trusted = list(load_certs_from_pemder(roots))
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        fields = list(enumerate_sig_fields(reader, filled_status=True))
    except UNVERIFIABLE:
        return {}
    embedded = sorted(_embedded(reader, fields), key=lambda one: one.signed_revision)
    stamps = dict(_document_stamps(embedded, trusted, now))
    found = {}
    for one in embedded:
        if one.sig_object.get("/SubFilter") in VERIFIED:
            try:
                found[one.pkcs7_content] = _signature(one, trusted, now, stamps)
            except UNVERIFIABLE:
                continue
    return found


def _embedded(reader: PdfFileReader, fields: list[Any]) -> Iterator[EmbeddedPdfSignature]:
    for name, _, field in fields:
        try:
            yield EmbeddedPdfSignature(reader, field, name)
        except UNVERIFIABLE:
            continue


def _document_stamps(
    embedded: list[EmbeddedPdfSignature], trusted: list[Certificate], now: dt.datetime
) -> Iterator[tuple[int, dt.datetime]]:
    """Trusted time-stamps of the whole document: the revision that each covers, and its instant."""
    for one in embedded:
        if one.sig_object.get("/SubFilter") != TIME_STAMP:
            continue
        try:
            status = validate_pdf_timestamp(one, _context(trusted, now))
        except UNVERIFIABLE:
            continue
        if status.intact and status.valid and status.trusted and _covers(status):
            yield one.signed_revision, status.timestamp


def _context(trusted: list[Certificate], moment: dt.datetime) -> ValidationContext:
    return ValidationContext(trust_roots=trusted, allow_fetching=False, moment=moment)


def _stamped_at(
    found: EmbeddedPdfSignature,
    trusted: list[Certificate],
    now: dt.datetime,
    stamps: dict[int, dt.datetime],
) -> dt.datetime | None:
    """The earliest instant at which a trusted authority says that the signature existed."""
    instants = [at for revision, at in stamps.items() if revision >= found.signed_revision]
    for token in extract_tst_data_iter(found.signer_info, signed=False):
        checked = validate_tst_signed_data(
            token, _context(trusted, now), message_imprint_checker(found.signer_info)
        )
        try:
            status = TimestampSignatureStatus(**asyncio.run(checked))
        except UNVERIFIABLE:
            continue
        if status.intact and status.valid and status.trusted:
            instants.append(status.timestamp)
    return min(instants, default=None)


def _signature(
    found: EmbeddedPdfSignature,
    trusted: list[Certificate],
    now: dt.datetime,
    stamps: dict[int, dt.datetime],
) -> Signature:
    """Judged at the instant of a trusted time-stamp, else now."""
    certificate = found.signer_cert
    stamped_at = _stamped_at(found, trusted, now, stamps)
    moment = stamped_at or now
    context = _context(trusted, moment)
    context.certificate_registry.register_multiple(found.other_embedded_certs)
    status = validate_pdf_signature(
        found, context, ts_validation_context=_context(trusted, now), key_usage_settings=USAGES
    )
    integrity = _integrity(status)
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        integrity = min(integrity, Integrity.UNTRUSTED, key=list(Integrity).index)
    at = stamped_at or found.self_reported_timestamp
    return Signature(
        name=_name(certificate.subject.native),
        issuer=_name(certificate.issuer.native),
        at=at.isoformat() if at and at.utcoffset() is not None else "",
        integrity=integrity,
    )


def _integrity(status: PdfSignatureStatus) -> Integrity:
    """Anything added after signing beyond what signing itself adds is an alteration."""
    if not (status.intact and status.valid and _covers(status) and status.docmdp_ok):
        return Integrity.BROKEN
    return Integrity.VALID if status.bottom_line else Integrity.UNTRUSTED


def _covers(status: ModificationInfo) -> bool:
    coverage = status.coverage
    return coverage is not None and coverage >= SignatureCoverageLevel.ENTIRE_REVISION


def _name(subject: dict[str, Any]) -> str:
    for key in ("common_name", "organization_name", "email_address"):
        if name := subject.get(key):
            return str(name)
    return "sans nom"
