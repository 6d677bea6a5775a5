"""One way to declare an operation: its scope, its answers, and the refusals that all share."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from ninja import Router

from api.deprecation import DEPRECATIONS, Deprecation
from api.enums import Scope
from api.idempotency import HEADER, PATTERN, once
from api.keys import ApiKey
from api.problems import Problem

SHARED = {
    401: "Sans clé active.",
    403: "La clé, ou le rôle de son répondant, ne permet pas cela.",
    422: "Une valeur est refusée : `errors` dit laquelle et pourquoi.",
    429: "Trop d'appels en une minute : `Retry-After` dit quand reprendre.",
}
BODY = {
    400: "Le corps ne peut pas être lu.",
    413: "Le corps est trop long.",
    415: "Le corps n'est pas annoncé comme il le faut (`Content-Type`).",
}
NOT_FOUND = "Rien de tel parmi ce que voit votre organisation."
MATCH = {
    412: "Modifié depuis votre lecture : relisez, puis recommencez.",
    428: "L'en-tête `If-Match` manque.",
}

IDEMPOTENCY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Un nom unique de cet appel : renvoyé dans les 24 h, il n'agit qu'une fois.",
    "schema": {"type": "string", "pattern": PATTERN, "minLength": 1, "maxLength": 100},
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "L'ETag de votre dernière lecture.",
    "schema": {"type": "string", "examples": ["*"]},
}
HEADERS = {"POST": [IDEMPOTENCY], "PATCH": [IF_MATCH]}
JSON, MULTIPART = "application/json", "multipart/form-data"
BODIES: dict[str, dict[str, str]] = defaultdict(dict)
"""Name of address → method → type of its body: what `api.guards` lets in."""

Answers = Mapping[int, tuple[Any, str]]


def _refused(method: str, path: str, *, has_body: bool) -> dict[int, str]:
    """What every operation of this kind may answer: status → why."""
    return {
        **SHARED,
        **({404: NOT_FOUND} if "{" in path else {}),
        **(BODY if has_body else {}),
        **(MATCH if method == "PATCH" else {}),
    }


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    scope: Scope,
    summary: str,
    answers: Answers,
    description: str = "",
    refusals: Mapping[int, str] | None = None,
    uploads: bool = False,
    url_name: str = "",
    deprecated: Deprecation | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares the decorated function on a router, under its name. A POST acts once under an
    `Idempotency-Key`; a PATCH asks for `If-Match`, which the function checks
    (`api.conditional.require_match`). Its body is its argument `payload`.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        has_body = "payload" in inspect.signature(view).parameters
        where = url_name or path.strip("/").translate(str.maketrans("/:", "__", "{}"))
        if has_body:
            BODIES[where][method] = MULTIPART if uploads else JSON
        if deprecated:
            DEPRECATIONS[where][method] = deprecated
        refused = {**_refused(method, path, has_body=has_body), **(refusals or {})}
        leaving = deprecated.sentence if deprecated else ""
        paragraphs = [leaving, description, f"Portée de la clé : {scope.label}."]
        texts = {**refused, **{status: text for status, (_model, text) in answers.items()}}
        registered = router.api_operation(
            [method],
            path,
            auth=ApiKey(scope),
            url_name=where,
            operation_id=view.__name__,
            summary=summary,
            description="\n\n".join(filter(None, paragraphs)),
            deprecated=deprecated is not None or None,
            response={
                **dict.fromkeys(refused, Problem),
                **{status: model for status, (model, _text) in answers.items()},
            },
            openapi_extra={
                "responses": {status: {"description": text} for status, text in texts.items()},
                "parameters": HEADERS.get(method, []),
            },
        )
        return registered(once(view) if method == "POST" else view)

    return declare
