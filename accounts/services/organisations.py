"""Open an organisation and keep its identity. A Client is shared by all: one FINESS, one Client."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.selectors.organisations import clients_named_alike
from journal.models import Entry
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write, write_each

IDENTITY = {
    "name": "nom",
    "siren": "SIREN",
    "siret": "SIRET",
    "finess": "FINESS",
    "city": "commune",
    "is_active": "ouverte",
}
BATCH = 1000
CREATED = "Organisation enregistrée"
ALIKE = "alike"
"""Code of the error on a Client whose name others have; its params give `others`, their pks."""
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
    distinct_from: Collection[int] = (),
    by: By,
) -> Organisation:
    """`distinct_from`: Clients of the same name that the person has seen to be others. Raises
    ValidationError, of code ALIKE where the directory has others of that name.

    A second organisation of the kind ANS would see everything: it opens when another responsable
    confirms it (`second_ans_confirm`).
    """
    organisation = Organisation(
        kind=kind,
        name=name,
        siren=siren,
        siret=siret,
        finess=finess,
        city=city,
        is_active=kind != Kind.ANS or not Organisation.objects.filter(kind=Kind.ANS).exists(),
        created_at=by.at,
    )
    if kind == Kind.CLIENT:
        _refuse_alike(organisation, distinct_from)
    _save(organisation)
    is_client = kind == Kind.CLIENT
    what = "Client ajouté à l'annuaire" if is_client else CREATED
    if not organisation.is_active:
        what += ", à confirmer par un second Responsable de l'ANS"
    journal_organisation(organisation, "create", what, by=by)
    return organisation


@transaction.atomic
def second_ans_confirm(*, organisation: Organisation, by: By) -> Organisation:
    """Raises ValidationError for whoever recorded it, and where nothing waits."""
    locked = lock_row(organisation)
    if locked.kind != Kind.ANS or locked.is_active:
        raise ValidationError("Cette organisation n'attend pas de confirmation.")
    recorded = Entry.objects.of(locked).filter(act="organisation.create")
    if recorded.filter(signer__user_id=by.actor.pk).exists():
        raise ValidationError(
            "Vous avez enregistré cette organisation : un autre Responsable doit la confirmer."
        )
    locked.is_active = True
    _save(locked)
    journal_organisation(locked, "confirm", "Organisation de l'ANS confirmée", by=by)
    return locked


@transaction.atomic
def organisation_update(
    *, organisation: Organisation, reason: str, by: By, **changes: Any
) -> Organisation:
    """`changes` are fields of the identity, or `is_active`; the kind of an organisation stays.

    Raises ValidationError without a reason, and when nothing changes.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez le motif de la modification."})
    locked = lock_row(organisation)
    before = _identity(locked)
    for field in IDENTITY:
        setattr(locked, field, changes.get(field, getattr(locked, field)))
    if locked.kind == Kind.ANS and not locked.is_active:
        raise ValidationError({"is_active": "L'ANS ne peut pas être fermée : elle gère le site."})
    _save(locked)
    edit = _edit(before, _identity(locked))
    if not edit:
        raise ValidationError("Rien ne change : ces valeurs sont déjà enregistrées.")
    journal_organisation(locked, "update", by=by, note=reason.strip(), **edit)
    return locked


@transaction.atomic
def organisations_save(
    new: Sequence[Organisation],
    changed: Sequence[tuple[Organisation, Mapping[str, str]]],
    *,
    reason: str,
    by: By,
) -> None:
    """`organisation_create` and `organisation_update` of many éditeurs and distributeurs, already
    checked and the stored ones locked, in a number of queries that follows batches. `changed`: with
    the values that each had. Raises IntegrityError.
    """
    renamed = [row for row, _before in changed]
    for row in new:
        row.created_at = by.at
    for row in (*new, *renamed):
        row.set_search_text()
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    Organisation.objects.bulk_create(
        renamed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*IDENTITY, "search_text"],
    )
    created = {"what": CREATED}
    write_each("organisation.create", [(row, _own(row, created)) for row in new], by=by)
    edits = [(row, {**_edit(before, _identity(row)), "note": reason}) for row, before in changed]
    write_each("organisation.update", [(row, _own(row, edit)) for row, edit in edits], by=by)


def _own(row: Organisation, entry: dict[str, Any]) -> dict[str, Any]:
    """An organisation reads its own entries."""
    return {**entry, "organisation_id": row.pk}


def _edit(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of an identity that changes; empty where it does not."""
    changed = [name for name in IDENTITY if name in before and before[name] != after[name]]
    if not changed:
        return {}
    return {
        "what": "Identité modifiée : " + _words(before, after, changed),
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }


def journal_organisation(
    organisation: Organisation, act: str, what: str, *, by: By, **more: Any
) -> None:
    """An organisation reads its own entries; a Client has nobody who reads."""
    own = organisation.pk if organisation.kind != Kind.CLIENT else None
    write(
        organisation,
        f"organisation.{act}",
        by=by,
        what=what,
        organisation_id=own,
        **more,
    )


def _identity(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in IDENTITY}


def _words(before: Mapping[str, Any], after: Mapping[str, Any], changed: list[str]) -> str:
    """«nom : Imagix → Imagix Santé ; fermée»."""
    return " ; ".join(
        ("rouverte" if after[name] else "fermée")
        if name == "is_active"
        else f"{IDENTITY[name]} : {before[name] or 'vide'} → {after[name] or 'vide'}"
        for name in changed
    )


def _save(organisation: Organisation) -> None:
    organisation.full_clean(validate_constraints=False)
    if taken := duplicate_of(organisation):
        field, other = taken
        raise ValidationError({field: _duplicate(field, other)})
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:  # somebody has just opened the same one
        raise ValidationError(
            "Une organisation vient d'être enregistrée avec ce numéro : cherchez-la dans la liste."
        ) from None


def _refuse_alike(client: Organisation, distinct_from: Collection[int]) -> None:
    """A Client with the same number is refused anyway."""
    alike = [one for one in clients_named_alike(client.name) if one.finess != client.finess]
    if {one.pk for one in alike} - set(distinct_from):
        raise ValidationError(
            "L'annuaire a déjà un Client de ce nom, sous un autre numéro FINESS.",
            code=ALIKE,
            params={"others": [one.pk for one in alike]},
        )


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
    other = other.merged_into or other
    sentence = f"Ce numéro {field.upper()} est celui de « {other} »{place}, déjà enregistré."
    params = {"sentence": sentence, "other": other.pk}
    return ValidationError("%(sentence)s", code=DUPLICATE, params=params)
