"""Deadlines in number: deposits declared with one accusé, deposits confirmed, lines set aside.

Each row goes through the service of its own page. What is left out, and why, is asked of all the
rows at once: by the tables of the workflow, the gates and the parties, as that service asks them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import can_prepare
from accounts.selectors.parties import parties_of
from accounts.selectors.people import members_of
from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Filing, FilingBatch, Proof
from calendar_app.rules.rights import Unmet
from calendar_app.rules.workflow import DECISIONS
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.order import undone_before
from calendar_app.services import decisions
from calendar_app.services.deadlines import MILESTONES
from calendar_app.services.drafts import draft_of
from calendar_app.services.filings import OUT_OF_ORDER, readers_of_receipts, record
from calendar_app.services.receipts import seal_batch
from documents.services.fates import fate_of
from documents.services.proofs import Shelf
from journal.rules.by import By
from journal.services.acts import PARTY
from mailing.rules import DECISION_MAIL, RECEIPT_MAIL
from mailing.services.mail import tell
from teamwork.services.charges import hand_over

Values = Mapping[str, Any]

FILED_HERE = "Se dépose sur ce site, avec ses propres pièces : ouvrez l'échéance."
OTHER_MILESTONE = "Autre jalon ({}) : un accusé ne vaut que pour un jalon."
OTHER_TEAM = "Autre organisation ({}) : ses membres confient ce qu'elle doit faire."
OTHER_ORGANISATION = "Autre organisation ({}) : déclarez ses dépôts à part."


def declare_refusals(rows: Sequence[Deadline], by: By, values: Values) -> dict[int, str]:
    """One accusé is for one milestone of one organisation: that of most of the rows."""
    found = _engine_refusals(rows, "file", by)
    main = Counter(_kind(row) for row in rows if not found.get(row.pk)).most_common(1)
    unmet = unmet_of(rows, values.get("deposited_at") or by.at)
    undone = undone_before(rows)
    is_ordered = bool(values) and not values.get("out_of_order")
    for row in rows:
        found[row.pk] = (
            found.get(row.pk)
            or (_stands_apart(row, main[0][0]) if main else "")
            or _closed(unmet[row.pk])
            or (OUT_OF_ORDER if is_ordered and row.pk in undone else "")
        )
    return found


def _engine_refusals(rows: Sequence[Deadline], act: str, by: By) -> dict[int, str]:
    """State and right, by the table; a computed delay has no such act."""
    return {
        row.pk: decisions.COMPUTED if row.is_delay else MILESTONES.refusal(row, act, by=by)
        for row in rows
    }


def _kind(row: Deadline) -> tuple[int, int | None]:
    return row.organisation_id, row.milestone_id


def _stands_apart(row: Deadline, kind: tuple[int, int | None]) -> str:
    organisation, milestone = kind
    if row.organisation_id != organisation:
        return OTHER_ORGANISATION.format(row.organisation)
    if row.milestone_id != milestone:
        return OTHER_MILESTONE.format(row.title)
    return FILED_HERE if row.milestone and row.milestone.channel == Channel.HERE else ""


def _closed(unmet: Sequence[Unmet]) -> str:
    return " ".join(f"{one.reason} Qui doit agir : {one.who}." for one in unmet)


@transaction.atomic
def declare_all(
    rows: Sequence[Deadline],
    *,
    by: By,
    kept: Shelf,
    deposited_at: dt.datetime,
    external_reference: str = "",
    proofs: Sequence[UploadedFile[Any]] = (),
    out_of_order: bool = False,
    **_form: Any,
) -> FilingBatch:
    """File each of these locked rows, judged by `declare_refusals`, with the same instant, number
    and files; a draft in progress is completed. One receipt and one mail list them.
    """
    batch = FilingBatch.objects.create(
        organisation=rows[0].organisation, recorded_by=by.actor, recorded_at=by.at
    )
    shared: list[Proof] = []
    filings = []
    for row in rows:
        filing = draft_of(row, by)
        filing.batch = batch
        filing.external_reference = external_reference or filing.external_reference
        shared = _join(filing, proofs, shared, kept, by)
        record(row, filing, deposited_at, by, out_of_order=out_of_order)
        filings.append(filing)
    seal_batch(batch, filings, by=by)
    tell(
        readers_of_receipts(filings, batch.organisation_id),
        kind=RECEIPT_MAIL,
        template="receipt_batch",
        context={"batch": batch, "receipt": batch.receipt},
        key=f"receipt-batch:{batch.pk}",
        by=by,
    )
    return batch


def _join(
    filing: Filing,
    uploads: Sequence[UploadedFile[Any]],
    shared: Sequence[Proof],
    kept: Shelf,
    by: By,
) -> list[Proof]:
    """The files are stored with the first filing; the rows of the others name the same files."""
    present = list(filing.proofs.current())
    if not shared:
        kept.put(lambda: Proof(filing=filing), uploads, by=by, joined=present)
        wanted = {fate_of(upload).sha256 for upload in uploads}
        return [proof for proof in filing.proofs.current() if proof.sha256 in wanted]
    for proof in shared:
        if proof.sha256 not in {one.sha256 for one in present}:
            proof.pk, proof.filing = None, filing
            proof.save()
    return list(shared)


def confirm_refusals(rows: Sequence[Deadline], by: By, _values: Values) -> dict[int, str]:
    """At the ANS, whoever is a party to a deposit leaves it to another agent."""
    found = _engine_refusals(rows, DECISIONS[State.ACCEPTED], by)
    parties = parties_of(rows)
    for row in rows:
        if not found[row.pk] and parties[row.pk].include(by.actor):
            found[row.pk] = PARTY
    return found


@transaction.atomic
def confirm_all(rows: Sequence[Deadline], *, by: By) -> list[Filing]:
    """Confirm the last filing of each; every person who recorded some gets one mail."""
    last = Filing.objects.filed().filter(deadline__in=rows).order_by("deadline", "number")
    waiting = {filing.deadline_id: filing for filing in last.select_related("deadline")}
    decided = [
        decisions.decide(waiting[row.pk], decision=State.ACCEPTED, by=by, notify=False)
        for row in rows
    ]
    _tell_confirmed(decided, by=by)
    return decided


def _tell_confirmed(filings: Sequence[Filing], *, by: By) -> None:
    shown = Filing.objects.filter(pk__in=[filing.pk for filing in filings]).select_related(
        "deadline__solution",
        "deadline__prestation__client",
        "deadline__prestation__supplier__solution",
    )
    members = members_of({filing.deadline.organisation_id for filing in shown})
    of_person: dict[int, list[Filing]] = defaultdict(list)
    for filing in shown.order_by("deadline__title", "pk"):
        of = members[filing.deadline.organisation_id]
        for person in decisions.readers_of_decisions(filing, of)[0]:
            of_person[person].append(filing)
    for user in User.objects.filter(pk__in=of_person).order_by("pk"):
        own = of_person[user.pk]
        tell(
            [user],
            kind=DECISION_MAIL,
            template="confirmed",
            context={
                "filings": own,
                "first": own[0],
                "is_mixed": len({filing.deadline.title for filing in own}) > 1,
            },
            key=f"confirmed:{own[0].pk}:{by.at.isoformat()}",
            about=own[0].deadline if len(own) == 1 else None,
            by=by,
        )


def set_aside_refusals(rows: Sequence[Deadline], by: By, _values: Values) -> dict[int, str]:
    return _engine_refusals(rows, "set_aside", by)


@transaction.atomic
def set_aside_all(rows: Sequence[Deadline], *, by: By, reason: str) -> None:
    for row in rows:
        decisions.set_aside(row, reason=reason, by=by)


def hand_over_refusals(rows: Sequence[Deadline], by: By, _values: Values) -> dict[int, str]:
    """To do, and of one organisation of the person: that of most of the rows."""
    own = [row.organisation_id for row in rows if can_prepare(by.actor, row.organisation_id)]
    main = Counter(own).most_common(1)
    return {row.pk: _not_handed_over(row, main[0][0] if main else None) for row in rows}


def _not_handed_over(row: Deadline, organisation: int | None) -> str:
    if row.organisation_id != organisation:
        return OTHER_TEAM.format(row.organisation)
    return "" if row.is_open else "N'est plus à faire."


def hand_over_all(rows: Sequence[Deadline], *, by: By, person: User | None) -> int:
    """The entry of the whole is that of the bulk act."""
    return hand_over(rows, person, by, writes=False)
