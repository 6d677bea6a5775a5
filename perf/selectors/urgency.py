"""What of PERF needs somebody now: guarantees that run, PERF about to fall, contested outages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import is_agent, preparable
from calendar_app.rules.urgency import Alike, Urgent
from perf.display import words
from perf.engine.instants import from_us
from perf.enums import OutageStanding
from perf.models import Correction, Outage, Service, Ticket
from perf.rules.periods import containing
from perf.selectors.rules import park_rules, period_kind
from perf.selectors.situations import PerfSituation, situations
from perf.selectors.tickets import TicketState, ticket_rows
from segur.lib.numbers import plural


def urgent_outages(user: User, now: dt.datetime) -> Iterator[Urgent]:
    if preparable(user):
        yield from _guarantees(user, now)
        yield from _falls(user, now)
        yield from _contested_of_mine(user)
    yield from _contested(user)


def _guarantees(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """GTI and GTR that are not kept yet, of the tickets of my Fournisseurs."""
    mine = Q(service__prestation__organisation__in=preparable(user))
    tickets = Ticket.objects.filter(mine, restored_at=None)
    tickets = tickets.select_related("service__prestation__client")
    for row in ticket_rows(tickets, now=now, reader=user):
        for clock in row.clocks:
            if clock.done_at is None:
                client = row.ticket.service.prestation.client
                missed = clock.state is TicketState.MISSED
                yield Urgent(
                    what=f"{clock.name} du ticket {row.ticket.reference}, {client}",
                    url=reverse("perf:ticket", args=[row.ticket.pk]),
                    act="Ouvrir le ticket",
                    why=f"{clock.title} manquée" if missed else row.ticket.subject,
                    who=str(row.person or ""),
                    due_at=clock.due_at,
                    alike=Alike("GTI et GTR à tenir", reverse("perf:tickets"), "Voir les tickets"),
                )


def _falls(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """Services of my Fournisseurs that are down, and when PERF falls if they stay so."""
    down = Service.objects.filter(
        Q(outages__ended_at=None) | Q(outages__ended_at__gt=now),
        prestation__organisation__in=preparable(user),
        outages__started_at__lte=now,
    )
    services = list(down.select_related("prestation__client").distinct().order_by("pk"))
    if not services:
        return
    period = containing(now, period_kind(now))
    rules = park_rules(now)
    measured = [(one, rules.of(one.prestation.client.finess)) for one in services]
    for found in situations(measured, start=period.start, end=period.end, now=now):
        if found.ongoing:
            yield _fall(found)


def _fall(found: PerfSituation) -> Urgent:
    falls = [one for one in found.in_force.passings if one.passed and not one.is_past]
    service = found.service
    client = service.prestation.client
    stopped = Urgent(
        what=f"Service à l'arrêt, {client}",
        url=reverse("perf:prestation", args=[service.prestation_id]),
        act="Ouvrir PERF",
        since=min(line.outage.started_at for line in found.ongoing),
        alike=Alike("services à l'arrêt", reverse("perf:index"), "Ouvrir PERF"),
    )
    if not falls or falls[0].passed is None:
        return stopped
    limit = words.limit(falls[0].limit)
    return replace(
        stopped,
        what=f"PERF passe à {words.perf(falls[0].to)}, {client}",
        why=f"Au seuil de {limit} d'indisponibilité, si l'arrêt en cours continue",
        due_at=from_us(falls[0].passed),
    )


def _contested(user: User) -> Iterator[Urgent]:
    """At the ANS: what waits for a decision, folded."""
    if not is_agent(user):
        return
    waiting = (
        (
            Outage.objects.filter(standing=OutageStanding.CONTESTED),
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
            what = sentence.format(s=plural(count))
            yield Urgent(f"{count} {what}", url, act, since=found["oldest"])


def _contested_of_mine(user: User) -> Iterator[Urgent]:
    """At the Fournisseur: what counts as it stands until the ANS has decided, folded."""
    mine = Q(service__prestation__organisation__in=preparable(user))
    contested = Outage.objects.filter(mine, standing=OutageStanding.CONTESTED)
    found = contested.aggregate(count=Count("pk"), oldest=Min("contested_at"))
    if count := found["count"]:
        s = plural(count)
        yield Urgent(
            f"{count} indisponibilité{s} contestée{s}",
            f"{reverse('perf:index')}?vue=contestees",
            "Voir les contestations",
            why="Comptées jusqu'à la décision" if s else "Comptée jusqu'à la décision",
            who="ANS",
            since=found["oldest"],
        )
    found = (
        Correction.objects.pending()
        .filter(mine)
        .aggregate(count=Count("pk"), oldest=Min("proposed_at"))
    )
    if count := found["count"]:
        s = plural(count)
        yield Urgent(
            f"{count} correction{s} demandée{s}",
            reverse("perf:corrections"),
            "Voir les corrections",
            why="Sans effet avant la décision",
            who="ANS",
            since=found["oldest"],
        )
