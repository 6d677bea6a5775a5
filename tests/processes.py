"""What runs on this machine, read from /proc."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DELIVERED_SECONDS = 10


def _stats() -> Iterator[tuple[int, str, int, int]]:
    """(process id, state, parent, group) of each process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue  # it has just ended
        state, parent, group, *_rest = text.rpartition(")")[2].split()
        yield int(path.parent.name), state, int(parent), int(group)


def alive_in_group(group: int) -> list[int]:
    """Processes of the group that still run: the dead wait for init to collect them."""
    return [
        pid for pid, state, _, its_group in _stats() if its_group == group and state not in "ZX"
    ]


def groups_under(parent: int) -> dict[int, str]:
    """Group → command line of each program that this process has started."""
    found = [(pid, group) for pid, _, its_parent, group in _stats() if its_parent == parent]
    return {
        group: (Path("/proc") / str(pid) / "cmdline").read_text().replace("\0", " ")
        for pid, group in found
    }


def resident_kib(group: int) -> int:
    """What all the processes of the group hold in memory; what they share is counted for each."""
    total = 0
    for pid in alive_in_group(group):
        try:
            status = (Path("/proc") / str(pid) / "status").read_text()
        except OSError:
            continue  # it has just ended
        total += sum(int(kib) for kib in re.findall(r"VmRSS:\s+(\d+)", status))
    return total


def survivors(group: int) -> list[int]:
    """Those of `alive_in_group` that a SIGKILL sent just before does not end: a busy machine takes
    a moment to deliver it.
    """
    limit = time.monotonic() + DELIVERED_SECONDS
    while (found := alive_in_group(group)) and time.monotonic() < limit:
        time.sleep(0.01)
    return found


def running_from(folder: Path) -> list[str]:
    """Command lines of the processes that work in this folder."""
    found = []
    for pid, state, *_ in _stats():
        try:
            here = (Path("/proc") / str(pid) / "cwd").readlink().is_relative_to(folder)
            command = (Path("/proc") / str(pid) / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if here and state not in "ZX":
            found.append(f"{pid} {command}")
    return found


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "too long"
        time.sleep(0.05)
