"""Invite a person, send it again, withdraw it, accept it.

Only the SHA-256 of a token is kept; the token itself is in the mail and nowhere else (ADR 0006).
"""

import datetime as dt
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import ROLE_MEANING, InvitationState, Kind, Role
from accounts.models import Invitation, Membership, Organisation, User
from accounts.rules.tokens import digest
from accounts.services import mail
from accounts.services.memberships import journal_membership
from journal.rules.by import By
from journal.services.entries import write
from segur.lib.texts import folded_address, mailbox

LIFETIME = dt.timedelta(days=14)

REFUSALS = {
    InvitationState.ACCEPTED: "Cette invitation a déjà servi : un lien ne sert qu'une fois.",
    InvitationState.REVOKED: "Cette invitation a été retirée.",
    InvitationState.EXPIRED: "Cette invitation a expiré.",
}
UNKNOWN = "Ce lien d'invitation n'existe pas, ou un courriel plus récent l'a remplacé."
OWN = (
    "Personne ne s'invite soi-même : une autre personne qui gère cette organisation doit envoyer "
    "l'invitation."
)


@transaction.atomic
def invitation_send(*, organisation: Organisation, email: str, role: Role, by: By) -> Invitation:
    email = folded_address(email)
    _refuse_own(email, by.actor)
    _check(organisation, email, role)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=by.actor,
        created_at=by.at,
        **fresh(token, by.at),
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:  # two people invited the same person at the same instant
        raise ValidationError({"email": _already_invited(email)}) from None
    _journal(invitation, "send", f"Invitation envoyée : {Role(role).label}", by)
    _mail(invitation, token=token, actor=by.actor)
    return invitation


@transaction.atomic
def invitation_resend(*, invitation: Invitation, by: By) -> Invitation:
    """A new token and a new expiry, every time: the link of the former mail is dead."""
    locked = _locked(invitation)
    if locked.state(by.at) not in (InvitationState.PENDING, InvitationState.EXPIRED):
        raise ValidationError(REFUSALS[locked.state(by.at)])
    _refuse_own(locked.email, by.actor)
    token = secrets.token_urlsafe(32)
    for field, value in fresh(token, by.at).items():
        setattr(locked, field, value)
    locked.save()
    _journal(locked, "resend", "Invitation renvoyée", by)
    _mail(locked, token=token, actor=by.actor)
    return locked


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: By) -> Invitation:
    locked = _locked(invitation)
    if locked.accepted_at:
        raise ValidationError(
            f"{locked.email} a déjà accepté : changez son rôle ou retirez ce membre."
        )
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = by.at, by.actor
        locked.save()
        _journal(locked, "revoke", "Invitation retirée", by)
    return locked


@transaction.atomic
def invitation_accept(*, invitation: Invitation, by: By) -> Membership:
    """`actor` joins. Once only: the row is locked and read again before anything is believed.

    The row is looked for by its digest too, so an invitation sent again meanwhile is not accepted
    through its former link. Who is a member already keeps their role; the invitation is used up.
    """
    locked = _locked(invitation, token_sha256=invitation.token_sha256)
    state = locked.state(by.at)
    if state != InvitationState.PENDING:
        raise ValidationError(REFUSALS[state])
    if not locked.is_for(by.actor):
        raise ValidationError(
            f"Cette invitation est adressée à {locked.email}, et non à {by.actor.email}."
        )
    if locked.invited_by_id == by.actor.pk:
        raise ValidationError(OWN)
    locked.accepted_at = by.at
    locked.accepted_by = by.actor
    locked.save()
    _journal(locked, "accept", "Invitation acceptée", by)
    member = Membership.objects.filter(user=by.actor, organisation=locked.organisation).first()
    return member or _join(locked, by)


def _journal(invitation: Invitation, act: str, what: str, by: By) -> None:
    """The address stays out of the entry, which nobody can erase."""
    write(invitation, f"invitation.{act}", by=by, what=what, label=str(invitation.organisation))


def _join(invitation: Invitation, by: By) -> Membership:
    membership = Membership(
        user=by.actor, organisation=invitation.organisation, role=invitation.role, created_at=by.at
    )
    membership.save()
    role = membership.get_role_display()
    journal_membership(membership, "join", f"Nouveau membre : {role}", by=by)
    return membership


def _locked(invitation: Invitation, **more: str) -> Invitation:
    """PostgreSQL locks the row; SQLite's immediate transaction has locked everything."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    locked = rows.filter(pk=invitation.pk, **more).first()
    if locked is None:
        raise ValidationError(UNKNOWN)
    return locked


def own_mailboxes(user: User) -> set[str]:
    """Every mailbox of the person: that of an address that they have asked to change to, or of
    another account, included."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {mailbox(address) for address in (user.email, *known)}


def _refuse_own(email: str, inviter: User) -> None:
    """Every address that leads to the mailbox of the person: in another case, with a tag too."""
    if mailbox(email) in own_mailboxes(inviter):
        raise ValidationError({"email": OWN})


def _check(organisation: Organisation, email: str, role: Role) -> None:
    if organisation.kind == Kind.CLIENT:
        raise ValidationError("Un Client n'a pas de membres sur ce site : il signe la VA et le PV.")
    if not organisation.is_active:
        raise ValidationError("Cette organisation est fermée : personne ne peut la rejoindre.")
    if role not in organisation.roles:
        raise ValidationError({"role": f"« {organisation} » ne donne pas ce rôle."})
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise ValidationError({"email": f"{email} est déjà membre de « {organisation} »."})
    if organisation.invitations.pending().filter(email__iexact=email).exists():
        raise ValidationError({"email": _already_invited(email)})


def _already_invited(email: str) -> str:
    return f"{email} est déjà invité : renvoyez ou retirez cette invitation, dans la liste."


def fresh(token: str, now: dt.datetime) -> dict[str, str | dt.datetime]:
    """Ends on a whole minute: it is read on a page and in a mail."""
    end = (now + LIFETIME).replace(second=0, microsecond=0)
    return {"token_sha256": digest(token), "sent_at": now, "expires_at": end}


def _mail(invitation: Invitation, *, token: str, actor: User) -> None:
    path = reverse("accounts:invitation", args=[token])
    mail.send(
        prefix="mail/invitation",
        to=invitation.email,
        context={
            "invitation": invitation,
            "organisation": invitation.organisation,
            "role": Role(invitation.role).label,
            "role_meaning": ROLE_MEANING[Role(invitation.role)],
            "inviter": actor,
            "button_url": f"{settings.SITE_URL}{path}",
            "button_label": "Ouvrir l'invitation",
        },
        sensitive=True,
    )
