"""One shape for every refusal (RFC 9457): what happened, and what is wrong with each field.

The frame speaks French or English, as `Accept-Language` asks. The rules of the field are sentences
of services, in French alone: `Content-Language` says which language `detail` is in.
"""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as RuleError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Response
from pydantic import Field

MEDIA_TYPE = "application/problem+json"


class Words(NamedTuple):
    fr: str
    en: str


TITLES: dict[int, Words] = {
    400: Words("Corps illisible", "Unreadable body"),
    401: Words("Clé absente ou inactive", "Missing or inactive key"),
    403: Words("Interdit à cette clé", "Not allowed for this key"),
    404: Words("Introuvable", "Not found"),
    405: Words("Méthode impossible", "Method not allowed"),
    409: Words("État incompatible", "Conflict with the present state"),
    412: Words("Modifié entre-temps", "Changed in the meantime"),
    413: Words("Trop long", "Too long"),
    415: Words("Type de contenu refusé", "Unsupported content type"),
    422: Words("Valeur refusée", "Refused value"),
    428: Words("En-tête If-Match absent", "Missing If-Match header"),
    429: Words("Trop d'appels", "Too many calls"),
    503: Words("Base occupée", "Database busy"),
    507: Words("Disque plein", "Disk full"),
}

UNAUTHENTICATED = Words(
    "Cette adresse demande une clé d'API active, dans l'en-tête « Authorization: Bearer <clé> ».",
    "This address asks for an active API key, in the header “Authorization: Bearer <key>”.",
)
NOT_JSON = Words(
    "Le corps de la requête n'est pas du JSON lisible.", "The body of the request is not JSON."
)
UNKNOWN = Words(
    "Rien de tel parmi ce que voit votre organisation.", "Nothing like it that you may see."
)
NOT_ALLOWED = Words(
    "Le rôle du répondant de cette clé ne permet pas cela.",
    "The role of the person who answers for this key does not allow this.",
)

SENTENCES = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n'existe pas.",
    "string_type": "Un texte est attendu.",
    "string_too_short": "Ce texte est vide.",
    "string_too_long": "Au plus {max_length} caractères.",
    "string_pattern_mismatch": "Ce texte contient un caractère refusé, ou il est vide.",
    "enum": "Valeurs possibles : {expected}.",
    "literal_error": "Valeurs possibles : {expected}.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_type": "Un nombre entier est attendu.",
    "bool_type": "true ou false est attendu.",
    "bool_parsing": "true ou false est attendu.",
    "date_type": "Un jour est attendu, par exemple 2026-11-30.",
    "date_parsing": "Un jour est attendu, par exemple 2026-11-30.",
    "date_from_datetime_parsing": "Un jour est attendu, par exemple 2026-11-30.",
    "greater_than_equal": "Au moins {ge}.",
    "less_than_equal": "Au plus {le}.",
    "list_type": "Une liste est attendue.",
    "too_long": "Au plus {max_length} éléments.",
    "too_short": "Au moins {min_length} élément.",
    "model_attributes_type": "Un objet JSON est attendu, entre accolades.",
    "dict_type": "Un objet JSON est attendu, entre accolades.",
}
"""What pydantic finds, in French; our own messages, of type «french», are sentences already."""


class Problem(Schema):
    """Un refus : ce qui s'est passé et quoi faire (RFC 9457)."""

    type: str = Field(description="L'adresse qui explique ce genre de refus.")
    title: str = Field(description="Le genre de refus, en trois mots.")
    status: int = Field(description="Le code HTTP.", ge=400, le=599)
    detail: str = Field(description="La phrase à lire.", examples=["« fin » : …"])
    errors: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Pour chaque champ refusé, ce qui ne va pas. Vide si aucun n'est en cause.",
    )


class Refusal(Exception):  # noqa: N818  (an answer, not a fault)
    """A refusal of the frame, in both languages."""

    def __init__(
        self, status: int, detail: Words, *, field: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail.en)
        self.status, self.detail, self.field, self.headers = status, detail, field, headers


def language_of(request: HttpRequest) -> str:
    """fr or en, the one asked for first; French for whoever asks for neither."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    spoken = (name.partition("-")[0] for name, _weight in asked)
    return next((name for name in spoken if name in ("fr", "en")), "fr")


def problem(
    request: HttpRequest,
    status: int,
    detail: Words | str,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    language = language_of(request)
    title = TITLES.get(status) or Words(*[HTTPStatus(status).phrase] * 2)
    sentence = detail if isinstance(detail, str) else getattr(detail, language)
    body = {
        "type": f"/api/v1/docs#refus-{status}",
        "title": getattr(title, language),
        "status": status,
        "detail": sentence,
        "errors": errors or {},
    }
    spoken = "fr" if isinstance(detail, str) else language
    headers = {"Content-Language": spoken, "Vary": "Accept-Language", **(headers or {})}
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def unauthenticated(request: HttpRequest) -> HttpResponse:
    challenge = 'Bearer realm="api", charset="UTF-8"'
    return problem(request, 401, UNAUTHENTICATED, headers={"WWW-Authenticate": challenge})


def fields_refused(request: HttpRequest, errors: dict[str, list[str]]) -> HttpResponse:
    sentences = (f"{name} : {' '.join(messages)}" for name, messages in errors.items())
    return problem(request, 422, " ".join(sentences), errors)


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(AuthenticationError, lambda request, _error: unauthenticated(request))
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(RuleError, _rule)
    api.add_exception_handler(PermissionDenied, _denied)
    api.add_exception_handler(Http404, lambda request, _error: problem(request, 404, UNKNOWN))


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """Ours speak French; ninja's own is about a body that is not JSON."""
    is_bad_json = error.status_code == HTTPStatus.BAD_REQUEST
    return problem(request, error.status_code, NOT_JSON if is_bad_json else error.message)


def _refusal(request: HttpRequest, error: Any) -> HttpResponse:
    headers = dict(error.headers or {})
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(60 - timezone.now().second)
    errors = {error.field: [getattr(error.detail, language_of(request))]} if error.field else None
    return problem(request, error.status, error.detail, errors, headers)


def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 403, str(error) or NOT_ALLOWED)


def _malformed(request: HttpRequest, error: Any) -> HttpResponse:
    language = language_of(request)
    found: dict[str, list[str]] = defaultdict(list)
    for item in error.errors:
        # ("body", "payload", "started_at"): the first names are ninja's, not the caller's
        where = ".".join(str(part) for part in item["loc"][2:]) or str(item["loc"][-1])
        found[where].append(_sentence(item) if language == "fr" else _in_english(item))
    return fields_refused(request, found)


def _sentence(item: dict[str, Any]) -> str:
    if item["type"] == "french":
        return str(item["msg"])
    values = {name: _in_french(value) for name, value in item.get("ctx", {}).items()}
    return SENTENCES.get(item["type"], "Cette valeur est refusée.").format(**values)


def _in_english(item: dict[str, Any]) -> str:
    """Pydantic's own words; ours carry theirs beside the French."""
    return str(item.get("ctx", {}).get("en") or item["msg"])


def _in_french(value: Any) -> Any:
    """«'A', 'B' or 'C'», as pydantic lists values."""
    return value.replace("'", "").replace(" or ", " ou ") if isinstance(value, str) else value


def _rule(request: HttpRequest, error: Any) -> HttpResponse:
    """A ValidationError of a service; a closed gate is about the state, not about a value."""
    if not hasattr(error, "error_dict"):
        status = 409 if getattr(error, "code", "") == "gate" else 422
        return problem(request, status, " ".join(error.messages))
    errors = dict(error.message_dict)
    general = errors.pop(NON_FIELD_ERRORS, [])
    if general:
        return problem(request, 422, " ".join(general), errors)
    return fields_refused(request, errors)
