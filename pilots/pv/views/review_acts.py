"""The acts of the review of a PV: buttons and forms of its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from journal.permissions import require
from journal.views.acts import Words, form_page, press, submit
from pilots.enums import PVState
from pilots.pv.forms.review import ContradictForm, DecideForm, ReopenForm, SecondForm
from pilots.pv.models import PVDecision
from pilots.pv.selectors.reviewers import agents
from pilots.pv.services import next_pv, pending
from pilots.pv.services import review as services
from pilots.pv.views.review import AGENTS_ONLY, context_of, get_pv
from segur.lib import paris
from segur.requests import is_key

T = TypeVar("T")
NAMES = {
    DecideForm: "decide_form",
    SecondForm: "second_form",
    ContradictForm: "contradict_form",
    ReopenForm: "reopen_form",
}
"""What the page calls each form."""


@require_POST
def take(request: MemberRequest, pk: int) -> HttpResponse:
    asked = request.POST.get("instead_of", "")
    act = partial(services.take, instead_of=int(asked) if is_key(asked) else None)
    return _press(request, pk, act, "Vous instruisez ce PV.")


@require_POST
def take_next(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    after = request.POST.get("after", "")
    return redirect(_next(request, int(after) if is_key(after) else None))


def _next(request: MemberRequest, after: int | None) -> str:
    """The address of the next PV, now taken, or of the queue."""
    if pv := next_pv.take_next(by=request.by, after=after):
        return reverse("review:pv", args=[pv.pk])
    messages.info(request, "Aucun autre PV n'est à prendre.")
    return reverse("review:index")


@require_POST
def give_back(request: MemberRequest, pk: int) -> HttpResponse:
    return _press(request, pk, services.give_back, "Le PV est rendu à la file.")


@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    done = "La non-conformité est confirmée : le Fournisseur est prévenu."
    return _press(request, pk, services.confirm, done)


@require_POST
def recall(request: MemberRequest, pk: int) -> HttpResponse:
    done = "Votre décision est reprise : le PV reste en contrôle."
    return _press(request, pk, pending.recall, done)


@require_POST
def retract(request: MemberRequest, pk: int) -> HttpResponse:
    done = "Votre proposition est retirée : le PV reste en contrôle."
    return _press(request, pk, pending.retract, done)


def _press(request: MemberRequest, pk: int, service: Callable[..., Any], done: str) -> HttpResponse:
    """An act without a form: done, or the refusal above the page as it now is."""
    act = partial(service, get_pv(request, pk), by=request.by)
    return press(request, act, done=done, to=reverse("review:pv", args=[pk]))


@require_POST
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    form = DecideForm(request.POST, mentions=pv.mentions.all())
    return _submit(request, pk, form, services.decide, _done_words)


@require_POST
def decide_and_next(request: MemberRequest, pk: int) -> HttpResponse:
    """The decision; then the next PV of the queue is taken and shown."""
    pv = get_pv(request, pk)
    form = DecideForm(request.POST, mentions=pv.mentions.all())
    act = partial(services.decide, pv, by=request.by)
    answer = submit(request, form, act, done=_elsewhere, to=lambda _decision: _next(request, pk))
    return answer or _page(request, pk, form)


def _elsewhere(decision: PVDecision) -> str:
    """For the page of another PV: which one it is, and where to take it back."""
    pv = decision.pv
    address = reverse("review:pv", args=[pv.pk])
    subject = f"{pv}, Client : {pv.pilot.client}"
    return format_html('<a href="{}">{}</a>. {}', address, subject, _done_words(decision))


def _done_words(decision: PVDecision) -> str:
    if decision.confirmed_at:
        return "« Non conforme » est enregistré : le Fournisseur est prévenu."
    if decision.outcome == PVState.CONFORM:
        at = paris.minute(decision.effective_at)
        return f"« Conforme » prend effet le {at} : d'ici là, vous pouvez reprendre votre décision."
    return "« Non conforme » est proposé : un autre agent doit le confirmer."


@require_POST
def ask_second(request: MemberRequest, pk: int) -> HttpResponse:
    form = SecondForm(request.POST, to=agents())
    done = "La confirmation est demandée : cet agent est prévenu par courriel."
    return _submit(request, pk, form, pending.ask_second, done)


@require_POST
def contradict(request: MemberRequest, pk: int) -> HttpResponse:
    form = ContradictForm(request.POST)
    done = "La non-conformité n'est pas confirmée : le PV reste en contrôle."
    return _submit(request, pk, form, services.contradict, done)


@require_POST
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    form = ReopenForm(request.POST)
    done = "L'instruction est rouverte : le Fournisseur est prévenu."
    return _submit(request, pk, form, services.reopen, done)


def _submit(
    request: MemberRequest, pk: int, form: Form, service: Callable[..., T], done: Words[T]
) -> HttpResponse:
    """An act with its form, shown again on the page of the PV where something is wrong."""
    act = partial(service, get_pv(request, pk), by=request.by)
    answer = submit(request, form, act, done=done, to=reverse("review:pv", args=[pk]))
    return answer or _page(request, pk, form)


def _page(request: MemberRequest, pk: int, form: Form) -> HttpResponse:
    context = context_of(request, get_pv(request, pk), **{NAMES[type(form)]: form})
    return form_page(request, form, "review/pv.html", **context)
