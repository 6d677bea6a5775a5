"""Reads of the review: the queue by risk, what waits for whom, one PV with all that was judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import ANS_ROLES
from accounts.models import Organisation, User
from calendar_app.enums import OPEN_STATES
from calendar_app.models import Deadline
from calendar_app.rules.parameters import PILOT_REVIEW_DAYS
from calendar_app.selectors.parameters import value
from pilots.enums import (
    VALIDATED_BY_ASP,
    WAITING_STATES,
    AspRequestKind,
    AspRequestState,
    PVState,
    SignatureState,
)
from pilots.models import AspRequest, PilotPV, PVDecision, PVEvent, PVFile
from pilots.permissions import can_review
from pilots.querysets import PilotPVQuerySet
from pilots.rules.precheck import precheck, warnings
from pilots.rules.queue import DECIDED, Risk, Step, reviews, risk, usual, waited
from pilots.selectors.perimeters import lines_of
from pilots.selectors.pvs import pv_facts
from pilots.selectors.words import PV_MEANINGS, SIGNATURE_MEANINGS, SIGNATURE_SHORT

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REALISATION, SOLDE = 5, 6
"""The numbers of the milestones that a late review would make the applicant miss."""

VIEWS = (
    ("", "En attente"),
    ("a-prendre", "À prendre"),
    ("les-miens", "Les miens"),
    ("a-confirmer", "À confirmer"),
    ("clos", "Clos"),
)


class Pill(NamedTuple):
    meaning: str
    label: StrOrPromise


class Usual(NamedTuple):
    """The usual review time, and on how many reviews it was measured (0: supposed)."""

    days: int
    measured_on: int


@dataclass(frozen=True)
class QueueRow:
    """A PV of the queue; `risk` is None once closed, or where no legal date is left."""

    pv: PilotPV
    state: Pill
    signature: Pill | None
    waited: int
    risk: Risk | None
    may_review: bool


def agents() -> Any:
    """Who may be given a PV; whether this one is `can_review`."""
    return User.objects.filter(
        is_active=True,
        pk__in=User.objects.filter(
            memberships__role__in=ANS_ROLES, memberships__organisation__is_active=True
        ).values("pk"),
    )


def usual_time(now: dt.datetime) -> Usual:
    """Measured on every review that ended (two queries); the parameter while there is none."""
    states = [*DECIDED, PVState.SENT, PVState.SIGNED]
    events = PVEvent.objects.filter(to_state__in=states).exclude(from_state="")
    steps = events.order_by("at", "pk").values_list("pv_id", "from_state", "to_state", "at")
    durations = list(reviews(Step(*step) for step in steps))
    default = int(value(PILOT_REVIEW_DAYS, at=now))
    return Usual(usual(durations, default=default), len(durations))


def of_view(view: str, user: User) -> Q:
    """The views of the queue, as conditions. A PV whose agent has left is to take again."""
    left = Q(state__in=[PVState.SENT, PVState.IN_REVIEW]) & ~Q(assigned_to__in=agents())
    mine = Q(state__in=[PVState.SENT, PVState.IN_REVIEW], assigned_to=user)
    proposed = PVDecision.objects.filter(decided_by=user, confirmed_at=None, withdrawn_at=None)
    return {
        "a-prendre": left,
        "les-miens": mine,
        "a-confirmer": Q(state=PVState.TO_CONFIRM) & ~Q(pk__in=proposed.values("pv")),
        "clos": Q(state__in=DECIDED),
    }.get(view, Q(state__in=WAITING_STATES))


def queue(user: User, *, view: str = "", q: str = "") -> PilotPVQuerySet:
    """The nearest legal date first (the usual time is the same for all: so is the order of the
    margins), then who has waited longest; what is closed, newest first.
    """
    found = PilotPV.objects.visible_to(user).filter(of_view(view, user))
    if q.strip():
        known = Organisation.objects.search(q)
        prestation = "pilot__prestation"
        found = found.filter(
            Q(**{f"{prestation}__client__in": known})
            | Q(**{f"{prestation}__organisation__in": known})
            | Q(**{f"{prestation}__supplier__solution__name__icontains": q.strip()})
        )
    if view == "clos":
        return _with_subject(found).order_by("-decided_at", "-pk")
    return _with_subject(found).order_by(F("legal_at").asc(nulls_last=True), "sent_at", "pk")


def _with_subject(found: PilotPVQuerySet) -> PilotPVQuerySet:
    last = PVFile.objects.filter(pv=OuterRef("pk")).order_by("-number")
    return found.select_related(
        "assigned_to",
        "pilot__prestation__client",
        "pilot__prestation__organisation",
        "pilot__prestation__dispositif",
        "pilot__prestation__supplier__organisation",
        "pilot__prestation__supplier__solution__organisation",
    ).annotate(
        legal_at=Coalesce(_legal(SOLDE), _legal(REALISATION)),
        last_signature=Subquery(last.values("signature")[:1]),
    )


def _legal(number: int) -> Subquery:
    """The date of this milestone for the prestation, as long as it is still to be met."""
    open_ones = Deadline.objects.filter(
        prestation=OuterRef("pilot__prestation"),
        milestone__number=number,
        state__in=OPEN_STATES,
    )
    return Subquery(open_ones.values("due_at")[:1])


def counts(user: User) -> dict[str, int]:
    """How many PV each view holds, in one query; by its code, «» for all that waits."""
    total = {
        code or "all": Count("pk", filter=of_view(code, user), distinct=True) for code, _ in VIEWS
    }
    found = PilotPV.objects.visible_to(user).aggregate(
        **{code.replace("-", "_"): one for code, one in total.items()}
    )
    return {code: found[(code or "all").replace("-", "_")] for code, _ in VIEWS}


def queue_rows(
    pvs: Iterable[PilotPV], user: User, *, now: dt.datetime, usual: int
) -> list[QueueRow]:
    """Rows of PV loaded by `queue`; asks nothing more of the database."""
    return [_row(pv, user, now, usual) for pv in pvs]


def _row(pv: PilotPV, user: User, now: dt.datetime, usual: int) -> QueueRow:
    legal_at: dt.datetime | None = getattr(pv, "legal_at", None)
    signature: str = getattr(pv, "last_signature", None) or ""
    is_waiting = pv.state in WAITING_STATES
    until = now if is_waiting or pv.decided_at is None else pv.decided_at
    return QueueRow(
        pv=pv,
        state=Pill(PV_MEANINGS[PVState(pv.state)], pv.get_state_display()),
        signature=signature_pill(signature),
        waited=waited(pv.sent_at, until) if pv.sent_at else 0,
        risk=risk(legal_at, now, usual=usual) if is_waiting and legal_at else None,
        may_review=can_review(user, pv),
    )


def signature_pill(signature: str) -> Pill | None:
    if not signature:
        return None
    state = SignatureState(signature)
    return Pill(SIGNATURE_MEANINGS[state], SIGNATURE_SHORT[state])


def pv_seen(user: User) -> PilotPVQuerySet:
    """For one page: what the row needs, whatever the state."""
    return _with_subject(PilotPV.objects.visible_to(user))


def neighbours(pv: PilotPV, user: User) -> dict[str, int | None]:
    """The PV before and after in the queue; from one that is closed, the first of the queue."""
    keys = list(queue(user).values_list("pk", flat=True))
    if pv.pk not in keys:
        return {"previous": None, "next": keys[0] if keys else None}
    place = keys.index(pv.pk)
    return {
        "previous": keys[place - 1] if place else None,
        "next": keys[place + 1] if place + 1 < len(keys) else None,
    }


class Fact(NamedTuple):
    """What is known besides the PV: `value` is «» where nothing is; `pill` says the ASP's word."""

    label: StrOrPromise
    value: str
    pill: Pill | None = None


def facts(pv: PilotPV) -> list[Fact]:
    """What the PV is compared with."""
    prestation = pv.pilot.prestation
    solution, client = prestation.supplier.solution, prestation.client
    requests = AspRequest.objects.filter(prestation=prestation)
    found = {request.kind: request for request in requests}
    return [
        Fact("Client", f"{client}, FINESS {client.finess}"),
        Fact("Fournisseur", f"{prestation.organisation}, SIREN {prestation.organisation.siren}"),
        Fact("Solution", f"{solution} {solution.version}".strip()),
        Fact(
            "Référencée Vague 2",
            _day(solution.referenced_on) + _paren(solution.reference_number),
        ),
        Fact("Bon de commande", prestation.order_reference + _paren(_day(prestation.ordered_on))),
        *(_request(kind, found.get(kind)) for kind in AspRequestKind),
        Fact("Réalisée", _day(pv.realised_on)),
        Fact("Signé", _day(pv.signed_on)),
        Fact("Signataire pour le Client", pv.signatory_name + _paren(pv.signatory_role)),
        Fact("Observations", pv.comment),
    ]


def _request(kind: AspRequestKind, request: AspRequest | None) -> Fact:
    state = AspRequestState(request.state) if request else AspRequestState.TO_DEPOSIT
    pill = Pill("done" if state in VALIDATED_BY_ASP else "late", state.label)
    words = f"n° {request.reference}" if request and request.reference else ""
    if request and request.validated_on:
        words = f"{words} validée {_day(request.validated_on)}".strip()
    return Fact(kind.label, words, pill)


def _day(day: dt.date | None) -> str:
    return f"le {day:%d/%m/%Y}" if day else ""


def _paren(text: str) -> str:
    return f" ({text})" if text else ""


class Checks(NamedTuple):
    """The pre-check, done again on what is recorded now."""

    missing: list[dict[str, Any]]
    warnings: list[str]


def checks(pv: PilotPV, file: PVFile | None, *, now: dt.datetime) -> Checks:
    found = replace(
        pv_facts(pv, now=now),
        signed_on=pv.signed_on,
        signature=SignatureState(file.signature) if file else None,
    )
    return Checks(lines_of(precheck(found)), warnings(found))


def decision_lines(pv: PilotPV) -> list[PVDecision]:
    """What was decided, newest first, each with the file that was judged."""
    return list(pv.decisions.select_related("file"))
