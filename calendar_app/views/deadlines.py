"""«Mes échéances» and the page of one deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Kind
from accounts.middleware import MemberRequest
from accounts.models import Organisation, User
from accounts.permissions import can_file, can_prepare, is_agent, preparable
from accounts.selectors.parties import is_party
from calendar_app.enums import State
from calendar_app.forms.deadlines import (
    BULK_ACTS,
    VIEWS,
    DeadlineFilter,
    DeadlineReasonForm,
    DecisionForm,
)
from calendar_app.models import Deadline, Filing, Piece
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.selectors.deadline_lists import (
    first_of_each,
    sections,
    tally,
)
from calendar_app.selectors.deadlines import (
    Line,
    channel_url,
    lines,
    lines_of,
    with_draft,
)
from calendar_app.selectors.first_screen import Around, around, steady
from calendar_app.selectors.rights import reason_lines
from calendar_app.selectors.urgency import UrgentLine
from calendar_app.selectors.whole_list import WholeList
from calendar_app.services import decisions, drafts
from calendar_app.services.deadlines import MILESTONES
from calendar_app.services.quiet import Quiet
from calendar_app.views.kept_page import kept_page
from journal.permissions import require
from journal.rules.by import By
from journal.selectors.entries import history
from journal.views.acts import form_page, press, submit
from journal.views.bulk import bar
from segur.requests import page_of, posted

GROUPS_SHOWN = 6


def get_line(request: MemberRequest, pk: int) -> Line:
    """The deadline, if this person sees it: 404 otherwise."""
    seen = Deadline.objects.visible_to(request.user).filter(pk=pk)
    found = lines(seen, now=timezone.now(), reader=request.user)
    if not found:
        get_object_or_404(Deadline.objects.none())
    return found[0]


MUST_FILE = "Seuls un Représentant ou un Mandataire de l'organisation peuvent déposer."
MUST_PREPARE = "Seuls les membres de l'organisation peuvent préparer ce dépôt."
MUST_BE_AGENT = "Seul un agent de l'ANS peut décider d'un dépôt."
SET_ASIDE = {
    "tab": "Déclarer sans objet",
    "page": "Sans objet",
    "short": "sans objet",
    "question": "Cette échéance ne vous concerne pas ?",
    "text": "Les rappels s'arrêtent. Le motif reste dans l'historique, et l'échéance peut être "
    "remise à faire.",
    "button": "Déclarer sans objet",
}
REOPEN = {
    "tab": "Rouvrir à la correction",
    "page": "Réouverture",
    "short": "rouvrir",
    "question": "Rouvrir ce refus à la correction ?",
    "text": "L'organisation pourra corriger et déposer de nouveau.",
    "button": "Rouvrir à la correction",
}
OTHER_ACTS = (
    ("abandon", "Abandonner le brouillon", False),
    ("set_aside", SET_ASIDE["button"], True),
    ("resume", "Remettre à faire", False),
    ("reopen", REOPEN["button"], True),
)
"""The rarer acts, at the bottom of the page: their name in the table and in the addresses, their
button, and whether a page of their own asks for something."""


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    quiet = Quiet(request.user, request.organisation, timezone.now())
    find = partial(_list, request, request.organisation, quiet)
    return kept_page(request, "deadlines/index.html", find, quiet=quiet)


def _list(request: MemberRequest, organisation: Organisation, quiet: Quiet) -> dict[str, Any]:
    """What the first screen shows."""
    now, is_ans = quiet.now, organisation.kind == Kind.ANS
    known = quiet.keep("around", partial(_around, request.user, organisation, quiet))
    form = DeadlineFilter(
        request.GET,
        organisations=known.organisations,
        mine=organisation,
        reader=request.user,
        now=now,
    )
    seen = Deadline.objects.visible_in(request.user, form.of_organisation)
    narrowed = form.narrow(seen)
    own = form.of_organisation if form.is_whole and not is_ans else None
    is_all = request.user.is_ans and form.of_organisation is None and not form.active
    count_all = partial(tally, narrowed, now=now, of_organisation=own, is_all=is_all)
    found = count_all() if form.active else quiet.keep(f"tally-{form.is_whole:d}", count_all)
    by_milestone, count = found.groups, found.count
    mine = with_draft(narrowed).filter(organisation__in=preparable(request.user))
    if form.is_whole:
        page = page_of(request, by_milestone, per_page=GROUPS_SHOWN)
        shown = first_of_each(narrowed, list(page), now=now, reader=request.user)
    else:
        page = page_of(request, _keys(form, narrowed, is_all=is_all, now=now))
        shown = lines_of(list(page), now=now, reader=request.user)
    draft_count = mine.count()
    tabs = _tabs(request, form, {**count, "drafts": draft_count})
    return {
        "form": form,
        "delay": form.delay_among(seen),
        "groups": [group for group in by_milestone if not group.left.overdue],
        **_urgent(known.urgent, now),
        "draft_count": draft_count,
        "count": count,
        "tabs": tabs,
        "bulk_total": next(tab["count"] for tab in tabs if tab["current"]),
        "page_obj": page,
        "lines": shown,
        "sections": sections(shown, by_milestone if form.is_whole else (), folds=form.is_whole),
        **bar(request, BULK_ACTS.get(form.view, ())),
        "show_organisation": bool(form.chosen.get("organisation")) or request.user.is_ans,
        "is_ans": is_ans,
        "first_steps": known.first_steps,
    }


def _around(user: User, organisation: Organisation, quiet: Quiet) -> Around:
    find = partial(steady, user, organisation, quiet.now)
    return around(user, organisation, quiet.now, quiet.keep("steady", find, is_steady=True))


def _keys(
    form: DeadlineFilter, narrowed: DeadlineQuerySet, *, is_all: bool, now: dt.datetime
) -> Any:
    """The keys of the chosen view, in its order."""
    ordered = form.in_view(narrowed)
    if is_all and form.view != "brouillons":
        return WholeList(ordered, VIEWS[form.view][1], now)
    return ordered.values_list("pk", flat=True)


def _urgent(found: list[UrgentLine], now: dt.datetime) -> dict[str, Any]:
    return {
        "urgent": found,
        "today_count": sum(line.urgent.is_today(now) for line in found),
        "late_count": sum(line.urgent.is_late(now) for line in found),
    }


def _tabs(
    request: MemberRequest, form: DeadlineFilter, count: dict[str, int]
) -> list[dict[str, Any]]:
    numbers = dict(zip(VIEWS, ("todo", "drafts", "filed", "closed", "total"), strict=True))
    tabs = []
    for name, (label, _states) in VIEWS.items():
        if name == "brouillons" and not count["drafts"] and form.view != name:
            continue
        query = request.GET.copy()
        query.pop("page", None)
        query["vue"] = name
        tabs.append(
            {
                "label": label,
                "url": f"?{query.urlencode()}",
                "current": form.view == name,
                "count": count[numbers[name]],
            }
        )
    return tabs


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    return render(request, "deadlines/detail.html", detail_context(request, line))


def detail_context(
    request: MemberRequest, line: Line, decision_form: DecisionForm | None = None
) -> dict[str, Any]:
    deadline = line.deadline
    user, organisation = request.user, deadline.organisation_id
    is_filed = not deadline.is_delay
    may_decide = is_agent(user) and deadline.state in (State.FILED, State.REFUSED)
    barred = may_decide and is_party(user, deadline)
    decides = may_decide and not barred
    return {
        "line": line,
        "deadline": deadline,
        "channel_url": channel_url(line.channel, at=timezone.now()),
        "reasons": _reasons(line),
        "filings": _filings(deadline),
        "events": _history(deadline, user),
        "can_prepare": can_prepare(user, organisation) and is_filed and deadline.is_open,
        "can_file": can_file(user, organisation),
        "has_dossier": not deadline.is_open and Piece.objects.filter(deadline=deadline).exists(),
        "is_barred": barred,
        "other_acts": _other_acts(line, request.by, barred=barred),
        "decision_form": decision_form or _decision_form(line, decides=decides),
    }


def _other_acts(line: Line, by: By, *, barred: bool) -> list[dict[str, Any]]:
    """Those that the table lets this person do now. A correction in progress is given up too: its
    deadline stays to correct."""
    row = line.deadline
    if row.is_delay:
        return []
    possible = {
        name
        for name, act in MILESTONES.workflow.acts.items()
        if not MILESTONES.refusal(row, name, by=by) and not (act.decides and barred)
    }
    if line.is_draft and can_prepare(by.actor, row.organisation_id):
        possible.add("abandon")
    return [
        {"label": label, "asks": asks, "url": reverse(f"deadlines:{name}", args=[row.pk])}
        for name, label, asks in OTHER_ACTS
        if name in possible
    ]


def _decision_form(line: Line, *, decides: bool) -> DecisionForm | None:
    if line.filed is None or line.deadline.state != State.FILED or not decides:
        return None
    return DecisionForm(initial={"receipt": line.filed.receipt_number})


def _reasons(line: Line) -> list[dict[str, Any]]:
    prestation = line.deadline.prestation
    if not line.unmet or prestation is None:
        return []
    return reason_lines(line.unmet, supplier=prestation.supplier, by=line.act_by)


def _filings(deadline: Deadline) -> list[Filing]:
    return list(deadline.filings.filed().prefetch_related("proofs").order_by("-number"))


def _history(deadline: Deadline, user: User) -> list[dict[str, Any]]:
    entries = history(deadline, user)
    opened = {
        "at": deadline.created_at,
        "who": "Calendrier",
        "what": "Échéance ouverte",
        "note": "",
    }
    return [*entries, opened]


@require_POST
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    require(is_agent(request.user), MUST_BE_AGENT)
    form = DecisionForm(request.POST)
    act = partial(_decide, line.deadline, by=request.by)
    return submit(request, form, act, done=_decided, to=_address(pk)) or form_page(
        request,
        form,
        "deadlines/detail.html",
        **detail_context(request, get_line(request, pk), form),
    )


def _decided(filing: Filing) -> str:
    decision = State(filing.decision).label.lower()
    return f"Décision enregistrée : {decision}. Le déposant est prévenu."


def _decide(deadline: Deadline, *, receipt: str, by: By, **decision: Any) -> Filing:
    filing = deadline.filings.filed().filter(receipt_number=receipt).first()
    if filing is None:
        raise ValidationError("Ce dépôt n'est pas de cette échéance : rechargez la page.")
    return decisions.decide(filing, by=by, **decision)


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    require(can_file(request.user, line.deadline.organisation_id), MUST_FILE)
    if line.deadline.is_delay:
        messages.info(request, decisions.COMPUTED)
        return redirect("deadlines:detail", pk=pk)
    return _reasoned(request, line, decisions.set_aside, SET_ASIDE)


@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    require(can_file(request.user, line.deadline.organisation_id), MUST_FILE)
    act = partial(decisions.resume, line.deadline, by=request.by)
    return press(request, act, done="", to=_address(pk))


@require_POST
def abandon(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    require(can_prepare(request.user, line.deadline.organisation_id), MUST_PREPARE)
    act = partial(drafts.abandon_draft, line.deadline, by=request.by)
    return press(request, act, done="", to=_address(pk))


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    line = get_line(request, pk)
    require(is_agent(request.user), MUST_BE_AGENT)
    return _reasoned(request, line, decisions.reopen, REOPEN)


def _reasoned(
    request: MemberRequest, line: Line, service: Callable[..., object], words: dict[str, str]
) -> HttpResponse:
    deadline, form = line.deadline, DeadlineReasonForm(posted(request))
    act = partial(service, deadline, by=request.by)
    return submit(request, form, act, done="", to=_address(deadline.pk)) or form_page(
        request, form, "deadlines/reasoned.html", deadline=deadline, **words
    )


def _address(pk: int) -> str:
    return reverse("deadlines:detail", args=[pk])
