"""`/aide/`: the guide, by role and by task, with its own search."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from segur.guide.search import excerpt, sections_with
from segur.guide.source import INDEX, guides, url_of
from segur.public_pages import public_page

LONGEST = 100


@login_not_required
@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    hits = [(section, excerpt(section, text)) for section in sections_with(text)]
    return _page(request, INDEX, text=text, hits=hits)


@login_not_required
@require_safe
@public_page
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in guides() or slug == INDEX:
        raise Http404
    return _page(request, slug)


def _page(request: HttpRequest, slug: str, **more: object) -> HttpResponse:
    shown = guides()[slug]
    context = {
        "guide": shown,
        "html": mark_safe(shown.html),  # noqa: S308  (from the files of the repository alone)
        "guides": [one for one in guides().values() if one.slug != INDEX],
        "is_index": slug == INDEX,
        "trail": [{"label": guides()[INDEX].title, "url": url_of(INDEX)}, {"label": shown.title}],
        "text": "",
        "contents": [section for section in shown.sections if section.level == 2],  # noqa: PLR2004
        **more,
    }
    return render(request, "pages/help.html", context)
