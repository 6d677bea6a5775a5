"""Set the value of a regulatory parameter, or retire one: never an edit (ADR 0007)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from journal.enums import Readers
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write
from journal.services.readings import check_effects
from parameters.models import RegulatoryParameter
from parameters.rules.kinds import Parameter, ParameterKind, Value
from parameters.rules.registry import HOURS, ORDERED, REGISTRY
from parameters.selectors import histories, value_in
from parameters.services.effects import ParameterChange, measure, tell
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
    seen: str | None = None,
    by: By,
) -> RegulatoryParameter:
    """Set the value from an instant on, past (a text that held already) or to come, and write to
    those whose figures change. `seen`: the stamp of the change that the person has read, None where
    nobody did.

    Only adds, so two responsables at once both leave their line and the later one holds.
    Raises PermissionDenied, KeyError for an unknown key, ValidationError for the rest.
    """
    change = amendment(
        key=key,
        value=value,
        effective_from=effective_from,
        source=source,
        is_confirmed=is_confirmed,
        by=by,
    )
    check_effects(seen, change.stamp)
    tell(change, by=by)
    return change.version


def amendment(*, key: str, effective_from: dt.datetime, by: By, **given: Any) -> ParameterChange:
    """The same without its mails, in the caller's transaction, with what it changes."""
    _demand(by)
    return measure(
        key,
        max(by.at, effective_from),
        lambda: _set(key=key, effective_from=effective_from, by=by, **given),
    )


@transaction.atomic
def parameter_retire(
    *, version: RegulatoryParameter, reason: str, seen: str | None = None, by: By
) -> RegulatoryParameter:
    """Give back the value that held before this one, with its source. The retired value stays in
    the history. Raises PermissionDenied, and ValidationError without a reason or a second time.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez pourquoi cette valeur est retirée."})
    change = retirement(version=version, reason=reason, by=by)
    check_effects(seen, change.stamp)
    tell(change, by=by)
    return change.version


def retirement(*, version: RegulatoryParameter, reason: str, by: By) -> ParameterChange:
    """The same without its mails, in the caller's transaction, with what it changes."""
    _demand(by)
    return measure(
        version.key,
        max(by.at, version.effective_from),
        lambda: _retire(version, reason=reason.strip(), by=by),
    )


def _demand(by: By) -> None:
    if not by.actor.is_responsable:
        raise PermissionDenied("Seul un responsable de l'ANS modifie un paramètre.")


def _set(
    *,
    key: str,
    value: Value,
    effective_from: dt.datetime,
    source: str,
    is_confirmed: bool,
    by: By,
) -> RegulatoryParameter:
    parameter, source = REGISTRY[key], source.strip()
    value = _checked(parameter, value)
    if not source:
        raise ValidationError(
            {"source": "Indiquez le texte ou la décision qui donne cette valeur."}
        )
    standing = RegulatoryParameter.objects.standing()
    before = standing.filter(key=key, effective_from=effective_from).first()
    if before and (before.value, before.source, before.is_confirmed) == (
        value,
        source,
        is_confirmed,
    ):
        raise ValidationError("Rien ne change : cette valeur est déjà enregistrée à cette date.")
    created = RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=effective_from,
        source=source,
        is_confirmed=is_confirmed,
        author=by.actor,
        author_name=by.name,
        created_at=by.at,
    )
    _journal(created, "amend", by, note=f"Source : {source}")
    _check_order_and_week(key)
    return created


def _retire(version: RegulatoryParameter, *, reason: str, by: By) -> RegulatoryParameter:
    locked = lock_row(version)
    if locked.retired_at:
        raise ValidationError("Cette valeur est déjà retirée.")
    locked.retired_at, locked.retired_by_name, locked.retired_reason = by.at, by.name, reason
    locked.save(update_fields=["retired_at", "retired_by_name", "retired_reason"])
    _journal(locked, "retire", by, note=reason)
    _check_order_and_week(locked.key)
    return locked


def _journal(version: RegulatoryParameter, act: str, by: By, *, note: str) -> None:
    label, since = REGISTRY[version.key].label, paris.short(version.effective_from)
    retired = ", retirée" if version.retired_at else ""
    write(
        version,
        f"parameter.{act}",
        by=by,
        what=f"{label} : {version.shown}, à partir du {since}{retired}",
        note=note,
        label=label,
        readers=Readers.ANS,
    )


def _checked(parameter: Parameter, value: Value) -> Value:
    try:
        value = parameter.read(value)
        if parameter.kind == ParameterKind.ADDRESS:
            is_web_address(str(value))
    except ValueError as refusal:
        raise ValidationError({"value": str(refusal)}) from refusal
    except ValidationError as refusal:
        raise ValidationError({"value": refusal.messages}) from refusal
    return value


def _check_order_and_week(key: str) -> None:
    for pair in ORDERED:
        if key in pair:
            _refuse_wrong_order(*pair)
    if key in HOURS:
        _refuse_closed_week()


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
