"""Who is in charge of what. The apps of the subjects register them when they are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from accounts.models import User
from accounts.permissions import can_prepare
from accounts.selectors.people import people_of
from journal.querysets import type_of
from teamwork.models import Charge
from teamwork.selectors.absences import covered_by

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A model whose rows people work on. `slug` names it in addresses; `load` are the relations
    that `words` and `organisation` read; `words` say what it is about; `page` is its address;
    `one` and `many` count it; `mine` is the list of those of the reader; `open` keeps those that
    are still to do; `reviewers` are the agents who have it in hand.
    """

    slug: str
    model: type[Model]
    organisation: Callable[[Any], int]
    words: Callable[[Any], str]
    page: Callable[[Any], str]
    one: str
    many: str
    mine: Callable[[], str]
    open: Callable[[QuerySet[Any]], QuerySet[Any]]
    load: tuple[str, ...] = ()
    takes_charge: bool = True
    is_seen_by_ans: Callable[[Any], bool] = lambda _row: True
    reviewers: Callable[[Any], Iterable[User]] = lambda _row: ()

    def counted(self, number: int) -> str:
        return f"{number} {self.many if number > 1 else self.one}"

    @property
    def type(self) -> str:
        return type_of(self.model)

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()  # noqa: SLF001  (documented)
        return rows.select_related(*self.load) if self.load else rows

    def seen_by(self, user: User) -> QuerySet[Any]:
        rows: Any = self.rows()
        return rows.visible_to(user)  # type: ignore[no-any-return]


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """From `registrations.py` of the app that owns the model."""
    _kinds[kind.slug] = kind


def kind_named(slug: str) -> SubjectKind | None:
    return _kinds.get(slug)


def kind_of(subject: Model | type[Model]) -> SubjectKind:
    """Raises KeyError for a model that nobody registered."""
    model = subject if isinstance(subject, type) else type(subject)
    return next(kind for kind in _kinds.values() if kind.model is model)


def kind_of_type(name: str) -> SubjectKind:
    """The kind of a model, as rows name it. Raises StopIteration for one that nobody registered."""
    return next(kind for kind in _kinds.values() if kind.type == name)


def every_kind() -> list[SubjectKind]:
    return list(_kinds.values())


def in_charge(model: type[Model], pks: Collection[int]) -> dict[int, User]:
    """Key → who is in charge, of rows of one model. One query."""
    rows = Charge.objects.filter(subject_type=type_of(model), subject_id__in=list(pks))
    return {row.subject_id: row.person for row in rows.select_related("person")}


def charges_by_key(model: type[Model], pks: Collection[int]) -> dict[int, Charge]:
    """The same, with since when and without the person themself. One query."""
    rows = Charge.objects.filter(subject_type=type_of(model), subject_id__in=list(pks))
    return {row.subject_id: row for row in rows}


NO_KEY = 0
"""Of nobody: keys begin at 1."""


def charges_of(users: Iterable[int], model: type[Model]) -> QuerySet[Charge, int]:
    """Keys of the rows that these people are in charge of, as a subquery."""
    # With nobody, Django drops the condition: of a Case it leaves the number alone, which ORDER BY
    # takes for the place of a column.
    people = list(users) or [NO_KEY]
    rows = Charge.objects.filter(subject_type=type_of(model), person__in=people)
    return rows.values_list("subject_id", flat=True)


def may_take(organisation_id: int) -> list[User]:
    """Who can be put in charge: the members who prepare what the organisation files."""
    return [user for user in people_of(organisation_id) if can_prepare(user, organisation_id)]


MINE, NOBODY = "moi", "personne"
CHOICES = (("", "Peu importe"), (MINE, "Moi"), (NOBODY, "Personne en particulier"))
"""Of the filter «En charge»."""


def of_choice(rows: Rows, chosen: str, user: User, now: dt.datetime) -> Rows:
    """Rows of one model narrowed to those of the filter: mine are also those of whom I stand in
    for."""
    if chosen == MINE:
        return rows.filter(pk__in=charges_of(covered_by(user, now), rows.model))
    if chosen == NOBODY:
        taken = Charge.objects.filter(subject_type=type_of(rows.model))
        return rows.exclude(pk__in=taken.values("subject_id"))
    return rows


def people_in_charge(
    model: type[Model], organisations: Mapping[int, int], reader: User | None
) -> dict[int, User]:
    """Key → who is in charge, for a reader of the same organisation alone: `organisations` has that
    of each row. One query."""
    if reader is None:
        return {}
    return in_charge(model, [pk for pk, own in organisations.items() if own in reader.roles])
