"""Open an organisation and keep its identity. A Client is shared by all: one FINESS, one Client."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Kind
from accounts.models import Organisation, User
from accounts.services.history import sign
from journal.rules.by import By

DUPLICATE = "duplicate"
"""Code of the error on a number that another organisation has; its params give `other`, a pk."""


@transaction.atomic
def organisation_create(
    *,
    kind: Kind,
    name: str,
    siren: str = "",
    siret: str = "",
    finess: str = "",
    city: str = "",
    by: By,
) -> Organisation:
    organisation = Organisation(
        kind=kind,
        name=name,
        siren=siren,
        siret=siret,
        finess=finess,
        city=city,
        created_at=by.at,
    )
    return _save(organisation, by.actor)


@transaction.atomic
def organisation_update(*, organisation: Organisation, actor: User, **changes: Any) -> Organisation:
    """`changes` are fields of the identity, or `is_active`; the kind of an organisation stays."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    for field in ("name", "siren", "siret", "finess", "city", "is_active"):
        setattr(locked, field, changes.get(field, getattr(locked, field)))
    if locked.kind == Kind.ANS and not locked.is_active:
        raise ValidationError({"is_active": "L'ANS ne peut pas être fermée : elle gère le site."})
    return _save(locked, actor)


def _save(organisation: Organisation, actor: User) -> Organisation:
    organisation.full_clean(validate_constraints=False)
    if taken := duplicate_of(organisation):
        field, other = taken
        raise ValidationError({field: _duplicate(field, other)})
    sign(organisation, actor)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:  # somebody has just opened the same one
        raise ValidationError(
            "Une organisation vient d'être enregistrée avec ce numéro : cherchez-la dans la liste."
        ) from None
    return organisation


def duplicate_of(organisation: Organisation) -> tuple[str, Organisation] | None:
    """The number (its field) that another organisation already has, and that organisation.

    A FINESS is one Client's; a SIREN may be both an éditeur's and a distributeur's.
    """
    others = Organisation.objects.exclude(pk=organisation.pk)
    if organisation.finess and (other := others.filter(finess=organisation.finess).first()):
        return "finess", other
    if organisation.kind == Kind.CLIENT or not organisation.siren:
        return None
    same = others.filter(kind=organisation.kind, siren=organisation.siren).first()
    return ("siren", same) if same else None


def _duplicate(field: str, other: Organisation) -> ValidationError:
    """Names the other, and carries its pk so that a page can link to it."""
    place = f" ({other.city})" if other.city else ""
    sentence = f"Ce numéro {field.upper()} est celui de « {other} »{place}, déjà enregistré."
    params = {"sentence": sentence, "other": other.pk}
    return ValidationError("%(sentence)s", code=DUPLICATE, params=params)
