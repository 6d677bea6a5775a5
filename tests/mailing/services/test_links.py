"""A mailbox shows the mails about one object as one conversation, by their headers."""

import pytest
from django.core import mail as outbox

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL, RECEIPT_MAIL
from mailing.services.delivery import deliver_waiting
from mailing.services.links import thread_headers
from tests.calendar_app.filing_cases import NOW, decided, file, of_solution
from tests.calendar_app.reminding import J_7, another, at, solde
from tests.factories import OrganisationFactory, member

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def reminded(calendars):
    """A deadline of one person, whose J-7 is claimed and not sent yet."""
    organisation = OrganisationFactory()
    member(organisation=organisation)
    return solde(organisation)


def remind():
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.exclude(step=7).delete()
    dispatch(now=at(J_7))
    deliver_waiting(now=at(J_7))
    return outbox.outbox[-1]


def test_the_receipt_and_the_decision_of_a_deadline_are_one_conversation():
    deadline = of_solution(2, editeur=(actor := member(Role.REPRESENTANT)))
    decided(file(deadline, actor), State.ACCEPTED)
    deliver_waiting(now=NOW)

    receipt, decision = outbox.outbox
    expected = thread_headers(deadline)
    assert expected["References"].startswith(f"<deadline-{deadline.pk}@")
    for sent in (receipt, decision):
        assert {name: sent.extra_headers[name] for name in expected} == expected
        assert sent.extra_headers["Message-ID"] != expected["References"]


def test_the_kinds_are_distinguished_by_the_first_word_of_the_subject():
    deadline = of_solution(2, editeur=(actor := member(Role.REPRESENTANT)))
    decided(file(deadline, actor), State.ACCEPTED)

    first = {row.kind: row.subject.split()[0] for row in OutgoingMail.objects.all()}
    assert first == {RECEIPT_MAIL: "Récépissé", DECISION_MAIL: "Décision"}


def test_a_reminder_of_one_deadline_joins_its_conversation(reminded):
    sent = remind()
    assert sent.subject.startswith("Rappel · J-7 : ")
    assert sent.extra_headers["References"] == thread_headers(reminded)["References"]
    assert "List-Unsubscribe" in sent.extra_headers


def test_a_reminder_of_several_deadlines_starts_its_own(reminded):
    another(reminded)
    assert "References" not in remind().extra_headers
