"""What a change of the couple DRIMbox / proxy obliges to look at again.

«C'est le couple DB / proxy qui est référencé» (seed): what was said, signed or validated of the
couple before it changed was said of another couple.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from calendar_app.models import Prestation, Solution, Supplier
from pilots.enums import ConnectorState
from pilots.models import VA, Connector, CoupleCheck
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User

COUPLE = {
    "name": "DRIMbox",
    "version": "Version de la DRIMbox",
    "proxy_name": "Proxy",
    "proxy_version": "Version du proxy",
}
KINDS = {
    "referencement": "Référencement",
    "supervision": "Supervision",
    "mandat": "Mandat",
    "va": "VA",
    "connecteurs": "Demi-connecteurs",
}
"""The first word of a point's key."""


@dataclass(frozen=True)
class Change:
    """One change of the couple; `pk` is the row of the history that made it."""

    pk: int
    at: dt.datetime
    who: str
    notes: list[str]
    before: str

    @property
    def day(self) -> dt.date:
        return paris.day(self.at)

    def precedes(self, day: str, recorded_at: str) -> Q:
        """What is of an earlier day, or of the same and recorded here before the change."""
        same = Q(**{day: self.day, f"{recorded_at}__lte": self.at})
        return Q(**{f"{day}__lt": self.day}) | same


@dataclass(frozen=True)
class Point:
    """One thing to look at again; `prestation_id` when it is of one; `check` once it was."""

    key: str
    title: str
    why: str
    url: str
    prestation_id: int | None = None
    check: CoupleCheck | None = None


@dataclass(frozen=True)
class Review:
    """Of the newest change: an earlier one asks for nothing that the newest does not ask again."""

    change: Change | None
    points: list[Point]

    @property
    def open(self) -> list[Point]:
        return [point for point in self.points if point.check is None]

    @property
    def closed(self) -> list[Point]:
        return [point for point in self.points if point.check]


def changes(solution: Solution) -> list[Change]:
    """Newest first. Giving what had been left empty is not changing it."""
    history: Any = solution.history
    records = list(history.select_related("history_user").order_by("-pk"))
    return [
        Change(
            pk=new.pk,
            at=new.history_date,
            who=str(new.history_user) if new.history_user else "Application",
            notes=notes,
            before=_couple(old),
        )
        for new, old in pairwise(records)
        if (notes := _notes(new, old))
    ]


def _notes(new: Any, old: Any) -> list[str]:
    return [
        f"{label} : {getattr(old, name)} → {getattr(new, name) or 'vide'}"
        for name, label in COUPLE.items()
        if getattr(old, name) and getattr(old, name) != getattr(new, name)
    ]


def _couple(row: Any) -> str:
    """«Passerelle 2.1 / Relais 1.4»."""
    halves = ((row.name, row.version), (row.proxy_name, row.proxy_version))
    return " / ".join(" ".join(filter(None, half)) for half in halves)


def review(solution: Solution, user: User, *, prestation: Prestation | None = None) -> Review:
    """What is to look at again, as far as this person sees it; of one prestation alone if given.

    A number of queries that does not grow with the prestations.
    """
    if not solution.dispositif.needs_proxy:
        return Review(None, [])
    change = next(iter(changes(solution)), None)
    if change is None:
        return Review(None, [])
    checks = {
        check.subject: check
        for check in CoupleCheck.objects.filter(solution=solution, change=change.pk)
    }
    seen = Prestation.objects.visible_to(user).filter(supplier__solution=solution)
    found: list[Point] = []
    if prestation is None:
        found += _of_solution(solution, change, user, has_prestations=seen.exists())
    else:
        seen = seen.filter(pk=prestation.pk)
    found += [*_of_vas(seen, change), *_of_connectors(seen, change)]
    return Review(change, [_with(point, checks.get(point.key)) for point in found])


def _with(point: Point, check: CoupleCheck | None) -> Point:
    return Point(point.key, point.title, point.why, point.url, point.prestation_id, check)


def _of_solution(
    solution: Solution, change: Change, user: User, *, has_prestations: bool
) -> Iterable[Point]:
    referenced = solution.referenced_on
    if referenced is None or referenced <= change.day:
        since = f"Il a été prononcé le {referenced:%d/%m/%Y} pour" if referenced else "Il nomme"
        yield Point(
            "referencement",
            "Référencement" if referenced else "Dossier de référencement",
            f"{since} {change.before}. C'est le couple DRIMbox / proxy qui est référencé : voyez "
            "avec l'ANS s'il vaut pour le nouveau.",
            reverse("solutions:detail", args=[solution.pk]),
        )
    if has_prestations:
        yield Point(
            "supervision",
            "Supervision et services de PERF",
            "Vérifiez que la supervision de l'ANS interroge toujours le bon service de chaque "
            "prestation.",
            reverse("perf:index"),
        )
    mandates = Supplier.objects.visible_to(user).filter(
        Q(mandate_until=None) | Q(mandate_until__gte=change.day),
        solution=solution,
        mandate_from__lte=change.day,
    )
    rows = mandates.exclude(organisation=solution.organisation_id).select_related("organisation")
    for row in rows:
        yield Point(
            f"mandat:{row.pk}",
            f"Mandat · {row.organisation}",
            f"Donné du temps de {change.before} : vérifiez qu'il couvre le nouveau couple.",
            reverse("solutions:supplier_detail", args=[row.pk]),
        )


def _of_vas(prestations: Any, change: Change) -> Iterable[Point]:
    rows = VA.objects.filter(
        change.precedes("signed_on", "recorded_at"), prestation__in=prestations
    ).select_related("prestation__client")
    for row in rows.order_by("prestation__client__name", "pk"):
        yield Point(
            f"va:{row.pk}",
            f"VA · {row.prestation.client}",
            f"Signée le {row.signed_on:%d/%m/%Y}, pour {change.before}.",
            reverse("va:detail", args=[row.prestation_id]),
            row.prestation_id,
        )


def _of_connectors(prestations: Any, change: Change) -> Iterable[Point]:
    rows = Connector.objects.filter(
        change.precedes("on", "recorded_at"),
        prestation__in=prestations,
        state=ConnectorState.VALIDATED,
    ).select_related("prestation__client")
    counts: dict[int, tuple[Prestation, int]] = {}
    for row in rows.order_by("prestation__client__name", "pk"):
        _, count = counts.get(row.prestation_id, (row.prestation, 0))
        counts[row.prestation_id] = (row.prestation, count + 1)
    for pk, (prestation, count) in counts.items():
        plural = "s" if count > 1 else ""
        yield Point(
            f"connecteurs:{pk}",
            f"Demi-connecteurs · {prestation.client}",
            f"{count} demi-connecteur{plural} validé{plural} avec {change.before}.",
            reverse("installation:connectors", args=[pk]),
            pk,
        )


def past(solution: Solution) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`: every change and what was looked at after it."""
    found = [
        {"at": one.at, "who": one.who, "what": "Couple modifié", "note": "\n".join(one.notes)}
        for one in changes(solution)
    ]
    found += [
        {
            "at": check.checked_at,
            "who": check.checked_by_name,
            "what": f"Revu : {KINDS[check.subject.partition(':')[0]]}",
            "note": check.note,
        }
        for check in CoupleCheck.objects.filter(solution=solution)
    ]
    return sorted(found, key=lambda entry: entry["at"], reverse=True)
