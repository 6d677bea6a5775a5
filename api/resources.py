"""What the API shows and changes of a model: its list, its reading and its acts are declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import create_model

from api.conditional import require_match
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, only_known
from api.types import RowId
from journal.permissions import require
from journal.rules.by import By
from journal.services.acts import lock_rows

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Schema)
Act = Callable[..., Model]


KIND = Parameter.POSITIONAL_OR_KEYWORD
PK = Parameter("pk", KIND, annotation=RowId)


@dataclass(frozen=True, slots=True)
class ActorRight:
    """Whether the person who answers for the key may act on a row, and the refusal otherwise."""

    may: Callable[[Any, Any], bool]
    refusal: str


def acting(request: HttpRequest) -> By:
    """The key, and the person who answers for it."""
    return By.software(request.auth, timezone.now())  # type: ignore[attr-defined]  # set by ninja


class Resource(Generic[M, S]):
    """`rows`: those that the caller sees, with what `schema` reads of them. `schema` is filled from
    the row itself, or from what `loaded` makes of the rows of a page, in a fixed number of queries.
    Its resolvers find the request in their context. `scope`: what a key needs for the acts.
    """

    def __init__(
        self,
        router: Router,
        schema: type[S],
        rows: Callable[[HttpRequest], QuerySet[M]],
        loaded: Callable[[Sequence[M]], Sequence[Any]] = list,
        scope: Scope = Scope.DEPOSITS,
    ) -> None:
        self.router, self.schema, self.rows, self.loaded = router, schema, rows, loaded
        self.scope = scope

    def get(self, request: HttpRequest, pk: int) -> M:
        return get_object_or_404(self.rows(request), pk=pk)

    def out(self, request: HttpRequest, row: M) -> S:
        [one] = self.loaded([row])
        return self.schema.model_validate(one, context={"request": request})

    def shown(self, request: HttpRequest, pk: int) -> S:
        """As it is now."""
        return self.out(request, self.get(request, pk))

    def act(
        self,
        path: str,
        *,
        method: str = "POST",
        answer: str,
        right: ActorRight | None = None,
        of: Callable[[HttpRequest], QuerySet[Any]] | None = None,
        status: int = 200,
        **words: Any,
    ) -> Callable[[Act], Act]:
        """Declares an act on the row that the address names, among those of this resource or `of`
        others that the caller sees; without `right` the service asks who acts. The decorated
        function gives its name to the operation; it has the row, `by` and the arguments of the
        operation (`payload`, files), and returns the row that the answer shows. A PATCH is done
        under the lock of its row, where `If-Match` is what it is now.
        """
        is_edit = method == "PATCH"

        def declare(do: Act) -> Act:
            def view(request: HttpRequest, pk: int, **values: Any) -> Status[S]:
                by, rows = acting(request), (of or self.rows)(request)
                if is_edit:
                    rows = lock_rows(rows)
                row = get_object_or_404(rows, pk=pk)
                if right:
                    require(right.may(by.actor, row), right.refusal)
                if is_edit:
                    require_match(request, self.out(request, row))
                return Status(status, self.shown(request, do(row, by=by, **values).pk))

            _row, _by, *others = signature(do, eval_str=True).parameters.values()
            self._declare(
                transaction.atomic(view) if is_edit else view,
                [PK, *others],
                name=do.__name__,
                method=method,
                path=path,
                scope=self.scope,
                answers={status: (self.schema, answer)},
                **words,
            )
            return do

        return declare

    def lists(self, path: str, *, filters: type[Page] = Page, answer: str, **words: Any) -> None:
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

        asked = Parameter("filters", KIND, annotation=Annotated[filters, Query()])  # type: ignore[type-arg]
        answers = {200: (page, answer)}
        self._declare(view, [asked], method="GET", path=path, answers=answers, **words)

    def reads(self, path: str, *, answer: str, **words: Any) -> None:
        """Declares the reading of one row."""

        def view(request: HttpRequest, pk: int) -> S:
            return self.shown(request, pk)

        answers = {200: (self.schema, answer)}
        self._declare(view, [PK], method="GET", path=path, answers=answers, **words)

    def _declare(
        self,
        view: Callable[..., Any],
        parameters: Sequence[Parameter],
        *,
        name: str,
        scope: Scope = Scope.READ,
        **words: Any,
    ) -> None:
        """ninja reads the name and the signature of the view."""
        request = Parameter("request", KIND)
        view.__name__ = name
        view.__signature__ = Signature([request, *parameters])  # type: ignore[attr-defined]
        operation(self.router, scope=scope, **words)(view)
