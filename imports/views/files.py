"""An import by lines: choose a file, see what it would do, confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.models import Organisation
from documents.reading.records import BadFile
from imports.forms.files import FileForm
from imports.services import jobs
from imports.services.file_lines import FileLine, FileLines, LineFate
from imports.services.kinds import KINDS
from imports.services.lines import LineImport, effect_of
from journal.enums import Origin
from journal.permissions import require
from journal.rules.by import By
from journal.views.acts import press
from segur.exports import Format, table_response
from segur.reauthentication import sensitive

PROBLEMS_SHOWN = 200
LINES_SHOWN = 50
READ_WRITE = ["GET", "HEAD", "POST"]


def _kind(request: MemberRequest, code: str) -> LineImport:
    kind = KINDS.get(code)
    if not isinstance(kind, LineImport):
        raise Http404
    require(kind.may(request.user), kind.refusal)
    return kind


def _proved(kind: LineImport, view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    return sensitive(view) if kind.is_sensitive else view


def _by(request: MemberRequest, organisation: Organisation | None) -> By:
    now = timezone.now()
    return By.person(request.user, now, organisation=organisation, origin=Origin.FILE)


@require_http_methods(READ_WRITE)
def choose(request: MemberRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    answer: HttpResponse = _proved(kind, _choose)(request, kind)
    return answer


def _choose(request: MemberRequest, kind: LineImport) -> HttpResponse:
    """A file that is right waits for its person on the next page; one that is not is shown with all
    that is wrong, cell by cell."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent, most=kind.most)
    if not (form.is_bound and form.is_valid()):
        return _page(request, kind, form)
    upload, by = form.cleaned_data["file"], _by(request, request.organisation)
    content = upload.read()
    try:
        found = kind.check(content, by)
    except BadFile as refusal:
        form.add_error("file", str(refusal))
        return _page(request, kind, form)
    if any(line.wrong for line in found.lines):
        return _page(request, kind, form, found)
    jobs.keep(
        user=request.user,
        organisation=request.organisation,
        kind=kind.code,
        name=upload.name,
        content=content,
        lines=len(found.lines),
        now=by.at,
    )
    return redirect("imports:check", code=kind.code)


@dataclass(frozen=True)
class CellProblem:
    """`column` is empty for the line as a whole; `text`: the cell as written."""

    line: int
    column: str
    text: str
    sentence: str


def _page(
    request: MemberRequest, kind: LineImport, form: FileForm, found: FileLines | None = None
) -> HttpResponse:
    problems = _problems(kind, found.lines) if found else []
    context = {
        "kind": kind,
        "form": form,
        "problems": problems[:PROBLEMS_SHOWN],
        "others": max(0, len(problems) - PROBLEMS_SHOWN),
        "wrong": sum(bool(line.wrong) for line in found.lines) if found else 0,
        "total": len(found.lines) if found else 0,
        "columns": list(kind.columns.values()),
    }
    status = 422 if form.errors or problems else 200
    return render(request, "imports/choose.html", context, status=status)


def _problems(kind: LineImport, lines: list[FileLine]) -> list[CellProblem]:
    return [
        CellProblem(
            line.number,
            str(kind.columns[column].label) if column else "",
            line.texts.get(column, ""),
            sentence,
        )
        for line in lines
        for column, sentence in line.wrong.items()
    ]


@require_http_methods(READ_WRITE)
def check(request: MemberRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    answer: HttpResponse = _proved(kind, _check)(request, kind)
    return answer


def _check(request: MemberRequest, kind: LineImport) -> HttpResponse:
    """What the waiting file would do, cell by cell. Its button records it, checked once more."""
    if request.method == "POST":
        return _confirm(request, kind)
    job = jobs.waiting_of(request.user, kind.code, now=timezone.now())
    if job is None:
        messages.warning(request, jobs.GONE)
        return redirect(kind.choose_url)
    found = kind.check(bytes(job.content), _by(request, job.organisation))
    if any(line.wrong for line in found.lines):
        return _page(request, kind, FileForm(most=kind.most), found)
    return render(request, "imports/check.html", {"kind": kind, "job": job, **_shown(kind, found)})


def _shown(kind: LineImport, found: FileLines) -> dict[str, Any]:
    changes = [line for line in found.lines if line.fate is not LineFate.SAME]
    counts = Counter(line.fate for line in found.lines)
    return {
        "counts": [(fate.value, counts[fate]) for fate in LineFate],
        "total": len(found.lines),
        "seen": effect_of(found.lines),
        "unread": found.unread,
        "titles": [kind.columns[name].label for name in found.columns],
        "rows": [_cells(kind, found, line) for line in changes[:LINES_SHOWN]],
        "changes": len(changes),
        "more": max(0, len(changes) - LINES_SHOWN),
    }


def _cells(kind: LineImport, found: FileLines, line: FileLine) -> dict[str, Any]:
    """`before` is None for a cell that changes nothing that is recorded."""
    return {
        "line": line,
        "cells": [
            {
                "title": kind.columns[name].label,
                "text": line.texts[name],
                "before": line.before.get(name),
            }
            for name in found.columns
        ],
    }


def _confirm(request: MemberRequest, kind: LineImport) -> HttpResponse:
    act = partial(
        jobs.confirm,
        user=request.user,
        kind=kind.code,
        sha256=request.POST.get("sha256", ""),
        options={"seen": request.POST.get("seen", "")},
        now=timezone.now(),
    )
    again = reverse("imports:check", args=[kind.code])
    return press(
        request,
        lambda: act()[0],
        done=attrgetter("sentence"),
        to=attrgetter("place"),
        back=again,
    )


@require_safe
def template(request: MemberRequest, code: str, kind: Format) -> HttpResponse:
    """A file to fill in. Left as it is, it is refused: what it names does not exist."""
    of = _kind(request, code)
    titles = [str(column.label) for column in of.columns.values()]
    return table_response(kind, f"modele-{code}", titles, of.examples)
