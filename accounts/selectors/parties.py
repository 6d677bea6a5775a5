"""Separation of duties, asked in one place: whoever gains, loses or recorded does not decide."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError

from accounts.models import ApiToken
from journal.models import Entry, Mention
from journal.querysets import type_of
from journal.services.acts import PARTY

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User

M = TypeVar("M", bound="Model")


@dataclass(frozen=True, slots=True)
class Parties:
    """Ids of the organisations that gain or lose by a decision, and of the people who recorded what
    is decided, themselves or by their key.
    """

    organisations: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)

    def include(self, user: User) -> bool:
        """Whether this person is one of them, whatever other role they hold."""
        return user.pk in self.people or not self.organisations.isdisjoint(user.roles)


@dataclass(frozen=True, slots=True)
class Paths:
    """Lookups from a row that is decided on: to its organisations, to the people who recorded."""

    organisations: tuple[str, ...]
    people: tuple[str, ...]


_PATHS: dict[type[Model], Paths] = {}


def register(
    model: type[Model], *, organisations: tuple[str, ...], people: tuple[str, ...] = ()
) -> None:
    """The app that owns a model that the ANS decides on says who its parties are."""
    _PATHS[model] = Paths(organisations, people)


def parties_of(rows: Collection[M]) -> dict[int, Parties]:
    """Primary key → parties, of rows of one model: one query for each path and two for the keys,
    however many rows. Raises KeyError for a model that nobody registered.
    """
    found: dict[int, Parties] = {row.pk: Parties() for row in rows}
    if not rows:
        return found
    model = type(next(iter(rows)))
    paths = _PATHS[model]
    for path in paths.organisations:
        for pk, organisation in _values(model, found, path):
            found[pk].organisations.add(organisation)
    for path in paths.people:
        for pk, person in _values(model, found, path):
            found[pk].people.add(person)
    for pk, holder in _key_holders(model, found):
        found[pk].people.add(holder)
    return found


def parties(subject: Model) -> Parties:
    """The parties of one row, as stored."""
    return parties_of([subject])[subject.pk]


def is_party(user: User, subject: Model) -> bool:
    return parties(subject).include(user)


def require_stranger(user: User, subject: Model) -> None:
    """Raises ValidationError for a party: for a decision outside a workflow, which asks itself."""
    if is_party(user, subject):
        raise ValidationError(PARTY, code="party")


def _values(model: type[Model], pks: Collection[int], path: str) -> set[tuple[int, int]]:
    rows = model._default_manager.filter(pk__in=list(pks))  # noqa: SLF001  (documented by Django)
    return set(rows.filter(**{f"{path}__isnull": False}).values_list("pk", path))


def _key_holders(model: type[Model], pks: Collection[int]) -> list[tuple[int, int]]:
    """(row, person) for each key that acted on the row: who made the key answers for it."""
    by_key = Entry.objects.filter(subject_type=type_of(model), key_id__isnull=False)
    alone = by_key.filter(subject_id__in=list(pks)).values_list("key_id", "subject_id")
    mentions = Mention.objects.filter(entry__in=by_key, object_id__in=list(pks))
    acts: list[tuple[Any, Any]] = [*alone, *mentions.values_list("entry__key_id", "object_id")]
    keys = ApiToken.objects.filter(pk__in={key for key, _ in acts}, created_by__isnull=False)
    holders = dict(keys.values_list("pk", "created_by_id"))
    return [(pk, holder) for key, pk in acts if (holder := holders.get(key))]
