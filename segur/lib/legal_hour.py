"""A legal day and hour typed by a person, or written in the data file, made an instant."""

import datetime as dt

from segur.lib import paris

MIDNIGHT = dt.time(0)
ONE_HOUR = dt.timedelta(hours=1)
NO_MIDNIGHT = "00:00 se lit comme la veille au soir : indiquez 23:59, ou une autre heure"


def paris_instant(day: dt.date, clock: dt.time) -> dt.datetime:
    """The UTC instant of a legal day and hour, where the Paris clock shows it exactly once.

    Raises ValueError, in French, for midnight (LESSONS 2: read as the evening by half of the
    readers), for an hour that the time change skips and for one that it repeats.
    """
    if clock.replace(second=0, microsecond=0) == MIDNIGHT:
        raise ValueError(NO_MIDNIGHT)
    shown = dt.datetime.combine(day, clock)
    first = paris.at(day, clock)
    when = f"l'heure {clock:%H:%M} du {day:%d/%m/%Y}"
    if paris.local(first).replace(tzinfo=None) != shown:
        raise ValueError(f"{when} n'existe pas : c'est le passage à l'heure d'été")
    if paris.local(first + ONE_HOUR).replace(tzinfo=None) == shown:
        raise ValueError(f"{when} existe deux fois : c'est le passage à l'heure d'hiver")
    return first
