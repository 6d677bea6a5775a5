"""What the take-over serves: milestones that were due before their subject was recorded here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import partial
from typing import NamedTuple

from django.db.models import Count, F, Min, Q

from calendar_app.enums import State
from calendar_app.models import Deadline
from calendar_app.querysets import DeadlineQuerySet
from segur.lib.once import once

_BEFORE = Q(due_at__lte=F("solution__created_at")) | Q(due_at__lte=F("prestation__created_at"))
PAST = Q(_BEFORE, state=State.TO_DO, milestone__isnull=False)


def past_of(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """Those to do that `rules.filing.is_past` holds for."""
    return deadlines.filter(PAST)


class PastMilestones(NamedTuple):
    """How many, and whose is the first: a solution or a prestation of an organisation."""

    number: int = 0
    solution: int | None = None
    prestation: int | None = None
    organisation: int = 0


def past_milestones(organisations: Iterable[int], *, now: dt.datetime) -> PastMilestones:
    """Those of these organisations. Two queries at most, which a page asks once."""
    mine = tuple(sorted(organisations))
    return once(("past milestones", mine), partial(_past_milestones, mine, now))


def _past_milestones(organisations: Collection[int], now: dt.datetime) -> PastMilestones:
    # What is past was due before now: an index finds that, and few rows are left to compare.
    late = Deadline.objects.filter(organisation__in=organisations, due_at__lte=now)
    found = past_of(late).order_by().aggregate(number=Count("pk"), first=Min("pk"))
    if not found["number"]:
        return PastMilestones()
    subject = Deadline.objects.values_list("solution", "prestation", "organisation")
    return PastMilestones(found["number"], *subject.get(pk=found["first"]))
