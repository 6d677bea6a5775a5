"""The open data of this site: the calendars, and the catalogue of all that apps have declared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from calendar_app.display.open_calendars import Calendrier, Calendriers, Jalon, Version
from calendar_app.models import Dispositif, Milestone, MilestoneVersion
from calendar_app.rules.datasets import (
    JSON,
    LICENCE_URL,
    PUBLISHER,
    DataFile,
    Dataset,
    datasets,
)
from mailing.services.links import absolute
from segur.lib import paris

TITLE = "Données ouvertes du Ségur Vague 2 Imagerie"
CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
FRENCH = {"@id": "http://publications.europa.eu/resource/authority/language/FRA"}
IANA = "https://www.iana.org/assignments/media-types/"


def calendars_document() -> Calendriers:
    """In a fixed number of queries."""
    versions = MilestoneVersion.objects.order_by("-number")
    milestones = Milestone.objects.order_by("number").prefetch_related(
        Prefetch("versions", queryset=versions)
    )
    rows = list(Dispositif.objects.prefetch_related(Prefetch("milestones", queryset=milestones)))
    calendars = [_calendar(row) for row in rows]
    acts = [one.depuis for row in calendars for step in row.jalons for one in step.versions]
    return Calendriers(
        titre="Calendriers du Ségur Vague 2 Imagerie",
        page=absolute(reverse("calendars:index")),
        modifie_le=max(acts, default=None),
        calendriers=calendars,
    )


def _calendar(row: Dispositif) -> Calendrier:
    page = absolute(reverse("calendars:detail", args=[row.slug]))
    return Calendrier(
        id=page,
        code=row.code,
        nom=row.name,
        agenda=absolute(reverse("calendars:feed", args=[row.slug])),
        jalons=[_milestone(one, page) for one in row.milestones.all()],
    )


def _milestone(row: Milestone, page: str) -> Jalon:
    versions = list(row.versions.all())
    number = row.date_version if row.due_at else row.version
    return Jalon(
        id=f"{page}#jalon-{row.number}",
        code=row.code,
        numero=row.number,
        titre=row.title,
        portee=row.get_scope_display(),
        depot=row.get_channel_display(),
        avant=_paris(row.due_at),
        dernier_jour=paris.last_day(row.due_at) if row.due_at else None,
        heure=paris.due_clock(row.due_at) if row.due_at else "",
        avant_estime=_paris(row.estimated_at),
        source=next((one.source for one in versions if one.number == number), ""),
        versions=[
            Version(
                numero=one.number,
                avant=_paris(one.due_at),
                avant_estime=_paris(one.estimated_at),
                source=one.source,
                motif=one.reason,
                depuis=paris.local(one.created_at),
            )
            for one in versions
        ],
    )


def _paris(instant: dt.datetime | None) -> dt.datetime | None:
    return paris.local(instant) if instant else None


def schema_of(dataset: Dataset) -> dict[str, Any]:
    """JSON Schema 2020-12 of its JSON file."""
    address = absolute(reverse("open_data:schema", args=[dataset.slug]))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        **dataset.schema.model_json_schema(mode="serialization"),
    }


def catalogue() -> dict[str, Any]:
    """DCAT 3, in JSON-LD: each dataset with its files, licence and schema."""
    page = absolute(reverse("programme:open_data"))
    return {
        "@context": CONTEXT,
        "@id": page,
        "@type": "dcat:Catalog",
        "dct:title": _french(TITLE),
        "dct:description": _french("Calendriers, avancement, installations et préfigurateurs."),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": PUBLISHER},
        "dct:language": FRENCH,
        "dct:license": {"@id": LICENCE_URL},
        "foaf:homepage": {"@id": page},
        "dcat:dataset": [_dataset(one, page) for one in datasets()],
    }


def _dataset(one: Dataset, page: str) -> dict[str, Any]:
    return {
        "@id": f"{page}#{one.slug}",
        "@type": "dcat:Dataset",
        "dct:identifier": one.slug,
        "dct:title": _french(one.title),
        "dct:description": _french(one.description),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": PUBLISHER},
        "dct:language": FRENCH,
        "dcat:keyword": [_french(word) for word in one.keywords],
        "dcat:landingPage": {"@id": absolute(reverse(one.page))},
        "dcat:distribution": [
            {
                "@id": absolute(reverse(file.view)),
                "@type": "dcat:Distribution",
                "dct:title": _french(f"{one.title} : {file.label}"),
                "dcat:accessURL": {"@id": absolute(reverse(one.page))},
                "dcat:downloadURL": {"@id": absolute(reverse(file.view))},
                "dcat:mediaType": {"@id": f"{IANA}{file.media_type}"},
                "dct:license": {"@id": LICENCE_URL},
                **_conforms(one, file),
            }
            for file in one.files
        ],
    }


def _conforms(one: Dataset, file: DataFile) -> dict[str, Any]:
    if file.media_type != JSON:
        return {}
    return {"dct:conformsTo": {"@id": absolute(reverse("open_data:schema", args=[one.slug]))}}


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}
