"""The interview of a préfigurateur: fixed, moved, called off, held (DOMAIN §8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.rules.by import By
from journal.services.readings import check_fields
from pilots.enums import Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import Party, unusual
from pilots.prefiguration.services.invitations import Method, tell_all, tell_left_out, tell_members
from pilots.prefiguration.services.stages import demand, journal, lock, move, save
from segur.lib import paris

PLANNED = ("interview_at", "interview_place")
NO_CONTACT = "Aucun contact technique : demandez-le d'abord à l'éditeur."
NO_INTERVIEW = "Aucun entretien n'est fixé : rechargez la page."
PAST = "Cet instant est passé : fixez un entretien à venir."
UNUSUAL = "Vérifiez : {why}. Cochez la case si c'est bien le moment convenu."
FUTURE = "Cet instant est à venir : un entretien s'enregistre une fois tenu."


@transaction.atomic
def plan(
    prefigurateur: Prefigurateur,
    *,
    at: dt.datetime,
    place: str,
    confirmed: bool = False,
    read: str | None = None,
    by: By,
) -> Prefigurateur:
    """Fix the interview, or move it; everybody invited gets it in their agenda. The same again
    changes nothing and notifies nobody. At an unusual instant only once it is `confirmed`. Raises
    ValidationError, PermissionDenied.
    """
    row = lock(prefigurateur)
    demand(row, Party.ANS, by=by)
    check_fields(read, row, PLANNED, what="modifié cet entretien")
    before, same = row.interview_at, (row.interview_at, row.interview_place) == (at, place)
    _check_plan(row, at, by.at)
    if same:
        return row
    if at != before and not confirmed and (why := unusual(at)):
        raise ValidationError({"confirmed": UNUSUAL.format(why=why)})
    save(
        row,
        interview_at=at,
        interview_place=place,
        interview_by=row.interview_by if before else by.actor,
        interview_version=row.interview_version + 1,
    )
    note = f"Le {paris.long(at)}" + (f", au lieu du {paris.long(before)}" if before else "")
    what = "Entretien modifié" if before else "Entretien fixé"
    planned = {"interview_at": at.isoformat(), "interview_place": place}
    journal(row, "plan", by=by, what=what, note=f"{note}.", details=planned)
    if before:
        tell_left_out(row, before=before, at=at, by=by)
    tell_all(row, at=at, method=Method.REQUEST, moved=before is not None, by=by)
    return row


def _check_plan(row: Prefigurateur, at: dt.datetime, now: dt.datetime) -> None:
    if row.stage != Stage.CONTACT:
        stage = Stage(row.stage).label
        raise ValidationError(f"À l'étape « {stage} », il n'y a pas d'entretien à fixer.")
    if at <= now:
        raise ValidationError({"at": PAST})
    last = row.contacts.kept().order_by("delete_on", "pk").last()
    if last is None:
        raise ValidationError(NO_CONTACT)
    if not last.is_kept_on(paris.day(at)):
        raise ValidationError(
            {
                "at": f"Le dernier contact sera effacé le {last.delete_on:%d/%m/%Y} : fixez "
                "l'entretien avant, ou demandez à l'éditeur un contact gardé plus longtemps."
            }
        )


@transaction.atomic
def cancel(prefigurateur: Prefigurateur, *, by: By, why: str = "") -> Prefigurateur:
    """Call the interview off: it leaves every agenda. Raises ValidationError when there is none."""
    row = lock(prefigurateur)
    demand(row, Party.EITHER if by.user is None else Party.ANS, by=by)
    call_off(row, by=by, why=why)
    return row


def call_off(row: Prefigurateur, *, by: By, why: str) -> None:
    """The same for a row that is locked, whoever acts."""
    at = row.interview_at
    if at is None or row.stage != Stage.CONTACT:
        raise ValidationError(NO_INTERVIEW)
    version = row.interview_version + 1
    save(row, interview_at=None, interview_version=version)
    note = f"Il était fixé au {paris.long(at)}. {why}".strip()
    planned = {"interview_at": ""}
    journal(row, "call_off", by=by, what="Entretien annulé", note=note, details=planned)
    tell_all(row, at=at, method=Method.CANCEL, moved=False, by=by)


@transaction.atomic
def attend(prefigurateur: Prefigurateur, *, wants: bool, by: By) -> Prefigurateur:
    """A member of the éditeur comes to the interview, or does not any more."""
    row = lock(prefigurateur)
    demand(row, Party.EDITEUR, by=by)
    if row.attendees.filter(pk=by.actor.pk).exists() == wants:
        return row
    (row.attendees.add if wants else row.attendees.remove)(by.actor)
    if at := ahead(row, by.at):
        method = Method.REQUEST if wants else Method.CANCEL
        tell_members(row, [by.actor], at=at, method=method, by=by)
    return row


def ahead(row: Prefigurateur, now: dt.datetime) -> dt.datetime | None:
    """The hour of the interview that is fixed, until it has come."""
    at = row.interview_at
    return at if at and at > now and row.stage == Stage.CONTACT else None


@transaction.atomic
def record(
    prefigurateur: Prefigurateur,
    *,
    interview_at: dt.datetime,
    explained_expectations: bool,
    explained_calendar: bool,
    is_understood: bool,
    editeur_attended: bool,
    notes: str,
    read: str | None = None,
    by: By,
) -> Prefigurateur:
    """What was explained and understood. Again, to complete it, until the éditeur has agreed. An
    interview still planned for another day leaves the agendas.

    Raises ValidationError, PermissionDenied.
    """
    if interview_at > by.at:
        raise ValidationError({"interview_at": FUTURE})
    row = lock(prefigurateur)
    demand(row, Party.ANS, by=by)
    report: dict[str, Any] = {
        "interview_at": interview_at,
        "explained_expectations": explained_expectations,
        "explained_calendar": explained_calendar,
        "is_understood": is_understood,
        "editeur_attended": editeur_attended,
        "notes": notes,
    }
    check_fields(read, row, report, what="modifié cet entretien")
    if row.stage != Stage.INTERVIEW:
        planned, held_on = ahead(row, by.at), paris.day(interview_at)
        if planned and paris.day(planned) != held_on:
            call_off(row, by=by, why=f"Il a été tenu le {held_on:%d/%m/%Y}.")
        return move(row, "record", by=by, details=_kept(report), **report)
    save(row, **report)
    what = "Compte-rendu de l'entretien complété"
    journal(row, "complete", by=by, what=what, details=_kept(report))
    return row


def _kept(report: dict[str, Any]) -> dict[str, Any]:
    """What the entry says of it: free notes may name people, and an entry is never erased."""
    return {**report, "interview_at": report["interview_at"].isoformat(), "notes": ""}
