"""The closing of the whole park on PostgreSQL, beside the mere reading of its rows.

Reading: psycopg fetches the rows, in the order in which they are stored. Closing: the same rows,
read in the order of service and start, united, measured and scored in both readings, as the
application does it. The subjects take turns: a busy machine slows all alike.
"""

import datetime as dt
import os
import resource
import statistics
import time
from collections.abc import Callable

import psycopg
from django.core.management import call_command
from django.db import transaction

from benchmarks.report import machine, say
from benchmarks.rows import YEAR, fill
from perf.engine.instants import Interval, to_us
from perf.engine.rules import BASES, SLIDES
from perf.models import Outage
from perf.selectors.park import close_park
from segur.lib.paris import PARIS

PRESTATIONS, OUTAGES = 10_000, 100
RUNS = 5
TARGET = 1.25
MEMORY = 1_000
"""Megabytes."""

READ = "SELECT service_id, started_at, ended_at, standing FROM perf_outage"
START, END = (to_us(dt.datetime(year, 1, 1, tzinfo=PARIS)) for year in (YEAR, YEAR + 1))


def main() -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    call_command("migrate", verbosity=0)
    fill(PRESTATIONS, OUTAGES)
    say(f"\n# Closing of the park: {PRESTATIONS:,} prestations × {OUTAGES} outages\n")
    say(f"{machine()} · PostgreSQL · medians of {RUNS} runs, wall clock\n")
    scored = close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before those that hold all
    subjects: dict[str, Callable[[], object]] = {
        "reading, as stored": read,
        "reading, in order": lambda: read(" ORDER BY service_id, started_at"),
        "closing": close,
    }
    times = [{name: timed(run) for name, run in subjects.items()} for _ in range(RUNS)]
    medians = {name: statistics.median(run[name] for run in times) for name in subjects}
    return report(medians, scored=scored, peak=peak)


def report(medians: dict[str, float], *, scored: int, peak: float) -> int:
    reading, closing = medians["reading, as stored"], medians["closing"]
    say("| | seconds | ÷ reading |\n|---|---:|---:|")
    for name, median in medians.items():
        say(f"| {name} | {median:.2f} | × {median / reading:.2f} |")
    say(f"\n{scored:,} scores. Closing ÷ reading: × {closing / reading:.2f} (asked: {TARGET}).")
    say(f"Peak memory of the process after a closing: {peak:.0f} MB (asked: below {MEMORY}).")
    return 0 if closing <= TARGET * reading and peak < MEMORY else 1


def timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def read(order: str = "") -> int:
    """As a program does it that asks psycopg and nothing else."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as link:
        return len(link.execute(READ + order).fetchall())


def close() -> int:
    """How many scores were given: two for each prestation."""
    scores = []
    with transaction.atomic():
        lines = close_park(Outage.objects.all(), period=Interval(START, END), rules=SLIDES, now=END)
        for line in lines:
            scores += [SLIDES.scale.perf(line.counted(base)) for base in BASES]
    return len(scores)
