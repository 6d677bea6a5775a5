"""Who sees what: a webhook is its organisation's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models

from webhooks.enums import DeliveryState

if TYPE_CHECKING:
    from accounts.models import User
    from webhooks.models import Delivery, Endpoint


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__in=user.roles)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(endpoint__organisation__in=user.roles)

    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def dead(self) -> Self:
        return self.filter(state=DeliveryState.DEAD)

    def due(self, *, now: dt.datetime) -> Self:
        return self.waiting().filter(next_at__lte=now, endpoint__disabled_at=None)
