"""Pages that belong to no application."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render

from accounts.enums import Kind
from accounts.requests import MemberRequest
from segur.composants import sample


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
