"""How fast mails leave: one worker process, then four, over one connection each.

`python -m benchmarks.mails` on a throw-away PostgreSQL, to a server on this machine that answers at
once, then to one that takes 50 ms for the recipient, as one that looks it up.
"""

import os
import subprocess
import sys
import time
from multiprocessing import Event, Process, Queue
from typing import Any

import django

from benchmarks.report import machine, say
from tests.services import postgres
from tests.smtp import SmtpSink

MAILS, WORKERS = 300, (1, 2, 4)
WORK = (
    "import django; django.setup()\n"
    "from django.utils import timezone\n"
    "from mailing.services.delivery import deliver_waiting\n"
    "print('ready', flush=True); input()\n"
    "while deliver_waiting(now=timezone.now()):\n"  # a run ends after 45 s
    "    pass\n"
)


def serve(slowness: float, urls: Any, stop: Any) -> None:
    """In a process of its own: the workers share no processor time with it but the cores."""
    with SmtpSink() as sink:
        sink.slow_at, sink.slowness = ("RCPT", slowness) if slowness else ("", 0.0)
        urls.put(sink.url)
        stop.wait()


def measure(workers: int, url: str) -> float:
    """Mails a second."""
    from django.utils import timezone  # noqa: PLC0415

    from mailing.models import OutgoingMail  # noqa: PLC0415

    OutgoingMail.objects.all().delete()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            kind="COMPTE",
            to_email=f"{number}@mesure.example",
            subject="Mesure",
            body_text="Bonjour",
            message_id=f"<{number}@mesure.example>",
            next_attempt_at=timezone.now(),
        )
        for number in range(MAILS)
    )
    environment = {**os.environ, "EMAIL_URL": url}
    running = [_worker(environment) for _ in range(workers)]
    for one in running:
        one.stdout.readline()  # type: ignore[union-attr]
    began = time.perf_counter()
    for one in running:
        one.stdin.write("\n")  # type: ignore[union-attr]
        one.stdin.flush()  # type: ignore[union-attr]
    for one in running:
        one.communicate()
    seconds = time.perf_counter() - began
    if OutgoingMail.objects.filter(state="ENVOYE").count() != MAILS:
        raise RuntimeError("not all left")
    return MAILS / seconds


def _worker(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", WORK],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def table(slowness: float) -> None:
    urls: Any = Queue()
    stop = Event()
    server = Process(target=serve, args=(slowness, urls, stop))
    server.start()
    url = urls.get()
    speeds = {workers: measure(workers, url) for workers in WORKERS}
    stop.set()
    server.join()
    cells = [f"{speeds[w]:.0f} (× {speeds[w] / speeds[1]:.2f})" for w in WORKERS]
    name = f"{slowness * 1000:.0f} ms for the recipient" if slowness else "at once"
    say(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    with postgres() as url:
        os.environ |= {"DATABASE_URL": url, "DATABASE_POOL": "0", "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        say(f"# Mails that leave\n\n{machine()} · PostgreSQL · {MAILS} mails, one run each\n")
        say("| mails a second; the server answers | 1 worker | 2 workers | 4 workers |")
        say("|---|---:|---:|---:|")
        for slowness in (0.0, 0.05):
            table(slowness)


if __name__ == "__main__":
    main()
