"""Two people at the same second on one VA: one succeeds, the other is refused."""

import pytest
from django.db import connection

from calendar_app.enums import State
from calendar_app.models import Deadline
from mailing.models import OutgoingMail
from pilots.va.models import VA, Notification
from pilots.va.services.va_nudge import nudge
from tests.at_once import at_once
from tests.entries import entries
from tests.pilots.vas import drimbox, noon, notified, recorded, validated

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars", "checklists"),
]


def test_of_two_records_and_of_two_notifications_one_counts():
    prestation, person = drimbox()
    won, refused = at_once(*[lambda: recorded(prestation, person)] * 2)
    assert (len(won), len(refused)) == (1, 1)
    assert "déjà enregistrée" in refused[0].messages[0]
    acts = [
        lambda day=day: notified(VA.objects.get(), person, day)
        for day in ("2026-12-01", "2026-12-02")
    ]
    won, refused = at_once(*acts)
    assert (len(won), len(refused)) == (1, 1)
    assert "la première qui compte" in refused[0].messages[0]
    assert Notification.objects.get().notified_on == won[0].notified_on


def test_the_two_last_validations_close_the_delay_once():
    prestation, person = drimbox()
    va = recorded(prestation, person)
    notified(va, person)
    acts = [
        lambda code=code: validated(VA.objects.get(), person, code, "2027-01-15")
        for code in ("db-cr", "db-appel")
    ]
    won, refused = at_once(*acts)
    assert (len(won), refused) == (2, [])
    assert Deadline.objects.get(code="va-reserves").state == State.ACCEPTED
    assert [entry.act for entry in entries(va)].count("va.complete") == 1


def test_two_runs_nudge_once():
    recorded(*drimbox())
    won, _ = at_once(*[lambda: nudge(now=noon("2026-12-21"))] * 2)
    assert sorted(won) == [0, 1]
    assert OutgoingMail.objects.count() == 1
