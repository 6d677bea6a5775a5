"""Web, worker and beat as three children: they stop together, and nothing outlives them (ADR 0014).

Each child leads its own session, so that Ctrl-C at the terminal reaches only this process, which
then asks the three *programs* to end: running requests and tasks finish, and no forked process of
theirs is left behind. A second Ctrl-C cuts them short. After a `kill -9` of this process, their
keepers kill them.

A child that dies is started again, after a growing delay, and so is the web once it has served;
only a web that cannot start ends the command.
"""

import fcntl
import http.client
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from segur.runner import UNKNOWN_DATABASE, keeper, processes
from segur.runner.bootstrap import ROOT, CannotRunError
from segur.runner.children import Child, delay_after

STARTUP_SECONDS = 180  # a busy machine; a web that dies is noticed at once
STOP_SECONDS = 30
WEB_SHORT_LIVES = 5
TICK = 0.1


class Supervisor:
    def __init__(self, port: int, var: Path) -> None:
        self.port = port
        self.var = var
        self.logs = var / "log"
        self.url = os.environ.get("SITE_URL", f"http://127.0.0.1:{port}")
        self.children: list[Child] = []
        self.signals_received = 0
        self.has_served = False

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            greeting = self._prepare()
            for name, command in self._commands().items():
                if self._must_stop:
                    break
                self.children.append(self._child(name, command))
                self.children[-1].start()
                if not self.has_served:  # the web comes first: alone, it is there sooner
                    self._wait_until_served()
                    if not self._must_stop:
                        _say(self._welcome(greeting))
            while not self._must_stop:
                self._tend()
                time.sleep(TICK)
        finally:
            self._stop()

    @property
    def _must_stop(self) -> bool:
        return self.signals_received > 0 or keeper.is_orphan()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.signals_received += 1

    def _commands(self) -> dict[str, list[str]]:
        web = processes.web(f"127.0.0.1:{self.port}", workers=2, threads=4, graceful=10)
        worker = [
            *(*processes.CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        return {
            "web": [sys.executable, *web, "--access-logfile", "-"],
            "worker": [sys.executable, *worker],
            "beat": [sys.executable, *processes.BEAT],
        }

    def _child(self, name: str, command: list[str]) -> Child:
        environment = {
            "SITE_URL": self.url,
            "VAR_DIR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "segur.settings",
            "PYTHONUNBUFFERED": "1",
        }
        child = Child(name, command, self.logs / f"{name}.log", environment)
        child.keep_log_of_the_run_before()
        return child

    def _prepare(self) -> str:
        """Bring the data up to date; return what it prints: the demonstration logins."""
        _say("Préparation de la base, des calendriers et des données de démonstration…")
        child = self._child("prepare", [sys.executable, "manage.py", "prepare", "--demo"])
        process = child.start(listen=True)
        while child.is_alive:
            if self._must_stop:
                child.end()
            time.sleep(TICK)
        printed = process.communicate()[0].decode()
        if process.returncode == UNKNOWN_DATABASE:
            raise CannotRunError(printed.strip())
        if process.returncode and not self._must_stop:
            raise CannotRunError(
                f"La préparation a échoué. Fin du journal {child.log} :\n{child.last_words()}"
            )
        return printed

    def _wait_until_served(self) -> None:
        limit = time.monotonic() + STARTUP_SECONDS
        while not self._must_stop and not self._answers():
            self._tend()
            if time.monotonic() > limit:
                log = self.children[0].log
                raise CannotRunError(f"Le site ne répond pas : le journal {log} dit pourquoi.")
            time.sleep(TICK)
        self.has_served = True

    def _answers(self) -> bool:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            link.request("GET", "/sante/")
            return link.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def _tend(self) -> None:
        """Notice who has died, and start again those whose delay is over."""
        now = time.monotonic()
        for child in self.children:
            code = child.take_end(now)
            if code is not None:
                self._plan_next_life(child, code)
            elif child.is_due(now):
                self._restart(child, now)

    def _restart(self, child: Child, now: float) -> None:
        try:
            child.start()
        except OSError as error:  # no process or no memory left at that moment
            child.plan_next_life(now, lived=0)
            _tell(child, f"n'a pas pu repartir ({error.strerror})")
        else:
            _tell(child, "repart")

    def _plan_next_life(self, child: Child, code: int) -> None:
        can_start = self.has_served and child.short_lives <= WEB_SHORT_LIVES
        if child.name == "web" and not can_start:
            raise CannotRunError(
                f"« web » s'est arrêté (code {code}) : tout est arrêté. "
                f"Fin du journal {child.log} :\n{child.last_words()}"
            )
        delay = delay_after(child.short_lives)
        _tell(child, f"s'est arrêté (code {code}) ; nouveau départ dans {delay} s ({child.log})")

    def _welcome(self, greeting: str) -> str:
        return (
            f"\nSégur Imagerie · Échéances\n\n  {self.url}/\n\n{greeting}\n"
            f"Données, courriels et journaux : {self.var}\nCtrl-C arrête tout ; rien n'est perdu."
        )

    def _stop(self) -> None:
        """Ask each program to end, wait, then make sure of their groups."""
        received = self.signals_received
        for child in self.children:
            child.end()
        limit = time.monotonic() + STOP_SECONDS
        while any(child.is_alive for child in self.children):
            if time.monotonic() > limit or self.signals_received > max(received, 1):
                break
            time.sleep(TICK)
        for child in self.children:
            child.kill()
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
    os.umask(0o077)  # database, mails, logs and files are the site's own
    var.chmod(0o700)
    try:
        with only_one(var, port):
            Supervisor(port, var.resolve()).run()
    except CannotRunError as problem:
        sys.exit(str(problem))


def _tell(child: Child, text: str) -> None:
    """At the terminal, and between two lives in the log."""
    with suppress(OSError):  # a full disk
        child.note(f"« {child.name} » {text}")
    _say(f"« {child.name} » {text}")


def _say(text: str) -> None:
    """A terminal that nobody holds any more is no reason to stop the site."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
