"""Reads of support tickets: lists, and what each of their two clocks says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, QuerySet, When

from accounts.models import Organisation
from accounts.permissions import preparable
from perf.engine.instants import to_us
from perf.engine.rules import Rules
from perf.models import Service, Ticket
from perf.rules.guarantees import GUARANTEES, TicketGuarantee
from perf.selectors.rules import ParkRules, dated_rules
from segur.lib.remaining import Meaning, Worded
from teamwork.selectors.absences import covered_by
from teamwork.selectors.charges import charges_of, of_choice, people_in_charge

if TYPE_CHECKING:
    from accounts.models import User
    from perf.querysets import ServiceQuerySet

SERVICES_SHOWN = 20
TITLES = {"gti": "Prise en charge", "gtr": "Rétablissement"}


class TicketState(Worded):
    """Of a clock."""

    IN_TIME = "a-l-heure", "À l'heure", Meaning.TO_COME
    AT_RISK = "a-risque", "À risque", Meaning.SOON
    MET = "tenue", "Tenue", Meaning.DONE
    MISSED = "manquee", "Manquée", Meaning.LATE


@dataclass(frozen=True)
class TicketClock:
    """GTI or GTR of a ticket at an instant. `left` and `over` are open microseconds: what is left
    while it runs, what was spent beyond the budget once missed; None where they do not apply.
    """

    name: str
    title: str
    due_at: dt.datetime
    until: dt.datetime
    done_at: dt.datetime | None
    state: TicketState
    left: int | None
    over: int | None

    @property
    def is_used_up(self) -> bool:
        """Nothing is left, and the support is closed: missed as soon as it opens again."""
        return self.left == 0


@dataclass(frozen=True)
class TicketRow:
    ticket: Ticket
    gti: TicketClock
    gtr: TicketClock
    person: User | None = None

    @property
    def clocks(self) -> tuple[TicketClock, TicketClock]:
        return self.gti, self.gtr

    @property
    def is_closed(self) -> bool:
        return self.ticket.restored_at is not None


def state_of(
    done_at: dt.datetime | None, *, warn_at: dt.datetime, until: dt.datetime, now: dt.datetime
) -> TicketState:
    """The same answer as the engine's `guarantee()`: the budget is not exceeded up to `until`."""
    if done_at:
        return TicketState.MET if done_at <= until else TicketState.MISSED
    if now > until:
        return TicketState.MISSED
    return TicketState.AT_RISK if now >= warn_at else TicketState.IN_TIME


def _missed(code: str, done: str, now: dt.datetime) -> Q:
    late = Q(**{f"{done}__gt": F(f"{code}_until")})
    return late | Q(**{done: None, f"{code}_until__lt": now})


def _at_risk(code: str, done: str, now: dt.datetime) -> Q:
    return Q(**{done: None, f"{code}_warn_at__lte": now, f"{code}_until__gte": now})


def by_state(state: str, now: dt.datetime) -> Q:
    """The filters of the list, as conditions."""
    return {
        "en-cours": Q(restored_at=None),
        "a-risque": _at_risk("gti", "responded_at", now) | _at_risk("gtr", "restored_at", now),
        "gti-manquee": _missed("gti", "responded_at", now),
        "gtr-manquee": _missed("gtr", "restored_at", now),
        "clos": Q(restored_at__isnull=False),
    }.get(state, Q())


def tickets_seen(
    user: User,
    *,
    now: dt.datetime,
    etat: str = "",
    q: str = "",
    prestation: int | None = None,
    charge: str = "",
) -> QuerySet[Ticket]:
    """What runs first, mine, then by the nearest GTR; then what is closed, newest first."""
    found = Ticket.objects.visible_to(user).filter(by_state(etat, now))
    if prestation:
        found = found.filter(service__prestation=prestation)
    if q.strip():
        clients = Organisation.objects.clients().search(q)
        words = Q(reference__icontains=q.strip()) | Q(subject__icontains=q.strip())
        found = found.filter(words | Q(service__prestation__client__in=clients))
    found = of_choice(found, charge, user, now)
    mine = charges_of(covered_by(user, now), Ticket)
    return with_subject(found).order_by(
        Case(When(restored_at=None, then=0), default=1),
        Case(When(restored_at=None, pk__in=mine, then=0), default=1),
        Case(When(restored_at=None, then=F("gtr_due_at"))),
        "-opened_at",
        "-pk",
    )


def with_subject(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related(
        "service__prestation__client",
        "service__prestation__organisation",
        "service__prestation__dispositif",
        "service__prestation__supplier__solution",
    )


def ticket_rows(
    tickets: Iterable[Ticket], *, now: dt.datetime, reader: User | None = None
) -> list[TicketRow]:
    """Rows of tickets loaded with their prestation and its Client; who is in charge is named to a
    `reader` of the same organisation. One query for the rules of all; each ticket is judged by
    those of its declaration. The columns, which filters and warnings ask, follow
    in the next minutes (`services.tickets.follow_rules`).
    """
    rules = dated_rules()
    tickets = list(tickets)
    own = {row.pk: row.service.prestation.organisation_id for row in tickets}
    people = people_in_charge(Ticket, own, reader)
    return [
        _row(ticket, rules.at(ticket.opened_at), people.get(ticket.pk), now) for ticket in tickets
    ]


def _row(ticket: Ticket, park: ParkRules, person: User | None, now: dt.datetime) -> TicketRow:
    rules = park.of(ticket.service.prestation.client.finess)
    gti, gtr = (_clock(ticket, one, rules, now) for one in GUARANTEES)
    return TicketRow(ticket, gti, gtr, person)


def _clock(
    ticket: Ticket, guarantee: TicketGuarantee, rules: Rules, now: dt.datetime
) -> TicketClock:
    due, clock = guarantee.due(ticket.opened_at, rules), rules.guarantee_clock
    done_at = getattr(ticket, guarantee.done)
    state = state_of(done_at, warn_at=due.warn_at, until=due.until, now=now)
    running = done_at is None and state is not TicketState.MISSED
    over = clock.elapsed(to_us(due.until), to_us(done_at or now))
    return TicketClock(
        name=guarantee.code.upper(),
        title=TITLES[guarantee.code],
        due_at=due.due_at,
        until=due.until,
        done_at=done_at,
        state=state,
        left=clock.elapsed(to_us(now), to_us(due.due_at)) if running else None,
        over=over if state is TicketState.MISSED else None,
    )


def has_service_to_record(user: User) -> bool:
    return _to_record(user).exists()


def _to_record(user: User) -> ServiceQuerySet:
    found = Service.objects.visible_to(user)
    return found if user.is_ans else found.filter(prestation__organisation__in=preparable(user))


def services_to_record(user: User, q: str) -> tuple[list[Service], int]:
    """The first services on which a person may declare a ticket, and how many there are in all."""
    found = _to_record(user)
    if q.strip():
        clients = Organisation.objects.clients().search(q)
        found = found.filter(Q(prestation__client__in=clients) | Q(code__icontains=q.strip()))
    found = found.select_related("prestation__client", "prestation__supplier__solution")
    return list(found.order_by("prestation__client__name", "pk")[:SERVICES_SHOWN]), found.count()
