"""The year 2027, with PostgreSQL, Redis, a Celery worker, beat's scheduler and an SMTP server all
real: every reminder of both dispositifs arrives once, on its day, and nothing else does.
"""

import datetime as dt
import re
import time
from collections import defaultdict
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
import time_machine
from celery import signals
from celery.beat import Scheduler
from celery.contrib.testing.worker import start_worker
from django.test import Client

from calendar_app.enums import ReminderState
from calendar_app.models import Deadline, Reminder
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.services.deadlines import move, open_deadlines
from segur.lib import paris
from segur.lib.workdays import is_working_day
from tests.by import acting
from tests.calendar_app.reminding import at, team
from tests.calendar_app.rules.test_steps import LEAVES_ON
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

pytestmark = pytest.mark.distributed

ALIVE = ("ris-5", "ris-6", "drimbox-5", "drimbox-6")
FILED_ON = "2027-08-24 15:00"
CLICKED_ON = "2027-06-03 10:00"
WRITERS = ("calendar_app.", "mailing.")
"""Apps whose tasks run: the others have nothing here to write about."""


class Clockwork:
    """Beat and a worker, driven by hand: `run` lets everything that is due at an instant happen."""

    def __init__(self, app, traveller):
        self.scheduler = Scheduler(app=app)
        for name, entry in list(self.scheduler.schedule.items()):
            if not entry.task.startswith(WRITERS) or name == "refresh-programme":
                del self.scheduler.schedule[name]
        self.traveller = traveller
        self.published = self.finished = 0
        signals.before_task_publish.connect(self._publish)
        signals.task_postrun.connect(self._finish)

    def _publish(self, **_signal):
        self.published += 1

    def _finish(self, **_signal):
        self.finished += 1

    def run(self, instant: dt.datetime) -> None:
        self.traveller.move_to(instant)
        while self.scheduler.tick() == 0:
            pass
        limit = time.monotonic() + 60
        while self.finished < self.published:
            assert time.monotonic() < limit, "the worker is stuck"
            time.sleep(0.001)


@pytest.fixture
def clockwork(distributed, smtp):
    with time_machine.travel(at("2026-11-23 10:00"), tick=True) as traveller:
        clock = Clockwork(distributed, traveller)
        with start_worker(distributed, perform_ping_check=False, shutdown_timeout=30):
            yield clock


def two_dispositifs(organisation) -> None:
    """A prestation of a RIS and one of a DRIMbox, with their deadlines as the site opens them."""
    for traits in ({}, {"drimbox": True}):
        solution = SolutionFactory(organisation=organisation, **traits)
        prestation = PrestationFactory(supplier=SupplierFactory(solution=solution))
        open_deadlines(now=at("2026-11-23 10:00"), prestation=prestation)


def alone():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    two_dispositifs(organisation)
    return person


def expected(codes=ALIVE, steps=DEFAULT_STEPS) -> set[tuple[str, str]]:
    """(milestone, day) of each reminder, from the dates written out in the table of the rules."""
    return {
        (code, day)
        for code in codes
        for step, day in zip(DEFAULT_STEPS, LEAVES_ON[code].split(), strict=True)
        if step in steps
    }


def arrived(smtp) -> dict[str, list[tuple[str, str]]]:
    """Address → (milestone, day) of every item of every mail that the server received."""
    codes = dict(Deadline.objects.values_list("pk", "milestone__code"))
    found = defaultdict(list)
    for message in smtp.received:
        day = paris.day(sent_at(message))
        text = message.get_body(("plain",)).get_content()
        for line in text.splitlines():
            if item := re.fullmatch(r"  \S+/echeances/(\d+)/", line):
                found[message["To"]].append((codes[int(item[1])], f"{day:%d/%m/%Y}"))
    return found


def sent_at(message) -> dt.datetime:
    """Its Date header, which Django writes in UTC as «-0000»."""
    return parsedate_to_datetime(message["Date"]).replace(tzinfo=dt.UTC)


def days_looked_at(busy):
    """Those on which something leaves, each with its eve, the two acts, the last, and one of the
    others in thirty: what leaves on a day between them is found on the next, which is not its own.
    """
    year = [dt.date(2027, 1, 1) + dt.timedelta(days=i) for i in range(365)]
    acts = {FILED_ON[:10], CLICKED_ON[:10]}
    for number, day in enumerate(year):
        near = {f"{one:%d/%m/%Y}" for one in (day, day + dt.timedelta(days=1))}
        if near & busy or f"{day}" in acts or day == year[-1] or number % 30 == 0:
            yield day


def test_every_reminder_of_the_year_arrives_once_on_its_day(clockwork, smtp):
    keen = alone()
    filer = alone()
    tired = alone()
    organisation, salarie, representant, mandataire = team()
    two_dispositifs(organisation)

    busy = {day for _code, day in expected()}
    for day in days_looked_at(busy):
        before = len(smtp.received)
        if f"{day:%d/%m/%Y}" in busy:  # on another day, what leaves is wrong at any hour
            clockwork.run(at(f"{day} 06:50"))
        clockwork.run(at(f"{day} 09:00"))
        if len(smtp.received) > before:
            clockwork.run(at(f"{day} 18:30"))
        if f"{day}" == FILED_ON[:10]:
            file_everything(filer)
        if f"{day}" == CLICKED_ON[:10]:
            click_unsubscribe(smtp, tired)

    got = arrived(smtp)
    everything = expected()
    assert sorted(got[keen.email]) == sorted(everything)
    assert sorted(got[filer.email]) == sorted(until(everything, FILED_ON))
    assert sorted(got[tired.email]) == sorted(until(everything, CLICKED_ON))
    assert sorted(got[salarie.email]) == sorted(everything)
    assert sorted(got[representant.email]) == sorted(expected(steps=(7, 3, 1, 0, -1, -7)))
    assert sorted(got[mandataire.email]) == sorted(expected(steps=(3, 1, 0, -1, -7)))
    assert_all_on_working_mornings(smtp)
    assert len({m["Message-ID"] for m in smtp.received}) == len(smtp.received)
    assert not Reminder.objects.filter(
        state__in=[ReminderState.SCHEDULED, ReminderState.CLAIMED, ReminderState.FAILED]
    ).exists()


def until(rows, instant: str) -> set[tuple[str, str]]:
    last = instant[:10]
    return {(code, day) for code, day in rows if "-".join(reversed(day.split("/"))) <= last}


def file_everything(person) -> None:
    for deadline in Deadline.objects.filter(organisation__memberships__user=person).open():
        move(deadline, "file", by=acting(person, at(FILED_ON)))


def click_unsubscribe(smtp, person) -> None:
    """What a mailbox does with the headers of the last mail received (RFC 8058)."""
    last = [m for m in smtp.received if m["To"] == person.email][-1]
    assert last["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(last["List-Unsubscribe"].strip().strip("<>"))
    response = Client().post(link.path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200


def assert_all_on_working_mornings(smtp) -> None:
    instants = [sent_at(message) for message in smtp.received]
    assert all(is_working_day(paris.day(instant)) for instant in instants)
    assert {paris.local(instant).hour for instant in instants} == {9}
