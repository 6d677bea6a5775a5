"""What a change of the couple DRIMbox / proxy obliges to look at again.

«C'est le couple DB / proxy qui est référencé» (seed): what was signed or validated of the couple
before it changed concerns another couple: the one in force on its own day. What concerns the
present couple, put back since, holds.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from calendar_app.models import Prestation, Solution, Supplier
from journal.models import Entry
from journal.querysets import EDIT, act_of
from pilots.enums import ConnectorState
from pilots.va.models import VA, Connector, CoupleCheck
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
    """One change of the couple; `pk` is the entry of the journal that made it."""

    pk: int
    at: dt.datetime
    who: str
    notes: list[str]
    before: str

    @property
    def day(self) -> dt.date:
        return paris.day(self.at)

    def follows(self, day: dt.date, recorded_at: dt.datetime | None) -> bool:
        """Whether what is of that day came first: of the same day, what was recorded before the
        change or, when that is not known, all of it.
        """
        same = recorded_at is None or recorded_at <= self.at
        return day < self.day or (day == self.day and same)


@dataclass(frozen=True)
class Couples:
    """Every couple that a solution was: what it is now, and its changes, newest first."""

    now: str
    changes: list[Change]

    def on(self, day: dt.date, recorded_at: dt.datetime | None = None) -> str:
        """The one in force on that day."""
        for change in reversed(self.changes):
            if change.follows(day, recorded_at):
                return change.before
        return self.now


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


def couples_of(solution: Solution) -> Couples:
    """From the journal. Giving what had been left empty is not changing it."""
    entries = Entry.objects.of(solution).filter(after__has_any_keys=list(COUPLE))
    edited = entries.filter(act=act_of(solution, EDIT)).select_related("signer").order_by("-pk")
    present = Solution.objects.values(*COUPLE).get(pk=solution.pk)
    changes, new = [], present
    for entry in edited:
        old = {**new, **entry.before}
        if notes := _notes(new, old):
            changes.append(Change(entry.pk, entry.at, str(entry.signer), notes, _couple(old)))
        new = old
    return Couples(_couple(present), changes)


def _notes(new: Mapping[str, str], old: Mapping[str, str]) -> list[str]:
    return [
        f"{label} : {old[name]} → {new[name] or 'vide'}"
        for name, label in COUPLE.items()
        if old[name] and old[name] != new[name]
    ]


def _couple(named: Mapping[str, str]) -> str:
    """«Passerelle 2.1 / Relais 1.4»."""
    halves = (("name", "version"), ("proxy_name", "proxy_version"))
    return " / ".join(" ".join(filter(None, (named[part] for part in half))) for half in halves)


def review(solution: Solution, user: User, *, prestation: Prestation | None = None) -> Review:
    """What is to look at again, as far as this person sees it; of one prestation alone if given.

    A number of queries that does not grow with the prestations.
    """
    if not solution.dispositif.needs_proxy:
        return Review(None, [])
    couples = couples_of(solution)
    change = next(iter(couples.changes), None)
    if change is None:
        return Review(None, [])
    checks = {
        check.subject: check
        for check in CoupleCheck.objects.filter(solution=solution, change=change.pk)
    }
    seen = Prestation.objects.visible_to(user).filter(supplier__solution=solution)
    found: list[Point] = []
    if prestation is None:
        found += _of_solution(solution, couples, user, has_prestations=seen.exists())
    else:
        seen = seen.filter(pk=prestation.pk)
    found += [*_of_vas(seen, couples), *_of_connectors(seen, couples)]
    return Review(change, [replace(point, check=checks.get(point.key)) for point in found])


def _of_solution(
    solution: Solution, couples: Couples, user: User, *, has_prestations: bool
) -> Iterable[Point]:
    yield from _of_referencing(solution, couples)
    if has_prestations:
        yield Point(
            "supervision",
            "Supervision et services de PERF",
            "Vérifiez que la supervision de l'ANS interroge toujours le bon service de chaque "
            "prestation.",
            reverse("perf:index"),
        )
    newest = couples.changes[0].day
    mandates = Supplier.objects.visible_to(user).filter(
        Q(mandate_until=None) | Q(mandate_until__gte=newest),
        solution=solution,
        mandate_from__lte=newest,
    )
    rows = mandates.exclude(organisation=solution.organisation_id).select_related("organisation")
    for row in rows:
        given_for = couples.on(row.mandate_from or newest)  # the query leaves none without
        if given_for != couples.now:
            yield Point(
                f"mandat:{row.pk}",
                f"Mandat · {row.organisation}",
                f"Donné du temps de {given_for} : vérifiez qu'il couvre le nouveau couple.",
                reverse("solutions:supplier_detail", args=[row.pk]),
            )


def _of_referencing(solution: Solution, couples: Couples) -> Iterable[Point]:
    page = reverse("solutions:detail", args=[solution.pk])
    day = solution.referenced_on
    if day is None:
        yield Point(
            "referencement",
            "Dossier de référencement",
            "C'est le couple DRIMbox / proxy qui est référencé : vérifiez que le dossier nomme "
            f"bien {couples.now}.",
            page,
        )
    elif (referenced := couples.on(day)) != couples.now:
        yield Point(
            "referencement",
            "Référencement",
            f"Il a été prononcé le {day:%d/%m/%Y} pour {referenced}. C'est le couple DRIMbox / "
            "proxy qui est référencé : voyez avec l'ANS s'il vaut pour le nouveau.",
            page,
        )


def _of_vas(prestations: Any, couples: Couples) -> Iterable[Point]:
    rows = VA.objects.filter(prestation__in=prestations).select_related("prestation__client")
    for row in rows.order_by("prestation__client__name", "pk"):
        signed_for = couples.on(row.signed_on, row.recorded_at)
        if signed_for != couples.now:
            yield Point(
                f"va:{row.pk}",
                f"VA · {row.prestation.client}",
                f"Signée le {row.signed_on:%d/%m/%Y}, pour {signed_for}.",
                reverse("va:detail", args=[row.prestation_id]),
                row.prestation_id,
            )


def _of_connectors(prestations: Any, couples: Couples) -> Iterable[Point]:
    rows = Connector.objects.filter(
        prestation__in=prestations, state=ConnectorState.VALIDATED
    ).select_related("prestation__client")
    validated: dict[Prestation, Counter[str]] = {}
    for row in rows.order_by("prestation__client__name", "on", "pk"):
        couple = couples.on(row.on, row.recorded_at) if row.on else couples.now
        if couple != couples.now:
            validated.setdefault(row.prestation, Counter())[couple] += 1
    for prestation, counts in validated.items():
        words = [
            f"{count} demi-connecteur{'s' * (count > 1)} validé{'s' * (count > 1)} avec {couple}"
            for couple, count in counts.items()
        ]
        yield Point(
            f"connecteurs:{prestation.pk}",
            f"Demi-connecteurs · {prestation.client}",
            f"{', '.join(words)}.",
            reverse("installation:connectors", args=[prestation.pk]),
            prestation.pk,
        )


def past(solution: Solution) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`: every change and what was looked at after it."""
    found = [
        {"at": one.at, "who": one.who, "what": "Couple modifié", "note": "\n".join(one.notes)}
        for one in couples_of(solution).changes
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
