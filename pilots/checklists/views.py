"""The check-lists of the PV and of the VA: read by all, edited by the ANS responsables."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, press, submit
from pilots.checklists.forms import LineForm, NewLineForm
from pilots.checklists.models import ChecklistItem
from pilots.checklists.selectors import lines
from pilots.checklists.services import MUST_LEAD, save_item
from pilots.enums import Checklist
from pilots.permissions import can_edit_checklists
from segur.requests import posted


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    retired = ChecklistItem.objects.exclude(retired_at=None)
    context = {
        "lists": [(checklist, lines(checklist)) for checklist in Checklist],
        "retired": retired,
        "may_edit": can_edit_checklists(request.user),
    }
    return render(request, "pilots/checklists/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    require(can_edit_checklists(request.user), MUST_LEAD)
    form = NewLineForm(posted(request))
    act = partial(save_item, by=request.by)
    index, done = reverse("checklists:index"), "Ligne ajoutée : {.label}.".format
    return submit(request, form, act, done=done, to=index) or form_page(
        request, form, "pilots/checklists/create.html"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    require(can_edit_checklists(request.user), MUST_LEAD)
    line = get_object_or_404(ChecklistItem, pk=pk)
    name = line.label  # the form writes on the line even when it is refused
    form = LineForm(posted(request), instance=line)
    act = partial(save_item, by=request.by)
    done = "Ligne enregistrée. Les PV et VA déjà préparés gardent la leur."
    return submit(request, form, act, done=done, to=reverse("checklists:index")) or form_page(
        request,
        form,
        "pilots/checklists/edit.html",
        line=line,
        name=name,
        history=history(line, request.user),
    )


@require_POST
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    """No longer asked; pressed again, it is asked again."""
    require(can_edit_checklists(request.user), MUST_LEAD)
    line, now = get_object_or_404(ChecklistItem, pk=pk), timezone.now()
    line.retired_at = None if line.retired_at else now
    done = f"Ligne {'retirée' if line.retired_at else 'remise'} : {line.label}."
    act = partial(save_item, line, by=request.by)
    return press(request, act, done=done, to=reverse("checklists:index"))
