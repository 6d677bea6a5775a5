"""Operators are notified once when the work stops, once when it is well again."""

import datetime as dt

import pytest
import time_machine
from celery.utils.collections import AttributeDict

from mailing.enums import MailState
from mailing.models import OutgoingMail
from operations.enums import WATCH
from operations.models import Alarm, Pulse
from operations.services import alarms, pulses
from operations.services.pulses import ASKED_AT
from tests.calendar_app.reminding import at
from tests.operations.signs import alive

NOW = at("2027-01-13 10:00")
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _operators(settings):
    settings.OPERATORS = ["a@exploitant.example", "b@exploitant.example"]


def watch(*, now):
    """At this instant by the clock too, which dates the mails."""
    with time_machine.travel(now, tick=False):
        is_well = alarms.watch(now=now)
    OutgoingMail.objects.update(state=MailState.SENT)
    return is_well


def mails_sent():
    """Subjects, in the order of writing, with who received them."""
    mails = OutgoingMail.objects.order_by("pk").values_list("subject", "to_email")
    return [(subject.rpartition("8000 ")[2], to[0]) for subject, to in mails]


BAD = [("est en défaut", "a"), ("est en défaut", "b")]
WELL = [("fonctionne de nouveau", "a"), ("fonctionne de nouveau", "b")]


def test_a_site_at_work_reports_nothing():
    alive(NOW)
    assert watch(now=NOW)
    assert mails_sent() == []


def round_of_a_worker(*, now):
    """As the periodic task does it."""
    asked = {ASKED_AT: now.isoformat()}
    pulses.note_round(AttributeDict(asked, hostname="celery@a"), now=now)
    return watch(now=now)


def test_a_new_site_has_ten_minutes_for_its_first_dispatch():
    for minutes in range(11):
        assert round_of_a_worker(now=NOW + minutes * MINUTE)
        Pulse.objects.filter(name=WATCH).update(at=NOW + minutes * MINUTE)
    assert mails_sent() == []
    assert not round_of_a_worker(now=NOW + 11 * MINUTE)
    assert mails_sent() == BAD


def test_a_defect_is_reported_once_with_its_measure_and_threshold():
    alive(NOW, dispatch=601)
    assert not watch(now=NOW)
    assert not watch(now=NOW + MINUTE)
    assert mails_sent() == BAD
    text = OutgoingMail.objects.first().body_text.replace("\xa0", " ")
    assert "Dernier envoi des rappels dus : 601 s (seuil : 600 s)" in text
    assert "/sante/travail/" in text


def test_well_again_is_reported_once_after_five_calm_minutes():
    alive(NOW, dispatch=601)
    watch(now=NOW)
    for minutes in (1, 4, 5, 6):
        alive(NOW + minutes * MINUTE)
        assert watch(now=NOW + minutes * MINUTE)
        assert mails_sent() == (BAD + WELL if minutes >= 5 else BAD)


def test_a_second_defect_is_reported_again():
    for day in range(2):
        start = NOW + dt.timedelta(days=day)
        alive(start, beat=301)
        watch(now=start)
        alive(start + 5 * MINUTE)
        watch(now=start + 5 * MINUTE)
    assert mails_sent() == (BAD + WELL) * 2
    assert Alarm.objects.filter(ended_at=None).count() == 0


def test_a_disk_of_proofs_that_takes_nothing_is_reported(settings, tmp_path):
    alive(NOW)
    settings.MEDIA_ROOT = tmp_path / "file" / "folder"
    (tmp_path / "file").write_text("no folder can be made here")
    assert not watch(now=NOW)
    assert mails_sent() == BAD
    text = OutgoingMail.objects.first().body_text.replace("\xa0", " ")
    assert "« preuves » ne répond pas : Not a directory" in text
