"""Install what the tests need beside Python, where that is allowed; else name it and fail."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

from tests.services import ServiceError, postgres_bin


def has_postgres() -> bool:
    try:
        return bool(postgres_bin())
    except ServiceError:
        return False


def missing() -> list[str]:
    """Debian's names of the packages that are not here."""
    present = {
        "postgresql": has_postgres(),
        "redis-server": which("redis-server") is not None,
        "chromium": which("chromium") is not None,
        "nginx": which("nginx") is not None,
        "clamav-daemon": which("clamd") is not None or Path("/usr/sbin/clamd").exists(),
    }
    return [name for name, here in present.items() if not here]


def install(names: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *names]
    for step in (["apt-get", "update", "--quiet"], command):
        subprocess.run(step, check=False, env=environment, stdin=subprocess.DEVNULL)


def main() -> int:
    names = missing()
    if names and os.geteuid() == 0 and Path("/usr/bin/apt-get").exists():
        install(names)
        names = missing()
    if names:
        sys.stderr.write(f"The tests need these packages: {', '.join(names)}.\n")
    return bool(names)


if __name__ == "__main__":
    sys.exit(main())
