"""Changing a regulatory parameter: a new line with its effect, source and author, never an edit."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from journal.enums import Readers
from journal.rules.by import By
from journal.services.entries import write
from parameters.models import RegulatoryParameter
from parameters.rules.kinds import Parameter, ParameterKind, Value
from parameters.rules.registry import HOURS, ORDERED, REGISTRY
from parameters.selectors import histories, value_in
from segur.lib import paris
from segur.lib.opening_hours import windows

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
    by: By,
) -> RegulatoryParameter:
    """Set the value from an instant on, past (a text that held already) or to come.

    Append-only, so two responsables at once both leave their line and the later one holds.
    Raises PermissionDenied, KeyError for an unknown key, ValidationError for the rest.
    """
    if not by.actor.is_responsable:
        raise PermissionDenied("Seul un responsable de l'ANS modifie un paramètre.")
    parameter = REGISTRY[key]
    try:
        value = parameter.read(value)
    except ValueError as refusal:
        raise ValidationError({"value": str(refusal)}) from refusal
    if parameter.kind == ParameterKind.ADDRESS:
        _refuse_bad_address(str(value))
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
    created = RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=effective_from,
        source=source.strip(),
        is_confirmed=is_confirmed,
        author=by.actor,
        author_name=by.name,
        created_at=by.at,
    )
    _journal(parameter, created, by)
    for pair in ORDERED:
        if key in pair:
            _refuse_wrong_order(*pair)
    if key in HOURS:
        _refuse_closed_week()
    return created


def _journal(parameter: Parameter, version: RegulatoryParameter, by: By) -> None:
    since = paris.short(version.effective_from)
    write(
        version,
        "parameter.amend",
        by=by,
        what=f"{parameter.label} : {version.shown}, à partir du {since}",
        note=f"Source : {version.source}",
        label=parameter.label,
        readers=Readers.ANS,
    )


def _refuse_wrong_order(lower: str, upper: str) -> None:
    """At no date of effect may the first be above the second; the change is then undone."""
    found = histories([lower, upper])
    for at in sorted({start for history in found.values() for start, _value in history}):
        least, most = (value_in(found[key], key, at) for key in (lower, upper))
        if int(least) > int(most):
            raise ValidationError(
                {
                    "value": f"À partir du {paris.day(at):%d/%m/%Y}, « {REGISTRY[lower].label} » "
                    f"({REGISTRY[lower].shown(least)}) dépasserait « {REGISTRY[upper].label} » "
                    f"({REGISTRY[upper].shown(most)}). Changez l'autre seuil d'abord."
                }
            )


def _refuse_closed_week() -> None:
    """At no date of effect may the whole week be closed; the change is then undone."""
    found = histories(HOURS)
    for at in sorted({start for history in found.values() for start, _value in history}):
        if not any(windows(str(value_in(found[key], key, at))) for key in HOURS):
            raise ValidationError(
                {
                    "value": f"À partir du {paris.day(at):%d/%m/%Y}, aucun jour ne serait ouvert : "
                    "la GTI et la GTR ne courraient plus. Ouvrez d'abord un autre jour."
                }
            )


def _refuse_bad_address(value: str) -> None:
    try:
        is_web_address(value)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
