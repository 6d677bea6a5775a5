"""A statement on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst

from documents.pdf import make_pdf
from perf.display import words
from perf.engine.score import Scale
from perf.models import Statement
from perf.statements.document import (
    StatedOutage,
    StatedPart,
    StatementDocument,
    StatementFigure,
    StatementReading,
)
from segur.lib import paris

OUTAGES_DETAILED = 100
"""Beyond, the PDF lists the outages: nobody reads hundreds of pages."""


def statement_pdf(statement: Statement) -> bytes:
    """What was issued, from its document alone; only «remplacé par» is of today. Raises what
    `make_pdf` raises."""
    document = StatementDocument(statement.document)
    data = {
        **_shown(document),
        "sha256": statement.sha256,
        "successor": statement.successor and _successor(statement.successor),
    }
    return make_pdf("statement", data, at=document.now)


def _shown(document: StatementDocument) -> dict[str, Any]:
    data, outages = document.data, document.outages
    is_listed = len(outages) > OUTAGES_DETAILED
    return {
        "number": document.number,
        "client": data["prestation"]["client"],
        "period": data["period"],
        "provisional": document.provisional,
        "followed_since": paris.long(document.followed_since)
        if document.is_partly_followed
        else None,
        "readings": [_reading(item, document) for item in document.readings],
        "readings_differ": document.differ,
        "facts": _facts(document),
        "rules": document.rules,
        "to_confirm": [
            {"label": item["label"], "value": item["value"], "source": item["source"]}
            for item in data["to_confirm"]
        ],
        "is_listed": is_listed,
        "outages_detailed": str(OUTAGES_DETAILED),
        "outages": [
            _outage(outage) if is_listed else _outage(outage) | _detail(outage)
            for outage in outages
        ],
        "engine": str(data["engine"]),
    }


def _successor(successor: Statement) -> dict[str, str]:
    return {
        "number": successor.number,
        "issued": paris.minute(successor.issued_at),
        "reason": successor.reason,
    }


def _facts(document: StatementDocument) -> dict[str, Any]:
    about, replaced = document.data["prestation"], document.data["replaces"]
    return {
        "finess": about["finess"],
        "city": about["city"] or None,
        "solution": about["solution"],
        "editeur": about["editeur"],
        "fournisseur": about["fournisseur"],
        "order_reference": about["order_reference"] or None,
        "dispositif": about["dispositif"],
        "service": about["service"],
        "followed_since": paris.minute(document.followed_since),
        "first_day": paris.long_day(document.first_day),
        "last_day": paris.long_day(document.last_day),
        "issued": paris.stamp(document.now),
        "issued_by": document.data["issued_by"],
        "replaces": replaced and {"number": replaced["number"], "reason": replaced["reason"]},
    }


def _reading(reading: StatementReading, document: StatementDocument) -> dict[str, Any]:
    return {
        "title": reading.title,
        "is_in_force": reading.base == document.base,
        **_figure(reading.figure, document.scale),
        "uncontested": reading.uncontested and _figure(reading.uncontested, document.scale),
    }


def _figure(figure: StatementFigure, scale: Scale) -> dict[str, str]:
    return {"downtime": words.downtime(figure.counted, scale), "perf": words.perf(figure.perf)}


def _outage(outage: StatedOutage) -> dict[str, Any]:
    return {
        "number": str(outage.number),
        "nature": outage.nature,
        "standing": outage.standing.lower(),
        "start": paris.short(outage.start),
        "end": _end(outage.end),
        "counted": words.duration(outage.in_force),
    }


def _detail(outage: StatedOutage) -> dict[str, Any]:
    return {
        "left_out": capfirst(outage.left_out) or None,
        "versions": [_version(one, outage) for one in outage.versions],
        "journal": outage.journal,
        "parts": [_part(part) for part in outage.shown_parts],
    }


def _version(version: Mapping[str, Any], outage: StatedOutage) -> dict[str, Any]:
    return {
        "source": version["source"],
        "reference": version["reference"],
        "start": paris.short(version["start"]),
        "end": _end(version["end"]),
        "cause": version["cause"] or None,
        "is_counted": version["counts"] and len(outage.versions) > 1,
        "recorded": paris.minute(version["recorded_at"]),
        "recorded_by": version["recorded_by"],
    }


def _part(part: StatedPart) -> dict[str, Any]:
    return {
        "start": paris.short(part.start),
        "end": paris.short(part.end),
        "length": words.duration(part.length),
        "reason": part.reason,
        "counts": part.counts,
    }


def _end(end: dt.datetime | None) -> str:
    return paris.short(end) if end else "en cours"
