"""Solutions: a RIS, or a couple DRIMbox / proxy, and its référencement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Kind
from calendar_app.models import Dispositif, Solution, Supplier
from calendar_app.services.deadlines import open_deadlines
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from journal.services.readings import check_fields
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import Organisation

IDENTITY = ("name", "version", "proxy_name", "proxy_version", "market")
REFERENCING = ("referenced_on", "reference_number")


class SolutionFields(TypedDict, total=False):
    name: str
    version: str
    proxy_name: str
    proxy_version: str
    market: str


@transaction.atomic
def solution_create(
    *,
    organisation: Organisation,
    dispositif: Dispositif,
    referenced_on: dt.date | None = None,
    reference_number: str = "",
    by: By,
    **fields: Unpack[SolutionFields],
) -> Solution:
    """Create a solution, its deadlines, and the éditeur's own row of Fournisseur: it may always
    carry out prestations of its solution, without declaration nor mandate.
    """
    if organisation.kind != Kind.EDITEUR:
        raise ValidationError("Seul un éditeur enregistre des solutions.")
    solution = Solution(
        organisation=organisation,
        dispositif=dispositif,
        referenced_on=referenced_on,
        reference_number=reference_number,
        created_at=by.at,
        **fields,
    )
    _check(solution, by.at)
    save_tracked(solution, by=by)
    own = Supplier(organisation=organisation, solution=solution, created_at=by.at)
    save_tracked(own, by=by)
    open_deadlines(solution=solution, now=by.at)
    return solution


@transaction.atomic
def solution_update(
    *,
    solution: Solution,
    read: str | None = None,
    by: By,
    **fields: Unpack[SolutionFields],
) -> Solution:
    """Change the identity or the market; the éditeur and the dispositif never change.

    A new version, or another proxy for the same DRIMbox, is the same solution: its history keeps
    what it was. `read` is the stamp of what the person read, None where nobody did: see `readings`.
    """
    row = _locked(solution)
    check_fields(read, row, IDENTITY, what="modifié cette solution")
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row, by.at)
    save_tracked(row, by=by)
    return row


@transaction.atomic
def solution_reference(
    *,
    solution: Solution,
    referenced_on: dt.date | None,
    reference_number: str,
    read: str | None = None,
    by: By,
) -> Solution:
    """Record the référencement Vague 2 that the ANS pronounced, or correct it."""
    row = _locked(solution)
    check_fields(read, row, REFERENCING, what="modifié ce référencement")
    row.referenced_on = referenced_on
    row.reference_number = reference_number
    _check(row, by.at)
    save_tracked(row, by=by)
    return row


def _locked(solution: Solution) -> Solution:
    return lock_row(solution, "organisation", "dispositif")


def _check(solution: Solution, now: dt.datetime) -> None:
    errors = {}
    if not solution.dispositif.needs_proxy and (solution.proxy_name or solution.proxy_version):
        errors["proxy_name"] = (
            f"Un {solution.dispositif} est référencé seul : laissez vides le proxy et sa version."
        )
    if solution.referenced_on and solution.referenced_on > paris.day(now):
        errors["referenced_on"] = "Cette date est à venir : enregistrez un référencement prononcé."
    if solution.reference_number and not solution.referenced_on:
        errors["referenced_on"] = "Indiquez la date du référencement, avec son numéro."
    if errors:
        raise ValidationError(errors)
