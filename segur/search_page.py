"""`/recherche/`: everything that this person may see, by kind; names every app."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.selectors.search import search_clients, search_organisations, search_people
from calendar_app.selectors.search import (
    search_filings,
    search_milestones,
    search_prestations,
    search_proofs,
    search_solutions,
)
from perf.selectors.search import (
    search_outages,
    search_services,
    search_statements,
    search_tickets,
)
from pilots.prefiguration.selectors.search import search_prefigurateurs
from pilots.pv.selectors.search import search_asp_requests, search_pvs
from segur.guide.search import search_guide
from segur.searching import Asked, Found, Source, search

SOURCES: tuple[Source, ...] = (
    search_clients,
    search_prestations,
    search_solutions,
    search_milestones,
    search_pvs,
    search_filings,
    search_proofs,
    search_asp_requests,
    search_outages,
    search_tickets,
    search_statements,
    search_services,
    search_prefigurateurs,
    search_organisations,
    search_people,
    search_guide,
)
LONGEST = 100
SHORTEST = 2


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """A reference that one object alone has leads to it at once."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = search(SOURCES, Asked(text, request.user)) if len(text) >= SHORTEST else []
    if url := _only(groups):
        return redirect(url)
    context = {
        "text": text,
        "groups": groups,
        "total": sum(group.total for group in groups),
        "is_short": bool(text) and len(text) < SHORTEST,
    }
    return render(request, "pages/search.html", context)


def _only(groups: list[Found]) -> str:
    """Where the one exact hit leads, "" where there is none or more than one."""
    exact = {hit.url for group in groups for hit in group.hits if hit.is_exact}
    return exact.pop() if len(exact) == 1 else ""
