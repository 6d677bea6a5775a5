"""What of the préfigurateurs needs an agent, folded; a contact asked for is a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.permissions import is_agent, preparable
from calendar_app.enums import OPEN_STATES
from calendar_app.rules.urgency import Urgent
from pilots.enums import Stage
from pilots.permissions import can_agree_for
from pilots.prefiguration.models import Prefigurateur

UNANSWERED = "sans-contact"
HELD = "entretien-fixe"
TO_PLAN = "entretien-a-planifier"
TO_PUBLISH = "a-publier"
TO_AGREE = "a-valider"


def prefigurateurs_of_the_ans(user: User, now: dt.datetime) -> Iterator[Urgent]:
    if is_agent(user):
        yield from _of_the_ans(now)


def prefigurateurs_to_agree(user: User, _now: dt.datetime) -> Iterator[Urgent]:
    if preparable(user):
        yield from _to_agree(user)


class _Row(NamedTuple):
    stage: str
    created_at: dt.datetime
    interview_at: dt.datetime | None
    agreed_at: dt.datetime | None
    explained_expectations: bool
    explained_calendar: bool
    is_understood: bool
    contact_request: int | None
    contact_request__state: str | None
    contact_request__due_at: dt.datetime | None


def _of_the_ans(now: dt.datetime) -> Iterator[Urgent]:
    """All are read: they are a hundred, and counting each case in the database takes longer."""
    rows = [_Row(*row) for row in Prefigurateur.objects.order_by().values_list(*_Row._fields)]
    listed, contacts, held, agreed = (
        [row for row in rows if row.stage == stage]
        for stage in (Stage.WORKING_LIST, Stage.CONTACT, Stage.INTERVIEW, Stage.AGREED)
    )
    to_ask = [row.created_at for row in listed if row.contact_request is None]
    asked = [
        row.contact_request__due_at
        for row in rows
        if row.contact_request__state in OPEN_STATES and row.contact_request__due_at
    ]
    interviews = [row.interview_at for row in contacts if row.interview_at]
    past = [at for at in interviews if at <= now]
    coming = [at for at in interviews if at > now]
    incomplete = [
        row
        for row in held
        if not (row.explained_expectations and row.explained_calendar and row.is_understood)
    ]
    unanswered = [at for at in asked if at <= now]
    to_publish = [row.agreed_at for row in agreed if row.agreed_at]
    yield from _line(
        len(to_ask), "contact{s} technique{s} à demander", UNANSWERED, min(to_ask, default=None)
    )
    yield from _line(
        len(unanswered),
        "contact{s} technique{s} non donné{s}",
        UNANSWERED,
        min(unanswered, default=None),
    )
    yield from _line(
        len(past), "compte{s}-rendu{s} d'entretien à enregistrer", HELD, min(past, default=None)
    )
    yield from _line(len(contacts) - len(interviews), "entretien{s} à planifier", TO_PLAN, None)
    yield from _line(len(incomplete), "entretien{s} à compléter", TO_AGREE, None)
    yield from _line(
        len(agreed), "préfigurateur{s} à publier", TO_PUBLISH, min(to_publish, default=None)
    )
    if coming:
        s = "s" if len(coming) > 1 else ""
        yield Urgent(
            f"{len(coming)} entretien{s} fixé{s}",
            f"{reverse('prefigurateurs:index')}?situation={HELD}",
            "Voir les entretiens",
            due_at=min(coming),
        )


def _line(count: int, words: str, situation: str, since: dt.datetime | None) -> Iterator[Urgent]:
    if count:
        yield Urgent(
            f"{count} {words.format(s='s' if count > 1 else '')}",
            f"{reverse('prefigurateurs:index')}?situation={situation}",
            "Voir les préfigurateurs",
            since=since,
        )


def _to_agree(user: User) -> Iterator[Urgent]:
    """At the éditeur: those whose interview is complete wait for its agreement."""
    waiting: QuerySet[Prefigurateur] = Prefigurateur.objects.filter(
        stage=Stage.INTERVIEW,
        explained_expectations=True,
        explained_calendar=True,
        is_understood=True,
        solution__organisation__in=preparable(user),
    ).select_related("solution")
    for one in waiting.order_by("interview_at", "pk"):
        if can_agree_for(user, one):
            yield Urgent(
                f"Accord à donner pour un préfigurateur, {one.name}",
                reverse("prefigurateurs:detail", args=[one.pk]),
                "Ouvrir le préfigurateur",
                since=one.interview_at,
            )
