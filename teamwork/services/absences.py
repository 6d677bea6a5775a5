"""Somebody says until when they are away, and who stands in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.services.entries import write
from mailing.services.mail import tell
from segur.lib import paris
from teamwork.enums import TEAM_MAIL
from teamwork.models import Absence
from teamwork.selectors.absences import may_stand_in

if TYPE_CHECKING:
    from accounts.models import User
    from journal.rules.by import By

A_YEAR = dt.timedelta(days=366)
LABEL = "Absence d'un membre"


@transaction.atomic
def declare_absence(*, until: dt.date, stand_in: User, by: By) -> Absence:
    """A second declaration replaces the first. The stand-in is notified. Raises ValidationError."""
    today = paris.day(by.at)
    if not today <= until <= today + A_YEAR:
        raise ValidationError({"until": "Choisissez un jour à venir, dans l'année."})
    if not may_stand_in(by.actor).filter(pk=stand_in.pk).exists():
        raise ValidationError({"stand_in": "Choisissez un membre de vos organisations."})
    values = {"until": until, "stand_in": stand_in, "declared_at": by.at}
    absence, _ = Absence.objects.update_or_create(user=by.actor, defaults=values)
    _write(absence, "declare", f"Absence jusqu'au {until:%d/%m/%Y}", by)
    tell(
        [stand_in],
        kind=TEAM_MAIL,
        template="absence",
        context={"who": by.name, "until": until},
        key=f"absence:{absence.pk}:{until}",
        by=by,
    )
    return absence


@transaction.atomic
def end_absence(*, by: By) -> None:
    for absence in Absence.objects.filter(user=by.actor):
        _write(absence, "end", "Fin d'absence", by)
        absence.delete()


def _write(absence: Absence, act: str, what: str, by: By) -> None:
    organisation = by.organisation.pk if by.organisation else None
    write(absence, f"absence.{act}", by=by, what=what, label=LABEL, organisation_id=organisation)
