"""The overview: every DRIMbox prestation that a person sees, closed for one period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q

from accounts.models import Organisation
from accounts.selectors.organisations import named
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from perf.display import words
from perf.engine.instants import HOUR, Interval, to_us
from perf.engine.rules import CONTINU, OUVRABLE, Rules
from perf.models import Outage
from perf.rules.figures import Figure
from perf.rules.periods import MOMENT, ObservationPeriod
from perf.selectors.park import ParkLine, close_park
from perf.selectors.rules import ParkRules, park_rules
from perf.selectors.situations import unmeasured

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

SCORES = ("perf-1", "perf-0-5", "perf-0")
"""Views that other pages open: no tab of their own."""

HALF = Fraction(1, 2)
NEAR = 2 * HOUR
"""Less than this before a threshold, a prestation is shown as near it."""

COLUMNS = {
    "pk": "pk",
    "client": "client__name",
    "finess": "client__finess",
    "organisation": "organisation__name",
    "solution": "supplier__solution__name",
    "proxy": "supplier__solution__proxy_name",
    "service": "perf_service__pk",
    "code": "perf_service__code",
    "created_at": "perf_service__created_at",
}


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A prestation in the period. `code` is None until its service is declared. `figure`, `other`
    and `uncontested` are None then, and where nothing was measured in the period. `other`: the
    reading that the rules do not choose; `uncontested`: D_f without what is contested, None when
    nothing is. `since`: nobody was measuring before, None when the whole period is followed.
    """

    pk: int
    client: str
    finess: str
    organisation: str
    solution: str
    code: str | None
    since: dt.datetime | None
    base: str
    figure: Figure | None
    other: Figure | None
    uncontested: Figure | None
    contested: int
    is_open: bool

    @property
    def left(self) -> int | None:
        """The budget left before the next threshold; None once the last is passed."""
        left = self.figure.left if self.figure else []
        return next((budget for budget in left if budget >= 0), None)

    @property
    def falls_to(self) -> Fraction | None:
        """PERF beyond the next threshold; None once the last is passed."""
        falls = self.figure.scale.falls if self.figure else []
        counted = self.figure.counted if self.figure else 0
        return next((to for step, to in falls if counted <= step.limit), None)

    @property
    def is_unmeasured(self) -> bool:
        """Declared, but nothing was measured in the period: not followed yet, or not begun."""
        return self.code is not None and self.figure is None

    @property
    def other_reading(self) -> str:
        return words.READINGS[CONTINU if self.base == OUVRABLE else OUVRABLE]

    @property
    def is_near(self) -> bool:
        return self.left is not None and self.left < NEAR

    @property
    def differs(self) -> bool:
        """The two readings do not give the same PERF."""
        return bool(self.figure and self.other and self.figure.perf != self.other.perf)


VIEWS: Mapping[str, tuple[str, Callable[[OverviewRow], bool]]] = MappingProxyType(
    {
        "": ("Toutes", lambda _row: True),
        "baisse": ("PERF inférieur à 1", lambda row: bool(row.figure and row.figure.perf < 1)),
        "perf-1": ("PERF 1", lambda row: bool(row.figure and row.figure.perf == 1)),
        "perf-0-5": ("PERF 0,5", lambda row: bool(row.figure and row.figure.perf == HALF)),
        "perf-0": ("PERF 0", lambda row: bool(row.figure and row.figure.perf == 0)),
        "proches": ("À moins de 2 h d'un seuil", lambda row: row.is_near),
        "en-cours": ("À l'arrêt", lambda row: row.is_open),
        "contestees": ("Avec contestation", lambda row: row.contested > 0),
        "a-declarer": ("Service à déclarer", lambda row: row.code is None),
        "sans-mesure": ("Sans mesure", lambda row: row.is_unmeasured),
    }
)
"""What the list can be narrowed to: the name in the address, the label and the choice."""

SORTS: Mapping[str, Callable[[OverviewRow], Any]] = MappingProxyType(
    {
        "client": lambda row: row.client.casefold(),
        "solution": lambda row: row.solution.casefold(),
        "fournisseur": lambda row: row.organisation.casefold(),
        "df": lambda row: row.figure.counted if row.figure else 0,
        "perf": lambda row: (row.figure.perf, -row.figure.counted) if row.figure else (),
        "reste": lambda row: -1 if row.left is None else row.left,
    }
)
MEASURED = frozenset({"df", "perf", "reste"})
"""The columns that a prestation without a declared service leaves empty: it then comes last."""


def drimbox_seen(user: User, *, q: str = "", organisation: str = "") -> QuerySet[Prestation]:
    """`q`: words of the Client, its FINESS, the BDC, the solution or the code of the service."""
    found = prestations_seen(user, organisation=organisation).filter(dispositif__has_perf=True)
    if q.strip():
        found = found.filter(
            Q(client__in=Organisation.objects.clients().search(q))
            | Q(order_reference__icontains=q.strip())
            | Q(supplier__solution__name__icontains=q.strip())
            | Q(perf_service__code__icontains=q.strip())
        )
    return found


def fournisseurs(user: User) -> list[tuple[int, str]]:
    """The Fournisseurs of the DRIMbox prestations that a person sees, for the filter."""
    seen = Prestation.objects.visible_to(user).filter(dispositif__has_perf=True)
    return named(Exists(seen.filter(organisation=OuterRef("pk")).order_by()))


def overview(
    prestations: QuerySet[Prestation], *, period: ObservationPeriod, now: dt.datetime
) -> list[OverviewRow]:
    """All of them, by Client: four queries whatever their number."""
    found = prestations.order_by("client__name", "pk").values_list(*COLUMNS.values())
    subjects = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    park = park_rules(min(now, period.end - MOMENT))
    closed = _closed(prestations, subjects, park, period=period, now=now)
    rules, earlier = park.of(), _earlier(prestations, period)
    rows = []
    for subject in subjects:
        since = _since(subject, earlier, period)
        is_measured = bool(subject["service"]) and not unmeasured(since, period, now)
        line = closed.get(subject["service"])
        shown = since if since > period.start else None
        rows.append(_row(subject, line, rules, since=shown, is_measured=is_measured))
    return rows


def _earlier(
    prestations: QuerySet[Prestation], period: ObservationPeriod
) -> dict[int, dt.datetime]:
    """Service → its first outage, where it began before the service was declared: somebody was
    already looking. Only for the services declared since the period began.
    """
    found = Outage.objects.filter(
        service__prestation__in=prestations.values("pk"),
        service__created_at__gt=period.start,
        started_at__lt=F("service__created_at"),
    )
    firsts = found.order_by().values("service").annotate(first=Min("started_at"))
    return {row["service"]: row["first"] for row in firsts}


def _since(
    subject: dict[str, Any], earlier: Mapping[int, dt.datetime], period: ObservationPeriod
) -> dt.datetime:
    """As `measured_since` says, or the beginning of the period when that is before it."""
    created_at = subject["created_at"] or period.start
    first: dt.datetime = earlier.get(subject["service"], created_at)
    return max(period.start, first)


def _closed(
    prestations: QuerySet[Prestation],
    subjects: Sequence[dict[str, Any]],
    park: ParkRules,
    *,
    period: ObservationPeriod,
    now: dt.datetime,
) -> dict[int, ParkLine]:
    rules = park.of()
    local = {s["service"]: park.of(s["finess"]) for s in subjects if s["service"]}
    outages = Outage.objects.filter(service__prestation__in=prestations.values("pk"))
    with transaction.atomic():
        lines = close_park(
            outages,
            period=Interval(to_us(period.start), to_us(period.end)),
            rules=rules,
            now=to_us(now),
            own_rules={pk: own for pk, own in local.items() if own.spans != rules.spans},
        )
        return {line.service_id: line for line in lines}


def _row(
    subject: dict[str, Any],
    line: ParkLine | None,
    rules: Rules,
    *,
    since: dt.datetime | None,
    is_measured: bool,
) -> OverviewRow:
    figure = other = uncontested = None
    if is_measured:
        bases = (rules.base, rules.other_base)
        figure, other = (Figure(line.counted(b) if line else 0, rules.scale) for b in bases)
        if line and line.contested:
            uncontested = Figure(line.uncontested(rules.base), rules.scale)
    couple = f" / {subject['proxy']}" if subject["proxy"] else ""
    return OverviewRow(
        pk=subject["pk"],
        client=subject["client"],
        finess=subject["finess"],
        organisation=subject["organisation"],
        solution=f"{subject['solution']}{couple}",
        code=subject["code"],
        since=since if subject["service"] else None,
        base=rules.base,
        figure=figure,
        other=other,
        uncontested=uncontested,
        contested=line.contested if line else 0,
        is_open=bool(line and line.is_open),
    )


def in_order(rows: Sequence[OverviewRow], column: str, *, falling: bool) -> list[OverviewRow]:
    """By a column of SORTS; equal ones stay in the order of their Clients."""
    key = SORTS[column]
    if column not in MEASURED:
        return sorted(rows, key=key, reverse=falling)
    measured = sorted((row for row in rows if row.figure), key=key, reverse=falling)
    return [*measured, *(row for row in rows if not row.figure)]


@dataclass(frozen=True)
class Summary:
    """How many prestations have each score, the best first, and what asks for attention."""

    total: int
    scores: list[tuple[Fraction, int]]
    ongoing: int
    near: int
    undeclared: int
    unmeasured: int


def summary(rows: Sequence[OverviewRow]) -> Summary:
    scores = Counter(row.figure.perf for row in rows if row.figure)
    return Summary(
        total=len(rows),
        scores=sorted(scores.items(), reverse=True),
        ongoing=sum(row.is_open for row in rows),
        near=sum(row.is_near for row in rows),
        undeclared=sum(row.code is None for row in rows),
        unmeasured=sum(row.is_unmeasured for row in rows),
    )
