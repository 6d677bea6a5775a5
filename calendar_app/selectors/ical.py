"""The calendars and deadlines as iCalendar (RFC 5545, RFC 7986), for agendas.

An event starts at the very instant of the deadline and has no end: RFC 5545 then makes it end as
it starts. So a month view shows the hour of the text («12:00»), an alarm counts from the deadline
itself, no agenda shows time left after it, and the title says «avant 12h». Identity, sequence and
stamps come from the rows alone: the same calendar always gives the same bytes. Of deadlines alike
(one instant, one title) only the first has alarms, which count them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from icalendar import Alarm, Calendar, Component, Event

from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Dispositif, Milestone
from calendar_app.selectors.calendars import changed_at
from segur.lib import paris, texts
from segur.lib.due import UNDATED, Dated, estimate_words, words

REFRESH_HOURS = 6
ALARM_DAYS = (7, 1)
UID_DOMAIN = "segur-imagerie-echeances"

# Written by hand: the one that icalendar generates starts each summer time an hour late.
VTIMEZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
_ZONE: str = Component.from_ical(VTIMEZONE).to_ical().decode()
_FIRST = re.compile("^(?=BEGIN:|END:VCALENDAR)(?!BEGIN:VCALENDAR)", re.MULTILINE)


def text_of(calendar: Calendar) -> str:
    """With the zone of Paris, which is not rendered again for each calendar."""
    return _FIRST.sub(_ZONE, calendar.to_ical().decode(), count=1)


def dispositif_ics(dispositif: Dispositif, milestones: Iterable[Milestone]) -> str:
    """The public calendar of a dispositif, each event with the dates that its milestone has had.
    The milestones come from `milestones_with_change`.
    """
    name = f"Ségur Imagerie · Calendrier {dispositif}"
    return _calendar(name, (_milestone_event(m, dispositif) for m in milestones))


def deadlines_ics(deadlines: Iterable[Deadline], *, name: str) -> str:
    """These deadlines, which come from `deadlines_with_change`, as one calendar."""
    rows = list(deadlines)
    alarms = _alarms(rows)
    return _calendar(name, (_deadline_event(row, alarms.get(row.pk, "")) for row in rows))


def _alarms(deadlines: Iterable[Deadline]) -> dict[int, str]:
    """The deadlines that ring, with the words of their alarm: the first of each instant and title.
    What is «sans objet» or has no date rings nothing.
    """
    alike: defaultdict[tuple[dt.datetime, int, str], list[Deadline]] = defaultdict(list)
    for row in deadlines:
        if row.due_at and row.state != State.NOT_APPLICABLE:
            alike[row.due_at, row.dispositif_id, row.title].append(row)
    return {rows[0].pk: _alarm_words(rows) for rows in alike.values()}


def _alarm_words(alike: list[Deadline]) -> str:
    first = alike[0]
    if len(alike) == 1:
        return _deadline_title(first)
    when = _when(first.due_at)
    return f"{len(alike)} échéances, {first.dispositif} – {when} : {first.title}"


def _calendar(name: str, events: Iterable[Event]) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Ségur Imagerie//Échéances//FR")
    calendar.add("version", "2.0")
    calendar.add("name", texts.clean(name))
    calendar.add("x-wr-calname", texts.clean(name))
    calendar.add("x-wr-timezone", "Europe/Paris")
    every = dt.timedelta(hours=REFRESH_HOURS)
    calendar.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH_HOURS}H")
    for event in events:
        calendar.add_component(event)
    return text_of(calendar)


def _milestone_event(milestone: Milestone, dispositif: Dispositif) -> Event:
    when = _when(milestone.due_at)
    title = f"{dispositif} – {when} : {milestone.title}"
    event = _event(
        uid=f"jalon-{milestone.code}",
        title=title,
        note=estimate_words(milestone),
        alarm=title if milestone.due_at else "",
        lines=[*_about(milestone), *_past_dates(milestone)],
        row=milestone,
        sequence=milestone.version,
        url=reverse("calendars:detail", args=[dispositif.slug]),
        category=str(dispositif),
    )
    event.add("status", "CONFIRMED" if milestone.due_at else "TENTATIVE")
    return event


def _past_dates(milestone: Milestone) -> list[str]:
    """The dates of a milestone that has changed, newest first, with their sources."""
    versions = sorted(milestone.versions.all(), key=lambda version: -version.number)
    return [
        f"Version {version.number}, enregistrée le {paris.minute(version.created_at)} : "
        f"{words(version, before=True)}. Source : {version.source}."
        for version in (versions if len(versions) > 1 else [])
    ]


def _deadline_title(deadline: Deadline) -> str:
    when = _when(deadline.due_at)
    return f"{deadline.dispositif} – {when} : {deadline.title} – {deadline.subject}"


def _deadline_event(deadline: Deadline, alarm: str) -> Event:
    milestone = deadline.milestone
    cancelled = deadline.state == State.NOT_APPLICABLE
    draft = deadline.state in (State.DRAFT, State.TO_CORRECT)
    state = State(deadline.state).label
    notes = (state.lower() if draft or cancelled else "", estimate_words(deadline))
    event = _event(
        uid=f"echeance-{deadline.pk}",
        title=_deadline_title(deadline),
        note=", ".join(filter(None, notes)),
        alarm=alarm,
        lines=[
            f"État : {state}. Organisation : {deadline.organisation}.",
            *(_about(milestone) if milestone else [_date(deadline)]),
        ],
        row=deadline,
        sequence=deadline.sequence,
        url=reverse("deadlines:detail", args=[deadline.pk]),
        category=str(deadline.dispositif),
    )
    kept = "CONFIRMED" if deadline.due_at else "TENTATIVE"
    event.add("status", "CANCELLED" if cancelled else kept)
    return event


def _when(due_at: dt.datetime | None) -> str:
    """How the title of an event says its instant."""
    if due_at is None:
        return UNDATED
    return "dernier jour" if paris.ends_a_day(due_at) else f"avant {paris.clock(due_at)}"


def _about(milestone: Milestone) -> list[str]:
    channel = Channel(milestone.channel)
    where = f"Où : {channel.label}."
    if channel in (Channel.CONVERGENCE, Channel.ASP):
        where += " L'enregistrement sur ce site ne vaut pas dépôt."
    return [_date(milestone), where, f"{milestone.nature.label}."]


def _date(dated: Dated) -> str:
    return capfirst(f"{words(dated, paris.due_long, before=True)}.")


def _shown_at(row: Milestone | Deadline) -> dt.datetime:
    """A delay that ends at 24h is shown at 23:59: an agenda would put midnight on the next day.
    What has only an estimate is shown there, as tentative and without alarm.
    """
    due_at = row.due_at or row.estimated_at
    assert due_at is not None  # noqa: S101  (milestone_has_a_date)
    moment = paris.local(due_at)
    if moment.time() == dt.time(0):
        return paris.local(due_at - dt.timedelta(minutes=1))
    return moment


def _event(
    *,
    uid: str,
    title: str,
    note: str,
    alarm: str,
    lines: list[str],
    row: Milestone | Deadline,
    sequence: int,
    url: str,
    category: str,
) -> Event:
    title = texts.clean(title)
    event = Event()
    event.add("uid", f"{uid}@{UID_DOMAIN}")
    event.add("sequence", sequence - 1)
    event.add("dtstamp", changed_at(row))
    event.add("last-modified", changed_at(row))
    event.add("dtstart", _shown_at(row))
    event.add("summary", f"{title} ({note})" if note else title)
    event.add("description", texts.clean("\n".join(lines)))
    event.add("url", f"{settings.SITE_URL}{url}")
    event.add("categories", [category])
    event.add("transp", "TRANSPARENT")
    for days in ALARM_DAYS if alarm else ():
        event.add_component(_alarm(days, alarm))
    return event


def _alarm(days: int, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", dt.timedelta(days=-days))
    alarm.add("description", texts.clean(f"J-{days} · {words}"))
    return alarm
