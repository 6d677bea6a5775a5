"""Reads of «Mes échéances»: what is next, how long is left, what is missing, who must act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from accounts.selectors.organisations import named
from calendar_app.enums import OPEN_STATES, Channel, FilingStatus, State
from calendar_app.models import Deadline, Filing, Prestation, Proof, Solution
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.rules.filing import is_in_time
from calendar_app.rules.parameters import ASP_URL, CONVERGENCE_URL, NOON_IN_TIME
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.pieces import PieceCount, piece_counts
from parameters.rules.kinds import Value
from parameters.selectors import value, value_at_any
from segur.lib.remaining import Meaning, TimeLeft, time_left
from teamwork.selectors.charges import people_in_charge

if TYPE_CHECKING:
    from accounts.models import User

CLOSED_STATES = (State.ACCEPTED, State.REFUSED, State.NOT_APPLICABLE)

_MEANINGS = {
    State.FILED: Meaning.TO_COME,
    State.ACCEPTED: Meaning.DONE,
    State.REFUSED: Meaning.LATE,
    State.NOT_APPLICABLE: Meaning.NEUTRAL,
}


@dataclass(frozen=True)
class Line:
    """One deadline as lists and pages show it."""

    deadline: Deadline
    left: TimeLeft
    draft: Filing | None
    filed: Filing | None
    in_time: bool | None
    unmet: list[Unmet]
    pieces: PieceCount | None = None
    person: User | None = None

    @property
    def meaning(self) -> Meaning:
        state = State(self.deadline.state)
        if state in (State.TO_CORRECT, State.DRAFT) and not self.left.overdue:
            return Meaning.SOON
        return _MEANINGS.get(state, self.left.meaning)

    @property
    def state(self) -> str:
        """«Déposé en retard, sans preuve», «Brouillon non déposé», «À faire»…"""
        label = self.deadline.get_state_display()
        if self.deadline.state in (State.FILED, State.ACCEPTED) and self.in_time is not None:
            proof = ", sans preuve" if self.filed and self.filed.is_without_proof else ""
            return f"{label} {'dans les délais' if self.in_time else 'en retard'}{proof}"
        if self.deadline.is_open and self.left.overdue:
            return f"{label} · en retard"
        return label

    @property
    def is_draft(self) -> bool:
        return self.draft is not None and self.deadline.is_open

    @property
    def channel(self) -> Channel:
        return self.deadline.channel

    @property
    def act_by(self) -> dt.datetime | None:
        """Until when acting is in time; None once it is too late."""
        return None if self.left.overdue else self.deadline.due_at

    @property
    def still_to_do(self) -> str:
        """What a draft still asks for, as it follows «il faut encore»."""
        if self.channel == Channel.HERE:
            return "déposer"
        if self.channel == Channel.NONE:
            return "déclarer la réalisation"
        return f"déposer sur {self.channel.place}, puis le déclarer sur ce site,"

    @property
    def action(self) -> str:
        """The verb of the main act, which says where the deposit is made."""
        if self.deadline.is_delay:
            return "Traiter l'échéance"
        return {
            Channel.HERE: "Déposer",
            Channel.NONE: "Déclarer la réalisation",
        }.get(self.channel, "Déclarer le dépôt")

    @property
    def missing(self) -> list[str]:
        """What must still be given before it can be filed, in words."""
        if not self.deadline.is_open or self.deadline.is_delay:
            return []
        missing = [f"{len(self.unmet)} condition{_s(self.unmet)} pour être payé"] * bool(self.unmet)
        if self.pieces and self.pieces.missing:
            missing.append(self.pieces.words)
        act = "la réalisation" if self.channel == Channel.NONE else "le dépôt"
        if self.draft is None:
            return [*missing, act]
        if self.draft.deposited_at is None and self.channel != Channel.HERE:
            missing.append("sa date")
        if not self.draft.proofs.all():
            missing.append("une pièce")
        return missing or [f"déclarer {act}"]

    @property
    def who(self) -> str:
        """Who must act now, and the `person` in charge; empty when nobody must."""
        if self.deadline.state == State.FILED:
            return "ANS : confirmer"
        if not self.deadline.is_open:
            return ""
        if self.unmet:
            return self.unmet[0].who
        organisation = self.deadline.organisation.name
        return f"{organisation} : {self.person}" if self.person else organisation


def lines(
    deadlines: DeadlineQuerySet, *, now: dt.datetime, reader: User | None = None
) -> list[Line]:
    """The deadlines, in their order, with what their lines show: a fixed number of queries. Who is
    in charge is named to a `reader` of the same organisation.
    """
    filings = Filing.objects.exclude(status=FilingStatus.ABANDONED).prefetch_related(
        Prefetch("proofs", queryset=Proof.objects.current())
    )
    rows = list(
        deadlines.with_subject().prefetch_related(
            Prefetch("filings", queryset=filings.order_by("-number"))
        )
    )
    unmet = unmet_of(rows, now)
    noon, pieces = value_at_any(NOON_IN_TIME), piece_counts(rows)
    own = {row.pk: row.organisation_id for row in rows if row.is_open}
    people = people_in_charge(Deadline, own, reader)
    return [
        replace(
            _line(row, unmet[row.pk], pieces.get(row.pk), now=now, noon=noon),
            person=people.get(row.pk),
        )
        for row in rows
    ]


def lines_of(keys: Sequence[int], *, now: dt.datetime, reader: User | None = None) -> list[Line]:
    """The lines of the deadlines of these keys, in this order: sorting again takes longer."""
    place = {pk: number for number, pk in enumerate(keys)}
    found = lines(Deadline.objects.filter(pk__in=keys).order_by(), now=now, reader=reader)
    return sorted(found, key=lambda line: place[line.deadline.pk])


def _line(
    deadline: Deadline,
    unmet: list[Unmet],
    pieces: PieceCount | None,
    *,
    now: dt.datetime,
    noon: Callable[[dt.datetime], Value],
) -> Line:
    """In time or late is measured as the receipt was: by the date and the rule that held then."""
    filings = list(deadline.filings.all())
    filed = next((f for f in filings if f.status == FilingStatus.FILED), None)
    in_time = None
    if filed and filed.deposited_at and filed.due_at:
        exact = bool(noon(filed.deposited_at))
        in_time = is_in_time(filed.deposited_at, filed.due_at, exact_is_in_time=exact)
    return Line(
        deadline=deadline,
        left=time_left(deadline.due_at, now, estimated_at=deadline.estimated_at),
        draft=next((f for f in filings if f.status == FilingStatus.DRAFT), None),
        filed=filed,
        in_time=in_time,
        unmet=unmet if deadline.is_open else [],
        pieces=pieces,
    )


def with_draft(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """Those whose draft was saved and never filed, whatever their state."""
    drafts = Filing.objects.filter(status=FilingStatus.DRAFT)
    return deadlines.filter(state__in=OPEN_STATES, pk__in=drafts.values("deadline"))


def counts(deadlines: DeadlineQuerySet, *, now: dt.datetime) -> dict[str, int]:
    """How many are to do, late, filed (waiting for the ANS), closed, and in all."""
    by_state: Any = deadlines.order_by().values_list("state")
    found = dict.fromkeys(("todo", "late", "filed", "closed", "total"), 0)
    for state, number, due in by_state.annotate(
        number=Count("pk"), due=Count("pk", filter=Q(due_at__lte=now))
    ):
        found["total"] += number
        if state in OPEN_STATES:
            found["todo"] += number
            found["late"] += due
        else:
            found["filed" if state == State.FILED else "closed"] += number
    return found


def channel_url(channel: Channel, *, at: dt.datetime) -> str:
    """The address where one really files; empty when it is here or nowhere."""
    key = {Channel.CONVERGENCE: CONVERGENCE_URL, Channel.ASP: ASP_URL}.get(channel)
    return str(value(key, at=at)) if key else ""


def organisations_seen(user: User) -> list[tuple[int, str]]:
    """Organisations whose deadlines the person sees, for the filter: (id, name)."""
    own = Exists(Deadline.objects.filter(organisation=OuterRef("pk")).order_by())
    if user.is_ans:
        return named(own)
    roles = list(user.roles)
    supplying = Prestation.objects.filter(supplier__solution__organisation__in=roles)
    seen = Q(pk__in=roles) | Q(pk__in=supplying.order_by().values("organisation"))
    return named(Q(own) & seen)


def editeurs() -> list[tuple[int, str]]:
    """Those that have a solution, for the filter of the ANS: (id, name)."""
    own = Solution.objects.filter(organisation=OuterRef("pk"))
    return named(Exists(own.order_by()))


def _s(items: Iterable[object]) -> str:
    return "s" if len(list(items)) > 1 else ""
