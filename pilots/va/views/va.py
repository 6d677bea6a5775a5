"""The VA of a DRIMbox prestation: its page, and the acts that it records."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from documents.views import download
from journal.forms import submit
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import remark
from pilots.checklists.selectors import lines
from pilots.enums import Checklist
from pilots.permissions import can_bind
from pilots.va.forms.va import NotificationForm, UndoForm, VAForm, ValidationForm
from pilots.va.models import VA, VACondition, VAFile
from pilots.va.selectors.connectors import board
from pilots.va.selectors.va import (
    contradictions,
    file_lines,
    signed_files,
    situation,
    va_of,
    withdrawn_files,
)
from pilots.va.services import va as services
from pilots.va.services import va_clock
from segur.requests import posted

READ_WRITE = ["GET", "HEAD", "POST"]
MUST_BIND = (
    "Seuls un Représentant ou un Mandataire du Fournisseur de cette prestation enregistrent sa VA "
    "et ce qui la suit."
)


def get_prestation(request: MemberRequest, pk: int) -> Prestation:
    """Of a DRIMbox: a RIS prestation has no VA."""
    seen = prestations_seen(request.user).filter(dispositif__needs_proxy=True)
    return get_object_or_404(seen, pk=pk)


def get_va(request: MemberRequest, prestation: Prestation) -> VA:
    found = VA.objects.visible_to(request.user).select_related("clock", "notification")
    va = get_object_or_404(found, prestation=prestation)
    va.prestation = prestation
    return va


def get_condition(request: MemberRequest, pk: int) -> VACondition:
    found = VACondition.objects.visible_to(request.user).select_related("va")
    condition = get_object_or_404(found, pk=pk)
    condition.va.prestation = get_prestation(request, condition.va.prestation_id)
    return condition


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_prestation(request, pk)
    may_bind = can_bind(request.user, prestation)
    va = va_of(prestation)
    if va is None:
        context = {
            "prestation": prestation,
            "asked": lines(Checklist.VA),
            "may_bind": may_bind,
        }
        return render(request, "va/none.html", context)
    va.prestation = prestation
    found = situation(va, now=timezone.now())
    notification, lines_of_board = found.notification, board(prestation)
    context = {
        "prestation": prestation,
        "va": va,
        "situation": found,
        "pill": found.pill,
        "signed_files": signed_files(va),
        "notification_files": file_lines(notification.files.all()) if notification else [],
        "withdrawn_files": withdrawn_files(va),
        "events": history(va, request.user),
        "board": lines_of_board,
        "contradictions": contradictions(found.lines, lines_of_board),
        "may_bind": may_bind,
    }
    return render(request, "va/detail.html", context)


@require_http_methods(READ_WRITE)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_prestation(request, pk)
    require(can_bind(request.user, prestation), MUST_BIND)
    if va_of(prestation):
        messages.info(request, services.ALREADY)
        return redirect("va:detail", pk=pk)
    form = VAForm(posted(request), request.FILES or None)
    record = partial(services.record, prestation, by=request.by)
    if submit(form, lambda: record(said=form.said, proofs=form.cleaned_data["proofs"])):
        remark(request, form)
        messages.success(request, "La VA est enregistrée.")
        return redirect("va:detail", pk=pk)
    return _form(request, form, prestation, "va/create.html")


@require_http_methods(READ_WRITE)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_prestation(request, pk)
    va = get_va(request, prestation)
    require(can_bind(request.user, prestation), MUST_BIND)
    form = VAForm(posted(request), request.FILES or None, known=va)
    act = partial(services.correct, va, by=request.by)

    def save() -> VA:
        data = form.cleaned_data
        return act(said=form.said, proofs=data["proofs"], reason=data["reason"], read=data["read"])

    if submit(form, save):
        remark(request, form)
        messages.success(request, "La VA est corrigée.")
        return redirect("va:detail", pk=pk)
    return _form(request, form, prestation, "va/correct.html")


@require_http_methods(READ_WRITE)
def notify(request: MemberRequest, pk: int) -> HttpResponse:
    """The Client's notification; once there is one, its correction."""
    prestation = get_prestation(request, pk)
    va = get_va(request, prestation)
    require(can_bind(request.user, prestation), MUST_BIND)
    known = getattr(va, "notification", None)
    initial = (
        {"notified_on": known.notified_on, "means": known.means, "read": services.read_stamp(va)}
        if known
        else {}
    )
    form = NotificationForm(
        posted(request), request.FILES or None, initial=initial, corrects=known is not None
    )
    service = va_clock.correct_notification if known else va_clock.notify
    act = partial(service, va, by=request.by)
    if done := submit(form, lambda: act(**form.act())):
        remark(request, form)
        messages.success(request, f"Le délai court depuis le {done.notified_on:%d/%m/%Y}.")
        return redirect("va:detail", pk=pk)
    return _form(request, form, prestation, "va/notify.html", va=va, known=known)


@require_http_methods(READ_WRITE)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """What was recorded as a notification was none."""
    prestation = get_prestation(request, pk)
    va = get_va(request, prestation)
    require(can_bind(request.user, prestation), MUST_BIND)
    known = getattr(va, "notification", None)
    if known is None:
        messages.info(request, va_clock.NOTHING_TO_CORRECT)
        return redirect("va:detail", pk=pk)
    form = UndoForm(posted(request))
    act = partial(va_clock.withdraw_notification, va, by=request.by)
    if submit(form, lambda: act(**form.cleaned_data)):
        messages.success(request, "La notification est retirée : aucun délai ne court.")
        return redirect("va:detail", pk=pk)
    return _form(request, form, prestation, "va/withdraw.html", known=known)


@require_http_methods(READ_WRITE)
def condition(request: MemberRequest, pk: int) -> HttpResponse:
    """The Client's validation of a reported condition."""
    found = get_condition(request, pk)
    form = ValidationForm(posted(request), request.FILES or None)
    done = "La validation est enregistrée."
    return _act_on(
        request, found, form, service=va_clock.validate, done=done, template="va/condition.html"
    )


@require_http_methods(READ_WRITE)
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_condition(request, pk)
    done = "La validation est annulée : la condition est de nouveau à valider."
    form = UndoForm(posted(request))
    return _act_on(
        request, found, form, service=va_clock.undo_validation, done=done, template="va/undo.html"
    )


def _act_on(
    request: MemberRequest,
    found: VACondition,
    form: ValidationForm | UndoForm,
    *,
    service: Any,
    done: str,
    template: str,
) -> HttpResponse:
    prestation = found.va.prestation
    require(can_bind(request.user, prestation), MUST_BIND)
    act = partial(service, found, by=request.by)
    if submit(form, lambda: act(**form.cleaned_data)):
        remark(request, form)
        messages.success(request, done)
        return redirect("va:detail", pk=prestation.pk)
    return _form(request, form, prestation, template, condition=found)


def _form(
    request: MemberRequest, form: Any, prestation: Prestation, template: str, **context: Any
) -> HttpResponse:
    context |= {
        "form": form,
        "prestation": prestation,
        "cancel_url": reverse("va:detail", args=[prestation.pk]),
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
def file(request: MemberRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(VAFile.objects.visible_to(request.user), pk=pk))
