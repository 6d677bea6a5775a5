"""Regulatory parameters: what the slides do not say, with who decided it and since when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from journal.forms import attempt
from journal.permissions import require
from journal.views.acts import form_page, submit
from parameters.forms import ParameterForm, RetireForm
from parameters.models import RegulatoryParameter
from parameters.rules.registry import REGISTRY
from parameters.selectors import ParameterRow, grouped, rows
from parameters.services.effects import preview
from parameters.services.values import (
    amendment,
    parameter_amend,
    parameter_retire,
    retirement,
)
from segur.reauthentication import sensitive
from segur.requests import posted

if TYPE_CHECKING:
    from accounts.middleware import MemberRequest

MUST_BE_RESPONSABLE = "Seul un responsable de l'ANS modifie un paramètre."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    context = {
        "groups": grouped(rows(at=timezone.now())),
        "may_amend": request.user.is_responsable,
    }
    return render(request, "parameters/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def amend(request: MemberRequest, key: str) -> HttpResponse:
    """Typed, shown once more with what it changes, then made."""
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    row = _row(key)
    form = ParameterForm(posted(request), parameter=row.parameter, value=row.value)
    given: dict[str, Any] = {"key": key, "by": request.by}
    if "confirmer" in request.POST:
        done = f"Paramètre enregistré : {row.parameter.label}."
        act = partial(parameter_amend, seen=request.POST.get("vu", ""), **given)
        if made := submit(request, form, act, done=done, to=reverse("parameters:index")):
            return made
    elif form.is_bound and "corriger" not in request.POST:
        change = attempt(form, lambda: preview(lambda: amendment(**form.values(), **given)))
        if change:
            context = {"row": row, "change": change, "seen": change.stamp, "now": timezone.now()}
            return form_page(request, form, "parameters/amend_confirm.html", **context)
    return form_page(
        request,
        form,
        "parameters/amend.html",
        row=row,
        title=row.parameter.label,
        button="Voir ce qui change",
        check="verifier",
        back=reverse("parameters:index"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    """What giving back the former value changes is shown before the reason is asked for."""
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    version = get_object_or_404(RegulatoryParameter, pk=pk)
    row = _row(version.key)
    if version.retired_at:
        messages.info(request, "Cette valeur est déjà retirée.")
        return redirect("parameters:index")
    form = RetireForm(posted(request))
    seen = request.POST.get("vu", "")
    act = partial(parameter_retire, version=version, seen=seen, by=request.by)
    done = f"Valeur retirée : {row.parameter.label}."
    if made := submit(request, form, act, done=done, to=reverse("parameters:index")):
        return made
    context = {
        "row": row,
        "version": version,
        "former": row.without(version),
        "now": timezone.now(),
        **_without(version, request),
    }
    return form_page(request, form, "parameters/retire.html", **context)


def _without(version: RegulatoryParameter, request: MemberRequest) -> dict[str, Any]:
    """What would change without this value, or why it cannot be retired."""
    act = partial(retirement, version=version, reason="", by=request.by)
    try:
        return {"change": preview(act)}
    except ValidationError as refusal:
        return {"refusals": refusal.messages}


def _row(key: str) -> ParameterRow:
    if key not in REGISTRY:
        raise Http404
    return next(row for row in rows(at=timezone.now()) if row.parameter.key == key)
