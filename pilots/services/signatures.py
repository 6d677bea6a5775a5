"""Looking at a signed file before keeping it: a PDF, harmless, and what its signature is worth."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from calendar_app.services.uploads import check_upload
from pilots.enums import SignatureState
from segur.lib.traps import Trap

PDF = "application/pdf"
SECONDS = 30
READER = "pilots.rules.signature"

NOT_PDF = "« {name} » n'est pas un PDF : le PV signé se joint en PDF, même numérisé."
TRAPS = {
    Trap.ENCRYPTED: "« {name} » est protégé par un mot de passe : faites-le signer de nouveau sans "
    "protection. La retirer d'un fichier signé lui ferait perdre sa signature électronique.",
    Trap.ACTIVE: "« {name} » contient des macros (scripts ou programmes) : faites-le signer de "
    "nouveau sans elles. L'imprimer lui ferait perdre sa signature électronique.",
    Trap.HIDDEN: "« {name} » a des parties que ce site ne sait pas contrôler : faites signer de "
    "nouveau le PV tel que le site le produit.",
    Trap.BROKEN: "« {name} » est un PDF abîmé ou incomplet, qui ne s'ouvre pas : demandez-le à "
    "nouveau à qui l'a signé, ou numérisez-le.",
}
REFUSED = {
    "illisible": TRAPS[Trap.BROKEN],
    "chiffre": TRAPS[Trap.ENCRYPTED],
    "macros": TRAPS[Trap.ACTIVE],
    "pieces": "« {name} » contient d'autres fichiers : faites signer de nouveau le PV seul.",
}
TOO_HARD = (
    "« {name} » est trop compliqué à lire : en {seconds} secondes, le site n'en est pas venu à "
    "bout. Faites signer de nouveau un PDF plus simple : le PV tel que le site le produit."
)
ORDER = (SignatureState.BROKEN, SignatureState.UNTRUSTED, SignatureState.VALID)


@dataclass(frozen=True)
class Looked:
    """What goes with a file that is kept: its state, and each signature (`rules.signature`)."""

    state: SignatureState
    detail: dict[str, Any]


def look(upload: UploadedFile[Any], *, now: dt.datetime) -> Looked:
    """Raises ValidationError, in one sentence, for a file that is not to be kept."""
    name = upload.name or "sans nom"
    if PurePath(name).suffix.lower() != ".pdf":
        raise ValidationError(NOT_PDF.format(name=name))
    check_upload(upload, TRAPS)
    upload.seek(0)
    reading = _read_apart(upload.read(), now)
    upload.seek(0)
    if reading is None:
        raise ValidationError(TOO_HARD.format(name=name, seconds=SECONDS))
    if reading["refusal"]:
        raise ValidationError(REFUSED[reading["refusal"]].format(name=name))
    states = {SignatureState(one["integrity"]) for one in reading["signatures"]}
    worst = next((state for state in ORDER if state in states), SignatureState.NONE)
    return Looked(worst, {"signatures": reading["signatures"]})


def _read_apart(content: bytes, now: dt.datetime) -> dict[str, Any] | None:
    """In a process of its own, without our environment: a file made to hang or to fill the memory
    costs SECONDS at most and nothing else. None when it did not come to an answer.
    """
    roots = settings.PV_TRUST_ROOTS
    try:
        done = subprocess.run(  # noqa: S603  (our own module, nothing of the sender's in it)
            [sys.executable, "-m", READER, now.isoformat(), str(roots or "")],
            input=content,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={},
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    reading: dict[str, Any] = json.loads(done.stdout)
    return reading
