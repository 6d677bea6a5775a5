"""Who sees what (DESIGN «Access»): every lookup starts from `visible_to`.

An éditeur sees its solutions and the prestations of its distributeurs on them; a distributeur the
solutions it supplies and its own prestations; the ANS sees all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from accounts.permissions import can_file
from calendar_app.enums import OPEN_STATES, FilingStatus, State
from mailing.querysets import OwnQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from calendar_app.models import (  # noqa: F401
        Amounts,
        Deadline,
        Filing,
        FilingBatch,
        Piece,
        PieceFile,
        Prestation,
        Proof,
        Reminder,
        Solution,
        Supplier,
    )

SOONEST = F("due_at").asc(nulls_last=True)
"""The order of deadlines by date: what has none comes last, on both databases."""

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[M_co]):
    """Rows seen by the members of organisations that `seen_by` names, by lookup path."""

    seen_by: tuple[str, ...]

    def visible_to(self, user: User) -> Self:
        return self if user.is_ans else self.of_organisations(user.roles)

    def of_organisations(self, organisations: Iterable[int]) -> Self:
        """One query for each path, united: an OR over joins would read every row of the table."""
        mine, rows = list(organisations), self.model._base_manager.order_by()  # noqa: SLF001
        first, *others = (rows.filter(**{f"{path}__in": mine}) for path in self.seen_by)
        if not others:
            return self.filter(**{f"{self.seen_by[0]}__in": mine})
        united = first.values("pk").union(*(one.values("pk") for one in others))
        return self.filter(pk__in=united)


class SolutionQuerySet(ScopedQuerySet["Solution"]):
    seen_by = ("organisation",)

    def visible_to(self, user: User) -> Self:
        if user.is_ans:
            return self
        mine = list(user.roles)
        supplied = type(self)(self.model).filter(suppliers__organisation__in=mine)
        return self.filter(Q(organisation__in=mine) | Q(pk__in=supplied.values("pk")))


class SupplierQuerySet(ScopedQuerySet["Supplier"]):
    seen_by = ("organisation", "solution__organisation")

    def own_of_editeur(self) -> Self:
        """The rows by which éditeurs supply their own solutions."""
        return self.filter(organisation=F("solution__organisation"))


class PrestationQuerySet(ScopedQuerySet["Prestation"]):
    seen_by = ("organisation", "supplier__solution__organisation")


class DeadlineQuerySet(ScopedQuerySet["Deadline"]):
    seen_by = ("organisation", "prestation__supplier__solution__organisation")

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def visible_in(self, user: User, organisation: int | None) -> Self:
        """Of what a person sees, the rows of this organisation: all of them where it is theirs."""
        if organisation in user.roles:
            return self.filter(organisation=organisation)
        return self.visible_to(user)

    def with_subject(self) -> Self:
        """Everything a line about a deadline shows, in one query."""
        return self.select_related(
            "organisation",
            "dispositif",
            "milestone",
            "solution__organisation",
            "prestation__client",
            "prestation__supplier__organisation",
            "prestation__supplier__solution__organisation",
        )


def organisations_with_amounts(user: User, *, ans_sees: bool) -> list[int]:
    """Those for which the person files. Who looks through a member of theirs is of the ANS."""
    if user.is_looked_through and not ans_sees:
        return []
    return [pk for pk in user.roles if can_file(user, pk)]


class AmountsQuerySet(models.QuerySet["Amounts"]):
    def visible_to(self, user: User, *, ans_sees: bool = False) -> Self:
        """Those of the organisations for which the person files: a Salarié, the éditeur of a
        solution that another Fournisseur supplies, and the ANS unless `ans_sees`, see none."""
        if ans_sees and user.is_ans:
            return self
        mine = organisations_with_amounts(user, ans_sees=ans_sees)
        return self.filter(prestation__organisation__in=mine)


class FilingQuerySet(ScopedQuerySet["Filing"]):
    seen_by = (
        "deadline__organisation",
        "deadline__prestation__supplier__solution__organisation",
    )

    def visible_to(self, user: User) -> Self:
        """What was never filed is seen by those who prepare it, and by nobody else."""
        filed = Q(status=FilingStatus.FILED)
        if user.is_looked_through:
            return super().visible_to(user).filter(filed)
        mine = Q(deadline__organisation__in=list(user.roles))
        return super().visible_to(user).filter(mine | filed)

    def filed(self) -> Self:
        return self.filter(status=FilingStatus.FILED)


FILED_STATES = (State.FILED, State.ACCEPTED, State.TO_CORRECT, State.REFUSED)


class OfDeadline(ScopedQuerySet[M_co]):
    """What an organisation prepares: the others see it once the dossier was filed."""

    deadline: str

    def visible_to(self, user: User) -> Self:
        mine = Q(**{f"{self.deadline}__organisation__in": list(user.roles)})
        filed = Q(**{f"{self.deadline}__state__in": FILED_STATES})
        return super().visible_to(user).filter(mine | filed)


class PieceQuerySet(OfDeadline["Piece"]):
    deadline = "deadline"
    seen_by = ("deadline__organisation",)


class PieceFileQuerySet(OfDeadline["PieceFile"]):
    deadline = "piece__deadline"
    seen_by = ("piece__deadline__organisation",)


class FilingBatchQuerySet(ScopedQuerySet["FilingBatch"]):
    seen_by = ("organisation",)


class ProofQuerySet(ScopedQuerySet["Proof"]):
    seen_by = (
        "filing__deadline__organisation",
        "filing__deadline__prestation__supplier__solution__organisation",
    )

    def visible_to(self, user: User) -> Self:
        """What was never filed is seen by those who prepare it, and by nobody else."""
        filed = Q(filing__status=FilingStatus.FILED)
        if user.is_looked_through:
            return super().visible_to(user).filter(filed)
        mine = Q(filing__deadline__organisation__in=list(user.roles))
        return super().visible_to(user).filter(mine | filed)

    def current(self) -> Self:
        return self.filter(withdrawn_at=None)


class ReminderQuerySet(OwnQuerySet["Reminder"]):
    owner = "recipient"
