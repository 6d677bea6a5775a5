"""Lists, page by page: by cursor, so that a row added or gone shifts nothing."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from ninja import FilterSchema, Schema
from pydantic import Field, StringConstraints, WithJsonSchema

CURSOR = r"^[1-9][0-9]{0,17}$"
Cursor = Annotated[
    Annotated[str, StringConstraints(pattern=CURSOR)] | None,
    WithJsonSchema({"type": "string", "pattern": CURSOR}),
]
NEXT = Field(description="Le `cursor` de la page suivante ; null à la dernière.")


class Page(FilterSchema):
    # no docstring: it would be the description of every schema of filters
    limit: int = Field(50, ge=1, le=200, description="Lignes par page.")
    cursor: Cursor = Field(None, description="La valeur next de la page précédente.")

    def filter_limit(self, _value: int) -> Q:
        return Q()

    def filter_cursor(self, value: str | None) -> Q:
        """What follows is found by its key: the thousandth page costs what the first does."""
        return Q(pk__lt=int(value)) if value else Q()


def only_known(request: HttpRequest, filters: Schema) -> None:
    """A filter misspelt is refused: left out, it would answer with everything."""
    unknown = request.GET.keys() - type(filters).model_fields.keys()
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "Ce paramètre n'existe pas."))
