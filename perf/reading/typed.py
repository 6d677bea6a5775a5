"""What a person types or pastes: instants, outages one a line, durations. Pure, in French.

A local hour is never guessed: one that the spring change skips is refused, one that the October
change repeats must be given with its offset.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.engine.instants import HOUR, MINUTE
from segur.lib import paris
from segur.lib.opening_hours import MIDNIGHT
from segur.lib.texts import fold

MAX_LINES = 500
MAX_LINE = 200
BOTH = 2
MICROSECONDS = 6
"""The digits of a second that are kept."""
OFFSETS = (dt.timedelta(hours=-12), dt.timedelta(hours=14))
"""Those of the clocks of this world."""
SEASONS = {"été": "+02:00", "hiver": "+01:00"}
"""As `paris.clock` says which of two hours it is, and the offset."""
FIRST = paris.at(dt.date(FIRST_YEAR, 1, 1), MIDNIGHT)
LAST = paris.at(dt.date(LAST_YEAR + 1, 1, 1), MIDNIGHT)
NOT_YET = "une panne en cours ne peut pas commencer dans l'avenir"
NO_END = "la fin manque. Si la panne dure encore, ajoutez « → en cours »"
EXAMPLE = "15/01/2027 18:00"

T = TypeVar("T")

_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_OPEN = {"", "en cours", "toujours en cours", "maintenant", "…", "...", "?", "null"}
_SEPARATOR = re.compile(
    r"\s*(?:→|->|=>|;|\t|\s[-–—](?=\s|$)|[–—]|\s(?:jusqu'au|jusqu'à|au)(?=\s|$))\s*"
)
_LEAD = re.compile(r"(?:du|le|au)\s+", re.IGNORECASE)
_TIME = r"""
  (?P<hour>[0-9]{1,2})(?::(?=[0-9])|\s?h\s?)
  (?P<minute>[0-9]{2})?
  (?:(?::|\s?min\s?)(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?\s?s?|\s?min)?
  \s?(?P<offset>z|utc|[+-][0-9]{2}:?[0-9]{2}|\+[0-9]{2}|(?(iso)-[0-9]{2}|(?!)))?
  (?:\s?,?\s?heure\sd'(?P<season>été|hiver))?
"""
"""«-19» alone is an offset after an ISO day only: «15/01/2027 18:00-19» was rather two hours."""
_DAY = r"""
  (?:(?P<weekday>lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche)?\s+)?
  (?:(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})
    |(?P<day>[0-9]{1,2})[/.](?P<month>[0-9]{1,2})(?:[/.](?P<year>[0-9]{4}))?)
"""
_INSTANT = re.compile(rf"(?:{_DAY}(?:\s*(?:t|à|,)\s*|\s+))?{_TIME}", re.VERBOSE)
_ONLY_DAY = re.compile(_DAY, re.VERBOSE)
_SHORT_YEAR = re.compile(r"(?:\w+\.?\s+)?[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2}(?![0-9])")
_DURATION = re.compile(
    r"(?P<hours>[0-9]{1,3})\s?h(?:eures?)?(?:\s?(?P<minutes>[0-9]{1,2})(?:\s?min)?)?"
    r"|(?P<only>[0-9]{1,4})\s?(?:min(?:utes?)?|mn)"
)


class BadText(ValueError):  # noqa: N818
    """What was typed cannot be understood; the message says why and what to write."""


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
    return _each_line(text, lambda _number, line: instant(_bare(_short(line))))


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


def instant(text: str, *, start: dt.datetime | None = None) -> dt.datetime:
    """The UTC instant. With `start`, the year or the whole day may be left out: they are its own.

    Raises BadText: not understood, no such day or hour, skipped, repeated, out of the years.
    """
    match = _INSTANT.fullmatch(text)
    if match is None or not (match["iso"] or match["year"] or start):
        raise BadText(_why_not(text))
    day = _day(match, paris.day(start) if start else None)
    clock, next_day = _clock(match)
    if next_day:
        day += dt.timedelta(days=1)
    found = _at(day, clock, match["offset"], match["season"])
    if not FIRST <= found <= LAST:
        raise BadText(out_of_years(paris.local(found).year))
    return found


def duration(text: str) -> int:
    """«3 h», «3h30», «1 h 30 min», «90 min» in microseconds. Raises BadText."""
    match = _DURATION.fullmatch(_plain(text).strip())
    if match is None:
        raise BadText("Écrivez la durée avec son unité. Exemples : 3 h, 1 h 30, 90 min.")
    if match["only"]:
        return int(match["only"]) * MINUTE
    return int(match["hours"]) * HOUR + int(match["minutes"] or 0) * MINUTE


def out_of_years(year: int) -> str:
    return f"{year} est hors des années calculées, {FIRST_YEAR} à {LAST_YEAR}"


def _plain(text: str) -> str:
    """Folded and in lower case, ordinary apostrophes, no quotes around; tabs separate columns."""
    parts = text.replace("’", "'").replace('"', " ").split("\t")
    return "\t".join(fold(part) for part in parts).lower()


def _bare(text: str) -> str:
    """One instant, without the «le» that people write before it."""
    return _LEAD.sub("", _plain(text).strip(), count=1)


def _ends(line: str) -> tuple[str, str]:
    """Both ends as text. A trailing separator ends nothing; four columns are day, hour, twice."""
    parts = [_bare(part) for part in _SEPARATOR.split(_plain(line).lstrip() + " ")]
    while len(parts) > BOTH and not parts[-1]:
        parts.pop()
    if len(parts) == 2 * BOTH:
        parts = [f"{parts[0]} {parts[1]}", f"{parts[2]} {parts[3]}"]
    if len(parts) == 1:
        raise BadText(NO_END if _INSTANT.fullmatch(parts[0]) else _why_not(parts[0]))
    if len(parts) != BOTH:
        raise BadText("un début et une fin sont attendus, pas plus")
    return parts[0], parts[1]


def _part(text: str, name: str, start: dt.datetime | None) -> dt.datetime:
    try:
        return instant(text, start=start)
    except BadText as refusal:
        raise BadText(f"{name} : {refusal}") from None


def _why_not(text: str) -> str:
    if not text:
        return f"il manque un jour et une heure. Exemple : {EXAMPLE}"
    if _SHORT_YEAR.match(text):
        return f"l'année de « {text} » s'écrit sur quatre chiffres. Exemple : {EXAMPLE}"
    if _ONLY_DAY.fullmatch(text):
        return f"l'heure manque après « {text} ». Exemple : {EXAMPLE}"
    if _INSTANT.fullmatch(text):
        return f"le jour et l'année manquent dans « {text} ». Exemple : {EXAMPLE}"
    return f"« {text} » n'est pas un jour et une heure. Exemple : {EXAMPLE}"


def _day(match: re.Match[str], default: dt.date | None) -> dt.date:
    if not (match["iso"] or match["day"]):
        if default is None:
            raise BadText(_why_not(match[0]))
        return default
    shown = match["iso"] or f"{match['day']}/{match['month']}"
    try:
        if match["iso"]:
            found = dt.date.fromisoformat(match["iso"])
        else:
            year = int(match["year"]) if match["year"] else default.year if default else 0
            shown = f"{shown}/{year}"
            found = dt.date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        raise BadText(f"le {shown} n'existe pas") from None
    if not FIRST_YEAR - 1 <= found.year <= LAST_YEAR + 1:
        raise BadText(out_of_years(found.year))
    if match["weekday"] and _WEEKDAYS[found.weekday()] != match["weekday"]:
        raise BadText(f"le {found:%d/%m/%Y} est un {paris.long_day(found).split()[0]}")
    return found


def _clock(match: re.Match[str]) -> tuple[dt.time, bool]:
    """The hour typed, and whether it is the midnight that ends the day, 24:00."""
    hour, minute, second = (int(match[k] or 0) for k in ("hour", "minute", "second"))
    fraction = match["fraction"] or ""
    micro = int(fraction[:MICROSECONDS].ljust(MICROSECONDS, "0"))
    if fraction[MICROSECONDS:].strip("0"):
        raise BadText(f"« {match[0]} » est plus précis que la microseconde : six décimales au plus")
    if (hour, minute, second, micro) == (24, 0, 0, 0):
        return dt.time(0), True
    try:
        return dt.time(hour, minute, second, micro), False
    except ValueError:
        raise BadText(f"l'heure {hour:02}:{minute:02}:{second:02} n'existe pas") from None


def _at(day: dt.date, clock: dt.time, offset: str | None, season: str | None) -> dt.datetime:
    if offset:
        return _offset(day, clock, offset).astimezone(dt.UTC)
    first = dt.datetime.combine(day, clock, tzinfo=paris.PARIS)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    when = f"le {day:%d/%m/%Y} à {clock:%H:%M}"
    if before is not None and after is not None and before < after:
        raise BadText(f"{when} n'existe pas : les horloges passent de 2h à 3h")
    if season:
        found = _offset(day, clock, SEASONS[season])
        if found.utcoffset() not in {before, after}:
            raise BadText(f"{when} n'est pas à l'heure d'{season}")
        return found.astimezone(dt.UTC)
    if before != after:
        shown = f"{day.isoformat()}T{clock.isoformat()}"
        raise BadText(
            f"{when} existe deux fois, les horloges reculent de 3h à 2h. Écrivez {shown}+02:00 "
            f"avant le changement, {shown}+01:00 après"
        )
    return first.astimezone(dt.UTC)


def _offset(day: dt.date, clock: dt.time, offset: str) -> dt.datetime:
    iso = f"{day.isoformat()}T{clock.isoformat()}{offset.upper().replace('UTC', 'Z')}"
    refusal = BadText(f"le décalage « {offset} » n'existe pas")
    try:
        found = dt.datetime.fromisoformat(iso)
    except ValueError:
        raise refusal from None
    least, most = OFFSETS
    if not least <= (found.utcoffset() or dt.timedelta()) <= most:
        raise refusal
    return found
