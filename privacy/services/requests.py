"""The request of a person to be erased: asked, withdrawn, done by a responsable or by the clock."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.permissions import is_responsable
from accounts.selectors.people import responsables
from journal.enums import Readers
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.acts import lock_row
from journal.services.entries import write
from mailing.rules import ACCOUNT_MAIL
from mailing.services.links import absolute
from mailing.services.mail import tell
from parameters.selectors import value
from privacy.models import ErasureRequest
from privacy.rules.parameters import ERASURE_DAYS
from privacy.selectors.erasures import obstacles
from privacy.services.erasure import person_erase

LONGEST_DAYS = 3_650
OPEN = "L'effacement de votre compte est déjà demandé."
OVER = "Cette demande n'attend plus : elle a été retirée, ou la personne est déjà effacée."
RESPONSABLES_ONLY = "Seul un Responsable de l'ANS efface une personne."
OTHER = "Un autre Responsable de l'ANS doit effacer votre compte."
LABELS.update(
    {
        "retention.run": "Données arrivées à leur terme effacées",
        "person.ask_erasure": "Effacement d'un compte demandé",
        "person.keep": "Demande d'effacement retirée",
        "person.erase": "Personne effacée",
        "person.export": "Données d'une personne exportées",
        "organisation.export": "Données de l'organisation exportées",
    }
)


@transaction.atomic
def erasure_ask(*, by: By) -> ErasureRequest:
    """Raises ValidationError while the person is the last to lead an organisation, or when they
    have asked already."""
    if found := obstacles(by.actor):
        raise ValidationError(found)
    days = min(int(value(ERASURE_DAYS, at=by.at)), LONGEST_DAYS)
    row = ErasureRequest(user=by.actor, asked_at=by.at, due_at=by.at + dt.timedelta(days=days))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ValidationError(OPEN) from None
    _journal(row, "ask_erasure", "Effacement demandé", by)
    _tell(row, by)
    return row


@transaction.atomic
def erasure_withdraw(*, row: ErasureRequest, by: By) -> None:
    """By the person alone."""
    locked = _waiting(row)
    if locked.user_id != by.actor.pk:
        raise PermissionDenied
    locked.withdrawn_at = by.at
    locked.save(update_fields=["withdrawn_at"])
    _journal(locked, "keep", "Demande d'effacement retirée", by)


@transaction.atomic
def erasure_do(*, row: ErasureRequest, by: By) -> None:
    """By another person, who is a responsable of the ANS, or by the clock once it is due."""
    locked = _waiting(row)
    if by.user is not None:
        if not is_responsable(by.user):
            raise PermissionDenied(RESPONSABLES_ONLY)
        if by.user.pk == locked.user_id:
            raise ValidationError(OTHER)
    person_erase(user=locked.user, by=by)
    locked.done_at = by.at
    locked.save(update_fields=["done_at"])


def erase_due(now: dt.datetime, _before: dt.datetime) -> int:
    """Of the clock. A person who leads an organisation alone meanwhile waits until they do not."""
    count = 0
    for row in ErasureRequest.objects.waiting().filter(due_at__lte=now).select_related("user"):
        if not obstacles(row.user):
            erasure_do(row=row, by=By.clock(now))
            count += 1
    return count


def _waiting(row: ErasureRequest) -> ErasureRequest:
    locked = lock_row(row)
    if locked.done_at or locked.withdrawn_at:
        raise ValidationError(OVER)
    return locked


def _journal(row: ErasureRequest, act: str, what: str, by: By) -> None:
    label = f"Compte n° {row.user_id}"
    write(row, f"person.{act}", by=by, what=what, label=label, readers=Readers.ANS)


def _tell(row: ErasureRequest, by: By) -> None:
    """The person reads when it is done, responsables that they may do it earlier."""
    page = reverse("privacy:mine")
    tell(
        [row.user],
        kind=ACCOUNT_MAIL,
        template="erasure_asked",
        context={"erasure": row, "button_url": absolute(page), "button_label": "Mes données"},
        key=f"erasure:{row.pk}",
        by=by,
    )
    page = reverse("privacy:erasures")
    tell(
        responsables().exclude(pk=row.user_id),
        kind=ACCOUNT_MAIL,
        template="erasure_to_do",
        context={"erasure": row, "button_url": absolute(page), "button_label": "Voir la demande"},
        key=f"erasure-to-do:{row.pk}",
        by=by,
    )
