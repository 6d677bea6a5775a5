"""Two runs, or a run and an answer, at the same second: one warning, and none once answered."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from accounts.enums import Role
from mailing.enums import MailState
from mailing.models import OutgoingMail
from perf.enums import TICKET_MAIL
from perf.models import Ticket
from perf.services.ticket_warnings import warn
from perf.services.tickets import open_ticket, respond
from tests.at_once import at_once
from tests.by import acting
from tests.calendar_app.services.test_filing_race import PEOPLE
from tests.entries import entries
from tests.factories import ServiceFactory, member

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]
OPENED = dt.datetime(2027, 1, 12, 9, tzinfo=dt.UTC)
AT_RISK = OPENED + dt.timedelta(minutes=25)


@pytest.fixture
def ticket():
    service = ServiceFactory()
    return open_ticket(
        service=service,
        reference="INC-1",
        subject="Images introuvables",
        opened_at=OPENED,
        by=acting(member(Role.SALARIE, service.prestation.organisation), OPENED),
    )


def test_of_four_runs_one_sends(ticket):
    notified, _refusals = at_once(*[lambda: warn(now=AT_RISK)] * PEOPLE)
    assert sorted(notified) == [0, 0, 0, 1]
    assert OutgoingMail.objects.filter(kind=TICKET_MAIL).count() == 1


def answer(ticket):
    return respond(
        ticket=Ticket.objects.get(pk=ticket.pk),
        responded_at=AT_RISK,
        by=acting(ticket.recorded_by, AT_RISK),
    )


def test_an_answer_at_the_same_second_leaves_nothing_to_send(ticket):
    at_once(lambda: warn(now=AT_RISK), lambda: answer(ticket))

    assert not OutgoingMail.objects.filter(kind=TICKET_MAIL, state=MailState.QUEUED).exists()


def test_a_run_that_waits_for_an_answer_finds_nothing_to_claim(ticket):
    """The run has read the ticket as due when the answer, still uncommitted, holds its row."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            answer(ticket)
            waiting = pool.submit(run_and_close, AT_RISK)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        assert waiting.result(10) == 0
    assert not OutgoingMail.objects.filter(kind=TICKET_MAIL).exists()


def run_and_close(now):
    try:
        return warn(now=now)
    finally:
        connections.close_all()


def test_of_four_answers_one_is_recorded(ticket):
    recorded, refusals = at_once(*[lambda: answer(ticket)] * PEOPLE)
    assert (len(recorded), len(refusals)) == (1, PEOPLE - 1)
    assert [entry.what for entry in entries(ticket)] == ["Création", "Modification"]
