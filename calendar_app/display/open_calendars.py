"""The calendars as open data: one document, read as JSON or, by its context, as RDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

from calendar_app.rules.datasets import OpenDocument

INSTANT = "http://www.w3.org/2001/XMLSchema#dateTime"
DAY = "http://www.w3.org/2001/XMLSchema#date"
CONTEXT: dict[str, Any] = {
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "id": "@id",
    "titre": {"@id": "dct:title", "@language": "fr"},
    "nom": {"@id": "dct:title", "@language": "fr"},
    "producteur": "dct:creator",
    "page": {"@id": "schema:url", "@type": "@id"},
    "licence_url": {"@id": "dct:license", "@type": "@id"},
    "modifie_le": {"@id": "dct:modified", "@type": INSTANT},
    "calendriers": "dct:hasPart",
    "jalons": "schema:subEvent",
    "code": "dct:identifier",
    "agenda": {"@id": "schema:calendar", "@type": "@id"},
    "avant": {"@id": "schema:endDate", "@type": INSTANT},
    "dernier_jour": {"@id": "schema:validThrough", "@type": DAY},
    "source": {"@id": "dct:source", "@language": "fr"},
    "depot": {"@id": "schema:location", "@language": "fr"},
    "versions": "dct:hasVersion",
    "motif": {"@id": "dct:description", "@language": "fr"},
    "depuis": {"@id": "dct:issued", "@type": INSTANT},
}
"""What has no term here is left out of the RDF: a number of ours, or an estimate, which no term
distinguishes from a date that binds."""


class Version(BaseModel):
    """Les dates d'un jalon à partir d'un acte."""

    numero: int
    avant: dt.datetime | None = Field(description="La date réglementaire ; null : non fixée.")
    avant_estime: dt.datetime | None
    source: str
    motif: str = Field(description="Vide pour la première.")
    depuis: dt.datetime = Field(description="L'instant de l'acte.")


class Jalon(BaseModel):
    id: str = Field(description="Son adresse, qui ne change pas.")
    code: str
    numero: int
    titre: str
    portee: str = Field(description="À quoi il s'applique.")
    depot: str = Field(description="Où l'on dépose.")
    avant: dt.datetime | None = Field(
        description="L'instant avant lequel il faut déposer ; null : la date n'est pas fixée."
    )
    dernier_jour: dt.date | None = Field(description="Le dernier jour légal, à Paris.")
    heure: str = Field(description="L'heure de ce jour, à Paris : « 12h », « 24h ».")
    avant_estime: dt.datetime | None = Field(description="Une estimation, non réglementaire.")
    source: str
    versions: list[Version] = Field(description="La dernière d'abord.")


class Calendrier(BaseModel):
    id: str
    code: str
    nom: str
    agenda: str = Field(description="Le même calendrier, pour un agenda (iCalendar).")
    jalons: list[Jalon]


class Calendriers(OpenDocument):
    """Les calendriers du Ségur Vague 2 Imagerie. Les instants portent le décalage de Paris."""

    modifie_le: dt.datetime | None
    calendriers: list[Calendrier]


def as_linked_data(document: dict[str, Any]) -> dict[str, Any]:
    """JSON-LD. A null has no meaning in it."""
    return {"@context": CONTEXT, "@id": document["page"], **_known(document)}


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _known(one) for name, one in value.items() if one not in (None, "")}
    return [_known(one) for one in value] if isinstance(value, list) else value
