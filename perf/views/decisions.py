"""Contesting an outage, deciding, bringing two together, taking a version out."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from documents.views import say_joined_once
from journal.forms import submit
from journal.permissions import require
from journal.rules.by import By
from perf.enums import Source, Standing
from perf.forms.outages import ContestForm, MergeForm, OutageDecisionForm, new_reference
from perf.models import Outage
from perf.permissions import can_contest, can_decide, can_merge, can_reopen
from perf.selectors.outages import overlapping, proof_lines, version_lines
from perf.services import decisions
from perf.services.decisions import Own
from perf.services.merging import merge as bring_together
from perf.services.merging import separate as take_out
from perf.views.outages import get_outage, get_version
from segur.requests import posted

MUST_BIND = "Seuls un Représentant ou un Mandataire du Fournisseur contestent une indisponibilité."
MUST_REOPEN = (
    "Seuls un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS, peuvent rouvrir "
    "une contestation."
)
MUST_BE_AGENT = "Seul un agent de l'ANS décide d'une indisponibilité contestée."
MUST_MERGE = (
    "Seuls un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS, rapprochent ou "
    "séparent deux indisponibilités."
)


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: MemberRequest, pk: int) -> HttpResponse:
    """Contest, or reopen after a decision."""
    outage, user = get_outage(request, pk), request.user
    prestation = outage.service.prestation
    again = outage.decided_at is not None
    if again:
        require(can_reopen(user, prestation), MUST_REOPEN)
    else:
        require(can_contest(user, prestation), MUST_BIND)
    form = ContestForm(
        posted(request),
        request.FILES or None,
        has_version=not can_contest(user, prestation)
        or outage.versions.filter(source=Source.SUPPLIER).exists(),
        again=again,
    )
    if submit(form, lambda: _contest(outage, form.cleaned_data, request.by)):
        say_joined_once(request, form)
        messages.success(
            request,
            f"La contestation est enregistrée. La {outage.noun} compte tant que l'ANS n'a pas "
            "décidé.",
        )
        return redirect("perf:outage", pk=pk)
    title = "Rouvrir la contestation" if again else f"Contester la {outage.noun}"
    return _page(request, "contest", outage, form, again=again, title=title)


def _contest(outage: Outage, data: dict[str, Any], by: By) -> Outage:
    start = data.get("started_at")
    own = Own(new_reference(by.at), start, data["ended_at"]) if start else None
    return decisions.contest(outage, reason=data["reason"], own=own, proofs=data["proofs"], by=by)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    outage = get_outage(request, pk)
    require(can_decide(request.user), MUST_BE_AGENT)
    form = OutageDecisionForm(posted(request), request.FILES or None, outage=outage)
    act = partial(decisions.decide, outage, by=request.by)
    if done := submit(form, lambda: act(**form.cleaned_data)):
        say_joined_once(request, form)
        said = Standing(done.standing).label.lower()
        messages.success(request, f"Décision enregistrée : {said}. Le Fournisseur est prévenu.")
        return redirect("perf:outage", pk=pk)
    return _page(
        request,
        "decide",
        outage,
        form,
        lines=version_lines(outage, request.user),
        proofs=proof_lines(outage),
        barred=decisions.is_party(request.user, outage),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose, among those that overlap, the one that is the same incident."""
    outage = get_outage(request, pk)
    require(can_merge(request.user, outage.service.prestation), MUST_MERGE)
    form = MergeForm(posted(request), outage=outage)
    act = partial(bring_together, outage, by=request.by)
    if done := submit(form, lambda: act(form.cleaned_data["other"])):
        messages.success(request, "Les deux n'en font plus qu'une.")
        return redirect("perf:outage", pk=done.pk)
    return _page(request, "merge", outage, form, others=overlapping(outage))


@require_http_methods(["GET", "HEAD", "POST"])
def separate(request: MemberRequest, pk: int) -> HttpResponse:
    version, outage = get_version(request, pk)
    require(can_merge(request.user, outage.service.prestation), MUST_MERGE)
    form = forms.Form(posted(request))
    act = partial(take_out, version, by=request.by)
    if done := submit(form, act):
        messages.success(request, f"La version est devenue la {done.name}.")
        return redirect("perf:outage", pk=done.pk)
    return _page(request, "separate", outage, form, version=version)


def _page(
    request: MemberRequest, name: str, outage: Outage, form: forms.Form, **context: Any
) -> HttpResponse:
    context |= {"form": form, "outage": outage, "prestation": outage.service.prestation}
    status = 422 if form.errors else 200
    return render(request, f"perf/outages/{name}.html", context, status=status)
