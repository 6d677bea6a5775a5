"""Acts on many rows at once: the exceptions are named first, then each row goes through the service
of the act, and one entry lists them all.

An app registers its acts where its views are; `journal.views.bulk` shows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models, transaction

from journal.rules.bulk import Counted, Selection, lost_since
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.acts import lock_rows
from journal.services.entries import write

M = TypeVar("M", bound=models.Model)
Values = Mapping[str, Any]


def _no_form(*_args: Any, **_kwargs: Any) -> None:
    return None


@dataclass(frozen=True)
class Bulk(Generic[M]):
    """An act that a list offers for many rows. Its words: `label` on the list, `title`, `lead`
    (what it will do), `button` and `done` (with the number of rows).
    """

    name: str
    """In its address."""
    entry: str
    """In the journal."""
    label: str
    title: str
    lead: str
    button: Counted
    done: Counted
    may: Callable[[Any], bool]
    """Whether a person is offered it; the others read `barrier`."""
    barrier: str
    rows: Callable[[Any], models.QuerySet[M]]
    """Those that a person sees, with what their words and `refusals` need."""
    matching: Callable[..., models.QuerySet[M]]
    """Of the request and these rows: those that the filters of the list keep, in its order."""
    refusals: Callable[[Sequence[M], By, Values], Mapping[int, str]]
    """Primary key → why a row is left out, by the rules of the service, in a fixed number of
    queries. The values are those of the form, empty before it is sent."""
    stamp: Callable[[M], str]
    """What must not have changed since the row was shown."""
    act: Callable[..., Any]
    """Does it, row by row, on locked rows that `refusals` lets pass; gets `kept` where `around`
    gives something."""
    place: Callable[[Any], str]
    """Where the person goes, given what `act` returned."""
    back: Callable[[], str]
    remark: Callable[[Any], str] = lambda _result: ""
    """What the person reads besides `done`, given what `act` returned."""
    words: Callable[[M], str] = str
    """How a row is named."""
    group: Callable[[M], str] = str
    """Under which heading it stands."""
    form: Callable[..., Any] = _no_form
    """What is asked once for all; called with the rows and `by`."""
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    """Encloses the transaction."""


ACTS: dict[str, Bulk[Any]] = {}


def register(*acts: Bulk[Any]) -> None:
    for act in acts:
        ACTS[act.name] = act
        LABELS[act.entry] = act.title


class Changed(Exception):  # noqa: N818  (an answer, not a fault)
    """Rows that were shown as possible and are not any more: words of the row, why. Nothing is
    done."""

    def __init__(self, lost: list[tuple[str, str]]) -> None:
        super().__init__(f"{len(lost)} row(s) changed")
        self.lost = lost


@dataclass(frozen=True)
class Preview(Generic[M]):
    """The rows that the act will take, and those that it leaves out, with why."""

    ready: list[M]
    refused: list[tuple[M, str]]


def preview(
    bulk: Bulk[M], rows: Sequence[M], *, by: By, values: Values | None = None
) -> Preview[M]:
    """Which of these rows the act will take, and why it leaves out each of the others."""
    why = bulk.refusals(rows, by, values or {})
    ready = [row for row in rows if not why.get(row.pk)]
    return Preview(ready, [(row, why[row.pk]) for row in rows if why.get(row.pk)])


def run(bulk: Bulk[M], shown: Selection, *, by: By, values: Values) -> tuple[int, Any]:
    """Do the act on all the rows that were shown as possible, or on none. Returns how many, and
    what `bulk.act` returned.

    The rows are locked first, in one order, and judged again: raises Changed when one of them has
    changed since, or is refused because of the values typed; and what the service raises.
    """
    with bulk.around() as kept, transaction.atomic():
        rows = list(lock_rows(bulk.rows(by.actor).filter(pk__in=shown)))
        why = bulk.refusals(rows, by, values)
        stamps = {row.pk: (bulk.words(row), bulk.stamp(row), why.get(row.pk, "")) for row in rows}
        if lost := lost_since(shown, stamps):
            raise Changed(lost)
        extra = {} if kept is None else {"kept": kept}
        result = bulk.act(rows, by=by, **extra, **values)
        _journal(bulk, rows, by=by)
    return len(rows), result


def _journal(bulk: Bulk[M], rows: Collection[M], *, by: By) -> None:
    """One entry for each organisation, which reads its own alone."""
    owned: dict[int | None, list[M]] = defaultdict(list)
    for row in rows:
        owned[getattr(row, "organisation_id", None)].append(row)
    for group in owned.values():
        write(group[0], bulk.entry, by=by, what=bulk.done(len(group)), many=group)
