"""The summary of the week, for who asked for it: what is unread, and what is due in two weeks."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from calendar_app.enums import WEEKLY_MAIL
from calendar_app.models import Deadline, ReminderPreference
from calendar_app.rules.steps import first_working_day, is_open
from calendar_app.selectors.deadlines import lines
from mailing.models import OutgoingMail
from mailing.services import mail
from mailing.services.links import absolute
from mailing.services.notifications import mark_read
from segur.lib import paris

AHEAD = dt.timedelta(days=14)
SHOWN = 10
"""Lines of each list; the site has the others."""


def write(*, now: dt.datetime) -> int:
    """Write this week's summaries unless they are; how many mails.

    On the first working day of the week, in working hours: a day that is gone is not written.
    Nobody is written to when there is nothing to say. A mail is written once for each person and
    week, by its key, whatever runs.
    """
    day = paris.day(now)
    if day != first_working_day(day) or not is_open(now):
        return 0
    wanted = ReminderPreference.objects.filter(dispositif=None, user__is_active=True)
    asked = [row.user_id for row in wanted if WEEKLY_MAIL not in row.muted_kinds]
    keys = {_key(day, pk) for pk in asked}
    written = OutgoingMail.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    done = set(written)
    people = User.objects.filter(pk__in=asked).order_by("pk")
    return sum(_post(user, day, now) for user in people if _key(day, user.pk) not in done)


def _key(day: dt.date, user_id: int) -> str:
    year, week, _ = day.isocalendar()
    return f"semaine:{year}-{week}:{user_id}"


@transaction.atomic
def _post(user: User, day: dt.date, now: dt.datetime) -> bool:
    """What this person's own organisations must do, and what is unread; the summary is no news."""
    mine = Deadline.objects.filter(organisation__in=list(user.roles)).open()
    due = mine.filter(due_at__lte=now + AHEAD).with_subject().order_by("due_at", "pk")
    news = OutgoingMail.objects.notifications_of(user, now=now).unread()
    due_count, news_count = due.count(), news.count()
    if not due_count and not news_count:
        return False
    row = mail.post(
        kind=WEEKLY_MAIL,
        to=user.email,
        user=user,
        template="weekly",
        context={
            "day": day,
            "lines": lines(due[:SHOWN], now=now),
            "due_count": due_count,
            "due_beyond": max(0, due_count - SHOWN),
            "news": list(news[:SHOWN]),
            "news_count": news_count,
            "news_beyond": max(0, news_count - SHOWN),
            "notifications_url": absolute(reverse("notifications:index")),
            "button_url": absolute(reverse("deadlines:index")),
            "button_label": "Voir mes échéances",
        },
        dedupe_key=_key(day, user.pk),
        now=now,
    )
    mark_read(row, now=now)
    return True
