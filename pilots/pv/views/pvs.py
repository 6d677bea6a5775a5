"""PV of the pilots: prepared, produced, signed, sent."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from documents.views import file_view, pdf_download
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from pilots.enums import EDITABLE_STATES, WAITING_STATES, PVState
from pilots.permissions import can_bind, can_edit
from pilots.pv.forms.pvs import PVForm, PVReasonForm, SignedForm
from pilots.pv.models import PilotPV, PVDecision, PVFile
from pilots.pv.reading.paper import Mentions
from pilots.pv.rules.precheck import precheck, warnings
from pilots.pv.selectors.papers import decision_pdf, pv_pdf, sending_pdf
from pilots.pv.selectors.perimeters import lines_of
from pilots.pv.selectors.pilots import pilots_seen
from pilots.pv.selectors.pvs import (
    journal_of,
    pv_facts,
    pvs_seen,
    refusals,
    reopening,
    sendings,
    signed_files,
    since_refusal,
    state_for,
)
from pilots.pv.selectors.words import PV_MEANINGS
from pilots.pv.services import pvs
from pilots.pv.views.pilots import address as pilot_address
from pilots.va.selectors.connectors import board
from segur.requests import posted

MUST_PREPARE = "Seul un membre du Fournisseur prépare ce PV et y joint le fichier signé."
MUST_BIND = (
    "Transmettre, reprendre ou abandonner un PV engage le Fournisseur : un Représentant ou un "
    "Mandataire le fait."
)
CHANGED = "Le fichier signé ne correspond plus à ce texte : faites signer le nouveau PV."
SENT = "PV transmis à l'ANS. Le récépissé vous est aussi envoyé par courriel."


def get_pv(request: MemberRequest, pk: int) -> PilotPV:
    return get_object_or_404(pvs_seen(request.user), pk=pk)


def address(pv: PilotPV) -> str:
    return reverse("pilots:pv", args=[pv.pk])


@require_POST
def create(request: MemberRequest, pk: int) -> HttpResponse:
    pilot = get_object_or_404(pilots_seen(request.user), pk=pk)
    require(can_edit(request.user, pilot.prestation), MUST_PREPARE)
    act = partial(pvs.create, pilot, by=request.by)
    return press(request, act, done="", to=_edit_address, back=pilot_address(pilot))


def _edit_address(pv: PilotPV) -> str:
    return reverse("pilots:pv_edit", args=[pv.pk])


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "pilots/pv.html", _context(request, get_pv(request, pk)))


def _context(request: MemberRequest, pv: PilotPV) -> dict[str, Any]:
    prestation, state = pv.pilot.prestation, state_for(request.user, pv)
    facts = pv_facts(pv, now=timezone.now())
    is_editable = state in EDITABLE_STATES and pv.pilot.withdrawn_at is None
    sent = sendings(pv)
    return {
        "pv": pv,
        "pilot": pv.pilot,
        "prestation": prestation,
        "state": state,
        "meaning": PV_MEANINGS[state],
        "reasons": lines_of(precheck(facts)) if is_editable else [],
        "to_fill": [*facts.empty_mentions, *([] if facts.signatory else ["le signataire"])],
        "warnings": warnings(facts) if is_editable else [],
        "mentions": pv.mentions.all(),
        "files": signed_files(pv),
        "last_sending": sent[0] if sent else None,
        "judged": refusals(pv).filter(pv=pv).first(),
        "since": since_refusal(pv),
        "reopening": reopening(pv),
        "decided": list(pv.decisions.exclude(confirmed_at=None)),
        "board": board(prestation),
        "events": journal_of(pv, request.user),
        "is_waiting": state in WAITING_STATES,
        "may_edit": is_editable and can_edit(request.user, prestation),
        "may_bind": can_bind(request.user, prestation),
        "may_abandon": state in EDITABLE_STATES and can_bind(request.user, prestation),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    require(can_edit(request.user, pv.pilot.prestation), MUST_PREPARE)
    was_signed = pv.state == PVState.SIGNED
    form = PVForm(posted(request), pv=pv)
    act = partial(pvs.edit, pv, by=request.by)
    done = CHANGED if was_signed else "PV enregistré, pas encore transmis."
    return submit(request, form, act, done=done, to=address(pv)) or form_page(
        request, form, "pilots/pv_edit.html", pv=pv, pilot=pv.pilot, was_signed=was_signed
    )


@require_safe
def document(request: MemberRequest, pk: int) -> HttpResponse:
    """The PV to be signed, as a PDF that `pdf_mark` recognises if it comes back unsigned."""
    pv = get_pv(request, pk)
    make = partial(_marked_pdf, pv, now=timezone.now())
    back = reverse("pilots:pv", args=[pk])
    return pdf_download(request, make, name=f"pv-pilote-{pk}.pdf", back=back)


def _marked_pdf(pv: PilotPV, *, now: dt.datetime) -> bytes:
    from pilots.pv.reading.pdf_mark import marked  # noqa: PLC0415  (loads pikepdf, 0.2 s)

    lacks = pv_facts(pv, now=now).empty_mentions
    return marked(pv_pdf(pv, now=now), Mentions.LACKING if lacks else Mentions.COMPLETE)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    require(can_edit(request.user, pv.pilot.prestation), MUST_PREPARE)
    now = timezone.now()
    form = SignedForm(posted(request), request.FILES or None, now=now)
    act = partial(pvs.attach_signed, pv, by=request.by)
    return submit(request, form, act, done=_joined, to=address(pv)) or form_page(
        request, form, "pilots/pv_sign.html", pv=pv, pilot=pv.pilot
    )


def _joined(file: PVFile) -> str:
    return f"Fichier joint, version {file.number} : {file.get_signature_display().lower()}."


file = file_view(PVFile)


@require_POST
def send(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    require(can_bind(request.user, pv.pilot.prestation), MUST_BIND)
    context = _context(request, pv)
    if pv.state == PVState.SIGNED and context["reasons"]:
        messages.error(request, "Le PV n'est pas transmis : voyez ce qui manque.")
        return render(request, "pilots/pv.html", context, status=422)
    act, to = partial(pvs.send, pv, by=request.by), reverse("pilots:pv_receipt", args=[pk])
    return press(request, act, done=SENT, to=to, back=address(pv))


@require_safe
def receipt(request: MemberRequest, pk: int) -> HttpResponse:
    """Every sending of the PV to the ANS, the latest first."""
    pv = get_pv(request, pk)
    context = {"pv": pv, "pilot": pv.pilot, "sendings": sendings(pv)}
    return render(request, "pilots/pv_receipt.html", context)


@require_safe
def receipt_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    """The receipt of the last sending."""
    pv = get_pv(request, pk)
    sent = sendings(pv)
    if not sent:
        raise Http404
    make, back = partial(sending_pdf, pv, sent[0]), reverse("pilots:pv_receipt", args=[pk])
    return pdf_download(request, make, name=f"{sent[0].number}.pdf", back=back)


@require_safe
def decision(request: MemberRequest, pk: int) -> HttpResponse:
    """A decision on paper, once it has taken effect."""
    seen = PVDecision.objects.visible_to(request.user).exclude(confirmed_at=None)
    found = get_object_or_404(seen.select_related("file"), pk=pk)
    pv = get_pv(request, found.pv_id)
    make, back = partial(decision_pdf, pv, found), reverse("pilots:pv", args=[pv.pk])
    return pdf_download(request, make, name=f"decision-pv-{pv.pk}-{pk}.pdf", back=back)


@require_POST
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    require(can_bind(request.user, pv.pilot.prestation), MUST_BIND)
    act = partial(pvs.take_back, pv, by=request.by)
    return press(request, act, done="PV repris : l'ANS ne l'a plus dans sa file.", to=address(pv))


@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: MemberRequest, pk: int) -> HttpResponse:
    pv = get_pv(request, pk)
    require(can_bind(request.user, pv.pilot.prestation), MUST_BIND)
    form = PVReasonForm(posted(request))
    act = partial(pvs.abandon, pv, by=request.by)
    done = "PV abandonné. Il reste consultable, avec son journal."
    return submit(request, form, act, done=done, to=pilot_address(pv.pilot)) or form_page(
        request,
        form,
        title="Abandonner le PV",
        lead=f"{pv.pilot.client}. Rien n'est supprimé : le PV, ses fichiers et son journal "
        "restent. Un autre PV peut être préparé.",
        here="Abandonner",
        button="Abandonner ce PV",
        back=address(pv),
        breadcrumb="pilots/_breadcrumb.html",
        pv=pv,
        pilot=pv.pilot,
    )
