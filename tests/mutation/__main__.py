"""`python -m tests.mutation rules` (all of them) or `services` (a drawn sample)."""

import argparse
import hashlib
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.report import last, living
from tests.mutation.runner import Mutation

ROOMS = ("pv", "va", "prefiguration")
AREAS = {
    "rules": (
        [
            "calendar_app/rules",
            "calendar_app/display",
            *(f"pilots/{room}/rules" for room in ROOMS),
            "perf/engine",
            "segur/lib",
            "parameters/rules",
            "accounts/rules/numbers.py",
            "accounts/permissions.py",
        ],
        [
            "tests/calendar_app/rules",
            "tests/calendar_app/display",
            *(f"tests/pilots/{room}/rules" for room in ROOMS),
            "tests/perf/engine",
            "tests/perf/test_shared_cases.py",
            "tests/perf/test_simulator.py",
            "tests/segur/lib",
            "tests/parameters/rules",
            "tests/accounts/rules",
            "tests/accounts/test_permissions.py",
        ],
    ),
    "services": (
        [
            "accounts/services",
            "documents/services",
            "journal/services",
            "mailing/services",
            "parameters/services/values.py",
            "calendar_app/services",
            "perf/services",
            *(f"pilots/{room}/services" for room in ROOMS),
        ],
        [
            "tests/accounts/services",
            "tests/documents/services",
            "tests/journal/services",
            "tests/mailing/services",
            "tests/parameters",
            "tests/calendar_app/services",
            "tests/perf/services",
            "tests/perf/api/test_webhook.py",
            "tests/perf/outages",
            "tests/perf/statements/test_service.py",
            "tests/perf/views/test_ratios.py",
            *(f"tests/pilots/{room}/services" for room in ROOMS),
        ],
    ),
}
IN_ANOTHER_PROCESS = {
    *("apart.py", "archives.py", "inspection.py", "office.py", "pdf_reader.py", "traps.py"),
    *("paper.py", "pdf_mark.py", "signature.py", "verification.py"),
}
"""Readers of files, which run in a process of their own: a fork does not change it."""
SAMPLE, SEED = 375, 2027


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--only", default="", help="the modules whose path begins so")
    parser.add_argument("--again", type=Path, help="only what was left living in this file")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="of the services")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path("var/mutation.jsonl"))
    parser.add_argument("--list", action="store_true", help="list the mutants, try none")
    parser.add_argument("--tests", nargs="*", help="instead of those of the area")
    chosen = parser.parse_args()
    drawn = living(chosen.again) if chosen.again else _mutants(chosen)
    mutants = [mutant for mutant in drawn if mutant.path.startswith(chosen.only)]
    if chosen.list:
        for mutant in mutants:
            print(f"{mutant.path}:{mutant.line} {mutant.operator} {mutant.occurrence}")  # noqa: T201
        return 0
    chosen.out.parent.mkdir(exist_ok=True)
    if chosen.out.exists() and not chosen.again:
        tried = {(row["path"], row["operator"], row["occurrence"]) for row in last(chosen.out)}
        mutants = [m for m in mutants if (m.path, m.operator, m.occurrence) not in tried]
    options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not distributed"]
    tests = chosen.tests or AREAS[chosen.area][1]
    return int(pytest.main([*options, *tests], plugins=[Mutation(mutants, chosen.out)]))


def _mutants(chosen: argparse.Namespace) -> list[Mutant]:
    paths = [path for folder in AREAS[chosen.area][0] for path in _modules(Path(folder))]
    found = [mutant for path in paths for mutant in mutants_of(str(path))]
    if chosen.area == "rules":
        return found
    drawn = []
    for mutant in sorted(found, key=partial(_lot, chosen.seed)):
        if len(drawn) == chosen.sample:
            break
        if mutant.source is not None:
            drawn.append(mutant)
    return drawn


def _lot(seed: int, mutant: Mutant) -> bytes:
    """Its place in the draw, which changes elsewhere in the code leave as it is."""
    name = f"{seed} {mutant.path} {mutant.operator} {mutant.occurrence}"
    return hashlib.sha256(name.encode()).digest()


def _modules(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [path for path in sorted(folder.rglob("*.py")) if path.name not in IN_ANOTHER_PROCESS]


if __name__ == "__main__":
    sys.exit(main())
