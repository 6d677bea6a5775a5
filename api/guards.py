"""What surrounds each operation: refusals by the headers alone, methods, ETag, announcements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from api.conditional import tagged
from api.deprecation import DEPRECATIONS, Deprecation
from api.operations import BODIES, MULTIPART
from api.problems import Words, problem

KIB = 1024
MAX_BODY = 256 * KIB
MAX_WEBHOOK = 5 * KIB * KIB
"""Of an incident: the page that failed may come with it."""
NOWHERE = Words(
    "Aucune opération à cette adresse : la liste est sur /api/v1/docs.",
    "Nothing at this address: /api/v1/docs describes what the API does.",
)
EMPTY_FORM = Words(
    "Ce formulaire ne contient aucun champ lisible.", "No field of this form can be read."
)

View = Callable[..., HttpResponse]


def guarded(
    view: View, *, bodies: Mapping[str, str], longest: int, leaving: Mapping[str, Deprecation]
) -> View:
    """Refuses by the headers alone, before anything is read, and in the shape of the others.
    `bodies`: method → type of the bodies that it takes; `leaving`: method → what is announced."""

    @csrf_exempt  # no cookie is looked at
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **names: Any) -> HttpResponse:
        is_head, request.method = request.method == "HEAD", _read_as(request.method)
        response = _answer(request, **names)
        if deprecation := leaving.get(request.method or ""):
            deprecation.announce(response, request.build_absolute_uri(reverse("api:docs")))
        return _headers_of(response) if is_head else response

    def _answer(request: HttpRequest, **names: Any) -> HttpResponse:
        if (length := request.META.get("CONTENT_LENGTH") or "0") and int(length) > longest:
            return problem(request, 413, _too_long(_size(longest)))
        expected = bodies.get(request.method or "")
        if expected and request.content_type != expected:
            return problem(request, 415, _not_announced(expected))
        if expected == MULTIPART and not (request.POST or request.FILES):
            return problem(request, 400, EMPTY_FORM)
        response = view(request, **names)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {"Allow": response["Allow"]}
            response = problem(request, 405, _methods(response["Allow"]), headers=headers)
        response["Cache-Control"] = "private, no-cache" if request.method == "GET" else "no-store"
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            response = tagged(request, response)
        return response

    return answer


def _too_long(size: str) -> Words:
    return Words(
        f"Le corps de la requête dépasse {size}.",
        f"The body of the request is longer than {size}.",
    )


def _not_announced(content_type: str) -> Words:
    header = f"« Content-Type: {content_type} »"
    return Words(
        f"Envoyez ce corps avec l'en-tête {header}.", f"Send this body with the header {header}."
    )


def _methods(allowed: str) -> Words:
    return Words(
        f"Méthodes possibles à cette adresse : {allowed}.",
        f"Methods allowed at this address: {allowed}.",
    )


def _size(octets: int) -> str:
    """«256 Kio», «5 Mio»."""
    return f"{octets // KIB} Kio" if octets < KIB * KIB else f"{octets // KIB // KIB} Mio"


def _read_as(method: str | None) -> str | None:
    """HEAD is answered wherever GET is (RFC 9110, 9.3.2); ninja knows only GET."""
    return "GET" if method == "HEAD" else method


def _headers_of(response: HttpResponse) -> HttpResponse:
    response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    return problem(request, 404, NOWHERE)


def operations_of(api: NinjaAPI) -> list[URLPattern]:
    found, _app, _namespace = api.urls
    patterns = [one for one in found if isinstance(one, URLPattern) and one.name != "api-root"]
    return [
        path(str(one.pattern), guarded(one.callback, **_bounds(one.name or "")), name=one.name)
        for one in patterns
    ]


def _bounds(name: str) -> dict[str, Any]:
    bodies = BODIES.get(name, {})
    longest = MAX_BODY
    if MULTIPART in bodies.values():
        longest += settings.UPLOAD_MAX_TOTAL_BYTES
    if name == "better_stack":
        longest = MAX_WEBHOOK
    return {"bodies": bodies, "longest": longest, "leaving": DEPRECATIONS.get(name, {})}
