"""Reading iCalendar as an agenda does."""

import datetime as dt

import icalendar


def starts(event: icalendar.Event) -> dt.datetime:
    """The instant at which the event starts, in UTC."""
    start = event.start
    assert isinstance(start, dt.datetime)
    return start.astimezone(dt.UTC)
