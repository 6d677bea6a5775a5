"""What the take-over serves: milestones that were due before their subject was recorded here."""

from django.db.models import F, Q

from calendar_app.enums import State
from calendar_app.querysets import DeadlineQuerySet

_BEFORE = Q(due_at__lte=F("solution__created_at")) | Q(due_at__lte=F("prestation__created_at"))
PAST = Q(_BEFORE, state=State.TO_DO, milestone__isnull=False)


def past_of(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """Those to do that `rules.filing.is_past` holds for."""
    return deadlines.filter(PAST)
