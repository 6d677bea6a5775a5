"""What a real worker leaves behind: signs of life, failures, its death."""

import datetime as dt
import os
import signal
import subprocess
import sys
from socket import gethostname

import pytest
from celery import shared_task
from celery.utils.collections import AttributeDict
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import kinds
from operations import tasks
from operations.enums import BEAT, DISPATCH, WATCH
from operations.models import Failure, Pulse
from operations.services import pulses
from segur.celery import app
from segur.runner import processes as site
from tests.processes import wait_until


@shared_task(name="tests.raises")
def raises():
    raise ValueError("somebody@exemple.example")


@pytest.mark.django_db
def test_a_task_that_raises_is_a_failure_without_its_message():
    raises.apply()
    assert [(one.what, one.error) for one in Failure.objects.all()] == [
        ("tests.raises", "ValueError")
    ]


@pytest.mark.django_db
def test_a_mail_that_will_not_leave_is_a_failure():
    mail = OutgoingMail.objects.create(
        kind="COMPTE", to_email="a@exemple.example", message_id="<1>"
    )
    kinds.settle(mail, state=MailState.SENT, words="", now=timezone.now())
    assert not Failure.objects.exists()
    kinds.settle(mail, state=MailState.FAILED, words="550 a@exemple.example", now=timezone.now())
    assert [one.what for one in Failure.objects.all()] == ["mail COMPTE"]


@pytest.mark.django_db
def test_the_round_of_the_watch_is_a_sign_of_life():
    now = timezone.now()
    headers = {}
    pulses.stamp(headers=headers)
    pulses.note_round(AttributeDict(headers, hostname="celery@a"), now=now)
    assert set(Pulse.objects.values_list("name", flat=True)) == {
        BEAT,
        WATCH,
        DISPATCH,
        "worker:celery@a",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "left"), [(0, 1), (1, 0)])
def test_a_dead_worker_is_shown_for_an_hour_and_a_failure_kept_for_a_day(more, left):
    now, more = timezone.now(), dt.timedelta(seconds=more)
    Pulse.objects.create(name="worker:celery@dead", at=now - dt.timedelta(hours=1) - more)
    Failure.objects.create(what="a task", error="", at=now - dt.timedelta(days=1) - more)
    pulses.note_round(AttributeDict(), now=now)
    assert Pulse.objects.filter(name="worker:celery@dead").count() == left
    assert Failure.objects.count() == left


@pytest.mark.django_db
def test_a_worker_that_was_asked_to_stop_is_no_dead_worker():
    now = timezone.now()
    for name in "ab":
        Pulse.objects.create(name=f"worker:celery@{name}", at=now)
    pulses.forget_worker(sender=AttributeDict(hostname="celery@a"))
    assert [one.name for one in Pulse.objects.all()] == ["worker:celery@b"]


def worker(name):
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"{address}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
    }
    command = [sys.executable, *site.worker("celery"), "-n", f"{name}@%h"]
    return subprocess.Popen(command, env=environment, process_group=0)


@pytest.mark.distributed
def test_two_workers_show_and_the_one_that_is_killed_goes_silent(transactional_db):
    app.control.purge()
    processes = [worker("first"), worker("second")]
    try:
        first, second = (f"worker:{name}@{gethostname()}" for name in ("first", "second"))
        wait_until(lambda: _round_found({first, second, BEAT, WATCH}))
        processes[1].send_signal(signal.SIGTERM)
        processes[1].wait()
        assert not Pulse.objects.filter(name=second).exists()
        os.killpg(processes[0].pid, signal.SIGKILL)
        processes[0].wait()
        assert Pulse.objects.filter(name=first).exists()
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _round_found(names: set[str]) -> bool:
    """Ask for one round, and wait for its end."""
    before = timezone.now()
    tasks.watch.delay()
    wait_until(lambda: Pulse.objects.filter(name=WATCH, at__gte=before).exists())
    found: set[str] = set(Pulse.objects.values_list("name", flat=True))
    return names <= found
