"""`make bench`: pages asked by many at once, of the whole programme on PostgreSQL.

gunicorn as in production, the lightest page in turns with the others, each for some seconds with
50 connections that ask without pause; then 200 for a minute. The visitors run in a process of their
own, on the same machine: the ratios hold, not the milliseconds. `python -m benchmarks.load SHARE`.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import cycle, islice

from benchmarks.report import machine, say
from tests.services import free_port, postgres, redis

CONNECTIONS, SECONDS, TURNS = 50, 8, 3
MANY, LONG = 200, 60
WORKERS, THREADS = 3, 8
LIGHTEST = "/installations-reussies/"
PUBLIC = ("/", "/calendriers/", "/calendriers/ris/", "/aide/", "/donnees-ouvertes/")
LOGGED_IN = "/echeances/"
ACTED = f"{LOGGED_IN}, a colleague acts each second"
PEOPLE = f"{LOGGED_IN}, {CONNECTIONS} people, a colleague of one acts each second"
PERF = "/perf/"
LOGIN = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from accounts.enums import Kind, Role
from accounts.models import User
for user in User.objects.filter(memberships__role=Role.REPRESENTANT,
        memberships__organisation__kind=Kind.EDITEUR).order_by("pk")[:50]:
    client = Client()
    client.force_login(user)
    print(settings.SESSION_COOKIE_NAME + "=" + client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@dataclass
class Answers:
    """Seconds of each answer 200, and how many were something else."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def median(self) -> float:
        if not self.seconds:
            raise SystemExit(f"no answer 200, {self.errors} others")
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def main(share: float) -> int:
    with postgres() as url, redis() as broker, tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": broker,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "segur.settings",
        }
        _run("-m", "benchmarks.population", str(share), env=environment)
        _run("manage.py", "collectstatic", "--noinput", env=environment)
        with running_site(environment) as port:
            return report(*measured(port, environment))


def report(found: dict[str, list[Answers]], crowd: Answers) -> int:
    say(f"\n# Pages asked by {CONNECTIONS} at once\n")
    say(f"{machine()} · PostgreSQL, Redis · {WORKERS} workers × {THREADS} threads,")
    say(f"{TURNS} turns of {SECONDS} s each, the visitors on the same machine, wall clock\n")
    say("| page | median ms | 95 % ms | answers/s | ÷ lightest | errors |")
    say("|---|---:|---:|---:|---:|---:|")
    light = statistics.median(one.median for one in found[LIGHTEST])
    for path, turns in found.items():
        middle = statistics.median(one.median for one in turns)
        p95 = statistics.median(one.p95 for one in turns)
        rate = sum(len(one.seconds) for one in turns) / (SECONDS * len(turns))
        errors = sum(one.errors for one in turns)
        say(
            f"| {path} | {1000 * middle:.0f} | {1000 * p95:.0f} | {rate:.0f} "
            f"| × {middle / light:.2f} | {errors} |"
        )
    say(f"\n{MANY} connections on {LOGGED_IN} for {LONG} s: {len(crowd.seconds):,} answers,")
    say(f"{crowd.errors} errors, median {crowd.median:.1f} s, 95 % {crowd.p95:.1f} s.")
    return int(bool(crowd.errors))


def measured(port: int, environment: dict[str, str]) -> tuple[dict[str, list[Answers]], Answers]:
    """By page the answers of each turn, and those of the crowd: one person, but for `PEOPLE`."""
    everybody = _run("-c", LOGIN, env=environment).split()
    reader = everybody[:1]
    pages = {path: [""] for path in (LIGHTEST, *PUBLIC)}
    pages |= {LOGGED_IN: reader, ACTED: reader, PEOPLE: everybody, PERF: reader}
    found: dict[str, list[Answers]] = {name: [] for name in pages}
    for _ in range(TURNS):
        for name, cookies in pages.items():
            path = name.split(",")[0]
            with acting(environment) if name in {ACTED, PEOPLE} else nullcontext():
                asyncio.run(_visits(port, path, cookies, 8, 1))
                found[name].append(asyncio.run(_visits(port, path, cookies, CONNECTIONS, SECONDS)))
    return found, asyncio.run(_visits(port, LOGGED_IN, reader, MANY, LONG))


@contextmanager
def acting(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.load_acts"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as colleague:  # noqa: S603  (ourselves)
        assert colleague.stdout  # noqa: S101  (for the type checker)
        colleague.stdout.readline()
        try:
            yield
        finally:
            colleague.terminate()


async def _visits(
    port: int, path: str, cookies: Sequence[str], count: int, seconds: float
) -> Answers:
    answers, stop = Answers(), time.monotonic() + seconds
    visitors = islice(cycle(cookies), count)
    await asyncio.gather(*(_visitor(port, path, own, stop, answers) for own in visitors))
    return answers


async def _visitor(port: int, path: str, cookie: str, stop: float, answers: Answers) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += f"Cookie: {cookie}\r\n\r\n" if cookie else "\r\n"
    while time.monotonic() < stop:
        begin = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode())
            answer = await reader.read(-1)
            writer.close()
        except OSError:
            answers.errors += 1
            continue
        if answer.startswith(b"HTTP/1.1 200"):
            answers.seconds.append(time.monotonic() - begin)
        else:
            answers.errors += 1


@contextmanager
def running_site(environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "segur.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    command += ["--no-control-socket", "--log-level", "error"]
    with subprocess.Popen(command, env=environment) as site:  # noqa: S603  (ourselves)
        time.sleep(5)
        try:
            yield port
        finally:
            site.terminate()


def _run(*arguments: str, env: dict[str, str]) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603  (ourselves)
        command, check=True, env=env, stdout=subprocess.PIPE, text=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
