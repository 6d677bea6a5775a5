"""One shape for every refusal: a French sentence, and what is wrong with each field."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as RuleError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Response
from pydantic import Field

UNAUTHENTICATED = (
    "Cette adresse demande une clé d'API active, dans l'en-tête « Authorization: Bearer <clé> »."
)
NOT_JSON = "Le corps de la requête n'est pas du JSON lisible."

SENTENCES = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n'existe pas.",
    "string_type": "Un texte est attendu.",
    "string_too_short": "Ce texte est vide.",
    "string_too_long": "Au plus {max_length} caractères.",
    "string_pattern_mismatch": "Ce texte contient un caractère refusé, ou il est vide.",
    "enum": "Valeurs possibles : {expected}.",
    "int_parsing": "Un nombre entier est attendu.",
    "greater_than_equal": "Au moins {ge}.",
    "less_than_equal": "Au plus {le}.",
    "model_attributes_type": "Un objet JSON est attendu, entre accolades.",
}
"""What pydantic finds, in French; our own messages, of type «french», are sentences already."""


class Problem(Schema):
    """Un refus : ce qui s'est passé et quoi faire, en français."""

    detail: str = Field(description="La phrase à lire.", examples=["« fin » : …"])
    errors: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Pour chaque champ refusé, ce qui ne va pas. Vide si aucun n'est en cause.",
    )


def problem(
    status: int,
    detail: str,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    return Response({"detail": detail, "errors": errors or {}}, status=status, headers=headers)


def unauthenticated() -> HttpResponse:
    challenge = 'Bearer realm="api", charset="UTF-8"'
    return problem(401, UNAUTHENTICATED, headers={"WWW-Authenticate": challenge})


def fields_refused(errors: dict[str, list[str]]) -> HttpResponse:
    sentences = (f"{name} : {' '.join(messages)}" for name, messages in errors.items())
    return problem(422, " ".join(sentences), errors)


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(AuthenticationError, lambda _request, _error: unauthenticated())
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(RuleError, _rule)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """Ours speak French; ninja's own is about a body that is not JSON."""
    is_bad_json = error.status_code == HTTPStatus.BAD_REQUEST
    return problem(error.status_code, NOT_JSON if is_bad_json else error.message)


def _malformed(request: HttpRequest, error: Any) -> HttpResponse:
    found: dict[str, list[str]] = defaultdict(list)
    for item in error.errors:
        # ("body", "payload", "started_at"): the first names are ninja's, not the caller's
        where = ".".join(str(part) for part in item["loc"][2:]) or str(item["loc"][-1])
        found[where].append(_sentence(item))
    return fields_refused(found)


def _sentence(item: dict[str, Any]) -> str:
    if item["type"] == "french":
        return str(item["msg"])
    values = {name: _in_french(value) for name, value in item.get("ctx", {}).items()}
    return SENTENCES.get(item["type"], "Cette valeur est refusée.").format(**values)


def _in_french(value: Any) -> Any:
    """«'A', 'B' or 'C'», as pydantic lists values."""
    return value.replace("'", "").replace(" or ", " ou ") if isinstance(value, str) else value


def _rule(request: HttpRequest, error: Any) -> HttpResponse:
    """A ValidationError of a service."""
    if not hasattr(error, "error_dict"):
        return problem(422, " ".join(error.messages))
    errors = dict(error.message_dict)
    general = errors.pop(NON_FIELD_ERRORS, [])
    return fields_refused(errors) if not general else problem(422, " ".join(general), errors)
