"""The outcome of the mutants: `python -m tests.mutation.report [FILE]`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.mutation.mutants import UNCHANGED, Mutant

KILLED, SURVIVED, TIMEOUT, UNREACHED = "killed", "survived", "timeout", "unreached"
STILLBORN = "stillborn"
ASIDE = "needs a new process"
LIVING = {SURVIVED, UNREACHED, ASIDE}


def last(path: Path) -> list[dict[str, Any]]:
    """The last trial of each mutant."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return list({(row["path"], row["operator"], row["occurrence"]): row for row in rows}.values())


def living(path: Path) -> list[Mutant]:
    return [
        Mutant(row["path"], row["operator"], row["occurrence"], row["line"])
        for row in last(path)
        if row["outcome"] in LIVING and row["operator"] != UNCHANGED
    ]


def lines(path: Path) -> list[str]:
    """A table by folder, then each mutant that no test noticed."""
    rows = last(path)
    tried = [r for r in rows if r["operator"] != UNCHANGED and r["outcome"] != STILLBORN]
    noticed = {KILLED, TIMEOUT}
    broken = [r for r in rows if r["operator"] == UNCHANGED and r["outcome"] in noticed]
    counts = {"all": Counter(row["outcome"] for row in tried)}
    for row in tried:
        counts.setdefault(str(Path(row["path"]).parent), Counter())[row["outcome"]] += 1
    shown = [f"{'':32} mutants  noticed  living     %"]
    for name, found in sorted(counts.items()):
        living = sum(found[outcome] for outcome in LIVING)
        whole = found.total()
        shown.append(
            f"{name:32} {whole:7}  {whole - living:7}  {living:6} {100 * living / whole:5.1f}"
        )
    stillborn = sum(row["outcome"] == STILLBORN for row in rows)
    shown.append(f"left out: {stillborn} calls without an argument that they need")
    shown += [f"the method fails on {row['path']}: {row['by']}" for row in broken]
    for row in sorted(tried, key=lambda row: (row["path"], row["line"])):
        if row["outcome"] in LIVING:
            shown.append(f"\n{row['path']}:{row['line']} {row['operator']} {row['outcome']}")
            shown.append(row["diff"])
    return shown


if __name__ == "__main__":
    print("\n".join(lines(Path((sys.argv[1:] or ["var/mutation.jsonl"])[0]))))  # noqa: T201
