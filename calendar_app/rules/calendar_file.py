"""The reviewed data file of the calendars: read whole, or refused whole with every reason.

TOML, in French like the slides it copies. A refusal names the file, then the dispositif and the
key: «calendriers.toml : RIS : jalons[3].heure : …», jalons counted from 1. Nothing here knows the
database: what a loading may change is decided by `services.calendar_loading`.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calendar_app.enums import Channel, MilestoneScope, Nature
from segur.lib.legal_hour import paris_instant

SLUG = re.compile(r"[a-z][a-z0-9-]*")
RESERVED_SLUGS = ("prive", "jalons", "nouveau", "historique")
"""Addresses that `/calendriers/` keeps for itself."""


class CalendarFileError(ValueError):
    """Why the file is refused, one sentence a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class MilestoneData:
    code: str
    number: int
    title: str
    due_at: dt.datetime
    nature: Nature
    scope: MilestoneScope
    channel: Channel
    is_money_step: bool
    needs_pilots: bool
    source: str


@dataclass(frozen=True)
class DispositifData:
    code: str
    slug: str
    name: str
    short_name: str
    needs_proxy: bool
    has_pilots: bool
    has_va: bool
    has_perf: bool
    has_ratios: bool
    milestones: tuple[MilestoneData, ...]


def parse(text: str, *, file: str) -> tuple[DispositifData, ...]:
    """The dispositifs of the file. Raises CalendarFileError with all that is wrong in it."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CalendarFileError([f"{file} : {_syntax(error)}"]) from error
    reader = _Reader(file)
    found = reader.dispositifs(tree)
    if reader.problems:
        raise CalendarFileError(reader.problems)
    return found


def _syntax(error: tomllib.TOMLDecodeError) -> str:
    """tomllib's own sentence, with its line in French first."""
    message = str(error)
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    reason = message[: place.start()].strip() if place else message
    where = f"ligne {place[1]}, colonne {place[2]} : " if place else ""
    return f"{where}ce n'est pas du TOML valide ({reason})"


class _BadValueError(Exception):
    """A value that its key cannot take; the message says what it takes."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _BadValueError("un texte entre guillemets est attendu, non vide")
    return value.strip()


def _slug(value: object) -> str:
    text = _text(value)
    if not SLUG.fullmatch(text) or text in RESERVED_SLUGS:
        raise _BadValueError(
            f"« {text} » ne peut pas servir d'adresse (minuscules, chiffres et tirets)"
        )
    return text


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _BadValueError("un nombre entier à partir de 1 est attendu")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _BadValueError("true ou false est attendu, sans guillemets")
    return value


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise _BadValueError("un jour AAAA-MM-JJ est attendu, sans guillemets et sans heure")
    return value


def _clock(value: object) -> dt.time:
    if not isinstance(value, dt.time):
        raise _BadValueError("une heure HH:MM:SS est attendue, sans guillemets")
    return value


def _tables(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        raise _BadValueError("au moins une section entre doubles crochets est attendue")
    return value


def _one_of(vocabulary: type[Nature | MilestoneScope | Channel]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in vocabulary.values:
            raise _BadValueError(
                f"« {value} » est inconnu ; attendu : {', '.join(vocabulary.values)}"
            )
        return str(value)

    return read


_DISPOSITIF: Mapping[str, Callable[[object], Any]] = {
    "code": _text,
    "slug": _slug,
    "nom": _text,
    "nom_court": _text,
    "proxy": _flag,
    "pilotes": _flag,
    "va": _flag,
    "perf": _flag,
    "ratios": _flag,
    "jalons": _tables,
}
_JALON: Mapping[str, Callable[[object], Any]] = {
    "code": _slug,
    "numero": _number,
    "titre": _text,
    "date": _day,
    "heure": _clock,
    "nature": _one_of(Nature),
    "portee": _one_of(MilestoneScope),
    "canal": _one_of(Channel),
    "paiement": _flag,
    "pilotes": _flag,
    "source": _text,
}


class _Reader:
    """Walks the file's sections and keeps every problem, so that one reading shows them all."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[str] = []

    def dispositifs(self, tree: dict[str, Any]) -> tuple[DispositifData, ...]:
        values = self._table(tree, {"dispositifs": _tables}, "")
        found = [
            self._dispositif(table, f"dispositifs[{place}]")
            for place, table in enumerate(values.get("dispositifs", ()), 1)
        ]
        whole = [d for d in found if d is not None]
        self._unique("code", [d.code for d in whole], "")
        self._unique("slug", [d.slug for d in whole], "")
        self._unique("jalons.code", [m.code for d in whole for m in d.milestones], "")
        return tuple(whole)

    def _dispositif(self, table: dict[str, Any], fallback: str) -> DispositifData | None:
        name = table.get("nom_court")
        prefix = f"{name if isinstance(name, str) and name else fallback} : "
        values = self._table(table, _DISPOSITIF, prefix)
        milestones = [
            self._milestone(jalon, f"{prefix}jalons[{place}].")
            for place, jalon in enumerate(values.get("jalons", ()), 1)
        ]
        whole = tuple(m for m in milestones if m is not None)
        self._unique("jalons.numero", [m.number for m in whole], prefix)
        if len(values) < len(_DISPOSITIF):
            return None
        return DispositifData(
            code=values["code"],
            slug=values["slug"],
            name=values["nom"],
            short_name=values["nom_court"],
            needs_proxy=values["proxy"],
            has_pilots=values["pilotes"],
            has_va=values["va"],
            has_perf=values["perf"],
            has_ratios=values["ratios"],
            milestones=whole,
        )

    def _milestone(self, table: dict[str, Any], prefix: str) -> MilestoneData | None:
        values = self._table(table, _JALON, prefix)
        if len(values) < len(_JALON):
            return None
        try:
            due_at = paris_instant(values["date"], values["heure"])
        except ValueError as error:
            self._refuse(f"{prefix}heure : {error}")
            return None
        return MilestoneData(
            code=values["code"],
            number=values["numero"],
            title=values["titre"],
            due_at=due_at,
            nature=Nature(values["nature"]),
            scope=MilestoneScope(values["portee"]),
            channel=Channel(values["canal"]),
            is_money_step=values["paiement"],
            needs_pilots=values["pilotes"],
            source=values["source"],
        )

    def _table(
        self, table: dict[str, Any], keys: Mapping[str, Callable[[object], Any]], prefix: str
    ) -> dict[str, Any]:
        """The keys that are there and good; the others become problems."""
        for key in sorted(table.keys() - keys.keys()):
            self._refuse(f"{prefix}{key} : clé inconnue")
        values = {}
        for key, read in keys.items():
            try:
                values[key] = read(table[key])
            except KeyError:
                self._refuse(f"{prefix}{key} : clé absente")
            except _BadValueError as wrong:
                self._refuse(f"{prefix}{key} : {wrong}")
        return values

    def _unique(self, key: str, values: list[Any], prefix: str) -> None:
        for value, count in Counter(values).items():
            if count > 1:
                self._refuse(f"{prefix}{key} : « {value} » apparaît {count} fois")

    def _refuse(self, problem: str) -> None:
        self.problems.append(f"{self.file} : {problem}")
