"""The VA of a DRIMbox prestation: its page, and the acts that it records."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from documents.views import file_view, pdf_download
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import Words, form_page, submit
from pilots.checklists.selectors import lines
from pilots.enums import Checklist
from pilots.permissions import can_bind
from pilots.va.forms.va import NotificationForm, UndoForm, VAForm, ValidationForm
from pilots.va.models import VA, Notification, VACondition, VAFile
from pilots.va.selectors.connectors import board
from pilots.va.selectors.papers import va_pdf
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
    seen = prestations_seen(request.user).filter(dispositif__has_va=True)
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


@require_safe
def pdf(request: MemberRequest, pk: int) -> HttpResponse:
    va = get_va(request, get_prestation(request, pk))
    make = partial(va_pdf, va, situation(va, now=timezone.now()))
    return pdf_download(request, make, name=f"va-{pk}.pdf", back=reverse("va:detail", args=[pk]))


@require_http_methods(READ_WRITE)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_prestation(request, pk)
    require(can_bind(request.user, prestation), MUST_BIND)
    if va_of(prestation):
        messages.info(request, services.ALREADY)
        return redirect("va:detail", pk=pk)
    form = VAForm(posted(request), request.FILES or None)
    act = partial(services.record, prestation, by=request.by)
    return _answer(
        request,
        form,
        prestation,
        act,
        done="La VA est enregistrée.",
        title="Enregistrer la VA",
        lead=f"{prestation.client}, {prestation.supplier.solution}. Ce que dit la VA que le Client "
        "a signée, avec le fichier signé.",
        button="Enregistrer la VA",
    )


def _answer(
    request: MemberRequest,
    form: forms.Form,
    prestation: Prestation,
    act: Callable[..., object],
    template: str = "form_page.html",
    *,
    done: Words[Any],
    **words: Any,
) -> HttpResponse:
    """One act about the VA, or the page of its form."""
    back = reverse("va:detail", args=[prestation.pk])
    words |= {"prestation": prestation, "back": back, "breadcrumb": "va/_breadcrumb.html"}
    return submit(request, form, act, done=done, to=back) or form_page(
        request, form, template, **words
    )


@require_http_methods(READ_WRITE)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_prestation(request, pk)
    va = get_va(request, prestation)
    require(can_bind(request.user, prestation), MUST_BIND)
    form = VAForm(posted(request), request.FILES or None, known=va)
    return _answer(
        request,
        form,
        prestation,
        partial(services.correct, va, by=request.by),
        done="La VA est corrigée.",
        title="Corriger la VA",
        lead=f"{prestation.client}, {prestation.supplier.solution}. Ce qui était dit avant, et les "
        "fichiers, restent dans le journal.",
        button="Enregistrer la correction",
    )


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
    return _answer(
        request, form, prestation, act, "va/notify.html", done=_runs_since, va=va, known=known
    )


def _runs_since(notification: Notification) -> str:
    return f"Le délai court depuis le {notification.notified_on:%d/%m/%Y}."


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
    act = partial(va_clock.withdraw_notification, va, by=request.by)
    done = "La notification est retirée : aucun délai ne court."
    form = UndoForm(posted(request))
    return _answer(request, form, prestation, act, "va/withdraw.html", done=done, known=known)


@require_http_methods(READ_WRITE)
def condition(request: MemberRequest, pk: int) -> HttpResponse:
    """The Client's validation of a reported condition."""
    found = get_condition(request, pk)
    prestation = found.va.prestation
    require(can_bind(request.user, prestation), MUST_BIND)
    return _answer(
        request,
        ValidationForm(posted(request), request.FILES or None),
        prestation,
        partial(va_clock.validate, found, by=request.by),
        done="La validation est enregistrée.",
        title="Enregistrer une validation",
        lead=f"{found.label}. {prestation.client} a validé cette condition reportée.",
        button="Enregistrer la validation",
    )


@require_http_methods(READ_WRITE)
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_condition(request, pk)
    require(can_bind(request.user, found.va.prestation), MUST_BIND)
    return _answer(
        request,
        UndoForm(posted(request)),
        found.va.prestation,
        partial(va_clock.undo_validation, found, by=request.by),
        done="La validation est annulée : la condition est de nouveau à valider.",
        title="Annuler une validation",
        lead=f"{found.label}. Si cette validation a été enregistrée par erreur, la condition "
        "redevient reportée et le délai court de nouveau ; ses preuves restent.",
        button="Annuler la validation",
    )


file = file_view(VAFile)
