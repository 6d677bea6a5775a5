"""Regulatory parameters: what the slides do not say, with who decided it and since when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from journal.forms import submit
from journal.permissions import require
from parameters.forms import ParameterForm
from parameters.models import RegulatoryParameter
from parameters.rules.registry import REGISTRY
from parameters.selectors import grouped, rows
from parameters.services import parameter_amend
from segur.lib import paris

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
def amend(request: MemberRequest, key: str) -> HttpResponse:
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    if key not in REGISTRY:
        raise Http404
    now = timezone.now()
    row = next(row for row in rows(at=now) if row.parameter.key == key)
    form = ParameterForm(request.POST or None, parameter=row.parameter, value=row.value)

    def act() -> RegulatoryParameter:
        return parameter_amend(
            key=key,
            value=form.cleaned_data["value"],
            effective_from=paris.at(form.cleaned_data["effective_from"], dt.time(0)),
            source=form.cleaned_data["source"],
            is_confirmed=form.cleaned_data["is_confirmed"],
            by=request.by,
        )

    if submit(form, act):
        messages.success(request, f"Paramètre enregistré : {row.parameter.label}.")
        return redirect("parameters:index")
    return render(request, "parameters/amend.html", {"form": form, "row": row})
