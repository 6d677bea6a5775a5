"""The keys with which an organisation's software calls the API. A new one is shown once."""

from functools import partial

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms.api_tokens import ApiTokenForm
from accounts.middleware import MemberRequest
from accounts.models import ApiToken
from accounts.permissions import can_manage_api_tokens
from accounts.services.api_tokens import (
    KEYS,
    api_token_create,
    api_token_revoke,
    api_token_take_over,
)
from api.enums import Scope
from api.signatures import secret_of
from journal.forms import attempt
from journal.permissions import require
from journal.views.acts import form_page, press
from segur.reauthentication import sensitive
from segur.requests import posted

LEADERS_ONLY = (
    "Les clés d'API sont gérées par les Mandataires de l'organisation et, à l'ANS, par les "
    "Responsables."
)


@never_cache
@sensitive
def index(request: MemberRequest) -> HttpResponse:
    host = request.organisation
    if host is None:
        return redirect("accounts:none")
    require(can_manage_api_tokens(request.user, host.pk), LEADERS_ONLY)
    form = ApiTokenForm(posted(request), organisation=host)
    act = partial(api_token_create, organisation=host, by=request.by)
    if form.is_bound and (made := attempt(form, lambda: act(**form.cleaned_data))):
        token, key = made
        is_source = Scope.SUPERVISION in token.scopes
        secret = secret_of(token.token_sha256) if is_source else ""
        context = {"organisation": host, "token": token, "key": key, "secret": secret}
        return render(request, "accounts/api_token_shown.html", context)
    rows = host.api_tokens.select_related("revoked_by", "held_by").order_by(
        F("revoked_at").asc(nulls_first=True), "-created_at", "-pk"
    )
    tokens = [(row, KEYS.allows(row, "take", by=request.by)) for row in rows]
    return form_page(request, form, "accounts/api_tokens.html", organisation=host, tokens=tokens)


@sensitive
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    token = _managed(request, pk)
    if request.method == "POST":
        act = partial(api_token_revoke, token=token, by=request.by)
        done = f"La clé « {token} » est retirée : elle n'ouvre plus rien."
        return press(request, act, done=done, to=reverse("accounts:api_tokens"))
    return render(request, "accounts/api_token_revoke.html", {"token": token})


@require_POST
@sensitive
def take_over(request: MemberRequest, pk: int) -> HttpResponse:
    token = _managed(request, pk)
    act = partial(api_token_take_over, token=token, by=request.by)
    done = f"Vous répondez maintenant de la clé « {token} »."
    return press(request, act, done=done, to=reverse("accounts:api_tokens"))


def _managed(request: MemberRequest, pk: int) -> ApiToken:
    rows = ApiToken.objects.visible_to(request.user).select_related("organisation")
    token = get_object_or_404(rows, pk=pk)
    require(can_manage_api_tokens(request.user, token.organisation_id), LEADERS_ONLY)
    return token
