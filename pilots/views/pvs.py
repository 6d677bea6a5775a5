"""PV of the pilots: prepare, produce, have signed, send."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest
from pilots.models import PilotPV


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_object_or_404(PilotPV.objects.visible_to(request.user), pk=pk)
    return render(request, "pilots/pv.html", {"pv": pv})
