"""The ANS's decisions, and deadlines closed without a filing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.services.decisions import reopen, resume, set_aside
from calendar_app.services.drafts import save_draft
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL
from tests.by import acting
from tests.calendar_app.filing_cases import (
    NOW,
    colleague,
    decided,
    file,
    of_prestation,
    of_solution,
    organisation_of,
)
from tests.entries import entries
from tests.factories import MembershipFactory, member
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


@pytest.fixture
def agent():
    return member(Role.AGENT, full_name="Alix Agent")


@pytest.fixture
def deadline(actor):
    return of_solution(2, editeur=actor)


@pytest.fixture
def filing(deadline, actor):
    return file(deadline, actor)


@pytest.mark.parametrize("decision", [State.ACCEPTED, State.TO_CORRECT, State.REFUSED])
def test_a_decision_keeps_what_was_judged_and_is_reported(filing, deadline, actor, agent, decision):
    row = decided(filing, decision, agent=agent)
    deadline.refresh_from_db()
    assert deadline.state == decision
    assert (row.decision, row.decided_at) == (decision, NOW)
    assert (row.decided_by, row.decided_by_name) == (agent, "Alix Agent")
    assert row.decided_sha256 == filing.receipt_sha256 != ""
    mail = OutgoingMail.objects.get(kind=DECISION_MAIL)
    assert (mail.user, mail.to_email) == (actor, actor.email)
    assert mail.subject.startswith(f"Décision · {decision.label} : Dépôt d'un dossier complet")
    assert row.decision_reason in as_read(mail.body_text)
    event = entries(deadline)[-1]
    assert (event.signer.name, event.note) == ("Alix Agent", row.decision_reason)


@pytest.mark.parametrize("decision", [State.TO_CORRECT, State.REFUSED])
def test_what_is_not_accepted_has_a_reason(filing, decision):
    with pytest.raises(ValidationError) as refused:
        decided(filing, decision, reason="  ")
    assert list(refused.value.message_dict) == ["reason"]


@pytest.mark.parametrize("decision", [State.FILED, State.TO_DO, State.DRAFT, State.NOT_APPLICABLE])
def test_only_three_decisions(filing, decision):
    with pytest.raises(ValidationError, match="Choisissez une décision"):
        decided(filing, decision)


def also_agent(deadline):
    """An agent of the ANS who is a Mandataire of the organisation too."""
    both = member(Role.AGENT)
    deadline.organisation.memberships.create(user=both, role=Role.MANDATAIRE)
    return both


def test_nobody_validates_what_they_filed(deadline):
    both = also_agent(deadline)
    with pytest.raises(ValidationError, match="un autre agent"):
        decided(file(deadline, both), State.ACCEPTED, agent=both)


def test_nobody_validates_what_they_prepared(deadline, actor):
    both = also_agent(deadline)
    save_draft(deadline=deadline, by=acting(both, NOW))
    with pytest.raises(ValidationError, match="un autre agent"):
        decided(file(deadline, actor), State.ACCEPTED, agent=both)


def test_nobody_validates_for_their_own_organisation(filing, actor):
    both = member(Role.AGENT)
    MembershipFactory(user=both, organisation=organisation_of(actor), role=Role.SALARIE)
    with pytest.raises(ValidationError, match="un autre agent"):
        decided(filing, State.ACCEPTED, agent=both)


def test_the_second_decision_is_refused(filing, deadline, agent):
    decided(filing, State.ACCEPTED, agent=agent)
    with pytest.raises(ValidationError, match="par quelqu'un d'autre"):
        decided(filing, State.REFUSED)
    filing.refresh_from_db()
    assert (filing.decision, filing.decided_by) == (State.ACCEPTED, agent)
    assert OutgoingMail.objects.filter(kind=DECISION_MAIL).count() == 1


def test_a_draft_is_not_decided(deadline, actor):
    with pytest.raises(ValidationError):
        decided(save_draft(deadline=deadline, by=acting(actor, NOW)), State.ACCEPTED)


def test_the_first_version_is_not_decided_once_the_second_is_filed(filing, deadline, actor):
    decided(filing, State.TO_CORRECT)
    file(deadline, actor, files=[])
    with pytest.raises(ValidationError, match="par quelqu'un d'autre"):
        decided(filing, State.ACCEPTED)
    deadline.refresh_from_db()
    assert deadline.state == State.FILED


def test_a_refusal_is_reopened_corrected_and_filed_again(filing, deadline, actor, agent):
    decided(filing, State.REFUSED)
    reopen(deadline, reason="Pièce illisible", by=acting(agent, NOW))
    deadline.refresh_from_db()
    assert (deadline.state, deadline.state_reason) == (State.TO_CORRECT, "Pièce illisible")
    again = file(deadline, actor, files=[])
    deadline.refresh_from_db()
    assert (again.number, again.proofs.count(), deadline.state) == (2, 1, State.FILED)


@pytest.mark.parametrize("state", [state for state in State if state != State.REFUSED])
def test_only_a_refusal_is_reopened(deadline, agent, state):
    """«à corriger» from «déposé» is a decision: it has an author who did not file, and a mail."""
    deadline.state = state
    deadline.save()
    with pytest.raises(ValidationError, match=f"« {state.label} »"):
        reopen(deadline, reason="Pour voir", by=acting(agent, NOW))
    deadline.refresh_from_db()
    assert deadline.state == state


@pytest.mark.parametrize("state", [state for state in State if state != State.NOT_APPLICABLE])
def test_only_what_was_set_aside_is_resumed(deadline, actor, state):
    deadline.state = state
    deadline.save()
    with pytest.raises(ValidationError, match=f"« {state.label} »"):
        resume(deadline, by=acting(actor, NOW))
    deadline.refresh_from_db()
    assert deadline.state == state


def test_set_aside_and_resumed(actor):
    deadline = of_prestation(5, editeur=actor)
    set_aside(deadline, reason=" Client parti ", by=acting(actor, NOW))
    resume(deadline, by=acting(actor, NOW + dt.timedelta(minutes=1)))
    deadline.refresh_from_db()
    assert (deadline.state, deadline.state_reason) == (State.TO_DO, "")
    assert [event.note for event in entries(deadline)] == ["Client parti", ""]


def test_who_filed_is_notified_that_a_refusal_is_reopened(filing, deadline, agent):
    decided(filing, State.REFUSED)
    reopen(deadline, reason="Rescannez la page 3", by=acting(agent, NOW))
    mail = OutgoingMail.objects.get(
        user=filing.recorded_by, subject__startswith="Décision · À corriger"
    )
    assert "Rescannez la page 3" in as_read(mail.body_text)
    assert "Rescannez la page 3" in as_read(mail.body_html)


def test_when_who_filed_has_left_those_who_may_file_are_notified(filing, deadline, actor, agent):
    mandataire = colleague(actor, Role.MANDATAIRE)
    colleague(actor, Role.SALARIE)
    actor.memberships.all().delete()
    decided(filing, State.REFUSED)
    reopen(deadline, reason="Rescannez la page 3", by=acting(agent, NOW))
    mails = OutgoingMail.objects.filter(kind=DECISION_MAIL)
    assert {mail.user for mail in mails} == {mandataire}
    assert mails.count() == 2
    for mail in mails:
        assert "a quittée" in as_read(mail.body_text)
        assert "a quittée" in as_read(mail.body_html)


@pytest.mark.parametrize("act", [set_aside, reopen])
def test_an_act_without_its_reason_is_refused(deadline, actor, act):
    with pytest.raises(ValidationError) as refused:
        act(deadline, reason=" ", by=acting(actor, NOW))
    assert list(refused.value.message_dict) == ["reason"]
