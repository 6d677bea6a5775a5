"""An import: choose a file, see what it would do, confirm."""

from __future__ import annotations

from collections.abc import Callable
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
from imports.services.kinds import KINDS
from imports.services.plans import FileImport, FilePlan
from journal.enums import Origin
from journal.permissions import require
from journal.rules.by import By
from journal.views.acts import press
from segur.exports import Format, table_response
from segur.reauthentication import sensitive

PROBLEMS_SHOWN = 200
READ_WRITE = ["GET", "HEAD", "POST"]


def _kind(request: MemberRequest, code: str) -> FileImport:
    kind = KINDS.get(code)
    if not isinstance(kind, FileImport):
        raise Http404
    require(kind.may(request.user), kind.refusal)
    return kind


def _proved(kind: FileImport, view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    return sensitive(view) if kind.is_sensitive else view


def _by(request: MemberRequest, organisation: Organisation | None) -> By:
    now = timezone.now()
    return By.person(request.user, now, organisation=organisation, origin=Origin.FILE)


@require_http_methods(READ_WRITE)
def choose(request: MemberRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    answer: HttpResponse = _proved(kind, _choose)(request, kind)
    return answer


def _choose(request: MemberRequest, kind: FileImport) -> HttpResponse:
    """A file that is right waits for its person on the next page; one that is not is shown with all
    that is wrong, cell by cell."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent, most=kind.most)
    if not (form.is_bound and form.is_valid()):
        return _page(request, kind, form)
    organisation = request.organisation if kind.is_for_organisation else None
    upload, by = form.cleaned_data["file"], _by(request, organisation)
    content = upload.read()
    try:
        plan = kind.plan(content, by)
    except BadFile as refusal:
        form.add_error("file", str(refusal))
        return _page(request, kind, form)
    if plan.problems:
        return _page(request, kind, form, plan)
    jobs.keep(
        user=request.user,
        organisation=by.organisation,
        kind=kind.code,
        name=upload.name,
        content=content,
        lines=plan.total,
        now=by.at,
    )
    return redirect("imports:check", code=kind.code)


def _page(
    request: MemberRequest, kind: FileImport, form: FileForm, plan: FilePlan | None = None
) -> HttpResponse:
    problems = plan.problems if plan else ()
    context = {
        "kind": kind,
        "form": form,
        "plan": plan,
        "problems": problems[:PROBLEMS_SHOWN],
        "others": max(0, len(problems) - PROBLEMS_SHOWN),
        "columns": list(kind.columns.values()),
        "around": kind.around(request.user),
    }
    status = 422 if form.errors or problems else 200
    return render(request, "imports/choose.html", context, status=status)


@require_http_methods(READ_WRITE)
def check(request: MemberRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    answer: HttpResponse = _proved(kind, _check)(request, kind)
    return answer


def _check(request: MemberRequest, kind: FileImport) -> HttpResponse:
    """What the waiting file would do, cell by cell. Its button records it, checked once more."""
    if request.method == "POST":
        return _confirm(request, kind)
    job = jobs.waiting_of(request.user, kind.code, now=timezone.now())
    if job is None:
        messages.warning(request, jobs.GONE)
        return redirect(kind.choose_url)
    plan = kind.plan(bytes(job.content), _by(request, job.organisation))
    if plan.problems:
        return _page(request, kind, FileForm(most=kind.most), plan)
    return render(request, "imports/check.html", {"kind": kind, "job": job, "plan": plan})


def _confirm(request: MemberRequest, kind: FileImport) -> HttpResponse:
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
