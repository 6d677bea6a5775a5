"""One reminder mail: what it says, the last look before it leaves, and its fate for its rows."""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.selectors.people import Member, members_of
from calendar_app.enums import REMINDER_MAIL, Channel, ReminderState, State
from calendar_app.models import Deadline, Reminder
from calendar_app.rules import reminder_words as words
from calendar_app.rules.reminder_words import Item
from calendar_app.rules.steps import is_open, next_opening, reminded_roles
from calendar_app.rules.triage import triage
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.calendars import channel_addresses, deadlines_with_change
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.selectors.ical import deadlines_ics
from calendar_app.selectors.reminders import facts, wishes_of
from calendar_app.services.reminders.dispatching import settle_dropped
from calendar_app.services.reminders.right_lines import ReminderLine, lines_of_rights
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import kind_of
from mailing.services.kinds import Freshness, Verdict
from mailing.services.links import absolute
from mailing.services.mail import Attachment, complete
from segur.lib import paris

ON_SITE = f"Sans courriel : {Answer.NO_KIND.value}."
FATES = {
    MailState.SENT: ReminderState.SENT,
    MailState.SHOWN: ReminderState.SENT,
    MailState.UNKNOWN: ReminderState.UNKNOWN,
    MailState.BOUNCED: ReminderState.FAILED,
    MailState.FAILED: ReminderState.FAILED,
    MailState.CANCELLED: ReminderState.CANCELLED,
}
NOT_RECEIVED = (ReminderState.FAILED, ReminderState.UNKNOWN)
NOTHING_LEFT = "Plus rien à rappeler au moment de l'envoi."


def freshen(mail: OutgoingMail, now: dt.datetime) -> Freshness:
    """Ask again, at sending, whether an optional mail is wanted, now and by mail, and still true
    (ADR 0021).

    A reminder drops the items filed, moved or refused meanwhile, and is composed here, with what is
    left, for the person's present address.
    """
    if mail.kind == REMINDER_MAIL:
        return _freshen_reminder(mail, now)
    kind = kind_of(mail.kind)
    if not kind.is_optional or not mail.user_id:
        return Freshness(Verdict.READY)
    wishes = wishes_of([mail.user_id])[mail.user_id]
    about = int(mail.topic) if mail.topic else None
    if wishes.answer(kind, dispositif_id=about, day=paris.day(now)) is Answer.NO_KIND:
        return Freshness(Verdict.SHOWN, ON_SITE)
    if wishes.general.quiet and not is_open(now):
        return Freshness(Verdict.POSTPONED, until=next_opening(now))
    return Freshness(Verdict.READY)


def settle(mail: OutgoingMail, state: MailState, words: str, now: dt.datetime) -> None:
    """The rows of a mail that has left, or failed for good, follow it."""
    sent = state in (MailState.SENT, MailState.SHOWN)
    before = ReminderState.SENT if state == MailState.BOUNCED else ReminderState.CLAIMED
    Reminder.objects.filter(mail=mail, state=before).update(
        state=FATES[state],
        state_reason=words[:200],
        sent_at=now if sent else None,
    )


def reopen(mail: OutgoingMail) -> None:
    """Its mail is sent again: what it reminds of is asked once more at sending."""
    Reminder.objects.filter(mail=mail, state__in=NOT_RECEIVED).update(
        state=ReminderState.CLAIMED, state_reason="", sent_at=None
    )


def _freshen_reminder(mail: OutgoingMail, now: dt.datetime) -> Freshness:
    rows = Reminder.objects.filter(mail=mail, state=ReminderState.CLAIMED)
    rows = rows.select_related("deadline", "recipient")
    sorted_rows = triage(facts(list(rows), now=now), now)
    settle_dropped(sorted_rows, expected=ReminderState.CLAIMED)
    if sorted_rows.go:
        _release([*sorted_rows.paused, *sorted_rows.closed_hours])
        _release(sorted_rows.shown)
        _compose(mail, sorted_rows.go, now)
        return Freshness(Verdict.READY)
    _release(sorted_rows.paused)
    if sorted_rows.shown:
        _release(sorted_rows.closed_hours)
        _compose(mail, sorted_rows.shown, now)
        return Freshness(Verdict.SHOWN, ON_SITE)
    if sorted_rows.closed_hours:
        return Freshness(Verdict.POSTPONED, until=next_opening(now))
    return Freshness(Verdict.CANCELLED, NOTHING_LEFT)


def _release(rows: list[Reminder]) -> None:
    """Give rows back to the dispatcher: the end of a pause, or the next opening, is theirs."""
    Reminder.objects.filter(pk__in=[row.pk for row in rows], state=ReminderState.CLAIMED).update(
        state=ReminderState.SCHEDULED, mail=None
    )


def _compose(mail: OutgoingMail, rows: list[Reminder], now: dt.datetime) -> None:
    user = rows[0].recipient
    complete(
        mail,
        user=user,
        template=TEMPLATE,
        context=context_of(rows, user=user, now=now),
        attachments=attachments_of(rows),
        about=rows[0].deadline if len(rows) == 1 else None,
    )


TEMPLATE = "reminder"
ICS_TYPE = "text/calendar"


def context_of(rows: list[Reminder], *, user: User, now: dt.datetime) -> dict[str, Any]:
    """The context of `mail/reminder_*`. A number of queries that does not grow with the rows."""
    entries = [*_of_deadlines(rows, user, now), *lines_of_rights(rows, user, now)]
    entries.sort(key=lambda entry: entry.item.due_at)
    items = [entry.item for entry in entries]
    groups = {id(entry.group): entry.group for entry in entries}
    alone = len(entries) == 1
    label = "Voir les droits" if items[0].is_right else "Ouvrir l'échéance"
    return {
        "subject": f"Rappel · {words.subject(items, now)}",
        "next": words.next_act(items[0], now),
        "filer": next(filter(None, map(words.filer, items)), ""),
        "groups": list(groups.values()),
        "several_organisations": len({item.organisation for item in items}) > 1,
        "button_url": entries[0].url if alone else absolute(reverse("deadlines:index")),
        "button_label": label if alone else "Voir mes échéances",
        "why": words.why(items),
    }


def _of_deadlines(rows: list[Reminder], user: User, now: dt.datetime) -> Iterator[ReminderLine]:
    steps = {row.deadline_id: row.step for row in rows if row.deadline_id}
    if not steps:
        return
    wanted = Deadline.objects.filter(pk__in=steps).order_by("due_at", "pk")
    found = lines(wanted, now=now, reader=user)
    found.sort(key=lambda line: (*_milestone(line), not line.is_draft))
    members = members_of({line.deadline.organisation_id for line in found})
    addresses = channel_addresses(at=now)
    for _, same in groupby(found, key=_milestone):
        together = list(same)
        group = _group(together, addresses)
        for line in together:
            deadline = line.deadline
            own = members[deadline.organisation_id]
            yield ReminderLine(_item(line, steps[deadline.pk], own, user), _page(line), group)


def attachments_of(rows: list[Reminder]) -> list[Attachment]:
    """One calendar file with the event of each deadline, the same events as in the feed."""
    wanted = Deadline.objects.filter(pk__in={row.deadline_id for row in rows if row.deadline_id})
    deadlines = list(deadlines_with_change(wanted).order_by("due_at", "pk"))
    if not deadlines:
        return []
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
        client=deadline.prestation.client.name if deadline.prestation else "",
    )


def _page(line: Line) -> str:
    """Where one acts: for a computed delay, the page of what it closes."""
    deadline = line.deadline
    return absolute(deadline.page or reverse("deadlines:detail", args=[deadline.pk]))


def _milestone(line: Line) -> tuple[dt.datetime, str, int]:
    return line.deadline.fixed_at, line.deadline.title, line.deadline.dispositif_id


def _group(same: list[Line], addresses: Mapping[Channel, str]) -> dict[str, Any]:
    """What all lack comes once, what one lacks beside it."""
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
                "person": str(line.person) if line.person else "",
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
