"""«Programme»: the ANS's view of both calendars and of the deposits to confirm."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from calendar_app.selectors.programme import milestone_rows, waiting
from calendar_app.selectors.urgency import urgent_lines
from journal.permissions import require


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), "Cette page est celle des agents de l'ANS.")
    now = timezone.now()
    queue, total = waiting(now=now)
    context = {
        "rows": milestone_rows(now=now),
        "queue": queue,
        "waiting_count": total,
        "urgent": urgent_lines(request.user, now=now),
    }
    return render(request, "programme/index.html", context)
