"""Reads of the publications, for the public and for the ANS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from calendar_app.rules.datasets import OpenDocument
from calendar_app.selectors.unchanged import unchanged
from mailing.services.links import absolute, site_domain
from pilots.enums import PublicationState
from pilots.permissions import can_publish
from pilots.pv.models import Pilot, PilotPV, Publication
from pilots.pv.rules.gate import PilotFacts
from pilots.pv.selectors.gate import Key, facts_of, justified
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User

BORN = 2026
"""The year in the tags: that in which these addresses were first in use (RFC 4151)."""


def public_publications() -> QuerySet[Publication]:
    """What was published, what was withdrawn since among it; newest first. `again_at` is when one
    that was withdrawn was published again.
    """
    after = Publication.objects.filter(follows=OuterRef("pk")).exclude(published_at=None)
    return (
        Publication.objects.exclude(published_at=None)
        .select_related("solution__dispositif", "follows")
        .annotate(again_at=Subquery(after.order_by("pk").values("published_at")[:1]))
        .order_by("-published_at", "-pk")
    )


def changed_at(publications: Sequence[Publication]) -> dt.datetime | None:
    """When the list last changed; None while it is empty."""
    return max((row.changed_at for row in publications if row.changed_at), default=None)


def tag(publication: Publication) -> str:
    """Its name for ever, wherever it is read."""
    return f"tag:{site_domain()},{BORN}:installations-reussies/{publication.pk}"


def document(publications: Sequence[Publication], *, page: str) -> dict[str, Any]:
    """What `/installations-reussies/.json` says; instants are those of Paris, with their offset."""
    changed = changed_at(publications)
    return {
        **OpenDocument(titre="Premières installations réussies", page=absolute(page)).model_dump(),
        "modifie_le": _iso(changed),
        "publications": [_entry(row, page) for row in publications],
    }


def _entry(row: Publication, page: str) -> dict[str, Any]:
    return {
        "id": tag(row),
        "page": f"{absolute(page)}#publication-{row.pk}",
        "dispositif": row.solution.dispositif.code,
        "solution": row.solution_name,
        "version": row.solution_version or None,
        "editeur": row.editeur_name,
        "fournisseur": row.supplier_name or None,
        "etat": row.state,
        "publiee_le": _iso(row.published_at),
        "retiree_le": _iso(row.withdrawn_at),
        "motif_du_retrait": row.withdrawn_reason or None,
        "remplace": tag(row.follows) if row.follows else None,
    }


def _iso(instant: dt.datetime | None) -> str | None:
    return paris.local(instant).isoformat(timespec="seconds") if instant else None


def proposals() -> QuerySet[Publication]:
    """What waits for a responsable of the ANS, oldest first."""
    return (
        Publication.objects.filter(state=PublicationState.PROPOSED)
        .select_related("solution__organisation", "solution__dispositif", "organisation")
        .order_by("proposed_at", "pk")
    )


def recoverable(*, now: dt.datetime) -> list[Publication]:
    """What was withdrawn or set aside while its perimeter is still justified: the newest of each
    gate, which a responsable may propose again.
    """
    rows = Publication.objects.select_related("solution__organisation", "organisation")
    newest = {row.gate: row for row in rows.order_by("pk")}
    gone = [row for row in newest.values() if row.state == PublicationState.WITHDRAWN]
    solutions = [row.solution_id for row in gone]
    if not gone:
        return []
    keys = justified(Pilot.objects.filter(prestation__supplier__solution__in=solutions), now=now)
    return [row for row in gone if row.gate in keys]


def perimeter(publication: Publication, *, now: dt.datetime) -> list[PilotFacts]:
    """The pilots that the proposal rests on, those that count first."""
    pilots = Pilot.objects.filter(prestation__supplier__solution=publication.solution_id)
    by_solution = publication.organisation_id is None
    found = facts_of(pilots, now=now, by_solution=by_solution)
    facts = found[publication.solution_id, publication.organisation_id]
    return sorted(facts, key=lambda pilot: not pilot.is_justified)


def alive_publication(pv: PilotPV) -> Publication | None:
    """What is proposed or public of the solution, and of the Fournisseur where one is named."""
    prestation = pv.pilot.prestation
    return (
        Publication.objects.filter(solution=prestation.supplier.solution_id)
        .filter(Q(organisation=None) | Q(organisation=prestation.organisation_id))
        .exclude(state=PublicationState.WITHDRAWN)
        .order_by("-proposed_at", "-pk")
        .first()
    )


def outlives_its_reason(publication: Publication, *, now: dt.datetime) -> bool:
    """Public, though its pilots justify it no more: it stays so until it is withdrawn."""
    is_public = publication.state == PublicationState.PUBLISHED
    return is_public and not is_justified(publication, now=now)


def is_justified(publication: Publication, *, now: dt.datetime) -> bool:
    pilots = Pilot.objects.filter(prestation__supplier__solution=publication.solution_id)
    return publication.gate in justified(pilots, now=now)


def to_withdraw(*, now: dt.datetime) -> list[Publication]:
    """Public, though their pilots justify them no more, the oldest first."""
    find = partial(_unjustified, now)
    gone = unchanged("publications à retirer", find, but=NOT_OF_PILOTS, now=now)
    rows = Publication.objects.select_related("solution__organisation", "organisation")
    return list(rows.filter(pk__in=gone).order_by("published_at", "pk")) if gone else []


NOT_OF_PILOTS = ("perf.%", "calendar_app.deadline")


def _unjustified(now: dt.datetime) -> list[int]:
    public = Publication.objects.filter(state=PublicationState.PUBLISHED)
    solutions = public.values("solution")
    keys = justified(Pilot.objects.filter(prestation__supplier__solution__in=solutions), now=now)
    gates = public.values_list("pk", "solution_id", "organisation_id")
    return [pk for pk, *gate in gates if tuple(gate) not in keys]


class Matter(NamedTuple):
    """What the ANS has to see to, besides the queue; `url` is empty for who may only read it."""

    title: str
    what: str
    url: str
    label: str


def matters_of_review(user: User, now: dt.datetime) -> Iterator[Matter]:
    """Each publication to withdraw: a responsable opens the act, an agent reads it."""
    for row in to_withdraw(now=now):
        supplier = f", installée par {row.supplier_name}" if row.supplier_name else ""
        yield Matter(
            "À retirer",
            f"{row.solution_name}{supplier} reste publiée parmi les premières installations "
            "réussies alors que son périmètre pilote n'est plus justifié.",
            reverse("publications:withdraw", args=[row.pk]) if can_publish(user) else "",
            "Retirer la publication",
        )


def current_publications(solutions: Iterable[int]) -> dict[Key, Publication]:
    """By gate, the newest publication of these solutions; never a proposal that was set aside."""
    rows = Publication.objects.filter(solution__in=solutions).order_by("proposed_at", "pk")
    shown = rows.exclude(state=PublicationState.WITHDRAWN, published_at=None)
    return {row.gate: row for row in shown}
