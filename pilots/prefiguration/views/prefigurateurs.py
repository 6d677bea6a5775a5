"""Préfigurateurs: the working list, the page of one, its agreement, the public list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import preparable
from calendar_app.forms.prestations import ClientSearchForm
from calendar_app.selectors.prestations import find_clients
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, press, submit
from journal.views.bulk import bar
from pilots.enums import Stage
from pilots.permissions import can_agree_for, can_answer_for, can_lead_prefiguration
from pilots.prefiguration.forms import (
    IdentityEditForm,
    IdentityForm,
    PrefigurateurFilter,
    ReasonForm,
)
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT, PREFIGURATEUR
from pilots.prefiguration.selectors import working_list as selectors
from pilots.prefiguration.services import prefigurateurs as services
from pilots.prefiguration.services.interviews import ahead
from pilots.querysets import PrefigurateurQuerySet
from segur.conditional import unless_known
from segur.exports import Format, list_response
from segur.lib import paris
from segur.open_answers import open_data, written
from segur.requests import is_key, page_of, posted

READ_WRITE = ["GET", "HEAD", "POST"]
MUST_LEAD = "Seuls les agents de l'ANS tiennent la liste de travail des préfigurateurs."
MUST_ANSWER = "Seuls les membres de l'éditeur du couple DRIMbox peuvent faire cela."
MUST_AGREE = (
    "Seul un Représentant ou un Mandataire de l'éditeur du couple DRIMbox donne son accord."
)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now, user = timezone.now(), request.user
    form = _filter(request)
    chosen = form.chosen
    page = page_of(request, filtered(request))
    searched = {name: value for name, value in chosen.items() if name != "situation"}
    context = {
        "form": form,
        "active": form.active,
        "tabs": _tabs(chosen.get("situation", ""), searched, request),
        "page_obj": page,
        "rows": selectors.as_rows(page, now=now),
        "can_lead": can_lead_prefiguration(user),
        "may_import": bool(preparable(user)),
        **bar(request, ["demander-contacts"]),
    }
    return render(request, "prefigurateurs/index.html", context)


def _filter(request: MemberRequest) -> PrefigurateurFilter:
    return PrefigurateurFilter(request.GET, editeurs=selectors.editeurs_seen(request.user))


def filtered(request: Any) -> PrefigurateurQuerySet:
    """What the list shows, in its order."""
    return selectors.work_first(
        selectors.prefigurateurs_seen(request.user, **_filter(request).chosen)
    )


def _tabs(
    current: str, searched: dict[str, str], request: MemberRequest
) -> list[dict[str, object]]:
    counts = selectors.counts(request.user, **searched)
    return [
        {
            "label": label,
            "url": f"{request.path}?{urlencode({**searched, 'situation': name})}",
            "current": name == current,
            "count": counts[name],
        }
        for name, (label, _) in selectors.SITUATIONS.items()
    ]


@require_safe
def export(request: MemberRequest, kind: Format) -> HttpResponse:
    now = timezone.now()
    rows = selectors.as_rows(filtered(request), now=now)
    cells = selectors.cells(rows)
    return list_response(request, kind, "prefigurateurs", selectors.HEADER, cells)


def get_prefigurateur(request: MemberRequest, pk: int) -> Prefigurateur:
    seen = selectors.with_subject(Prefigurateur.objects.visible_to(request.user))
    return get_object_or_404(seen, pk=pk)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    one, now, user = get_prefigurateur(request, pk), timezone.now(), request.user
    (row,) = selectors.as_rows([one], now=now)
    contacts = list(one.contacts.all())
    at = ahead(one, now)
    missing = services.missing_points(one)
    context = {
        "prefigurateur": one,
        "row": row,
        "next_step": selectors.next_step(row, missing=missing),
        "kept": [contact for contact in contacts if not contact.erased_at],
        "erased": [contact for contact in contacts if contact.erased_at],
        "left_out": [one for one in contacts if at and not one.is_kept_on(paris.day(at))],
        "ahead": at,
        "is_complete": not missing,
        "attendees": list(one.attendees.all()),
        "can_drop": "drop" in PREFIGURATEUR.starting_at(Stage(one.stage)),
        "history": history(one, user),
        "can_lead": can_lead_prefiguration(user),
        "can_answer": can_answer_for(user, one),
        "can_agree": can_agree_for(user, one),
        "takes_contact": one.stage not in NO_MORE_CONTACT,
    }
    return render(request, "prefigurateurs/detail.html", context)


@require_http_methods(READ_WRITE)
def create(request: MemberRequest) -> HttpResponse:
    """A Client found in the directory, or a name where the directory has none."""
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    asked = request.GET.get("client", "")
    client = None
    if is_key(asked):
        client = get_object_or_404(Organisation.objects.clients().filter(is_active=True), pk=asked)
    elif "libre" not in request.GET:
        return _search(request)
    form = IdentityForm(posted(request), couples=selectors.couples(), client=client)
    save = partial(services.create, client=client, by=request.by)
    done = "« {} » est dans la liste de travail.".format
    return submit(request, form, save, done=done, to=address) or form_page(
        request, form, "prefigurateurs/identity.html", prefigurateur=None, client=client
    )


def _search(request: MemberRequest) -> HttpResponse:
    form = ClientSearchForm(request.GET)
    q = form.chosen.get("q", "")
    clients, total = find_clients(q)
    context = {"form": form, "q": q, "clients": clients, "total": total}
    return render(request, "prefigurateurs/search.html", context)


@require_http_methods(READ_WRITE)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    form = IdentityEditForm.of(one, posted(request), couples=selectors.couples())
    save = partial(services.update, prefigurateur=one, by=request.by)
    return submit(request, form, save, done="Préfigurateur enregistré.", to=address) or form_page(
        request, form, "prefigurateurs/identity.html", prefigurateur=one, client=one.client
    )


def do(
    request: MemberRequest, one: Prefigurateur, service: Callable[..., Any], done: str, **extra: Any
) -> HttpResponse:
    """One act of one button."""
    return press(request, partial(service, one, by=request.by, **extra), done=done, to=address(one))


def act(
    request: MemberRequest,
    one: Prefigurateur,
    form: forms.Form,
    save: Callable[..., object],
    *,
    done: str,
    title: str,
    **words: str,
) -> HttpResponse:
    """One act that asks for something; `words` are the verb and the explanation."""
    return submit(request, form, save, done=done, to=address(one)) or form_page(
        request,
        form,
        tab=f"{title} : {one}",
        title=title,
        lead=f"{one}, {one.solution}.",
        back=address(one),
        breadcrumb="prefigurateurs/_breadcrumb.html",
        prefigurateur=one,
        **words,
    )


def address(one: Prefigurateur) -> str:
    return reverse("prefigurateurs:detail", args=[one.pk])


@require_POST
def agree(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_agree_for(request.user, one), MUST_AGREE)
    return do(request, one, services.agree, "Votre accord est enregistré.")


@require_POST
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    return do(request, one, services.publish, f"« {one} » est sur la liste publique.")


@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    return do(request, one, services.resume, f"« {one} » est de nouveau dans la liste de travail.")


@require_http_methods(READ_WRITE)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request,
        pk,
        services.withdraw,
        done="Il n'est plus sur la liste publique.",
        title="Retirer de la liste publique",
        button="Retirer de la liste",
        intro="Il reste validé avec l'éditeur, et peut être publié de nouveau.",
    )


@require_http_methods(READ_WRITE)
def drop(request: MemberRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request,
        pk,
        services.drop,
        done="Il est écarté.",
        title="Écarter le préfigurateur",
        button="Écarter",
        intro=(
            "Un entretien à venir est annulé, les contacts sont effacés, la demande de contact "
            "tombe, et il quitte la liste publique."
        ),
    )


def _with_reason(
    request: MemberRequest, pk: int, service: Callable[..., Prefigurateur], **page: str
) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    form = ReasonForm(posted(request))
    return act(request, one, form, partial(service, one, by=request.by), **page)


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    context = {"prefigurateurs": selectors.public_list()}
    return render(request, "prefigurateurs/public.html", context)


@open_data
def public_json(request: HttpRequest) -> HttpResponse:
    page = reverse("prefigurateurs:public")
    found = selectors.public_document(selectors.public_list(), page=page)
    return unless_known(request, written(found), changed=None)
