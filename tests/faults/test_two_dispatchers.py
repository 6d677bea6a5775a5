"""Several dispatchers and several deliverers at once: each reminder once, each mail once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from calendar_app.enums import ReminderState
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services.delivery import deliver_waiting
from tests.calendar_app.reminding import J_7, another, at, solde
from tests.factories import OrganisationFactory, member

PEOPLE = 12
AT_ONCE = 4

pytestmark = pytest.mark.distributed


def together(act):
    """Run `act(now=J-7)` in several threads that start at the same moment; the sum of results."""
    start = threading.Barrier(AT_ONCE)

    def one():
        start.wait(10)
        try:
            return act(now=at(J_7))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(future.result(60) for future in [pool.submit(one) for _ in range(AT_ONCE)])


@pytest.fixture
def people(distributed):
    """Each with three deadlines whose J-7 is due."""
    found = []
    for _ in range(PEOPLE):
        organisation = OrganisationFactory()
        found.append(member(organisation=organisation))
        first = solde(organisation)
        for _ in range(2):
            another(first)
    plan(now=at("2027-09-15 08:00"))
    Reminder.objects.exclude(step=7).delete()
    return found


def test_concurrent_dispatchers_write_one_mail_per_person(people):
    assert together(dispatch) == PEOPLE

    assert OutgoingMail.objects.count() == PEOPLE
    claimed = Reminder.objects.filter(state=ReminderState.CLAIMED)
    assert Counter(claimed.values_list("mail__user", flat=True)) == {p.pk: 3 for p in people}


def test_concurrent_planners_make_each_row_once(people):
    Reminder.objects.all().delete()

    together(plan)

    assert Reminder.objects.filter(step=7).count() == 3 * PEOPLE


def test_concurrent_deliverers_send_each_mail_once(people, smtp):
    dispatch(now=at(J_7))

    assert together(deliver_waiting) == PEOPLE

    assert Counter(m["To"] for m in smtp.received) == {p.email: 1 for p in people}
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(MailState.SENT, 1)}
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}
