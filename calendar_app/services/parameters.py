"""Changing a regulatory parameter: a new line with its effect, source and author, never an edit."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.models import User
from accounts.permissions import is_responsable
from calendar_app.models import RegulatoryParameter
from calendar_app.rules.parameters import REGISTRY, Value

WRONG_TYPE = {
    bool: "Répondez par oui ou par non.",
    int: "Indiquez un nombre entier.",
    str: "Indiquez une adresse.",
}
is_web_address = URLValidator(
    schemes=["https", "http"], message="Indiquez une adresse complète, qui commence par https://."
)


@transaction.atomic
def parameter_amend(
    *,
    key: str,
    value: Value,
    effective_from: dt.datetime,
    source: str,
    is_confirmed: bool,
    actor: User,
    now: dt.datetime,
) -> RegulatoryParameter:
    """Set the value from an instant on, past (a text that held already) or to come.

    Append-only, so two responsables at once both leave their line and the later one holds.
    Raises PermissionDenied, KeyError for an unknown key, ValidationError for the rest.
    """
    if not is_responsable(actor):
        raise PermissionDenied("Seul un responsable de l'ANS modifie un paramètre.")
    parameter = REGISTRY[key]
    if type(value) is not type(parameter.default):
        raise ValidationError({"value": WRONG_TYPE[type(parameter.default)]})
    if isinstance(value, str):
        _refuse_bad_address(value)
    if not source.strip():
        raise ValidationError(
            {"source": "Indiquez le texte ou la décision qui donne cette valeur."}
        )
    before = RegulatoryParameter.objects.filter(key=key, effective_from=effective_from).first()
    if before and (before.value, before.source, before.is_confirmed) == (
        value,
        source.strip(),
        is_confirmed,
    ):
        raise ValidationError("Rien ne change : cette valeur est déjà enregistrée à cette date.")
    return RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=effective_from,
        source=source.strip(),
        is_confirmed=is_confirmed,
        author=actor,
        author_name=str(actor),
        created_at=now,
    )


def _refuse_bad_address(value: str) -> None:
    try:
        is_web_address(value)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
