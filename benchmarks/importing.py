"""How long people wait while a long file is recorded.

The file is run in a process of its own, as by the worker. Twenty people record outages without
pause, half of them on services of the file, half on others: before the run, during it, and during
as many seconds of plain computation in another process, which takes the processor as the file does
and locks nothing. What the locks cost is the difference of the last two.
"""

import datetime as dt
import hashlib
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from benchmarks.report import machine, say
from benchmarks.rows import fill
from imports.models import Import
from imports.services import jobs
from journal.rules.by import By
from perf.enums import Source
from perf.models import Outage, Service
from perf.reading.outage_file import REQUIRED
from perf.services.outage_imports import KIND
from perf.services.outages import record

SERVICES, LINES, PEOPLE = 400, 10_000, 20
IN_FILE = 200
SECONDS = 10
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
RUN = "import django; django.setup(); from imports.tasks import run_waiting; run_waiting()"
BUSY = "import time; end = time.time() + {}\nwhile time.time() < end: sum(range(1000))"


class Crowd:
    """Twenty people, each with a service; how long each of their acts took, by kind."""

    def __init__(self, users: list[User], services: list[Service]) -> None:
        self.users, self.services = users, services
        self.numbers = itertools.count()

    def act_while(self, running: Callable[[], bool]) -> dict[str, list[float]]:
        took: dict[str, list[float]] = {"in the file": [], "others": []}

        def loop(place: int) -> None:
            name = "in the file" if place % 2 else "others"
            first = 0 if place % 2 else IN_FILE
            service, user = self.services[first + place], self.users[place]
            while running():
                begin = time.perf_counter()
                self._record(service, user)
                took[name].append(time.perf_counter() - begin)
            connection.close()

        threads = [threading.Thread(target=loop, args=[place]) for place in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return took

    def _record(self, service: Service, user: User) -> None:
        number = next(self.numbers)
        record(
            service=service,
            source=Source.SUPPLIER,
            reference=f"LIVE-{number}",
            started_at=START + dt.timedelta(minutes=number),
            ended_at=START + dt.timedelta(minutes=number + 1),
            by=By.person(user, timezone.now()),
        )


def main() -> int:
    """Prints the table; 0 if the file is recorded, else 1."""
    call_command("migrate", verbosity=0)
    fill(SERVICES, 0)
    services = list(Service.objects.select_related("prestation__organisation").order_by("pk"))
    crowd = Crowd(_people(services[0].prestation.organisation), services)
    say(f"\n# An import of {LINES:,} outages while {PEOPLE} people act\n")
    say(f"{machine()} · PostgreSQL · one run, wall clock\n")
    alone = crowd.act_while(_for(SECONDS))
    before = Outage.objects.count()
    job = _queued(crowd.users[0], services[:IN_FILE])
    begin = time.perf_counter()
    with _process(RUN) as worker:
        during = crowd.act_while(lambda: worker.poll() is None)
    took = time.perf_counter() - begin
    with _process(BUSY.format(took)) as busy:
        computing = crowd.act_while(lambda: busy.poll() is None)
    job.refresh_from_db()
    _report({"alone": alone, "beside a computation": computing, "during the import": during})
    say(f"\nThe import took {took:.1f} s: {job.get_state_display().lower()}, {job.done:,} lines.")
    return 0 if job.done == LINES and Outage.objects.count() > before + LINES else 1


def _people(organisation: Organisation) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"personne{n}@banc.example", full_name=f"Personne {n}") for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=Role.MANDATAIRE) for user in users
    )
    return users


def _queued(user: User, services: list[Service]) -> Import:
    rows = [
        f"{service.code};{day:%d/%m/%Y} 18:00;{day:%d/%m/%Y} 20:00;FOURNISSEUR;F-{number};Disque"
        for number, (day, service) in enumerate(
            itertools.islice(
                itertools.product(
                    (dt.date(2026, 1, 5) + dt.timedelta(days=n) for n in range(50)), services
                ),
                LINES,
            )
        )
    ]
    content = "\n".join([";".join(REQUIRED), *rows]).encode()
    now = timezone.now()
    jobs.keep(user=user, kind=KIND.code, name="banc.csv", content=content, lines=LINES, now=now)
    sha256 = hashlib.sha256(content).hexdigest()
    return jobs.confirm(user=user, kind=KIND.code, sha256=sha256, now=now)[0]


def _for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _process(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ)  # noqa: S603


def _report(found: dict[str, dict[str, list[float]]]) -> None:
    say("| acts on services | | acts | median ms | 95 % ms | longest ms |")
    say("|---|---|---:|---:|---:|---:|")
    for name in ("others", "in the file"):
        for when, took in found.items():
            times = sorted(took[name])
            shown = statistics.median(times), times[int(len(times) * 0.95)], times[-1]
            cells = " | ".join(f"{1000 * one:.0f}" for one in shown)
            say(f"| {name} | {when} | {len(times)} | {cells} |")
