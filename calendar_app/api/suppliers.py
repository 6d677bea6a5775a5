"""Fournisseurs of the solutions, and their rights: each party writes its own part."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.core.exceptions import ValidationError
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from accounts.api import reader
from api.resources import ActorRight, Resource
from api.types import Body, DayOrNone, example
from calendar_app.api.solutions import MUST_OWN, solutions
from calendar_app.models import Solution, Supplier
from calendar_app.permissions import can_edit_solution, can_edit_supplier, editable_rights
from calendar_app.services import suppliers as services
from journal.rules.by import By

router = Router(tags=["suppliers"])

MUST_HOLD = (
    "L'éditeur enregistre la déclaration et le mandat, le Fournisseur son habilitation EDC PSC : "
    "cette clé n'est ni de l'un ni de l'autre."
)
NOT_YOUR_PART = "Ce droit est enregistré par l'autre partie."


class MandateIn(Body):
    """La déclaration et le mandat : ceux que l'éditeur enregistre."""

    declared_on: DayOrNone = Field(None, description="La déclaration à l'ANS, déjà faite.")
    mandate_from: DayOrNone = Field(None, description="Le premier jour du mandat.")
    mandate_until: DayOrNone = Field(None, description="Le dernier jour du mandat, compris.")
    psc_by_mandate: bool = Field(
        default=False, description="Le mandat couvre aussi l'habilitation EDC PSC."
    )


class NewSupplierIn(MandateIn):
    model_config = example(
        {
            "siren": "990000002",
            "declared_on": "2026-03-02",
            "mandate_from": "2026-03-01",
            "mandate_until": "2028-02-29",
        }
    )

    siren: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")] = Field(
        description="Celui d'un distributeur inscrit."
    )


class RightsIn(MandateIn):
    """Un droit qui n'est pas envoyé garde sa valeur."""

    model_config = example({"psc_from": "2026-03-01", "psc_until": "2028-02-29"})

    psc_from: DayOrNone = Field(None, description="Le premier jour de l'habilitation EDC PSC.")
    psc_until: DayOrNone = Field(None, description="Son dernier jour, compris.")


class SupplierOut(Schema):
    """Une solution, et l'organisation qui la fournit."""

    id: int
    solution: int = Field(validation_alias="solution_id")
    solution_name: str
    fournisseur: str = Field(validation_alias="organisation.name")
    is_editeur: bool
    declared_on: dt.date | None
    mandate_from: dt.date | None
    mandate_until: dt.date | None
    psc_from: dt.date | None
    psc_until: dt.date | None
    psc_by_mandate: bool

    @staticmethod
    def resolve_solution_name(row: Supplier) -> str:
        return str(row.solution)


suppliers = Resource(
    router,
    SupplierOut,
    lambda request: Supplier.objects.visible_to(reader(request)).select_related(
        "organisation", "solution__organisation", "solution__dispositif"
    ),
)
suppliers.lists(
    "/suppliers",
    name="supplier_list",
    summary="Lister les fournitures",
    description=(
        "Chaque Fournisseur de chaque solution que vous voyez, avec ses droits : déclaration, "
        "mandat, habilitation EDC PSC."
    ),
    answer="Une page de fournitures.",
)
suppliers.reads(
    "/suppliers/{int:pk}",
    name="supplier_read",
    summary="Lire une fourniture",
    answer="La fourniture.",
)


@suppliers.act(
    "/solutions/{int:pk}/suppliers",
    of=solutions.rows,
    status=201,
    right=ActorRight(can_edit_solution, MUST_OWN),
    summary="Déclarer un distributeur",
    description="L'éditeur nomme un distributeur inscrit par son SIREN.",
    answer="Distributeur enregistré.",
)
def supplier_create(solution: Solution, by: By, payload: NewSupplierIn) -> Supplier:
    values = payload.model_dump()
    organisation = services.distributeur_of(values.pop("siren"))
    return services.supplier_create(solution=solution, organisation=organisation, by=by, **values)


@suppliers.act(
    "/suppliers/{int:pk}",
    method="PATCH",
    right=ActorRight(can_edit_supplier, MUST_HOLD),
    summary="Enregistrer les droits d'un Fournisseur",
    description=(
        "L'éditeur enregistre la déclaration et le mandat d'un distributeur, le Fournisseur son "
        "habilitation EDC PSC. Un droit qui n'est pas envoyé garde sa valeur."
    ),
    answer="La fourniture, avec ses droits.",
)
def supplier_update(supplier: Supplier, by: By, payload: RightsIn) -> Supplier:
    sent = payload.model_dump(exclude_unset=True)
    if others := sent.keys() - set(editable_rights(by.actor, supplier)):
        raise ValidationError(dict.fromkeys(sorted(others), NOT_YOUR_PART))
    return services.supplier_update(supplier=supplier, by=by, **sent)
