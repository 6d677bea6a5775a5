"""The queue of the review, by risk: its views, its rows, and the usual time of a review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation, User
from calendar_app.enums import OPEN_STATES
from calendar_app.models import Deadline
from calendar_app.selectors.portfolio.safe_days import ReviewTime
from journal.models import Entry
from journal.querysets import type_of
from parameters.selectors import value
from pilots.enums import ASSIGNABLE_STATES, WAITING_STATES, PVState, SignatureState
from pilots.permissions import can_review
from pilots.pv.models import PilotPV, PVDecision, PVFile
from pilots.pv.rules.parameters import PILOT_REVIEW_DAYS
from pilots.pv.rules.queue import (
    DECIDED,
    EndedReview,
    QueueStep,
    Risk,
    reviews,
    risk,
    usual,
    waited,
)
from pilots.pv.rules.review import PV, shown
from pilots.pv.selectors.reviewers import agents
from pilots.pv.selectors.words import PV_MEANINGS, SIGNATURE_MEANINGS, SIGNATURE_SHORT
from pilots.querysets import PilotPVQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REALISATION, SOLDE = 5, 6
"""The numbers of the milestones that a late review would make the applicant miss."""


MEASURED = [
    f"{PV.name}.{name}"
    for name in ("send", "take_back", "take_effect", "refuse", "confirm", "reopen")
]
"""The acts between which a review lasts."""


VIEWS = (
    ("", "En attente"),
    ("a-prendre", "À prendre"),
    ("les-miens", "Les miens"),
    ("a-confirmer", "À confirmer"),
    ("clos", "Clos"),
)


class QueuePill(NamedTuple):
    meaning: str
    label: StrOrPromise


@dataclass(frozen=True)
class QueueRow:
    """A PV of the queue; `risk` is None once closed, or where no legal date is left; `decided_at`
    is None as long as the ANS has not decided, or not again.
    """

    pv: PilotPV
    state: QueuePill
    signature: QueuePill | None
    waited: int
    risk: Risk | None
    decided_at: dt.datetime | None
    may_review: bool

    @property
    def may_assign(self) -> bool:
        return self.may_review and self.pv.state in ASSIGNABLE_STATES


def usual_time(now: dt.datetime) -> ReviewTime:
    """Measured on every review that ended (two queries); the parameter while there is none."""
    durations = [review.days for review in ended_reviews()]
    default = int(value(PILOT_REVIEW_DAYS, at=now))
    return ReviewTime(usual(durations, default=default), len(durations))


def ended_reviews() -> list[EndedReview]:
    """One query of the journal."""
    entries = Entry.objects.filter(subject_type=type_of(PilotPV), act__in=MEASURED)
    steps = entries.order_by("at", "pk").values_list(
        "subject_id", "before__state", "after__state", "at"
    )
    return reviews(QueueStep(pv or 0, *step) for pv, *step in steps)


def of_view(view: str, user: User) -> Q:
    """The views of the queue, as conditions. A PV whose agent has left is to take again."""
    left = Q(state__in=[PVState.SENT, PVState.IN_REVIEW]) & ~Q(assigned_to__in=agents())
    mine = Q(state__in=[PVState.SENT, PVState.IN_REVIEW], assigned_to=user)
    proposed = PVDecision.objects.pending().filter(decided_by=user)
    return {
        "a-prendre": left,
        "les-miens": mine,
        "a-confirmer": Q(state=PVState.TO_CONFIRM) & ~Q(pk__in=proposed.values("pv")) & ~own(user),
        "clos": Q(state__in=DECIDED),
    }.get(view, Q(state__in=WAITING_STATES))


def own(user: User) -> Q:
    """Of an organisation of this person, who sees no more of it than the others there."""
    paths = ("organisation", "supplier__solution__organisation", "client")
    found = Q()
    for path in paths:
        found |= Q(**{f"pilot__prestation__{path}__in": list(user.roles)})
    return found


def queue(user: User, *, view: str = "", q: str = "", waiting: Q | None = None) -> PilotPVQuerySet:
    """The nearest legal date first (the usual time is the same for all: so is the order of the
    margins), then who has waited longest; what is closed, newest first.
    """
    found = PilotPV.objects.visible_to(user).filter(of_view(view, user), waiting or Q())
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


def in_order(keys: Sequence[int]) -> list[PilotPV]:
    """The PV of one page, with what a row shows: joined once their order is known."""
    rows = _with_subject(PilotPV.objects.all()).in_bulk(keys)
    return [rows[pk] for pk in keys]


def _with_subject(found: PilotPVQuerySet) -> PilotPVQuerySet:
    last = PVFile.objects.filter(pv=OuterRef("pk")).order_by("-number")
    reopened = PVDecision.objects.filter(
        pv=OuterRef("pk"), outcome=PVState.CONFORM, confirmed_at__isnull=False
    ).values("pv")
    return found.select_related(
        "assigned_to",
        "assigned_by",
        "pilot__prestation__client",
        "pilot__prestation__organisation",
        "pilot__prestation__dispositif",
        "pilot__prestation__supplier__organisation",
        "pilot__prestation__supplier__solution__organisation",
    ).annotate(
        legal_at=Coalesce(_legal(SOLDE), _legal(REALISATION)),
        last_signature=Subquery(last.values("signature")[:1]),
        reopened_at=Subquery(reopened.annotate(last=Max("withdrawn_at")).values("last")),
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
    may_review, is_waiting = can_review(user, pv), pv.state in WAITING_STATES
    state = shown(PVState(pv.state), to_reviewer=may_review)
    decided_at = pv.decided_at if pv.state in DECIDED else None
    since = _waits_since(pv)
    return QueueRow(
        pv=pv,
        state=QueuePill(PV_MEANINGS[state], state.label),
        signature=signature_pill(signature),
        waited=waited(since, decided_at or now) if since else 0,
        risk=risk(legal_at, now, usual=usual) if is_waiting and legal_at else None,
        decided_at=decided_at,
        may_review=may_review,
    )


def _waits_since(pv: PilotPV) -> dt.datetime | None:
    """Its sending; while a reopened one waits again, its reopening."""
    reopened_at: dt.datetime | None = getattr(pv, "reopened_at", None)
    if pv.sent_at and reopened_at and pv.state in WAITING_STATES:
        return max(pv.sent_at, reopened_at)
    return pv.sent_at


def signature_pill(signature: str) -> QueuePill | None:
    if not signature:
        return None
    state = SignatureState(signature)
    return QueuePill(SIGNATURE_MEANINGS[state], SIGNATURE_SHORT[state])


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
