"""Tell those concerned, once, that the date of a milestone has changed.

Not in the transaction of the amendment: eighty mails with their events take seconds. The version
waits with `told_at` empty, a task is asked for after the commit, and a periodic one finds again
what it missed. Killed half-way it starts over: a mail already written is not written again
(ADR 0011).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import members_of
from calendar_app.enums import CALENDAR_MAIL, State
from calendar_app.models import Deadline, MilestoneVersion
from calendar_app.rules.amendment import Dates
from calendar_app.rules.wishes import Answer
from calendar_app.selectors import ical
from calendar_app.selectors.calendars import deadlines_with_change
from calendar_app.selectors.reminders import wishes_of
from journal.rules.by import By
from mailing.selectors.archive import mails
from mailing.services.links import absolute
from mailing.services.mail import Attachment, tell
from segur.lib import paris

ICS = "text/calendar"


def tell_waiting(*, now: dt.datetime) -> int:
    """Mail every amendment and added milestone not mailed yet; returns how many."""
    waiting = MilestoneVersion.objects.filter(
        made_here(), told_at=None, number=F("milestone__version")
    )
    return sum(tell_version(version, now=now) for version in waiting.order_by("created_at", "pk"))


def tell_version(version: MilestoneVersion, *, now: dt.datetime) -> bool:
    """One mail to each member of an organisation that has a deadline of this milestone, unless it
    is sans objet or the person has switched this kind of mail off. False where nothing is left to
    mail: it was mailed, or a newer version includes it.

    Each person is mailed what is new to them: nothing where the dates are those that they know, as
    when an amendment is taken back before its news went out.

    The mail carries the person's own deadlines that are still to do as events: same UID, next
    SEQUENCE, so that an agenda that has them moves them. The dedupe key names version and person.
    """
    milestone = version.milestone
    if version.told_at or version.number != milestone.version:
        return False
    known = _known(version)
    base = known.pop(None)
    concerned = _concerned(version)
    wishes = wishes_of(concerned.keys())
    users = User.objects.in_bulk(
        [
            user
            for user in concerned
            if wishes[user].answer(
                CALENDAR_MAIL,
                dispositif_id=milestone.dispositif_id,
                day=paris.day(now),
            )
            is Answer.YES
        ]
    )
    for pk, user in users.items():
        before = known.get(pk, base)
        if before is None or _dates(before) != _dates(version):
            _post(version, user, concerned[pk], before=before, now=now)
    MilestoneVersion.objects.filter(pk=version.pk).update(told_at=now)
    return True


def made_here() -> Q:
    """Versions that somebody made, as the first ones of the data file were not."""
    return Q(number__gt=1) | Q(author__isnull=False)


def key(version: MilestoneVersion) -> str:
    return f"jalon:{version.milestone.code}:v{version.number}"


def _known(version: MilestoneVersion) -> dict[int | None, MilestoneVersion | None]:
    """User id → the newest version that was mailed to this person; under None, the one that all
    others know: the last that was mailed, or the first one, unless it was made here and not mailed.
    """
    versions = {row.number: row for row in version.milestone.versions.all()}
    mailed = [
        row.number
        for row in versions.values()
        if row.told_at or (row.number == 1 and row.author_id is None)
    ]
    known: dict[int | None, MilestoneVersion | None] = {
        None: versions[max(mailed)] if mailed else None
    }
    prefix = f"jalon:{version.milestone.code}:v"
    for written in sorted(mails(dedupe_key__startswith=prefix), key=lambda mail: mail.pk):
        number, user = map(int, str(written.dedupe_key).removeprefix(prefix).split(":"))
        known[user] = versions[number]
    return known


def _dates(version: MilestoneVersion) -> Dates:
    return Dates(version.due_at, version.estimated_at)


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
    before: MilestoneVersion | None,
    now: dt.datetime,
) -> None:
    milestone = version.milestone
    to_do = [deadline for deadline in deadlines if deadline.is_open]
    events = ical.deadlines_ics(to_do, name=milestone.title)
    tell(
        [user],
        kind=CALENDAR_MAIL,
        template="calendar_amended",
        context={
            "version": version,
            "milestone": milestone,
            "dispositif": milestone.dispositif,
            "before": before,
            "is_new": before is None,
            "moved": before is not None and version.due_at != before.due_at,
            "deadlines": deadlines,
            "to_do": len(to_do),
            "button_url": absolute(reverse("deadlines:index")),
            "button_label": "Voir mes échéances",
            "calendar_url": absolute(reverse("calendars:detail", args=[milestone.dispositif.slug])),
        },
        attachments=[Attachment("echeances.ics", ICS, events)] if to_do else [],
        key=key(version),
        topic=str(milestone.dispositif_id),
        by=By.clock(now),
    )
