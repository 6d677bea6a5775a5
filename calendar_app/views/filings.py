"""Preparing, filing, receipts and proofs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import can_file, can_prepare
from calendar_app.display import receipts
from calendar_app.forms.deadlines import FilingForm
from calendar_app.models import Filing, Proof
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.deadlines import Line, channel_url
from calendar_app.selectors.order import undone_before
from calendar_app.selectors.rights import reason_lines
from calendar_app.services import drafts, filings
from calendar_app.services.receipts import sealed, statement
from calendar_app.views.deadlines import MUST_FILE, MUST_PREPARE, get_line
from documents.views import file_view, pdf_download, sealed_json
from journal.forms import hold_files, refuse
from journal.permissions import require
from journal.services.readings import STALE
from journal.views.acts import press, remark, remarks

SAVED = "Brouillon enregistré. Attention : enregistrer n'est pas déposer, rien n'est déposé."
KEPT = "Rien n'est déposé. Ce qui est juste est gardé dans le brouillon ; le reste est à corriger."
KEPT_FILES = (
    "Rien n'est déposé. Ce qui est juste est gardé dans le brouillon, pièces comprises : ne les "
    "choisissez pas de nouveau. Le reste est à corriger."
)
CLOSED = "Cette échéance est à l'état « {state} » : il n'y a plus de dépôt à préparer."


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the draft, or file. What is valid is saved even when something else is not."""
    line = get_line(request, pk)
    require(can_prepare(request.user, line.deadline.organisation_id), MUST_PREPARE)
    if line.deadline.is_delay:
        return redirect(line.deadline.page)
    now = timezone.now()
    if request.method == "GET" and not line.deadline.is_open:
        messages.info(request, CLOSED.format(state=line.deadline.get_state_display()))
        return redirect("deadlines:detail", pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    undone = undone_before([line.deadline]).get(pk)
    form = FilingForm(*sent, channel=line.channel, draft=line.draft, now=now, undone=undone)
    reasons: list[dict[str, Any]] = []
    if request.method == "POST":
        require(not form.filing or can_file(request.user, line.deadline.organisation_id), MUST_FILE)
        response, reasons = _save(request, line, form)
        if response:
            return response
        line = get_line(request, pk)
    context = {
        "line": line,
        "deadline": line.deadline,
        "form": form,
        "reasons": reasons or _unmet(line, line.unmet),
        "refused": bool(reasons),
        "undone": undone,
        "proofs": line.draft.proofs.current() if line.draft else [],
        "statement": statement(line.deadline),
        "channel_url": channel_url(line.channel, at=now),
        "can_file": can_file(request.user, line.deadline.organisation_id),
    }
    status = 422 if form.errors or reasons else 200
    return render(request, "deadlines/prepare.html", context, status=status)


def _save(
    request: MemberRequest, line: Line, form: FilingForm
) -> tuple[HttpResponse | None, list[dict[str, Any]]]:
    """The response when all went well; else None, and the reasons of a closed gate."""
    deadline = line.deadline
    is_valid = form.is_valid()
    values = form.draft_values
    try:
        draft = drafts.save_draft(deadline=deadline, by=request.by, **values)
    except ValidationError as error:
        refuse(form, error)
        if getattr(error, "code", "") == STALE:
            hold_files(form)
        return None, []
    form.read_again(drafts.stamp_of(draft))
    remark(request, form)
    if is_valid and not form.filing:
        messages.warning(request, SAVED)
        return redirect("deadlines:detail", pk=deadline.pk), []
    reasons: list[dict[str, Any]] = []
    try:
        if is_valid:
            filing = filings.file(
                deadline=deadline,
                by=request.by,
                deposited_at=values.get("deposited_at"),
                out_of_order=form.cleaned_data.get("out_of_order", False),
            )
            return redirect("deadlines:receipt", number=filing.receipt_number), []
    except filings.GateClosed as gate:
        reasons = _unmet(line, gate.reasons)
    except ValidationError as error:
        refuse(form, error)
    messages.error(request, KEPT_FILES if len(form.kept_files) > len(remarks(form)) else KEPT)
    return None, reasons


def _unmet(line: Line, unmet: Sequence[Unmet]) -> list[dict[str, Any]]:
    prestation = line.deadline.prestation
    if prestation is None:
        return []
    return reason_lines(unmet, supplier=prestation.supplier, by=line.act_by)


@require_safe
def receipt(request: MemberRequest, number: str) -> HttpResponse:
    filing = _visible_filing(request, number)
    context = {"filing": filing, "receipt": filing.receipt, "deadline": filing.deadline}
    return render(request, "deadlines/receipt.html", context)


@require_safe
def receipt_json(request: MemberRequest, number: str) -> HttpResponse:
    return sealed_json(_visible_filing(request, number).receipt, name=number)


@require_safe
def receipt_pdf(request: MemberRequest, number: str) -> HttpResponse:
    filing = _visible_filing(request, number)
    return pdf_download(
        request,
        partial(receipts.receipt_pdf, filing),
        name=f"{number}.pdf",
        back=reverse("deadlines:receipt", args=[number]),
    )


def _visible_filing(request: MemberRequest, number: str) -> Filing:
    seen = Filing.objects.visible_to(request.user).select_related("deadline__milestone")
    return sealed(seen, number)


proof = file_view(Proof)


@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Proof.objects.visible_to(request.user), pk=pk)
    deadline = found.filing.deadline
    require(can_prepare(request.user, deadline.organisation_id), MUST_PREPARE)
    act = partial(drafts.withdraw_proof, found, by=request.by)
    return press(request, act, done="", to=reverse("deadlines:prepare", args=[deadline.pk]))
