"""What the pages of organisations read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.enums import InvitationState
from accounts.models import Invitation, Organisation


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A pending invitation, as the list shows it."""

    invitation: Invitation
    is_expired: bool


def pending_invitations(organisation: Organisation, *, now: dt.datetime) -> list[InvitationLine]:
    rows = organisation.invitations.pending().select_related("organisation", "invited_by")
    return [InvitationLine(row, row.state(now) == InvitationState.EXPIRED) for row in rows]


def depending_on(organisation: Organisation) -> list[str]:
    """What forbids deleting an organisation, however far from it: «2 Prestations Ségur»,
    «1 PV d'installation pilote».
    """
    found: dict[Any, set[Any]] = {}
    pending: list[tuple[Any, set[Any]]] = [(Organisation, {organisation.pk})]
    while pending:
        model, keys = pending.pop()
        for relation in model._meta.related_objects:  # noqa: SLF001  (documented by Django)
            if relation.on_delete is models.PROTECT:
                kept = relation.related_model
                rows = kept.objects.filter(**{f"{relation.field.name}__in": keys})
                if new := set(rows.values_list("pk", flat=True)) - found.get(kept, set()):
                    found.setdefault(kept, set()).update(new)
                    pending.append((kept, new))
    return [_counted(model, len(keys)) for model, keys in found.items()]


def _counted(model: Any, number: int) -> str:
    names = model._meta  # noqa: SLF001  (documented by Django)
    return f"{number} {names.verbose_name_plural if number > 1 else names.verbose_name}"
