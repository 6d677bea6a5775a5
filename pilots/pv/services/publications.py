"""«Premières installations réussies»: proposed by the PV, published by the ANS (DOMAIN §5)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors.parties import is_party
from accounts.selectors.people import members_of, responsables
from calendar_app.models import Supplier
from journal.rules.by import By
from journal.rules.workflow import LABELS, Act
from journal.services.acts import Aggregate, lock_row, lock_rows
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from pilots.enums import PublicationState, PVState
from pilots.permissions import can_publish
from pilots.pv.models import Pilot, PilotPV, Publication
from pilots.pv.rules.publications import PUBLICATION, Publisher, readers_of
from pilots.pv.selectors.gate import Key, justified
from pilots.pv.selectors.publications import is_justified
from pilots.querysets import PublicationQuerySet

MUST_LEAD = "Seul un responsable de l'ANS publie ou retire une publication."
OWN = "On ne publie pas pour sa propre organisation : un autre responsable de l'ANS le fait."
AGAIN_UNJUSTIFIED = (
    "Le périmètre pilote n'est plus justifié : rien ne peut être proposé de nouveau tant qu'il ne "
    "l'est pas."
)
ALREADY_AGAIN = "Elle a déjà été proposée de nouveau : partez de la plus récente."
NO_REASON = "Indiquez le motif : il reste lisible avec la publication."
ACTS = {PublicationState.PUBLISHED: "publiée", PublicationState.WITHDRAWN: "retirée"}
NOT_NOW = "Cette publication est maintenant à l'état « {state} » : elle ne peut plus être {act}."
UNJUSTIFIED = (
    "Le périmètre pilote n'est plus justifié : un Client ou une demande a changé depuis la "
    "proposition. Elle pourra être publiée quand trois Clients compteront de nouveau."
)


@transaction.atomic
def propose(*, supplier: Supplier, now: dt.datetime) -> list[Publication]:
    """Propose what the pilots of this Fournisseur's solution justify at `now`; idempotent.

    To be called by whatever may have justified the third Client: a conforme decision, or a
    validation of the ASP that came after it. The row of the solution is locked first: of two
    decisions taken at the same second, the second sees the first one's.
    """
    solution = lock_row(supplier.solution)
    keys = justified(Pilot.objects.filter(prestation__supplier__solution=solution), now=now)
    made = [_propose(key, now) for key in sorted(keys, key=str)]
    return [publication for publication in made if publication]


@transaction.atomic
def retract(*, supplier: Supplier, reason: str, by: By) -> list[Publication]:
    """Set aside what was proposed for this Fournisseur's solution and its pilots justify no more at
    `now`; it is proposed again once they do. What is public stays: `withdraw` is an act of its own.
    """
    solution = lock_row(supplier.solution)
    keys = justified(Pilot.objects.filter(prestation__supplier__solution=solution), now=by.at)
    waiting = lock_rows(solution.publications.filter(state=PublicationState.PROPOSED))
    rows = [row for row in waiting if row.gate not in keys]
    for row in rows:
        _move(row, "retract", reason=reason, by=by)
    return rows


def propose_missing(*, now: dt.datetime) -> int:
    """What no act proposed: the number of Clients or the scope of the gate may have changed."""
    keys = justified(Pilot.objects.all(), now=now)
    suppliers = Supplier.objects.filter(solution__in={solution for solution, _ in keys})
    by_solution = {supplier.solution_id: supplier for supplier in suppliers}
    return sum(len(propose(supplier=supplier, now=now)) for supplier in by_solution.values())


def _propose(key: Key, now: dt.datetime) -> Publication | None:
    """None where one is alive, or was withdrawn and no PV has become conforme since."""
    solution, organisation = key
    last = Publication.objects.filter(solution=solution, organisation=organisation).last_of_gate()
    if last and last.state != PublicationState.WITHDRAWN:
        return None
    if last and not _conform(key).filter(decided_at__gt=last.withdrawn_at).exists():
        return None
    made = Publication.objects.create(
        solution_id=solution,
        organisation_id=organisation,
        follows=last.last_read if last else None,
        proposed_at=now,
    )
    _journal_proposal(made, "propose", by=By.clock(now))
    _tell(made, "publication_proposed", responsables(), By.clock(now))
    return made


@transaction.atomic
def propose_again(publication: Publication, *, reason: str, by: By) -> Publication:
    """Propose what was withdrawn or set aside by mistake, while its perimeter is justified: a new
    proposal, to be published as any other, which changes nothing of the former.

    The row of the solution is locked first, as by `propose`. Raises PermissionDenied,
    ValidationError.
    """
    lock_row(publication.solution)
    row = _locked(publication, by.actor)
    if row.state != PublicationState.WITHDRAWN:
        words = NOT_NOW.format(state=row.get_state_display(), act="proposée de nouveau")
        raise ValidationError(words, code="transition")
    if row != _of_gate(row).last_of_gate():
        raise ValidationError(ALREADY_AGAIN, code="transition")
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    if not is_justified(row, now=by.at):
        raise ValidationError(AGAIN_UNJUSTIFIED)
    made = Publication.objects.create(
        solution=row.solution,
        organisation=row.organisation,
        follows=row.last_read,
        proposed_at=by.at,
        proposed_by=by.actor,
        proposed_by_name=by.name,
        proposed_reason=reason.strip(),
    )
    _journal_proposal(made, "propose_again", by=by)
    _tell(made, "publication_proposed", responsables().exclude(pk=by.actor.pk), by)
    return made


def _journal_proposal(made: Publication, act: str, *, by: By) -> None:
    PUBLICATIONS.journal(
        made,
        act,
        by=by,
        what=LABELS[f"{PUBLICATION.name}.{act}"],
        note=made.proposed_reason,
        readers=readers_of(act),
    )


def _of_gate(row: Publication) -> PublicationQuerySet:
    return Publication.objects.filter(solution=row.solution_id, organisation=row.organisation_id)


def _conform(key: Key) -> QuerySet[PilotPV]:
    solution, organisation = key
    found = PilotPV.objects.filter(
        state=PVState.CONFORM, pilot__prestation__supplier__solution=solution
    )
    return found.filter(pilot__prestation__organisation=organisation) if organisation else found


@transaction.atomic
def publish(publication: Publication, *, by: By) -> Publication:
    """Publish a proposal, with the names of the day, and tell those whose solution it is.

    Raises PermissionDenied, and ValidationError for anything but a proposal that still holds.
    """
    row = _locked(publication, by.actor)
    PUBLICATIONS.check_state(row, "publish", by=by)
    if not is_justified(row, now=by.at):
        raise ValidationError(UNJUSTIFIED)
    row = PUBLICATIONS.move(
        row,
        "publish",
        by=by,
        readers=readers_of("publish"),
        solution_name=str(row.solution),
        solution_version=row.solution.version,
        editeur_name=row.solution.organisation.name,
        supplier_name=row.organisation.name if row.organisation else "",
        published_at=by.at,
        published_by=by.actor,
        published_by_name=by.name,
    )
    _tell(row, "publication_published", _concerned(row), by)
    return row


@transaction.atomic
def withdraw(publication: Publication, *, reason: str, by: By) -> Publication:
    """Withdraw a publication, which stays visible with this reason, or set a proposal aside, of
    which nobody was mailed. Raises PermissionDenied, ValidationError.
    """
    row = _locked(publication, by.actor)
    act = "withdraw" if row.state == PublicationState.PUBLISHED else "set_aside"
    PUBLICATIONS.check_state(row, act, by=by)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    row = _move(row, act, reason=reason.strip(), by=by)
    if row.published_at:
        _tell(row, "publication_withdrawn", _concerned(row), by)
    return row


def _move(row: Publication, act: str, *, reason: str, by: By) -> Publication:
    return PUBLICATIONS.move(
        row,
        act,
        by=by,
        note=reason,
        readers=readers_of(act),
        withdrawn_at=by.at,
        withdrawn_by=by.actor,
        withdrawn_by_name=by.name,
        withdrawn_reason=reason,
    )


def _rows() -> PublicationQuerySet:
    return Publication.objects.select_related(
        "solution__organisation", "solution__dispositif", "organisation"
    )


def _may(by: By, _row: Publication, who: Publisher) -> bool:
    return who is Publisher.RULE or can_publish(by.actor)


def _impossible(row: Publication, act: Act[PublicationState]) -> str:
    return NOT_NOW.format(state=row.get_state_display(), act=ACTS[act.target])


PUBLICATIONS = Aggregate(PUBLICATION, _rows, _may, _impossible, is_party)


def _locked(publication: Publication, actor: User) -> Publication:
    """The row as it is now, once the actor may touch it."""
    row = PUBLICATIONS.lock(publication)
    if not can_publish(actor):
        raise PermissionDenied(MUST_LEAD)
    if is_party(actor, row):
        raise PermissionDenied(OWN)
    return row


def _concerned(publication: Publication) -> QuerySet[User]:
    """The members of the éditeur, and of the Fournisseur where the publication names one."""
    ids = {publication.solution.organisation_id, publication.organisation_id} - {None}
    found = members_of([pk for pk in ids if pk])
    return User.objects.filter(pk__in={m.user_id for people in found.values() for m in people})


def _tell(publication: Publication, template: str, people: QuerySet[User], by: By) -> None:
    tell(
        people,
        kind=DECISION_MAIL,
        template=template,
        context={"publication": publication, "solution": publication.solution},
        key=f"{template}:{publication.pk}",
        by=by,
    )
