"""Change a member's role, or remove the member. An organisation keeps somebody who leads it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import LEADING_ROLES, Role
from accounts.models import Membership, User
from accounts.services.departures import hand_over_all
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write


@transaction.atomic
def membership_change_role(*, membership: Membership, role: Role, by: By) -> Membership:
    locked = _locked(membership)
    if role not in locked.organisation.roles:
        raise ValidationError({"role": f"« {locked.organisation} » ne donne pas ce rôle."})
    if role not in LEADING_ROLES and is_last_leader(locked):
        raise ValidationError({"role": _last_leader(locked)})
    before, locked.role = Role(locked.role), role
    locked.save()
    if role != before:
        what = f"Rôle changé : {before.label} → {role.label}"
        journal_membership(locked, "role", what, by=by, before={"role": before})
    return locked


@transaction.atomic
def membership_remove(*, membership: Membership, by: By, successor: User | None = None) -> None:
    """Remove the member and give their work to `successor`; without one it waits for whoever takes
    it. Raises ValidationError for the last leader and for a member who has already left.
    """
    locked = _locked(membership)
    if is_last_leader(locked):
        raise ValidationError(_last_leader(locked))
    hand_over_all(locked, successor=successor, by=by)
    journal_membership(locked, "remove", f"Membre retiré : {locked.get_role_display()}", by=by)
    locked.delete()


def journal_membership(
    membership: Membership, act: str, what: str, *, by: By, before: dict[str, str] | None = None
) -> None:
    """The person is named by a number: nobody can erase an entry."""
    write(
        membership,
        f"membership.{act}",
        by=by,
        what=what,
        label=str(membership.organisation),
        before=before,
        after={"user": membership.user_id, "role": membership.role},
    )


def is_last_leader(membership: Membership) -> bool:
    """Whether nobody else with an open account leads the organisation."""
    if membership.role not in LEADING_ROLES:
        return False
    others = Membership.objects.exclude(pk=membership.pk).filter(
        organisation_id=membership.organisation_id, role__in=LEADING_ROLES, user__is_active=True
    )
    return not others.exists()


def _locked(membership: Membership) -> Membership:
    """Locks the organisation: two leaders who step down at the same instant do so in turn."""
    lock_row(membership.organisation)
    rows = Membership.objects.select_related("organisation", "user")
    locked = rows.filter(pk=membership.pk).first()
    if locked is None:
        raise ValidationError("Ce membre a déjà été retiré.")
    return locked


def _last_leader(membership: Membership) -> str:
    role = membership.get_role_display()
    return f"{membership.user} est le dernier {role} : donnez d'abord ce rôle à quelqu'un d'autre."
