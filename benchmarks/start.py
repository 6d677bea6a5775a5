"""`make bench`: `make run` from nothing, and again, against what pip alone takes for the lock.

All three on the same machine, one after the other, with no cache of packages: pip and uv are given
empty folders. What counts is the time to the first page; the rest is what a newcomer does.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import machine, say
from segur.runner.bootstrap import ROOT
from tests.services import free_port

COLD, WARM = 0.85, 0.15
LIMIT = 900
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "staticfiles")
OURS = {"DATABASE_URL", "REDIS_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL"}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="segur-start-") as folder:
        tree = Path(folder, "segur")
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        pip = _pip_alone(Path(folder))
        cold = _to_first_page(tree, _environment(Path(folder, "caches")))
        warm = _to_first_page(tree, _environment(Path(folder, "caches")))
    say("\n# From `make run` to the first page\n")
    say(f"{machine()} · wall clock, one run\n")
    say("| | seconds | ÷ pip alone | asked |\n|---|---:|---:|---:|")
    say(f"| pip alone, `requirements/run.txt` in a new environment | {pip:.1f} | × 1.00 | |")
    say(f"| `make run` from a bare checkout | {cold:.1f} | × {cold / pip:.2f} | {COLD} |")
    say(f"| `make run` again | {warm:.1f} | × {warm / pip:.2f} | {WARM} |")
    return int(cold > COLD * pip or warm > WARM * pip)


def _environment(caches: Path) -> dict[str, str]:
    """A newcomer's: nothing of ours, and no package brought before."""
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    return {**kept, "PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")}


def _pip_alone(folder: Path) -> float:
    """The installation only: the environment is there already."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [
        str(venv / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
    ]
    lock = str(ROOT / "requirements" / "run.txt")
    began = time.perf_counter()
    subprocess.run(
        [*pip, "--require-hashes", "--requirement", lock],
        check=True,
        env=_environment(folder / "caches-of-pip"),
    )
    return time.perf_counter() - began


def _to_first_page(tree: Path, environment: dict[str, str]) -> float:
    port = free_port()
    began = time.perf_counter()
    with _running(tree, port, environment) as process:
        while not _is_served(port):
            if process.poll() is not None or time.perf_counter() - began > LIMIT:
                raise SystemExit(f"make run: no page (code {process.poll()})")
            time.sleep(0.05)
        return time.perf_counter() - began


@contextmanager
def _running(
    tree: Path, port: int, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """`make run` in a group of its own, stopped as by Ctrl-C."""
    process = subprocess.Popen(
        ["make", "--silent", "run", f"PORT={port}"],
        cwd=tree,
        env=environment,
        stdout=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _is_served(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/")
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(main())
