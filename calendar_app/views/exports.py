"""The lists as files. Filters, and what the person sees, are those of the page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.forms.deadlines import DeadlineFilter
from calendar_app.forms.prestations import PrestationFilter
from calendar_app.models import Deadline
from calendar_app.selectors import exports
from calendar_app.selectors.deadlines import organisations_seen
from calendar_app.selectors.prestations import fournisseurs_seen, prestations_seen, with_next
from segur.exports import Format, table_response
from segur.lib import paris


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
    return table_response(kind, "echeances", exports.DEADLINES, rows, day=paris.day(now))


@require_safe
def prestations(request: MemberRequest, kind: Format) -> HttpResponse:
    now, user = timezone.now(), request.user
    form = PrestationFilter(request.GET, organisations=fournisseurs_seen(user))
    found = with_next(prestations_seen(user, **form.chosen)).order_by("client__name", "pk")
    rows = exports.prestation_cells(found, now=now)
    return table_response(kind, "prestations", exports.PRESTATIONS, rows, day=paris.day(now))
