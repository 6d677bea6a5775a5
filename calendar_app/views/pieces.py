"""The dossier of a deadline, piece by piece; what the dossiers of a milestone must hold."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import can_prepare
from calendar_app.forms.pieces import (
    ExpectedPieceForm,
    NewExpectedPieceForm,
    OwnPieceForm,
    PieceForm,
)
from calendar_app.models import Deadline, ExpectedPiece, Piece, PieceFile
from calendar_app.permissions import can_edit_expected_pieces
from calendar_app.querysets import FILED_STATES
from calendar_app.selectors.pieces import count_of, dossier, piece_line
from calendar_app.services.pieces import (
    MUST_LEAD,
    MUST_PREPARE,
    add_piece,
    save_expected,
    save_piece,
)
from documents.views import download
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, submit
from segur.requests import posted

TRAIL, EXPECTED_TRAIL = "deadlines/_dossier_breadcrumb.html", "deadlines/_expected_breadcrumb.html"


def _deadline(request: MemberRequest, pk: int) -> Deadline:
    """One whose dossier this person may read: its organisation's, or one that was filed."""
    seen = Deadline.objects.visible_to(request.user).with_subject()
    found = get_object_or_404(seen, pk=pk)
    if found.organisation_id not in request.user.roles and found.state not in FILED_STATES:
        raise Http404
    return found


@require_safe
def index(request: MemberRequest, pk: int) -> HttpResponse:
    deadline = _deadline(request, pk)
    lines = dossier(deadline)
    context = {
        "deadline": deadline,
        "lines": lines,
        "count": count_of(lines),
        "may_edit": can_prepare(request.user, deadline.organisation_id) and deadline.is_open,
    }
    return render(request, "deadlines/dossier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    deadline = _deadline(request, pk)
    require(can_prepare(request.user, deadline.organisation_id), MUST_PREPARE)
    line = piece_line(deadline, code)
    if line is None:
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PieceForm(*sent, deadline=deadline, line=line)
    act, to = partial(save_piece, deadline, code, by=request.by), _address(pk)
    return submit(request, form, act, done=_saved, to=to) or form_page(
        request,
        form,
        "deadlines/piece.html",
        title=line.label,
        breadcrumb=TRAIL,
        deadline=deadline,
        line=line,
        button="Enregistrer la pièce",
        back=to,
    )


def _saved(piece: Piece) -> str:
    return f"« {piece} » : {piece.get_state_display().lower()}."


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest, pk: int) -> HttpResponse:
    deadline = _deadline(request, pk)
    require(can_prepare(request.user, deadline.organisation_id), MUST_PREPARE)
    form = OwnPieceForm(posted(request))
    act, to = partial(add_piece, deadline, by=request.by), _address(pk)
    return submit(request, form, act, done="Pièce ajoutée au dossier.", to=to) or form_page(
        request,
        form,
        title="Ajouter une pièce",
        breadcrumb=TRAIL,
        deadline=deadline,
        button="Ajouter la pièce",
        back=to,
    )


@require_safe
def file(request: MemberRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(PieceFile.objects.visible_to(request.user), pk=pk))


def _address(pk: int) -> str:
    return reverse("deadlines:dossier", args=[pk])


@require_safe
def expected(request: MemberRequest) -> HttpResponse:
    rows = ExpectedPiece.objects.select_related("milestone__dispositif").order_by(
        "milestone__dispositif", "milestone__number", "position", "pk"
    )
    kept = [row for row in rows if not row.retired_at]
    context = {
        "lists": [(one, list(found)) for one, found in groupby(kept, lambda row: row.milestone)],
        "retired": [row for row in rows if row.retired_at],
        "may_edit": can_edit_expected_pieces(request.user),
    }
    return render(request, "deadlines/expected.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def expected_create(request: MemberRequest) -> HttpResponse:
    require(can_edit_expected_pieces(request.user), MUST_LEAD)
    form = NewExpectedPieceForm(posted(request))
    act, to = partial(save_expected, by=request.by), reverse("deadlines:expected")
    return submit(request, form, act, done="Pièce ajoutée : {.label}.".format, to=to) or form_page(
        request,
        form,
        title="Ajouter une pièce attendue",
        breadcrumb=EXPECTED_TRAIL,
        button="Ajouter la pièce",
        back=to,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def expected_edit(request: MemberRequest, pk: int) -> HttpResponse:
    require(can_edit_expected_pieces(request.user), MUST_LEAD)
    row = get_object_or_404(ExpectedPiece.objects.select_related("milestone__dispositif"), pk=pk)
    name, form = row.label, ExpectedPieceForm(posted(request), instance=row)
    act, to = partial(save_expected, by=request.by), reverse("deadlines:expected")
    return submit(request, form, act, done="Pièce enregistrée.", to=to) or form_page(
        request,
        form,
        "deadlines/expected_edit.html",
        title=name,
        lead=f"{row.milestone.dispositif}, {row.milestone.title}.",
        breadcrumb=EXPECTED_TRAIL,
        button="Enregistrer la pièce",
        back=to,
        row=row,
        history=history(row, request.user),
    )


@require_POST
def expected_retire(request: MemberRequest, pk: int) -> HttpResponse:
    """No longer asked; once more, it is asked again."""
    require(can_edit_expected_pieces(request.user), MUST_LEAD)
    row = get_object_or_404(ExpectedPiece, pk=pk)
    row.retired_at = None if row.retired_at else timezone.now()
    save_expected(row, by=request.by)
    messages.success(request, f"Pièce {'retirée' if row.retired_at else 'remise'} : {row.label}.")
    return redirect("deadlines:expected")
