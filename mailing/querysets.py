"""Who sees what: every lookup starts from `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from mailing.models import OutgoingMail  # noqa: F401

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class OwnQuerySet(models.QuerySet[M_co]):
    """Rows of one person: nobody else sees them, whatever the organisation."""

    owner = "user"

    def visible_to(self, user: User) -> Self:
        return self.filter(**{self.owner: user})


class OutgoingMailQuerySet(OwnQuerySet["OutgoingMail"]):
    pass
