"""The directory of Clients: their public identity, and never who serves whom (DESIGN «Access»)."""

from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import Kind
from accounts.forms.organisations import ClientFilterForm, ClientForm, MergeForm
from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import can_add_client, is_agent, is_member, is_responsable
from accounts.querysets import OrganisationQuerySet
from accounts.services.merging import client_merge, preview
from accounts.services.organisations import organisation_create
from accounts.views.context import alike_in, duplicate_in
from accounts.views.redirects import safe_next
from journal.forms import attempt
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, submit
from segur.reauthentication import sensitive
from segur.requests import page_of, posted

MEMBERS_ONLY = "L'annuaire des Clients est ouvert aux membres d'une organisation."
MERGERS_ONLY = "Seul un Responsable de l'ANS réunit deux Clients."
MERGING = (
    "Pour un établissement inscrit deux fois. Ce Client sort de l'annuaire, et tout ce qui lui "
    "appartient rejoint le Client à garder. La page suivante montre ce qui change."
)
ADDERS_ONLY = "Un Client est ajouté par un éditeur, un distributeur ou un Responsable de l'ANS."


def clients_found(request: MemberRequest) -> tuple[OrganisationQuerySet, ClientFilterForm]:
    form = ClientFilterForm(request.GET)
    words = form.chosen.get("q", "")
    return Organisation.objects.clients().filter(is_active=True).search(words), form


def index(request: MemberRequest) -> HttpResponse:
    require(is_member(request.user), MEMBERS_ONLY)
    rows, form = clients_found(request)
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
    is_ans = is_agent(request.user)
    context = {
        "client": client,
        "can_write": is_responsable(request.user),
        "merged": client.merged.order_by("name") if is_ans else (),
        "events": history(client, request.user) if is_ans else (),
    }
    return render(request, "accounts/client_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """The Client that is kept is named, what moves is shown, then it is done."""
    client = get_object_or_404(Organisation.objects.clients(), pk=pk)
    require(is_responsable(request.user), MERGERS_ONLY)
    if not client.is_active:
        messages.info(request, f"« {client} » n'est plus dans l'annuaire.")
        return redirect(client)
    form = MergeForm(posted(request))
    given: dict[str, Any] = {"source": client, "by": request.by}
    if "confirmer" in request.POST:
        act = partial(client_merge, seen=request.POST.get("vu", ""), **given)
        place = client.get_absolute_url()
        if done := submit(request, form, act, done=f"« {client} » est réuni.", to=place):
            return done
    elif form.is_bound and "corriger" not in request.POST:
        shown = attempt(form, lambda: preview(into=form.cleaned_data["finess"], **given))
        if shown:
            context = {
                "client": client,
                "into": form.cleaned_data["finess"],
                "moved": shown,
                "seen": shown.stamp,
            }
            return form_page(request, form, "accounts/client_merge_confirm.html", **context)
    return form_page(
        request,
        form,
        title="Réunir deux Clients",
        lead=f"{client}, FINESS {client.finess}",
        intro=MERGING,
        refused="Les Clients ne sont pas réunis",
        button="Voir ce qui change",
        check="verifier",
        back=client.get_absolute_url(),
        breadcrumb="accounts/_of_clients.html",
    )


def create(request: MemberRequest) -> HttpResponse:
    """With «next», goes back there with `client=<pk>`: the form that missed the Client."""
    require(can_add_client(request.user), ADDERS_ONLY)
    form = ClientForm(posted(request))
    act = partial(organisation_create, kind=Kind.CLIENT, by=request.by)
    url, done = safe_next(request), "« {} » est dans l'annuaire.".format

    def to(client: Organisation) -> str:
        return _with_client(url, client.pk) if url else client.get_absolute_url()

    if made := submit(request, form, act, done=done, to=to):
        return made
    context = {"duplicate": duplicate_in(form), "alike": alike_in(form), "next": url}
    return form_page(request, form, "accounts/client_create.html", **context)


def _with_client(url: str, pk: int) -> str:
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}{urlencode({'client': pk})}"
