"""Two people act on one deadline at the same second: one succeeds, the other is refused."""

import pytest
from django.db import connection

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Filing
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.drafts import save_draft
from mailing.models import OutgoingMail
from mailing.rules import RECEIPT_MAIL
from tests.at_once import at_once
from tests.by import acting
from tests.calendar_app.filing_cases import (
    NOW,
    decided,
    file,
    named,
    of_solution,
    on_disk,
)
from tests.calendar_app.papers import upload
from tests.factories import SolutionFactory, member

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]
PEOPLE = 4


def test_of_four_filings_one_is_recorded():
    actor = member(Role.REPRESENTANT)
    deadline = of_solution(2, editeur=actor)
    won, late = at_once(*[lambda: file(Deadline.objects.get(pk=deadline.pk), actor)] * PEOPLE)
    assert (len(won), len(late)) == (1, PEOPLE - 1)
    assert all("« Déposé »" in refusal.messages[0] for refusal in late)
    assert Filing.objects.get().receipt_number == won[0].receipt_number
    assert OutgoingMail.objects.filter(kind=RECEIPT_MAIL).count() == 1
    assert len(on_disk()) == 1
    assert on_disk() == named()


def test_of_four_decisions_one_is_recorded():
    actor = member(Role.REPRESENTANT)
    filing = file(of_solution(2, editeur=actor), actor)
    agents = [member(Role.AGENT) for _ in range(PEOPLE)]
    acts = [
        lambda agent=agent, decision=decision: decided(
            Filing.objects.get(pk=filing.pk), decision, agent=agent
        )
        for agent, decision in zip(
            agents, (State.ACCEPTED, State.REFUSED, State.TO_CORRECT, State.ACCEPTED), strict=True
        )
    ]
    won, late = at_once(*acts)
    assert (len(won), len(late)) == (1, PEOPLE - 1)
    filing.refresh_from_db()
    assert filing.decision == won[0].decision == filing.deadline.state


def test_saving_at_once_makes_one_draft():
    actor = member(Role.SALARIE)
    deadline = of_solution(2, editeur=actor)
    won, late = at_once(*[lambda: save_draft(deadline=deadline, by=acting(actor, NOW))] * PEOPLE)
    assert (len(won), late) == (PEOPLE, [])
    assert Filing.objects.count() == 1


def test_opening_at_once_makes_each_deadline_once():
    solution = SolutionFactory()
    won, late = at_once(*[lambda: open_deadlines(now=NOW, solution=solution)] * PEOPLE)
    assert (len(won), late) == (PEOPLE, [])
    assert Deadline.objects.filter(solution=solution).count() == 3


def test_of_four_people_who_join_one_file_one_joins_it():
    actor = member(Role.REPRESENTANT)
    deadline = of_solution(2, editeur=actor)
    acts = [
        lambda: save_draft(
            deadline=Deadline.objects.get(pk=deadline.pk),
            by=acting(actor, NOW),
            proofs=[upload()],
        )
    ] * PEOPLE
    saved, refused = at_once(*acts)
    assert (len(saved), refused) == (PEOPLE, [])
    assert Filing.objects.get().proofs.count() == 1
    assert len(on_disk()) == 1
