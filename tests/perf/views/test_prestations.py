"""The page of a prestation: D_f and PERF in both readings, what is left, when it falls, why."""

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from parameters.models import RegulatoryParameter
from perf.engine import downtime, forecast
from perf.engine.instants import from_us
from perf.engine.rules import SLIDES
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Service
from perf.services.outages import record
from perf.services.tickets import open_ticket
from segur.lib import paris
from segur.lib.instants import instant as at
from tests.by import acting
from tests.calendar_app.pages import page, text
from tests.factories import PrestationFactory, ServiceFactory, SupplierFactory, member
from tests.pages import markup

END_OF_2027 = at("31/12/2027 20:00")


@pytest.fixture
def service(calendars):
    return ServiceFactory()


@pytest.fixture
def user(service):
    return member(Role.SALARIE, service.prestation.organisation)


def say(service, start, end, *, now=END_OF_2027, nature=OutageNature.OUTAGE, cause="", **fields):
    """An outage as the supervision records it; `fields` are then put on it."""
    outage = record(
        service=service,
        source="ANS",
        reference=start,
        started_at=at(start),
        ended_at=at(end) if end else None,
        cause=cause,
        nature=nature,
        by=acting(None, now, "Supervision"),
    ).version.outage
    Outage.objects.filter(pk=outage.pk).update(**fields)
    return outage


def look(client, user, service, *, now=END_OF_2027, **query):
    with time_machine.travel(now, tick=False):
        return page(client, user, address(service.prestation), **query)


def address(prestation):
    return reverse("perf:prestation", args=[prestation.pk])


def figures(response):
    return [
        (item["gauges"][0]["used"], item["gauges"][0]["perf"])
        for item in response.context["readings"]
    ]


@pytest.mark.parametrize(
    ("outages", "expected"),
    [
        ([("15/01/2027 18:00", "18/01/2027 10:00")], [("6 h 00 min", "1"), ("64 h 00 min", "0")]),
        ([("16/01/2027 12:00", "16/01/2027 15:00")], [("1 h 00 min", "1"), ("3 h 00 min", "1")]),
        (
            [("17/05/2027 09:00", "17/05/2027 19:00")],
            [("0 h 00 min", "1"), ("10 h 00 min 00 s", "1")],
        ),
        ([("27/03/2027 12:00", "30/03/2027 10:00")], [("2 h 00 min", "1"), ("69 h 00 min", "0")]),
        ([("24/10/2026 12:30", "26/10/2026 09:30")], [("1 h 00 min", "1"), ("46 h 00 min", "0")]),
        (
            [("01/02/2027 09:00", "02/02/2027 09:00")],
            [("10 h 00 min 00 s", "1"), ("24 h 00 min", "0")],
        ),
        (
            [("01/02/2027 09:00", "02/02/2027 09:00"), ("04/02/2027 10:00", "04/02/2027 10:00:01")],
            [("10 h 00 min 01 s", "0,5"), ("24 h 00 min 01 s", "0")],
        ),
        (
            [("01/02/2027 09:00", "03/02/2027 09:00")],
            [("20 h 00 min 00 s", "0,5"), ("48 h 00 min", "0")],
        ),
        (
            [("01/02/2027 09:00", "03/02/2027 09:00:01")],
            [("20 h 00 min 01 s", "0"), ("48 h 00 min 01 s", "0")],
        ),
        (
            [("02/02/2027 10:00", "02/02/2027 12:00"), ("02/02/2027 11:00", "02/02/2027 13:00")],
            [("3 h 00 min", "1"), ("3 h 00 min", "1")],
        ),
    ],
)
def test_the_worked_examples(client, user, service, outages, expected):
    for start, end in outages:
        say(service, start, end)
    response = look(client, user, service, jour=f"{outages[0][0][6:10]}-01-01")
    assert figures(response) == [(f"D_f {used}", perf) for used, perf in expected]
    differ = "Les deux lectures ne donnent pas le même PERF." in text(response)
    assert differ == (expected[0][1] != expected[1][1])


def test_the_base_in_force_is_large_first_and_to_be_confirmed(client, user, service):
    say(service, "15/01/2027 18:00", "18/01/2027 10:00")
    before = look(client, user, service)
    assert "« Heures que compte D_f » : période ouvrable" in text(before)
    RegulatoryParameter.objects.create(
        key="perf.base",
        value="continu",
        effective_from=at("01/01/2026 00:00"),
        source="Appel à financement",
        is_confirmed=True,
    )
    after = look(client, user, service)
    assert figures(after) == figures(before)[::-1]
    assert "« Heures que compte D_f »" not in text(after)
    assert "lecture « continu, 24 h sur 24 »" in text(after)
    assert after.context["weeks"]["rows"][1]["counted"] == "54 h 00 min"


def test_contested_outages_count_and_the_figure_without_them_is_shown(client, user, service):
    say(service, "01/02/2027 09:00", "01/02/2027 19:00", standing=OutageStanding.CONTESTED)
    say(service, "03/02/2027 10:00", "03/02/2027 11:00")
    response = look(client, user, service)
    assert figures(response)[0] == ("D_f 11 h 00 min", "0,5")
    assert "Sans elle, D_f serait de 1 h 00 min et PERF de 1" in text(response)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"standing": OutageStanding.NOT_RETAINED}, "non retenue"),
        ({"nature": OutageNature.UNMEASURED}, "non mesuré"),
    ],
)
def test_what_is_left_out_is_listed_with_its_reason(client, user, service, fields, why):
    say(service, "01/02/2027 09:00", "01/02/2027 19:00", **fields)
    response = look(client, user, service)
    assert figures(response)[0] == ("D_f 0 h 00 min", "1")
    assert f"10 h 00 min non compté : {why}" in text(response)


def test_what_is_left_out_takes_nothing_from_the_others(client, user, service):
    aside = say(
        service, "01/02/2027 09:00", "01/02/2027 19:00", standing=OutageStanding.NOT_RETAINED
    )
    say(service, "01/02/2027 10:00", "01/02/2027 12:00")
    response = look(client, user, service)
    assert figures(response)[0] == ("D_f 2 h 00 min", "1")
    assert f"avec la panne n° {aside.pk}" not in text(response)


def test_maintenance_counts_or_not_by_the_parameter(client, user, service):
    say(service, "01/02/2027 09:00", "01/02/2027 12:00", nature=OutageNature.MAINTENANCE)
    assert figures(look(client, user, service))[0] == ("D_f 3 h 00 min", "1")
    RegulatoryParameter.objects.create(
        key="perf.maintenance_counts", value=False, effective_from=at("01/01/2026 00:00")
    )
    response = look(client, user, service)
    assert figures(response)[0] == ("D_f 0 h 00 min", "1")
    assert "3 h 00 min non compté : maintenance annoncée" in text(response)


def test_an_announced_maintenance_counts_when_it_has_taken_place(client, user, service):
    now = at("01/02/2027 11:00")
    say(service, "01/02/2027 10:00", "01/02/2027 12:00", nature=OutageNature.MAINTENANCE, now=now)
    response = look(client, user, service, now=now)
    assert figures(response)[0] == ("D_f 1 h 00 min", "1")
    assert "1 h 00 min compté ; 1 h 00 min pas encore compté : à venir" in text(response)
    assert figures(look(client, user, service))[0] == ("D_f 2 h 00 min", "1")


def test_a_maintenance_in_progress_is_ongoing_though_its_end_is_announced(client, user, service):
    """Friday 10 h, Saturday 4 h: 20 h are used up on Monday at 15:00, before the announced end."""
    now = at("28/11/2026 09:00")
    stop = {"nature": OutageNature.MAINTENANCE, "now": at("26/11/2026 12:00")}
    say(service, "27/11/2026 09:00", "01/12/2026 19:00", **stop)
    response = look(client, user, service, now=now)
    page = text(response)
    assert figures(response)[0] == ("D_f 10 h 00 min 00 s", "1")
    assert "Provisoire" in page
    assert "Si l'arrêt en cours va jusqu'à sa fin annoncée, PERF passe à 0,5 le samedi 28" in page
    assert "PERF passe à 0 le lundi 30 novembre 2026 à 15h (heure de Paris)" in page
    assert "fin annoncée le mardi 1er décembre 2026 à 19h" in page
    (week, last) = [row for row in response.context["weeks"]["rows"] if not row["folded"]]
    assert "à venir 4 h 00 min" in week["note"]
    assert "à venir 20 h 00 min" in last["note"]


def test_what_is_announced_is_forecast_before_it_begins(client, user, service):
    stop = {"nature": OutageNature.MAINTENANCE, "now": at("26/11/2026 12:00")}
    say(service, "30/11/2026 09:00", "01/12/2026 19:00", **stop)
    response = look(client, user, service, now=at("28/11/2026 10:00"))
    page = text(response)
    assert "Provisoire" not in page
    assert "Avec les arrêts annoncés, PERF passe à 0,5 le mardi 1er décembre 2026 à 9h" in page
    assert "Reste 10 h 00 min 00 s avant PERF 0,5" in page


def test_a_period_that_nobody_measured_has_no_perf(client, user, service):
    since = at("10/03/2027 08:00")
    Service.objects.update(created_at=since)
    before = look(client, user, service, now=at("01/04/2027 12:00"), jour="2026-06-01")
    assert "Non mesuré" in text(before)
    assert "suivi que depuis le 10/03/2027 à 8h : rien n'a été mesuré" in text(before)
    assert "PERF 1" not in text(before)
    present = look(client, user, service, now=at("01/04/2027 12:00"))
    assert "suivi que depuis le mercredi 10 mars 2027 à 8h (heure de Paris)" in text(present)
    assert figures(present)[0] == ("D_f 0 h 00 min", "1")
    coming = look(client, user, service, now=at("01/04/2027 12:00"), jour="2028-06-01")
    assert "Cette période n'a pas commencé" in text(coming)


def test_weeks_before_the_service_was_followed_are_not_weeks_without_outage(client, user, service):
    Service.objects.update(created_at=at("20/01/2027 08:00"))
    say(service, "01/02/2027 09:00", "01/02/2027 10:00")
    rows = look(client, user, service, now=at("10/02/2027 12:00")).context["weeks"]["rows"]
    assert [row["folded"] for row in rows if row["folded"]] == [
        "3 semaines sans mesure",
        "2 semaines sans panne",
        "1 semaine sans panne",
        "46 semaines à venir",
    ]


def test_many_outages_come_page_by_page(client, user, service):
    for number in range(51):
        say(service, f"{1 + number % 28:02}/03/2027 {9 + number // 28}:00", "30/04/2027 12:00")
    first = look(client, user, service)
    assert len(first.context["lines"]) == 50
    assert "1 à 50 sur 51" in text(first)
    last = look(client, user, service, page="2")
    assert [line.outage.started_at for line in last.context["lines"]] == [at("01/03/2027 09:00")]


@pytest.mark.parametrize(
    ("now", "falls"),
    [
        ("02/02/2027 15:00", "mardi 2 février 2027 à 17h (heure de Paris)"),
        ("02/02/2027 17:00", "mardi 2 février 2027 à 17h (heure de Paris)"),
        ("02/02/2027 17:00:01", "mercredi 3 février 2027 à 17h (heure de Paris)"),
    ],
)
def test_the_forecast_of_an_ongoing_outage_is_the_engines(client, user, service, now, falls):
    """8 h on Monday, then from Tuesday 15:00 on: 10 h are used up at 17:00, 20 h a day later."""
    say(service, "01/02/2027 09:00", "01/02/2027 17:00")
    say(service, "02/02/2027 15:00", None, now=at("02/02/2027 15:00"))
    response = look(client, user, service, now=at(now))
    fall = response.context["next_fall"]
    shown = response.context["situation"].simulation
    lasting = downtime.closed(
        [(o.started_at, o.ended_at) for o in service.outages.all()], period=shown.period, now=None
    )
    clock = SLIDES.open_time
    falling = forecast.crossing(lasting, period=shown.period, clock=clock, limit=fall.limit)
    engine = falling[1] if falling else 0
    assert paris.long(from_us(fall.passed)) == paris.long(from_us(engine)) == falls
    assert f"le {falls} ." in text(response)
    assert "Provisoire" in text(response)


def test_a_threshold_reached_at_closing_time_is_passed_at_the_next_opening(client, user, service):
    say(service, "01/02/2027 09:00", None, now=at("01/02/2027 10:00"))
    response = look(client, user, service, now=at("01/02/2027 12:00"))
    assert "PERF passe à 0,5 le mardi 2 février 2027 à 9h (heure de Paris)" in text(response)
    assert "Les 10 h sont épuisées le lundi 1er février 2027 à 19h" in text(response)


def test_what_is_left_is_shown_when_nothing_goes_on(client, user, service):
    say(service, "01/02/2027 09:00", "01/02/2027 12:00")
    sentence = "Reste 7 h 00 min avant PERF 0,5, jusqu'au vendredi 31 décembre 2027."
    assert sentence in text(look(client, user, service, now=at("01/03/2027 12:00")))
    over = look(client, user, service, now=at("05/01/2028 12:00"), jour="2027-06-01")
    assert "Période terminée le vendredi 31 décembre 2027 : D_f 3 h 00 min, PERF 1." in text(over)
    assert "Provisoire" not in text(over)


def test_beyond_the_last_threshold_no_budget_is_promised(client, user, service):
    say(service, "01/02/2027 09:00", "03/02/2027 10:00")
    sentence = "Le dernier seuil est dépassé : PERF vaut 0 jusqu'au vendredi 31 décembre 2027"
    assert sentence in text(look(client, user, service))


def test_the_period_is_chosen_and_only_the_official_one_is_not_indicative(client, user, service):
    say(service, "01/02/2027 09:00", "01/02/2027 12:00")
    month = look(client, user, service, duree="MOIS", jour="2027-02-15")
    assert (month.context["period"].label, figures(month)[0][0]) == (
        "février 2027",
        "D_f 3 h 00 min",
    )
    assert "indicatif" in text(month)
    march = client.get(month.context["next"]["url"])
    assert (march.context["period"].label, figures(march)[0][0]) == ("mars 2027", "D_f 0 h 00 min")
    assert "Aucune indisponibilité n'est enregistrée dans cette période" in text(march)
    assert "indicatif" not in text(look(client, user, service))


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ({"jour": "bientôt"}, "année 2027"),
        ({"jour": "1999-01-01"}, "année 2027"),
        ({"duree": "SIÈCLE", "jour": "2026-05-01"}, "année 2026"),
        ({"jour": "2020-01-01"}, "année 2020"),
        ({"jour": "2040-12-31", "duree": "MOIS"}, "décembre 2040"),
    ],
)
def test_an_address_that_cannot_be_shows_what_can(client, user, service, query, label):
    response = look(client, user, service, **query)
    assert response.status_code == 200
    assert response.context["period"].label == label


def test_the_picture_is_a_row_a_week_and_adds_up(client, user, service):
    say(service, "15/01/2027 18:00", "18/01/2027 10:00")
    say(service, "01/02/2027 09:00", "01/02/2027 10:00", nature=OutageNature.UNMEASURED)
    rows = look(client, user, service, now=at("10/02/2027 12:00")).context["weeks"]["rows"]
    assert [(row["label"], row["folded"] or row["counted"]) for row in rows] == [
        ("28/12/2026 au 10/01/2027", "2 semaines sans panne"),
        ("11/01/2027", "5 h 00 min"),
        ("18/01/2027", "1 h 00 min"),
        ("25/01 au 31/01/2027", "1 semaine sans panne"),
        ("01/02/2027", "0 h 00 min"),
        ("08/02 au 14/02/2027", "1 semaine sans panne"),
        ("15/02/2027 au 02/01/2028", "46 semaines à venir"),
    ]
    assert rows[1]["note"] == "non compté 49 h 00 min"
    assert rows[4]["note"] == "non mesuré 1 h 00 min"
    assert {"kind": "unmeasured", "start_pct": 5.36, "width_pct": 0.59} in rows[4]["bars"]


def test_the_queries_do_not_grow_with_the_outages(
    client, user, service, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(17) as captured, time_machine.travel(END_OF_2027):
            assert client.get(address(service.prestation)).status_code == 200
        return len(captured)

    say(service, "01/02/2027 09:00", "01/02/2027 09:10")
    look(client, user, service)
    one = queries()
    for number in range(59):
        say(service, f"{1 + number % 28:02}/03/2027 {9 + number // 28}:00", "30/04/2027 12:00")
    assert queries() == one


def test_a_prestation_without_service_says_what_to_do(client, calendars):
    prestation = PrestationFactory(supplier=SupplierFactory(solution__drimbox=True))
    salarie = member(Role.SALARIE, prestation.organisation)
    response = page(client, salarie, address(prestation))
    assert reverse("perf:service", args=[prestation.pk]) in markup(response)
    agent = page(client, member(Role.AGENT), address(prestation))
    assert "il manque le code du service" in text(agent)


def test_a_ris_leads_to_its_ratios(client, calendars):
    prestation = PrestationFactory()
    response = page(client, member(organisation=prestation.organisation), address(prestation))
    assert reverse("perf:ratios_prestation", args=[prestation.pk]) in markup(response)


def test_its_own_tickets_are_one_click_away(client, user, service):
    now = at("01/03/2027 12:00")
    for number, prestation in enumerate((service, ServiceFactory())):
        open_ticket(
            service=prestation,
            reference=f"T-{number}",
            subject="Portail muet",
            opened_at=now,
            by=acting(user, now),
        )
    shown = look(client, user, service, now=now)
    assert "Tickets de support (1 en cours)" in text(shown)
    link = f"{reverse('perf:tickets')}?prestation={service.prestation_id}"
    assert link in markup(shown)
    assert "T-0" in text(client.get(link))


def test_who_sees_it(client, user, service):
    say(service, "01/02/2027 09:00", None, now=at("01/02/2027 10:00"))
    mine = look(client, user, service, now=at("01/02/2027 12:00"))
    assert reverse("perf:outage_create", args=[service.prestation.pk]) in markup(mine)
    agent = look(client, member(Role.AGENT), service)
    assert agent.status_code == 200
    assert look(client, member(), service).status_code == 404
    client.logout()
    assert client.get(address(service.prestation)).status_code == 302


def test_the_editeur_of_a_distributeur_sees_and_does_not_record(client, service):
    editeur = member(Role.MANDATAIRE)
    organisation = next(iter(editeur.roles))
    service.prestation.supplier.solution.__class__.objects.filter(
        pk=service.prestation.supplier.solution_id
    ).update(organisation=organisation)
    response = look(client, editeur, service)
    assert response.status_code == 200
    assert "Enregistrer une indisponibilité" not in text(response)


def test_the_page_of_the_prestation_leads_here(client, user, service):
    prestation = service.prestation
    response = page(client, user, reverse("prestations:detail", args=[prestation.pk]))
    assert address(prestation) in markup(response)
