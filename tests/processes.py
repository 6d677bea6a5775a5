"""What runs on this machine, read from /proc."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

DELIVERED_SECONDS = 10


def _stats() -> Iterator[tuple[int, str, int]]:
    """(process id, state, group) of each process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue  # it has just ended
        state, _parent, group, *_rest = text.rpartition(")")[2].split()
        yield int(path.parent.name), state, int(group)


def alive_in_group(group: int) -> list[int]:
    """Processes of the group that still run: the dead wait for init to collect them."""
    return [pid for pid, state, its_group in _stats() if its_group == group and state not in "ZX"]


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
    for pid, state, _group in _stats():
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
