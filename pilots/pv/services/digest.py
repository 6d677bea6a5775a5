"""The daily digest of the reviewers: what waits, once a working day, none when nothing waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from calendar_app.rules.steps import SEND_AT
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.reminders import wishes_of
from journal.rules.by import By
from mailing.services.links import absolute
from mailing.services.mail import tell
from pilots.enums import DIGEST_MAIL
from pilots.pv.models import PilotPV, ReviewDigest
from pilots.pv.selectors.queue import QueueRow, queue, queue_rows, usual_time
from pilots.pv.selectors.reviewers import agents
from segur.lib import paris
from segur.lib.workdays import is_working_day

GIVEN = "Que l'on vous a affectés depuis le dernier point"
PARTS = (
    ("les-miens", "Que vous instruisez"),
    ("a-confirmer", "Non conformes à confirmer"),
    ("a-prendre", "Que personne n'a pris"),
)
SHOWN = 10
"""Lines of each part that the mail lists; the queue has the others."""


@dataclass(frozen=True)
class DigestPart:
    title: str
    url: str
    rows: list[QueueRow]

    @property
    def is_given(self) -> bool:
        return self.title == GIVEN

    @property
    def shown(self) -> list[QueueRow]:
        return self.rows[:SHOWN]

    @property
    def beyond(self) -> int:
        return len(self.rows) - len(self.shown)


def write(*, now: dt.datetime) -> int:
    """Write today's digests unless they are; how many mails.

    From 9:00 Paris on a working day. After an outage it catches up until the end of the day, and a
    day that is gone is not written. The day is claimed by its unique row, in the transaction of the
    mails: of two runs one writes, and a run that dies leaves the day to the next.
    """
    day = paris.day(now)
    if not is_working_day(day) or paris.local(now).time() < SEND_AT:
        return 0
    if ReviewDigest.objects.filter(day=day).exists():
        return 0
    try:
        with transaction.atomic():
            last = ReviewDigest.objects.first()
            ReviewDigest.objects.create(day=day, written_at=now)
            since, usual = last.written_at if last else None, usual_time(now).working_days
            return sum(_tell(user, day, since, usual, now) for user in _readers(day))
    except IntegrityError:
        return 0


def _readers(day: dt.date) -> Iterator[User]:
    """The agents who have not switched it off."""
    people = list(agents().order_by("pk"))
    wishes = wishes_of([person.pk for person in people])
    for person in people:
        if wishes[person.pk].answer(DIGEST_MAIL, day=day) is Answer.YES:
            yield person


def _tell(
    user: User, day: dt.date, since: dt.datetime | None, usual: int, now: dt.datetime
) -> bool:
    parts = list(_parts(user, since, usual, now))
    if not parts:
        return False
    rows = [row for part in parts for row in part.rows]
    tell(
        [user],
        kind=DIGEST_MAIL,
        template="pv_digest",
        context={
            "day": day,
            "parts": parts,
            "total": len(rows),
            "late": sum(row.risk is not None and row.risk.is_late for row in rows),
            "button_url": absolute(reverse("review:index")),
            "button_label": "Ouvrir l'instruction",
        },
        key=f"pv-digest:{day}",
        by=By.clock(now),
    )
    return True


def _parts(
    user: User, since: dt.datetime | None, usual: int, now: dt.datetime
) -> Iterator[DigestPart]:
    """What this person may act on: never a PV of an own organisation. What others gave them after
    `since`, the last digest, comes first.
    """
    for view, title in PARTS:
        rows = queue_rows(queue(user, view=view), user, now=now, usual=usual)
        mine = [row for row in rows if row.may_review]
        given = [row for row in mine if _is_given(row.pv, user, since)]
        url = absolute(f"{reverse('review:index')}?vue={view}")
        for words, found in ((GIVEN, given), (title, [row for row in mine if row not in given])):
            if found:
                yield DigestPart(words, url, found)


def _is_given(pv: PilotPV, user: User, since: dt.datetime | None) -> bool:
    """Assigned to this person by another, after `since`."""
    if pv.assigned_to != user or pv.assigned_at is None or pv.assigned_by in (None, user):
        return False
    return since is None or pv.assigned_at > since
