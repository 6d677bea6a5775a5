"""The programs of the site: each is started, and started again when it dies."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from segur.runner import keeper
from segur.runner.bootstrap import ROOT

LIVED_SECONDS = 60  # what lived this long did start
LONGEST_DELAY = 60


def delay_after(short_lives: int) -> int:
    """Seconds before the next life: 1 after a long one, then 2, 4, 8… up to a minute."""
    return int(min(2**short_lives, LONGEST_DELAY))


@dataclass
class Child:
    """One program through all its lives. They share one log; that of the run before is kept."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    short_lives: int = 0  # in a row, up to now
    born_at: float = 0
    due_at: float = 0

    def keep_log_of_the_run_before(self) -> None:
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))

    def start(self, *, listen: bool = False) -> "subprocess.Popen[bytes]":
        """With `listen`, what it prints is for us and only its errors are logged."""
        self.born_at = time.monotonic()
        with self.log.open("ab") as output:
            self.process = keeper.start(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if listen else output,
                stderr=output,
            )
        return self.process

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_due(self, now: float) -> bool:
        return self.process is None and now >= self.due_at

    def take_end(self, now: float) -> int | None:
        """Once after each life, its code: what it left running is killed, the next is planned."""
        if self.process is None or self.is_alive:
            return None
        code = self.process.returncode
        self.kill()
        self.process = None
        self.plan_next_life(now, lived=now - self.born_at)
        return code

    def plan_next_life(self, now: float, *, lived: float) -> None:
        self.short_lives = 0 if lived >= LIVED_SECONDS else self.short_lives + 1
        self.due_at = now + delay_after(self.short_lives)

    def end(self) -> None:
        """Ask the program alone, which knows how to end its own children."""
        if self.process is not None and self.is_alive:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.process is not None:
            keeper.kill(self.process)

    def note(self, text: str) -> None:
        """Raises OSError where the disk is full."""
        with self.log.open("a") as output:
            output.write(f"[make run] {text}\n")

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(f"    {line}" for line in lines[-8:])
