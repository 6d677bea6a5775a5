"""Separation of duties, asked in one place: whoever gains, loses or recorded does not decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from accounts.models import ApiToken
from journal.models import Entry, Mention
from journal.querysets import type_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

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
        """Whether this person is one of them, whatever other role they hold, and whatever the key
        by which they act."""
        return user.pk in self.people or not self.organisations.isdisjoint(user.belongs_to)


@dataclass(frozen=True, slots=True)
class Paths:
    """Lookups from a row that is decided on: to its organisations, to the people who recorded; to
    rows of other models on which everybody who acted recorded something.
    """

    organisations: tuple[str, ...]
    people: tuple[str, ...]
    acted_on: Mapping[str, type[Model]]


_PATHS: dict[type[Model], Paths] = {}


def register(
    model: type[Model],
    *,
    organisations: tuple[str, ...],
    people: tuple[str, ...] = (),
    acted_on: Mapping[str, type[Model]] | None = None,
) -> None:
    """The app that owns a model that the ANS decides on says who its parties are. `acted_on`:
    lookup → model of rows, such as the versions of an outage, whose every signer in the journal is
    a party, and every holder of a key that acted on them.
    """
    _PATHS[model] = Paths(organisations, people, acted_on or {})


def parties_of(rows: Collection[M]) -> dict[int, Parties]:
    """Primary key → parties, of rows of one model: a fixed number of queries, however many
    rows. Raises KeyError for a model that nobody registered.
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
    for path, other in paths.acted_on.items():
        owners = {related: pk for pk, related in _values(model, found, path)}
        for related, person in [*_signers(other, owners), *_key_holders(other, owners)]:
            found[owners[related]].people.add(person)
    return found


def parties(subject: Model) -> Parties:
    """The parties of one row, as stored."""
    return parties_of([subject])[subject.pk]


def is_party(user: User, subject: Model) -> bool:
    return parties(subject).include(user)


def _values(model: type[Model], pks: Collection[int], path: str) -> set[tuple[int, int]]:
    rows = model._default_manager.filter(pk__in=list(pks))  # noqa: SLF001  (documented by Django)
    return set(rows.filter(**{f"{path}__isnull": False}).values_list("pk", path))


def _signers(model: type[Model], pks: Collection[int]) -> list[tuple[int, int]]:
    """(row, person) for each person who acted on the row."""
    signed = Entry.objects.filter(subject_type=type_of(model), signer__user_id__isnull=False)
    return _acts(signed, pks, "signer__user_id")


def _acts(entries: QuerySet[Entry], pks: Collection[int], who: str) -> list[tuple[int, int]]:
    """(row, value of `who`) for each entry of these rows, bulk entries that list them included."""
    alone = entries.filter(subject_id__in=list(pks)).values_list("subject_id", who)
    mentions = Mention.objects.filter(entry__in=entries, object_id__in=list(pks))
    return [*alone, *mentions.values_list("object_id", f"entry__{who}")]


def _key_holders(model: type[Model], pks: Collection[int]) -> list[tuple[int, int]]:
    """(row, person) for each key that acted on the row: who made it, and all who have held it."""
    by_key = Entry.objects.filter(subject_type=type_of(model), key_id__isnull=False)
    acts = _acts(by_key, pks, "key_id")
    keys = {key for _, key in acts}
    if not keys:
        return []
    rows = ApiToken.objects.filter(pk__in=keys)
    taken = Entry.objects.filter(act="key.take", subject_id__in=keys)
    held = [
        *rows.values_list("pk", "created_by_id"),
        *rows.values_list("pk", "held_by_id"),
        *taken.values_list("subject_id", "after__held_by_before"),
    ]
    return [(pk, person) for pk, key in acts for one, person in held if one == key and person]
