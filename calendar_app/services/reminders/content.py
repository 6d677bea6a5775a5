"""What one reminder mail says: every item of one person, most urgent first."""

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.selectors.people import Member, members_of
from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Reminder
from calendar_app.rules import reminder_words as words
from calendar_app.rules.reminder_words import Item
from calendar_app.rules.steps import reminded_roles
from calendar_app.selectors.calendars import channel_addresses, deadlines_with_change
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.selectors.ical import deadlines_ics
from mailing.services.ledger import Attachment
from mailing.services.links import absolute

TEMPLATE = "reminder"
ICS_TYPE = "text/calendar"


def context_of(rows: list[Reminder], *, user: User, now: dt.datetime) -> dict[str, Any]:
    """The context of `mail/reminder_*`. A number of queries that does not grow with the rows."""
    steps = {row.deadline_id: row.step for row in rows}
    found = lines(Deadline.objects.filter(pk__in=steps).order_by("due_at", "pk"), now=now)
    found.sort(key=lambda line: (*_milestone(line), not line.is_draft))
    members = members_of({line.deadline.organisation_id for line in found})
    items = [
        _item(line, steps[line.deadline.pk], members[line.deadline.organisation_id], user)
        for line in found
    ]
    addresses = channel_addresses(at=now)
    first, alone = found[0], len(found) == 1
    return {
        "subject": words.subject(items, now),
        "next": words.next_act(items[0], now),
        "filer": next(filter(None, map(words.filer, items)), ""),
        "groups": _groups(found, addresses),
        "several_organisations": len({item.organisation for item in items}) > 1,
        "button_url": _page(first) if alone else absolute(reverse("deadlines:index")),
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
        due_at=deadline.fixed_at,
        state=State(deadline.state),
        is_draft=line.is_draft,
        channel=line.channel,
        step=step,
        role=role,
        organisation=deadline.organisation.name,
        is_early=not by_role,
        is_delay=deadline.is_delay,
    )


def _page(line: Line) -> str:
    """Where one acts: for a computed delay, the page of what it closes."""
    deadline = line.deadline
    return absolute(deadline.page or reverse("deadlines:detail", args=[deadline.pk]))


def _milestone(line: Line) -> tuple[dt.datetime, str, int]:
    return line.deadline.fixed_at, line.deadline.title, line.deadline.dispositif_id


def _groups(found: list[Line], addresses: Mapping[Channel, str]) -> list[dict[str, Any]]:
    """One milestone once, with its subjects under it: a Fournisseur may have forty."""
    return [_group(list(same), addresses) for _, same in groupby(found, key=_milestone)]


def _group(same: list[Line], addresses: Mapping[Channel, str]) -> dict[str, Any]:
    """What all lack is said once, what one lacks beside it."""
    first = same[0]
    unmet = [_unmet(line) for line in same]
    shared = unmet[0] if all(reasons == unmet[0] for reasons in unmet) else []
    return {
        "title": first.deadline.title,
        "dispositif": first.deadline.dispositif.short_name,
        "left": first.left,
        "channel": _place(first.channel),
        "channel_url": addresses.get(first.channel, ""),
        "unmet": shared,
        "items": [
            {
                "subject": str(line.deadline.subject),
                "organisation": line.deadline.organisation.name,
                "url": _page(line),
                "rule": line.deadline.rule.removesuffix("."),
                "is_draft": line.is_draft,
                "unmet": [] if shared else reasons,
            }
            for line, reasons in zip(same, unmet, strict=True)
        ],
    }


def _unmet(line: Line) -> list[str]:
    return [f"{unmet.reason} Qui doit agir\N{NO-BREAK SPACE}: {unmet.who}." for unmet in line.unmet]


def _place(channel: Channel) -> str:
    """Where one really files, when it is not here."""
    return {Channel.CONVERGENCE: "Convergence", Channel.ASP: "le portail de l'ASP"}.get(channel, "")
