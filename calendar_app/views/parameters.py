"""Regulatory parameters: what the slides do not say, with who decided it and since when."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import is_responsable, require
from accounts.requests import MemberRequest
from calendar_app.forms.errors import submit
from calendar_app.forms.parameters import ParameterForm
from calendar_app.models import RegulatoryParameter
from calendar_app.rules.parameters import REGISTRY
from calendar_app.selectors.parameters import grouped, rows
from calendar_app.services.parameters import parameter_amend
from segur.lib import paris

MUST_BE_RESPONSABLE = "Seul un responsable de l'ANS modifie un paramètre."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    context = {
        "groups": grouped(rows(at=timezone.now())),
        "may_amend": is_responsable(request.user),
    }
    return render(request, "parameters/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: MemberRequest, key: str) -> HttpResponse:
    require(is_responsable(request.user), MUST_BE_RESPONSABLE)
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
            actor=request.user,
            now=now,
        )

    if submit(form, act):
        messages.success(request, f"Paramètre enregistré : {row.parameter.label}.")
        return redirect("parameters:index")
    return render(request, "parameters/amend.html", {"form": form, "row": row})
