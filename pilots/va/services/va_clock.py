"""The two months of a VA: the Client's notification opens them, its validations close them.

Every act locks the VA first, then its deadline.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from calendar_app.services.deadlines import move
from calendar_app.services.delays import Delay, open_delay
from documents.services.proofs import shelf
from journal.rules.by import By
from journal.services.changes import save_checked
from parameters.selectors import value
from pilots.enums import ConditionState, VACase
from pilots.va.models import VA, Notification, VACondition, VAFile
from pilots.va.rules.parameters import VA_MONTHS
from pilots.va.rules.two_months import CODE, STEPS
from pilots.va.rules.va import ACTS, FUTURE, notification_problems, validation_problems
from pilots.va.selectors.va import clock_of
from pilots.va.services.va import Uploads, check_read, journal, lock, refuse, require_reason
from segur.lib import paris
from segur.lib.numbers import counted

TITLE = "Levée des conditions reportées de la VA"
NO_PROOF = "Joignez la preuve : le courrier, le message ou le document du Client."
NOTHING_TO_NOTIFY = "Toutes les conditions de cette VA sont vérifiées : aucun délai ne peut courir."
ALREADY = (
    "Une notification du {day:%d/%m/%Y} est déjà enregistrée, et c'est la première qui compte : si "
    "elle est fausse, corrigez-la."
)
NO_CHANGE = "Rien n'a changé : il n'y a rien à corriger."
CLOSED = (
    "Toutes les conditions sont validées, le délai est clos : annulez d'abord la validation qui "
    "est fausse."
)
VALIDATED_BEFORE = (
    "Une condition a été validée le {day:%d/%m/%Y} : la notification est de ce jour-là ou d'avant."
)
VALIDATED_SINCE = (
    "Une condition a été validée depuis cette notification : annulez d'abord la validation qui est "
    "fausse."
)
NOTHING_TO_CORRECT = (
    "Aucune notification n'est enregistrée : celle-ci a pu être retirée entre-temps."
)
NOT_NOTIFIED = "Le Client n'a pas encore notifié la mise à jour de son RIS : rien ne se valide."
NOT_REPORTED = "Cette condition est à l'état « {state} » : il n'y a rien à valider."
NOT_VALIDATED = "Cette condition est à l'état « {state} » : il n'y a aucune validation à annuler."


def notify(
    va: VA,
    *,
    notified: dt.date | dt.datetime,
    means: str,
    proofs: Uploads,
    by: By,
) -> Notification:
    """The Client notifies that its RIS is in Vague 2: the delay opens, with its reminders.

    `notified` is the Paris day or, where the proof bears one, the instant: its Paris day counts.
    """
    with shelf() as kept, transaction.atomic():
        row = lock(va.pk)
        if row.case == VACase.ALL_VERIFIED:
            raise ValidationError(NOTHING_TO_NOTIFY)
        if hasattr(row, "notification"):
            raise ValidationError(ALREADY.format(day=row.notification.notified_on))
        notification = Notification(
            va=row, recorded_by=by.actor, recorded_by_name=by.name, recorded_at=by.at
        )
        _say(notification, notified, means, by)
        if not proofs:
            raise ValidationError({"proofs": NO_PROOF})
        kept.put(
            lambda: VAFile(va=row, notification=notification),
            proofs,
            by=by,
            document_date=notification.notified_on,
        )
        note = f"Le {_when(notified)}, par {means}."
        journal(row, "notify", by=by, note=note)
        _open(notification, by)
    return notification


def correct_notification(
    va: VA,
    *,
    notified: dt.date | dt.datetime,
    means: str,
    reason: str,
    proofs: Uploads = (),
    read: str | None = None,
    by: By,
) -> Notification:
    """What was recorded was wrong: the delay moves, and its reminders with it."""
    with shelf() as kept, transaction.atomic():
        row = lock(va.pk)
        check_read(read, row)
        require_reason(reason)
        notification = _known(row)
        before = (notification.notified_on, notification.means)
        if row.clock and not row.clock.is_open:
            raise ValidationError(CLOSED)
        _say(notification, notified, means, by)
        _require_before_validations(notification)
        if (notification.notified_on, notification.means) == before and not proofs:
            raise ValidationError(NO_CHANGE)
        kept.put(
            lambda: VAFile(va=row, notification=notification),
            proofs,
            by=by,
            document_date=notification.notified_on,
        )
        was = (
            f"Le {_when(notified)}, par {means}, au lieu du {before[0]:%d/%m/%Y}, par {before[1]}."
        )
        note = f"{reason.strip()}\n{was}"
        journal(row, "correct_notification", by=by, note=note)
        _open(notification, by)
    return notification


@transaction.atomic
def withdraw_notification(va: VA, *, reason: str, by: By) -> VA:
    """Nothing was notified: the VA awaits the RIS again, the delay is «sans objet», and the proofs
    stay as those of a notification withdrawn.
    """
    row = lock(va.pk)
    require_reason(reason)
    notification = _known(row)
    if row.conditions.filter(state=ConditionState.VALIDATED).exists():
        raise ValidationError(VALIDATED_SINCE)
    was = f"Elle disait : le {notification.notified_on:%d/%m/%Y}, par {notification.means}."
    note = f"{reason.strip()}\n{was}"
    notification.files.update(is_withdrawn=True)
    notification.delete()
    journal(row, "withdraw_notification", by=by, note=note)
    if row.clock:
        what = ACTS["withdraw_notification"]
        move(row.clock, "give_up", by=by, what=what, note=note)
    return row


def validate(
    condition: VACondition,
    *,
    validated_on: dt.date,
    proofs: Uploads,
    by: By,
) -> VACondition:
    """The Client validates a reported condition; the last one closes the delay."""
    with shelf() as kept, transaction.atomic():
        va = lock(condition.va_id)
        row = va.conditions.get(pk=condition.pk)
        if not hasattr(va, "notification"):
            raise ValidationError(NOT_NOTIFIED)
        if row.state != ConditionState.REPORTED:
            raise ValidationError(NOT_REPORTED.format(state=row.get_state_display()))
        refuse(
            validation_problems(
                validated_on, notified_on=va.notification.notified_on, today=paris.day(by.at)
            )
        )
        if not proofs:
            raise ValidationError({"proofs": NO_PROOF})
        row.state, row.validated_on = ConditionState.VALIDATED, validated_on
        row.recorded_at = by.at
        save_checked(row)
        kept.put(
            lambda: VAFile(va=va, condition=row),
            proofs,
            by=by,
            document_date=validated_on,
        )
        note = f"{row.label}\nLe {validated_on:%d/%m/%Y}."
        journal(va, "validate", by=by, note=note)
        if not va.conditions.filter(state=ConditionState.REPORTED).exists():
            _close(va, by)
    return row


@transaction.atomic
def undo_validation(condition: VACondition, *, reason: str, by: By) -> VACondition:
    """A validation recorded by mistake: the condition is reported again, and the delay runs."""
    va = lock(condition.va_id)
    row = va.conditions.get(pk=condition.pk)
    require_reason(reason)
    if row.state != ConditionState.VALIDATED:
        raise ValidationError(NOT_VALIDATED.format(state=row.get_state_display()))
    row.state, row.validated_on = ConditionState.REPORTED, None
    row.recorded_at = by.at
    save_checked(row)
    note = f"{row.label}\n{reason.strip()}"
    journal(va, "undo_validation", by=by, note=note)
    if va.clock and not va.clock.is_open:
        what = "Une validation a été annulée"
        move(va.clock, "run_again", by=by, what=what, note=reason.strip())
    return row


def _known(va: VA) -> Notification:
    """Refused in a sentence where a colleague has just withdrawn it."""
    if not hasattr(va, "notification"):
        raise ValidationError(NOTHING_TO_CORRECT)
    return va.notification


def _say(
    notification: Notification,
    notified: dt.date | dt.datetime,
    means: str,
    by: By,
) -> None:
    """The delay is that in effect on the day of the notification."""
    day, va = _day(notified), notification.va
    if isinstance(notified, dt.datetime) and notified > by.at:
        refuse({"notified_on": FUTURE})
    refuse(notification_problems(day, signed_on=va.signed_on, today=paris.day(by.at)))
    notification.notified_on, notification.means = day, means
    notification.months = int(value(VA_MONTHS, at=paris.at(day, dt.time(0))))
    save_checked(notification)


def _open(notification: Notification, by: By) -> None:
    va, clock = notification.va, clock_of(notification)
    delay = Delay(
        code=CODE,
        title=TITLE,
        rule=clock.rule,
        due_at=clock.due_at,
        page=reverse("va:detail", args=[va.prestation_id]),
        steps=STEPS,
    )
    organisation = va.prestation.organisation
    if va.clock and not va.clock.is_open:
        what = "Le Client a notifié de nouveau"
        move(va.clock, "run_again", by=by, what=what)
    va.clock = open_delay(delay, subject=va.prestation, organisation=organisation, by=by)
    save_checked(va)


def _close(va: VA, by: By) -> None:
    last = max(filter(None, va.conditions.values_list("validated_on", flat=True)))
    late = clock_of(va.notification).late_days(last)
    delay = f"en retard de {counted(late, 'jour')}" if late else "dans le délai"
    note = f"Le {last:%d/%m/%Y}, {delay}."
    if va.clock:
        move(va.clock, "keep", by=by, what=ACTS["complete"], note=note)
    journal(va, "complete", by=by, note=note)


def _require_before_validations(notification: Notification) -> None:
    validated = notification.va.conditions.values_list("validated_on", flat=True)
    first = min(filter(None, validated), default=None)
    if first and notification.notified_on > first:
        raise ValidationError({"notified_on": VALIDATED_BEFORE.format(day=first)})


def _day(notified: dt.date | dt.datetime) -> dt.date:
    return paris.day(notified) if isinstance(notified, dt.datetime) else notified


def _when(notified: dt.date | dt.datetime) -> str:
    """The day, with the instant of the proof where it bears one."""
    day = f"{_day(notified):%d/%m/%Y}"
    if not isinstance(notified, dt.datetime):
        return day
    return f"{day} (preuve horodatée du {paris.stamp(notified)})"
