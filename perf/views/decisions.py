"""Contesting an outage, deciding, bringing two together, taking a version out."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.rules.by import By
from journal.views.acts import submit
from perf.enums import OutageStanding, Source
from perf.forms.outages import ContestForm, OutageDecisionForm, OutageMergeForm, new_reference
from perf.models import Correction, Outage
from perf.permissions import can_contest, can_decide, can_merge, can_reopen
from perf.selectors.outages import choices, overlapping, proof_lines, version_lines
from perf.services import decisions
from perf.services.decisions import Own
from perf.services.merging import merge as bring_together
from perf.services.merging import separate as take_out
from perf.views.outages import address, get_outage, get_version, outage_page, waits
from segur.requests import posted

MUST_BIND = "Seuls un Représentant ou un Mandataire du Fournisseur contestent une indisponibilité."
MUST_REOPEN = (
    "Seuls un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS, peuvent rouvrir "
    "une contestation."
)
MUST_BE_AGENT = "Seul un agent de l'ANS décide d'une indisponibilité contestée."
MUST_MERGE = (
    "Seuls un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS, rapprochent ou "
    "séparent deux indisponibilités."
)
UNTIL_DECIDED = "tant que l'ANS n'a pas décidé."
KEEPS = "La décision garde les instants et la nature retenus, et le Fournisseur est prévenu."
MERGED = "Les deux n'en font plus qu'une."


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: MemberRequest, pk: int) -> HttpResponse:
    """Contest, or reopen after a decision."""
    outage, user = get_outage(request, pk), request.user
    prestation = outage.service.prestation
    again = outage.decided_at is not None
    if again:
        require(can_reopen(user, prestation), MUST_REOPEN)
    else:
        require(can_contest(user, prestation), MUST_BIND)
    form = ContestForm(
        posted(request),
        request.FILES or None,
        has_version=not can_contest(user, prestation)
        or outage.versions.filter(source=Source.SUPPLIER).exists(),
        again=again,
    )
    title = "Rouvrir la contestation" if again else f"Contester la {outage.noun}"
    act = partial(_contest, outage, by=request.by)
    done = f"La contestation est enregistrée. La {outage.noun} compte {UNTIL_DECIDED}"
    return submit(request, form, act, done=done, to=address) or outage_page(
        request, form, outage, "perf/outages/contest.html", title=title, button=title, again=again
    )


def _contest(
    outage: Outage,
    *,
    reason: str,
    proofs: list[Any],
    by: By,
    started_at: dt.datetime | None = None,
    ended_at: dt.datetime | None = None,
) -> Outage:
    own = Own(new_reference(by.at), started_at, ended_at) if started_at else None
    return decisions.contest(outage, reason=reason, own=own, proofs=proofs, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    outage = get_outage(request, pk)
    require(can_decide(request.user), MUST_BE_AGENT)
    form = OutageDecisionForm(posted(request), request.FILES or None, outage=outage)
    act = partial(decisions.decide, outage, by=request.by)
    return submit(request, form, act, done=_decided, to=address) or outage_page(
        request,
        form,
        outage,
        "perf/outages/decide.html",
        title="Décision",
        more=KEEPS,
        button="Enregistrer la décision",
        lines=version_lines(outage, request.user),
        proofs=proof_lines(outage),
        **_choices(outage),
        barred=decisions.is_party(request.user, outage),
    )


def _choices(outage: Outage) -> dict[str, Any]:
    period, found = choices(outage, now=timezone.now().replace(microsecond=0))
    return {"period": period, "choices": found}


def _decided(outage: Outage) -> str:
    decision = OutageStanding(outage.standing).label.lower()
    return f"Décision enregistrée : {decision}. Le Fournisseur est prévenu."


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose, among those that overlap, the one that is the same incident."""
    outage = get_outage(request, pk)
    require(can_merge(request.user, outage.service.prestation), MUST_MERGE)
    form = OutageMergeForm(posted(request), outage=outage)
    act = partial(bring_together, outage, by=request.by)
    words = {"title": "Rapprochement", "button": "Rapprocher"}
    back = partial(_then, outage)
    return submit(request, form, act, done=_merged, to=back) or outage_page(
        request, form, outage, "perf/outages/merge.html", others=overlapping(outage), **words
    )


@require_http_methods(["GET", "HEAD", "POST"])
def separate(request: MemberRequest, pk: int) -> HttpResponse:
    version, outage = get_version(request, pk)
    require(can_merge(request.user, outage.service.prestation), MUST_MERGE)
    form = forms.Form(posted(request))
    act = partial(take_out, version, by=request.by)
    words = {"title": "Séparation d'une version", "button": "Séparer cette version"}
    back = partial(_then, outage)
    return submit(request, form, act, done=_separated, to=back) or outage_page(
        request, form, outage, "perf/outages/separate.html", version=version, **words
    )


def _merged(done: Outage | Correction) -> str:
    return waits(done) if isinstance(done, Correction) else MERGED


def _separated(done: Outage | Correction) -> str:
    if isinstance(done, Correction):
        return waits(done)
    return f"La version est devenue la {done.name}."


def _then(outage: Outage, done: Outage | Correction) -> str:
    """The outage that the act made or kept, or the same where the act waits for the ANS."""
    return address(outage if isinstance(done, Correction) else done)
