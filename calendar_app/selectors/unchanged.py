"""Figures of the whole site that no act has changed: kept in the database, with how far the journal
went then."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Any

from calendar_app.models import KeptFigures
from calendar_app.selectors.concerning import LARGE, deadlines_since, reach_but
from segur.lib import paris

LONGEST = dt.timedelta(minutes=10)

Correct = Callable[[Any, list[int]], Any]
"""What was found, and the keys of the deadlines on which somebody acted since → what is found now.
"""


def unchanged(
    name: str,
    find: Callable[[], Any],
    *,
    but: Sequence[str],
    now: dt.datetime,
    correct: Correct | None = None,
) -> Any:
    """The JSON values that `find` gives, kept on a large site until somebody acts on anything but
    the models of `but`, on which they do not depend; within ten minutes and the Paris day at most.
    After acts on a few deadlines alone `correct`, if given, takes the place of `find`. What anybody
    did shows at once: there is no age to show.
    """
    newest, *others = reach_but(but)
    if newest < LARGE:
        return find()
    mark = [*others, paris.day(now).isoformat()]
    kept = KeptFigures.objects.filter(name=name).first()
    touched, made_at = None, now
    if kept and kept.data["mark"][2] == mark[2] and _is_young(kept, now):
        if kept.data["mark"] == mark:
            return kept.data["found"]
        if correct:
            touched = deadlines_since(kept.last_entry, kept.data["mark"], newest, mark, but)
    begin = time.perf_counter()
    if kept and correct and touched is not None:
        found, made_at = correct(kept.data["found"], touched), kept.made_at
    else:
        found = find()
    KeptFigures.objects.update_or_create(
        name=name,
        defaults={
            "made_at": made_at,
            "seconds": time.perf_counter() - begin,
            "last_entry": newest,
            "data": {"mark": mark, "found": found},
        },
    )
    return found


def _is_young(kept: KeptFigures, now: dt.datetime) -> bool:
    return dt.timedelta() <= now - kept.made_at <= LONGEST
