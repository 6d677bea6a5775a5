"""Try each mutant in a fork of one warm process: a mutant costs the tests that reach it, no more.

The parent runs every test once: which lines does each reach, how long does it take, does it pass?
For a mutant it forks; the child puts the mutant in place and runs the tests that reach the changed
line, the fastest first, up to the first that fails. In-memory SQLite lives on in the fork.
"""

import gc
import json
import os
import re
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.grafting import NotGraftableError, caches, graft
from tests.mutation.mutants import UNCHANGED, Mutant
from tests.mutation.report import ASIDE, KILLED, STILLBORN, SURVIVED, TIMEOUT, UNREACHED

MOST_SECONDS = 20
"""Of tests, for one mutant."""
SLACK = 5
REFUSED = re.compile(r"TypeError: .+ missing \d+ required (keyword-only|positional) argument")
"""A call without an argument that it needs: any test that makes the call notices it."""


@dataclass
class Reach:
    """What each test reaches, and the seconds of processor that it takes."""

    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    cost: dict[str, float] = field(default_factory=dict)

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that reach the line, for what runs when the module loads those that reach any
        of its lines; and the test modules of its name, since a cache may have hidden the line.
        """
        lines = self.lines[mutant.path]
        named = re.compile(rf"/test_{Path(mutant.path).stem}(_\w+)?\.py::")
        found = lines.get(mutant.line) or set[str]().union(*lines.values())
        found = found | {test for test in self.cost if named.search(test)}
        return sorted(found & self.cost.keys(), key=lambda test: (self.cost[test], test))


class Mutation:
    """A plugin of pytest that takes the place of its loop over the tests."""

    def __init__(self, mutants: Sequence[Mutant], out: Path) -> None:
        self.mutants, self.out = mutants, out
        self.killers: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Of a property that fails one counterexample is enough, it need not be small."""
        from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415 (after pytest)

        settings.register_profile(
            "mutation",
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        reach = _baseline(session, sorted({mutant.path for mutant in self.mutants}))
        self.caches = caches()
        gc.freeze()  # the children then leave the memory of the parent as it is
        with self.out.open("a", encoding="utf-8") as out:
            for mutant in [*_unchanged(self.mutants), *self.mutants]:
                after = mutant.source
                if after is None:
                    continue
                tests = sorted(reach.tests(mutant), key=self.rank(mutant.path))
                chosen = list(_within([items[test] for test in tests], reach.cost))
                outcome, by = self.attempt(mutant, after, chosen, reach)
                if by in items:
                    self.killers[mutant.path].append(by)
                row = {**asdict(mutant), "outcome": outcome, "by": by, "tests": len(chosen)}
                out.write(json.dumps({**row, "diff": mutant.diff(after)}) + "\n")
                out.flush()
        return True

    def rank(self, path: str) -> Callable[[str], int]:
        """The tests that noticed the last mutants of this module come first."""
        killers = self.killers[path]
        last = {test: place for place, test in enumerate(killers)}
        return lambda test: -last.get(test, -1)

    def attempt(
        self, mutant: Mutant, after: str, tests: list[Any], reach: Reach
    ) -> tuple[str, str]:
        if not tests:
            return UNREACHED, ""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _limit(3 * sum(reach.cost[item.nodeid] for item in tests))
            self.child(mutant, after, tests, writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            shown = pipe.read()
        _, status = os.waitpid(pid, 0)
        if not shown:
            return TIMEOUT, f"ended by signal {status}"
        outcome, by = json.loads(shown)
        return outcome, by

    def child(self, mutant: Mutant, after: str, tests: list[Any], pipe: int) -> None:
        """Never returns."""
        module = import_module(mutant.path.removesuffix(".py").replace("/", "."))
        before = Path(mutant.path).read_text(encoding="utf-8")
        try:
            graft(module, before, after)
        except NotGraftableError as reason:
            _say(pipe, ASIDE, str(reason))
        except Exception as error:  # noqa: BLE001 (the module no longer loads)
            _say(pipe, KILLED, f"import: {error!r}")
        for cache in self.caches:
            cache.cache_clear()
        tests[0].session._setupstate.teardown_exact(tests[0])
        for item, following in zip(tests, [*tests[1:], tests[-1]], strict=True):
            reports = runtestprotocol(item, log=False, nextitem=following)
            failed = [report for report in reports if not report.passed]
            if any(REFUSED.search(report.longreprtext) for report in failed):
                _say(pipe, STILLBORN, item.nodeid)
            if failed:
                _say(pipe, KILLED, item.nodeid)
        _say(pipe, SURVIVED, "")


def _unchanged(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Each module put in place as it is, which must survive: the check of the method itself."""
    return [Mutant(path, UNCHANGED, 0, 0) for path in sorted({m.path for m in mutants})]


def _within(tests: Iterable[Any], cost: dict[str, float]) -> Iterable[Any]:
    spent = 0.0
    for item in tests:
        spent += cost[item.nodeid]
        if spent > MOST_SECONDS:
            return
        yield item


def _baseline(session: pytest.Session, paths: list[str]) -> Reach:
    """Every test once, in the parent: what it sets up for the session serves the children."""
    reach = Reach()
    tracer = coverage.Coverage(data_file=None, config_file=False, include=paths)
    items = session.items
    runtestprotocol(items[0], log=False, nextitem=items[-1])  # builds the database
    tracer.start()
    for place, item in enumerate(items):
        tracer.switch_context(item.nodeid)
        following = items[(place + 1) % len(items)]
        start = time.process_time()
        reports = runtestprotocol(item, log=False, nextitem=following)
        if all(report.passed for report in reports):
            reach.cost[item.nodeid] = time.process_time() - start
        else:
            print(f"left out, does not pass: {item.nodeid}", file=sys.stderr)  # noqa: T201
    tracer.stop()
    data = tracer.get_data()
    for path in paths:
        contexts = data.contexts_by_lineno(str(Path(path).resolve()))
        reach.lines[path] = {line: set(tests) - {""} for line, tests in contexts.items()}
    return reach


def _limit(seconds: float) -> None:
    """A mutant may loop for ever. Seconds of processor, since the machine may be busy; a mutant
    that only waits is ended by the alarm. It says nothing where pytest would.
    """
    allowed = int(SLACK + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)  # the readers of files set their own
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
    signal.alarm(allowed * 20)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def _say(pipe: int, outcome: str, by: str) -> None:
    os.write(pipe, json.dumps([outcome, by]).encode())
    os._exit(0)
