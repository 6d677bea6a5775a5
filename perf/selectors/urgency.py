"""What of PERF needs somebody now: guarantees that run, PERF about to fall, contested outages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import is_agent, preparable
from calendar_app.rules.urgency import Urgent
from perf.display import words
from perf.engine.instants import from_us
from perf.enums import Standing
from perf.models import Correction, Outage, Service, Ticket
from perf.rules.periods import containing
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import PerfSituation, situation
from perf.selectors.tickets import TicketState, ticket_rows, with_subject

ONGOING_SHOWN = 5
"""Each costs a computation: beyond, the list of PERF says the rest."""


def urgent_outages(user: User, now: dt.datetime) -> Iterator[Urgent]:
    yield from _guarantees(user, now)
    yield from _falls(user, now)
    yield from _contested(user)


def _guarantees(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """GTI and GTR that are not kept yet, of the tickets of my Fournisseurs."""
    mine = Q(service__prestation__organisation__in=preparable(user))
    tickets = with_subject(Ticket.objects.filter(mine, restored_at=None))
    for row in ticket_rows(tickets, now=now):
        for clock in row.clocks:
            if clock.done_at is None:
                client = row.ticket.service.prestation.client
                missed = clock.state is TicketState.MISSED
                yield Urgent(
                    what=f"{clock.name} du ticket {row.ticket.reference}, {client}",
                    url=reverse("perf:ticket", args=[row.ticket.pk]),
                    act="Ouvrir le ticket",
                    why=f"{clock.title} manquée" if missed else row.ticket.subject,
                    due_at=clock.due_at,
                )


def _falls(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """Services of my Fournisseurs that are down, and when PERF falls if they stay so."""
    lasting = Q(ended_at=None) | Q(ended_at__gt=now)
    down = (
        Service.objects.filter(
            prestation__organisation__in=preparable(user),
            outages__in=Outage.objects.filter(lasting, started_at__lte=now),
        )
        .select_related("prestation__client")
        .distinct()
        .order_by("pk")
    )
    period = containing(now, period_kind(now))
    for service in down[:ONGOING_SHOWN]:
        client = service.prestation.client
        found = situation(
            service,
            start=period.start,
            end=period.end,
            now=now,
            rules=rules_at(now, client=client),
        )
        if found.ongoing:
            yield _fall(found, service)


def _fall(found: PerfSituation, service: Service) -> Urgent:
    falls = [one for one in found.in_force.passings if one.passed and not one.is_past]
    url = reverse("perf:prestation", args=[service.prestation_id])
    since = min(line.outage.started_at for line in found.ongoing)
    client = service.prestation.client
    if not falls or falls[0].passed is None:
        return Urgent(f"Service à l'arrêt, {client}", url, "Ouvrir PERF", since=since)
    return Urgent(
        what=f"PERF passe à {words.perf(falls[0].to)}, {client}",
        url=url,
        act="Ouvrir PERF",
        why="si l'arrêt en cours continue",
        due_at=from_us(falls[0].passed),
        since=since,
    )


def _contested(user: User) -> Iterator[Urgent]:
    """At the ANS: what waits for a decision, folded."""
    if not is_agent(user):
        return
    waiting = (
        (
            Outage.objects.filter(standing=Standing.CONTESTED),
            "contested_at",
            "indisponibilité{s} contestée{s} à décider",
            f"{reverse('perf:index')}?vue=contestees",
            "Voir les contestations",
        ),
        (
            Correction.objects.pending(),
            "proposed_at",
            "correction{s} à la baisse à décider",
            reverse("perf:corrections"),
            "Voir les corrections",
        ),
    )
    for rows, since, sentence, url, act in waiting:
        found = rows.aggregate(count=Count("pk"), oldest=Min(since))
        if count := found["count"]:
            what = sentence.format(s="s" if count > 1 else "")
            yield Urgent(f"{count} {what}", url, act, since=found["oldest"])
