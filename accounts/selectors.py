"""What the pages of organisations read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from accounts.enums import InvitationState, Role
from accounts.forms.members import InviteForm
from accounts.models import Invitation, Organisation, User
from accounts.permissions import can_manage_members
from accounts.services.organisations import DUPLICATE


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A pending invitation, as the list shows it."""

    invitation: Invitation
    is_expired: bool


def members_context(organisation: Organisation, *, user: User, now: dt.datetime) -> dict[str, Any]:
    """Members, pending invitations and, for who manages them, the form that invites."""
    manages = can_manage_members(user, organisation.pk)
    members = list(organisation.memberships.select_related("user"))
    return {
        "organisation": organisation,
        "members": members,
        "invitations": pending_invitations(organisation, now=now),
        "manages": manages,
        "invite_form": _invite_form(organisation, is_first=not members) if manages else None,
    }


def pending_invitations(organisation: Organisation, *, now: dt.datetime) -> list[InvitationLine]:
    rows = organisation.invitations.pending().select_related("organisation", "invited_by")
    return [InvitationLine(row, row.state(now) == InvitationState.EXPIRED) for row in rows]


def _invite_form(organisation: Organisation, *, is_first: bool) -> InviteForm | None:
    """The first person of an organisation leads it: the form proposes so."""
    if not organisation.roles:
        return None
    leading = {Role.MANDATAIRE, Role.RESPONSABLE} & set(organisation.roles)
    initial = {"role": leading.pop()} if is_first else {}
    return InviteForm(organisation=organisation, initial=initial)


def duplicate_in(form: forms.Form) -> Organisation | None:
    """The organisation that already has the number typed, to link to it."""
    errors = [error for per_field in form.errors.as_data().values() for error in per_field]
    found = next((error for error in errors if error.code == DUPLICATE), None)
    if found is None or found.params is None:
        return None
    return Organisation.objects.filter(pk=found.params["other"]).first()


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
