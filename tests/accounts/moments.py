import datetime as dt

import time_machine

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def later(**after):
    """So long after the present instant; the clock goes on from there."""
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(**after))
