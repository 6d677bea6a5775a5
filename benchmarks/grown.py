"""`python -m benchmarks.grown MILLIONS…`: what the reminders of years cost those of today.

Beside the 120,000 deadlines of the programme and what is planned for them, so many millions of
reminders that are over, four of ten not archived yet, and a mail for each eight of them. Fifty
million take half an hour and 20 GB where temporary files are. Each size has a PostgreSQL and a
process of its own; processor time, of Python and of PostgreSQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.report import machine, say
from tests.services import postgres

MILLIONS = (0.5, 5.0)
GROWTH = 1.5
"""Asked of the last size ÷ the first; the run of the day reads the table, as its work grows."""


def main(sizes: list[float]) -> int:
    """Prints the table; 0 if what must not grow does not, else 1."""
    found = [_measured(size) for size in sizes]
    say("\n# Beside the reminders and mails of years\n")
    say(f"{machine()} · PostgreSQL · processor time\n")
    say(f"| ms | {' | '.join(f'{size:g} M' for size in sizes)} |")
    say(f"|---|{'---:|' * len(found)}")
    for name in found[0]["times"]:
        cells = " | ".join(f"{1000 * one['times'][name]:,.1f}" for one in found)
        say(f"| {name} | {cells} |")
    for name in found[0]["rows"]:
        cells = " | ".join(f"{one['rows'][name]:,}" for one in found)
        say(f"| {name} | {cells} |")
    steady = [name for name in found[0]["times"] if not name.endswith("grows")]
    worst = max(steady, key=lambda name: found[-1]["times"][name] / found[0]["times"][name])
    growth = found[-1]["times"][worst] / found[0]["times"][worst]
    say(f"\nMost: {worst}, × {growth:.2f} (asked: {GROWTH}).")
    return int(growth > GROWTH)


def _measured(millions: float) -> dict[str, dict[str, float]]:
    with postgres() as url:
        environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL": "0"}
        command = [sys.executable, "-m", "benchmarks.grown_times", str(millions)]
        done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main([float(one) for one in sys.argv[1:]] or list(MILLIONS)))
