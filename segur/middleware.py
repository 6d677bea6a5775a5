"""What every request and answer of the site go through, whatever the page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.template.loader import render_to_string
from django.urls import is_valid_path, resolve
from django.utils.cache import patch_cache_control

from api.problems import problem
from documents.services.integrity import AlteredError
from parameters.selectors import read_once
from segur import kept_input
from segur.lib import texts
from segur.lib.form_filling import fill
from segur.lib.once import reading
from segur.requests import Middleware

View = Callable[..., HttpResponse]
SAFE = {"GET", "HEAD"}
DOWNLOADS = {"deadlines:proof"}
"""Files that an act is under: no page to go back to."""
TEXTS = 4 * 1024 * 1024
"""Bytes of a sending that are not of its files: what is typed, and the headers of each part."""


class TypedTextMiddleware(Middleware):
    """What any form or address sends is cleaned (`segur.lib.texts.clean`), and is empty when
    nothing of it can be seen; names of files too. Passwords stay as they are typed.

    The API, exempt of CSRF, reads its bodies itself, by the same rule (`perf.api.schemas`).
    """

    def process_view(self, request: HttpRequest, view: View, *_args: Any) -> None:
        if getattr(view, "csrf_exempt", False):
            return
        if request.GET:
            request.GET = readable(request.GET)  # type: ignore[assignment]
        if request.method != "POST":
            return
        request.POST = readable(request.POST)  # type: ignore[assignment]
        for upload in (one for _name, several in request.FILES.lists() for one in several):
            _rename(upload)


class UploadTooBig(SuspiciousOperation):
    """The files of one sending are too big together."""


class UploadSizeMiddleware(Middleware):
    """A sending that is too big is refused before any of it is read (`segur.views.bad_request`)."""

    def process_view(self, request: HttpRequest, _view: View, *_args: Any) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.UPLOAD_MAX_TOTAL_BYTES + TEXTS
        if request.method == "POST" and length.isdecimal() and int(length) > limit:
            raise UploadTooBig(f"{length} bytes sent")


class PrivateAnswersMiddleware(Middleware):
    """What a logged-in person is answered stays with them: no shared cache keeps it, and a file is
    kept by no cache at all. A page is asked for again each time, but «Précédent» still finds what
    was typed in it, which `no-store` would lose. A view that says otherwise is followed.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            kept = {"no_cache": True} if is_page else {"no_store": True}
            patch_cache_control(response, private=True, **kept)
        return response


class ReadOnceMiddleware(Middleware):
    """A page that is only looked at reads the regulatory parameters once, and what else several
    parts of it ask for."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with read_once(), reading():
            return self.get_response(request)


class KeptInputMiddleware(Middleware):
    """Gives back, in the page of its form, what was typed before a session ended
    (`segur.kept_input`). After the typography, which leaves what people type alone.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was = request.user.is_authenticated
        response = self.get_response(request)
        kept_input.remember_person(request, response, was=was)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_whole = is_page and not response.streaming and not request.headers.get("HX-Request")
        is_shown = request.method == "GET" and response.status_code == HTTPStatus.OK and is_whole
        if is_shown and (kept := kept_input.take(request)):
            response.content = _given_back(response.content.decode(), kept)
        return response


MAIN = '<main id="contenu" tabindex="-1">'


def _given_back(page: str, kept: kept_input.KeptInput) -> str:
    filled = fill(page, path=kept["page"], action=kept["action"], typed=kept["typed"])
    typed = [(name, ", ".join(values)) for name, values in kept["typed"].items()]
    context = {"is_filled": bool(filled), "typed": typed, "files": kept["files"]}
    notice = render_to_string("components/_kept_input.html", context)
    return (filled or page).replace(MAIN, f"{MAIN}{notice}", 1)


ALTERED = (
    "{} n'a plus l'empreinte de son établissement : son contenu a été changé dans la base de "
    "données. Il n'est ni montré ni donné."
)


class SealedDocumentsMiddleware(Middleware):
    """A receipt or a statement that was changed in the database is neither shown nor given."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, AlteredError):
            return None
        sentence = ALTERED.format(error)
        if request.path.startswith("/api/"):
            return problem(request, 500, sentence)
        content = render_to_string("altered.html", {"sentence": sentence}, request)
        return HttpResponse(content, status=500)


class WrongMethodMiddleware(Middleware):
    """An address asked with a method that it does not take answers with a page that leads back,
    where Django's own answer is empty; the API, with a refusal in its usual shape.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        if request.path.startswith("/api/"):
            allow = response["Allow"]
            detail = f"Méthodes possibles à cette adresse : {allow}."
            return problem(request, 405, detail, headers={"Allow": allow})
        context = {"is_reading": request.method in SAFE, "back": _parent(request.path)}
        response.content = render_to_string("405.html", context, request)
        return response


def _parent(path: str) -> str:
    """The nearest address above that leads somewhere: an act is under the page of its object."""
    while path != "/":
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        if is_valid_path(path) and resolve(path).view_name not in DOWNLOADS:
            break
    return path


def readable(sent: QueryDict) -> QueryDict:
    found = sent.copy()
    for name, values in sent.lists():
        if "password" not in name:
            found.setlist(name, [_readable(value) for value in values])
    found._mutable = False  # noqa: SLF001  (as Django gives it)
    return found


def _readable(text: str) -> str:
    return "" if texts.is_blank(text) else texts.clean(text)


def _rename(upload: UploadedFile[Any]) -> None:
    upload.name = texts.clean(upload.name or "")
