"""Who sees what of the pilots and the VA: whoever sees the prestation or the solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from calendar_app.querysets import ScopedQuerySet
from pilots.enums import WAITING_STATES, PVState, Stage

if TYPE_CHECKING:
    from accounts.models import User
    from pilots.models import Pilot, PilotPV, Prefigurateur, Publication  # noqa: F401

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


def seen_through(prestation: str) -> tuple[str, str]:
    return f"{prestation}__organisation", f"{prestation}__supplier__solution__organisation"


class OfPrestation(ScopedQuerySet[M_co]):
    """Rows with a `prestation`."""

    seen_by = seen_through("prestation")


class PilotQuerySet(OfPrestation["Pilot"]):
    def current(self) -> Self:
        return self.filter(withdrawn_at=None)


class PilotPVQuerySet(ScopedQuerySet["PilotPV"]):
    seen_by = seen_through("pilot__prestation")

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING_STATES)

    def conform(self) -> Self:
        return self.filter(state=PVState.CONFORM)


class OfPV(ScopedQuerySet[M_co]):
    """Rows with a `pv`."""

    seen_by = seen_through("pv__pilot__prestation")


class OfVA(ScopedQuerySet[M_co]):
    """Rows with a `va`."""

    seen_by = seen_through("va__prestation")


class PublicationQuerySet(ScopedQuerySet["Publication"]):
    seen_by = ("solution__organisation", "organisation")


class PrefigurateurQuerySet(models.QuerySet["Prefigurateur"]):
    def visible_to(self, user: User) -> Self:
        """The ANS's working list; an éditeur sees those of its own solutions."""
        if user.is_ans:
            return self
        return self.filter(Q(solution__organisation__in=list(user.roles)))

    def public(self) -> Self:
        return self.filter(stage=Stage.PUBLIC)
