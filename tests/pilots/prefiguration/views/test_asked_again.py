"""What an agent confirms: an interview at an unusual instant, a contact asked for twice."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from mailing.models import OutgoingMail
from pilots.enums import Stage
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT
from pilots.prefiguration.services.contact_requests import HAS_CONTACT
from tests.factories import PrefigurateurFactory, member
from tests.pages import markup, page, text
from tests.pilots.prefigurateurs import DAY, NOW, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
SECOND = dt.timedelta(seconds=1)
ASK = reverse("bulk", args=["demander-contacts"])


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agent(client):
    user = member(Role.AGENT)
    client.force_login(user)
    return user


class TestInterview:
    @pytest.fixture
    def one(self, agent):
        one = PrefigurateurFactory()
        give(one)
        return one

    def plan(self, client, one, day, hour, **more):
        address = reverse("prefigurateurs:interview", args=[one.pk])
        read = client.get(address).context["form"].initial["read"]
        data = {"at_jour": day, "at_heure": hour, "place": "Salle B", "read": read, **more}
        return client.post(address, data)

    @pytest.mark.parametrize(
        ("day", "hour", "why"),
        [
            ("2026-12-06", "14:30", "dimanche 6 décembre 2026 n'est pas un jour ouvré"),
            ("2026-12-25", "14:30", "vendredi 25 décembre 2026 n'est pas un jour ouvré"),
            ("2026-12-07", "03:00", "3h est hors des heures de bureau"),
        ],
        ids=["Sunday", "Christmas", "3h"],
    )
    def test_it_is_asked_again_then_confirmed(self, client, one, day, hour, why):
        response = self.plan(client, one, day, hour)
        assert response.status_code == 422
        assert why in response.context["form"].errors["confirmed"][0]
        one.refresh_from_db()
        assert one.interview_at is None
        assert not OutgoingMail.objects.exists()
        assert self.plan(client, one, day, hour, confirmed="on").status_code == 302
        one.refresh_from_db()
        assert one.interview_at is not None

    def test_at_a_usual_instant_nothing_is_asked(self, client, one):
        assert self.plan(client, one, "2026-12-07", "14:30").status_code == 302

    def test_the_box_stands_only_where_there_is_something_to_confirm(self, client, one):
        address = reverse("prefigurateurs:interview", args=[one.pk])
        assert "confirmed" not in client.get(address).context["form"].fields
        response = self.plan(client, one, "2026-12-07", "14:30", place="")
        assert "confirmed" not in response.context["form"].fields
        response = self.plan(client, one, "2026-12-06", "14:30")
        assert 'name="confirmed"' in response.content.decode()

    def test_another_place_at_the_same_unusual_instant_asks_nothing(self, client, one):
        self.plan(client, one, "2026-12-06", "14:30", confirmed="on")
        response = self.plan(client, one, "2026-12-06", "14:30", place="Salle C")
        assert response.status_code == 302

    def test_an_outsider_finds_nothing(self, client, one):
        outsider = member(Role.MANDATAIRE)
        address = reverse("prefigurateurs:interview", args=[one.pk])
        assert page(client, outsider, address).status_code == 404


class TestContacts:
    @pytest.fixture
    def one(self, agent):
        one = PrefigurateurFactory()
        member(Role.SALARIE, one.solution.organisation)
        return one

    def ask(self, client, *rows, due_on="2026-12-11", **more):
        shown = client.get(ASK, {"ligne": [row.pk for row in rows]})
        data = {"vus": shown.context["shown"], "due_on": due_on, **more}
        return client.post(ASK, data)

    @pytest.mark.parametrize("due_on", ["2026-12-11", "2026-12-18"], ids=["same", "another day"])
    def test_twice_within_a_day_is_warned_of_with_who_asked(self, client, agent, one, due_on):
        self.ask(client, one)
        response = self.ask(client, one, due_on=due_on)
        assert response.status_code == 422
        (words,) = response.context["form"].errors["confirmed"]
        assert f"{one} (23/11/2026 à 10h, par {agent})" in words
        assert OutgoingMail.objects.count() == 1

    @pytest.mark.parametrize(
        ("after", "status"),
        [(SECOND, 422), (DAY - SECOND, 422), (DAY, 302)],
        ids=["at once", "just before a day", "a day later"],
    )
    def test_a_day_later_it_is_simply_asked_again(self, client, clock, one, after, status):
        self.ask(client, one)
        clock.move_to(NOW + after)
        client.force_login(member(Role.AGENT))
        assert self.ask(client, one).status_code == status

    def test_confirmed_it_is_asked_again(self, client, one):
        self.ask(client, one)
        response = self.ask(client, one, due_on="2026-12-18", confirmed="on")
        assert response.status_code == 302
        assert OutgoingMail.objects.count() == 2

    def test_those_who_were_not_asked_need_no_confirmation(self, client, one):
        self.ask(client, one)
        assert self.ask(client, PrefigurateurFactory()).status_code == 302

    def test_of_many_only_those_asked_lately_are_named(self, client, one):
        self.ask(client, one)
        other = PrefigurateurFactory(name="Clinique jamais demandée")
        response = self.ask(client, one, other)
        assert other.name not in response.context["form"].errors["confirmed"][0]

    def test_the_page_offers_the_box_only_then(self, client, one):
        query = {"situation": "sans-contact"}
        assert 'name="confirmed"' not in markup(client.get(ASK, query))
        self.ask(client, one)
        assert 'name="confirmed"' in markup(client.get(ASK, query))

    def test_the_first_step_asks_those_who_were_not_asked_yet(self, client, agent, one):
        other = PrefigurateurFactory()
        self.ask(client, one)
        index = client.get(reverse("prefigurateurs:index"))
        assert f'href="{ASK}?situation=a-demander"' in markup(index)
        shown = client.get(ASK, {"situation": "a-demander"})
        assert shown.context["ready"] == [other]
        assert OutgoingMail.objects.count() == 1
        again = client.get(ASK, {"situation": "sans-contact"})
        assert "déjà demandé au plus tard le vendredi 11 décembre 2026" in text(again)

    def test_those_who_have_a_contact_are_left_out_with_the_reason(self, client, one):
        given, dropped = PrefigurateurFactory(), PrefigurateurFactory(stage=Stage.DROPPED)
        give(given)
        shown = client.get(ASK, {"ligne": [one.pk, given.pk, dropped.pk]})
        assert shown.context["ready"] == [one]
        reasons = {why for why, _rows in shown.context["refused"]}
        assert reasons == {HAS_CONTACT, NO_MORE_CONTACT[Stage.DROPPED]}

    def test_an_editeur_whom_nobody_answers_for_is_named(self, client, one):
        alone = PrefigurateurFactory()
        self.ask(client, one, alone)
        said = text(client.get(reverse("prefigurateurs:index")))
        assert "2 contacts demandés." in said
        assert f"Personne n'a reçu le courriel chez : {alone.solution.organisation}." in said

    def test_an_editeur_is_not_offered_it(self, client, one):
        client.force_login(member(Role.MANDATAIRE, one.solution.organisation))
        assert "bulk-bar" not in markup(client.get(reverse("prefigurateurs:index")))
        assert client.get(ASK).status_code == 403
