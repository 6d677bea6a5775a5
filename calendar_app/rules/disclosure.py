"""Open data name nobody, and no small count: what is below a threshold is hidden.

A hidden count must not be the difference between a total and the counts beside it. So in a row with
a total, others are hidden with it (complementary suppression), the smallest first, until at least
two are and together they make at least twice the threshold: many counts then give the same total.
Where a row has not enough to hide, its total goes too. Zero is shown: it is about nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

THRESHOLD = 5
FEWEST = 2
"""Hidden counts of a row with a total."""


def disclosed(
    counts: Sequence[int], *, known: Sequence[bool] = (), has_total: bool
) -> list[int | None]:
    """The counts of a row, None for those hidden; with `has_total` the last is their sum.

    `known`: which are public elsewhere. They are always shown, and hide nothing.
    """
    parts = list(counts[:-1] if has_total else counts)
    open_ones = list(known) or [False] * len(parts)
    hidden = {
        place for place, count in enumerate(parts) if 0 < count < THRESHOLD and not open_ones[place]
    }
    if not has_total:
        return [None if place in hidden else count for place, count in enumerate(parts)]
    total: int | None = counts[-1] if counts[-1] == 0 or counts[-1] >= THRESHOLD else None
    if hidden and total is not None:
        rest = [
            place
            for place, count in enumerate(parts)
            if count >= THRESHOLD and not open_ones[place]
        ]
        for place in sorted(rest, key=lambda place: (parts[place], place)):
            if _is_safe(hidden, parts):
                break
            hidden.add(place)
        if not _is_safe(hidden, parts):
            total = None
    return [*(None if place in hidden else n for place, n in enumerate(parts)), total]


def _is_safe(hidden: set[int], counts: Sequence[int]) -> bool:
    return len(hidden) >= FEWEST and sum(counts[place] for place in hidden) >= 2 * THRESHOLD
