"""Outages by hand: their page, their versions, the service that they belong to."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from documents.views import file_view
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, remarks, submit
from perf.enums import OutageStanding
from perf.forms.outages import EndForm, ProofsForm, ServiceForm, VersionForm
from perf.models import Correction, Outage, OutageProof, OutageVersion, Service
from perf.permissions import (
    can_contest,
    can_decide,
    can_merge,
    can_record,
    can_reopen,
    can_set_probe,
    sources_of,
)
from perf.selectors.correction_lists import pending_of_outage
from perf.selectors.outage_history import journal_lines
from perf.selectors.outages import (
    MEANINGS,
    effect,
    leads_to,
    outages_seen,
    overlapping,
    proof_lines,
    version_lines,
)
from perf.services import decisions, outages
from perf.services.proposals import figures_of
from perf.services.services import NOT_DRIMBOX, service_save
from segur.requests import posted

PARTS_SHOWN = 60
BESIDE = (
    "Elle s'ajoute aux autres sans changer ce qui compte : pour cela, il faut une contestation et "
    "une décision."
)
MUST_RECORD = (
    "Seuls les membres du Fournisseur de cette prestation et les agents de l'ANS enregistrent ses "
    "indisponibilités."
)
MUST_SPEAK = (
    "Cette version ne peut être modifiée que par les personnes de sa source. Ajoutez votre version."
)


def get_outage(request: MemberRequest, pk: int) -> Outage:
    return get_object_or_404(outages_seen(request.user), pk=pk)


def get_version(request: MemberRequest, pk: int) -> tuple[OutageVersion, Outage]:
    """A version, and the outage that it is of."""
    version = get_object_or_404(OutageVersion.objects.visible_to(request.user), pk=pk)
    outage = get_outage(request, version.outage_id)
    version.outage = outage
    return version, outage


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    if other := leads_to(pk, request.user):
        return redirect("perf:outage", pk=other)
    return render(request, "perf/outages/detail.html", detail_context(request, pk))


def detail_context(
    request: MemberRequest, pk: int, *, end_form: EndForm | None = None
) -> dict[str, Any]:
    outage, user, now = get_outage(request, pk), request.user, timezone.now()
    prestation = outage.service.prestation
    lines = version_lines(outage, user)
    is_open = outage.ended_at is None and outage.started_at <= now
    may_end = is_open and any(line.counts and line.may_edit for line in lines)
    undecided = outage.standing == OutageStanding.UNCONTESTED
    contestable = can_contest if undecided else can_reopen
    is_contested = outage.standing == OutageStanding.CONTESTED
    awaits_decision = is_contested and can_decide(user)
    is_barred = awaits_decision and decisions.is_party(user, outage)
    return {
        "outage": outage,
        "prestation": prestation,
        "meaning": MEANINGS[OutageStanding(outage.standing)],
        "is_open": is_open,
        "is_planned": outage.started_at > now,
        "lines": lines,
        "later": [line for line in lines if line.later],
        "effect": effect(outage, now=now.replace(microsecond=0)),
        "parts_shown": PARTS_SHOWN,
        "others": overlapping(outage),
        "proofs": proof_lines(outage),
        "corrections": pending_of_outage(outage, now),
        "events": journal_lines(outage, user),
        "end_form": end_form or (EndForm(initial={"ended_at": now}) if may_end else None),
        "may_record": can_record(user, prestation),
        "may_contest": not is_contested and contestable(user, prestation),
        "may_decide": awaits_decision and not is_barred,
        "is_barred": is_barred,
        "may_merge": can_merge(user, prestation),
    }


def address(outage: Outage) -> str:
    return reverse("perf:outage", args=[outage.pk])


def waits(correction: Correction) -> str:
    """The message after an act that lowers D_f."""
    lengths, scores = figures_of(correction)
    return (
        f"Cette correction réduit D_f ({correction.period}) : {lengths}, PERF {scores}. Elle est "
        "transmise à l'ANS et compte à partir de sa décision."
    )


def outage_page(
    request: MemberRequest,
    form: forms.Form,
    outage: Outage,
    template: str = "form_page.html",
    *,
    more: str = "",
    **texts: Any,
) -> HttpResponse:
    """The page of one form about an outage; `more` follows its name."""
    prestation = outage.service.prestation
    texts |= {"lead": f"{outage.title}, {prestation.client}. {more}".strip(), "outage": outage}
    return _page(request, form, prestation, template, back=address(outage), **texts)


def _page(
    request: MemberRequest, form: Any, prestation: Prestation, template: str, **texts: Any
) -> HttpResponse:
    texts |= {"prestation": prestation, "breadcrumb": "perf/outages/_breadcrumb.html"}
    return form_page(request, form, template, **texts)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_object_or_404(prestations_seen(request.user), pk=pk)
    require(can_record(request.user, prestation), MUST_RECORD)
    service = Service.objects.filter(prestation=prestation).first()
    if service is None:
        messages.info(request, "Déclarez d'abord le service supervisé de cette prestation.")
        return redirect("perf:service", pk=pk)
    form = _version_form(request)
    act = partial(decisions.write, service=service, outage=None, by=request.by)
    return submit(request, form, act, done=_recorded, to=address) or _page(
        request,
        form,
        prestation,
        "form_page.html",
        title="Nouvelle indisponibilité",
        lead=f"{prestation.client}, {prestation.supplier.solution}, service {service.code}.",
        button="Enregistrer",
        back=reverse("perf:prestation", args=[pk]),
    )


def _recorded(outage: Outage) -> str:
    return f"{outage.noun.capitalize()} enregistrée."


@require_http_methods(["GET", "HEAD", "POST"])
def add_version(request: MemberRequest, pk: int) -> HttpResponse:
    outage = get_outage(request, pk)
    require(can_record(request.user, outage.service.prestation), MUST_RECORD)
    form = _version_form(request, outage=outage)
    act = partial(decisions.write, service=outage.service, outage=outage, by=request.by)
    return submit(request, form, act, done="Version ajoutée.", to=address) or outage_page(
        request, form, outage, title="Nouvelle version", more=BESIDE, button="Ajouter la version"
    )


def _version_form(request: MemberRequest, **about: Any) -> VersionForm:
    sources, now = sources_of(request.user), timezone.now()
    return VersionForm(posted(request), request.FILES or None, sources=sources, now=now, **about)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_version(request: MemberRequest, pk: int) -> HttpResponse:
    version, outage = get_version(request, pk)
    require(can_record(request.user, outage.service.prestation), MUST_RECORD)
    require(version.source in sources_of(request.user), MUST_SPEAK)
    form = _version_form(request, outage=outage, known=version)
    act = partial(
        outages.record,
        service=outage.service,
        source=version.source,
        reference=version.reference,
        by=request.by,
    )
    return submit(request, form, act, done=_changed, to=address(outage)) or outage_page(
        request,
        form,
        outage,
        "perf/outages/version_edit.html",
        title="Correction d'une version",
        button="Enregistrer la version",
        version=version,
    )


def _changed(recorded: outages.Recorded) -> str:
    if recorded.correction:
        return waits(recorded.correction)
    return "Version enregistrée." if recorded.changed else "Rien n'a changé."


@require_POST
def end(request: MemberRequest, pk: int) -> HttpResponse:
    outage = get_outage(request, pk)
    require(can_record(request.user, outage.service.prestation), MUST_RECORD)
    counting = outage.counting
    require(counting is not None and counting.source in sources_of(request.user), MUST_SPEAK)
    form = EndForm(request.POST)
    act = partial(decisions.end, outage, by=request.by)

    def ended(recorded: outages.Recorded) -> str:
        at_once = f"La fin de la {outage.noun} est enregistrée."
        return waits(recorded.correction) if recorded.correction else at_once

    return submit(request, form, act, done=ended, to=address(outage)) or form_page(
        request, form, "perf/outages/detail.html", **detail_context(request, pk, end_form=form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: MemberRequest, pk: int) -> HttpResponse:
    outage = get_outage(request, pk)
    require(can_record(request.user, outage.service.prestation), MUST_RECORD)
    form = ProofsForm(posted(request), request.FILES or None)

    def joined(_: Outage) -> str | None:
        is_new = len(remarks(form)) < len(form.cleaned_data["proofs"])
        return "Les pièces sont jointes." if is_new else None

    act = partial(decisions.attach, outage, by=request.by)
    return submit(request, form, act, done=joined, to=address) or outage_page(
        request, form, outage, title="Nouvelles pièces", button="Joindre les pièces"
    )


proof = file_view(OutageProof)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: MemberRequest, pk: int) -> HttpResponse:
    """The supervised service of a DRIMbox prestation: declare it, or rename it."""
    prestation = get_object_or_404(prestations_seen(request.user), pk=pk)
    require(can_record(request.user, prestation), MUST_RECORD)
    require(prestation.dispositif.has_perf, NOT_DRIMBOX)
    known = Service.objects.filter(prestation=prestation).first()
    form = ServiceForm(
        posted(request),
        instance=known,
        initial={} if known else {"code": _code(prestation)},
        with_probe=can_set_probe(request.user),
    )
    act = partial(service_save, prestation, by=request.by)
    back, done = reverse("perf:prestation", args=[pk]), "Le service supervisé est enregistré."
    history = edits(known, request.user) if known else []
    return submit(request, form, act, done=done, to=back) or _page(
        request, form, prestation, "perf/outages/service.html", service=known, history=history
    )


def _code(prestation: Prestation) -> str:
    """Never made from what others have: it would tell who else serves the Client."""
    return f"drimbox-{prestation.client.finess}-{prestation.pk}"
