"""Where what happens in an organisation is sent, and the last deliveries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from segur.reauthentication import sensitive
from segur.requests import page_of, posted
from webhooks.enums import TEST
from webhooks.forms import EndpointForm
from webhooks.models import Delivery, Endpoint
from webhooks.permissions import can_manage_webhooks
from webhooks.services import endpoints

MANDATAIRES_ONLY = "Les webhooks sont gérés par les Mandataires de l'organisation."


@sensitive
def index(request: MemberRequest) -> HttpResponse:
    host = request.organisation
    if host is None:
        return redirect("accounts:none")
    require(can_manage_webhooks(request.user, host.pk), MANDATAIRES_ONLY)
    form = EndpointForm(posted(request))
    act = partial(endpoints.endpoint_create, organisation=host, by=request.by)
    done = "Webhook « {} » créé : envoyez un essai.".format
    context = {"organisation": host, "webhooks": host.webhooks.all()}
    return submit(request, form, act, done=done, to=Endpoint.get_absolute_url) or form_page(
        request, form, "webhooks/index.html", **context
    )


@sensitive
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _managed(request, pk)
    deliveries = page_of(request, endpoint.deliveries.all())
    dead = endpoint.deliveries.dead().exclude(event=TEST).count()
    context = {"webhook": endpoint, "deliveries": deliveries, "dead": dead}
    return render(request, "webhooks/detail.html", context)


@never_cache
@require_POST
@sensitive
def secret(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked for by a button, so that nobody who looks at the site as a member reads it."""
    endpoint = _managed(request, pk)
    context = {"webhook": endpoint, "secret": endpoint.secret()}
    return render(request, "webhooks/secret.html", context)


@require_POST
@sensitive
def trial(request: MemberRequest, pk: int) -> HttpResponse:
    done = "L'essai part dans la minute : rechargez la page pour lire la réponse."
    return _act(request, _managed(request, pk), endpoints.endpoint_try, done=done)


@require_POST
@sensitive
def disable(request: MemberRequest, pk: int) -> HttpResponse:
    done = "Le webhook est désactivé. Ce qui attendait est abandonné et peut être repris."
    return _act(request, _managed(request, pk), endpoints.endpoint_disable, done=done)


@require_POST
@sensitive
def enable(request: MemberRequest, pk: int) -> HttpResponse:
    done = "Le webhook est réactivé : ce qui se passe désormais est envoyé."
    return _act(request, _managed(request, pk), endpoints.endpoint_enable, done=done)


@sensitive
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _managed(request, pk)
    if request.method == "POST":
        act = partial(endpoints.endpoint_delete, endpoint=endpoint, by=request.by)
        done = f"Le webhook « {endpoint} » est supprimé."
        return press(request, act, done=done, to=reverse("webhooks:index"))
    return render(request, "webhooks/delete.html", {"webhook": endpoint})


@require_POST
@sensitive
def replay(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Delivery.objects.visible_to(request.user).select_related("endpoint")
    delivery = get_object_or_404(rows, pk=pk)
    require(can_manage_webhooks(request.user, delivery.endpoint.organisation_id), MANDATAIRES_ONLY)
    act = partial(endpoints.delivery_replay, delivery=delivery, by=request.by)
    done = "L'envoi est repris : il part dans la minute."
    return press(request, act, done=done, to=delivery.endpoint.get_absolute_url())


@require_POST
@sensitive
def replay_dead(request: MemberRequest, pk: int) -> HttpResponse:
    done = "Envois repris : {}.".format
    return _act(request, _managed(request, pk), endpoints.dead_replay, done=done)


def _act(
    request: MemberRequest, endpoint: Endpoint, service: Callable[..., Any], *, done: Any
) -> HttpResponse:
    act = partial(service, endpoint=endpoint, by=request.by)
    return press(request, act, done=done, to=endpoint.get_absolute_url())


def _managed(request: MemberRequest, pk: int) -> Endpoint:
    endpoint = get_object_or_404(Endpoint.objects.visible_to(request.user), pk=pk)
    require(can_manage_webhooks(request.user, endpoint.organisation_id), MANDATAIRES_ONLY)
    return endpoint
