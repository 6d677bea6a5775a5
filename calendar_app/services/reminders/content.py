"""What one reminder mail says: every item of one person, most urgent first."""

import datetime as dt
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from calendar_app.enums import Channel, State
from calendar_app.ical import deadlines_ics
from calendar_app.mail.ledger import Attachment
from calendar_app.mail.links import absolute
from calendar_app.models import Deadline, Reminder
from calendar_app.rules import reminder_words as words
from calendar_app.rules.reminder_words import Item
from calendar_app.rules.steps import reminded_roles
from calendar_app.selectors.calendars import channel_addresses, deadlines_with_change
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.selectors.reminders import Member, members_of

TEMPLATE = "reminder"
ICS_TYPE = "text/calendar"


def context_of(rows: list[Reminder], *, user: User, now: dt.datetime) -> dict[str, Any]:
    """The context of `mail/reminder_*`. A number of queries that does not grow with the rows."""
    steps = {row.deadline_id: row.step for row in rows}
    found = lines(Deadline.objects.filter(pk__in=steps).order_by("due_at", "pk"), now=now)
    members = members_of({line.deadline.organisation_id for line in found})
    items = [
        _item(line, steps[line.deadline.pk], members[line.deadline.organisation_id], user)
        for line in found
    ]
    addresses = channel_addresses(at=now)
    first, alone = found[0], len(found) == 1
    path = (
        reverse("deadlines:detail", args=[first.deadline.pk])
        if alone
        else reverse("deadlines:index")
    )
    return {
        "subject": words.subject(items, now),
        "next": words.next_act(items[0], now),
        "filer": next(filter(None, map(words.filer, items)), ""),
        "items": [
            _shown(line, item, addresses.get(line.channel, ""))
            for line, item in zip(found, items, strict=True)
        ],
        "alone": alone,
        "button_url": absolute(path),
        "button_label": "Ouvrir l'échéance" if alone else "Voir mes échéances",
        "why": words.why(items),
    }


def attachments_of(rows: list[Reminder]) -> list[Attachment]:
    """One calendar file with the event of each deadline, the same events as in the feed."""
    wanted = Deadline.objects.filter(pk__in={row.deadline_id for row in rows})
    deadlines = list(deadlines_with_change(wanted).order_by("due_at", "pk"))
    name = deadlines[0].title if len(deadlines) == 1 else f"{len(deadlines)} échéances"
    return [Attachment("echeances.ics", ICS_TYPE, deadlines_ics(deadlines, name=name))]


def _item(line: Line, step: int, members: list[Member], user: User) -> Item:
    deadline = line.deadline
    role = next((Role(m.role) for m in members if m.user_id == user.pk), Role.SALARIE)
    by_role = role in reminded_roles(step, {member.role for member in members})
    return Item(
        title=deadline.title,
        dispositif=deadline.dispositif.short_name,
        due_at=deadline.due_at,
        state=State(deadline.state),
        is_draft=line.is_draft,
        channel=line.channel,
        step=step,
        role=role,
        organisation=deadline.organisation.name,
        is_early=not by_role,
    )


def _shown(line: Line, item: Item, address: str) -> dict[str, Any]:
    return {
        "title": item.title,
        "dispositif": item.dispositif,
        "subject": str(line.deadline.subject),
        "organisation": item.organisation,
        "url": absolute(reverse("deadlines:detail", args=[line.deadline.pk])),
        "due_at": item.due_at,
        "left": line.left.phrase,
        "overdue": line.left.overdue,
        "is_draft": item.is_draft,
        "state": line.state,
        "channel": _place(line.channel),
        "channel_url": address,
        "unmet": [f"{unmet.reason} Qui doit agir : {unmet.who}." for unmet in line.unmet],
    }


def _place(channel: Channel) -> str:
    """Where one really files, when it is not here."""
    return {Channel.CONVERGENCE: "Convergence", Channel.ASP: "le portail de l'ASP"}.get(channel, "")
