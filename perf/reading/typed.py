"""What a person types or pastes: outages and instants one a line, durations. Pure, in French."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from perf.engine.instants import HOUR, MINUTE
from segur.lib import paris
from segur.lib.instants import INSTANT, BadText, bare, instant, plain, why_not

MAX_LINES = 500
MAX_LINE = 200
BOTH = 2
NOT_YET = "une panne en cours ne peut pas commencer dans l'avenir"
NO_END = "la fin manque. Si la panne dure encore, ajoutez « → en cours »"

T = TypeVar("T")

_OPEN = {"", "en cours", "toujours en cours", "maintenant", "…", "...", "?", "null"}
_SEPARATOR = re.compile(
    r"\s*(?:→|->|=>|;|\t|\s[-–—](?=\s|$)|[–—]|\s(?:jusqu'au|jusqu'à|au)(?=\s|$))\s*"
)
_DURATION = re.compile(
    r"(?P<hours>[0-9]{1,3})\s?h(?:eures?)?(?:\s?(?P<minutes>[0-9]{1,2})(?:\s?min)?)?"
    r"|(?P<only>[0-9]{1,4})\s?(?:min(?:utes?)?|mn)"
)


@dataclass(frozen=True)
class Typed:
    """An outage and the number of its line. `end` is None while it lasts."""

    number: int
    start: dt.datetime
    end: dt.datetime | None


def outages(text: str, *, now: dt.datetime) -> tuple[list[Typed], list[str]]:
    """The outages, and a sentence for each line that is not one. Blank lines are skipped."""

    def read(number: int, line: str) -> Typed:
        start, end = outage(line)
        if end is None and start > now:
            raise BadText(NOT_YET)
        return Typed(number, start, end)

    return _each_line(text, read)


def tickets(text: str) -> tuple[list[dt.datetime], list[str]]:
    """The instants of declaration, and a sentence for each line that is not one. Blank lines are
    skipped.
    """
    return _each_line(text, lambda _number, line: instant(bare(_short(line))))


def _short(line: str) -> str:
    if len(line) > MAX_LINE:
        raise BadText(f"plus de {MAX_LINE} caractères, ce n'est pas un instant")
    return line


def _each_line(text: str, read: Callable[[int, str], T]) -> tuple[list[T], list[str]]:
    found: list[T] = []
    errors: list[str] = []
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_LINES:
        return [], [f"{len(lines)} lignes : le simulateur en accepte {MAX_LINES} à la fois."]
    for number, line in lines:
        try:
            found.append(read(number, line))
        except BadText as refusal:
            errors.append(f"Ligne {number} : {refusal}.")
    return found, errors


def outage(line: str) -> tuple[dt.datetime, dt.datetime | None]:
    """«15/01/2027 18:00 → 18/01/2027 10:00», and its many ways of being written. Raises BadText."""
    first, last = _ends(_short(line))
    start = _part(first, "début", None)
    if last in _OPEN:
        return start, None
    end = _part(last, "fin", start)
    if end < start:
        raise BadText(f"la fin, {paris.short(end)}, vient avant le début, {paris.short(start)}")
    return start, end


def duration(text: str) -> int:
    """«3 h», «3h30», «1 h 30 min», «90 min» in microseconds. Raises BadText."""
    match = _DURATION.fullmatch(plain(text).strip())
    if match is None:
        raise BadText("Écrivez la durée avec son unité. Exemples : 3 h, 1 h 30, 90 min.")
    if match["only"]:
        return int(match["only"]) * MINUTE
    return int(match["hours"]) * HOUR + int(match["minutes"] or 0) * MINUTE


def _ends(line: str) -> tuple[str, str]:
    """Both ends as text. A trailing separator ends nothing; four columns are day, hour, twice."""
    parts = [bare(part) for part in _SEPARATOR.split(plain(line).lstrip() + " ")]
    while len(parts) > BOTH and not parts[-1]:
        parts.pop()
    if len(parts) == 2 * BOTH:
        parts = [f"{parts[0]} {parts[1]}", f"{parts[2]} {parts[3]}"]
    if len(parts) == 1:
        raise BadText(NO_END if INSTANT.fullmatch(parts[0]) else why_not(parts[0]))
    if len(parts) != BOTH:
        raise BadText("un début et une fin sont attendus, pas plus")
    return parts[0], parts[1]


def _part(text: str, name: str, start: dt.datetime | None) -> dt.datetime:
    try:
        return instant(text, start=start)
    except BadText as refusal:
        raise BadText(f"{name} : {refusal}") from None
