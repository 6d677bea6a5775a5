"""Processor time of this process and of the process of PostgreSQL that answers it: another program
on the machine changes it little, where it doubles what a clock on the wall says."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def processor() -> float:
    """Seconds. The connection stays from one call to the next."""
    connection.ensure_connection()
    server = connection.connection.info.backend_pid
    nanoseconds = Path(f"/proc/{server}/schedstat").read_text().split()[0]
    return time.process_time() + int(nanoseconds) / 10**9


def seconds(run: Callable[[], object]) -> float:
    begin = processor()
    run()
    return processor() - begin


def median(run: Callable[[], object], turns: int = 7) -> float:
    return statistics.median(seconds(run) for _ in range(turns))


def in_one_process() -> None:
    """All of a query in the process that is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
