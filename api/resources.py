"""What the API shows of a model: its list and its reading are declared, not written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import create_model

from api.conditional import require_match
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, only_known
from api.types import RowId
from journal.permissions import require

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Schema)


class Resource(Generic[M, S]):
    """`rows`: those that the caller sees, with what `schema` reads of them. `schema` is filled from
    the row itself, or from what `loaded` makes of the rows of a page, in a fixed number of queries.
    Its resolvers find the request in their context.
    """

    def __init__(
        self,
        router: Router,
        schema: type[S],
        rows: Callable[[HttpRequest], QuerySet[M]],
        loaded: Callable[[Sequence[M]], Sequence[Any]] = list,
    ) -> None:
        self.router, self.schema, self.rows, self.loaded = router, schema, rows, loaded

    def get(self, request: HttpRequest, pk: int) -> M:
        return get_object_or_404(self.rows(request), pk=pk)

    def out(self, request: HttpRequest, row: M) -> S:
        [one] = self.loaded([row])
        return self.schema.model_validate(one, context={"request": request})

    def shown(self, request: HttpRequest, pk: int) -> S:
        """As it is now."""
        return self.out(request, self.get(request, pk))

    def locked(self, request: HttpRequest, pk: int, may: Callable[[M], bool], refusal: str) -> M:
        """In a transaction: the row to edit, kept from other writers. Raises PermissionDenied, and
        Refusal where `If-Match` is not what it is now."""
        rows = self.rows(request).select_for_update(of=("self",), no_key=True)
        row = get_object_or_404(rows, pk=pk)
        require(may(row), refusal)
        require_match(request, self.out(request, row))
        return row

    def lists(self, path: str, *, filters: type[Page] = Page, answer: str, **words: str) -> None:
        """Declares the list: the last recorded first, page by page. `words`: the name, the summary
        and the description of the operation."""
        name = f"{self.schema.__name__.removesuffix('Out')}s"
        page: type[Schema] = create_model(
            name,
            __base__=Schema,
            items=(list[self.schema], ...),  # type: ignore[name-defined]
            next=(str | None, NEXT),
        )

        def view(request: HttpRequest, filters: Page) -> Schema:
            only_known(request, filters)
            rows = filters.filter(self.rows(request)).order_by("-pk")
            found = list(rows[: filters.limit + 1])
            shown = found[: filters.limit]
            following = str(shown[-1].pk) if len(found) > filters.limit else None
            content = {"items": self.loaded(shown), "next": following}
            return page.model_validate(content, context={"request": request})

        values = {"filters": Annotated[filters, Query()]}  # type: ignore[type-arg]
        self._declare(path, view, values, (page, answer), words)

    def reads(self, path: str, *, answer: str, **words: str) -> None:
        """Declares the reading of one row."""

        def view(request: HttpRequest, pk: int) -> S:
            return self.shown(request, pk)

        self._declare(path, view, {"pk": RowId}, (self.schema, answer), words)

    def _declare(
        self,
        path: str,
        view: Callable[..., Schema],
        values: dict[str, Any],
        answer: tuple[type[Schema], str],
        words: dict[str, str],
    ) -> None:
        kind = Parameter.POSITIONAL_OR_KEYWORD
        of_view = [Parameter("request", kind)]
        of_view += [Parameter(name, kind, annotation=type_) for name, type_ in values.items()]
        view.__signature__ = Signature(of_view)  # type: ignore[attr-defined]  # ninja reads it
        answers = {200: answer}
        operation(self.router, "GET", path, scope=Scope.READ, answers=answers, **words)(view)  # type: ignore[arg-type]
