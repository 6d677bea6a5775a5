"""The lists as files. Filters, and what the person sees, are those of the page."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.forms.deadlines import DeadlineFilter
from calendar_app.forms.prestations import PrestationFilter
from calendar_app.forms.solutions import SolutionFilter
from calendar_app.models import Deadline
from calendar_app.selectors import exports
from calendar_app.selectors.deadlines import organisations_seen
from calendar_app.selectors.prestations import fournisseurs_seen, prestations_seen, with_next
from calendar_app.selectors.reminder_pages import received
from calendar_app.selectors.solutions import (
    SolutionRow,
    editeurs_seen,
    solution_rows,
    solutions_seen,
    with_counts,
)
from mailing.models import OutgoingMail
from segur.exports import Columns, Format, columns_response, list_response
from segur.lib.tables import due_cells

RECEIVED: Columns[OutgoingMail] = {
    "Créé le (heure de Paris)": lambda row: row.created_at,
    "Nature": lambda row: row.kind_label,
    "Objet": lambda row: row.subject,
    "État": lambda row: row.get_state_display(),
    "Envoyé le (heure de Paris)": lambda row: row.sent_at,
}


def _next_due(row: SolutionRow) -> dt.datetime | None:
    due_at: dt.datetime | None = row.solution.next_due  # type: ignore[attr-defined]  # annotated
    return due_at


SOLUTIONS: Columns[SolutionRow] = {
    "Solution": lambda row: str(row.solution),
    "Version": lambda row: row.solution.version,
    "Dispositif": lambda row: row.solution.dispositif.name,
    "Éditeur": lambda row: row.solution.organisation.name,
    "Référencée le": lambda row: row.solution.referenced_on,
    "Numéro de référencement": lambda row: row.solution.reference_number,
    "Mise sur le marché": lambda row: row.solution.get_market_display(),
    "Fournisseurs": lambda row: row.supplier_count,
    "Prestations": lambda row: row.prestation_count,
    "À faire d'abord": lambda row: row.next_title,
    "Avant le": lambda row: due_cells(_next_due(row))[0],
    "Heure (heure de Paris)": lambda row: due_cells(_next_due(row))[1],
}


@require_safe
def deadlines(request: MemberRequest, kind: Format) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    now, user = timezone.now(), request.user
    form = DeadlineFilter(
        request.GET,
        organisations=organisations_seen(user),
        mine=request.organisation,
        reader=user,
        now=now,
    )
    found = form.in_view(form.narrow(Deadline.objects.visible_to(user)))
    rows = exports.deadline_cells(found, now=now, reader=user)
    return list_response(request, kind, "echeances", exports.DEADLINES, rows)


@require_safe
def prestations(request: MemberRequest, kind: Format) -> HttpResponse:
    now, user = timezone.now(), request.user
    form = PrestationFilter(request.GET, organisations=fournisseurs_seen(user))
    found = with_next(prestations_seen(user, **form.chosen)).order_by("client__name", "pk")
    rows = exports.prestation_cells(found, now=now)
    return list_response(request, kind, "prestations", exports.PRESTATIONS, rows)


@require_safe
def solutions(request: MemberRequest, kind: Format) -> HttpResponse:
    user = request.user
    form = SolutionFilter(request.GET, organisations=editeurs_seen(user))
    found = with_counts(solutions_seen(user, **form.chosen), user).order_by("name", "pk")
    rows = solution_rows(found, user, now=timezone.now())
    return columns_response(request, kind, "solutions", SOLUTIONS, rows)


@require_safe
def mails_received(request: MemberRequest, kind: Format) -> HttpResponse:
    return columns_response(request, kind, "courriels-recus", RECEIVED, received(request.user))
