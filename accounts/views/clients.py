"""The directory of Clients: their public identity, and never who serves whom (DESIGN «Access»)."""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.enums import Kind
from accounts.forms.organisations import ClientFilterForm, ClientForm
from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import can_add_client, is_member, is_responsable
from accounts.services.organisations import organisation_create
from accounts.views.context import duplicate_in
from accounts.views.redirects import safe_next
from journal.permissions import require
from segur.requests import page_of, posted

MEMBERS_ONLY = "L'annuaire des Clients est ouvert aux membres d'une organisation."
ADDERS_ONLY = "Un Client est ajouté par un éditeur, un distributeur ou un Responsable de l'ANS."


def index(request: MemberRequest) -> HttpResponse:
    require(is_member(request.user), MEMBERS_ONLY)
    form = ClientFilterForm(request.GET)
    words = form.chosen.get("q", "")
    rows = Organisation.objects.clients().filter(is_active=True).search(words)
    context = {
        "form": form,
        "page_obj": page_of(request, rows),
        "active": form.active,
        "can_add": can_add_client(request.user),
    }
    return render(request, "accounts/clients.html", context)


def detail(request: MemberRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(Organisation.objects.clients(), pk=pk)
    require(is_member(request.user), MEMBERS_ONLY)
    context = {"client": client, "can_write": is_responsable(request.user)}
    return render(request, "accounts/client_detail.html", context)


def create(request: MemberRequest) -> HttpResponse:
    """With «next», goes back there with `client=<pk>`: the form that missed the Client."""
    require(can_add_client(request.user), ADDERS_ONLY)
    form = ClientForm(posted(request))
    if form.is_valid():
        try:
            client = organisation_create(kind=Kind.CLIENT, by=request.by, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"« {client} » est dans l'annuaire.")
            url = safe_next(request)
            return redirect(_with_client(url, client.pk) if url else client)
    context = {"form": form, "duplicate": duplicate_in(form), "next": safe_next(request)}
    return render(request, "accounts/client_create.html", context)


def _with_client(url: str, pk: int) -> str:
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}{urlencode({'client': pk})}"
