"""SIREN, SIRET and FINESS numbers, spaces allowed on entry."""

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siren, siret

FINESS = re.compile(r"(\d{2}|2[AB])\d{7}")


def compact(number: str) -> str:
    return re.sub(r"[\s.\-]", "", number).upper()


def validate_siren(value: str) -> None:
    try:
        siren.validate(compact(value))
    except InvalidNumber:
        raise ValidationError(
            "Ce numéro SIREN n'existe pas : 9 chiffres, le dernier est une clé de contrôle. "
            "Relisez-le sur l'avis de situation INSEE.",
            code="siren",
        ) from None


def validate_siret(value: str) -> None:
    try:
        siret.validate(compact(value))
    except InvalidNumber:
        raise ValidationError(
            "Ce numéro SIRET n'existe pas : 14 chiffres, le dernier est une clé de contrôle. "
            "Relisez-le sur l'avis de situation INSEE.",
            code="siret",
        ) from None


def validate_finess(value: str) -> None:
    """Nine characters, the first two the department (2A and 2B for Corsica)."""
    if not FINESS.fullmatch(compact(value)):
        raise ValidationError(
            "Ce numéro FINESS n'a pas la bonne forme : 9 caractères, par exemple 750000001.",
            code="finess",
        )
