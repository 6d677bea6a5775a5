"""Adding a milestone or a dispositif: typed, shown once more with what appears, then made."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from accounts.permissions import is_responsable
from calendar_app.enums import Channel, MilestoneScope, Nature
from calendar_app.forms.calendar_growth import DispositifForm, MilestoneForm
from calendar_app.models import Dispositif, Milestone
from calendar_app.rules.amendment import Dates
from calendar_app.services.calendar_growth import (
    dispositif_create,
    milestone_create,
    milestone_preview,
)
from calendar_app.services.calendars import MUST_BE_RESPONSABLE
from journal.forms import attempt
from journal.permissions import require
from journal.views.acts import form_page, submit
from segur.reauthentication import sensitive

CONFIRM = "confirmer"
CHECK = "verifier"
VERIFY = "Vérifier avant d'ajouter"
LEAD = (
    "Calendrier {dispositif}. Le jalon prend le numéro suivant ; ses échéances s'ouvrent pour les "
    "solutions ou les prestations déjà enregistrées."
)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def create_milestone(request: MemberRequest, slug: str) -> HttpResponse:
    require(is_responsable(request.user), MUST_BE_RESPONSABLE)
    dispositif = get_object_or_404(Dispositif, slug=slug)
    form = MilestoneForm(request.POST or None, dispositif=dispositif)
    place = reverse("calendars:detail", args=[slug])
    seen = request.POST.get("vu", "")
    act = partial(milestone_create, dispositif=dispositif, seen=seen, by=request.by)
    if CONFIRM in request.POST and (
        made := submit(request, form, act, done=_made, to=lambda row: f"{place}#jalon-{row.number}")
    ):
        return made
    if CHECK in request.POST:
        preview = partial(milestone_preview, dispositif=dispositif, by=request.by)
        if growth := attempt(form, lambda: preview(**form.cleaned_data)):
            values = form.cleaned_data
            context = {
                "form": form,
                "dispositif": dispositif,
                "growth": growth,
                "seen": growth.stamp,
                "dates": Dates(None).amended(values["due_at"], values["nature"]),
                "nature": Nature(values["nature"]).label,
                "scope": MilestoneScope(values["scope"]).label,
                "channel": Channel(values["channel"]).label,
            }
            return render(request, "calendars/milestone_confirm.html", context)
    return form_page(
        request,
        form,
        title="Ajouter un jalon",
        lead=LEAD.format(dispositif=dispositif),
        button=VERIFY,
        check=CHECK,
        back=place,
        breadcrumb="calendars/_breadcrumb.html",
        dispositif=dispositif,
    )


def _made(milestone: Milestone) -> str:
    count = milestone.deadlines.count()
    plural = "s" if count > 1 else ""
    return f"Jalon {milestone.number} ajouté : {count} échéance{plural} ouverte{plural}."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def create_dispositif(request: MemberRequest) -> HttpResponse:
    require(is_responsable(request.user), MUST_BE_RESPONSABLE)
    form = DispositifForm(request.POST or None)
    act = partial(dispositif_create, by=request.by)
    if CONFIRM in request.POST and (
        made := submit(
            request,
            form,
            act,
            done="Dispositif ajouté : ajoutez ses jalons.",
            to=lambda row: reverse("calendars:detail", args=[row.slug]),
        )
    ):
        return made
    if CHECK in request.POST and form.is_valid():
        return render(request, "calendars/dispositif_confirm.html", {"form": form})
    return form_page(
        request,
        form,
        title="Ajouter un dispositif",
        lead="Il reprend ce qui existe : choisissez ses suivis, puis ajoutez ses jalons.",
        button=VERIFY,
        check=CHECK,
        back=reverse("calendars:index"),
        breadcrumb="calendars/_breadcrumb.html",
        dispositif=None,
    )
