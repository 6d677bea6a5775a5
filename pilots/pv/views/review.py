"""«Instruction»: the queue of the ANS, the page of a PV in review, its acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.models import User
from accounts.permissions import is_agent
from documents.views import download
from journal.permissions import require
from journal.views.acts import Words, form_page, press, submit
from pilots.enums import ASSIGNABLE_STATES
from pilots.permissions import can_publish, can_review
from pilots.pv.forms.review import AssignForm, ContradictForm, DecideForm, QueueFilter, ReopenForm
from pilots.pv.models import PilotPV, PVDecision, PVFile
from pilots.pv.selectors import review as selectors
from pilots.pv.selectors.publications import alive_publication, outlives_its_reason, proposals
from pilots.pv.selectors.pvs import journal_of, reopening, signed_files, since_refusal
from pilots.pv.services import review as services
from pilots.pv.services.transitions import PVS
from segur.requests import is_key, page_of

AGENTS_ONLY = "L'instruction des PV est réservée aux agents de l'ANS."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    now, form = timezone.now(), QueueFilter(request.GET)
    view = form.chosen.get("vue", "")
    found = selectors.queue(request.user, view=view, q=form.chosen.get("q", ""))
    page = page_of(request, found)
    usual, is_closed = selectors.usual_time(now), view == "clos"
    rows = selectors.queue_rows(page, request.user, now=now, usual=usual.days)
    assignable = [row.pv for row in rows if row.may_assign]
    context = {
        "form": form,
        "view": view,
        "active": form.active,
        "tabs": _tabs(request.user, view),
        "page_obj": page,
        "rows": rows,
        "usual": usual,
        "is_closed": is_closed,
        "proposals": list(proposals()) if can_publish(request.user) else [],
        "assign_form": AssignForm(to=selectors.agents_for(assignable)) if assignable else None,
    }
    return render(request, "review/index.html", context)


def _tabs(user: User, current: str) -> list[dict[str, Any]]:
    counts, address = selectors.counts(user), reverse("review:index")
    return [
        {
            "label": label,
            "url": f"{address}?vue={code}" if code else address,
            "current": code == current,
            "count": counts[code],
        }
        for code, label in selectors.VIEWS
    ]


@require_POST
def assign(request: MemberRequest) -> HttpResponse:
    """One PV or many, each for itself: what may not be assigned is told, the others are."""
    require(is_agent(request.user), AGENTS_ONLY)
    asked = [int(pk) for pk in request.POST.getlist("pv") if is_key(pk)]
    found = list(PilotPV.objects.visible_to(request.user).filter(pk__in=asked).order_by("pk"))
    form = AssignForm(request.POST, to=selectors.agents(), pvs=[pv.pk for pv in found])
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(_back(request))
    to, done = form.cleaned_data["agent"], 0
    for pv in found:
        try:
            services.assign(pv, to=to, by=request.by)
            done += 1
        except (ValidationError, PermissionDenied) as refusal:
            messages.error(request, _words(refusal))
    if done:
        messages.success(request, f"{done} PV affecté{'s' if done > 1 else ''} à {to}.")
    return redirect(_back(request))


def _words(refusal: ValidationError | PermissionDenied) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def _back(request: MemberRequest) -> str:
    """Where one came from, when it is a page of this site."""
    asked = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if known and asked.startswith("/") else reverse("review:index")


def _get_pv(request: MemberRequest, pk: int) -> PilotPV:
    pv = get_object_or_404(selectors.pv_seen(request.user), pk=pk)
    require(is_agent(request.user), AGENTS_ONLY)
    return pv


@require_safe
def pv(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "review/pv.html", _page(request, _get_pv(request, pk)))


def _page(
    request: MemberRequest,
    pv: PilotPV,
    **sent: forms.Form,
) -> dict[str, Any]:
    """`sent`: the form that was refused, by its name in the context."""
    now, user = timezone.now(), request.user
    reviewer = services.reviewer_of(pv)
    usual = selectors.usual_time(now)
    files, prestation = signed_files(pv), pv.pilot.prestation
    file = files[0].file if files else None
    may = {
        f"may_{name}": PVS.allows(pv, act, by=request.by)
        for name, act in (
            ("give_back", "give_back"),
            ("decide", "accept"),
            ("confirm", "confirm"),
            ("reopen", "reopen"),
        )
    }
    may["may_take"] = can_review(user, pv) and services.is_to_take(pv)
    publication = alive_publication(pv)
    read = {"read": file.sha256 if file else ""}
    return {
        "pv": pv,
        "prestation": prestation,
        "row": selectors.queue_rows([pv], user, now=now, usual=usual.days)[0],
        "usual": usual,
        "file": file,
        "facts": selectors.facts(pv),
        "checks": selectors.checks(pv, file, now=now),
        "files": files,
        "twins": selectors.twins(pv, file),
        "since": since_refusal(pv),
        "reopening": reopening(pv),
        "publication": publication,
        "may_publish": can_publish(user),
        "outlives": publication is not None and outlives_its_reason(publication, now=now),
        "decisions": selectors.decision_lines(pv, user),
        "events": journal_of(pv, user),
        "neighbours": selectors.neighbours(pv, user),
        "decide_form": DecideForm(mentions=pv.mentions.all(), initial=read),
        "contradict_form": ContradictForm(),
        "reopen_form": ReopenForm(),
        "assign_form": AssignForm(to=selectors.agents_for([pv]))
        if can_review(user, pv) and pv.state in ASSIGNABLE_STATES
        else None,
        "taken_from": reviewer if reviewer != user else None,
        "is_own": not can_review(user, pv),
        **may,
        **sent,
    }


@require_POST
def take(request: MemberRequest, pk: int) -> HttpResponse:
    asked = request.POST.get("instead_of", "")
    act = partial(services.take, instead_of=int(asked) if is_key(asked) else None)
    return _act(request, pk, act, "Vous instruisez ce PV.")


@require_POST
def give_back(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.give_back, "Le PV est rendu à la file.")


@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    told = "La non-conformité est confirmée : le Fournisseur est prévenu."
    return _act(request, pk, services.confirm, told)


def _act(
    request: MemberRequest, pk: int, service: Callable[..., Any], success: str
) -> HttpResponse:
    """An act without a form: done, or the refusal above the page as it now is."""
    act = partial(service, _get_pv(request, pk), by=request.by)
    return press(request, act, done=success, to=_address(pk))


def _judge(
    request: MemberRequest,
    name: str,
    pv: PilotPV,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    done: Words[Any],
) -> HttpResponse:
    """One of the forms of the page, which shows it again when it is refused."""
    if answer := submit(request, form, act, done=done, to=_address(pv.pk)):
        return answer
    context = _page(request, _get_pv(request, pv.pk), **{f"{name}_form": form})
    return form_page(request, form, "review/pv.html", **context)


def _address(pk: int) -> str:
    return reverse("review:pv", args=[pk])


@require_POST
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    pv = _get_pv(request, pk)
    form = DecideForm(request.POST, mentions=pv.mentions.all())
    act = partial(services.decide, pv, by=request.by)
    return _judge(request, "decide", pv, form, act, done=_decided)


def _decided(decision: PVDecision) -> str:
    if decision.confirmed_at:
        return f"« {decision.get_outcome_display()} » est enregistré : le Fournisseur est prévenu."
    return "« Non conforme » est proposé : un autre agent doit le confirmer."


@require_POST
def contradict(request: MemberRequest, pk: int) -> HttpResponse:
    pv = _get_pv(request, pk)
    act = partial(services.contradict, pv, by=request.by)
    done = "La non-conformité n'est pas confirmée : le PV reste en contrôle."
    return _judge(request, "contradict", pv, ContradictForm(request.POST), act, done=done)


@require_POST
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    pv = _get_pv(request, pk)
    act = partial(services.reopen, pv, by=request.by)
    done = "L'instruction est rouverte : le Fournisseur est prévenu."
    return _judge(request, "reopen", pv, ReopenForm(request.POST), act, done=done)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # typed for no argument
def file(request: MemberRequest, pk: int) -> FileResponse:
    """The signed file as it came, shown beside the check-list: the one page that a page of this
    site may frame.
    """
    found = get_object_or_404(PVFile.objects.visible_to(request.user), pk=pk)
    require(is_agent(request.user), AGENTS_ONLY)
    return download(found, inline=True)
