"""PERFm and PERFe: the RIS prestations, their months, entry and correction."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, submit
from perf.forms.ratios import PeriodForm, RatioCorrectionForm, RatioFilter, RatioForm
from perf.models import Ratio
from perf.permissions import can_record, sources_of
from perf.selectors import ratios as selectors
from perf.services import ratios as services
from segur.lib import paris
from segur.lib.months import months_later
from segur.requests import page_of, posted

MUST_RECORD = (
    "Seuls les membres du Fournisseur de cette prestation, et l'ANS, saisissent PERFm et PERFe."
)
READ_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    year = paris.day(now).year
    form = RatioFilter({"annee": year, **request.GET.dict()})
    chosen = form.chosen
    found = selectors.ris_prestations(request.user, q=chosen.get("q", ""))
    page = page_of(request, found)
    months = selectors.year_of(chosen.get("annee", year))
    context = {
        "form": form,
        "active": bool(chosen.get("q")) or months.first.year != year,
        "months": months,
        "page_obj": page,
        "lines": selectors.prestation_lines(list(page), months=months, now=now),
        "may_import": bool(page) and bool(sources_of(request.user)),
    }
    return render(request, "perf/ratios/index.html", context)


def _get_prestation(request: MemberRequest, pk: int) -> Prestation:
    return get_object_or_404(selectors.ris_prestations(request.user), pk=pk)


@require_safe
def prestation(request: MemberRequest, pk: int) -> HttpResponse:
    row, now = _get_prestation(request, pk), timezone.now()
    year = selectors.year_of(paris.day(now).year)
    form = PeriodForm({"du": f"{year.first:%Y-%m}", "au": f"{year.last:%Y-%m}", **_asked(request)})
    months = year
    if form.is_valid():
        data = form.cleaned_data
        months = selectors.Months(data["du"], data["au"])
    context = {
        "prestation": row,
        "form": form,
        "active": months != year,
        "months": months,
        "accounts": selectors.accounts_of(row, months=months, now=now),
        "can_record": can_record(request.user, row),
    }
    return render(request, "perf/ratios/prestation.html", context)


def _asked(request: MemberRequest) -> dict[str, str]:
    return {name: text for name, text in request.GET.dict().items() if text}


@require_http_methods(READ_WRITE)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    row, now = _get_prestation(request, pk), timezone.now()
    require(can_record(request.user, row), MUST_RECORD)
    initial = {
        "indicator": request.GET.get("indicateur", ""),
        "month": request.GET.get("mois", f"{months_later(paris.day(now), -1):%Y-%m}"),
    }
    form = RatioForm(posted(request), initial=initial)
    act = partial(services.ratio_record, prestation=row, by=request.by)
    return submit(request, form, act, done=_recorded, to=_ratios_of(row)) or form_page(
        request, form, "perf/ratios/create.html", prestation=row, existing=_existing(row, form)
    )


def _ratios_of(row: Prestation) -> str:
    return reverse("perf:ratios_prestation", args=[row.pk])


def _recorded(ratio: Ratio) -> str:
    return f"{ratio} : saisie enregistrée."


def _existing(row: Prestation, form: RatioForm) -> Ratio | None:
    """The entry that stands in the way of a refused one: it is offered for correction."""
    if not form.has_error("month", services.EXISTS):
        return None
    month = form.fields["month"].clean(form["month"].value())
    return Ratio.objects.filter(
        prestation=row, indicator=form.cleaned_data["indicator"], month=month
    ).first()


@require_http_methods(READ_WRITE)
def ratio(request: MemberRequest, pk: int) -> HttpResponse:
    """One month: its counts and their history, and the form that corrects them."""
    row = get_object_or_404(Ratio.objects.visible_to(request.user), pk=pk)
    of = get_object_or_404(selectors.ris_prestations(request.user), pk=row.prestation_id)
    allowed = can_record(request.user, of)
    require(allowed or request.method != "POST", MUST_RECORD)
    form = RatioCorrectionForm.of(row, posted(request))
    act = partial(services.ratio_correct, ratio=row, by=request.by)
    done, back = f"{row} : correction enregistrée.", _ratios_of(of)
    return submit(request, form, act, done=done, to=back) or form_page(
        request,
        form,
        "perf/ratios/ratio.html",
        ratio=row,
        prestation=of,
        counts=selectors.counts_of(row),
        can_record=allowed,
        history=edits(row, request.user),
    )
