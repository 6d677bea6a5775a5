"""Opening hours of a day as people write them: «09:00-12:00 14:00-19:00», «fermé»."""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from segur.lib.paris import hour

MIDNIGHT = dt.time(0)
CLOSED = "fermé"
END_OF_DAY = "24:00"

Window = tuple[dt.time, dt.time]
"""Local opening and closing. A closing at 00:00 is the midnight that ends the day."""

_WINDOW = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


def windows(text: str) -> tuple[Window, ...]:
    """The windows, in order; none for «fermé». Raises ValueError, with a French sentence."""
    if text.strip().lower() in {"", CLOSED, "ferme"}:
        return ()
    found = [_window(part) for part in re.sub(r"\s*[-–]\s*", "-", text).split()]
    for (_start, closing), (opening, _end) in pairwise(found):
        if closing == MIDNIGHT or opening < closing:
            raise ValueError(f"« {text} » : les plages se suivent, sans se recouvrir")
    return tuple(found)


def windows_text(found: Sequence[Window]) -> str:
    """The text that `windows` reads."""
    return " ".join(f"{start:%H:%M}-{_closing(end)}" for start, end in found) or CLOSED


def windows_words(found: Sequence[Window]) -> str:
    """«de 9h à 12h et de 14h à 19h», «fermé»: the same, to be read in a sentence."""
    spans = (
        f"de {hour(start)} à {'24h' if end == MIDNIGHT else hour(end)}" for start, end in found
    )
    return " et ".join(spans) or CLOSED


def _window(part: str) -> Window:
    match = _WINDOW.fullmatch(part)
    if not match:
        raise ValueError(f"« {part} » : écrivez une plage comme 09:00-19:00, ou « {CLOSED} »")
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    ends_day = f"{match[3]}:{match[4]}" == END_OF_DAY
    try:
        opening = dt.time(start_hour, start_minute)
        closing = MIDNIGHT if ends_day else dt.time(end_hour, end_minute)
    except ValueError:
        raise ValueError(f"« {part} » : cette heure n'existe pas") from None
    if opening >= closing and not ends_day:
        raise ValueError(f"« {part} » : la fin vient avant le début")
    return opening, closing


def _closing(end: dt.time) -> str:
    return END_OF_DAY if end == MIDNIGHT else f"{end:%H:%M}"
