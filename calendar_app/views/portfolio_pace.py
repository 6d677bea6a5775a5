"""The pace of the realisations, the last safe days, and the margin that they leave."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import can_file
from calendar_app.forms.portfolio import MarginForm
from calendar_app.selectors.portfolio.pace import paces
from calendar_app.selectors.portfolio.safe_days import margin_of
from calendar_app.services.margins import margin_set
from calendar_app.views.portfolio import read_portfolio, tabs
from journal.permissions import require
from journal.views.acts import form_page, submit
from segur.requests import posted

MUST_FILE = "Seul un Représentant ou un Mandataire règle la marge de son organisation."


@require_safe
def pace(request: MemberRequest) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    now = timezone.now()
    found = read_portfolio(request, now, by_standing=False)
    context = {
        "tabs": tabs(request),
        "form": found.form,
        "active": found.form.active,
        "paces": paces(found.prestations, found.milestones, found.whole, now=now),
        "safe_days": found.safe_days,
        "margin": margin_of(request.organisation),
        "may_set_margin": can_file(request.user, request.organisation.pk),
    }
    return render(request, "portfolio/pace.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def margin(request: MemberRequest) -> HttpResponse:
    organisation = request.organisation
    if organisation is None:
        return redirect("accounts:none")
    require(can_file(request.user, organisation.pk), MUST_FILE)
    form = MarginForm(posted(request), initial={"days": margin_of(organisation)})
    act = partial(margin_set, organisation, by=request.by)
    back = reverse("portfolio:pace")
    return submit(request, form, act, done="Marge enregistrée.", to=back) or form_page(
        request,
        form,
        tab="Marge avant les dates limites",
        title="Marge avant les dates limites",
        lead=f"{organisation} : le dernier jour sûr d'un jalon est sa date limite moins cette "
        "marge. C'est un conseil de ce site : la date limite ne change pas.",
        button="Enregistrer la marge",
        back=back,
        breadcrumb="portfolio/_breadcrumb.html",
        here="Marge",
    )
