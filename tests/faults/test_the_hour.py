"""A site that is used: six robots click while reminders leave.

One minute in `make test`; `HOUR_SECONDS=3600 pytest -s -m hour` is the whole hour, whose figures
are in docs/faults-embedded.md.
"""

import datetime as dt
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from calendar_app.demo import cast
from segur.lib import paris
from tests.faults.robot import Robot
from tests.processes import groups_under, resident_kib, wait_until
from tests.services import free_port
from tests.smtp import SmtpSink

SECONDS = int(os.environ.get("HOUR_SECONDS", "60"))
PEOPLE = (
    cast.MANDATAIRE,
    cast.SALARIE,
    cast.DISTRIBUTEUR,
    cast.TWO_HATS,
    cast.AGENT,
    cast.RESPONSABLE,
)
PAUSE = 1.5  # six people: four requests a second
STARTS_AT = paris.at(dt.date(2026, 12, 1), dt.time(10))  # a working day: reminders leave
CLOCK = """
import datetime as dt, os, time_machine
shifted = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(os.environ["CLOCK_SHIFT"]))
time_machine.travel(shifted, tick=True).start()
"""
READY = "Ctrl-C arrête tout"
PROGRAMS = ("web", "worker", "beat")
TROUBLE = re.compile(
    r"\[(error|critical) *\]|Traceback|(ERROR|CRITICAL)/|« \w+ » s'est arrêté", re.IGNORECASE
)


class Site:
    """The supervisor of `make run`, on data, a port and a clock of its own."""

    def __init__(self, folder: Path, mail: SmtpSink) -> None:
        self.port = free_port()
        self.var = folder / "var"
        self.var.mkdir()
        self.output = folder / "output.txt"
        (folder / "sitecustomize.py").write_text(CLOCK)
        shift = STARTS_AT - dt.datetime.now(dt.UTC)
        ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "SITE_URL"}
        self.environment = {key: value for key, value in os.environ.items() if key not in ours}
        self.environment |= {
            "CLOCK_SHIFT": str(shift.total_seconds()),
            "DJANGO_SETTINGS_MODULE": "segur.settings",
            "EMAIL_URL": mail.url,
            "PORT": str(self.port),
            "PYTHONPATH": str(folder),
            "VAR_DIR": str(self.var),
        }

    def __enter__(self) -> "Site":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "segur.runner.supervisor"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=output,
                process_group=0,
            )
        wait_until(lambda: READY in self.output.read_text() or self.process.poll(), 300)
        assert self.process.poll() is None, self.output.read_text()
        wait_until(lambda: len(groups_under(self.process.pid)) == len(PROGRAMS))
        self.groups = groups_under(self.process.pid)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def ask(self, *arguments: str, given: object = None) -> list:
        """What a command with the environment of the site prints."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            input=json.dumps(given),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answer: list = json.loads(done.stdout)
        return answer

    def memory(self) -> dict[str, int]:
        """Resident MiB of each program with all that it has forked."""
        return {name: resident_kib(self.group(name)) // 1024 for name in PROGRAMS}

    def group(self, name: str) -> int:
        word = {"web": "gunicorn", "worker": " worker ", "beat": " beat "}[name]
        (group,) = [group for group, command in self.groups.items() if word in command]
        return group

    def trouble(self) -> list[str]:
        logs = [self.output, *sorted((self.var / "log").glob("*.log"))]
        lines = (line for log in logs for line in log.read_text(errors="replace").splitlines())
        return [line for line in lines if TROUBLE.search(line)]


@pytest.mark.hour
def test_six_people_click_while_reminders_leave(tmp_path):
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    with SmtpSink() as mail, Site(tmp_path, mail) as site:
        robots = [Robot(site.port, seed) for seed, _ in enumerate(PEOPLE)]
        for robot, person in zip(robots, PEOPLE, strict=True):
            robot.log_in(person.email, cast.PASSWORD)
        reminders = site.ask("tests.faults.reminders_due", "spread", str(max(SECONDS - 180, 1)))
        samples = click(site, robots, time.monotonic() + SECONDS)
        states = ask_until_settled(site, reminders)
        report(site, robots, samples, states)

        assert site.process.poll() is None
        assert site.groups == groups_under(site.process.pid)
        assert [answer for robot in robots for answer in robot.answers if answer[0] >= 500] == []
        assert site.trouble() == []
        assert len(states) == len(reminders) > 0
        assert {state for state, _, _ in states} == {"ENVOYE"}
        assert arrived(mail) == Counter((address, number) for _, address, number in states)
        if SECONDS >= 3600:
            before, after = mean(samples, 600, 1200), mean(samples, SECONDS - 600, SECONDS)
            assert after <= 1.1 * before


def click(site: Site, robots: list[Robot], until: float) -> list[tuple[float, dict[str, int]]]:
    """(seconds since the start, memory of each program), at least ten times in each sixth."""
    threads = [threading.Thread(target=robot.walk, args=(until, PAUSE)) for robot in robots]
    for thread in threads:
        thread.start()
    samples, began = [], time.monotonic()
    while time.monotonic() < until:
        samples.append((time.monotonic() - began, site.memory()))
        time.sleep(min(10, SECONDS / 60))
    for thread in threads:
        thread.join()
    return samples


def ask_until_settled(site: Site, reminders: list[int]) -> list[list[str]]:
    """Their outcome, once none waits any more or ten minutes have gone."""
    limit = time.monotonic() + 600
    while True:
        states = site.ask("tests.faults.reminders_due", "states", given=reminders)
        if time.monotonic() > limit or not {"PREVU", "EN_COURS"} & {state for state, *_ in states}:
            return states
        time.sleep(5)


def arrived(mail: SmtpSink) -> Counter:
    """(address, deadline) of each item of each reminder that the server received."""
    found: Counter = Counter()
    for message in mail.received:
        if not message["Subject"].startswith("Rappel"):
            continue
        for line in message.get_body(("plain",)).get_content().splitlines():
            if item := re.fullmatch(r"  \S+/echeances/(\d+)/", line):
                found[message["To"], int(item[1])] += 1
    return found


def mean(samples: list[tuple[float, dict[str, int]]], first: float, last: float) -> float:
    chosen = [sum(memory.values()) for at, memory in samples if first <= at < last]
    return sum(chosen) / len(chosen)


def report(site, robots, samples, states) -> None:
    """What `pytest -s` shows, and the documentation repeats."""
    answers = Counter(status for robot in robots for status, _ in robot.answers)
    lines = [
        f"{SECONDS} s, {os.cpu_count()} cores, {len(robots)} people",
        f"{sum(answers.values())} requests: {dict(sorted(answers.items()))}",
        f"{len(states)} reminders: {dict(Counter(state for state, *_ in states))}",
    ]
    for first in range(0, SECONDS, max(SECONDS // 6, 1)):
        last = first + max(SECONDS // 6, 1)
        chosen = [memory for at, memory in samples if first <= at < last]
        by_name = {name: sum(m[name] for m in chosen) // len(chosen) for name in PROGRAMS}
        lines.append(f"from {first} to {last} s, MiB resident: {by_name}")
    refused = Counter(asked for robot in robots for status, asked in robot.answers if status >= 400)
    lines += [f"refused {number} × {asked}" for asked, number in refused.most_common(20)]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    (site.var.parent / "report.txt").write_text("\n".join(lines))
