"""«Mon absence», from the profile."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from teamwork.models import Absence
from tests.factories import member
from tests.pages import page, text
from tests.teamwork.cases import NOW, team

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
ADDRESS, PROFILE = "/profil/absence/", "/profil/"


def test_declared_then_shown_then_ended(client):
    _, (person, colleague, _) = team()
    assert "Aucune absence n'est enregistrée" in text(page(client, person, PROFILE))
    answer = client.post(ADDRESS, {"until": "25/05/2027", "stand_in": colleague.pk})
    assert answer.headers["Location"] == reverse("accounts:profile")
    shown = text(page(client, person, PROFILE))
    assert f"Absent jusqu'au 25/05/2027 , remplacé par {colleague}" in shown
    client.post(reverse("teamwork:absence_end"))
    assert not Absence.objects.exists()


def test_what_is_wrong_is_shown_all_at_once(client):
    _, (person, *_) = team()
    stranger = member(Role.REPRESENTANT)
    client.force_login(person)
    answer = client.post(ADDRESS, {"until": "", "stand_in": stranger.pk})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"until", "stand_in"}


def test_alone_nobody_can_stand_in(client):
    person = member(Role.MANDATAIRE)
    assert "personne ne peut vous remplacer" in text(page(client, person, ADDRESS))
