"""Looking at a signed file before keeping it: a PDF, harmless, and what its signature is worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from documents.enums import Scan
from documents.models import StoredFile
from documents.reading.apart import SECONDS, NoAnswerError, TooLongError, read_apart
from documents.reading.traps import Trap, TrapError
from documents.services.antivirus import scan_upload
from documents.services.fates import UploadFate, set_fate, sha256
from documents.services.uploads import check_kind, content_of, name_of, refusal
from pilots.enums import SignatureState
from pilots.pv.reading.paper import Mentions, Paper

PDF = "application/pdf"
READER = "pilots.pv.reading.signature"

NOT_PDF = "« {name} » n'est pas un PDF : le PV signé se joint en PDF, même numérisé."
TRAPS = {
    Trap.ENCRYPTED: "« {name} » est protégé par un mot de passe : faites-le signer de nouveau sans "
    "protection. La retirer d'un fichier signé lui ferait perdre sa signature électronique.",
    Trap.CERTIFICATE: "« {name} » est chiffré pour certaines personnes seulement : faites-le "
    "signer de nouveau sans chiffrement.",
    Trap.ACTIVE: "« {name} » contient des macros (scripts ou programmes) : faites-le signer de "
    "nouveau sans elles. L'imprimer lui ferait perdre sa signature électronique.",
    Trap.HUGE: "« {name} » contient trop d'éléments, ou des éléments trop gros une fois "
    "décompressés, pour être contrôlé par ce site : faites signer de nouveau le PV tel que le "
    "site le "
    "produit.",
    Trap.BROKEN: "« {name} » est un PDF abîmé ou incomplet, qui ne s'ouvre pas : demandez-le à "
    "nouveau à qui l'a signé, ou numérisez-le.",
    Trap.CUT: "« {name} » est un PDF abîmé ou incomplet, dont la fin manque : demandez-le à "
    "nouveau à qui l'a signé, ou numérisez-le.",
}
TOO_HARD = (
    "« {name} » est trop compliqué à lire : le site n'en est pas venu à bout. Faites signer de "
    "nouveau un PDF plus simple : le PV tel que le site le produit."
)
BLANK = "« {name} » n'a que des pages blanches : numérisez de nouveau le PV signé."
LACKING = (
    "« {name} » vient d'un PV produit par ce site avant que ses mentions soient remplies : "
    "complétez-les, "
    "produisez le PV de nouveau, puis faites-le signer."
)
UNSIGNED = (
    "« {name} » est le PV à signer, tel que ce site l'a produit : aucune signature n'y figure. "
    "Joignez le PV signé, numérisé ou signé électroniquement."
)
ORDER = (
    SignatureState.BROKEN,
    SignatureState.UNKNOWN,
    SignatureState.PREPARED,
    SignatureState.UNTRUSTED,
    SignatureState.VALID,
)


@dataclass(frozen=True)
class Looked:
    """What goes with a file that is kept: its state, and each signature (`signature`)."""

    state: SignatureState
    detail: dict[str, Any]


def look(upload: UploadedFile[Any], *, now: dt.datetime) -> Looked:
    """Raises ValidationError, in one sentence, for a file that is not to be kept. One process reads
    it, as an upload and for its signatures; looked at again, it is not read again. What takes
    longer than a page may is left to the worker (`read_stored`)."""
    known: Looked | None = getattr(upload, "looked", None)
    if known is None:
        try:
            known, scan = _read(upload, now, settings.FILE_CHECK_SECONDS), scan_upload(upload)
        except TooLongError:
            known, scan = Looked(SignatureState.UNREAD, {}), Scan.UNREAD
        upload.looked = known  # type: ignore[attr-defined]
        set_fate(upload, UploadFate(PDF, sha256(upload), scan=scan))
    return known


def read_stored(upload: UploadedFile[Any], row: StoredFile) -> dict[str, Any]:
    """What the worker finds in a file that was stored unread (`documents.services.waiting`): the
    fields of its row. Signatures are judged as of the instant at which it came."""
    looked = _read(upload, row.uploaded_at, SECONDS)
    return {"signature": looked.state, "signature_detail": looked.detail}


def _read(upload: UploadedFile[Any], now: dt.datetime, seconds: float) -> Looked:
    """Raises TooLongError where less than SECONDS was given and not enough."""
    name = name_of(upload)
    if PurePath(name).suffix.lower() != ".pdf":
        raise ValidationError(NOT_PDF.format(name=name))
    check_kind(upload)
    roots = str(settings.PV_TRUST_ROOTS or "")
    try:
        content = content_of(upload)
        reading = read_apart(READER, now.isoformat(), roots, content=content, seconds=seconds)
    except NoAnswerError as error:
        if isinstance(error, TooLongError) and seconds < SECONDS:
            raise
        raise ValidationError(TOO_HARD.format(name=name)) from None
    if reading["trap"]:
        raise refusal(upload, TrapError(Trap(reading["trap"]), tuple(reading["path"])), TRAPS)
    if words := _of_paper(Paper(**reading["paper"]), is_signed=bool(reading["signatures"])):
        raise ValidationError(words.format(name=name))
    states = {SignatureState(one["integrity"]) for one in reading["signatures"]}
    worst = next((state for state in ORDER if state in states), SignatureState.NONE)
    return Looked(worst, {"signatures": reading["signatures"]})


def _of_paper(paper: Paper, *, is_signed: bool) -> str:
    """Why it is no signed PV, whatever its bytes are worth; empty when it may be one."""
    if paper.is_blank:
        return BLANK
    if paper.mentions == Mentions.LACKING:
        return LACKING
    return UNSIGNED if paper.is_untouched and not is_signed else ""
