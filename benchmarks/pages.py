"""`make bench`: the pages of a whole programme beside the lightest page with the same frame.

On a throw-away PostgreSQL and Redis, once with a tenth of the data and once with all
(`population`). Each page is asked through the whole of Django, in turns with the lightest page; the
median of its processor times counts (`page_times`). The targets are set for a visit after an act of
a colleague and for one with an empty cache. `python -m benchmarks.pages WORD…` measures the pages
whose address has one of the words, and sets no target.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.report import machine, say
from tests.services import services

SHARES = (0.1, 1.0)
RATIO, GROWTH = 8, 1.5


def main(words: list[str]) -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    small, whole = (measured(share, words) for share in SHARES)
    say("\n# The pages of a whole programme\n")
    say(f"{machine()} · PostgreSQL, Redis · medians of {whole['turns']} turns, processor time\n")
    say(f"{', '.join(f'{count:,} {name}' for name, count in whole['counts'].items())}.")
    say(f"The lightest page with the same frame takes {whole['lightest'] * 1000:.1f} ms.\n")
    say("| page, as | ms | ÷ lightest | after an act | empty cache | ÷ a tenth | queries | then |")
    say("|---|---:|---:|---:|---:|---:|---:|---:|")
    before = {page["name"]: page for page in small["pages"]}
    missed = 0
    for page in whole["pages"]:
        missed += _line(page, before[page["name"]], whole["lightest"], small["lightest"])
    say(f"\nAsked: at most {RATIO} times the lightest, {GROWTH} times itself at a tenth, the same")
    say(f"number of queries. Pages that miss a target: {missed}.")
    return int(bool(missed) and not words)


def _line(page: dict[str, Any], small: dict[str, Any], whole: float, tenth: float) -> bool:
    """Whether a target is missed; the times of a tenth are set against its own lightest page."""
    ratio, acted, first = (page[name] / whole for name in ("seconds", "acted", "first"))
    growth = first / (small["first"] / tenth)
    say(
        f"| {page['name']} | {page['seconds'] * 1000:.0f} | × {ratio:.1f} | × {acted:.1f} "
        f"| × {first:.1f} | × {growth:.2f} | {page['queries']} | {small['queries']} |"
    )
    return bool(max(acted, first) > RATIO or growth > GROWTH)


def measured(share: float, words: list[str]) -> Any:
    with services() as own, tempfile.TemporaryDirectory(prefix="segur-pages-") as folder:
        environment = {**os.environ, **own, "DATABASE_POOL": "0", "VAR_DIR": folder}
        command = [sys.executable, "-m"]
        subprocess.run(  # noqa: S603  (ourselves)
            [*command, "benchmarks.population", str(share)],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        found = subprocess.run(  # noqa: S603
            [*command, "benchmarks.page_times", *words],
            check=True,
            env=environment,
            stdout=subprocess.PIPE,
        )
        return json.loads(found.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
