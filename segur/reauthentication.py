"""What touches security asks whoever is logged in to prove, lately, that it is them."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from segur import kept_input

LOGGED_IN_AT = "logged_in_at"
"""In the session: when it began, an instant in ISO form."""
KEPT = "Rien n'a été enregistré. Confirmez votre identité : votre saisie vous sera rendue."
NOT_DONE = "Rien n'a été enregistré. Confirmez votre identité, puis recommencez."

P = ParamSpec("P")


def is_recent(request: HttpRequest) -> bool:
    """By a login or by a confirmation since, within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    if not request.user.is_authenticated:
        return False
    proved = [
        dt.datetime.fromtimestamp(record["at"], dt.UTC)
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    if began := request.session.get(LOGGED_IN_AT):
        proved.append(dt.datetime.fromisoformat(began))
    lifetime = dt.timedelta(seconds=app_settings.REAUTHENTICATION_TIMEOUT)
    return bool(proved) and abs(timezone.now() - max(proved)) < lifetime


def sensitive(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Keys, feed addresses, members, parameters, publications, merges, factors: the view answers
    within the lifetime of a proof; after it, the proof is asked for, then the page opens again with
    what was typed in it."""

    @wraps(view)
    def proved(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = cast("HttpRequest", args[0])
        return view(*args, **kwargs) if is_recent(request) else _ask(request)

    return proved


def _ask(request: HttpRequest) -> HttpResponseBase:
    page = request.get_full_path()
    if request.method == "POST":
        page = kept_input.page_of(request) or page
        is_kept = kept_input.keep(request, request.POST, page=page)
        messages.warning(request, KEPT if is_kept else NOT_DONE)
    query: dict[str, Any] = {REDIRECT_FIELD_NAME: page}
    url = f"{reverse('account_reauthenticate')}?{urlencode(query)}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
