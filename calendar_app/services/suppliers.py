"""Fournisseurs: the distributeurs that an éditeur declares, and the rights of each."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.rules.numbers import validate_siren
from calendar_app.models import Solution, Supplier
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from journal.services.readings import check_fields
from segur.lib import paris
from segur.lib.texts import compact

UNKNOWN_SIREN = (
    "Aucun distributeur inscrit ne porte ce SIREN. Vérifiez-le, puis demandez à l'ANS d'inscrire "
    "ce distributeur : vous pourrez alors le déclarer."
)


class MandateFields(TypedDict, total=False):
    declared_on: dt.date | None
    mandate_from: dt.date | None
    mandate_until: dt.date | None
    psc_by_mandate: bool


class RightsFields(MandateFields, total=False):
    psc_from: dt.date | None
    psc_until: dt.date | None


def distributeur_of(siren: str) -> Organisation:
    """The distributeur that carries exactly this SIREN, or ValidationError on the field `siren`.

    An éditeur names its distributeurs; it never browses those of others.
    """
    try:
        validate_siren(siren)
    except ValidationError as error:
        raise ValidationError({"siren": error}) from None
    found = Organisation.objects.filter(
        kind=Kind.DISTRIBUTEUR, siren=compact(siren), is_active=True
    ).first()
    if found is None:
        raise ValidationError({"siren": UNKNOWN_SIREN}, code="unknown")
    return found


@transaction.atomic
def supplier_create(
    *,
    solution: Solution,
    organisation: Organisation,
    by: By,
    **fields: Unpack[RightsFields],
) -> Supplier:
    """Add a distributeur to a solution, with what is known of its declaration and mandate."""
    if organisation.kind != Kind.DISTRIBUTEUR:
        raise ValidationError({"siren": "Cette organisation n'est pas un distributeur."})
    supplier = Supplier(solution=solution, organisation=organisation, created_at=by.at, **fields)
    _check(supplier, by.at)
    save_tracked(supplier, by=by)
    return supplier


@transaction.atomic
def supplier_update(
    *,
    supplier: Supplier,
    read: str | None = None,
    by: By,
    **fields: Unpack[RightsFields],
) -> Supplier:
    """Change rights. Who may change which is the caller's question (`permissions`); two people may
    each change their part at the same time, so only `fields` are taken from the caller. `read` is
    the stamp of what the person read in these fields: see `readings`.
    """
    row = lock_row(supplier, "organisation", "solution__organisation")
    check_fields(read, row, fields, what="modifié ces droits")
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row, by.at)
    save_tracked(row, by=by)
    return row


def _check(supplier: Supplier, now: dt.datetime) -> None:
    errors = {}
    if supplier.declared_on and supplier.declared_on > paris.day(now):
        errors["declared_on"] = "Cette date est à venir : enregistrez une déclaration déjà faite."
    for right in ("mandate", "psc"):
        start, end = getattr(supplier, f"{right}_from"), getattr(supplier, f"{right}_until")
        if end and not start:
            errors[f"{right}_from"] = "Indiquez aussi le premier jour de validité."
        elif end and end < start:
            errors[f"{right}_until"] = "La fin de validité est avant son début."
    if errors:
        raise ValidationError(errors)
