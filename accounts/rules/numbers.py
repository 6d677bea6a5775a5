"""SIREN, SIRET and FINESS numbers, spaces allowed on entry."""

import re
from types import ModuleType

from django.core.exceptions import ValidationError
from stdnum.fr import siren, siret

from segur.lib.texts import compact

FINESS = re.compile(r"([0-9]{2}|2[AB])[0-9]{7}")


def validate_siren(value: str) -> None:
    """Nine digits under Luhn's key."""
    if not _exists(siren, value):
        raise ValidationError(
            "Ce numéro SIREN n'existe pas : 9 chiffres, le dernier est une clé de contrôle. "
            "Relisez-le sur l'avis de situation INSEE.",
            code="siren",
        )


def validate_siret(value: str) -> None:
    """Fourteen digits, the first nine a SIREN, under Luhn's key."""
    if not _exists(siret, value):
        raise ValidationError(
            "Ce numéro SIRET n'existe pas : 14 chiffres, le dernier est une clé de contrôle. "
            "Relisez-le sur l'avis de situation INSEE.",
            code="siret",
        )


def _exists(kind: ModuleType, value: str) -> bool:
    """Zeros alone satisfy the key, and are nobody's number."""
    number = compact(value)
    return bool(kind.is_valid(number)) and number.strip("0") != ""


def validate_finess(value: str) -> None:
    """Nine characters, the first two the department (2A and 2B for Corsica)."""
    if not FINESS.fullmatch(compact(value)):
        raise ValidationError(
            "Ce numéro FINESS n'a pas la bonne forme : 9 caractères, par exemple 750000001.",
            code="finess",
        )
