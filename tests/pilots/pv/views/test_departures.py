"""Removing an agent: what is theirs stands on the page, and somebody has to be named for it."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from tests.factories import member
from tests.pilots.reviewing import NOW, agent, pv_of, reviewed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def leaver(chief):
    return agent(full_name="Léa Partante")


@pytest.fixture
def chief():
    return agent(Role.RESPONSABLE, full_name="Chef Unique")


@pytest.fixture
def chief_client(client, chief):
    client.force_login(chief)
    return client


def address(name, user):
    return reverse(f"accounts:{name}", args=[user.memberships.get().pk])


def test_the_page_lists_what_would_be_left_and_who_may_take_it(chief_client, leaver):
    reviewed_by(leaver)
    context = chief_client.get(address("member_edit", leaver)).context
    assert [held.words for held in context["held"]] == ["1 PV d'installation pilote à contrôler"]
    names = [name for _value, name in context["departure"].fields["successor"].choices]
    assert names == ["Choisissez", "Chef Unique", "Personne pour l'instant : il sera à prendre"]


def test_without_a_successor_nobody_is_removed(chief_client, leaver):
    pv = reviewed_by(leaver)
    response = chief_client.post(address("member_remove", leaver), {"successor": ""})
    assert response.status_code == 422
    errors = response.context["departure"].errors["successor"]
    assert errors == ["Choisissez qui reprend le travail de cette personne."]
    pv.refresh_from_db()
    assert pv.assigned_to == leaver
    assert leaver.memberships.exists()


@pytest.mark.parametrize("successor", ["chief", "personne"])
def test_with_an_answer_the_member_goes_and_the_work_stays(chief_client, chief, leaver, successor):
    pv = reviewed_by(leaver)
    answer = str(chief.pk) if successor == "chief" else successor
    response = chief_client.post(address("member_remove", leaver), {"successor": answer})
    assert response.status_code == 302
    assert not leaver.memberships.exists()
    pv.refresh_from_db()
    assert pv.assigned_to == (chief if successor == "chief" else None)


def test_a_successor_from_elsewhere_is_refused(chief_client, leaver):
    reviewed_by(leaver)
    outsider = str(member().pk)
    response = chief_client.post(address("member_remove", leaver), {"successor": outsider})
    assert response.status_code == 422
    assert Membership.objects.filter(user=leaver).exists()


def test_somebody_with_nothing_is_removed_without_a_question(chief_client, leaver):
    assert chief_client.get(address("member_edit", leaver)).context["departure"] is None
    chief_client.post(address("member_remove", leaver))
    assert not leaver.memberships.exists()


def test_an_outsider_sees_nothing_of_it(client, leaver):
    reviewed_by(leaver)
    client.force_login(member())
    assert client.get(address("member_edit", leaver)).status_code == 404
    answer = client.post(address("member_remove", leaver), {"successor": "personne"})
    assert answer.status_code == 404


@pytest.mark.parametrize(("active", "offered"), [(True, False), (False, True)])
def test_a_review_is_offered_to_take_once_its_agent_has_left(client, leaver, active, offered):
    pv = reviewed_by(leaver)
    leaver.is_active = active
    leaver.save()
    client.force_login(agent())
    context = client.get(reverse("review:pv", args=[pv.pk])).context
    assert context["may_take"] is offered
    assert (context["taken_from"] is None) is offered


def test_a_sent_pv_is_offered_to_take_as_before(client):
    pv = pv_of()
    client.force_login(agent())
    assert client.get(reverse("review:pv", args=[pv.pk])).context["may_take"] is True
