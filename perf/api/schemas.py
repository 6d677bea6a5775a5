"""What goes in and out. Instants carry their offset and keep their microseconds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.enums import Nature, Source, Standing
from perf.models import Outage, OutageVersion, Service
from perf.services.outages import NO_YEAR

NO_INSTANT = "Un instant ISO 8601 est attendu, par exemple 2027-02-01T09:00:00+01:00."
NAIVE = "Précisez le décalage horaire : 2027-02-01T09:00:00+01:00 à Paris, ou « Z » pour UTC."

SLUG = r"^[-a-zA-Z0-9_]+$"
NO_NUL = r"^[^\x00]*$"
DATE_TIME = {"type": "string", "format": "date-time"}


def instant(value: Any) -> dt.datetime:
    """ISO 8601 text with an offset, within the years that the engine computes."""
    try:
        found = dt.datetime.fromisoformat(value.upper())
    except (AttributeError, ValueError):
        raise PydanticCustomError("french", NO_INSTANT) from None
    if found.utcoffset() is None:
        raise PydanticCustomError("french", NAIVE)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PydanticCustomError("french", NO_YEAR)
    return found.astimezone(dt.UTC)


def iso(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _end(value: Any) -> dt.datetime | None:
    return None if value is None else instant(value)


Instant = Annotated[
    dt.datetime,
    BeforeValidator(instant),
    WithJsonSchema({**DATE_TIME, "examples": ["2027-02-01T09:00:00+01:00"]}),
]
End = Annotated[
    dt.datetime | None,
    BeforeValidator(_end),
    WithJsonSchema({"anyOf": [DATE_TIME, {"type": "null"}]}),
]
ShownInstant = Annotated[
    dt.datetime, PlainSerializer(iso, return_type=str), WithJsonSchema(DATE_TIME)
]
Code = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
OptionalCode = Annotated[
    Code | None, WithJsonSchema({"type": "string", "pattern": SLUG, "maxLength": 60})
]
OptionalInstant = Annotated[Instant | None, WithJsonSchema(DATE_TIME)]


class OutageIn(Schema):
    """Une panne, dite en entier : la redire avec la même référence remplace ce qui était dit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "service": "drimbox-chu-exemple",
                    "started_at": "2026-11-02T09:00:00+01:00",
                    "ended_at": "2026-11-02T11:30:00+01:00",
                    "source": "FOURNISSEUR",
                    "reference": "INC-2026-0042",
                    "cause": "Bascule du proxy",
                }
            ]
        },
    )

    service: Code = Field(description="Code du service, celui que donne `GET /services`.")
    started_at: Instant = Field(description="Début, avec son décalage horaire.")
    ended_at: End = Field(
        description="Fin, avec son décalage horaire ; null tant que la panne dure."
    )
    source: Source = Field(description="Qui le dit. Une clé de Fournisseur ne dit pas « ANS ».")
    reference: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True,
            min_length=1,
            max_length=120,
            pattern=r"^[^\x00]*[^\x00\s][^\x00]*$",
        ),
    ] = Field(description="Le numéro de la panne chez sa source.")
    cause: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_NUL)
    ] = Field("", description="En une phrase.")
    nature: Nature | None = Field(
        None, description="Absente ou null : inchangée, et PANNE pour une nouvelle référence."
    )


class VersionOut(Schema):
    """Ce qu'une source dit de la panne."""

    source: Source
    reference: str
    started_at: ShownInstant
    ended_at: ShownInstant | None
    cause: str
    counts: bool = Field(description="Cette version donne ses instants à la panne.")


class OutageOut(Schema):
    """Une panne telle qu'elle compte, et ce qu'en dit chaque source."""

    id: int
    service: str
    nature: Nature
    standing: Standing = Field(description="Contestée, elle compte ; NON_RETENUE, non.")
    started_at: ShownInstant
    ended_at: ShownInstant | None = Field(description="null tant que la panne dure.")
    versions: list[VersionOut]


class RecordedOut(Schema):
    created: bool = Field(description="La référence était nouvelle.")
    changed: bool = Field(description="Quelque chose a été écrit.")
    outage: OutageOut


class ServiceOut(Schema):
    """Le service supervisé d'une prestation DRIMbox."""

    code: str
    client: str
    finess: str
    fournisseur: str
    solution: str


class Outages(Schema):
    count: int = Field(description="Nombre total, toutes pages comprises.")
    items: list[OutageOut]


class Services(Schema):
    count: int = Field(description="Nombre total, toutes pages comprises.")
    items: list[ServiceOut]


class Page(Schema):
    limit: int = Field(50, ge=1, le=200, description="Lignes par page.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Lignes à passer.")


def outage_out(outage: Outage) -> OutageOut:
    """Needs `service` and `versions` loaded."""
    return OutageOut(
        id=outage.pk,
        service=outage.service.code,
        nature=Nature(outage.nature),
        standing=Standing(outage.standing),
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        versions=[_version_out(version, outage) for version in outage.versions.all()],
    )


def _version_out(version: OutageVersion, outage: Outage) -> VersionOut:
    return VersionOut(
        source=Source(version.source),
        reference=version.reference,
        started_at=version.started_at,
        ended_at=version.ended_at,
        cause=version.cause,
        counts=version.pk == outage.counting_id,
    )


def service_out(service: Service) -> ServiceOut:
    """Needs `prestation` loaded with its Client, Fournisseur and solution."""
    prestation = service.prestation
    return ServiceOut(
        code=service.code,
        client=prestation.client.name,
        finess=prestation.client.finess,
        fournisseur=prestation.organisation.name,
        solution=str(prestation.supplier.solution),
    )
