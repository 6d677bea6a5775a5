"""The processes of a site on PostgreSQL, Redis and SMTP, to be killed and started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which

from django.conf import settings

from segur.runner import processes as site_processes
from tests.processes import wait_until
from tests.services import free_port, postgres, postgres_bin, redis
from tests.smtp import SmtpSink

PROCESSES = {
    "web": site_processes.web,
    "mail": lambda _bind: [*site_processes.worker("mail"), "--concurrency", "2"],
    "work": lambda _bind: [
        *site_processes.worker("celery"),
        *("-Q", "celery,tickets", "-n", "work@%h", "--concurrency", "1"),
    ],
    "beat": lambda _bind: site_processes.BEAT,
}
"""The commands of production (`segur.runner.processes`), smaller: two cores run all of them."""


class Site:
    """Used as a context: everything runs inside, nothing after."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts: Counter[str] = Counter()
        self._over = threading.Event()

    def __enter__(self) -> "Site":
        with ExitStack() as stack:
            self.database_url = stack.enter_context(postgres())
            self.redis_url = stack.enter_context(redis())
            self.sink = stack.enter_context(SmtpSink())
            self.port = free_port()
            self.environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "VAR_DIR": str(self.folder),
                "DATABASE_URL": self.database_url,
                "REDIS_URL": self.redis_url,
                "EMAIL_URL": self.sink.url,
                "MAIL_PAUSE_AFTER": "5",
            }
            # The throw-away server answers before a commit is safe: here a kill must lose none.
            self.psql("ALTER DATABASE segur SET synchronous_commit = on")
            self._manage("migrate", "--verbosity", "0")
            stack.callback(self._end)
            self._stack = stack.pop_all()
        for name in PROCESSES:
            self.start(name)
        self._keeper = threading.Thread(target=self._keep)
        self._keeper.start()
        return self

    def _keep(self) -> None:
        """As the units of deploy/ do (`Restart=on-failure`, `RestartSec=5`)."""
        while not self._over.wait(5):
            for name, process in list(self.processes.items()):
                ours = self.processes.get(name) is process and name in PROCESSES
                if ours and process.poll() is not None:
                    self.restarts[name] += 1
                    self.start(name)

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._keeper.join()
        self._stack.close()

    def _end(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def _manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, check=True)

    def start(self, name: str, as_name: str = "") -> None:
        command = [sys.executable, *PROCESSES[name](f"127.0.0.1:{self.port}")]
        if name == "web":
            command += ["--workers", "1", "--threads", "4"]
        as_name = as_name or name
        with (self.folder / f"{as_name}.log").open("ab") as log:
            self.processes[as_name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def psql(self, sql: str) -> list[str]:
        """The lines of an answer, asked by another connection than the site's."""
        command = [str(postgres_bin() / "psql"), self.database_url, "-qtAX", "-c", sql]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.split("\n")[:-1]

    @contextmanager
    def without_postgres(self) -> Iterator[None]:
        """Killed as a power cut would, and started again afterwards."""
        [data] = self.psql("SHOW data_directory")
        words = (Path(data) / "postmaster.opts").read_text().strip().split(" ", 1)[1]
        control = [str(postgres_bin() / "pg_ctl"), "-D", data, "-w", "-s"]
        user = "postgres" if os.geteuid() == 0 else None
        options: dict = {"user": user, "cwd": data}
        subprocess.run([*control, "stop", "-m", "immediate"], check=True, **options)
        yield
        log = Path(data) / "again.log"
        subprocess.run([*control, "-l", str(log), "-o", words, "start"], check=True, **options)
        self._stack.callback(
            subprocess.run, [*control, "stop", "-m", "immediate"], check=False, **options
        )

    @contextmanager
    def without_redis(self) -> Iterator[None]:
        port = self.redis_url.rpartition(":")[2].partition("/")[0]
        answer = subprocess.run(
            ["redis-cli", "-p", port, "info", "server"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        [pid] = [line for line in answer.stdout.splitlines() if line.startswith("process_id:")]
        os.kill(int(pid.partition(":")[2]), signal.SIGKILL)
        yield
        again = subprocess.Popen(
            [which("redis-server") or "", "--port", port, "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
            process_group=0,
        )
        self._stack.callback(again.wait)
        self._stack.callback(again.kill)

    def write(self, name: str, count: int) -> None:
        """That many mails, each to an address of its own under `name`."""
        code = (
            "import sys, django; django.setup()\n"
            "from django.core.mail import EmailMessage\n"
            "from django.db import transaction\n"
            "with transaction.atomic():\n"  # all at once: none has left before the fault
            "    for number in range(int(sys.argv[2])):\n"
            "        to = f'{number}@{sys.argv[1]}.example'\n"
            "        EmailMessage('Essai', 'Bonjour', to=[to]).send()\n"
        )
        command = [sys.executable, "-c", code, name, str(count)]
        subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, check=True)

    def states(self, name: str) -> Counter[str]:
        sql = f"SELECT state FROM mailing_outgoingmail WHERE to_email LIKE '%@{name}.example'"  # noqa: S608
        return Counter(self.psql(sql))

    def arrived(self, name: str) -> Counter[str]:
        """Message-ID → copies received."""
        own = (one for one in self.sink.received if one["To"].endswith(f"@{name}.example"))
        return Counter(message["Message-ID"] for message in own)

    def wait_for(self, name: str, count: int) -> None:
        wait_until(lambda: sum(self.arrived(name).values()) >= count, 300)

    def settle(self, name: str, seconds: float) -> float:
        """Waits until none of these mails waits any more; how long that took."""
        began = time.monotonic()
        waiting = {"A_ENVOYER", "EN_COURS"}
        wait_until(lambda: not waiting & set(self.states(name)), seconds)
        return time.monotonic() - began
