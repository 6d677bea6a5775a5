"""Statistics of the review, for the agents of the ANS."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent, is_responsable
from journal.permissions import require
from pilots.pv.selectors import statistics as selectors
from pilots.pv.views.review import AGENTS_ONLY
from segur.exports import Format, list_response


@require_safe
def statistics(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    context = {
        "figures": selectors.statistics(request.user, now=timezone.now()),
        "weeks": selectors.WEEKS,
        "months": selectors.MONTHS,
        "sees_all": is_responsable(request.user),
    }
    return render(request, "review/statistics.html", context)


@require_safe
def export(request: MemberRequest, kind: Format) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    rows = selectors.rows(request.user)
    return list_response(request, kind, "controles-clos", selectors.HEADER, rows)
