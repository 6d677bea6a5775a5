"""Whether an electronic signature is that of the person whom the PV names."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]{2,}")
_TITLES = {"dr", "docteur", "pr", "prof", "professeur", "me", "maitre"}
_CIVILITIES = {"mr", "monsieur", "mme", "madame", "mlle", "mademoiselle"}
_PARTICLES = {"de", "des", "du", "la", "le", "les", "van", "von", "et"}
_NOT_A_NAME = _TITLES | _CIVILITIES | _PARTICLES


class Signed(NamedTuple):
    """One electronic signature: the name in its certificate, and its Paris day where it has one."""

    name: str
    day: dt.date | None


def names(text: str) -> set[str]:
    """The words of a person's name, without accents, case, title nor particle."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    return set(_WORD.findall(bare)) - _NOT_A_NAME


def doubts(signatures: Iterable[Signed], *, signatory: str, signed_on: dt.date | None) -> list[str]:
    """What deserves a look. A file may also be signed by the Fournisseur: one signature that fits
    is enough, and the day is compared with its own.
    """
    found, named = list(signatures), names(signatory)
    theirs = [one for one in found if names(one.name) & named]
    warnings = []
    if found and named and not theirs:
        whose = ", ".join(f"« {one.name} »" for one in found)
        warnings.append(
            f"La signature électronique est au nom de {whose}, et le signataire nommé est "
            f"« {signatory} » : vérifiez qui a signé."
        )
    days = [one.day for one in theirs or found if one.day]
    if days and signed_on and signed_on not in days:
        warnings.append(
            f"La signature électronique est du {_day(days[0])}, et le jour de signature déclaré "
            f"est le {_day(signed_on)} : vérifiez lequel est le bon."
        )
    return warnings


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
