"""Outages as files, of one prestation or of all that the person sees."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from perf.forms.ratios import RatioFilter
from perf.forms.tickets import TicketFilter
from perf.models import Correction, OutageVersion, Ratio
from perf.querysets import OutageVersionQuerySet
from perf.selectors.correction_lists import corrections_seen
from perf.selectors.exports import HEADER, outage_cells
from perf.selectors.ratios import ris_prestations, year_of
from perf.selectors.tickets import TicketRow, ticket_rows, tickets_seen
from segur.exports import Columns, Format, columns_response, list_response
from segur.lib import paris
from segur.lib.numbers import whole

TICKETS: Columns[TicketRow] = {
    "Référence": lambda row: row.ticket.reference,
    "Objet": lambda row: row.ticket.subject,
    "Service": lambda row: row.ticket.service.code,
    "Client": lambda row: row.ticket.service.prestation.client.name,
    "Déclaré le (heure de Paris)": lambda row: row.ticket.opened_at,
    "Pris en charge le (heure de Paris)": lambda row: row.ticket.responded_at,
    "GTI jusqu'au (heure de Paris)": lambda row: row.gti.due_at,
    "GTI": lambda row: row.gti.state.word,
    "Rétabli le (heure de Paris)": lambda row: row.ticket.restored_at,
    "GTR jusqu'au (heure de Paris)": lambda row: row.gtr.due_at,
    "GTR": lambda row: row.gtr.state.word,
}
RATIOS: Columns[Ratio] = {
    "Client": lambda row: row.prestation.client.name,
    "FINESS": lambda row: row.prestation.client.finess,
    "Fournisseur": lambda row: row.prestation.organisation.name,
    "Indicateur": lambda row: row.get_indicator_display(),
    "Mois": lambda row: row.month,
    "Numérateur local": lambda row: row.local_numerator,
    "Dénominateur local": lambda row: row.local_denominator,
    "Numérateur téléradiologie": lambda row: row.remote_numerator,
    "Dénominateur téléradiologie": lambda row: row.remote_denominator,
    "Saisi le (heure de Paris)": lambda row: row.recorded_at,
}
CORRECTIONS: Columns[Correction] = {
    "Service": lambda row: row.service.code,
    "Client": lambda row: row.service.prestation.client.name,
    "Correction demandée": lambda row: row.what,
    "Période": lambda row: row.period,
    "D_f actuelle": lambda row: dt.timedelta(microseconds=row.counted_before),
    "D_f demandée": lambda row: dt.timedelta(microseconds=row.counted_after),
    "PERF actuel": lambda row: row.perf_before,
    "PERF demandé": lambda row: row.perf_after,
    "Demandée le (heure de Paris)": lambda row: row.proposed_at,
    "État": lambda row: row.get_state_display(),
    "Décidée le (heure de Paris)": lambda row: row.decided_at,
    "Motif": lambda row: row.decision_reason,
}

MOST = 50_000
TOO_MANY = f"Plus de {whole(MOST)} indisponibilités : téléchargez-les prestation par prestation."


@require_safe
def of_prestation(request: MemberRequest, pk: int, kind: Format) -> HttpResponse:
    prestation = get_object_or_404(Prestation.objects.visible_to(request.user), pk=pk)
    versions = OutageVersion.objects.filter(service__prestation=prestation)
    return _file(request, versions, kind)


@require_safe
def of_all(request: MemberRequest, kind: Format) -> HttpResponse:
    found = OutageVersion.objects.visible_to(request.user)
    if found[MOST : MOST + 1].exists():
        messages.error(request, TOO_MANY)
        return redirect("perf:index")
    return _file(request, found, kind)


def _file(request: MemberRequest, versions: OutageVersionQuerySet, kind: Format) -> HttpResponse:
    cells = outage_cells(versions, now=timezone.now())
    return list_response(request, kind, "pannes", HEADER, cells)


@require_safe
def tickets(request: MemberRequest, kind: Format) -> HttpResponse:
    now = timezone.now().replace(microsecond=0)
    found = tickets_seen(request.user, now=now, **TicketFilter(request.GET).chosen)
    rows = ticket_rows(found, now=now)
    return columns_response(request, kind, "tickets", TICKETS, rows)


@require_safe
def ratios(request: MemberRequest, kind: Format) -> HttpResponse:
    """The months of the year that the page shows, one a line."""
    year = paris.day(timezone.now()).year
    chosen = RatioFilter({"annee": year, **request.GET.dict()}).chosen
    months = year_of(chosen.get("annee", year))
    seen = ris_prestations(request.user, q=chosen.get("q", ""))
    rows = Ratio.objects.filter(
        prestation__in=seen.order_by(), month__range=(months.first, months.last)
    ).select_related("prestation__client", "prestation__organisation")
    ordered = rows.order_by("prestation__client__name", "prestation", "indicator", "month")
    return columns_response(request, kind, "comptes-rendus", RATIOS, ordered)


@require_safe
def corrections(request: MemberRequest, kind: Format) -> HttpResponse:
    """Those that wait, then those that are closed, by the day of their request."""
    rows = corrections_seen(request.user).order_by("proposed_at", "pk")
    return columns_response(request, kind, "corrections", CORRECTIONS, rows)
