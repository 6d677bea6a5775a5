"""Reads for the statistics of the review, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from accounts.permissions import is_responsable
from journal.models import Entry
from journal.querysets import type_of
from pilots.enums import PVState
from pilots.pv.models import PilotPV, PVDecision
from pilots.pv.rules import statistics as rules
from pilots.pv.rules.statistics import Decided, ReviewGroup, WeekFlow
from pilots.pv.selectors.queue import ended_reviews
from segur.lib import charts, paris
from segur.lib.remaining import Meaning
from segur.lib.tables import Cell

WEEKS, MONTHS = 26, 12


@dataclass(frozen=True)
class Statistics:
    """`agents` are those whose figures this person may see; `whole` is None before the first
    decision.
    """

    weeks: list[WeekFlow]
    months: list[tuple[dt.date, ReviewGroup]]
    agents: list[tuple[str, ReviewGroup]]
    kinds: list[tuple[str, int]]
    lines: list[tuple[str, int]]
    whole: ReviewGroup | None

    @property
    def received(self) -> int:
        return sum(week.received for week in self.weeks)

    @property
    def decided(self) -> int:
        return sum(week.decided for week in self.weeks)

    @property
    def chart(self) -> charts.CurveChart | None:
        return charts.curves(
            [
                charts.Series(
                    "PV reçus",
                    charts.Stroke.DASHED,
                    [(week.monday, week.received) for week in self.weeks],
                ),
                charts.Series(
                    "PV décidés",
                    charts.Stroke.SOLID,
                    [(week.monday, week.decided) for week in self.weeks],
                ),
            ]
        )

    @property
    def month_rows(self) -> list[tuple[str, list[charts.BarPart]]]:
        return [
            (f"{month:%m/%Y}", [_conform(group), _refused(group)]) for month, group in self.months
        ]

    @property
    def bars(self) -> tuple[charts.Bar, ...]:
        return charts.bars(self.month_rows)

    @property
    def legend(self) -> list[tuple[Meaning, str]]:
        return charts.legend(self.month_rows)


def _conform(group: ReviewGroup) -> charts.BarPart:
    return charts.BarPart("conformes", Meaning.DONE, group.count - group.refused)


def _refused(group: ReviewGroup) -> charts.BarPart:
    return charts.BarPart("non conformes", Meaning.LATE, group.refused)


def statistics(user: User, *, now: dt.datetime) -> Statistics:
    found, today = decided(), paris.day(now)
    recent = [one for one in found if _months_ago(one, today) < MONTHS]
    sent = Entry.objects.filter(subject_type=type_of(PilotPV), act="pv.send")
    agents = rules.groups(
        (one for one in recent if may_name(user, one)), lambda one: (one.agent_id, one.agent)
    )
    whole = rules.groups(recent, lambda _one: "")
    return Statistics(
        weeks=rules.flow(
            sent.values_list("at", flat=True), (one.at for one in found), today=today, weeks=WEEKS
        ),
        months=sorted(rules.groups(recent, rules.month_of).items(), reverse=True),
        agents=sorted((name, group) for (_pk, name), group in agents.items()),
        kinds=rules.reasons(recent, 0),
        lines=rules.reasons(recent, 1),
        whole=whole.get(""),
    )


def _months_ago(one: Decided, today: dt.date) -> int:
    month = rules.month_of(one)
    return 12 * (today.year - month.year) + today.month - month.month


def may_name(user: User, one: Decided) -> bool:
    """The figures of an agent are for that agent and for the responsables."""
    return is_responsable(user) or one.agent_id == user.pk


def decided() -> list[Decided]:
    """Every review that has ended, oldest first, with its decision: two queries."""
    final = PVDecision.objects.exclude(confirmed_at=None)
    decisions = {(one.pv_id, one.confirmed_at): one for one in final}
    reviews = sorted(ended_reviews(), key=lambda review: (review.at, review.pv_id))
    return [
        _decided(decision, review.days)
        for review in reviews
        if (decision := decisions.get((review.pv_id, review.at)))
    ]


def _decided(decision: PVDecision, days: int) -> Decided:
    assert decision.confirmed_at is not None  # noqa: S101  (for the type checker)
    return Decided(
        pv_id=decision.pv_id,
        at=decision.confirmed_at,
        days=days,
        is_conform=decision.outcome == PVState.CONFORM,
        agent_id=decision.decided_by_id,
        agent=decision.decided_by_name,
        reasons=tuple((one["kind_label"], one["label"]) for one in decision.reasons),
    )


HEADER = (
    *("PV", "Client", "Fournisseur", "Solution", "Décidé le (heure de Paris)"),
    *("Décision", "Délai en jours ouvrés", "Agent", "Motifs"),
)


def rows(user: User) -> Iterator[tuple[Cell, ...]]:
    """A line for each review that has ended; the agent only where this person may see who it is."""
    found = decided()
    pvs = PilotPV.objects.select_related(
        "pilot__prestation__client",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__solution",
    ).in_bulk([one.pv_id for one in found])
    for one in found:
        prestation = pvs[one.pv_id].pilot.prestation
        yield (
            one.pv_id,
            str(prestation.client),
            str(prestation.organisation),
            str(prestation.supplier.solution),
            one.at,
            str((PVState.CONFORM if one.is_conform else PVState.NOT_CONFORM).label),
            one.days,
            one.agent if may_name(user, one) else None,
            " ; ".join(f"{line} : {kind}" for kind, line in one.reasons),
        )
