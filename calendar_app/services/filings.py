"""Filing for good, and taking over the past.

Recording here is not depositing there: the receipt says where the deposit really was made
(ADR 0005).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.selectors.people import members_of
from calendar_app.enums import Channel, FilingOrigin, FilingStatus, State
from calendar_app.models import Deadline, Filing, Proof
from calendar_app.rules.filing import EARLIEST_DEPOSIT, is_past
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.order import undone_before
from calendar_app.services.deadlines import lock, move
from calendar_app.services.decisions import set_aside
from calendar_app.services.drafts import draft_of
from calendar_app.services.receipts import seal
from documents.services.proofs import Shelf, shelf
from journal.rules.by import By
from mailing.rules import RECEIPT_MAIL
from mailing.services.mail import tell
from segur.lib import paris

NO_ATTACHMENT = "Joignez au moins une pièce : l'accusé de dépôt, par exemple."
NO_INSTANT = "Indiquez le jour et l'heure du dépôt, tels que l'accusé les donne."
OUT_OF_ORDER = (
    "La réalisation n'est pas déclarée : déclarez-la d'abord, ou confirmez le dépôt avant elle."
)
NO_PROOF = "Joignez l'accusé de dépôt, ou cochez « Sans preuve »."
NOT_PAST = (
    "La reprise ne vaut que pour une échéance antérieure à l'enregistrement. Déclarez ce dépôt sur "
    "la page de l'échéance, avec sa preuve."
)


class GateClosed(ValidationError):  # noqa: N818  (an answer, not a fault)
    """A money step while rights are missing: `reasons` lists each, with who must act."""

    code = "gate"

    def __init__(self, reasons: list[Unmet]) -> None:
        super().__init__([f"{unmet.reason} Qui doit agir : {unmet.who}." for unmet in reasons])
        self.reasons = reasons


def file(
    *,
    deadline: Deadline,
    by: By,
    deposited_at: dt.datetime | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    out_of_order: bool = False,
) -> Filing:
    """File the draft (made on the way when there is none), and send its receipt.

    For a channel elsewhere this declares a deposit already made: `deposited_at` is required, not in
    the future, with at least one proof. Filed here, the instant is `now`. Late is accepted, and
    shown. `out_of_order` confirms a payment declared before its realisation. Raises
    ValidationError (GateClosed for a money step while a gate is closed): nothing is then stored and
    the draft stays as it was.
    """
    with shelf() as kept, transaction.atomic():
        row = lock(deadline)
        filing = draft_of(row, by)
        joined = filing.proofs.current()
        kept.put(lambda: Proof(filing=filing), files, by=by, joined=joined)
        is_here = row.channel == Channel.HERE
        instant = by.at if is_here else deposited_at or filing.deposited_at
        has_proof = filing.proofs.current().exists()
        instant = _checked(instant, has_proof=has_proof, now=by.at)
        _check_gates(row, instant)
        record(row, filing, instant, by, out_of_order=out_of_order)
        mail_receipt(filing, by=by)
    return filing


def _checked(instant: dt.datetime | None, *, has_proof: bool, now: dt.datetime) -> dt.datetime:
    """The instant of a deposit. Raises ValidationError with all that is wrong at once."""
    wrong = {} if has_proof else {"proofs": NO_ATTACHMENT}
    if problem := instant_problem(instant, now) if instant else NO_INSTANT:
        wrong["deposited_at"] = problem
    if wrong or instant is None:
        raise ValidationError(wrong)
    return instant


def instant_problem(instant: dt.datetime, now: dt.datetime) -> str:
    """Why this cannot be the instant of a deposit: in the future, or older than the dispositifs; ""
    when it can."""
    if instant > now:
        return "Cette date est dans le futur : on déclare ce qui est déjà fait."
    if paris.day(instant) < EARLIEST_DEPOSIT:
        return f"Vérifiez l'année : rien ne se déposait en {instant.year}."
    return ""


def past_problem(instant: dt.datetime, recorded_at: dt.datetime, now: dt.datetime) -> str:
    """The same, of a deposit made before its subject was recorded."""
    if instant > recorded_at and not instant_problem(instant, now):
        return (
            f"L'enregistrement date du {paris.short(recorded_at)} : déclarez un dépôt fait depuis "
            "sur la page de son échéance."
        )
    return instant_problem(instant, now)


def _check_gates(deadline: Deadline, instant: dt.datetime) -> None:
    if reasons := unmet_of([deadline], instant)[deadline.pk]:
        raise GateClosed(reasons)


def record(
    deadline: Deadline, filing: Filing, instant: dt.datetime, by: By, *, out_of_order: bool
) -> None:
    """File the draft of a locked deadline, whose instant, proofs and gates have been checked."""
    undone = undone_before([deadline]).get(deadline.pk)
    if undone and not out_of_order:
        raise ValidationError({"out_of_order": OUT_OF_ORDER}, code="order")
    filing.status = FilingStatus.FILED
    filing.deposited_at = instant
    filing.recorded_at = by.at
    filing.recorded_by = by.actor
    filing.recorded_by_name = by.name
    filing.due_at = deadline.due_at
    filing.deadline_version = deadline.version
    seal(filing, deadline)
    filing.save()
    proof = ", sans preuve" if filing.is_without_proof else ""
    order = ", confirmé avant la réalisation" if undone else ""
    what = f"Dépôt n° {filing.number} enregistré{proof}{order}, récépissé {filing.receipt_number}"
    move(deadline, "file", by=by, what=what)


def mail_receipt(filing: Filing, *, by: By) -> None:
    tell(
        readers_of_receipts([filing], filing.deadline.organisation_id),
        kind=RECEIPT_MAIL,
        template="receipt",
        context={"filing": filing, "receipt": filing.receipt, "deadline": filing.deadline},
        key=f"receipt:{filing.pk}",
        about=filing.deadline,
        by=by,
    )


def readers_of_receipts(filings: Iterable[Filing], organisation_id: int) -> list[User]:
    """Who recorded the filings, and who prepared one and is still a member."""
    members = {member.user_id for member in members_of([organisation_id])[organisation_id]}
    people: dict[int, User] = {}
    for filing in filings:
        if filing.prepared_by and filing.prepared_by.pk in members:
            people[filing.prepared_by.pk] = filing.prepared_by
        if filing.recorded_by:
            people[filing.recorded_by.pk] = filing.recorded_by
    return list(people.values())


def take_over(
    *,
    deadline: Deadline,
    outcome: str,
    by: By,
    deposited_at: dt.datetime | None = None,
    reason: str = "",
    reference: str = "",
    files: Sequence[UploadedFile[Any]] = (),
    without_proof: bool = False,
    out_of_order: bool = False,
    within: Shelf | None = None,
) -> Filing | None:
    """Record what happened to a milestone that was due before its subject was recorded.

    `outcome` is DEPOSE (in time or late follows from `deposited_at`, which is before that recording
    too; no mail) or SANS_OBJET (with its reason). A deposit has its proof, or the filer says that
    there is none. It passes the gates of an ordinary one, as they were on the day of the deposit.
    `within` is the shelf of a larger act. Returns the filing, or None. Raises as `file` does.
    """
    recorded_at = deadline.subject.created_at
    if not is_past(deadline.due_at, recorded_at):
        raise ValidationError(NOT_PAST)
    if outcome == State.NOT_APPLICABLE:
        set_aside(deadline, reason=reason, by=by)
        return None
    if deposited_at is None:
        raise ValidationError({"deposited_at": "Indiquez le jour et l'heure du dépôt."})
    if problem := past_problem(deposited_at, recorded_at, by.at):
        raise ValidationError({"deposited_at": problem})
    if not files and not without_proof:
        raise ValidationError({"proofs": NO_PROOF})
    with nullcontext(within) if within else shelf() as kept, transaction.atomic():
        row = lock(deadline)
        filing = draft_of(row, by)
        filing.origin, filing.external_reference = FilingOrigin.TAKEN_OVER, reference
        joined = filing.proofs.current()
        kept.put(lambda: Proof(filing=filing), files, by=by, joined=joined)
        _check_gates(row, deposited_at)
        record(row, filing, deposited_at, by, out_of_order=out_of_order)
    return filing
