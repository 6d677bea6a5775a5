"""What one delivery of Better Stack's webhook says. An odd character, a huge or a deep field that
nobody uses does not lose the incident.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from perf.rules.periods import NO_YEAR, is_computed
from segur.lib.texts import clean, fold

RESOLVED, REOPENED = "resolved", "reopened"

WHOLE = 256 * 1024
"""Characters of a delivery that is kept as it came; of a longer one, only what is used."""
DEEPEST = 20
"""Levels of a delivery that is kept as it came: beyond, software that reads it again would fail."""
LONGEST = 500
SAFE_DIGITS = 18

USED = ("name", "url", "cause", "started_at", "acknowledged_at", "resolved_at")
"""The attributes of an incident that the site reads or shows."""

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class ProbeDelivery:
    """What one delivery says of an incident; `probe_id` is "" when no probe saw it."""

    incident: str
    probe_id: str
    kind: str
    started_at: dt.datetime
    resolved_at: dt.datetime | None
    cause: str


def parsed(body: bytes) -> Any:
    """The JSON of a body, as PostgreSQL can keep it: without NUL, halves of surrogate pairs and
    numbers that are none; bytes that are no text become U+FFFD. Raises ValueError, RecursionError.
    """
    text = body.decode(json.detect_encoding(body), "replace")
    found = json.loads(
        text,
        strict=False,
        parse_float=_float,
        parse_int=lambda digits: int(digits) if len(digits) <= SAFE_DIGITS else digits,
        parse_constant=lambda _name: None,
    )
    text = json.dumps(found, ensure_ascii=False)
    cleaned = _HALVES.sub("", _NUL.sub(r"\1", text))
    return found if cleaned == text else json.loads(cleaned)


def _float(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def key_of(payload: dict[str, Any]) -> str:
    """Names what is stored: a replay has the same."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def kept(payload: dict[str, Any], delivery: ProbeDelivery) -> dict[str, Any]:
    """What is stored of it, and says the same: all of it, or what is used where it is too long or
    too deep."""
    if _is_shallow(payload, DEEPEST) and len(json.dumps(payload)) <= WHOLE:
        return payload
    attributes = payload["data"]["attributes"]
    monitor = {"data": {"id": delivery.probe_id}} if delivery.probe_id else None
    return {
        "event": delivery.kind,
        "data": {
            "id": delivery.incident,
            "type": "incident",
            "attributes": {name: _cut(attributes.get(name)) for name in USED},
            "relationships": {"monitor": monitor},
        },
    }


def _is_shallow(value: Any, levels: int) -> bool:
    children = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return True
    return levels > 0 and all(_is_shallow(child, levels - 1) for child in children)


def _cut(value: Any) -> str | None:
    return clean(str(value)).strip()[:LONGEST] if isinstance(value, str | int) else None


def understood(payload: Any) -> ProbeDelivery:
    """Better Stack's JSON: `event`, and the incident as a JSON:API resource under `data`.

    Without `event`, which a template of one's own may leave out, the instants tell. Raises
    ValidationError, in French.
    """
    data = _object(payload, "data")
    if data.get("type") != "incident":
        raise ValidationError("Seuls les webhooks d'incidents sont compris (data.type).")
    attributes = _object(data, "attributes")
    ends = not _is_absent(attributes.get("resolved_at"))
    event = payload.get("event")
    kind = _kind(attributes) if _is_absent(event) else _name(event, "event", longest=40)
    if kind == RESOLVED and not ends:
        raise ValidationError("Un incident résolu dit quand (data.attributes.resolved_at).")
    found = ProbeDelivery(
        incident=_name(data.get("id"), "data.id"),
        probe_id=_probe(data),
        kind=kind,
        started_at=_instant(attributes.get("started_at"), "started_at"),
        resolved_at=_instant(attributes["resolved_at"], "resolved_at") if ends else None,
        cause=_cut(attributes.get("cause")) or "",
    )
    if found.resolved_at and found.resolved_at < found.started_at:
        raise ValidationError("Cet incident finit avant de commencer.")
    return found


def _is_absent(value: Any) -> bool:
    """Null, or the text that a template leaves empty. `{}` and `0` are no such thing."""
    return value is None or value == ""


def _object(parent: Any, name: str) -> Mapping[str, Any]:
    found = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(found, dict):
        raise ValidationError(f"« {name} » manque, ou n'est pas un objet JSON.")
    return found


def _probe(data: Mapping[str, Any]) -> str:
    """An incident declared by hand has no monitor."""
    found: Any = data
    for name in ("relationships", "monitor", "data"):
        found = found.get(name) if isinstance(found, dict) else None
    if not found:
        return ""
    identifier = found.get("id") if isinstance(found, dict) else None
    return _name(identifier, "data.relationships.monitor.data.id")


def _kind(attributes: Mapping[str, Any]) -> str:
    if not _is_absent(attributes.get("resolved_at")):
        return RESOLVED
    return "started" if _is_absent(attributes.get("acknowledged_at")) else "acknowledged"


def _name(value: Any, where: str, longest: int = 60) -> str:
    is_name = isinstance(value, str | int) and not isinstance(value, bool)
    text = fold(str(value)) if is_name else ""
    if not 0 < len(text) <= longest:
        raise ValidationError(
            f"« {where} » manque, ou n'est pas un texte de {longest} caractères au plus."
        )
    return text


def _instant(value: Any, name: str) -> dt.datetime:
    where = f"data.attributes.{name}"
    try:
        found = dt.datetime.fromisoformat(fold(value).upper())
    except (AttributeError, TypeError, ValueError):
        raise ValidationError(f"« {where} » n'est pas un instant ISO 8601.") from None
    if found.utcoffset() is None:
        raise ValidationError(f"« {where} » n'a pas de décalage horaire.")
    if not is_computed(found):
        raise ValidationError(NO_YEAR)
    return found.astimezone(dt.UTC)
