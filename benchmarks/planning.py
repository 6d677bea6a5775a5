"""`make bench`: the planning of reminders, for a tenth of the programme and for all of it.

Each size has a PostgreSQL and a process of its own. Processor time, of Python and of the process of
PostgreSQL that answers it. `python -m benchmarks.planning SHARE…` measures other sizes: 10 is ten
times the programme.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.report import machine, say
from tests.services import postgres

SHARES = (0.1, 1.0)
OF_COUNT, GROWTH, OF_INSERT, MEMORY = 5, 1.5, 3, 60
"""Asked: a run for nothing ÷ count(*); the same ÷ itself at the smallest size; a milestone amended
÷ the bare insertion of as many rows; megabytes."""
LINES = (
    ("count", "`count(*)` of the deadlines"),
    ("nothing", "a run, nothing changed"),
    ("one", "a run, one organisation changed"),
    ("first", "the first run of all"),
    ("again", "the run of the next day, nothing changed"),
    ("amended", "a milestone amended: its reminders"),
    ("bare", "a bare INSERT … SELECT of as many"),
)


def main(shares: list[float]) -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    found = [measured(share) for share in shares]
    say("\n# Planning of reminders\n")
    say(f"{machine()} · PostgreSQL · processor time\n")
    say(f"| ms | {' | '.join(_deadlines(one) for one in found)} |")
    say(f"|---|{'---:|' * len(found)}")
    for name, words in LINES:
        cells = " | ".join(f"{1000 * one[name]:,.1f}" for one in found)
        say(f"| {words} | {cells} |")
    for name, words in (
        ("rows", "rows made by the first run"),
        ("concerned", "deadlines of the milestone amended"),
        ("moved", "rows made for it"),
        ("memory", "the process grows by, MB"),
    ):
        say(f"| {words} | {' | '.join(f'{one[name]:,.0f}' for one in found)} |")
    return report(found)


def report(found: list[dict[str, Any]]) -> int:
    last = found[-1]
    figures = (
        ("nothing changed ÷ count(*)", last["nothing"] / last["count"], OF_COUNT),
        ("nothing changed ÷ the same at the first size", _growth(found), GROWTH),
        ("amended ÷ bare insertion", last["amended"] / last["bare"], OF_INSERT),
        ("growth of the process, MB", last["memory"], MEMORY),
    )
    words = "; ".join(f"{name} {value:.1f} (asked: {asked})" for name, value, asked in figures)
    say(f"\nOf the last size: {words}.")
    return int(any(value > asked for _name, value, asked in figures))


def _deadlines(one: dict[str, Any]) -> str:
    return f"{one['deadlines']:,} deadlines"


def _growth(found: list[dict[str, Any]]) -> float:
    return float(found[-1]["nothing"] / found[0]["nothing"])


def measured(share: float) -> Any:
    with postgres() as url:
        environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL": "0"}
        command = [sys.executable, "-m", "benchmarks.planning_times", str(share)]
        done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)  # noqa: S603
        return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main([float(one) for one in sys.argv[1:]] or list(SHARES)))
