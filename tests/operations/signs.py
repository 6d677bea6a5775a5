"""A site whose background work goes on, and each way in which it can stop."""

import datetime as dt

from operations.enums import BEAT, DISPATCH, WATCH, WORKER
from operations.models import Pulse


def alive(now: dt.datetime, **ages: float) -> None:
    """Everything happened at `now`, except what `ages` names: so many seconds before."""
    names = {"beat": BEAT, "work": WATCH, "dispatch": DISPATCH, "worker": f"{WORKER}celery@a"}
    for short, name in names.items():
        at = now - dt.timedelta(seconds=ages.get(short, 0))
        Pulse.objects.update_or_create(name=name, defaults={"at": at})
