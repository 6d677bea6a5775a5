"""Pilot Clients of the RIS solutions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest
from pilots.models import Pilot


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    return render(request, "pilots/index.html", {"pilots": Pilot.objects.visible_to(request.user)})


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    pilot = get_object_or_404(Pilot.objects.visible_to(request.user), pk=pk)
    return render(request, "pilots/detail.html", {"pilot": pilot})
