"""The open data of the installations."""

import datetime as dt

from pydantic import BaseModel, Field

from calendar_app.rules.datasets import JSON, DataFile, Dataset, OpenDocument


class Installation(BaseModel):
    """Une première installation réussie, publiée par l'ANS."""

    id: str = Field(description="Son nom, qui ne change pas (RFC 4151).")
    page: str
    dispositif: str
    solution: str
    version: str | None
    editeur: str
    fournisseur: str | None
    etat: str
    publiee_le: dt.datetime | None
    retiree_le: dt.datetime | None
    motif_du_retrait: str | None
    remplace: str | None = Field(description="Le nom de celle qu'elle remplace.")


class Installations(OpenDocument):
    """Les premières installations réussies, celles qui ont été retirées depuis comprises."""

    modifie_le: dt.datetime | None
    publications: list[Installation]


INSTALLATIONS = Dataset(
    slug="installations",
    title="Premières installations réussies",
    description="Celles que l'ANS a publiées, et celles qu'elle a retirées depuis.",
    page="publications:index",
    files=(
        DataFile("publications:json", "JSON", JSON),
        DataFile("publications:feed", "Atom", "application/atom+xml"),
    ),
    schema=Installations,
    keywords=("Ségur du numérique en santé", "imagerie médicale"),
)
