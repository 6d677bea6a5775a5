"""Figures of the whole site that no act has changed: kept in the database, with how far the journal
went then."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Any

from calendar_app.models import KeptFigures
from calendar_app.selectors.concerning import LARGE, reach_but
from segur.lib import paris

LONGEST = dt.timedelta(minutes=10)


def unchanged(name: str, find: Callable[[], Any], *, but: Sequence[str], now: dt.datetime) -> Any:
    """The JSON values that `find` gives, kept on a large site until somebody acts on anything but
    the models of `but`, on which they do not depend; within ten minutes and the Paris day at most.
    What anybody did shows at once: there is no age to show.
    """
    newest, *others = reach_but(but)
    if newest < LARGE:
        return find()
    mark = [*others, paris.day(now).isoformat()]
    kept = KeptFigures.objects.filter(name=name).first()
    if kept and kept.data["mark"] == mark and dt.timedelta() <= now - kept.made_at <= LONGEST:
        return kept.data["found"]
    begin, found = time.perf_counter(), find()
    KeptFigures.objects.update_or_create(
        name=name,
        defaults={
            "made_at": now,
            "seconds": time.perf_counter() - begin,
            "last_entry": newest,
            "data": {"mark": mark, "found": found},
        },
    )
    return found
