"""Web, worker and beat as three children: they stop together, and nothing outlives them.

Each child leads its own session, so that Ctrl-C at the terminal reaches only this process, which
then asks the three *parents* to end: running requests and tasks finish, and no forked process of
theirs is left behind. A second Ctrl-C cuts them short.
"""

import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from segur.runner.bootstrap import ROOT, CannotRunError

STARTUP_SECONDS = 60
STOP_SECONDS = 30
TICK = 0.1


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def signal(self, number: int) -> None:
        """To the parent alone: it knows how to end its own children."""
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(f"    {line}" for line in lines[-8:])


class Supervisor:
    def __init__(self, port: int, var: Path) -> None:
        self.port = port
        self.var = var
        self.logs = var / "log"
        self.url = os.environ.get("SITE_URL", f"http://127.0.0.1:{port}")
        self.children: list[Child] = []
        self.signals_received = 0
        self._launcher = os.getppid() if "MAKELEVEL" in os.environ else None

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            greeting = self._prepare()
            if not self._must_stop:
                for name, command in self._commands().items():
                    self.children.append(self._start(name, command))
                self._wait_until_served()
            if not self._must_stop:
                _say(self._welcome(greeting))
            while not self._must_stop:
                self._check_children()
                time.sleep(TICK)
        finally:
            self._stop()

    @property
    def _must_stop(self) -> bool:
        """Asked to, or `make` is gone: it does not always pass signals on."""
        orphan = self._launcher is not None and os.getppid() != self._launcher
        return self.signals_received > 0 or orphan

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.signals_received += 1

    def _commands(self) -> dict[str, list[str]]:
        bind = f"127.0.0.1:{self.port}"
        celery = [sys.executable, "-m", "celery", "-A", "segur.celery"]
        return {
            "web": [
                *(sys.executable, "-m", "gunicorn", "segur.wsgi", "--bind", bind),
                *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
                *("--no-control-socket", "--graceful-timeout", "10", "--access-logfile", "-"),
                *("--logger-class", "segur.runner.access_log.AccessLog"),
            ],
            "worker": [
                *(*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            "beat": [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"],
        }

    def _start(self, name: str, command: list[str], *, listen: bool = False) -> Child:
        """Into its own session, everything it says into its log; with `listen`, what it prints is
        for us and only its errors are logged."""
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        environment = {
            **os.environ,
            "SITE_URL": self.url,
            "VAR_DIR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "segur.settings",
            "PYTHONUNBUFFERED": "1",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if listen else output,
                stderr=output,
                start_new_session=True,
            )
        return Child(name, process, log)

    def _prepare(self) -> str:
        """Bring the data up to date; return what it prints: the demonstration logins."""
        _say("Préparation de la base, des calendriers et des données de démonstration…")
        command = [sys.executable, "manage.py", "prepare", "--demo"]
        child = self._start("prepare", command, listen=True)
        while child.process.poll() is None:
            if self._must_stop:
                child.signal(signal.SIGTERM)
            time.sleep(TICK)
        if child.process.returncode and not self._must_stop:
            raise CannotRunError(
                f"La préparation a échoué. Fin du journal {child.log} :\n{child.last_words()}"
            )
        return child.process.communicate()[0].decode()

    def _wait_until_served(self) -> None:
        limit = time.monotonic() + STARTUP_SECONDS
        while not self._must_stop and not self._answers():
            self._check_children()
            if time.monotonic() > limit:
                log = self.children[0].log
                raise CannotRunError(f"Le site ne répond pas : le journal {log} dit pourquoi.")
            time.sleep(TICK)

    def _answers(self) -> bool:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            link.request("GET", "/sante/pret/")
            return link.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            link.close()

    def _check_children(self) -> None:
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise CannotRunError(
                    f"« {child.name} » s'est arrêté (code {code}) : tout est arrêté. "
                    f"Fin du journal {child.log} :\n{child.last_words()}"
                )

    def _welcome(self, greeting: str) -> str:
        return (
            f"\nSégur Imagerie · Échéances\n\n  {self.url}/\n\n{greeting}\n"
            f"Données, courriels et journaux : {self.var}\nCtrl-C arrête tout ; rien n'est perdu."
        )

    def _stop(self) -> None:
        """Ask each parent to end, wait, then make sure of their groups."""
        received = self.signals_received
        for child in self.children:
            child.signal(signal.SIGTERM)
        limit = time.monotonic() + STOP_SECONDS
        while any(child.process.poll() is None for child in self.children):
            if time.monotonic() > limit or self.signals_received > max(received, 1):
                break
            time.sleep(TICK)
        for child in self.children:
            child.kill_group()
            child.process.wait()
        if self.children:
            _say("Arrêté.")


@contextmanager
def only_one(var: Path, port: int) -> Iterator[None]:
    """Two runs would share one database, one broker folder and one clock: the second is refused."""
    path = var / "run.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRunError(
                f"Le site tourne déjà avec les données de {var}, sur le port {lock.read()} : "
                "arrêtez-le d'abord, ou donnez d'autres données : make run VAR_DIR=/un/dossier"
            ) from None
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


def main() -> None:
    port, var = int(os.environ["PORT"]), Path(os.environ.get("VAR_DIR", str(ROOT / "var")))
    if os.environ.get("SEGUR_ENV") == "production":
        sys.exit("« make run » sert à essayer. En production, suivez deploy/README.md.")
    try:
        with only_one(var, port):
            Supervisor(port, var.resolve()).run()
    except CannotRunError as problem:
        sys.exit(str(problem))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
