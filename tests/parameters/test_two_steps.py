"""A change of a parameter is shown with what it changes before it is made, and can be retired."""

import datetime as dt

import pytest
from django.urls import reverse
from lxml import html

from accounts.enums import Role
from calendar_app.enums import Channel, FilingStatus
from calendar_app.models import Filing, Milestone
from calendar_app.rules.parameters import ASP_URL, NOON_IN_TIME
from mailing.models import OutgoingMail
from parameters.models import RegulatoryParameter
from parameters.rules.effects import MEASURES
from parameters.rules.registry import REGISTRY
from parameters.selectors import value
from perf.models import Ratio, Ticket
from perf.rules.parameters import GTI, LIMIT_ONE, PERFM_THRESHOLD
from perf.services.statements import issue
from perf.services.tickets import follow_rules
from pilots.pv.rules.parameters import PILOT_CLIENTS, PILOT_SECOND_AGENT
from tests.by import acting
from tests.entries import entries
from tests.factories import (
    DeadlineFactory,
    PilotPVFactory,
    PrestationFactory,
    ServiceFactory,
    SupplierFactory,
    UserFactory,
    justified_pilot,
    member,
)
from tests.pages import text
from tests.perf.statements.cases import YEAR_2026, at, outage
from tests.two_steps import confirm

NOW = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
INDEX = "/parametres/"


@pytest.fixture
def responsable(client):
    person = member(Role.RESPONSABLE, full_name="Claire Fontanel")
    client.force_login(person)
    return person


@pytest.fixture
def service():
    return ServiceFactory(created_at=at("02/01/2026 00:00"))


def typed(**changes):
    return {
        "value": "60",
        "effective_from": "2026-01-01",
        "source": "Arrêté fictif",
        "is_confirmed": "on",
    } | changes


def amend_url(key):
    return reverse("parameters:amend", args=[key])


def send(client, key, **changes):
    return client.post(amend_url(key), typed(**changes))


def confirmed(client, key, **changes):
    return confirm(client, amend_url(key), typed(**changes))


def hidden(response):
    """What the form of the page holds."""
    [form] = html.fromstring(response.content.decode()).find_class("confirm")
    return {name: value for name, value in form.fields.items() if value is not None}


def retired(client, version, reason):
    """Of a value that may be retired, with what its page showed."""
    url = retire_url(version)
    shown = client.get(url)
    seen = hidden(shown).get("vu", "") if shown.status_code == 200 else ""
    return client.post(url, {"reason": reason, "vu": seen})


def effects(response):
    """What the page says that changes: the line of each measure, and its moves."""
    page = html.fromstring(response.content.decode())
    [found] = page.find_class("effects")
    return {
        " ".join(line.find("strong").text_content().split()): [
            " ".join(move.text_content().split()) for move in line.iter("li") if move is not line
        ]
        for line in found.findall("li")
    }


def mailed():
    mails = OutgoingMail.objects.filter(dedupe_key__startswith="parametre:")
    return sorted(mails.values_list("to_email", flat=True))


def test_a_past_date_shows_which_prestations_and_statements_change_and_writes_nothing(
    client, responsable, service
):
    outage(service, "04/02/2026 09:00", "04/02/2026 12:00")
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00", reference="p2")
    issue(prestation=service.prestation, period=YEAR_2026, by=acting(responsable, NOW), reason="")
    page = send(client, LIMIT_ONE)
    assert effects(page) == {
        "1 prestation dont D_f ou PERF change": ["1 : PERF 1 → PERF 0,5"],
        "1 relevé en vigueur dont les chiffres seraient différents": ["1 : PERF 1 → PERF 0,5"],
    }
    assert "La date d'effet est passée" in text(page)
    assert not RegulatoryParameter.objects.exists()
    assert value(LIMIT_ONE, at=NOW) == 600
    assert mailed() == []


@pytest.mark.parametrize(("minutes", "moves"), [("180", []), ("179", ["1 : PERF 1 → PERF 0,5"])])
def test_only_the_figures_beyond_the_new_threshold_are_counted(
    client, responsable, service, minutes, moves
):
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00")
    page = send(client, LIMIT_ONE, value=minutes)
    if moves:
        assert list(effects(page).values()) == [moves]
    else:
        assert "Aucun chiffre enregistré ne change." in text(page)


def test_confirmed_it_is_made_and_those_concerned_get_one_mail(client, responsable, service):
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00")
    other_responsable = member(Role.RESPONSABLE)
    member(Role.AGENT)
    concerned = member(Role.SALARIE, service.prestation.organisation)
    member(Role.MANDATAIRE, ServiceFactory(created_at=NOW).prestation.organisation)
    UserFactory()
    send(client, LIMIT_ONE)
    response = confirmed(client, LIMIT_ONE)
    assert response["Location"] == INDEX
    assert value(LIMIT_ONE, at=NOW) == 60
    assert mailed() == sorted([concerned.email, other_responsable.email])


@pytest.mark.parametrize("seen", ["", "an older one"])
def test_a_change_that_nobody_has_read_as_it_is_now_is_not_made(client, responsable, service, seen):
    """The Fournisseur loses PERF since the page was read; or it was never asked for."""
    read = send(client, LIMIT_ONE).context["seen"]
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00")
    page = send(client, LIMIT_ONE, confirmer="1", vu=read if seen else "")
    assert "Ce qui changerait n'est plus ce que la page montrait" in text(page)
    assert not RegulatoryParameter.objects.exists()
    assert mailed() == []


def test_a_retirement_that_nobody_has_read_as_it_is_now_is_not_made(client, service, typo):
    read = hidden(client.get(retire_url(typo)))["vu"]
    outage(service, "06/01/2027 09:00", "06/01/2027 13:00", reference="p2")
    for seen in (read, ""):
        page = client.post(retire_url(typo), {"reason": "Faute de frappe", "vu": seen})
        assert "Ce qui changerait n'est plus ce que la page montrait" in text(page)
    assert value(LIMIT_ONE, at=NOW) == 6


def test_a_typo_is_corrected_from_the_confirmation(client, responsable):
    page = send(client, LIMIT_ONE, value="6000", effective_from="2027-03-01")
    assert "dépasserait" in text(page)
    page = send(client, LIMIT_ONE, corriger="")
    form = html.fromstring(page.content.decode()).find(".//form[@class='form']")
    assert form.fields["value"] == "60"
    assert not RegulatoryParameter.objects.exists()


def test_a_value_to_come_is_measured_at_its_date_of_effect(client, responsable, service):
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00")
    page = send(client, LIMIT_ONE, effective_from="2027-06-01")
    assert list(effects(page)) == ["1 prestation dont D_f ou PERF change"]
    assert "Calculé au 01/06/2027, date d'effet" in text(page)


def ticket(service, **fields):
    """Declared at 10h in open hours: taken in charge by 10h30, whatever its columns say."""
    dues = ("gti_due_at", "gti_until", "gti_warn_at", "gtr_due_at", "gtr_until", "gtr_warn_at")
    return Ticket.objects.create(
        service=service,
        reference="T-1",
        subject="Lenteur",
        opened_at=at("20/01/2027 10:00"),
        recorded_by_name="Personne Fictive",
        **{**dict.fromkeys(dues, NOW), **fields},
    )


def test_tickets_are_counted(client, responsable, service):
    ticket(service, responded_at=at("20/01/2027 10:25"), restored_at=at("20/01/2027 11:00"))
    page = send(client, GTI, value="20")
    assert effects(page) == {
        "1 ticket dont l'échéance GTI ou GTR change": [
            "1 : GTI tenue, GTR tenue → GTI manquée, GTR tenue"
        ]
    }


def test_ratios_are_counted(client, responsable):
    prestation = PrestationFactory()
    Ratio.objects.create(
        prestation=prestation,
        indicator="PERFM",
        month=dt.date(2027, 1, 1),
        local_numerator=90,
        local_denominator=100,
        remote_numerator=0,
        remote_denominator=0,
        recorded_by_name="Personne Fictive",
    )
    page = send(client, PERFM_THRESHOLD, value="95", effective_from="2027-01-01")
    assert list(effects(page).values()) == [
        ["1 : PERFm sans résultat, PERFe sans résultat → PERFm non atteint, PERFe sans résultat"]
    ]


def test_a_filing_at_the_very_noon_is_counted(client, responsable):
    due = dt.datetime(2026, 12, 1, 11, tzinfo=dt.UTC)
    for deposited_at in (due, due - dt.timedelta(microseconds=1)):
        Filing.objects.create(
            deadline=DeadlineFactory(due_at=due),
            number=1,
            status=FilingStatus.FILED,
            deposited_at=deposited_at,
            due_at=due,
            recorded_at=due,
            recorded_by_name="Personne Fictive",
            receipt_number=f"R-{deposited_at.microsecond}",
        )
    page = send(client, NOON_IN_TIME, value="oui")
    assert effects(page) == {"1 dépôt jugé autrement": ["1 : en retard → dans les délais"]}


def test_a_new_address_counts_the_deadlines_to_do_that_show_it(client, responsable):
    Milestone.objects.filter(pk=DeadlineFactory().milestone_id).update(channel=Channel.ASP)
    page = send(client, ASP_URL, value="https://asp.example/", effective_from="2027-01-01")
    assert list(effects(page)) == ["1 échéance à faire dont l'adresse de dépôt change"]


def test_the_solde_that_a_fourth_pilot_would_block_is_counted(client, responsable):
    supplier = SupplierFactory()
    pilot, *_others = [justified_pilot(supplier) for _ in range(3)]
    milestone = pilot.prestation.dispositif.milestones.get(number=6)
    DeadlineFactory(solution=None, prestation=pilot.prestation, milestone=milestone)
    page = send(client, PILOT_CLIENTS, value="4", effective_from="2027-01-01")
    assert effects(page) == {
        "1 demande de solde RIS dont les conditions changent": ["1 : solde ouvert → solde bloqué"]
    }


def test_proposals_that_await_a_second_agent_are_counted(client, responsable):
    PilotPVFactory(state="A_CONFIRMER")
    PilotPVFactory()
    page = send(client, PILOT_SECOND_AGENT, value="non", effective_from="2027-01-01")
    assert effects(page) == {
        "1 PV proposé « non conforme » concerné": ["1 : second agent attendu → décision de l'agent"]
    }


def test_every_measure_counts_for_parameters_that_exist():
    assert {key for measure in MEASURES for key in measure.keys} <= set(REGISTRY)


@pytest.fixture
def typo(client, responsable, service):
    """PERF 1 up to 6 minutes since January, instead of the 6 h of an earlier text."""
    outage(service, "05/01/2027 09:00", "05/01/2027 12:00")
    confirmed(client, LIMIT_ONE, value="360", source="Premier arrêté")
    confirmed(client, LIMIT_ONE, value="6", source="Faute de frappe")
    OutgoingMail.objects.all().delete()
    return RegulatoryParameter.objects.get(value=6)


def retire_url(version):
    return reverse("parameters:retire", args=[version.pk])


def test_the_page_of_a_retirement_shows_what_comes_back_and_what_changes(client, typo):
    page = client.get(retire_url(typo))
    words = text(page)
    assert "Valeur retirée 6 min" in words
    assert "Valeur qui revient 6 h Sa source Premier arrêté" in words
    assert effects(page) == {
        "1 prestation dont D_f ou PERF change": ["1 : PERF 0,5 → PERF 1"],
    }
    assert value(LIMIT_ONE, at=NOW) == 6


def test_a_retired_value_gives_back_the_former_one_and_stays_in_the_history(
    client, responsable, service, typo
):
    concerned = member(Role.SALARIE, service.prestation.organisation)
    response = retired(client, typo, "Minutes et heures confondues")
    assert response["Location"] == INDEX
    assert value(LIMIT_ONE, at=NOW) == 360
    [article] = html.fromstring(client.get(INDEX).content.decode()).xpath(
        f"//article[@id='{LIMIT_ONE}']"
    )
    words = " ".join(article.text_content().split())
    assert "SourcePremier arrêté" in words
    assert "Retirée par Claire Fontanel le" in words
    assert ": Minutes et heures confondues" in words
    entry = entries(typo)[-1]
    assert (entry.act, entry.note) == ("parameter.retire", "Minutes et heures confondues")
    assert mailed() == [concerned.email]


def test_a_retirement_asks_for_a_reason(client, typo):
    page = retired(client, typo, " ")
    assert "Indiquez pourquoi cette valeur est retirée." in text(page)
    assert value(LIMIT_ONE, at=NOW) == 6


def test_a_value_is_retired_once(client, typo):
    retired(client, typo, "Faute de frappe")
    retired(client, typo, "Encore")
    assert [entry.act for entry in entries(typo)] == ["parameter.amend", "parameter.retire"]


def test_what_would_break_the_order_of_the_thresholds_is_not_retired(client, responsable):
    confirmed(client, "perf.limit_half", value="3000")
    confirmed(client, LIMIT_ONE, value="2000")
    [half] = RegulatoryParameter.objects.filter(value=3000)
    assert "dépasserait" in text(client.get(retire_url(half)))
    assert "dépasserait" in text(retired(client, half, "Essai"))
    assert value("perf.limit_half", at=NOW) == 3000


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.SALARIE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_than_responsables_do_not_retire(client, typo, role, method):
    client.force_login(member(role))
    assert getattr(client, method)(retire_url(typo), {"reason": "x"}).status_code == 403
    assert value(LIMIT_ONE, at=NOW) == 6


def test_a_retired_value_reschedules_the_tickets_that_it_moved(client, responsable, service):
    confirmed(client, GTI, value="20")
    [version] = RegulatoryParameter.objects.all()
    declared = ticket(service)
    follow_rules(now=NOW)
    declared.refresh_from_db()
    assert declared.gti_due_at == at("20/01/2027 10:20")
    retired(client, version, "Faute de frappe")
    follow_rules(now=NOW)
    declared.refresh_from_db()
    assert declared.gti_due_at == at("20/01/2027 10:30")
