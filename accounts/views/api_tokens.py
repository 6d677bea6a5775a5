"""The keys with which an organisation's software calls the API. A new one is shown once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.forms.api_tokens import ApiTokenForm
from accounts.middleware import MemberRequest
from accounts.models import ApiToken, Organisation
from accounts.permissions import can_manage_api_tokens
from accounts.services.api_tokens import api_token_create, api_token_revoke
from journal.permissions import require
from segur.requests import posted

LEADERS_ONLY = (
    "Les clés d'API sont gérées par les Mandataires de l'organisation et, à l'ANS, par les "
    "Responsables."
)


@never_cache
def index(request: MemberRequest) -> HttpResponse:
    host = request.organisation
    if host is None:
        return redirect("accounts:none")
    require(can_manage_api_tokens(request.user, host.pk), LEADERS_ONLY)
    form = ApiTokenForm(posted(request))
    if form.is_valid():
        try:
            token, key = api_token_create(organisation=host, by=request.by, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"organisation": host, "token": token, "key": key}
            return render(request, "accounts/api_token_shown.html", context)
    return _list(request, host, form)


def _list(request: MemberRequest, host: Organisation, form: ApiTokenForm) -> HttpResponse:
    rows = host.api_tokens.select_related("revoked_by").order_by(
        F("revoked_at").asc(nulls_first=True), "-created_at"
    )
    context = {"organisation": host, "tokens": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "accounts/api_tokens.html", context, status=status)


def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    rows = ApiToken.objects.visible_to(request.user).select_related("organisation")
    token = get_object_or_404(rows, pk=pk)
    require(can_manage_api_tokens(request.user, token.organisation_id), LEADERS_ONLY)
    if request.method == "POST":
        api_token_revoke(token=token, by=request.by)
        messages.success(request, f"La clé « {token} » est retirée : elle n'ouvre plus rien.")
        return redirect("accounts:api_tokens")
    return render(request, "accounts/api_token_revoke.html", {"token": token})
