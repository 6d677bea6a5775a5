"""Invite a person, send it again, withdraw it, accept it.

Only the SHA-256 of a token is kept; the token itself is in the mail and nowhere else (ADR 0006).
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import ROLE_MEANING, InvitationState, Kind, Role
from accounts.models import Invitation, Membership, Organisation, User
from accounts.permissions import can_manage_members
from accounts.rules.tokens import digest
from accounts.rules.workflows import INVITATION, AccessParty
from accounts.services import mail
from accounts.services.memberships import journal_membership
from journal.rules.by import By
from journal.rules.workflow import Act
from journal.services.acts import Aggregate
from segur.lib.texts import folded_address, mailbox

LIFETIME = dt.timedelta(days=14)
BATCH = 1000
SENT = "Invitation envoyée : {}"

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


def _may(by: By, row: Invitation, who: AccessParty) -> bool:
    """The command that opens a site has no person: it withdraws its own former invitation."""
    if by.user is None:
        return row.invited_by_id is None
    if who is AccessParty.INVITED:
        return row.is_for(by.user)
    return can_manage_members(by.user, row.organisation_id)


def _impossible(row: Invitation, act: Act[InvitationState]) -> str:
    if act.target == InvitationState.REVOKED:
        return f"{row.email} a déjà accepté : changez son rôle ou retirez ce membre."
    # refused while neither accepted nor withdrawn, it can only have expired
    return REFUSALS[row.state(row.expires_at)]


INVITATIONS: Aggregate[Invitation] = Aggregate(
    INVITATION,
    rows=lambda: Invitation.objects.select_related("organisation"),
    may=_may,
    impossible=_impossible,
)


class Invited(NamedTuple):
    """A person to invite, and as what."""

    organisation: Organisation
    email: str
    role: Role


@transaction.atomic
def invitation_send(*, organisation: Organisation, email: str, role: Role, by: By) -> Invitation:
    email = folded_address(email)
    _refuse_own(email, by.actor)
    _check(organisation, email, role)
    invitation, token = _new(Invited(organisation, email, role), by)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:  # two people invited the same person at the same instant
        raise ValidationError({"email": _already_invited(email)}) from None
    INVITATIONS.journal(invitation, "send", by=by, what=SENT.format(Role(role).label))
    _message([(invitation, token)], by.actor).send()
    return invitation


@transaction.atomic
def invitations_send(people: Sequence[Invited], *, by: By) -> None:
    """`invitation_send` of many, already checked, in a number of queries that follows batches. Who
    is invited by several organisations gets one mail, with a link for each. Raises IntegrityError.
    """
    made = [_new(one, by) for one in people]
    Invitation.objects.bulk_create([row for row, _token in made], batch_size=BATCH)
    sent = [(row, {"what": SENT.format(Role(row.role).label)}) for row, _token in made]
    INVITATIONS.journal_all(sent, "send", by=by)
    of_person: dict[str, list[tuple[Invitation, str]]] = {}
    for row, token in made:
        of_person.setdefault(row.email, []).append((row, token))
    mail.send_all(_message(rows, by.actor) for rows in of_person.values())


def _new(person: Invited, by: By) -> tuple[Invitation, str]:
    """With its token, which is in the mail alone."""
    token = secrets.token_urlsafe(32)
    row = Invitation(
        **person._asdict(), invited_by=by.actor, created_at=by.at, **fresh(token, by.at)
    )
    return row, token


@transaction.atomic
def invitation_resend(*, invitation: Invitation, by: By) -> Invitation:
    """A new token and a new expiry, every time: the link of the former mail is dead."""
    token = secrets.token_urlsafe(32)
    renewed = INVITATIONS.move(invitation, "resend", by=by, **fresh(token, by.at))
    _refuse_own(renewed.email, by.actor)
    _message([(renewed, token)], by.actor).send()
    return renewed


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: By) -> Invitation:
    """A second time changes nothing: the first person stays named."""
    locked = INVITATIONS.lock(invitation)
    if locked.revoked_at:
        return locked
    return INVITATIONS.move(locked, "revoke", by=by, revoked_at=by.at, revoked_by=by.actor)


@transaction.atomic
def invitation_accept(*, invitation: Invitation, by: By) -> Membership:
    """The person joins. An invitation sent again meanwhile is not accepted through its former link.
    Who is a member already keeps their role; the invitation is used up.
    """
    locked = INVITATIONS.lock(invitation)
    if locked.token_sha256 != invitation.token_sha256:
        raise ValidationError(UNKNOWN)
    if not locked.is_for(by.actor):
        raise ValidationError(
            f"Cette invitation est adressée à {locked.email}, et non à {by.actor.email}."
        )
    if locked.invited_by_id == by.actor.pk:
        raise ValidationError(OWN)
    INVITATIONS.move(locked, "accept", by=by, accepted_at=by.at, accepted_by=by.actor)
    member = Membership.objects.filter(user=by.actor, organisation=locked.organisation).first()
    return member or _join(locked, by)


def _join(invitation: Invitation, by: By) -> Membership:
    membership = Membership(
        user=by.actor, organisation=invitation.organisation, role=invitation.role, created_at=by.at
    )
    membership.save()
    role = membership.get_role_display()
    journal_membership(membership, "join", f"Nouveau membre : {role}", by=by)
    return membership


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


def fresh(token: str, now: dt.datetime) -> dict[str, Any]:
    """Ends on a whole minute: it is read on a page and in a mail."""
    end = (now + LIFETIME).replace(second=0, microsecond=0)
    return {"token_sha256": digest(token), "sent_at": now, "expires_at": end}


def _message(rows: Sequence[tuple[Invitation, str]], inviter: User) -> EmailMultiAlternatives:
    """To the one person whom these invite."""
    invited = [_words(row, token) for row, token in rows]
    first = invited[0]
    alone = len(invited) == 1
    return mail.message(
        prefix="mail/invitation" if alone else "mail/invitations",
        to=rows[0][0].email,
        context={
            **first,
            "inviter": inviter,
            "invited": invited,
            "button_url": first["url"] if alone else "",
            "button_label": "Ouvrir l'invitation",
        },
        sensitive=True,
    )


def _words(invitation: Invitation, token: str) -> dict[str, Any]:
    path = reverse("accounts:invitation", args=[token])
    return {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "role": Role(invitation.role).label,
        "role_meaning": ROLE_MEANING[Role(invitation.role)],
        "url": f"{settings.SITE_URL}{path}",
    }
