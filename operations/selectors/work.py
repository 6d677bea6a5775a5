"""How the work of the background goes, read from the tables: a fixed number of queries."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Min, Q

from calendar_app.models import ReminderPreference
from calendar_app.rules.steps import SEND_AT, is_open
from calendar_app.selectors.reminders import due_rows
from mailing.enums import MailState
from mailing.models import OutgoingMail
from operations.enums import BEAT, DISPATCH, WATCH, WORKER
from operations.models import Failure, Pulse
from operations.rules.measures import COUNT, WorkMeasure
from segur.lib import paris

HOUR = dt.timedelta(hours=1)


def measures(*, now: dt.datetime) -> list[WorkMeasure]:
    """Raises OperationalError when the database is away."""
    limits = settings.HEALTH_LIMITS
    pulses = dict(Pulse.objects.values_list("name", "at"))
    workers = {name: at for name, at in pulses.items() if name.startswith(WORKER)}
    silent = dt.timedelta(seconds=limits["worker"])
    alive = sum(now - at <= silent for at in workers.values())
    return [
        WorkMeasure(
            "beat", "Dernier battement de l'horloge", _age(pulses, BEAT, now), limits["beat"]
        ),
        WorkMeasure("work", "Dernière ronde d'un worker", _age(pulses, WATCH, now), limits["beat"]),
        WorkMeasure(
            "dispatch",
            "Dernier envoi des rappels dus",
            _age(pulses, DISPATCH, now),
            limits["dispatch"],
        ),
        WorkMeasure("reminder", "Plus ancien rappel dû", _oldest_reminder(now), limits["reminder"]),
        WorkMeasure("mail", "Plus ancien courriel non parti", _oldest_mail(now), limits["mail"]),
        WorkMeasure("failures", "Échecs de l'heure", _failures(now), limits["failures"], COUNT),
        WorkMeasure("workers", "Workers vivants", alive, limits["workers"], COUNT, is_floor=True),
        WorkMeasure("dead_workers", "Workers morts", len(workers) - alive, 0, COUNT),
    ]


def _age(pulses: dict[str, dt.datetime], name: str, now: dt.datetime) -> float | None:
    at = pulses.get(name)
    return None if at is None else max(0.0, (now - at).total_seconds())


def _oldest_reminder(now: dt.datetime) -> float:
    """Outside the hours of sending nothing is late; a reminder that waited for them is late from
    their beginning on. Those of people who asked for a pause wait for its end.
    """
    if not is_open(now):
        return 0.0
    today = paris.day(now)
    paused = ReminderPreference.objects.filter(paused_until__gte=today).values("user")
    oldest = due_rows(now).exclude(recipient__in=paused).aggregate(at=Min("due_at"))["at"]
    if oldest is None:
        return 0.0
    late: dt.timedelta = now - max(oldest, paris.at(today, SEND_AT))
    return late.total_seconds()


def _oldest_mail(now: dt.datetime) -> float:
    """Since it could leave; since it was written, for one that a server has put off already."""
    unsent = OutgoingMail.objects.filter(state__in=(MailState.QUEUED, MailState.SENDING))
    found = unsent.aggregate(
        due=Min("next_attempt_at", filter=Q(attempts=0)),
        put_off=Min("created_at", filter=Q(attempts__gt=0)),
    )
    return max((now - at).total_seconds() if at else 0.0 for at in (*found.values(), now))


def _failures(now: dt.datetime) -> int:
    return Failure.objects.filter(at__gte=now - HOUR).count()
