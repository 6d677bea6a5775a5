"""Outages as files, of one prestation or of all that the person sees."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from perf.models import OutageVersion
from perf.querysets import OutageVersionQuerySet
from perf.selectors.exports import HEADER, outage_cells
from segur.exports import Format, table_response
from segur.lib import paris

MOST = 50_000
TOO_MANY = f"Plus de {MOST} indisponibilités : téléchargez-les prestation par prestation."


@require_safe
def of_prestation(request: MemberRequest, pk: int, kind: Format) -> HttpResponse:
    prestation = get_object_or_404(Prestation.objects.visible_to(request.user), pk=pk)
    return _file(OutageVersion.objects.filter(service__prestation=prestation), kind)


@require_safe
def of_all(request: MemberRequest, kind: Format) -> HttpResponse:
    found = OutageVersion.objects.visible_to(request.user)
    if found[MOST : MOST + 1].exists():
        messages.error(request, TOO_MANY)
        return redirect("perf:index")
    return _file(found, kind)


def _file(versions: OutageVersionQuerySet, kind: Format) -> HttpResponse:
    now = timezone.now()
    cells = outage_cells(versions, now=now)
    return table_response(kind, "pannes", HEADER, cells, day=paris.day(now))
