"""Run a command beside a throw-away PostgreSQL and Redis: `python -m tests.with_services -- CMD`.

The command finds them in DATABASE_URL and REDIS_URL; its exit code is ours. They are stopped
whatever happens, SIGTERM included.
"""

import os
import signal
import subprocess
import sys
from types import FrameType

from tests.services import ServiceError, services


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.stderr.write("usage: python -m tests.with_services -- COMMAND [ARGUMENT…]\n")
        return 2
    signal.signal(signal.SIGTERM, _stop)
    try:
        with services() as environment:
            return subprocess.run(
                command, env={**os.environ, **environment}, check=False
            ).returncode
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _stop(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
