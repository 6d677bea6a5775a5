"""What of the préfigurateurs needs an agent, folded; a contact asked for is a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, Q, QuerySet
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


def urgent_prefigurateurs(user: User, now: dt.datetime) -> Iterator[Urgent]:
    if is_agent(user):
        yield from _of_the_ans(now)
    if preparable(user):
        yield from _to_agree(user)


def _of_the_ans(now: dt.datetime) -> Iterator[Urgent]:
    explained = Q(explained_expectations=True, explained_calendar=True, is_understood=True)
    fixed = Q(stage=Stage.CONTACT, interview_at__isnull=False)
    asked = Q(contact_request__state__in=OPEN_STATES)
    found = Prefigurateur.objects.aggregate(
        to_ask=Count("pk", filter=Q(stage=Stage.WORKING_LIST, contact_request=None)),
        listed=Min("created_at", filter=Q(stage=Stage.WORKING_LIST, contact_request=None)),
        unanswered=Count("pk", filter=asked & Q(contact_request__due_at__lte=now)),
        oldest=Min("contact_request__due_at", filter=asked),
        held=Count("pk", filter=fixed & Q(interview_at__lte=now)),
        first_held=Min("interview_at", filter=fixed),
        planned=Count("pk", filter=fixed & Q(interview_at__gt=now)),
        next_one=Min("interview_at", filter=fixed & Q(interview_at__gt=now)),
        to_plan=Count("pk", filter=Q(stage=Stage.CONTACT, interview_at=None)),
        incomplete=Count("pk", filter=Q(stage=Stage.INTERVIEW) & ~explained),
        to_publish=Count("pk", filter=Q(stage=Stage.AGREED)),
        agreed=Min("agreed_at", filter=Q(stage=Stage.AGREED)),
    )
    yield from _line(
        found["to_ask"], "contact{s} technique{s} à demander", UNANSWERED, found["listed"]
    )
    yield from _line(
        found["unanswered"], "contact{s} technique{s} non donné{s}", UNANSWERED, found["oldest"]
    )
    yield from _line(
        found["held"], "compte{s}-rendu{s} d'entretien à enregistrer", HELD, found["first_held"]
    )
    yield from _line(found["to_plan"], "entretien{s} à planifier", TO_PLAN, None)
    yield from _line(found["incomplete"], "entretien{s} à compléter", TO_AGREE, None)
    yield from _line(found["to_publish"], "préfigurateur{s} à publier", TO_PUBLISH, found["agreed"])
    if count := found["planned"]:
        s = "s" if count > 1 else ""
        yield Urgent(
            f"{count} entretien{s} fixé{s}",
            f"{reverse('prefigurateurs:index')}?situation={HELD}",
            "Voir les entretiens",
            due_at=found["next_one"],
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
