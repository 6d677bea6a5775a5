"""Values that go in and out: texts cleaned as forms clean them, days and instants within bounds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, TypeAlias

from ninja import Path, Schema
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from segur.lib.texts import clean, fold

FIRST_YEAR, LAST_YEAR = 2000, 2099
NO_INSTANT = (
    "Un instant ISO 8601 est attendu, par exemple 2026-02-01T09:00:00+01:00.",
    "An ISO 8601 instant is expected, for example 2026-02-01T09:00:00+01:00.",
)
NAIVE = (
    "Précisez le décalage horaire : 2026-02-01T09:00:00+01:00 à Paris, ou « Z » pour UTC.",
    "Say the offset: 2026-02-01T09:00:00+01:00 in Paris, or “Z” for UTC.",
)
NO_DAY = ("Un jour est attendu, par exemple 2026-11-30.", "A day is expected: 2026-11-30.")
NO_YEAR = (
    f"Les années vont de {FIRST_YEAR} à {LAST_YEAR} : relisez l'année.",
    f"Years go from {FIRST_YEAR} to {LAST_YEAR}: check the year.",
)

SLUG = r"^[-a-zA-Z0-9_]+$"
DATE_TIME = {"type": "string", "format": "date-time", "pattern": r"^20[0-9]{2}-"}
DATE = {"type": "string", "format": "date", "pattern": r"^20[0-9]{2}-"}
_SHOWN = {"type": "string", "format": "date-time"}

_SPACE_FOR_PLUS = re.compile(r"([T ]\S*[0-9]) ([0-9]{2}(?::?[0-9]{2})?)$", re.IGNORECASE)
"""An hour, then an offset without its sign: «2026-01-01T00:00:00 01:00»."""


class Body(Schema):
    # What a call sends: a field that is not known is refused. No docstring: see `api.paging.Page`.
    model_config = ConfigDict(extra="forbid")


def example(body: dict[str, JsonValue]) -> ConfigDict:
    """The `model_config` of a body, with what the documentation shows of it."""
    return ConfigDict(json_schema_extra={"examples": [body]})


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _cleaned(value: Any) -> Any:
    return clean(value).strip() if isinstance(value, str) else value


FOLDED = BeforeValidator(_folded)
"""For what names something: one form (`segur.lib.texts`) before it is checked, compared or kept."""
CLEANED = BeforeValidator(_cleaned)
"""For free text. Both stand after the constraints of their field: the last one runs first."""


def _wrong(words: tuple[str, str]) -> PydanticCustomError:
    french, english = words
    return PydanticCustomError("french", "{fr}", {"fr": french, "en": english})


def instant(value: Any) -> dt.datetime:
    """ISO 8601 text with an offset, in UTC."""
    try:
        found = dt.datetime.fromisoformat(_folded(value).upper())
    except (AttributeError, ValueError):
        raise _wrong(NO_INSTANT) from None
    if found.utcoffset() is None:
        raise _wrong(NAIVE)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _wrong(NO_YEAR)
    return found.astimezone(dt.UTC)


def query_instant(value: Any) -> dt.datetime:
    """The same in an address, where a `+` that is not written %2B arrives as a space."""
    is_text = isinstance(value, str)
    return instant(_SPACE_FOR_PLUS.sub(r"\1+\2", value) if is_text else value)


def iso(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def day(value: Any) -> dt.date:
    try:
        found = dt.date.fromisoformat(_folded(value))
    except (AttributeError, TypeError, ValueError):
        raise _wrong(NO_DAY) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _wrong(NO_YEAR)
    return found


Instant = Annotated[
    dt.datetime,
    BeforeValidator(instant),
    WithJsonSchema({**DATE_TIME, "examples": ["2026-02-01T09:00:00+01:00"]}),
]
InstantOrNone = Annotated[Instant | None, WithJsonSchema({"anyOf": [DATE_TIME, {"type": "null"}]})]
Day = Annotated[dt.date, BeforeValidator(day), WithJsonSchema({**DATE, "examples": ["2026-11-30"]})]
DayOrNone = Annotated[Day | None, WithJsonSchema({"anyOf": [DATE, {"type": "null"}]})]
ShownInstant = Annotated[dt.datetime, PlainSerializer(iso, return_type=str), WithJsonSchema(_SHOWN)]
Code = Annotated[str, StringConstraints(pattern=SLUG, max_length=60), FOLDED]
OptionalCode = Annotated[
    Code | None, WithJsonSchema({"type": "string", "pattern": SLUG, "maxLength": 60})
]
OptionalInstant = Annotated[
    Annotated[dt.datetime, BeforeValidator(query_instant)] | None, WithJsonSchema(DATE_TIME)
]
"""Of a query."""
Key = Annotated[int, Field(ge=1, le=10**15)]
"""The primary key of a row."""
RowId = Annotated[int, Path(ge=1, le=10**15, description="L'identifiant de la ligne.")]
OptionalKey = Annotated[
    Key | None, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 10**15})
]


Name150: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=150), CLEANED]
Text50: TypeAlias = Annotated[str, StringConstraints(max_length=50), FOLDED]
Text60: TypeAlias = Annotated[str, StringConstraints(max_length=60), FOLDED]
Text80: TypeAlias = Annotated[str, StringConstraints(max_length=80), FOLDED]
Text150: TypeAlias = Annotated[str, StringConstraints(max_length=150), CLEANED]
Text2000: TypeAlias = Annotated[str, StringConstraints(max_length=2000), CLEANED]
Reason: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500), CLEANED]
