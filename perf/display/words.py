"""Figures of the engine in French, as LOOK writes them."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from perf.engine.explain import Part, Why
from perf.engine.hours import Week
from perf.engine.instants import HOUR, MINUTE, SECOND
from perf.engine.rules import CONTINU, OUVRABLE
from perf.engine.score import Scale
from perf.rules.figures import Simulation
from segur.lib.opening_hours import Window, windows_words
from segur.lib.paris import WEEKDAYS

NEAR = 5 * MINUTE
SENTENCES = {
    Why.COUNTED: "compté",
    Why.CLOSED: "non compté : hors des heures ouvrables",
    Why.CLOSED_DAY: "non compté : {note}",
    Why.HOLIDAY: "non compté : jour férié, {note}",
    Why.MERGED: "déjà pris en compte avec {note}",
    Why.OUTSIDE: "non compté : hors de la période d'observation",
    Why.COMING: "pas encore compté : à venir",
    Why.NOT_RETAINED: "non compté : non retenue",
    Why.MAINTENANCE: "non compté : maintenance annoncée",
    Why.UNMEASURED: "non compté : non mesuré, la sonde elle-même était arrêtée",
}
READINGS = {OUVRABLE: "période ouvrable", CONTINU: "continu, 24 h sur 24"}


def duration(microseconds: int) -> str:
    """«6 h 00 min», with what is left of the seconds: a figure shown is never a rounded one."""
    hours, rest = divmod(microseconds, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    text = f"{hours} h {minutes:02} min"
    return f"{text} {_seconds(rest)}" if rest else text


def running(microseconds: int) -> str:
    """What a running clock says: whole seconds, and one while anything is left."""
    return duration(max(microseconds // SECOND, 1) * SECOND if microseconds else 0)


def downtime(microseconds: int, scale: Scale) -> str:
    """The same, and to the second near a threshold: «10 h 00 min 00 s»."""
    text = duration(microseconds)
    near = any(abs(step.limit - microseconds) <= NEAR for step in scale.steps)
    return f"{text} 00 s" if near and microseconds % MINUTE == 0 else text


def limit(microseconds: int) -> str:
    """«10 h», «10 h 30 min», «30 min»: a threshold, as short as it stays exact."""
    if microseconds % HOUR == 0:
        return f"{microseconds // HOUR} h"
    return duration(microseconds).removeprefix("0 h ")


def scale(found: Scale) -> str:
    """«1 jusqu'à 10 h, 0,5 jusqu'à 20 h, 0 au-delà»."""
    steps = [f"{perf(step.perf)} jusqu'à {limit(step.limit)}" for step in found.steps]
    return ", ".join([*steps, f"{perf(found.beyond)} au-delà"])


def week(found: Week) -> str:
    """«de 9h à 19h du lundi au vendredi, de 9h à 13h le samedi, fermé le dimanche»."""
    runs = groupby(zip(WEEKDAYS, found, strict=True), key=lambda item: item[1])
    return ", ".join(_run(windows, [day for day, _windows in days]) for windows, days in runs)


def forecast(simulation: Simulation) -> str:
    """On what a forecast rests: «Si l'arrêt en cours continue»."""
    if simulation.is_open_ended:
        return "Si l'arrêt en cours continue"
    if simulation.is_provisional:
        return "Si l'arrêt en cours va jusqu'à sa fin annoncée"
    return "Avec les arrêts annoncés"


def perf(score: Fraction) -> str:
    """«1», «0,5», «0»."""
    return f"{float(score):g}".replace(".", ",")


def why(part: Part) -> str:
    """Why this part counted, or did not."""
    note = part.note if part.why == Why.HOLIDAY else part.note.lower()
    return SENTENCES[part.why].format(note=note)


def _run(windows: Sequence[Window], days: Sequence[str]) -> str:
    when = f"le {days[0]}" if len(days) == 1 else f"du {days[0]} au {days[-1]}"
    return f"{windows_words(windows)} {when}"


def _seconds(microseconds: int) -> str:
    seconds, rest = divmod(microseconds, SECOND)
    return f"{seconds:02},{rest:06}".rstrip("0") + " s" if rest else f"{seconds:02} s"
