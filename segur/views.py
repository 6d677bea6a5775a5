"""Pages that belong to no application."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults

from accounts.enums import Kind
from accounts.requests import MemberRequest
from perf.api.problems import problem
from segur.composants import sample

RETRY_SECONDS = 30
BUSY = (
    "Le site est très occupé : votre demande n'a pas abouti. Renvoyez-la dans une minute, elle "
    "sera traitée comme la première fois."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Of what nothing else answered, wherever it was raised: 503 when the database is only busy or
    away, since the same request will pass later; else 500."""
    if not _is_passing(sys.exc_info()[1]):
        return defaults.server_error(request)
    if request.path.startswith("/api/"):
        response = problem(503, BUSY)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _is_passing(error: BaseException | None) -> bool:
    """SQLite says by the same exception that its one writer is busy, or that a table is missing."""
    if not isinstance(error, OperationalError):
        return False
    return connection.vendor != "sqlite" or "locked" in str(error)


def landing(request: MemberRequest) -> HttpResponseRedirect:
    """After login: the first thing that this person has to do."""
    if request.organisation is None:
        return redirect("accounts:none")
    is_ans = request.organisation.kind == Kind.ANS
    return redirect("programme:index" if is_ans else "deadlines:index")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sources.html")


@login_not_required
def liveness(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"etat": "vivant"})


@login_not_required
def readiness(request: HttpRequest) -> JsonResponse:
    """The process can serve: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"etat": "prêt"})


@login_not_required
def composants(request: HttpRequest) -> HttpResponse:
    return render(request, "composants.html", {"sample": sample()})
