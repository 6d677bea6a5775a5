"""Runs a program that works on what people send in a process of its own: bounded, without our
environment (ADR 0016).
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 20
SECONDS = 30
MEMORY = 1536 * 1024 * 1024
_TOP = Path(__file__).parents[2]
_LAST_WORDS = 2000

log = logging.getLogger(__name__)


class NoAnswerError(Exception):
    """The program was stopped at a bound, or failed."""


class TooLongError(NoAnswerError):
    """It gave no answer within the seconds that it was given."""


def read_apart(module: str, *arguments: str, content: bytes, seconds: float | None = None) -> Any:
    """`run_apart` of a program that answers in JSON."""
    return json.loads(run_apart(module, *arguments, content=content, seconds=seconds))


def run_apart(module: str, *arguments: str, content: bytes, seconds: float | None = None) -> bytes:
    """What the program `module` writes on its standard output, given `content` on its standard
    input. Raises NoAnswerError, and logs why, when it gives no answer within its bounds."""
    allowed = SECONDS if seconds is None else seconds
    try:
        done = subprocess.run(  # noqa: S603  (our own module, nothing of the sender's in it)
            [sys.executable, "-s", "-m", module, *arguments],
            input=content,
            capture_output=True,
            cwd=_TOP,
            env={},
            timeout=allowed,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("%s: stopped after %s s, on %s bytes", module, allowed, len(content))
        raise TooLongError from None
    if done.returncode == 0:
        return done.stdout
    level = logging.WARNING if done.returncode == -signal.SIGXCPU else logging.ERROR
    words = done.stderr.decode(errors="replace")[-_LAST_WORDS:]
    log.log(
        level, "%s: exit code %s, on %s bytes: %s", module, done.returncode, len(content), words
    )
    raise NoAnswerError


def bound_process() -> None:
    """Called by the program first: the system ends it beyond these bounds, and what libraries log
    of hostile bytes is not kept."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
