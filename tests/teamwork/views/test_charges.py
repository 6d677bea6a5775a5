"""Who is in charge, on the pages: two clicks to hand over, my lines first, the filter."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from mailing.models import OutgoingMail
from teamwork.enums import TEAM_MAIL
from teamwork.models import Absence, Charge
from teamwork.services.charges import hand_over
from tests.by import acting
from tests.entries import entries
from tests.factories import member
from tests.pages import cells, csv_rows, page, text
from tests.teamwork.cases import DAY, NOW, TODAY, deadlines, pv, team, ticket

pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/echeances/"


def subjects():
    organisation, people = team()
    (deadline,) = deadlines(organisation)
    rows = {
        "deadlines:charge": deadline,
        "pilots:pv_charge": pv(organisation),
        "perf:ticket_charge": ticket(organisation, people[0]),
    }
    return people, rows


PAGES = {
    "deadlines:charge": "deadlines:detail",
    "pilots:pv_charge": "pilots:pv",
    "perf:ticket_charge": "perf:ticket",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_choice_and_a_button_hand_over_from_the_page(client, name):
    (chief, person, _), rows = subjects()
    shown = page(client, chief, reverse(PAGES[name], args=[rows[name].pk]))
    assert "En charge : personne en particulier" in text(shown)
    answer = client.post(reverse(name, args=[rows[name].pk]), {"person": person.pk})
    assert answer.status_code == 302
    shown = page(client, chief, reverse(PAGES[name], args=[rows[name].pk]))
    assert f"En charge : {person}" in text(shown)
    assert Charge.objects.get().person == person


@pytest.mark.parametrize("name", PAGES)
def test_an_outsider_gets_404_and_the_ans_is_refused(client, name):
    _, rows = subjects()
    address = reverse(name, args=[rows[name].pk])
    client.force_login(member(Role.MANDATAIRE))
    assert client.post(address, {"person": ""}).status_code == 404
    client.force_login(member(Role.AGENT))
    assert client.post(address, {"person": ""}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_the_ans_does_not_see_who_is_in_charge(client, name):
    (chief, person, _), rows = subjects()
    hand_over([rows[name]], person, acting(chief, NOW))
    shown = page(client, member(Role.AGENT), reverse(PAGES[name], args=[rows[name].pk]))
    assert "En charge :" not in text(shown)
    assert person.full_name not in text(shown)


def test_a_person_of_elsewhere_is_no_choice(client):
    (chief, *_), rows = subjects()
    client.force_login(chief)
    address = reverse("deadlines:charge", args=[rows["deadlines:charge"].pk])
    answer = client.post(address, {"person": member(Role.REPRESENTANT).pk})
    assert answer.status_code == 422
    assert not Charge.objects.exists()


def test_my_lines_come_first(client):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 4)
    by_name = sorted(rows, key=lambda row: row.prestation.client.name)
    hand_over([by_name[2]], person, acting(chief, NOW))
    shown = page(client, person, INDEX, jalon="ris-5").context["lines"]
    order = [by_name[2], by_name[0], by_name[1], by_name[3]]
    assert [line.deadline for line in shown] == order


@pytest.mark.parametrize(("charge", "count"), [("moi", 1), ("personne", 3), ("", 4), ("x", 4)])
def test_the_filter(client, charge, count):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 4)
    hand_over(rows[:1], person, acting(chief, NOW))
    shown = page(client, person, INDEX, jalon="ris-5", charge=charge)
    assert shown.context["page_obj"].paginator.count == count


def test_the_list_and_its_file_name_the_person(client):
    organisation, (chief, person, _) = team()
    hand_over(deadlines(organisation), person, acting(chief, NOW))
    shown = page(client, chief, INDEX, jalon="ris-5")
    assert cells(shown, "Qui doit agir") == [f"{organisation} : {person}"]
    (row,) = csv_rows(client.get(reverse("deadlines:csv"), {"jalon": "ris-5"}))
    assert row["En charge"] == person.full_name


def test_the_lines_of_who_is_away_are_those_of_the_stand_in(client):
    organisation, (chief, person, colleague) = team()
    hand_over(deadlines(organisation), person, acting(chief, NOW))
    Absence.objects.create(user=person, stand_in=colleague, until=TODAY + DAY)
    row = Deadline.objects.get(milestone__number=5)
    mine = page(client, colleague, INDEX, charge="moi")
    assert mine.context["page_obj"].paginator.count == 1
    detail = page(
        client,
        colleague,
        reverse("deadlines:detail", args=[row.pk]),
    )
    assert f"{person} , absent jusqu'au 19/05/2027, remplacé par {colleague}" in text(detail)


def test_the_urgent_list_says_what_is_mine(client):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 3)
    hand_over(rows[:2], person, acting(chief, NOW))
    urgent = page(client, person, INDEX).context["urgent"]
    line = next(one.urgent for one in urgent if "Réalisation" in one.urgent.what)
    assert line.why == "Dont 2 à votre charge"


def in_bulk(client, rows, person):
    """Preview, then confirm what it showed."""
    shown = client.get("/en-nombre/prendre-en-charge/", {"ligne": [row.pk for row in rows]})
    data = {"vus": shown.context["shown"], "person": person.pk}
    return shown, client.post("/en-nombre/prendre-en-charge/", data)


def test_forty_are_handed_over_at_once_and_the_exceptions_named(client):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 12)
    other = deadlines(team(1)[0])
    Deadline.objects.filter(pk=rows[0].pk).update(state=State.FILED)
    client.force_login(chief)
    shown, answer = in_bulk(client, [*rows, *other], person)
    assert shown.context["refused"][0][0] == "N'est plus à faire."
    assert answer.status_code == 302
    assert Charge.objects.filter(person=person).count() == 11
    assert entries(rows[1])[-1].act == "charge.give_many"
    assert OutgoingMail.objects.filter(user=person, kind=TEAM_MAIL).count() == 1
