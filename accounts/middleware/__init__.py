"""The organisation that a person works for at the moment, among theirs."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from accounts.models import Organisation, User
from journal.rules.by import By
from segur import kept_input
from segur.requests import Middleware

SESSION_KEY = "organisation"
NOT_DONE = (
    "Votre session était terminée : rien n'a été enregistré. Connectez-vous, puis recommencez."
)
KEPT = (
    "Votre session était terminée : rien n'a été enregistré. Connectez-vous : votre saisie vous "
    "sera rendue."
)


class MemberRequest(HttpRequest):
    """A request of a logged-in person; `organisation` is the active one, None without any."""

    user: User
    organisation: Organisation | None
    organisations: list[Organisation]
    by: By


class LoginMiddleware(LoginRequiredMiddleware):
    """A part that htmx asks for after the session has ended reloads its page, which leads to the
    login and back; the login page would else be put in its place. An act sent after it has ended
    leads back to the page that it was sent from: its own address may not be one to read. What was
    typed waits there (`segur.kept_input`).
    """

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        to_login = super().process_view(request, *view)
        is_part = request.headers.get("HX-Request") == "true"
        page = kept_input.page_of(request)
        is_kept = bool(to_login and request.method == "POST") and kept_input.keep(
            request, request.POST, page=page
        )
        if to_login and is_part:
            return HttpResponseClientRefresh()
        if to_login and (ended := getattr(request, "session_ended", "")):
            messages.warning(request, ended)
        if to_login and request.method == "POST":
            messages.warning(request, KEPT if is_kept else NOT_DONE)
            if page:
                return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        return to_login


class ActiveOrganisationMiddleware(Middleware):
    """Sets `request.organisation`: the one last chosen, else the first by name, else None."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mine: list[Organisation] = []
        if request.user.is_authenticated:
            mine = request.user.organisations
        viewing = getattr(request, "viewing", None)
        chosen = request.session.get(SESSION_KEY) if mine else None
        if viewing and request.user == viewing.user:
            chosen = viewing.organisation.pk
        member_request = cast("MemberRequest", request)
        member_request.organisations = mine
        member_request.organisation = next(
            (o for o in mine if o.pk == chosen), mine[0] if mine else None
        )
        if request.user.is_authenticated:
            member_request.by = By.person(
                request.user, timezone.now(), organisation=member_request.organisation
            )
        return self.get_response(request)
