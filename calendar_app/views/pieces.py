"""The dossier of a deadline, piece by piece; what the dossiers of a milestone must hold."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.models import User
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
from calendar_app.selectors.pieces import count_of, dossier, piece_line, reach_of
from calendar_app.services.pieces import (
    ASKED,
    MUST_LEAD,
    MUST_PREPARE,
    RETIRED,
    add_piece,
    retire_expected,
    save_expected,
    save_piece,
)
from documents.views import file_view
from journal.permissions import require
from journal.rules.bulk import Counted
from journal.selectors.entries import history
from journal.services.bulk import Bulk, register
from journal.views.acts import Words, form_page, submit
from journal.views.bulk import bar
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


file = file_view(PieceFile)


def _address(pk: int) -> str:
    return reverse("deadlines:dossier", args=[pk])


@require_safe
def expected(request: MemberRequest) -> HttpResponse:
    rows = list(_expected_rows(request.user))
    kept = [row for row in rows if not row.retired_at]
    context = {
        "lists": [(one, list(found)) for one, found in groupby(kept, lambda row: row.milestone)],
        "retired": [row for row in rows if row.retired_at],
        "total": len(kept),
        "may_edit": can_edit_expected_pieces(request.user),
        **bar(request, [RETIRE.name]),
    }
    return render(request, "deadlines/expected.html", context)


def _expected_rows(_user: User) -> QuerySet[ExpectedPiece]:
    """All read them; with how many dossiers are still to file."""
    rows = ExpectedPiece.objects.select_related("milestone__dispositif")
    dossiers = Deadline.objects.open().filter(milestone=OuterRef("milestone")).order_by()
    count = dossiers.values("milestone").annotate(n=Count("pk")).values("n")
    return rows.annotate(dossiers=Coalesce(Subquery(count), 0)).order_by(
        "milestone__dispositif", "milestone__number", "position", "pk"
    )


def _words(row: ExpectedPiece) -> str:
    number: int = row.dossiers  # type: ignore[attr-defined]  # of `_expected_rows`
    return f"{row} ({number} dossier{'s' if number > 1 else ''} à déposer)"


_OF_EXPECTED = partial(
    Bulk,
    may=can_edit_expected_pieces,
    barrier=MUST_LEAD,
    rows=_expected_rows,
    stamp=lambda row: "retiree" if row.retired_at else "demandee",
    words=_words,
    group=lambda row: f"{row.milestone.dispositif} : {row.milestone.title}",
    place=lambda _rows: reverse("deadlines:expected"),
    back=lambda: reverse("deadlines:expected"),
)
RETIRE = _OF_EXPECTED(
    name="retirer-pieces",
    entry="expected_piece.retire_many",
    title="Pièces attendues retirées ensemble",
    label="Retirer",
    lead="Ces pièces ne sont plus demandées dans les dossiers à déposer ; ce qui est joint reste.",
    button=Counted("Retirer la pièce", "Retirer les {} pièces"),
    done=Counted("{} pièce retirée", "{} pièces retirées"),
    matching=lambda _request, rows: rows.filter(retired_at=None),
    refusals=lambda rows, _by, _values: {row.pk: RETIRED if row.retired_at else "" for row in rows},
    act=lambda rows, by: retire_expected(rows, at=by.at, by=by),
)
RESTORE = _OF_EXPECTED(
    name="remettre-pieces",
    entry="expected_piece.restore_many",
    title="Pièces attendues remises ensemble",
    label="Remettre",
    lead="Ces pièces sont de nouveau demandées dans les dossiers à déposer.",
    button=Counted("Remettre la pièce", "Remettre les {} pièces"),
    done=Counted("{} pièce remise", "{} pièces remises"),
    matching=lambda _request, rows: rows.exclude(retired_at=None),
    refusals=lambda rows, _by, _values: {row.pk: "" if row.retired_at else ASKED for row in rows},
    act=lambda rows, by: retire_expected(rows, at=None, by=by),
)
register(RETIRE, RESTORE)


@require_http_methods(["GET", "HEAD", "POST"])
def expected_create(request: MemberRequest) -> HttpResponse:
    require(can_edit_expected_pieces(request.user), MUST_LEAD)
    form, title = NewExpectedPieceForm(posted(request)), "Ajouter une pièce attendue"
    done = "Pièce ajoutée : {.label}.".format
    return _in_two_steps(request, form, "form_page.html", title=title, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def expected_edit(request: MemberRequest, pk: int) -> HttpResponse:
    require(can_edit_expected_pieces(request.user), MUST_LEAD)
    row = get_object_or_404(_expected_rows(request.user), pk=pk)
    name, form = row.label, ExpectedPieceForm(posted(request), instance=row)
    return _in_two_steps(
        request,
        form,
        "deadlines/expected_edit.html",
        title=name,
        lead=f"{row.milestone.dispositif}, {row.milestone.title}.",
        done="Pièce enregistrée.",
        row=row,
        history=history(row, request.user),
    )


def _in_two_steps(
    request: MemberRequest,
    form: ExpectedPieceForm,
    template: str,
    *,
    title: str,
    done: Words[ExpectedPiece],
    **context: Any,
) -> HttpResponse:
    """Typed, shown once more with the dossiers that it reaches, then made."""
    act, to = partial(save_expected, by=request.by), reverse("deadlines:expected")
    if "confirmer" in request.POST:
        if made := submit(request, form, act, done=done, to=to):
            return made
    elif form.is_bound and "corriger" not in request.POST and form.is_valid():
        item = form.values()["item"]
        confirm, reach = "deadlines/expected_confirm.html", reach_of(item)
        return form_page(request, form, confirm, item=item, title=title, reach=reach)
    return form_page(
        request,
        form,
        template,
        title=title,
        breadcrumb=EXPECTED_TRAIL,
        button="Voir ce qui change",
        check="verifier",
        back=to,
        **context,
    )
