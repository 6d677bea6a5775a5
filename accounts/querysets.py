"""Who sees which organisation and which member (DESIGN «Access»)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from accounts.enums import LEADING_ROLES, Kind
from accounts.rules.tokens import digest
from segur.lib.search import plain

if TYPE_CHECKING:
    from accounts.models import ApiToken, FactorReset, Invitation, Membership, Organisation, User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """One's own organisations, and the public identity of every Client; the ANS sees all."""
        if user.is_ans:
            return self
        return self.filter(Q(pk__in=user.roles) | Q(kind=Kind.CLIENT))

    def clients(self) -> OrganisationQuerySet:
        return self.filter(kind=Kind.CLIENT)

    def search(self, text: str) -> OrganisationQuerySet:
        """Every word is in the name, the commune or a number; accents and case do not count."""
        found = self
        for word in plain(text).split():
            found = found.filter(search_text__contains=word)
        return found


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> MembershipQuerySet:
        return self if user.is_ans else self.filter(organisation__in=user.roles)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> InvitationQuerySet:
        return self if user.is_ans else self.filter(organisation__in=user.roles)

    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; an expired one is pending still, and can be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def of_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_sha256=digest(token))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> ApiTokenQuerySet:
        return self.filter(organisation__in=user.roles)

    def active(self, today: dt.date) -> ApiTokenQuerySet:
        """Neither revoked nor past its last day."""
        return self.filter(revoked_at=None, ends_on__gte=today)

    def usable(self, token: str, today: dt.date) -> ApiTokenQuerySet:
        """The key that a caller shows, while its organisation is open and its holder a member."""
        return self.active(today).filter(
            token_sha256=digest(token),
            organisation__is_active=True,
            held_by__is_active=True,
            held_by__memberships__organisation=F("organisation"),
        )


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def visible_to(self, user: User) -> FactorResetQuerySet:
        """One's own, those of the organisations that one leads, all for responsables of the ANS."""
        if user.is_responsable:
            return self
        led = [pk for pk, role in user.roles.items() if role in LEADING_ROLES]
        return self.filter(Q(user=user) | Q(organisation__in=led))
