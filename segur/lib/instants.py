"""One instant as people write it: «15/01/2026 18:00», «le 15/01/2026 à 18h», ISO 8601. In French.

A local hour is never guessed: one that the spring change skips is refused, one that the October
change repeats must be given with its offset.
"""

import datetime as dt
import re

from segur.lib import paris
from segur.lib.texts import fold

FIRST_YEAR, LAST_YEAR = 2020, 2040
"""The years of which the hours are known; any other is a slip of the keyboard."""
FIRST = paris.at(dt.date(FIRST_YEAR, 1, 1), dt.time(0))
LAST = paris.at(dt.date(LAST_YEAR + 1, 1, 1), dt.time(0))
MICROSECONDS = 6
"""The digits of a second that are kept."""
OFFSETS = (dt.timedelta(hours=-12), dt.timedelta(hours=14))
"""Those of the clocks of this world."""
MOST = 60
"""The characters of an instant in a cell."""
SEASONS = {"été": "+02:00", "hiver": "+01:00"}
"""As `paris.clock` says which of two hours it is, and the offset."""
EXAMPLE = "15/01/2027 18:00"

_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
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
INSTANT = re.compile(rf"(?:{_DAY}(?:\s*(?:t|à|,)\s*|\s+))?{_TIME}", re.VERBOSE)
BEYOND_MICROSECONDS = re.compile(r"(?<=[.,][0-9]{6})[0-9]+")
_ISO_WITHOUT_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9:.,]+")
_ONLY_DAY = re.compile(_DAY, re.VERBOSE)
_SHORT_YEAR = re.compile(r"(?:\w+\.?\s+)?[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2}(?![0-9])")


class BadText(ValueError):  # noqa: N818
    """What was typed cannot be understood; the message says why and what to write."""


def instant(text: str, *, start: dt.datetime | None = None) -> dt.datetime:
    """The UTC instant of a text that `bare` has written. With `start`, the year or the whole day
    may be left out: they are its own.

    Raises BadText: not understood, no such day or hour, skipped, repeated, out of the years.
    """
    match = INSTANT.fullmatch(text)
    if match is None or not (match["iso"] or match["year"] or start):
        raise BadText(why_not(text))
    day = _day(match, paris.day(start) if start else None)
    clock, next_day = _clock(match)
    if next_day:
        day += dt.timedelta(days=1)
    found = _at(day, clock, match["offset"], match["season"])
    if not FIRST <= found <= LAST:
        raise BadText(out_of_years(paris.local(found).year))
    return found


def out_of_years(year: int) -> str:
    return f"{year} est hors des années calculées, {FIRST_YEAR} à {LAST_YEAR}"


def of_cell(text: str) -> dt.datetime:
    """Of a cell of a file. An ISO instant without its offset is no Paris hour that a person typed:
    it is refused. The digits after the microseconds are left out. Raises BadText.
    """
    if len(text) > MOST:
        raise BadText("ce n'est pas un jour et une heure")
    text = BEYOND_MICROSECONDS.sub("", bare(text))
    if _ISO_WITHOUT_OFFSET.fullmatch(text):
        raise BadText(
            f"« {text.upper()} » n'a pas de décalage. Écrivez {text.upper()}+01:00 (hiver) ou "
            "+02:00 (été), ou l'heure de Paris : 15/01/2026 18:00"
        )
    return instant(text)


def plain(text: str) -> str:
    """Folded and in lower case, ordinary apostrophes, no quotes around; tabs separate columns."""
    parts = text.replace("’", "'").replace('"', " ").split("\t")
    return "\t".join(fold(part) for part in parts).lower()


def bare(text: str) -> str:
    """One instant, without the «le» that people write before it."""
    return _LEAD.sub("", plain(text).strip(), count=1)


def why_not(text: str) -> str:
    if not text:
        return f"il manque un jour et une heure. Exemple : {EXAMPLE}"
    if _SHORT_YEAR.match(text):
        return f"l'année de « {text} » s'écrit sur quatre chiffres. Exemple : {EXAMPLE}"
    if _ONLY_DAY.fullmatch(text):
        return f"l'heure manque après « {text} ». Exemple : {EXAMPLE}"
    if INSTANT.fullmatch(text):
        return f"le jour et l'année manquent dans « {text} ». Exemple : {EXAMPLE}"
    return f"« {text} » n'est pas un jour et une heure. Exemple : {EXAMPLE}"


def _day(match: re.Match[str], default: dt.date | None) -> dt.date:
    if not (match["iso"] or match["day"]):
        if default is None:
            raise BadText(why_not(match[0]))
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
