"""Paris time: the zone of every legal day and hour of the two dispositifs.

Instants are aware datetimes, stored in UTC; a legal day is the Paris day. DOMAIN §2: «à 12h» is
«heure de métropole».
"""

import datetime as dt
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def local(instant: dt.datetime) -> dt.datetime:
    """The instant on the Paris clock. Raises ValueError for a naive datetime."""
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime: {instant!r}")
    return instant.astimezone(PARIS)


def day(instant: dt.datetime) -> dt.date:
    """The Paris day that contains the instant: 2027-06-30T22:30Z is the 1st of July."""
    return local(instant).date()


def at(day: dt.date, clock: dt.time) -> dt.datetime:
    """The UTC instant at which the Paris clock shows `clock` on `day`.

    In the hour that a time change repeats, the first of the two instants; in the hour that it
    skips, the instant that the clock before the change would have shown.
    """
    return dt.datetime.combine(day, clock, tzinfo=PARIS).astimezone(dt.UTC)


def is_twice(day: dt.date, clock: dt.time) -> bool:
    """Whether the clock shows this hour twice on that day, the last Sunday of October."""
    first = dt.datetime.combine(day, clock.replace(fold=0), tzinfo=PARIS)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    return before is not None and after is not None and before > after


def hour(clock: dt.time) -> str:
    """«12h», «9h05», «11h59min59s»: the one way to write an hour, as short as it stays exact to the
    second.
    """
    if clock.second:
        return f"{clock.hour}h{clock:%Mmin%Ss}"
    return f"{clock.hour}h{clock:%M}" if clock.minute else f"{clock.hour}h"


def clock(instant: dt.datetime) -> str:
    """The Paris `hour`. In the hour that October repeats it says which: «2h30, heure d'hiver»."""
    moment = local(instant)
    return f"{hour(moment.time())}{_which(moment)}"


def _which(moment: dt.datetime) -> str:
    if not is_twice(moment.date(), moment.time()):
        return ""
    return ", heure d'hiver" if moment.fold else ", heure d'été"


def long_day(day: dt.date) -> str:
    """«mercredi 9 juin 2027», «samedi 1er mai 2027»."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def long(instant: dt.datetime) -> str:
    """«mercredi 9 juin 2027 à 12h (heure de Paris)»."""
    return f"{long_day(day(instant))} à {clock(instant)} (heure de Paris)"


def short(instant: dt.datetime) -> str:
    """«09/06/2027 12h», for tables; the zone is in their caption."""
    return f"{day(instant):%d/%m/%Y} {clock(instant)}"


def last_day(due_at: dt.datetime) -> dt.date:
    """The Paris day of the last instant before `due_at`: «avant» is strict, so a delay that runs
    out at midnight ends with the day that finishes there.
    """
    return day(due_at - dt.timedelta(microseconds=1))


def due_clock(due_at: dt.datetime) -> str:
    """The hour of a table that has it apart: the midnight that ends a day is «24h» of that day."""
    return "24h" if ends_a_day(due_at) else clock(due_at)


def ends_a_day(due_at: dt.datetime) -> bool:
    """Whether a delay runs out with a Paris day, which is still in time."""
    return local(due_at).time() == dt.time(0)


def due_long(due_at: dt.datetime) -> str:
    """«mercredi 9 juin 2027 à 12h (heure de Paris)»; «mercredi 20 janvier 2027», the whole day,
    for a delay that ends with it.
    """
    return long_day(last_day(due_at)) if ends_a_day(due_at) else long(due_at)


def due_short(due_at: dt.datetime) -> str:
    """«09/06/2027 12h»; «20/01/2027» for a delay that ends with the day."""
    return f"{last_day(due_at):%d/%m/%Y}" if ends_a_day(due_at) else short(due_at)


def before(due_at: dt.datetime) -> str:
    """What leads to a last instant: «avant le» is strict, a whole day is «au plus tard le»."""
    return "au plus tard le " if ends_a_day(due_at) else "avant le "


def before_long(due_at: dt.datetime) -> str:
    """«avant le mercredi 9 juin 2027 à 12h (heure de Paris)», «au plus tard le mercredi 20 janvier
    2027»."""
    return before(due_at) + due_long(due_at)


def before_short(due_at: dt.datetime) -> str:
    """«avant le 09/06/2027 12h», «au plus tard le 20/01/2027»."""
    return before(due_at) + due_short(due_at)


def minute(instant: dt.datetime) -> str:
    """«09/06/2027 à 11h59», for what was recorded: the minute that had begun."""
    begun = local(instant).replace(second=0, microsecond=0)
    return f"{begun:%d/%m/%Y} à {clock(begun)}"


def stamp(instant: dt.datetime) -> str:
    """«09/06/2027 à 8h05min00s (heure de Paris)», for receipts: always to the second."""
    moment = local(instant)
    return f"{moment:%d/%m/%Y} à {moment.hour}h{moment:%Mmin%Ss}{_which(moment)} (heure de Paris)"
