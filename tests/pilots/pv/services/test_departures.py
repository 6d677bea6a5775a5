"""What a member leaves behind in the pilots, and who has it afterwards."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.services.departures import held_by
from accounts.services.memberships import membership_remove
from mailing.models import OutgoingMail
from pilots.enums import PVState
from pilots.prefiguration.services import interviews
from pilots.pv.selectors.queue import counts, queue
from pilots.pv.services import review
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, OrganisationFactory, PrefigurateurFactory, member
from tests.pilots import prefigurateurs
from tests.pilots.reviewing import NOW, agent, also_member, proposed_by, pv_of, reviewed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.fixture
def chief():
    return agent(Role.RESPONSABLE)


@pytest.fixture
def leaver(chief):
    return agent(full_name="Léa Partante")


@pytest.fixture
def colleague(chief):
    return agent(full_name="Colin Suivant")


def remove(user, chief, successor=None, now=NOW):
    membership = user.memberships.get()
    membership_remove(membership=membership, by=acting(chief, now), successor=successor)


def words(user, now=NOW):
    return [held.words for held in held_by(user.memberships.get(), now=now)]


def as_it_is(pv):
    pv.refresh_from_db()
    return pv.state, pv.assigned_to, entries(pv)[-1].what


def test_waiting_pvs_of_an_agent_are_counted_and_closed_ones_are_not(leaver):
    reviewed_by(leaver)
    pv_of(assigned_to=leaver)
    proposed_by(leaver)
    pv_of(state=PVState.CONFORM, assigned_to=leaver)
    assert words(leaver) == ["3 PV d'installation pilote à contrôler"]


@pytest.mark.parametrize("state", [PVState.SENT, PVState.IN_REVIEW, PVState.TO_CONFIRM])
def test_a_pv_goes_to_the_successor_as_it_stands(leaver, colleague, chief, state):
    pv = pv_of(state=state, assigned_to=leaver)
    remove(leaver, chief, colleague)
    assert as_it_is(pv) == (state, colleague, "Affecté à Colin Suivant, au départ de Léa Partante")
    assert entries(pv)[-1].signer.user_id == chief.pk


def test_a_pv_that_the_successor_may_not_review_waits_to_be_taken(leaver, colleague, chief):
    pv = reviewed_by(leaver)
    also_member(colleague, pv.pilot.prestation.organisation)
    remove(leaver, chief, colleague)
    assert as_it_is(pv) == (PVState.IN_REVIEW, None, "À prendre : départ de Léa Partante")


def test_a_review_left_to_nobody_is_listed_to_take_and_taken_where_it_stands(
    leaver, colleague, chief
):
    pv = reviewed_by(leaver)
    remove(leaver, chief)
    assert counts(colleague)["a-prendre"] == 1
    assert list(queue(colleague, view="a-prendre")) == [pv]
    review.take(pv, by=acting(colleague, NOW))
    assert as_it_is(pv) == (PVState.IN_REVIEW, colleague, "Contrôle repris")
    assert counts(colleague)["a-prendre"] == 0


def test_the_review_of_somebody_whose_account_was_closed_can_be_taken(leaver, colleague):
    pv = reviewed_by(leaver)
    leaver.is_active = False
    leaver.save()
    review.take(pv, by=acting(colleague, NOW))
    what = "Contrôle repris à Léa Partante, qui n'instruit plus"
    assert as_it_is(pv) == (PVState.IN_REVIEW, colleague, what)
    with pytest.raises(ValidationError, match="Colin Suivant instruit déjà"):
        review.take(pv, by=acting(agent(), NOW))


def test_an_agent_of_two_organisations_keeps_the_pvs_when_leaving_one(leaver, chief):
    pv = reviewed_by(leaver)
    other = MembershipFactory(
        user=leaver, organisation=OrganisationFactory(ans=True), role=Role.AGENT
    )
    assert held_by(other, now=NOW) == []
    membership_remove(membership=other, by=acting(chief, NOW))
    pv.refresh_from_db()
    assert pv.assigned_to == leaver


def planned(by):
    one = PrefigurateurFactory()
    prefigurateurs.give(one)
    one.refresh_from_db()
    return prefigurateurs.plan(one, agent=by)


def test_an_interview_to_come_is_handed_over_and_one_that_was_held_is_not(leaver, colleague, chief):
    one, early, late = planned(leaver), prefigurateurs.NOW, prefigurateurs.AFTER
    assert words(leaver, early) == ["1 entretien de préfigurateur à venir"]
    assert words(leaver, late) == []
    remove(leaver, chief, colleague, early)
    one.refresh_from_db()
    assert one.interview_by == colleague
    what = entries(one)[-1].what
    assert what == "Entretien confié à Colin Suivant, au départ de Léa Partante"


def test_somebody_who_leaves_the_editeur_loses_the_seat_and_the_appointment(leaver):
    one = planned(leaver)
    host = one.solution.organisation
    mandataire, goer = member(organisation=host), member(Role.SALARIE, organisation=host)
    interviews.attend(one, wants=True, by=acting(goer, prefigurateurs.NOW))
    (held,) = held_by(goer.memberships.get(), now=prefigurateurs.NOW)
    assert (held.words, held.outcome) == (
        "1 participation à un entretien de préfigurateur",
        "retirée",
    )
    remove(goer, mandataire, now=prefigurateurs.NOW)
    assert not one.attendees.exists()
    cancelled = OutgoingMail.objects.filter(user=goer).latest("pk")
    assert "METHOD:CANCEL" in cancelled.attachments[0]["content"]


def test_work_is_not_handed_over_by_a_departure_that_fails(leaver, colleague, chief, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError("base arrêtée")

    pv = reviewed_by(leaver)
    monkeypatch.setattr("accounts.services.memberships.write", fail)
    with pytest.raises(RuntimeError):
        remove(leaver, chief, colleague)
    pv.refresh_from_db()
    assert pv.assigned_to == leaver
