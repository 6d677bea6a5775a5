"""What the pages of organisations share."""

import datetime as dt
from typing import Any

from django import forms

from accounts.enums import Role
from accounts.forms.members import InviteForm
from accounts.models import Organisation, User
from accounts.permissions import can_manage_members
from accounts.selectors.organisations import pending_invitations
from accounts.services.organisations import ALIKE, DUPLICATE
from mailing.selectors.ledger import undelivered_to


def members_context(organisation: Organisation, *, user: User, now: dt.datetime) -> dict[str, Any]:
    """Members, pending invitations and, for who manages them, the form that invites."""
    manages = can_manage_members(user, organisation.pk)
    members = list(organisation.memberships.select_related("user"))
    people = [member.user_id for member in members]
    return {
        "organisation": organisation,
        "members": members,
        "invitations": pending_invitations(organisation, now=now),
        "manages": manages,
        "undelivered": undelivered_to(people, now=now) if manages else {},
        "invite_form": _invite_form(organisation, is_first=not members) if manages else None,
    }


def _invite_form(organisation: Organisation, *, is_first: bool) -> InviteForm | None:
    """The first person of an organisation leads it: the form proposes so."""
    if not organisation.roles:
        return None
    leading = {Role.MANDATAIRE, Role.RESPONSABLE} & set(organisation.roles)
    initial = {"role": leading.pop()} if is_first else {}
    return InviteForm(organisation=organisation, initial=initial)


def duplicate_in(form: forms.Form) -> Organisation | None:
    """The organisation that already has the number typed, to link to it."""
    found = _error(form, DUPLICATE)
    return Organisation.objects.filter(pk=found["other"]).first() if found else None


def alike_in(form: forms.Form) -> list[Organisation]:
    """The Clients of the same name; the form, sent again as it is, then means another one."""
    found = _error(form, ALIKE)
    if not found:
        return []
    data: Any = form.data
    form.data = data = data.copy()
    data["distinct_from"] = ",".join(map(str, found["others"]))
    return list(Organisation.objects.filter(pk__in=found["others"]))


def _error(form: forms.Form, code: str) -> dict[str, Any]:
    """The params of the error of this code."""
    errors = [error for per_field in form.errors.as_data().values() for error in per_field]
    found = next((error for error in errors if error.code == code), None)
    return dict(found.params or {}) if found else {}
