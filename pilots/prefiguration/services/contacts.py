"""The technical contact: given by the éditeur, kept for its purpose, erased on its day (DOMAIN §8).

What is erased: the contact's row, the address of the mails sent to it, their text and their file
(gone from the ledger once sent). What remains: that somebody was, why, and until when. What was
sent is in the mailbox of its recipient, where nobody can erase it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.rules.by import By
from mailing.enums import MailState
from mailing.models import OutgoingMail
from pilots.enums import Stage
from pilots.prefiguration.models import Contact, Prefigurateur
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT, Party
from pilots.prefiguration.selectors.working_list import longest_months
from pilots.prefiguration.services.contact_requests import settle_request, settle_requests
from pilots.prefiguration.services.interviews import ahead, call_off
from pilots.prefiguration.services.invitations import (
    CONTACT_KEY,
    Method,
    tell_contact,
    tell_contacts,
)
from pilots.prefiguration.services.stages import (
    PREFIGURATEURS,
    demand,
    journal,
    lock,
    move,
    save,
)
from segur.lib import paris
from segur.lib.months import months_later

GONE = (MailState.SENT, MailState.UNKNOWN, MailState.BOUNCED, MailState.FAILED, MailState.CANCELLED)
ON_ITS_DAY = "Date d'effacement atteinte."
ON_DEMAND = "Effacé sur demande."
BATCH = 1000
ANOTHER = "Autre contact technique donné"
CORRECTED = "Contact technique corrigé"
ERASED = "Ce contact est effacé : il n'y a plus rien à corriger."
WORDS = {
    "full_name": "nom",
    "email": "adresse électronique",
    "phone": "téléphone",
    "job": "fonction",
}


@transaction.atomic
def give(
    prefigurateur: Prefigurateur,
    *,
    full_name: str,
    email: str,
    phone: str,
    job: str,
    purpose: str,
    source: str,
    delete_on: dt.date,
    by: By,
) -> Contact:
    """Give a contact: the request that asked for it is settled, a planned interview invites it.

    Raises ValidationError, PermissionDenied.
    """
    row = lock(prefigurateur)
    demand(row, Party.EDITEUR, by=by)
    interview_at = ahead(row, by.at)
    if why := NO_MORE_CONTACT.get(Stage(row.stage)):
        raise ValidationError(why)
    _check_email(row, email)
    check_day(delete_on, interview_at, months=longest_months(by.at), now=by.at)
    contact = Contact(
        prefigurateur=row,
        full_name=full_name,
        email=email,
        phone=phone,
        job=job,
        purpose=purpose,
        source=source,
        delete_on=delete_on,
        given_by_name=by.name,
        given_at=by.at,
    )
    contact.clean_fields(exclude=["erased_at"])
    contact.save()
    note = _given_note(contact)
    if row.stage == Stage.WORKING_LIST:
        row = move(row, "give", by=by, note=note)
    else:
        journal(row, "give_another", by=by, what=ANOTHER, note=note)
    settle_request(row, given=True, by=by)
    if interview_at:
        tell_contact(contact, row, at=interview_at, method=Method.REQUEST, by=by)
    return contact


def _given_note(contact: Contact) -> str:
    editeur = contact.prefigurateur.solution.organisation
    return f"Par {editeur}. À effacer le {contact.delete_on:%d/%m/%Y}."


@transaction.atomic
def give_all(contacts: Sequence[Contact], *, by: By) -> None:
    """`give` of many, already checked, whose préfigurateurs are locked and loaded as `stages.lock`
    does, in a number of queries that follows batches."""
    for contact in contacts:
        contact.given_by_name, contact.given_at = by.name, by.at
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    invited = [(one, at) for one in contacts if (at := ahead(one.prefigurateur, by.at))]
    first: dict[int, Contact] = {}
    for contact in contacts:
        if contact.prefigurateur.stage == Stage.WORKING_LIST:
            first.setdefault(contact.prefigurateur_id, contact)
    firsts = [(one.prefigurateur, {"note": _given_note(one)}) for one in first.values()]
    others = [
        (one.prefigurateur, {"what": ANOTHER, "note": _given_note(one)})
        for one in contacts
        if first.get(one.prefigurateur_id) is not one
    ]
    PREFIGURATEURS.move_all(firsts, "give", by=by)
    PREFIGURATEURS.journal_all(others, "give_another", by=by)
    rows = {contact.prefigurateur_id: contact.prefigurateur for contact in contacts}
    settle_requests(list(rows.values()), by=by)
    tell_contacts(invited, method=Method.REQUEST, by=by)


def _check_email(row: Prefigurateur, email: str, *, but: int = 0) -> None:
    if row.contacts.kept().exclude(pk=but).filter(email__iexact=email).exists():
        raise ValidationError({"email": "Cette personne est déjà donnée comme contact."})


def check_day(
    delete_on: dt.date, interview_at: dt.datetime | None, *, months: int, now: dt.datetime
) -> None:
    """`months`: the longest that a contact given at that instant may be kept."""
    today = paris.day(now)
    last = months_later(today, months)
    if not today < delete_on <= last:
        raise ValidationError(
            {
                "delete_on": "Choisissez un jour à venir, et au plus tard le "
                f"{last:%d/%m/%Y} : une donnée personnelle ne se garde pas plus de "
                f"{months} mois sur ce site."
            }
        )
    if interview_at and delete_on <= paris.day(interview_at):
        raise ValidationError(
            {
                "delete_on": f"L'entretien est fixé au {paris.day(interview_at):%d/%m/%Y} : gardez "
                "le contact au moins jusqu'au lendemain."
            }
        )


@transaction.atomic
def correct(
    contact: Contact,
    *,
    full_name: str,
    email: str,
    phone: str,
    job: str,
    by: By,
) -> Contact:
    """Correct a mistake in the person's data: purpose, source and day of deletion stay. The journal
    says which data, never what it was. An invitation follows to another address.

    Raises ValidationError, PermissionDenied.
    """
    row = lock(contact.prefigurateur)
    demand(row, Party.EITHER, by=by)
    kept = row.contacts.kept().filter(pk=contact.pk).first()
    if kept is None:
        raise ValidationError(ERASED)
    _check_email(row, email, but=kept.pk)
    given = {"full_name": full_name, "email": email, "phone": phone, "job": job}
    changed = [name for name, value in given.items() if getattr(kept, name) != value]
    if not changed:
        return kept
    interview_at = ahead(row, by.at) if "email" in changed else None
    invites = interview_at if interview_at and kept.is_kept_on(paris.day(interview_at)) else None
    if invites:
        save(row, interview_version=row.interview_version + 1)
        tell_contact(kept, row, at=invites, method=Method.CANCEL, by=by)
    for name in changed:
        setattr(kept, name, given[name])
    kept.clean_fields(exclude=["erased_at"])
    kept.save(update_fields=changed)
    journal(row, "correct_contact", by=by, what=CORRECTED, note=_corrected_note(changed))
    if invites:
        tell_contact(kept, row, at=invites, method=Method.REQUEST, by=by)
    return kept


def _corrected_note(changed: Iterable[str]) -> str:
    return f"{', '.join(WORDS[name] for name in changed)}.".capitalize()


@transaction.atomic
def correct_all(changed: Sequence[tuple[Contact, Sequence[str]]], *, by: By) -> None:
    """`correct` of many, already checked, whose préfigurateurs are locked: each with the names of
    what changes. An address stays: no invitation follows."""
    Contact.objects.bulk_create(
        [contact for contact, _names in changed],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[name for name in WORDS if name != "email"],
    )
    lines = [
        (contact.prefigurateur, {"what": CORRECTED, "note": _corrected_note(names)})
        for contact, names in changed
    ]
    PREFIGURATEURS.journal_all(lines, "correct_contact", by=by)


@transaction.atomic
def erase(contact: Contact, *, by: By) -> None:
    """Erase a contact on demand. Nothing to do when it was erased meanwhile."""
    row = lock(contact.prefigurateur)
    demand(row, Party.EITHER, by=by)
    _erase(row, contact.pk, why=ON_DEMAND, by=by)


def erase_all(row: Prefigurateur, *, why: str, by: By) -> None:
    """Those of a row that is locked: what they were kept for is over."""
    for contact in row.contacts.kept():
        _erase(row, contact.pk, why=why, by=by)


def erase_due(*, now: dt.datetime) -> int:
    """Erase the contacts whose day has come; how many were.

    Asked of the table, so an outage is caught up; each one in a transaction of its own, under the
    lock of its préfigurateur, so of two runs one erases. Mails that were on their way when their
    contact was erased lose its address here, once they have left.
    """
    due = Contact.objects.kept().filter(delete_on__lte=paris.day(now)).order_by("pk")
    count = sum(_erase_due(contact, now) for contact in due.select_related("prefigurateur"))
    forget_addresses()
    return count


@transaction.atomic
def _erase_due(contact: Contact, now: dt.datetime) -> bool:
    return _erase(lock(contact.prefigurateur), contact.pk, why=ON_ITS_DAY, by=By.clock(now))


def _erase(row: Prefigurateur, pk: int, *, why: str, by: By) -> bool:
    """Of a row that is locked. The interview that it was invited to is called off first."""
    kept = list(row.contacts.kept())
    contact = next((one for one in kept if one.pk == pk), None)
    if contact is None:
        return False
    interview_at, is_last = ahead(row, by.at), len(kept) == 1
    invited = [one.pk for one in kept if interview_at and one.is_kept_on(paris.day(interview_at))]
    if interview_at and not set(invited) - {pk}:
        call_off(row, by=by, why="Le contact technique est effacé.")
    elif interview_at and pk in invited:
        tell_contact(contact, row, at=interview_at, method=Method.CANCEL, by=by)
    contact.full_name = contact.email = contact.phone = contact.job = ""
    contact.erased_at, contact.erased_why = by.at, why
    contact.save()
    journal(row, "erase_contact", by=by, what="Contact technique effacé", note=why)
    if is_last and row.stage == Stage.CONTACT and not _was_held(row, by.at):
        move(row, "lose", by=by)
    forget_addresses()
    return True


def _was_held(row: Prefigurateur, now: dt.datetime) -> bool:
    """The hour of the interview has passed: only its report is missing."""
    return row.interview_at is not None and row.interview_at <= now


def forget_addresses() -> int:
    """Take the address of erased contacts out of the mails that have left, and what a mail server
    answered about it. What is still to be sent keeps it until then.
    """
    written = OutgoingMail.objects.filter(
        dedupe_key__startswith=CONTACT_KEY, state__in=GONE
    ).exclude(to_email="")
    of_contact = {
        pk: int(key.removeprefix(CONTACT_KEY).partition(":")[0])
        for pk, key in written.values_list("pk", "dedupe_key")
        if key
    }
    erased = set(
        Contact.objects.filter(pk__in=of_contact.values())
        .exclude(erased_at=None)
        .values_list("pk", flat=True)
    )
    mails = [mail for mail, contact in of_contact.items() if contact in erased]
    return OutgoingMail.objects.filter(pk__in=mails).update(
        to_email="", error="", body_text="", body_html="", attachments=[]
    )
