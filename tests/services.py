"""A throw-away PostgreSQL and Redis on free loopback ports, stopped by process handle."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import chown, which

STARTUP_SECONDS = 30
INITDB_OPTIONS = ("-U", "segur", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
SERVER_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",  # it would record as empty the tables that a test is about to fill
    "max_connections=200",
)


class ServiceError(RuntimeError):
    """A program is missing, or did not come up."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_bin() -> Path:
    """The folder of the newest PostgreSQL server here: Debian keeps it off the PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debian, key=lambda path: float(path.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    if on_path := which("initdb"):
        return Path(on_path).resolve().parent
    raise ServiceError("no PostgreSQL server here: install the package «postgresql»")


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server without any durability; yield its DATABASE_URL. It refuses to run as root."""
    binaries = postgres_bin()
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="segur-pg-") as folder:
        if owner:
            chown(folder, owner)
        data, port = Path(folder, "data"), free_port()
        initdb = [str(binaries / "initdb"), *INITDB_OPTIONS, "-D", str(data)]
        subprocess.run(initdb, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)
        options = [*SERVER_OPTIONS, f"port={port}", f"unix_socket_directories={folder}"]
        settings = [part for option in options for part in ("-c", option)]
        server = [str(binaries / "postgres"), "-D", str(data), *settings]
        with _process(server, Path(folder, "log"), user=owner) as process:
            address = ["-h", "127.0.0.1", "-p", str(port)]
            ready = [str(binaries / "pg_isready"), "-q", *address]
            _wait(process, lambda: subprocess.run(ready, check=False).returncode == 0)
            createdb = [str(binaries / "createdb"), *address, "-U", "segur", "segur"]
            subprocess.run(createdb, check=True)
            yield f"postgres://segur@127.0.0.1:{port}/segur"


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server that writes nothing to disk; yield its REDIS_URL."""
    server = which("redis-server")
    if server is None:
        raise ServiceError("no Redis here: install the package «redis-server»")
    with tempfile.TemporaryDirectory(prefix="segur-redis-") as folder:
        port = free_port()
        command = [server, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "no", "--databases", "64"]
        with _process(command, Path(folder, "log")) as process:
            _wait(process, lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """Both, as the environment variables that the settings read."""
    with ExitStack() as stack:
        yield {
            "DATABASE_URL": stack.enter_context(postgres()),
            "REDIS_URL": stack.enter_context(redis()),
        }


@contextmanager
def _process(
    command: list[str], log: Path, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, user=user, cwd=log.parent, process_group=0
        )
    try:
        yield process
    except ServiceError as error:
        raise ServiceError(f"{error}\n{log.read_text(errors='replace')[-2000:]}") from None
    finally:
        process.terminate()  # PostgreSQL: waits for its clients
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # PostgreSQL: cuts its clients
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
    limit = time.monotonic() + STARTUP_SECONDS
    while not is_ready():
        if process.poll() is not None:
            raise ServiceError(f"{process.args!r} ended with code {process.returncode}")
        if time.monotonic() > limit:
            raise ServiceError(f"{process.args!r} is not ready after {STARTUP_SECONDS} s")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
    except OSError:
        return False
