"""`make bench`: open time of one interval, our bisection beside the libraries, in one run.

A library that answers wrongly is left out, and the case is named: first the worked examples of
DOMAIN §4, then random intervals, where the engine is the reference (the tests hold it to a count
minute by minute). Times are medians of several runs, in processor time, the runs of the subjects
taking turns: a busy machine slows all alike. What matters is the ratios.
"""

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version

from benchmarks.report import machine, say
from benchmarks.subjects import OURS, SUBJECTS, ZONES, Elapsed
from perf.engine.instants import HOUR, SECOND
from segur.lib.paris import PARIS

SIZES = (1_000, 10_000, 100_000)
RUNS = 5
CHECKED = 2_000
LONGEST_RUN = 20  # seconds: beyond, a size is not measured
TARGET = 4
FLAT = 2

Pair = tuple[dt.datetime, dt.datetime]
WORKED_EXAMPLES = (
    ("2027-01-15 18:00", "2027-01-18 10:00", 6 * HOUR),
    ("2027-01-16 12:00", "2027-01-16 15:00", 1 * HOUR),
    ("2027-05-17 09:00", "2027-05-17 19:00", 0),
    ("2027-03-27 12:00", "2027-03-30 10:00", 2 * HOUR),
    ("2026-10-24 12:30", "2026-10-26 09:30", 1 * HOUR),
    ("2027-02-01 09:00", "2027-02-02 09:00", 10 * HOUR),
    ("2027-02-01 09:00", "2027-02-03 09:00:01", 20 * HOUR + SECOND),
)


def main() -> int:
    say("# Open time of one interval\n")
    say(
        "Made by `make -s bench > docs/benchmarks.md`. Ratios hold; microseconds are a machine's.\n"
    )
    say(f"{machine()} · medians of {RUNS} runs, processor time\n")
    checked = list(intervals(CHECKED, seed=1))
    subjects = {name: make() for name, make in SUBJECTS.items()}
    right = {}
    for name, elapsed in subjects.items():
        if name != OURS and (case := wrong_case(elapsed, subjects[OURS], checked)):
            say(f"- **{name}** {version(name)} is left out, it is wrong: {case}.")
        else:
            right[name] = elapsed
    say(f"\nThe others agree on the worked examples and on {CHECKED} random intervals.\n")
    columns = [measure(right, size) for size in SIZES]
    return report({name: [column[name] for column in columns] for name in right})


def report(found: dict[str, list[float | None]]) -> int:
    """The table, and whether the target is met: 0, or 1."""
    heads = " | ".join(f"{size:,} intervals" for size in SIZES)
    say(f"| µs per interval (× the engine's) | {heads} |\n|---|{'---:|' * len(SIZES)}")
    ours = [value for value in found[OURS] if value]
    for name, values in found.items():
        cells = [
            f"{value:.2f} (× {value / own:.1f})" if value else "not measured"
            for value, own in zip(values, ours, strict=True)
        ]
        say(f"| {name} | {' | '.join(cells)} |")
    rivals = [values for name, values in found.items() if name != OURS]
    if not rivals:
        say("\nNo library gives the right answers.")
        return 0
    ratio = min(v / o for values in rivals for v, o in zip(values, ours, strict=True) if v)
    flat = max(ours) / min(ours)
    say(f"\nFastest correct library ÷ engine: at least × {ratio:.1f} (asked: {TARGET}).")
    say(f"The engine's slowest ÷ fastest time per interval: × {flat:.2f} (asked: below {FLAT}).")
    return 0 if ratio >= TARGET and flat < FLAT else 1


def wrong_case(elapsed: Elapsed, reference: Elapsed, checked: list[Pair]) -> str:
    """The first case answered wrongly, or ""."""
    worked = ((paris(start), paris(end), expected) for start, end, expected in WORKED_EXAMPLES)
    drawn = ((start, end, reference(start, end)) for start, end in checked)
    for start, end, expected in (*worked, *drawn):
        answer = elapsed(start, end)
        if answer != expected:
            return f"{start} to {end} is {hours(expected)}, it says {hours(answer)}"
    return ""


def measure(subjects: dict[str, Elapsed], size: int) -> dict[str, float | None]:
    """Median microseconds per interval; None where one run would take too long."""
    pairs = {
        name: [(a.astimezone(zone), b.astimezone(zone)) for a, b in intervals(size, seed=size)]
        for name, zone in ((name, ZONES.get(name, PARIS)) for name in subjects)
    }
    quick = [
        name
        for name, elapsed in subjects.items()
        if run(elapsed, pairs[name][:200]) * size / 1e6 <= LONGEST_RUN
    ]
    times = [{name: run(subjects[name], pairs[name]) for name in quick} for _ in range(RUNS)]
    return {
        name: statistics.median(t[name] for t in times) if name in quick else None
        for name in subjects
    }


def run(elapsed: Elapsed, pairs: list[Pair]) -> float:
    """Microseconds of the processor for each interval."""
    begin = time.process_time()
    for start, end in pairs:
        elapsed(start, end)
    return (time.process_time() - begin) / len(pairs) * 1e6


def intervals(size: int, *, seed: int) -> Iterator[Pair]:
    """Outages as they come: from a minute to four days, whole seconds, from 2026 to 2030."""
    draw = random.Random(seed)  # noqa: S311
    first, last = paris("2026-01-02 00:00").timestamp(), paris("2030-12-20 00:00").timestamp()
    for _ in range(size):
        start = draw.randint(int(first), int(last))
        end = start + int(60 * 5760 ** draw.random())
        yield dt.datetime.fromtimestamp(start, PARIS), dt.datetime.fromtimestamp(end, PARIS)


def paris(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def hours(microseconds: int) -> str:
    return f"{microseconds / HOUR:g} h"


if __name__ == "__main__":
    sys.exit(main())
