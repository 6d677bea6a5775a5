"""Reads of the VA: where it stands, whom it waits for, how long is left (DOMAIN §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from documents.selectors import file_line
from pilots.enums import ConditionState, ConnectorState, VACase
from pilots.va.models import VA, Notification, VACondition, VAFile
from pilots.va.rules.two_months import TwoMonths, clock
from pilots.va.selectors.connectors import ConnectorLine
from segur.lib import paris
from segur.lib.numbers import counted
from segur.lib.remaining import Meaning, TimeLeft, time_left

if TYPE_CHECKING:
    from calendar_app.models import Prestation

WARNED = (5, 6)
"""The milestones that a delay should not outlast: the realisation and the solde."""

UNPROVED = (ConnectorState.TO_DO, ConnectorState.TESTED)

STATE_MEANINGS = {
    ConditionState.VERIFIED: Meaning.DONE,
    ConditionState.REPORTED: Meaning.TO_COME,
    ConditionState.VALIDATED: Meaning.DONE,
}


def clock_of(notification: Notification) -> TwoMonths:
    return clock(notification.notified_on, months=notification.months)


@dataclass(frozen=True)
class ConditionLine:
    condition: VACondition
    meaning: Meaning
    files: list[VAFile]

    @property
    def is_reported(self) -> bool:
        return self.condition.state == ConditionState.REPORTED

    @property
    def is_validated(self) -> bool:
        return self.condition.state == ConditionState.VALIDATED


@dataclass(frozen=True)
class VAStep:
    label: str
    day: dt.date | None
    meaning: Meaning
    state: str


@dataclass(frozen=True)
class Situation:
    """A VA at an instant. `clock` and `left` are None until the Client has notified."""

    va: VA
    today: dt.date
    notification: Notification | None
    clock: TwoMonths | None
    left: TimeLeft | None
    lines: list[ConditionLine]
    warnings: list[str]

    @property
    def age(self) -> int:
        """Days since the VA was signed."""
        return (self.today - self.va.signed_on).days

    @property
    def reported(self) -> int:
        """Conditions that were reported at the VA, validated since or not."""
        return sum(line.condition.state != ConditionState.VERIFIED for line in self.lines)

    @property
    def validated(self) -> int:
        return sum(line.is_validated for line in self.lines)

    @property
    def waiting(self) -> int:
        return self.reported - self.validated

    @property
    def next_waiting(self) -> VACondition | None:
        """The first condition that the Client has not validated yet."""
        return next((line.condition for line in self.lines if line.is_reported), None)

    @property
    def ended_on(self) -> dt.date | None:
        """The day of the last validation, once nothing waits."""
        if self.waiting or not self.validated:
            return None
        return max(line.condition.validated_on or dt.date.min for line in self.lines)

    @property
    def late_days(self) -> int:
        return self.clock.late_days(self.ended_on) if self.clock and self.ended_on else 0

    @property
    def is_running(self) -> bool:
        return self.clock is not None and self.waiting > 0

    @property
    def pill(self) -> tuple[Meaning, str]:
        """The state in one word or two, and what it means."""
        if self.va.case == VACase.ALL_VERIFIED:
            return Meaning.DONE, "Toutes les conditions vérifiées"
        if self.left is None:
            return Meaning.NEUTRAL, "En attente du RIS"
        if self.is_running:
            label = "Délai dépassé" if self.left.overdue else "Délai en cours"
            return self.left.meaning, label
        if self.late_days:
            return Meaning.LATE, f"Validée avec {counted(self.late_days, 'jour')} de retard"
        return Meaning.DONE, "Validée dans le délai"

    @property
    def steps(self) -> list[VAStep]:
        """From the finalisation to the last validation; in case 1 the VA is the last."""
        done = [
            VAStep("Prestation DRIMbox finalisée", self.va.finalised_on, Meaning.DONE, "Fait"),
            VAStep("VA signée par le Client", self.va.signed_on, Meaning.DONE, "Fait"),
        ]
        if self.va.case == VACase.ALL_VERIFIED:
            return done
        known = self.notification
        done.append(
            VAStep(
                "RIS en Vague 2, notifié par le Client",
                known.notified_on,
                Meaning.DONE,
                "Fait",
            )
            if known
            else VAStep("RIS en Vague 2, notifié par le Client", None, Meaning.NEUTRAL, "Attendu")
        )
        return [*done, self._last_step()]

    def _last_step(self) -> VAStep:
        label = "Conditions reportées validées par le Client"
        if self.ended_on:
            return VAStep(label, self.ended_on, *self.pill)
        if self.clock is None:
            return VAStep(label, None, Meaning.NEUTRAL, "Pas de délai")
        return VAStep(f"{label}, au plus tard", self.clock.last_day, *self.pill)


def contradictions(
    conditions: Iterable[ConditionLine], board: Iterable[ConnectorLine]
) -> list[str]:
    """Conditions that the Client has accepted of a half-connector that is not validated here. The
    conditions of the check-list that are about one bear its code.
    """
    accepted = {line.condition.code: line.condition for line in conditions if not line.is_reported}
    return [
        f"La condition « {condition.label} » est « {condition.get_state_display()} », mais son "
        f"demi-connecteur en est à « {line.state.label} »."
        for line in board
        if line.state in UNPROVED
        and (condition := accepted.get(line.kind.lower().replace("_", "-")))
    ]


def va_of(prestation: Prestation) -> VA | None:
    return VA.objects.filter(prestation=prestation).select_related("clock", "notification").first()


def without_notification() -> QuerySet[VA]:
    """The VA whose RIS is awaited: the Client has not notified yet."""
    return VA.objects.filter(case=VACase.SOME_REPORTED, notification=None)


def unanswered() -> QuerySet[VA]:
    """Of these, those whose Fournisseur was not asked for news yet."""
    return without_notification().filter(nudged_at=None)


def awaiting_ris(prestations: Iterable[int]) -> set[int]:
    """Of these prestations, those whose Client has not notified yet."""
    waiting = without_notification().filter(prestation__in=list(prestations))
    return set(waiting.values_list("prestation", flat=True))


def situation(va: VA, *, now: dt.datetime) -> Situation:
    """Where this VA stands. A fixed number of queries."""
    notification = getattr(va, "notification", None)
    running = clock_of(notification) if notification else None
    files = list(va.files.all())
    return Situation(
        va=va,
        today=paris.day(now),
        notification=notification,
        clock=running,
        left=time_left(running.due_at, now) if running else None,
        lines=[
            ConditionLine(
                condition=condition,
                meaning=STATE_MEANINGS[ConditionState(condition.state)],
                files=[file for file in files if file.condition_id == condition.pk],
            )
            for condition in va.conditions.all()
        ],
        warnings=warnings(va.prestation, running.due_at) if running else [],
    )


def warnings(prestation: Prestation, due_at: dt.datetime) -> list[str]:
    """The milestones of this prestation, at their dates of today, that come before the delay ends:
    waiting for its last day would miss them.
    """
    passed = prestation.deadlines.filter(milestone__number__in=WARNED, due_at__lt=due_at).order_by(
        "due_at", "pk"
    )
    return [
        f"Le dernier jour du délai tombe après le jalon {row.milestone.number}, « {row.title} », "
        f"à tenir {paris.before_long(row.fixed_at)}."
        for row in passed.select_related("milestone")
        if row.milestone
    ]


def file_lines(files: Iterable[VAFile]) -> list[dict[str, Any]]:
    """As `components/_file_line.html` shows them."""
    return [file_line(file, "va:file") for file in files]


def signed_files(va: VA) -> list[dict[str, Any]]:
    """The VA as signed, newest last; what a correction has replaced is still there."""
    found = list(va.files.filter(notification=None, condition=None, is_withdrawn=False))
    lines = file_lines(found)
    if len(lines) > 1:
        newest = found[-1].uploaded_at
        for number, (line, file) in enumerate(zip(lines, found, strict=True), 1):
            line |= {"version": number, "superseded": file.uploaded_at < newest}
    return lines


def withdrawn_files(va: VA) -> list[dict[str, Any]]:
    return file_lines(va.files.filter(is_withdrawn=True))
