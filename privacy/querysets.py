"""Who sees what of the requests for erasure and of the archives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.enums import Role

if TYPE_CHECKING:
    from accounts.models import User
    from privacy.models import ErasureRequest, OrganisationArchive


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: User) -> Self:
        """A person their own, a responsable of the ANS all."""
        return self.all() if user.is_responsable else self.filter(user=user)

    def waiting(self) -> Self:
        return self.filter(withdrawn_at=None, done_at=None)


class OrganisationArchiveQuerySet(models.QuerySet["OrganisationArchive"]):
    def visible_to(self, user: User) -> Self:
        """What the person asked for, as long as they have the role by which it was made: it holds
        what that role reads."""
        leads = [key for key, role in user.roles.items() if role == Role.MANDATAIRE]
        read = models.Q(made_as=Role.MANDATAIRE, organisation__in=leads)
        if user.is_responsable:
            read |= models.Q(made_as=Role.RESPONSABLE)
        return self.filter(read, asked_by=user)
