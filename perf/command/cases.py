"""One case of the command line: JSON in, figures out. No Django, no settings."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from perf.engine import downtime, explain, guarantees, hours, score
from perf.engine.errors import EndBeforeStart, EngineError, OutOfRange
from perf.engine.instants import Interval, duration_text, from_us, interval, to_us
from perf.engine.rules import BASES, CONTINU, OUVRABLE, SLIDES, Rules, from_json
from segur.lib.paris import PARIS


class BadCase(ValueError):  # noqa: N818
    """A line that cannot be understood, with the reason in French."""


@dataclass(frozen=True)
class ScoreCase:
    name: Any
    period: Interval
    outages: list[downtime.Outage]
    base: str
    rules: Rules
    now: int | None

    @property
    def intervals(self) -> list[Interval]:
        return downtime.closed(self.outages, period=self.period, now=self.now)

    @property
    def is_provisional(self) -> bool:
        """An outage goes on, and the period with it: D_f may still grow."""
        is_open = any(end is None for _start, end in self.outages)
        return is_open and (self.now is None or self.now < self.period.end)


def parse(line: str) -> dict[str, Any]:
    """A JSON object. Raises BadCase."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadCase(f"ce n'est pas du JSON ({error.msg}, colonne {error.colno})") from None
    except ValueError:  # the only other one: a whole number of thousands of digits
        raise BadCase("un nombre y a trop de chiffres") from None
    except RecursionError:
        raise BadCase("trop de crochets ou d'accolades l'un dans l'autre") from None
    if not isinstance(data, dict):
        raise BadCase("un objet JSON est attendu, entre accolades")
    return data


def score_case(data: dict[str, Any]) -> ScoreCase:
    """Raises BadCase and EngineError."""
    rules = _rules(data)
    base = data.get("base", rules.base)
    if base not in BASES:
        raise BadCase(f"base : « {OUVRABLE} » ou « {CONTINU} », pas {base!r}")
    outages = data.get("outages")
    if not isinstance(outages, list):
        raise BadCase("outages : une liste de [début, fin] est attendue")
    now = data.get("now")
    return ScoreCase(
        name=_name(data),
        period=interval(_instant(data, "period_start"), _instant(data, "period_end")),
        outages=[_outage(pair, place) for place, pair in enumerate(outages, 1)],
        base=base,
        rules=rules,
        now=None if now is None else to_us(_instant(data, "now")),
    )


def score_line(data: dict[str, Any]) -> dict[str, Any]:
    """The answer of `score`: D_f in microseconds and as text, PERF, base, provisional or not."""
    case = score_case(data)
    clock = case.rules.clock(case.base)
    counted = downtime.counted(case.intervals, period=case.period, clock=clock)
    return {
        "name": case.name,
        "counted_us": counted,
        "counted": duration_text(counted),
        "perf": score.perf_text(case.rules.scale.perf(counted)),
        "base": case.base,
        "provisional": case.is_provisional,
    }


STATED = {"counted_us": "D_f en microsecondes", "counted": "D_f", "perf": "PERF"}
"""The figures that each reading of a statement carries."""


def contradictions(data: dict[str, Any]) -> list[str]:
    """What the figures that a statement carries say against its own outages, in French; empty for a
    line that carries none, or whose figures follow.
    """
    try:
        return list(_contradictions(data))
    except (KeyError, TypeError, AttributeError):
        return ["ses lectures n'ont pas la forme de celles d'un relevé"]


def _contradictions(data: dict[str, Any]) -> Iterator[str]:
    for reading in data.get("readings") or []:
        base = reading["base"]
        answer = score_line({**data, "base": base})
        for key, name in STATED.items():
            if reading[key] != answer[key]:
                yield (
                    f"lecture « {base} » : {name} {reading[key]}, ses indisponibilités donnent "
                    f"{answer[key]}"
                )
        stated = sum(item["counted_us"][base] for item in data.get("details") or [])
        if data.get("details") is not None and stated != answer["counted_us"]:
            yield (
                f"lecture « {base} » : le détail de ses indisponibilités compte {stated} "
                f"microsecondes, elles donnent {answer['counted_us']}"
            )


def due_line(data: dict[str, Any]) -> dict[str, Any]:
    """The answer of `due`: both due instants on the Paris clock, and whether each was met."""
    opened_at = _instant(data, "opened_at")
    as_of = _instant(data, "as_of") if data.get("as_of") is not None else None
    answer: dict[str, Any] = {"name": _name(data)}
    rules = _rules(data)
    budgets = (("gti", "responded_at", rules.gti), ("gtr", "restored_at", rules.gtr))
    found = {}
    for key, end, budget in budgets:
        done_at = _instant(data, end) if data.get(end) is not None else None
        found[key] = guarantees.guarantee(
            opened_at, done_at, budget=budget, clock=rules.guarantee_clock, as_of=as_of
        )
    for key, item in found.items():
        answer[f"{key}_due"] = item.due.astimezone(PARIS).isoformat()
    for key, item in found.items():
        answer[f"{key}_met"] = item.met
    return answer


def explain_line(data: dict[str, Any]) -> dict[str, Any]:
    """The answer of `score`, and for each outage its parts: from, to, microseconds, why."""
    case = score_case(data)
    claims = [
        explain.Claim(f"panne {place}", found) for place, found in enumerate(case.intervals, 1)
    ]
    parts = explain.explain(claims, period=case.period, open_time=case.rules.opening(case.base))
    outages = [
        {"name": claim.name, "parts": [_part(part) for part in found]}
        for claim, found in zip(claims, parts, strict=True)
    ]
    return {**score_line(data), "outages": outages}


def _part(part: explain.Part) -> dict[str, Any]:
    return {
        "start": _paris(part.start),
        "end": _paris(part.end),
        "us": part.length,
        "why": part.why.value,
        "note": part.note,
    }


def _paris(instant: int) -> str:
    return from_us(instant).astimezone(PARIS).isoformat()


def _rules(data: dict[str, Any]) -> Rules:
    """Those of the case, as a statement exports them; without, those of the slides."""
    return from_json(data["rules"]) if data.get("rules") is not None else SLIDES


def _name(data: dict[str, Any]) -> Any:
    if "name" not in data:
        raise BadCase("name : ce champ manque")
    return data["name"]


def _outage(pair: Any, place: int) -> downtime.Outage:
    where = f"outages[{place}]"
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004
        raise BadCase(f"{where} : [début, fin] est attendu, la fin pouvant être null")
    start, end = pair
    found = (_read(start, where), None if end is None else _read(end, where))
    if found[1] is not None:
        interval(found[0], found[1])
    return found


def _instant(data: dict[str, Any], key: str) -> dt.datetime:
    if data.get(key) is None:
        raise BadCase(f"{key} : ce champ manque")
    return _read(data[key], key)


def _read(text: Any, where: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadCase(f"{where} : {text!r} n'est pas un instant ISO 8601") from None
    if instant.utcoffset() is None:
        raise BadCase(f"{where} : {text} n'a pas de décalage horaire (+01:00, Z…)")
    if not dt.MINYEAR < instant.year < dt.MAXYEAR:  # not every zone can say these two years whole
        raise BadCase(f"{where} : {text} est hors du calendrier")
    return instant


REFUSALS = (BadCase, EngineError)

_SENTENCES: dict[type[Exception], str] = {
    EndBeforeStart: "la fin vient avant le début",
    OutOfRange: f"hors des années calculées, {hours.FIRST_YEAR} à {hours.LAST_YEAR}",
}


def sentence(refusal: Exception) -> str:
    """The refusal in French, with the engine's own words behind."""
    found = _SENTENCES.get(type(refusal))
    return f"{found} ({refusal})" if found else str(refusal)
