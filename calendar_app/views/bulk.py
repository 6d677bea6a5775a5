"""The acts on many deadlines, and the receipt of deposits declared together."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.models import User
from accounts.permissions import can_file, is_agent, preparable
from calendar_app.display import receipts
from calendar_app.forms.bulk import DeclareAllForm, DepositListForm, HandOverForm
from calendar_app.forms.deadlines import DeadlineFilter, DeadlineReasonForm
from calendar_app.models import Deadline, FilingBatch
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.selectors.deadlines import organisations_seen
from calendar_app.selectors.deposit_list import match_deposits
from calendar_app.services import bulk as services
from calendar_app.services.receipts import sealed
from documents.services.proofs import shelf
from documents.views import pdf_download, sealed_json
from journal.forms import attempt
from journal.permissions import require
from journal.rules.bulk import MOST, Counted
from journal.services.bulk import Bulk, register
from journal.views.acts import form_page
from journal.views.bulk import show
from segur.lib.canonical import digest
from teamwork.services.charges import MUST_PREPARE


def _index(query: str = "") -> str:
    return reverse("deadlines:index") + query


def _may_file(user: User) -> bool:
    return any(can_file(user, organisation) for organisation in user.roles)


def _rows(user: User) -> DeadlineQuerySet:
    return Deadline.objects.visible_to(user).with_subject()


def _matching(request: HttpRequest, rows: DeadlineQuerySet) -> DeadlineQuerySet:
    """As the list shows them, in its order."""
    assert isinstance(request.user, User)  # noqa: S101  (login is required)
    form = DeadlineFilter(
        request.GET,
        organisations=organisations_seen(request.user),
        mine=request.organisation,  # type: ignore[attr-defined]
        reader=request.user,
        now=timezone.now(),
    )
    return form.in_view(form.narrow(rows))


def _reason_form(data: Any = None, *_files: Any, **_rows: Any) -> DeadlineReasonForm:
    return DeadlineReasonForm(data)


def _stamp(row: Deadline) -> str:
    """The state, and the instant of the last act on it: a deposit made since is another."""
    changed = row.changed_at.isoformat() if row.changed_at else ""
    return digest([row.state, changed, row.version])[:12]


def _words(row: Deadline) -> str:
    """The Client with the solution, or the solution, and who answers for it."""
    return f"{row.subject} ({row.organisation})"


def _group(row: Deadline) -> str:
    return f"{row.title} ({row.dispositif.short_name})"


WAITING = "?vue=deposees#liste"
MUST_FILE = "Seuls un Représentant ou un Mandataire d'une organisation peuvent déposer."
MUST_BE_AGENT = "Seul un agent de l'ANS peut confirmer des dépôts."

_OF_DEADLINES = partial(
    Bulk,
    rows=_rows,
    matching=_matching,
    stamp=_stamp,
    words=_words,
    group=_group,
    back=_index,
)
DECLARE = _OF_DEADLINES(
    name="declarer-depots",
    entry="deadline.file_many",
    title="Dépôts déclarés ensemble",
    label="Déclarer les dépôts",
    lead="Un seul accusé pour plusieurs dépôts d'un même jalon. Chacun a son récépissé, et un "
    "récépissé commun les énumère.",
    button=Counted("Déclarer le dépôt", "Déclarer les {} dépôts"),
    done=Counted("{} dépôt déclaré", "{} dépôts déclarés"),
    may=_may_file,
    barrier=MUST_FILE,
    refusals=services.declare_refusals,
    act=services.declare_all,
    place=lambda batch: reverse("deadlines:batch", args=[batch.receipt_number]),
    form=DeclareAllForm,
    around=shelf,
)
CONFIRM = _OF_DEADLINES(
    name="confirmer-depots",
    entry="deadline.accept_many",
    title="Dépôts confirmés ensemble",
    label="Confirmer les dépôts",
    lead="Chaque dépôt est confirmé, et chaque déposant reçoit un seul courriel qui les énumère.",
    button=Counted("Confirmer le dépôt", "Confirmer les {} dépôts"),
    done=Counted("{} dépôt confirmé", "{} dépôts confirmés"),
    may=is_agent,
    barrier=MUST_BE_AGENT,
    refusals=services.confirm_refusals,
    act=services.confirm_all,
    place=lambda _filings: _index(WAITING),
)
SET_ASIDE = _OF_DEADLINES(
    name="sans-objet",
    entry="deadline.set_aside_many",
    title="Échéances déclarées sans objet",
    label="Déclarer sans objet",
    lead="Les rappels de ces échéances s'arrêtent. Le motif reste dans leur historique, et chacune "
    "peut être remise à faire.",
    button=Counted("Déclarer sans objet", "Déclarer les {} échéances sans objet"),
    done=Counted("{} échéance déclarée sans objet", "{} échéances déclarées sans objet"),
    may=_may_file,
    barrier=MUST_FILE,
    refusals=services.set_aside_refusals,
    act=services.set_aside_all,
    place=lambda _none: _index(),
    form=_reason_form,
)
HAND_OVER = _OF_DEADLINES(
    name="prendre-en-charge",
    entry="charge.give_many",
    title="Échéances confiées ensemble",
    label="Confier",
    lead="La personne choisie reçoit un seul courriel qui énumère ces échéances, et tous leurs "
    "rappels.",
    button=Counted("Confier l'échéance", "Confier les {} échéances"),
    done=Counted("{} échéance confiée", "{} échéances confiées"),
    may=lambda user: bool(preparable(user)),
    barrier=MUST_PREPARE,
    refusals=services.hand_over_refusals,
    act=services.hand_over_all,
    place=lambda _count: _index(),
    form=HandOverForm,
)
register(DECLARE, SET_ASIDE, CONFIRM, HAND_OVER)


@require_safe
def batch(request: MemberRequest, number: str) -> HttpResponse:
    found = _visible_batch(request, number)
    receipt = found.receipt
    context = {
        "batch": found,
        "receipt": receipt,
        "due_at": receipt["avant_le"] and dt.datetime.fromisoformat(receipt["avant_le"]),
        "deposited_at": dt.datetime.fromisoformat(receipt["depose_le"]),
        "in_time": sum(bool(one["dans_les_delais"]) for one in receipt["depots"]),
    }
    return render(request, "deadlines/batch.html", context)


@require_safe
def batch_json(request: MemberRequest, number: str) -> HttpResponse:
    return sealed_json(_visible_batch(request, number).receipt, name=number)


@require_safe
def batch_pdf(request: MemberRequest, number: str) -> HttpResponse:
    found = _visible_batch(request, number)
    return pdf_download(
        request,
        partial(receipts.batch_pdf, found),
        name=f"{number}.pdf",
        back=reverse("deadlines:batch", args=[number]),
    )


def _visible_batch(request: MemberRequest, number: str) -> FilingBatch:
    return sealed(FilingBatch.objects.visible_to(request.user), number)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_list(request: MemberRequest) -> HttpResponse:
    """The deposits that a list names, as the page of «Confirmer les dépôts» shows them."""
    require(is_agent(request.user), MUST_BE_AGENT)
    form = DepositListForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    deposits = attempt(form, form.read) if form.is_bound else None
    if deposits:
        seen = Deadline.objects.visible_to(request.user)
        if milestone := form.cleaned_data["jalon"]:
            seen = seen.filter(milestone=milestone)
        found, unmatched = match_deposits(deposits, seen)
        rows = list(_rows(request.user).filter(pk__in=found)[:MOST])
        return show(request, CONFIRM, rows, total=len(found), unmatched=unmatched)
    return form_page(
        request,
        form,
        "form_page.html",
        title="Confirmer depuis une liste",
        lead="La liste des dépôts reçus par l'ASP ou par Convergence. Rien n'est confirmé avant "
        "votre accord, et chaque ligne sans correspondance est nommée.",
        button="Chercher ces dépôts",
        back=_index(WAITING),
    )
