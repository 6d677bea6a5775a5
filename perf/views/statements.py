"""Statements of a prestation: list, issue, read, download."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.selectors.prestations import prestations_seen
from documents.services.integrity import check_seal
from documents.views import attachment, pdf_download
from journal.permissions import require
from journal.views.acts import form_page, submit
from perf.forms.statements import StatementForm
from perf.models import Statement
from perf.permissions import can_issue
from perf.selectors.statements import choices, seen
from perf.services.statements import issue
from perf.statements import paper
from perf.statements.document import StatementDocument
from perf.statements.table import table
from segur.requests import posted

MUST_ISSUE = (
    "Un relevé engage le Fournisseur : l'un de ses Représentants ou Mandataires l'établit, ou un "
    "agent de l'ANS."
)


@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: MemberRequest, pk: int) -> HttpResponse:
    found = prestations_seen(request.user).select_related("perf_service")
    prestation = get_object_or_404(found, pk=pk)
    may_issue, now = can_issue(request.user, prestation), timezone.now()
    require(request.method != "POST" or may_issue, MUST_ISSUE)
    service = getattr(prestation, "perf_service", None)
    if not prestation.dispositif.has_perf:
        raise Http404
    offered = choices(service, now=now) if service and may_issue else []
    form = StatementForm(posted(request), choices=offered) if offered else None
    act = partial(issue, prestation=prestation, by=request.by)
    return submit(request, form, act, done=_issued, to=_address) or form_page(
        request,
        form,
        "perf/statements/index.html",
        prestation=prestation,
        service=service,
        statements=seen(request.user).filter(prestation=prestation),
    )


def _issued(statement: Statement) -> str:
    return f"Relevé {statement.number} établi. Il ne changera plus."


def _address(statement: Statement) -> str:
    return reverse("perf:statement", args=[statement.pk])


@require_safe
def statement(request: MemberRequest, pk: int) -> HttpResponse:
    """What was issued, from its document alone; only «remplacé par» is of today."""
    return render(request, "perf/statements/detail.html", _context(_get(request, pk)))


@require_safe
def statement_json(request: MemberRequest, pk: int) -> HttpResponse:
    """The very bytes that were hashed."""
    found = _get(request, pk)
    content = found.document.encode()
    return attachment(content, "application/json", name=f"{found.number}.json")


@require_safe
def statement_csv(request: MemberRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    content = table(StatementDocument(found.document))
    return attachment(content, "text/csv; charset=utf-8", name=f"{found.number}.csv")


@require_safe
def statement_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    found = _get(request, pk)
    back = reverse("perf:statement", args=[pk])
    make = partial(paper.statement_pdf, found)
    return pdf_download(request, make, name=f"{found.number}.pdf", back=back)


def _get(request: MemberRequest, pk: int) -> Statement:
    """As it was issued: one that was changed since is refused."""
    found = get_object_or_404(seen(request.user), pk=pk)
    check_seal(found.document.encode(), sha256=found.sha256, number=found.number)
    return found


def _context(found: Statement) -> dict[str, object]:
    return {
        "statement": found,
        "successor": found.successor,
        "document": StatementDocument(found.document),
    }
