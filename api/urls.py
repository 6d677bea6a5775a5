"""Addresses under `/api/v1/`. They are outside the login of the site: its cookies open nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from api import docs
from api.problems import problem
from api.site import api

KIB = 1024
MAX_BODY = 256 * KIB
MAX_WEBHOOK = 5 * KIB * KIB
"""Of an incident: the page that failed may come with it."""
TOO_LONG = "Le corps de la requête dépasse {}."
NOT_ANNOUNCED = "Envoyez du JSON, avec l'en-tête « Content-Type: application/json »."
NOWHERE = "Rien à cette adresse : /api/v1/docs dit ce que l'API sait faire."

View = Callable[..., HttpResponse]


def guarded(view: View, *, only_json: bool, longest: int) -> View:
    """Refuses by the headers alone, before anything is read, and in the shape of the others."""

    @csrf_exempt  # no cookie is looked at
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **names: Any) -> HttpResponse:
        is_head, request.method = request.method == "HEAD", _read_as(request.method)
        if int(request.META.get("CONTENT_LENGTH") or 0) > longest:
            return problem(413, TOO_LONG.format(_size(longest)))
        if only_json and request.method == "POST" and request.content_type != "application/json":
            return problem(415, NOT_ANNOUNCED)
        response = view(request, **names)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            detail = f"Méthodes possibles à cette adresse : {response['Allow']}."
            response = problem(405, detail, headers={"Allow": response["Allow"]})
        response["Cache-Control"] = "no-store"
        return _headers_of(response) if is_head else response

    return answer


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
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    return problem(404, NOWHERE)


def _operations() -> list[URLPattern]:
    found, _app, _namespace = api.urls
    return [
        path(
            str(one.pattern),
            guarded(
                one.callback,
                only_json=one.name == "outages",
                longest=MAX_WEBHOOK if one.name == "better_stack" else MAX_BODY,
            ),
            name=one.name,
        )
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


app_name = "api"
urlpatterns = [
    path("docs", docs.page, name="docs"),
    path("openapi.json", docs.openapi, name="openapi"),
    *_operations(),
    path("<path:rest>", nowhere),
]
