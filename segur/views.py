"""Pages that belong to no application."""

import sys
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    UnreadablePostError,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import csrf, defaults

from accounts.enums import Kind
from accounts.middleware import MemberRequest
from api.problems import problem
from calendar_app.selectors.first_steps import first_steps
from segur import kept_input
from segur.guide.rgaa import evaluation
from segur.middleware import UploadTooBig, readable
from segur.operators import FULL, FULL_BODY, FULL_SUBJECT, is_full, tell_operators

RETRY_SECONDS = 30
BLOCK = 1024 * 1024
TOO_MUCH: dict[type[Exception], str] = {
    TooManyFilesSent: "Votre envoi compte plus de {files} fichiers. Joignez-les en plusieurs fois, "
    "{files} au plus à chaque envoi, ou réunissez-les dans un ZIP.",
    UploadTooBig: "Votre envoi dépasse {total} Mo en tout. Joignez vos fichiers en plusieurs fois, "
    "ou réduisez les plus lourds.",
    TooManyFieldsSent: "Votre envoi compte trop de champs. Recommencez avec moins de lignes à la "
    "fois.",
    RequestDataTooBig: "Le texte envoyé est trop long. Recommencez en plusieurs fois, ou joignez "
    "un fichier si la page le propose.",
}
BUSY = (
    "Le site est très occupé : votre demande n'a pas abouti. Renvoyez-la dans une minute, elle "
    "sera traitée comme la première fois."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Of what nothing else answered, wherever it was raised: 503 when the database is only busy or
    away, since the same request will pass later; 507 when a disk is full, that of the uploads most
    often; else 500."""
    if is_full(sys.exc_info()[1]):
        return _full(request)
    if not _is_passing(sys.exc_info()[1]):
        return defaults.server_error(request)
    if request.path.startswith("/api/"):
        response = problem(request, 503, BUSY)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _full(request: HttpRequest) -> HttpResponse:
    if not connection.needs_rollback:
        tell_operators(FULL_SUBJECT, FULL_BODY, key="disk-full")
    if request.path.startswith("/api/"):
        return problem(request, 507, FULL)
    return HttpResponse(render_to_string("507.html", {"words": FULL}), status=507)


def _is_passing(error: BaseException | None) -> bool:
    """SQLite says by the same exception that its one writer is busy, or that a table is missing."""
    if not isinstance(error, OperationalError):
        return False
    return connection.vendor != "sqlite" or "locked" in str(error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 with what to do, for a sending beyond a limit; 400 for any other request not understood.

    The rest of the sending is read first: a browser that is still sending when the answer comes
    shows a lost connection instead of it.
    """
    words = TOO_MUCH.get(type(exception))
    if words is None:
        return defaults.bad_request(request, exception)
    _read_out(request)
    words = words.format(
        files=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        total=settings.UPLOAD_MAX_TOTAL_BYTES // 1024**2,
    )
    if request.path.startswith("/api/"):
        return problem(request, 413, words)
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = request.path
    return render(request, "413.html", {"words": words, "back": back}, status=413)


TOO_OLD = (
    "Ce formulaire était ouvert depuis trop longtemps, ou vous vous êtes connecté entre-temps dans "
    "un autre onglet : rien n'a été enregistré."
)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its CSRF token. What was typed comes back in the page that it was sent from,
    where the browser says that this is a page of this site; else the page 403.
    """
    page = kept_input.page_of(request)
    if is_of_this_site(request) and kept_input.keep(request, readable(request.POST), page=page):
        messages.warning(request, TOO_OLD)
        return redirect(page)
    return csrf.csrf_failure(request, reason)


def is_of_this_site(request: HttpRequest) -> bool:
    """By the header that no page can set: another site must not write in our forms."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _read_out(request: HttpRequest) -> None:
    """As far as twice the limit."""
    with suppress(UnreadablePostError):
        for _ in range(2 * settings.UPLOAD_MAX_TOTAL_BYTES // BLOCK):
            if not request.read(BLOCK):
                return


def landing(request: MemberRequest) -> HttpResponseRedirect:
    """After login: the first thing that this person has to do. An organisation that has no solution
    yet is led to its first steps.
    """
    organisation = request.organisation
    if organisation is None:
        return redirect("accounts:none")
    if organisation.kind == Kind.ANS:
        return redirect("programme:index")
    steps = first_steps(request.user, organisation, now=timezone.now())
    is_new = steps.next is not None and not steps.has_solution
    return redirect("first_steps:index" if is_new else "deadlines:index")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"rgaa": evaluation()})


@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sources.html")
