"""Every deadline of the site, page by page: a far page sorts its own milestones, not the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple, overload

from django.db.models import Count, Q

from calendar_app.models import Deadline
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.selectors.deadline_lists import NEVER, all_milestones, states_of_all

NamesOfStates = Collection[str]


class ListPart(NamedTuple):
    """Rows that stand together in the list, under one heading."""

    place: tuple[dt.datetime, int, str]
    rows: Q
    size: int


class WholeList(Sequence[int]):
    """The keys of `ordered`, which has every deadline in these states in the order of
    `in_list_order`, for a paginator. The parts are counted; a page reads those that it is in.
    """

    def __init__(self, ordered: DeadlineQuerySet, states: NamesOfStates, now: dt.datetime) -> None:
        self._rows = ordered
        found = [*_of_milestones(states, now), *_of_delays(states)]
        self.parts = sorted(found, key=lambda part: part.place)

    def __len__(self) -> int:
        return sum(part.size for part in self.parts)

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        start, stop, _step = place.indices(len(self))
        before, shown, wanted = 0, 0, Q(pk__in=[])
        for part in self.parts:
            if shown < start < shown + part.size or start <= shown < stop:
                wanted |= part.rows
            elif shown < start:
                before += part.size
            shown += part.size
        rows = self._rows.filter(wanted).values_list("pk", flat=True)
        return list(rows[start - before : stop - before])


def _of_milestones(states: NamesOfStates, now: dt.datetime) -> Iterator[ListPart]:
    counted = states_of_all(now)
    for one in all_milestones():
        if one.pk not in counted:
            continue
        count = sum(count for state, (count, _first) in counted[one.pk].items() if state in states)
        yield ListPart(
            (one.due_at or NEVER, one.dispositif_id, one.title), Q(milestone=one.pk), count
        )


def _of_delays(states: NamesOfStates) -> Iterator[ListPart]:
    keys = ("due_at", "dispositif", "title")
    rows: Any = Deadline.objects.filter(milestone=None, state__in=states).order_by().values(*keys)
    for row in rows.annotate(count=Count("pk")):
        count = row.pop("count")
        place = row["due_at"] or NEVER, row["dispositif"], row["title"]
        yield ListPart(place, Q(milestone=None, **row), count)
