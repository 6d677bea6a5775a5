"""The simulator as a visitor uses it: no login, nothing stored, nothing typed lost."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from parameters.services.values import parameter_amend
from perf.engine.instants import HOUR
from perf.reading import typed
from perf.rules import parameters as keys
from perf.views.simulator import MAX_ADDRESS
from tests.by import acting
from tests.factories import member
from tests.pages import markup
from tests.perf.worked_examples import EXAMPLES

URL = "/perf/simulateur/"
NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
SEARCH = {"duree": "3 h", "entre": "2027-01-04", "et": "2027-01-08"}
YEARS = {"du": "2026-01-01", "au": "2027-12-31"}
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def text(response):
    """The words of the page, one space between."""
    bare = re.sub(r"<[^>]+>", " ", markup(response))
    return re.sub(r" (?=[.,])", "", re.sub(r"\s+", " ", unescape(bare)))


def gauges(response):
    return [
        (gauge["used"], gauge["perf"])
        for item in response.context["result"]["readings"]
        for gauge in item["gauges"]
        if gauge
    ]


def ask(client, **typed_in):
    return client.get(URL, typed_in)


@pytest.mark.parametrize(("lines", "open_hours", "continuous"), EXAMPLES)
def test_the_worked_examples_typed_in(client, lines, open_hours, continuous):
    response = client.post(URL, {**YEARS, "pannes": lines}, follow=True)
    assert response.status_code == 200
    expected = [(f"D_f {used}", perf) for used, perf in (open_hours, continuous)]
    assert gauges(response) == expected
    differ = "Les deux lectures ne donnent pas le même PERF." in text(response)
    assert differ == (open_hours[1] != continuous[1])


@pytest.mark.parametrize(
    ("declared", "gti", "gtr"),
    [
        ("mar. 12/01/2027 18:30", "12/01/2027 19h", "13/01/2027 12h30"),
        ("15/01/2027 18:45", "16/01/2027 9h15", "16/01/2027 12h45"),
        ("17/01/2027 15:00", "18/01/2027 9h30", "18/01/2027 13h"),
        ("le 15/05/2027 12:00", "15/05/2027 12h30", "18/05/2027 12h"),
        ("2027-05-15T10:00:00Z", "15/05/2027 12h30", "18/05/2027 12h"),
        ("31/12/2040 18:00", "31/12/2040 18h30", "hors des années calculées"),
    ],
)
def test_the_ticket_table_typed_in(client, declared, gti, gtr):
    response = client.post(URL, {"tickets": declared}, follow=True)
    (row,) = re.findall(r"<th scope=\"row\">.*?</tr>", markup(response), re.DOTALL)
    shown = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", row)]
    assert shown == [gti, gtr]


def test_a_ticket_follows_the_rules_of_the_day_it_was_declared(client):
    amend(keys.GTR, 60, since=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    page = text(ask(client, tickets="29/12/2026 10:00\n05/01/2027 10:00"))
    assert "29/12/2026 10h 29/12/2026 10h30 29/12/2026 14h" in page
    assert "05/01/2027 10h 05/01/2027 10h30 05/01/2027 11h" in page


def test_a_ticket_that_cannot_be_read_is_named_and_kept(client):
    typed_in = "12/01/2027 18:30\ndemain matin\n12/01/2027"
    response = client.post(URL, {"tickets": typed_in}, follow=True)
    assert response.status_code == 422
    page = text(response)
    assert "Ligne 2 : « demain matin » n'est pas un jour et une heure." in page
    assert "Ligne 3 : l'heure manque après « 12/01/2027 »." in page
    assert response.context["form"]["tickets"].value() == typed_in


def test_it_opens_without_login_or_cookie(client):
    response = client.get(URL)
    answer = ask(client, pannes="15/01/2026 18:00 → 19:00", arret="16/01/2026 9h → 10h")
    assert (response.status_code, answer.status_code) == (200, 200)
    assert not response.cookies
    assert "période d'observation" in text(response).lower()
    assert "À confirmer dans l'Appel à financement" in text(response)
    assert reverse("perf:simulator") == URL
    assert "Simulateur PERF" in text(client.get("/aide/"))


def test_a_form_sent_is_answered_at_an_address_that_can_be_shared(client):
    response = client.post(URL, {"pannes": "15/01/2026 18:00 → 19:00", "inconnu": "x"})
    assert response.status_code == 303
    assert parse_qs(urlsplit(response["Location"]).query) == {
        "pannes": ["15/01/2026 18:00 → 19:00"]
    }


def test_what_is_too_long_for_an_address_is_answered_at_once(client):
    lines = "\n".join(["15/01/2026 18:00 → 16/01/2026 10:00"] * typed.MAX_LINES)
    response = client.post(URL, {"pannes": lines})
    assert response.status_code == 200
    assert len(lines) > MAX_ADDRESS
    assert gauges(response)[0] == ("D_f 2 h 00 min", "1")
    assert "trop longue pour tenir dans une adresse" in text(response)


@pytest.mark.parametrize(
    ("typed_in", "year"),
    [
        ({"pannes": "15/01/2027 18:00 → 18/01/2027 10:00"}, 2027),
        ({"pannes": "15/01/2027 18:00 → 19:00\n15/01/2025 18:00 → 19:00"}, 2025),
        ({"pannes": "15/01/2025 18:00 → 19:00", "arret": "15/01/2027 18:00 → 19:00"}, 2027),
        ({"arret": "15/01/2025 9h → 10h", **SEARCH}, 2027),
        ({"pannes": ""}, 2026),
    ],
)
def test_the_period_is_the_civil_year_of_what_is_asked(client, typed_in, year):
    page = text(ask(client, **typed_in))
    assert f"Période du 01/01/{year} au 31/12/{year}" in page


def test_what_lies_outside_the_period_is_shown(client):
    years = {"du": "2026-01-01", "au": "2026-12-31"}
    response = ask(client, pannes="15/01/2027 18:00 → 18/01/2027 10:00", **years)
    assert "1 ligne est hors de cette période et ne compte pas." in text(response)
    assert gauges(response)[0] == ("D_f 0 h 00 min", "1")
    again = client.get(response.context["result"]["other"]["address"])
    assert gauges(again)[0] == ("D_f 6 h 00 min", "1")


@pytest.mark.parametrize(
    ("days", "period"),
    [
        ({"du": "2027-03-01"}, "Période du 01/03/2027 au 31/12/2027"),
        ({"au": "2027-03-31"}, "Période du 01/01/2027 au 31/03/2027"),
        ({"du": "15/03/2027", "au": "2027-03-15"}, "Période du 15/03/2027 au 15/03/2027"),
        ({"du": "2020-01-01", "au": "2040-12-31"}, "Période du 01/01/2020 au 31/12/2040"),
    ],
)
def test_the_period_can_be_chosen(client, days, period):
    assert period in text(ask(client, pannes="", **days))


def test_what_goes_beyond_the_period_does_not_count(client):
    response = ask(client, du="2027-01-18", pannes="15/01/2027 18:00 → 18/01/2027 10:00")
    assert gauges(response)[0] == ("D_f 1 h 00 min", "1")
    assert "non compté : hors de la période d'observation" in text(response)


def test_a_planned_stop_is_shown_before_and_after(client):
    response = ask(
        client,
        **YEARS,
        pannes="01/02/2027 09:00 → 19:00",
        arret="01/02/2027 18:00 → 02/02/2027 10:00",
    )
    assert gauges(response)[:2] == [("D_f 10 h 00 min 00 s", "1"), ("D_f 11 h 00 min", "0,5")]
    assert "Avant l'arrêt prévu" in text(response)
    assert "1 h 00 min déjà pris en compte avec une panne saisie" in text(response)
    assert "ajoute 1 h 00 min" in text(response)


def test_an_open_outage_is_provisional_and_the_forecast_instants_are_right(client):
    """Opened Friday at 14:00: 5 h that day, 4 on Saturday; the 10th hour ends Monday at 10:00."""
    response = ask(client, pannes="20/11/2026 14:00 → en cours")
    page = text(response)
    assert gauges(response)[0] == ("D_f 9 h 00 min", "1")
    assert "Provisoire" in page
    assert "PERF passe à 0,5 le lundi 23 novembre 2026 à 10h (heure de Paris)." in page
    assert "PERF passe à 0 le mardi 24 novembre 2026 à 10h (heure de Paris)." in page
    assert "PERF est déjà passé à 0,5 le samedi 21 novembre 2026 à 0h (heure de Paris)." in page
    assert "Reste jusqu'à 10 h 1 h 00 min" in page


def test_a_budget_used_up_at_closing_time_costs_perf_at_the_next_opening(client):
    """Opened Friday at 9:00: 10 h are used up at 19:00, and exceeded from Saturday at 9:00 on."""
    with time_machine.travel(dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC), tick=False):
        page = text(ask(client, pannes="20/11/2026 09:00 → en cours"))
    assert "PERF passe à 0,5 le samedi 21 novembre 2026 à 9h (heure de Paris)." in page
    assert "Les 10 h sont épuisées le 20/11/2026 19h" in page


def test_the_forecast_ends_with_the_period(client):
    page = text(ask(client, au="2026-11-22", pannes="20/11/2026 14:00 → en cours"))
    assert "PERF ne passe pas à 0,5 avant la fin de la période." in page


def test_once_the_period_is_over_nothing_is_provisional(client):
    response = ask(client, au="2026-11-20", pannes="20/11/2026 14:00 → en cours")
    assert gauges(response)[0] == ("D_f 5 h 00 min", "1")
    assert "Provisoire" not in text(response)


def test_each_outage_unfolds_into_its_reasons(client):
    lines = (
        "27/03/2027 12:00 → 30/03/2027 10:00\n"
        "29/03/2027 09:00 → 30/03/2027 09:30\n"
        "01/04/2027 10:00 → 10:00"
    )
    page = text(ask(client, **YEARS, pannes=lines))
    assert "non compté : jour férié, Lundi de Pâques" in page
    assert "non compté : dimanche" in page
    assert "non compté : hors des heures ouvrables" in page
    assert "déjà pris en compte avec la ligne 1" in page
    assert "Rien à compter" in page


def test_however_tangled_the_outages_the_page_stays_bounded(client):
    first = dt.date(2021, 1, 1)
    lines = "\n".join(
        f"{first + dt.timedelta(n):%d/%m/%Y} 10:00 → {first + dt.timedelta(n + 400):%d/%m/%Y} 12:00"
        for n in range(120)
    )
    response = client.post(URL, {"du": "2020-01-01", "au": "2040-12-31", "pannes": lines})
    assert response.status_code == 200
    assert response.content.count(b"<tr") < 3_100
    assert "Les 24 premières parties sur" in text(response)


def test_the_picture_shows_the_days_touched_of_the_first_weeks(client):
    lines = "\n".join(f"{day:02}/03/2027 18:00 → 18:30" for day in range(1, 32))
    more = "\n".join(f"{day:02}/05/2027 18:00 → 18:30" for day in range(1, 31))
    response = ask(client, **YEARS, pannes=f"{lines}\n{more}")
    days = response.context["result"]["weeks"].picture["rows"]
    assert (len(days), days[0]["label"]) == (31, "lun. 01/03/2027")
    assert days[-3]["note"] == "Lundi de Pâques"
    assert [day["counted"] for day in days[:7]] == ["0 h 30 min"] * 5 + ["0 h 00 min"] * 2
    assert "5 autres comptent aussi dans le résultat" in text(response)


def test_bars_are_placed_on_the_clock_of_paris_when_it_changes(client):
    response = ask(client, **YEARS, pannes="28/03/2027 00:00 → 28/03/2027 12:00")
    (day,) = response.context["result"]["weeks"].picture["rows"]
    assert day["bars"] == [{"kind": "ignored", "start_pct": 0.0, "width_pct": 50.0}]


BAD = "bonjour\n28/03/2027 02:30 → 04:00\n15/01/2027 18:00 → 19:00\n15/01/2027 9h → 8h"


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_bad_line_is_named_and_nothing_typed_is_lost(client, method):
    typed_in = {"pannes": BAD, "arret": "demain", "duree": "3"}
    response = getattr(client, method)(URL, typed_in, follow=True)
    page = unescape(markup(response))
    assert response.status_code == 422
    assert [n for n in range(1, 5) if f"Ligne {n} : " in page] == [1, 2, 4]
    assert "« demain » n'est pas un jour et une heure" in page
    assert f">\n{BAD}</textarea>" in page.replace("\r\n", "\n")
    assert 'value="demain"' in page
    assert 'value="3"' in page


@pytest.mark.parametrize(
    ("typed_in", "sentence"),
    [
        ({"du": "2027-02-01", "au": "2027-01-01"}, "se termine avant de commencer"),
        ({"du": "2019-02-01"}, "entre le 01/01/2020 et le 31/12/2040"),
        ({"au": "2041-01-01"}, "entre le 01/01/2020 et le 31/12/2040"),
        ({"du": "31/02/2027"}, "Cette date n'existe pas"),
        ({"arret": "15/01/2027 18:00 → en cours"}, "Un arrêt prévu a une fin"),
        ({"pannes": "x\n" * 501}, "501 lignes : le simulateur en accepte 500"),
        ({"pannes": "x" * 40_001}, "40000 caractères au plus"),
        ({"pannes": "15/01/2027 18:00\x00 → 19:00"}, "nul"),
        ({"pannes": "23/11/2026 18:00 → en cours"}, "ne peut pas commencer dans l'avenir"),
        ({"duree": "3 h"}, "il faut la durée et les deux jours"),
        ({"duree": "73 h", "entre": "2026-12-01", "et": "2026-12-02"}, "De 1 minute à 72 heures"),
        ({"duree": "3 h", "entre": "2026-12-02", "et": "2026-12-01"}, "avant de commencer"),
        ({"duree": "3 h", "entre": "2026-09-01", "et": "2026-12-02"}, "92 jours au plus"),
        ({"duree": "3 h", "entre": "2026-12-31", "et": "2027-01-02"}, "l'intérieur de la période"),
        ({"duree": "3 h", "entre": "2019-01-01", "et": "2019-01-02"}, "l'intérieur de la période"),
        ({"duree": "3 h", "entre": "0001-01-01", "et": "0001-01-02"}, "année de 2000 à 2099"),
        ({"duree": "30 h", "entre": "2026-12-01", "et": "2026-12-01"}, "ne tient pas"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(client, typed_in, sentence):
    response = client.post(URL, typed_in, follow=True)
    assert response.status_code == 422
    assert sentence in text(response)


def test_the_finder_lists_the_slots_that_cost_least(client):
    response = ask(
        client,
        **YEARS,
        pannes="18/01/2027 09:00 → 13:00",
        duree="3 h",
        entre="2027-01-18",
        et="2027-01-18",
    )
    found = response.context["result"]["slots"]
    assert [item.slot.cost for item in found] == sorted(item.slot.cost for item in found)
    assert found[0].slot.cost == 0
    page = text(response)
    assert "18/01/2027 6h → 18/01/2027 9h" in page
    assert "du 18/01/2027 0h au 18/01/2027 10h" in page
    tried = client.get(found[-1].address)
    assert tried.context["result"]["readings"][0]["reading"].after == found[-1].after


def test_the_finder_ranks_by_the_base_in_force(client):
    amend(keys.BASE, "continu")
    found = ask(client, duree="3 h", entre="2026-11-28", et="2026-11-29")
    slots = found.context["result"]["slots"]
    assert [item.slot.cost for item in slots] == [3 * HOUR] * len(slots)
    assert slots[0].added[1] == 3 * HOUR


def test_the_finder_leaves_out_what_is_already_past(client):
    response = ask(client, duree="3 h", entre="2026-11-22", et="2026-11-23")
    assert response.context["result"]["slots"][0].slot.first * 1e-6 == NOW.timestamp()


def test_the_finder_says_when_nothing_fits(client):
    with time_machine.travel(dt.datetime(2026, 11, 22, 20, 1, tzinfo=dt.UTC), tick=False):
        page = text(ask(client, duree="179 min", entre="2026-11-22", et="2026-11-22"))
    assert "Aucun début au quart d'heure ne convient" in page


def amend(key, value, *, is_confirmed=False, since=dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC)):
    parameter_amend(
        key=key,
        value=value,
        effective_from=since,
        source="Texte fictif",
        is_confirmed=is_confirmed,
        by=acting(member(Role.RESPONSABLE), NOW),
    )


def test_the_rules_on_the_page_are_those_of_the_slides_and_say_what_is_to_confirm(client):
    page = text(client.get(URL))
    assert "PERF vaut 1 jusqu'à 10 h, 0,5 jusqu'à 20 h, 0 au-delà" in page
    assert (
        "Période ouvrable : de 9h à 19h du lundi au vendredi, de 9h à 13h le samedi, "
        "fermé le dimanche, hors jours fériés nationaux, heure de Paris." in page
    )
    assert page.count("À confirmer dans l'Appel à financement.") == 6


def test_what_is_confirmed_by_a_text_is_no_longer_to_confirm(client):
    for key, value in (
        (keys.BASE, "continu"),
        (keys.PERIOD, "TRIMESTRE"),
        (keys.MAINTENANCE, False),
    ):
        amend(key, value, is_confirmed=True)
    page = text(ask(client, pannes="02/11/2026 18:00 → 03/11/2026 18:00"))
    assert "Période du 01/10/2026 au 31/12/2026 compris. Calculé" in page
    assert "celle qui donne le PERF est « continu, 24 h sur 24 »." in page
    assert page.count("À confirmer dans l'Appel à financement.") == 2
    assert "La lecture « continu, 24 h sur 24 » est celle qui compte." in page


def test_rules_in_effect_make_the_figures_and_their_words(client):
    amend(keys.HOURS_WEEKDAY, "08:30-12:00 14:00-20:00")
    amend(keys.LIMIT_ONE, 90)
    amend(keys.MAINTENANCE, value=False)
    response = ask(client, pannes="02/11/2026 00:00 → 03/11/2026 00:00")
    page = text(response)
    assert gauges(response)[0] == ("D_f 9 h 30 min", "0,5")
    assert "PERF vaut 1 jusqu'à 1 h 30 min, 0,5 jusqu'à 20 h, 0 au-delà" in page
    assert "à partir du 01/01/2026, de 8h30 à 12h et de 14h à 20h du lundi au vendredi" in page
    assert "L'arrêt prévu est compté dans ce calcul comme s'il n'était pas annoncé." in page
    assert "reste 10 h 30 min avant PERF 0" in page


def test_a_day_alone_goes_to_the_end_of_the_period_it_is_in(client):
    amend(keys.PERIOD, "MOIS")
    assert "Période du 15/03/2027 au 31/03/2027" in text(ask(client, du="2027-03-15"))
    two = "15/01/2027 18:00 → 19:00\n15/02/2027 18:00 → 19:00"
    page = text(ask(client, pannes=two))
    assert "Période du 01/01/2027 au 31/01/2027" in page
    assert "Calculer sur la période « février 2027 »" in page


def test_it_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    days = [f"{day:02}/03/2026 18:00" for day in range(1, 32)]
    lines = "\n".join(f"{day} → 18:30" for day in days)
    with django_assert_max_num_queries(8):  # six are those of the cache, where it is a table
        ask(
            client,
            pannes=lines,
            tickets="\n".join(days),
            duree="3 h",
            entre="2026-12-01",
            et="2026-12-24",
        )


def test_too_many_computations_of_one_address_wait_and_lose_nothing(client, monkeypatch):
    monkeypatch.setattr("perf.views.simulator.PER_MINUTE", 2)
    asked = {"pannes": "15/01/2027 18:00 → 18/01/2027 10:00"}
    assert [ask(client, **asked).status_code for _ in range(3)] == [200, 200, 429]
    page = ask(client, **asked)
    assert "Votre saisie est restée dans la page" in text(page)
    assert asked["pannes"] in markup(page)
    assert page.context["result"] is None
    assert client.get(URL).status_code == 200
    assert client.get(URL, asked, REMOTE_ADDR="192.0.2.7").status_code == 200
