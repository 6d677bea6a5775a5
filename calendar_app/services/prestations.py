"""Prestations: one Client × one dispositif × one Fournisseur."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Kind
from accounts.services.organisations import organisation_create
from calendar_app.models import Prestation, Supplier
from calendar_app.services.deadlines import open_deadlines
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from journal.services.readings import check_fields
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import Organisation

ORDER = ("order_reference", "ordered_on")


@transaction.atomic
def prestation_create(
    *,
    supplier: Supplier,
    client: Organisation,
    order_reference: str = "",
    ordered_on: dt.date | None = None,
    by: By,
) -> Prestation:
    """Create a prestation and its deadlines. Missing rights never block this (DOMAIN §3)."""
    if client.kind != Kind.CLIENT:
        raise ValidationError({"client": f"« {client} » n'est pas un Client."})
    prestation = Prestation(
        supplier=supplier,
        organisation=supplier.organisation,
        dispositif=supplier.solution.dispositif,
        client=client,
        order_reference=order_reference,
        ordered_on=ordered_on,
        created_at=by.at,
    )
    check_order(prestation, by.at)
    save_tracked(prestation, by=by)
    open_deadlines(prestation=prestation, now=by.at)
    return prestation


@transaction.atomic
def prestation_create_with_client(
    *,
    supplier: Supplier,
    client: Mapping[str, Any],
    order_reference: str = "",
    ordered_on: dt.date | None = None,
    by: By,
) -> Prestation:
    """The Client that the directory lacks, by its identity, and its prestation: both or neither.
    Raises ValidationError, as the services of each do."""
    found = organisation_create(kind=Kind.CLIENT, by=by, **client)
    return prestation_create(
        supplier=supplier,
        client=found,
        order_reference=order_reference,
        ordered_on=ordered_on,
        by=by,
    )


@transaction.atomic
def prestation_update(
    *,
    prestation: Prestation,
    order_reference: str,
    ordered_on: dt.date | None,
    read: str | None = None,
    by: By,
) -> Prestation:
    """Change the bon de commande; Client, solution and Fournisseur are what the prestation is.

    `read` is the stamp of what the person read: see `readings`.
    """
    row = lock_row(prestation)
    check_fields(read, row, ORDER, what="modifié ce bon de commande")
    row.order_reference = order_reference
    row.ordered_on = ordered_on
    check_order(row, by.at)
    save_tracked(row, by=by)
    return row


def check_order(prestation: Prestation, now: dt.datetime) -> None:
    """Raises ValidationError for a bon de commande signed in the future."""
    if prestation.ordered_on and prestation.ordered_on > paris.day(now):
        raise ValidationError(
            {"ordered_on": "Cette date est à venir : indiquez le jour de la signature."}
        )
