"""Lists, page by page: by cursor, so that a row added or gone shifts nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StringConstraints, WithJsonSchema

M = TypeVar("M", bound=Model)
CURSOR = r"^[1-9][0-9]{0,17}$"
Cursor = Annotated[
    Annotated[str, StringConstraints(pattern=CURSOR)] | None,
    WithJsonSchema({"type": "string", "pattern": CURSOR}),
]


class Page(Schema):
    limit: int = Field(50, ge=1, le=200, description="Lignes par page.")
    cursor: Cursor = Field(None, description="La valeur next de la page précédente.")


def only_known(request: HttpRequest, filters: Schema) -> None:
    """A filter misspelt is refused: left out, it would answer with everything."""
    unknown = request.GET.keys() - type(filters).model_fields.keys()
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "Ce paramètre n'existe pas."))


def page_of(
    request: HttpRequest,
    rows: QuerySet[M],
    page: Page,
    out: Callable[[Sequence[M]], Sequence[Any]],
) -> dict[str, Any]:
    """The last recorded first. `out` makes the answers of one page, in a fixed number of queries.
    What follows is found by its key: the thousandth page costs what the first does."""
    only_known(request, page)
    ordered = rows.order_by("-pk")
    if page.cursor:
        ordered = ordered.filter(pk__lt=int(page.cursor))
    found = list(ordered[: page.limit + 1])
    shown = found[: page.limit]
    return {"items": out(shown), "next": str(shown[-1].pk) if len(found) > page.limit else None}


NEXT = Field(description="Le `cursor` de la page suivante ; null à la dernière.")


def each(out: Callable[[M], Any]) -> Callable[[Sequence[M]], list[Any]]:
    return lambda rows: [out(row) for row in rows]
