"""Deadlines closed without a filing of their own, and the ANS's decisions on filings."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import FILING_ROLES
from accounts.models import User
from accounts.selectors.people import Member, members_of
from calendar_app.enums import FilingStatus, State
from calendar_app.models import Deadline, Filing
from calendar_app.rules.workflow import DECISIONS
from calendar_app.services.deadlines import lock, move
from journal.rules.by import By
from journal.services.acts import lock_row
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell

COMPUTED = "Ce délai découle d'une règle : il s'ouvre et se clôt sur la page où l'on agit."


@transaction.atomic
def set_aside(deadline: Deadline, *, reason: str, by: By) -> None:
    """«Sans objet», with its reason; a draft in progress is given up."""
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez pourquoi cette échéance est sans objet."})
    _refuse_delay(deadline)
    row = move(deadline, "set_aside", by=by, note=reason.strip())
    row.filings.filter(status=FilingStatus.DRAFT).update(status=FilingStatus.ABANDONED)


@transaction.atomic
def resume(deadline: Deadline, *, by: By) -> None:
    """A deadline set aside is to do after all. From a draft, `drafts.abandon_draft` is the way."""
    _refuse_delay(deadline)
    move(deadline, "resume", by=by)


@transaction.atomic
def decide(
    filing: Filing, *, decision: State, reason: str = "", by: By, notify: bool = True
) -> Filing:
    """The ANS confirms a filing, asks for a correction or refuses it, and its author is notified,
    unless the caller notifies of many at once (`notify=False`).

    None of its parties decides. The decision keeps the digest of the receipt that was judged.
    """
    if decision not in DECISIONS:
        raise ValidationError({"decision": "Choisissez une décision."})
    if decision != State.ACCEPTED and not reason.strip():
        raise ValidationError({"reason": "Indiquez ce qui ne va pas et ce qu'il faut corriger."})
    deadline = lock(filing.deadline)
    row = lock_row(filing)
    if row.status != FilingStatus.FILED or row.decided_at:
        raise ValidationError("Ce dépôt vient d'être décidé par quelqu'un d'autre.")
    row.decision, row.decision_reason = decision, reason.strip()
    row.decided_at, row.decided_by, row.decided_by_name = by.at, by.actor, by.name
    row.decided_sha256 = row.receipt_sha256
    row.save()
    what = f"Dépôt n° {row.number} : {State(decision).label.lower()}"
    move(deadline, DECISIONS[decision], by=by, what=what, note=reason.strip())
    if notify:
        _mail(row, "decision", f"decision:{row.pk}", by)
    return row


def readers_of_decisions(filing: Filing, members: Sequence[Member]) -> tuple[list[int], bool]:
    """Who recorded the filing; once they have left the organisation, those who may file for it.
    And whether it is its author."""
    author = [member.user_id for member in members if member.user_id == filing.recorded_by_id]
    return author or [m.user_id for m in members if m.role in FILING_ROLES], bool(author)


def _mail(filing: Filing, template: str, key: str, by: By) -> None:
    members = members_of([filing.deadline.organisation_id])[filing.deadline.organisation_id]
    readers, author = readers_of_decisions(filing, members)
    tell(
        User.objects.filter(pk__in=readers),
        kind=DECISION_MAIL,
        template=template,
        context={"filing": filing, "deadline": filing.deadline, "is_author": author},
        key=key,
        about=filing.deadline,
        by=by,
    )


@transaction.atomic
def reopen(deadline: Deadline, *, reason: str, by: By) -> Deadline:
    """The ANS lets a refused deadline be corrected. A filing not judged yet goes by `decide`."""
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez ce qui peut être corrigé."})
    row = move(deadline, "reopen", by=by, note=reason.strip())
    refused = row.filings.filed().order_by("-number").first()
    if refused:
        _mail(refused, "reopened", f"reopened:{refused.pk}:{by.at.isoformat()}", by)
    return row


def _refuse_delay(deadline: Deadline) -> None:
    if deadline.is_delay:
        raise ValidationError(COMPUTED)
