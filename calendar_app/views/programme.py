"""«Programme»: the cockpit of the ANS, its papers, and the same without names as open data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from calendar_app.display import open_data as data
from calendar_app.display.programme import ShownTable, chart, programme_pdf, sheets, shown
from calendar_app.rules.board import BoardPicture, BoardSection
from calendar_app.rules.datasets import LICENCE, LICENCE_URL, datasets
from calendar_app.rules.disclosure import THRESHOLD
from calendar_app.selectors.urgency import urgent_lines
from calendar_app.services import programme as services
from calendar_app.services.programme import ProgrammeFigures
from documents.views import attachment, pdf_download
from journal.permissions import require
from journal.views.acts import press
from mailing.services.links import absolute
from segur.conditional import unless_known
from segur.exports import workbook_response
from segur.lib import paris
from segur.lib.charts import CurveChart
from segur.lib.tables import to_csv
from segur.open_answers import open_data as open_data_answer
from segur.open_answers import written
from segur.public_pages import public_page
from segur.public_rates import OPEN_DATA_PER_MINUTE


@dataclass(frozen=True)
class ShownSection:
    section: BoardSection
    pictures: list[tuple[BoardPicture, CurveChart | None]]
    tables: list[ShownTable]
    is_open: bool
    """Its rows are asked for: it is not folded."""


@dataclass(frozen=True)
class ShownProgramme:
    """Made when the template asks for it: what is kept of the page needs none of it."""

    programme: ProgrammeFigures
    whole: str

    @cached_property
    def sections(self) -> list[ShownSection]:
        return [
            ShownSection(
                section,
                [(picture, chart(picture)) for picture in section.pictures],
                [shown(table, whole=table.code == self.whole) for table in section.tables],
                is_open=self.whole in {table.code for table in section.tables},
            )
            for section in self.programme.sections
        ]

    @property
    def first(self) -> list[ShownSection]:
        return [one for one in self.sections if one.section.is_first]

    @property
    def small(self) -> list[ShownSection]:
        return [one for one in self.sections if one.section.is_small]

    @property
    def small_titles(self) -> str:
        return ", ".join(one.section.title for one in self.small)

    @property
    def others(self) -> list[ShownSection]:
        return [one for one in self.sections if not one.section.is_first | one.section.is_small]


AGENTS_ONLY = "Cette page est celle des agents de l'ANS."
HOUR = 3600


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    now = timezone.now()
    found = services.programme(now=now, user=request.user)
    whole = request.GET.get("tout", "")
    context = {
        "urgent": urgent_lines(request.user, now=now),
        "parts": ShownProgramme(found, whole),
        "made_at": found.made_at,
        "whole": whole,
    }
    return render(request, "programme/index.html", context)


@require_POST
def refresh(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    act = partial(services.refresh, now=timezone.now())
    done = "Les chiffres viennent d'être recomptés."
    return press(request, act, done=done, to=reverse("programme:index"))


@require_safe
def paper(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    found = services.programme(now=timezone.now(), user=request.user)
    make = partial(programme_pdf, found.sections, made_at=found.made_at)
    name = f"programme-{paris.day(found.made_at).isoformat()}.pdf"
    return pdf_download(request, make, name=name, back=reverse("programme:index"))


@require_safe
def workbook(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    found = services.programme(now=timezone.now(), user=request.user)
    day = paris.day(found.made_at)
    return workbook_response("programme", sheets(found.sections), day=day)


@open_data_answer
def as_json(request: HttpRequest) -> HttpResponse:
    found = services.programme(now=timezone.now())
    page = absolute(reverse("programme:open_data"))
    content = data.document(found.sections, made_at=found.made_at, page=page)
    return unless_known(request, written(content), changed=found.made_at)


@open_data_answer
def as_csv(request: HttpRequest) -> HttpResponse:
    found = services.programme(now=timezone.now())
    content = to_csv(data.HEADER, data.lines(found.sections, made_at=found.made_at))
    response = attachment(content, "text/csv; charset=utf-8", name="programme.csv")
    return unless_known(request, response, changed=found.made_at)


@require_safe
@login_not_required
@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    found = services.programme(now=timezone.now())
    context = {
        "tables": [
            (table, [(row, data.shown(table, row)) for row in table.rows])
            for table in data.public_tables(found.sections)
        ],
        "made_at": found.made_at,
        "threshold": THRESHOLD,
        "datasets": datasets(),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "per_minute": {"key": OPEN_DATA_PER_MINUTE, "address": settings.RATE_PUBLIC},
    }
    return render(request, "programme/open_data.html", context)
