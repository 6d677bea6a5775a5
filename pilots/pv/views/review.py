"""«Instruction»: the queue of the ANS, the page of a PV in review, its acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db.models import Q
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.models import User
from accounts.permissions import is_agent
from calendar_app.selectors.portfolio.safe_days import ReviewTime
from calendar_app.services.quiet import Quiet
from documents.views import download
from journal.permissions import require
from journal.rules.bulk import Counted
from journal.services.bulk import Bulk, register
from journal.views.bulk import bar
from pilots.enums import ASSIGNABLE_STATES, PVState
from pilots.permissions import can_publish, can_review
from pilots.pv.forms.review import (
    AssignForm,
    ContradictForm,
    DecideForm,
    QueueFilter,
    ReopenForm,
    SecondForm,
)
from pilots.pv.models import PilotPV, PVFile, ReasonSentence
from pilots.pv.selectors import queue as selectors
from pilots.pv.selectors.ages import aged
from pilots.pv.selectors.next_pv import has_reviewable, is_given_to, reviewable
from pilots.pv.selectors.publications import (
    Matter,
    alive_publication,
    matters_of_review,
    outlives_its_reason,
    proposals,
)
from pilots.pv.selectors.pvs import journal_of, reopening, signed_files, since_refusal
from pilots.pv.selectors.review import checks, decision_lines, facts, twins
from pilots.pv.selectors.reviewers import seconds_for
from pilots.pv.services import pending
from pilots.pv.services import review as services
from pilots.pv.services.assigning import assign_all, assign_refusals
from pilots.pv.services.transitions import PVS
from pilots.querysets import PilotPVQuerySet
from segur.lib.canonical import digest
from segur.requests import page_of

ROWS_SHOWN = 25
PROPOSALS_SHOWN = 4
AGENTS_ONLY = "L'instruction des PV est réservée aux agents de l'ANS."


def queue_found(request: MemberRequest, now: dt.datetime) -> tuple[PilotPVQuerySet, QueueFilter]:
    form = QueueFilter(request.GET)
    waiting = aged(form.chosen.get("attente", ""), now)
    if supplier := form.chosen.get("fournisseur"):
        waiting &= Q(pilot__prestation__organisation=supplier)
    view, q = form.chosen.get("vue", ""), form.chosen.get("q", "")
    return selectors.queue(request.user, view=view, q=q, waiting=waiting), form


def _place(pvs: Sequence[PilotPV]) -> str:
    return reverse("review:pv", args=[pvs[0].pk]) if len(pvs) == 1 else reverse("review:index")


ASSIGN = Bulk(
    name="affecter-pv",
    entry="pv.assign_many",
    title="PV affectés ensemble",
    label="Affecter",
    lead="L'agent choisi instruit ces PV. Un agent à qui plusieurs sont repris reçoit un seul "
    "courriel, qui les énumère.",
    button=Counted("Affecter le PV", "Affecter les {} PV"),
    done=Counted("{} PV affecté", "{} PV affectés"),
    may=is_agent,
    barrier=AGENTS_ONLY,
    rows=selectors.pv_seen,
    matching=lambda request, _rows: queue_found(request, timezone.now())[0],
    refusals=assign_refusals,
    stamp=lambda pv: digest([pv.state, pv.assigned_to_id or 0])[:12],
    words=lambda pv: f"{pv.pilot.prestation.client}, {pv.pilot.prestation.supplier.solution}",
    group=lambda pv: f"Fournisseur : {pv.pilot.prestation.organisation}",
    form=AssignForm,
    act=assign_all,
    place=_place,
    back=lambda: reverse("review:index"),
)
register(ASSIGN)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    now = timezone.now()
    found, form = queue_found(request, now)
    view = form.chosen.get("vue", "")
    page = page_of(request, found.values_list("pk", flat=True), per_page=ROWS_SHOWN)
    quiet = Quiet(request.user, request.organisation, now)
    known = quiet.keep("instruction", partial(_around, request.user, now))
    usual, is_closed = known.usual, view == "clos"
    pvs = selectors.in_order(list(page))
    rows = selectors.queue_rows(pvs, request.user, now=now, usual=usual.working_days)
    context = {
        "form": form,
        "view": view,
        "active": form.active,
        "tabs": _tabs(known.counts, view),
        "page_obj": page,
        "rows": rows,
        "usual": usual,
        "is_closed": is_closed,
        "matters": known.matters,
        "has_next": known.has_next,
        **_first_proposals(request.user),
        **bar(request, () if is_closed else (ASSIGN.name,)),
    }
    return render(request, "review/index.html", context)


def _first_proposals(user: User) -> dict[str, Any]:
    """Those that wait the longest; the page of publications has all of them."""
    if not can_publish(user):
        return {"proposals": [], "proposal_count": 0}
    first = list(proposals()[: PROPOSALS_SHOWN + 1])
    if len(first) <= PROPOSALS_SHOWN:
        return {"proposals": first, "proposal_count": len(first)}
    return {"proposals": first[:PROPOSALS_SHOWN], "proposal_count": proposals().count()}


class AroundQueue(NamedTuple):
    """What stands around the queue, whatever narrows it."""

    counts: dict[str, int]
    usual: ReviewTime
    matters: list[Matter]
    has_next: bool


def _around(user: User, now: dt.datetime) -> AroundQueue:
    return AroundQueue(
        selectors.counts(user),
        selectors.usual_time(now),
        list(matters_of_review(user, now)),
        has_reviewable(user),
    )


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    address = reverse("review:index")
    return [
        {
            "label": label,
            "url": f"{address}?vue={code}" if code else address,
            "current": code == current,
            "count": counts[code],
        }
        for code, label in selectors.VIEWS
    ]


def get_pv(request: MemberRequest, pk: int) -> PilotPV:
    pv = get_object_or_404(selectors.pv_seen(request.user), pk=pk)
    require(is_agent(request.user), AGENTS_ONLY)
    return pv


@require_safe
def pv(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "review/pv.html", context_of(request, get_pv(request, pk)))


def _rights(request: MemberRequest, pv: PilotPV) -> dict[str, bool]:
    """What the person may do to the PV now, by the names of the page."""
    user = request.user
    acts = ("give_back", "confirm", "reopen", "recall", "retract")
    may = {f"may_{act}": PVS.allows(pv, act, by=request.by) for act in acts}
    may["may_decide"] = PVS.allows(pv, "accept", by=request.by) or is_given_to(pv, user)
    may["may_take"] = can_review(user, pv) and services.is_to_take(pv) and not may["may_decide"]
    return may


def context_of(request: MemberRequest, pv: PilotPV, **forms: Form) -> dict[str, Any]:
    """The context of the page; `forms` are those that hold what was refused, by their names."""
    now, user = timezone.now(), request.user
    reviewer = services.reviewer_of(pv)
    usual = selectors.usual_time(now)
    files, prestation = signed_files(pv), pv.pilot.prestation
    file = files[0].file if files else None
    may = _rights(request, pv)
    publication = alive_publication(pv)
    waits = pv.decisions.pending().first() if can_review(user, pv) else None
    seconds = seconds_for(pv, waits) if waits and pv.state == PVState.TO_CONFIRM else None
    read = {"read": file.sha256 if file else ""}
    return {
        "pv": pv,
        "prestation": prestation,
        "row": selectors.queue_rows([pv], user, now=now, usual=usual.working_days)[0],
        "usual": usual,
        "file": file,
        "is_opened": file is not None and file.openings.filter(user=user).exists(),
        "facts": facts(pv),
        "checks": checks(pv, file, now=now),
        "files": files,
        "twins": twins(pv, file),
        "since": since_refusal(pv),
        "reopening": reopening(pv),
        "publication": publication,
        "may_publish": can_publish(user),
        "outlives": publication is not None and outlives_its_reason(publication, now=now),
        "decisions": decision_lines(pv, user),
        "events": journal_of(pv, user),
        "neighbours": selectors.neighbours(pv, user),
        "has_next": bool(reviewable(user, after=pv.pk)),
        "sentences": list(ReasonSentence.objects.visible_to(user)) if may["may_decide"] else [],
        "decide_form": DecideForm(mentions=pv.mentions.all(), initial=read),
        "contradict_form": ContradictForm(),
        "reopen_form": ReopenForm(),
        "pending": waits,
        "second_form": SecondForm(to=seconds) if seconds else None,
        "may_assign": can_review(user, pv) and pv.state in ASSIGNABLE_STATES,
        "taken_from": reviewer if reviewer != user else None,
        "is_own": not can_review(user, pv),
        **may,
        **forms,
    }


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # typed for no argument
def file(request: MemberRequest, pk: int) -> FileResponse:
    """The signed file as it came, shown beside the check-list: the one page that a page of this
    site may frame.
    """
    found = get_object_or_404(PVFile.objects.visible_to(request.user), pk=pk)
    require(is_agent(request.user), AGENTS_ONLY)
    response = download(found, inline=True)  # refuses what has not passed its checks
    if request.method == "GET":
        pending.open_file(found, request.user)
    return response
