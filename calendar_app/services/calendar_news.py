"""Tell those concerned, once, that the date of a milestone has changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.urls import reverse

from accounts.models import User
from calendar_app import ical
from calendar_app.enums import MailKind, State
from calendar_app.mail.links import absolute
from calendar_app.models import Deadline, MilestoneVersion
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.calendars import deadlines_with_change
from calendar_app.selectors.reminders import members_of, wishes_of
from calendar_app.services import mail
from segur.lib import paris

ICS = "text/calendar"


def tell(version: MilestoneVersion, *, before: dt.datetime, now: dt.datetime) -> int:
    """One mail to each member of an organisation that has a deadline of this milestone, unless it
    is sans objet or the person has switched this kind of mail off. Returns how many were written.

    The mail carries the person's own deadlines that are still to do as events: same UID, next
    SEQUENCE, so that an agenda that has them moves them. The dedupe key names version and person.
    """
    concerned = _concerned(version)
    wishes = wishes_of(concerned.keys())
    users = User.objects.in_bulk(
        [
            user
            for user in concerned
            if wishes[user].answer(
                MailKind.CALENDAR,
                dispositif_id=version.milestone.dispositif_id,
                day=paris.day(now),
            )
            is Answer.YES
        ]
    )
    for pk, user in users.items():
        _post(version, user, concerned[pk], before=before, now=now)
    return len(users)


def _concerned(version: MilestoneVersion) -> dict[int, list[Deadline]]:
    """User id → the deadlines of the milestone that the person's own organisations have."""
    rows = Deadline.objects.filter(milestone=version.milestone).exclude(state=State.NOT_APPLICABLE)
    of_organisation: defaultdict[int, list[Deadline]] = defaultdict(list)
    for deadline in deadlines_with_change(rows):
        of_organisation[deadline.organisation_id].append(deadline)
    concerned: defaultdict[int, list[Deadline]] = defaultdict(list)
    for organisation_id, members in members_of(of_organisation.keys()).items():
        for member in members:
            concerned[member.user_id] += of_organisation[organisation_id]
    return concerned


def _post(
    version: MilestoneVersion,
    user: User,
    deadlines: list[Deadline],
    *,
    before: dt.datetime,
    now: dt.datetime,
) -> None:
    milestone = version.milestone
    to_do = [deadline for deadline in deadlines if deadline.is_open]
    events = ical.deadlines_ics(to_do, name=milestone.title)
    mail.post(
        kind=MailKind.CALENDAR,
        to=user.email,
        user=user,
        template="calendar_amended",
        context={
            "version": version,
            "milestone": milestone,
            "dispositif": milestone.dispositif,
            "before": before,
            "moved": version.due_at != before,
            "deadlines": deadlines,
            "to_do": len(to_do),
            "button_url": absolute(reverse("deadlines:index")),
            "button_label": "Voir mes échéances",
            "calendar_url": absolute(reverse("calendars:detail", args=[milestone.dispositif.slug])),
        },
        attachments=[mail.Attachment("echeances.ics", ICS, events)] if to_do else [],
        dedupe_key=f"jalon:{milestone.code}:v{version.number}:{user.pk}",
        now=now,
    )
