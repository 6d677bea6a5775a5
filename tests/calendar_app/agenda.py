"""Reading iCalendar as an agenda does."""

import datetime as dt
from typing import Any

import icalendar

from calendar_app.models import Deadline
from calendar_app.selectors.calendars import deadlines_with_change
from calendar_app.selectors.ical import deadlines_ics


def event_of(deadline: Deadline) -> Any:
    """The one that every agenda has of this deadline."""
    rows = deadlines_with_change(Deadline.objects.filter(pk=deadline.pk))
    (event,) = icalendar.Calendar.from_ical(deadlines_ics(rows, name="")).events
    return event


def starts(event: icalendar.Event) -> dt.datetime:
    """The instant at which the event starts, in UTC."""
    start = event.start
    assert isinstance(start, dt.datetime)
    return start.astimezone(dt.UTC)
