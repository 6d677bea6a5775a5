"""Pictures with their figures for the gallery of components (development only)."""

import datetime as dt
from typing import Any

from segur.lib import charts
from segur.lib.remaining import Meaning


def weeks() -> dict[str, Any]:
    open_week = {"kind": "open", "start_pct": 37.5, "width_pct": 41.67}
    open_saturday = {"kind": "open", "start_pct": 37.5, "width_pct": 16.67}
    return {
        "caption": "Panne du vendredi 15/01/2027 18h au lundi 18/01/2027 10h",
        "head": {"row": "Jour", "picture": "De 0h à 24h", "ticks": []},
        "unmeasured": False,
        "rows": [
            _day(
                "ven. 15/01",
                "",
                "1 h 00 min",
                [open_week, _bar("counted", 75, 4.17), _bar("ignored", 79.17, 20.83)],
            ),
            _day(
                "sam. 16/01",
                "",
                "4 h 00 min",
                [
                    open_saturday,
                    _bar("ignored", 0, 37.5),
                    _bar("counted", 37.5, 16.67),
                    _bar("ignored", 54.17, 45.83),
                ],
            ),
            _day("dim. 17/01", "dimanche", "0 min", [_bar("ignored", 0, 100)]),
            _day(
                "lun. 18/01",
                "",
                "1 h 00 min",
                [open_week, _bar("ignored", 0, 37.5), _bar("counted", 37.5, 4.17)],
            ),
        ],
    }


def _bar(kind: str, start: float, width: float) -> dict[str, Any]:
    return {"kind": kind, "start_pct": start, "width_pct": width}


def _day(day: str, note: str, counted: str, bars: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": day, "folded": "", "note": note, "counted": counted, "bars": bars}


def curves() -> charts.CurveChart | None:
    today, last = dt.date(2026, 11, 22), dt.date(2027, 6, 9)
    done = [(dt.date(2026, 9, 1), 0), (dt.date(2026, 10, 5), 4), (today, 12)]
    return charts.curves(
        [
            charts.Series("Fait", charts.Stroke.SOLID, done),
            charts.Series("Nécessaire", charts.Stroke.DASHED, [(today, 12), (last, 40)]),
            charts.Series("À ce rythme", charts.Stroke.DOTTED, [(today, 12), (last, 33)]),
        ],
        markers=[
            charts.Marker("aujourd'hui", today, is_legal=False),
            charts.Marker("Réalisation 09/06/2027", last),
        ],
    )


def _parts(done: int, to_come: int, soon: int, late: int, neutral: int) -> list[charts.BarPart]:
    return [
        charts.BarPart("déposées", Meaning.DONE, done),
        charts.BarPart("à faire", Meaning.TO_COME, to_come),
        charts.BarPart("à risque", Meaning.SOON, soon),
        charts.BarPart("en retard", Meaning.LATE, late),
        charts.BarPart("sans objet", Meaning.NEUTRAL, neutral),
    ]


BARS = (
    ("Demande d'avance", _parts(28, 0, 0, 8, 4)),
    ("Réalisation", _parts(12, 18, 6, 0, 4)),
    ("Demande de solde", _parts(0, 0, 0, 0, 0)),
)
