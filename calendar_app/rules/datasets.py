"""What is published as open data: each app declares its own, a page and a catalogue list all."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel, Field

LICENCE = "Licence Ouverte / Open Licence 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
PUBLISHER = "Agence du Numérique en Santé"
JSON, JSON_LD, TURTLE = "application/json", "application/ld+json", "text/turtle"
CSV = "text/csv"


class OpenDocument(BaseModel):
    """What every document says of itself."""

    titre: str
    producteur: str = PUBLISHER
    page: str = Field(description="La page du site qui montre ces données.")
    licence: str = LICENCE
    licence_url: str = LICENCE_URL


@dataclass(frozen=True)
class DataFile:
    """`view`: the name of its address, which never changes."""

    view: str
    label: str
    media_type: str


@dataclass(frozen=True)
class Dataset:
    """`page`: the name of the page that shows it; `schema`: of its JSON file."""

    slug: str
    title: str
    description: str
    page: str
    files: tuple[DataFile, ...]
    schema: type[OpenDocument]
    keywords: tuple[str, ...] = field(default=())


_declared: dict[str, Dataset] = {}


def declare_dataset(dataset: Dataset) -> None:
    _declared[dataset.slug] = dataset


def datasets() -> list[Dataset]:
    return list(_declared.values())
