"""Who sees what of the pilots and the VA: whoever sees the prestation or the solution."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from calendar_app.querysets import ScopedQuerySet
from pilots.enums import WAITING_STATES, Stage
from segur.lib.search import plain

if TYPE_CHECKING:
    from accounts.models import User
    from pilots.prefiguration.models import Contact, Prefigurateur  # noqa: F401
    from pilots.pv.models import Pilot, PilotPV, Publication, PVDecision, ReasonSentence  # noqa: F401

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
    """The ANS sees a PV from its first sending on; a draft is its Fournisseur's own."""

    seen_by = seen_through("pilot__prestation")

    def visible_to(self, user: User) -> Self:
        if user.is_ans:
            sent = self.filter(sent_at__isnull=False)
            return sent if user.is_only_ans else sent | self.of_organisations(user.roles)
        seen = super().visible_to(user)
        return seen.filter(sent_at__isnull=False) if user.is_looked_through else seen

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING_STATES)


class OfPV(ScopedQuerySet[M_co]):
    """Rows with a `pv`, seen by whoever sees it."""

    seen_by = seen_through("pv__pilot__prestation")

    def visible_to(self, user: User) -> Self:
        if user.is_ans:
            sent = self.filter(pv__sent_at__isnull=False)
            return sent if user.is_only_ans else sent | self.of_organisations(user.roles)
        seen = super().visible_to(user)
        return seen.filter(pv__sent_at__isnull=False) if user.is_looked_through else seen


class PVDecisionQuerySet(OfPV["PVDecision"]):
    def pending(self) -> Self:
        return self.filter(confirmed_at=None, withdrawn_at=None)


class SentenceQuerySet(models.QuerySet["ReasonSentence"]):
    def visible_to(self, user: User) -> Self:
        """An agent reads their own and those that are shared."""
        if not user.is_ans:
            return self.none()
        return self.filter(Q(owner=user) | Q(owner=None))


class OfVA(ScopedQuerySet[M_co]):
    """Rows with a `va`."""

    seen_by = seen_through("va__prestation")


class PublicationQuerySet(ScopedQuerySet["Publication"]):
    seen_by = ("solution__organisation", "organisation")

    def last_of_gate(self) -> Publication | None:
        """Of those of one gate, the newest: the only one that may still change."""
        return self.order_by("pk").last()


class PrefigurateurQuerySet(ScopedQuerySet["Prefigurateur"]):
    """The ANS's working list; an éditeur sees those of its own solutions."""

    seen_by = ("solution__organisation",)

    def public(self) -> Self:
        return self.filter(stage=Stage.PUBLIC)

    def search(self, text: str) -> Self:
        """Every word is in the name, the commune, the FINESS or the éditeur's name."""
        found = self
        for word in plain(text).split():
            editeur = Q(solution__organisation__search_text__contains=word)
            found = found.filter(Q(search_text__contains=word) | editeur)
        return found


class ContactQuerySet(ScopedQuerySet["Contact"]):
    """Personal data: the ANS, and the éditeur of the couple."""

    seen_by = ("prefigurateur__solution__organisation",)

    def kept(self) -> Self:
        return self.filter(erased_at=None)

    def beyond(self, day: dt.date) -> Self:
        """Those that an interview on that day invites: they are still kept on it."""
        return self.filter(delete_on__gt=day)
