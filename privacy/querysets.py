"""Who sees what of the requests for erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from privacy.models import ErasureRequest


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: User) -> Self:
        """A person their own, a responsable of the ANS all."""
        return self.all() if user.is_responsable else self.filter(user=user)

    def waiting(self) -> Self:
        return self.filter(withdrawn_at=None, done_at=None)
