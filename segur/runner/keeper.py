"""Nothing that `make run` starts outlives it, whatever is killed, `kill -9` included.

Each program runs under a keeper: a small process that leads the program's group and reads from a
pipe. The other end of the pipe is open in the process that asked for the program, and nowhere
else. When that process ends, however it ends, the system closes the pipe, and the keeper kills the
whole group, itself included. On Linux the program is killed when its keeper is, too.

Standard library only, like `bootstrap`, which runs pip and uv in this way.
"""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
from typing import Any, NoReturn

LAUNCHER = "SEGUR_LAUNCHER"
PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.5
PASSED_ON = (signal.SIGTERM, signal.SIGINT)


def note_launcher() -> None:
    """Remember which `make` started this process; the memory survives `exec`."""
    os.environ.pop(LAUNCHER, None)
    if "MAKELEVEL" in os.environ:
        os.environ[LAUNCHER] = str(os.getppid())


def is_orphan() -> bool:
    """Whether `make` has ended before us: it does not always pass signals on."""
    parent = str(os.getppid())
    return os.environ.get(LAUNCHER, parent) != parent


def start(command: "list[str]", **options: Any) -> "subprocess.Popen[Any]":
    """As `Popen`, under a keeper, which passes SIGTERM and SIGINT on and ends with the code of the
    program. Its process id is the id of the group.
    """
    life, _ours = _pipe()
    keeper = [sys.executable, "-I", "-S", __file__, str(life), *command]
    return subprocess.Popen(keeper, pass_fds=(life,), start_new_session=True, **options)


def run(command: "list[str]", **options: Any) -> int:
    """Run to the end and return the code; leave with what the program has started if `make` or
    this process ends first.
    """
    process = start(command, **options)
    try:
        while not is_orphan():
            try:
                return process.wait(LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        sys.exit("Interrompu.")
    finally:
        kill(process)


def kill(process: "subprocess.Popen[Any]") -> None:
    """The program, and all that it has started in its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@functools.lru_cache(maxsize=None)  # noqa: UP033  (an old Python reads this)
def _pipe() -> "tuple[int, int]":
    """One for all the programs of this process; the second end is never closed nor inherited."""
    return os.pipe()


def keep(life: int, command: "list[str]") -> NoReturn:
    """What the keeper does."""
    try:
        process = subprocess.Popen(command, preexec_fn=_die_with_keeper())  # noqa: PLW1509  (no thread yet)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")
    for number in PASSED_ON:
        signal.signal(number, lambda number, _frame: process.send_signal(number))
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()
    code = process.wait()
    if code < 0:  # killed by a signal: so is the keeper
        for number in PASSED_ON:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def _end_with(life: int) -> None:
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


def _die_with_keeper() -> Any:
    """What the program calls before it starts, where the system has it."""
    if sys.platform != "linux":
        return None
    prctl, keeper = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:  # killed meanwhile
            os._exit(1)

    return ask


if __name__ == "__main__":
    keep(int(sys.argv[1]), sys.argv[2:])
