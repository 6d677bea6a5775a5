"""My imports, and the progress of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from imports.enums import ImportState
from imports.models import Import
from imports.services.kinds import KINDS
from segur.requests import page_of


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Those that were confirmed: one that waits for its person's word is on its own page."""
    rows = Import.objects.visible_to(request.user).exclude(state=ImportState.CHECKED)
    page = page_of(request, rows.defer("content"))
    context = {
        "page_obj": page,
        "jobs": [(job, KINDS[job.kind].title) for job in page],
        "kinds": [kind for kind in KINDS.values() if kind.may(request.user)],
    }
    return render(request, "imports/index.html", context)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The part that says where it is asks for itself again, every two seconds, until it ends."""
    confirmed = Import.objects.visible_to(request.user).exclude(state=ImportState.CHECKED)
    job = get_object_or_404(confirmed.defer("content"), pk=pk)
    kind = KINDS[job.kind]
    context = {"job": job, "title": kind.title, "choose_url": kind.choose_url}
    return render(request, "imports/detail.html", context)
