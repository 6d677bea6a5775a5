"""The open data of the préfigurateurs."""

from pydantic import BaseModel, Field

from calendar_app.rules.datasets import JSON, DataFile, Dataset, OpenDocument


class PublishedPrefigurateur(BaseModel):
    nom: str
    nature: str
    commune: str
    editeur: str
    solution: str
    proxy: str
    publie_le: str = Field(description="Un jour, ou vide.")


class Prefigurateurs(OpenDocument):
    """Les préfigurateurs qui ont accepté d'être nommés."""

    dispositif: str
    prefigurateurs: list[PublishedPrefigurateur]


PREFIGURATEURS = Dataset(
    slug="prefigurateurs",
    title="Préfigurateurs DRIMbox",
    description="Ceux qui ont accepté d'être nommés, avec leur solution.",
    page="prefigurateurs:public",
    files=(DataFile("prefigurateurs:public_json", "JSON", JSON),),
    schema=Prefigurateurs,
    keywords=("Ségur du numérique en santé", "DRIMbox"),
)
