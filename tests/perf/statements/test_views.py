"""List, issue, page and downloads, through their addresses."""

import csv
import hashlib
import io
import json

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from documents.reading import apart
from perf.enums import OutageStanding
from perf.models import Outage, Service, Statement
from perf.services.statements import issue
from perf.statements import paper
from tests import pdfs
from tests.by import acting
from tests.factories import PrestationFactory, ServiceFactory, member
from tests.pages import markup
from tests.perf.statements.cases import NOW, YEAR_2026, YEAR_2027, outage

DOWNLOADS = ("statement", "statement_pdf", "statement_csv", "statement_json")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def representant(prestation):
    return member(Role.REPRESENTANT, prestation.organisation)


@pytest.fixture
def statement(service, representant):
    outage(service, "24/10/2026 12:30", "26/10/2026 09:30", cause="=1+1")
    return issue(prestation=service.prestation, period=YEAR_2026, by=acting(representant, NOW))


def listing(prestation):
    return reverse("perf:statements", args=[prestation.pk])


def address(statement, name="statement"):
    return reverse(f"perf:{name}", args=[statement.pk])


def text(response):
    return markup(response)


def test_who_files_issues_a_statement_and_reads_it(client, representant, service):
    client.force_login(representant)
    page = client.get(listing(service.prestation))
    assert "Année 2027 (période en cours, relevé provisoire)" in text(page)
    assert "Année 2026 (période terminée)" in text(page)
    assert "Motif du remplacement" not in text(page)
    answer = client.post(listing(service.prestation), {"period": "2026-01-01"}, follow=True)
    found = Statement.objects.get()
    assert answer.redirect_chain == [(address(found), 302)]
    assert f"Relevé {found.number} établi" in text(answer)
    assert found.issued_by == representant


def test_a_period_that_is_the_only_one_is_chosen(client, representant, prestation, service):
    client.force_login(representant)
    several = client.get(listing(prestation)).context["form"]
    service.created_at = NOW
    service.save()
    (choice,) = client.get(listing(prestation)).context["form"]["period"].subwidgets
    assert choice.data["selected"]
    assert not any(one.data["selected"] for one in several["period"].subwidgets)


def test_replacing_says_so_and_asks_why(client, representant, statement):
    client.force_login(representant)
    where = listing(statement.prestation)
    assert f"remplacera {statement.number}" in text(client.get(where))
    refused = client.post(where, {"period": "2026-01-01"})
    assert refused.status_code == 422
    assert "indiquez le motif" in text(refused)
    client.post(where, {"period": "2026-01-01", "reason": "Panne oubliée."})
    new = Statement.objects.get(replaces=statement)
    assert f"remplace le relevé {statement.number}" not in text(client.get(address(statement)))
    assert "remplacé par" in text(client.get(address(statement)))
    assert new.number in text(client.get(address(statement)))
    assert "Panne oubliée." in text(client.get(address(new)))


def test_a_period_that_is_not_offered_is_refused(client, representant, service):
    client.force_login(representant)
    refused = client.post(listing(service.prestation), {"period": "2019-01-01"})
    assert refused.status_code == 422
    assert "Choisissez une période de la liste" in text(refused)


def test_a_salarie_reads_but_does_not_issue(client, statement):
    client.force_login(member(Role.SALARIE, statement.prestation.organisation))
    assert "Établir un relevé" not in text(client.get(listing(statement.prestation)))
    assert client.post(listing(statement.prestation), {"period": "2026-01-01"}).status_code == 403
    assert client.get(address(statement)).status_code == 200


def test_an_agent_of_the_ans_issues(client, service):
    client.force_login(member(Role.AGENT))
    client.post(listing(service.prestation), {"period": "2026-01-01"})
    assert Statement.objects.get().prestation == service.prestation


def test_an_outsider_finds_nothing(client, statement):
    client.force_login(member())
    assert client.get(listing(statement.prestation)).status_code == 404
    assert client.post(listing(statement.prestation)).status_code == 404
    for name in DOWNLOADS:
        assert client.get(address(statement, name)).status_code == 404, name


def test_a_visitor_is_sent_to_the_login(client, statement):
    for where in (listing(statement.prestation), *(address(statement, name) for name in DOWNLOADS)):
        assert client.get(where).status_code == 302, where


def test_the_editeur_reads_the_statements_of_its_distributeurs(client, statement):
    client.force_login(member(Role.SALARIE, statement.prestation.supplier.solution.organisation))
    assert client.get(address(statement)).status_code == 200


def test_a_ris_has_no_statement_and_an_unmeasured_drimbox_says_why(client, calendars):
    ris, drimbox = PrestationFactory(), PrestationFactory(supplier__solution__drimbox=True)
    client.force_login(member(Role.AGENT))
    assert client.get(listing(ris)).status_code == 404
    assert "sans mesure" in text(client.get(listing(drimbox)))


def test_the_page_shows_what_was_issued_and_not_what_is_now(client, representant, statement):
    client.force_login(representant)
    client_name = statement.prestation.client.name
    statement.prestation.client.name = "Nom d'après"
    statement.prestation.client.save()
    statement.prestation.perf_service.outages.update(standing=OutageStanding.NOT_RETAINED)
    page = text(client.get(address(statement)))
    main = page[page.index("<main") :]
    assert client_name in main
    assert "Nom d&#x27;après" not in main
    assert "1 h 00 min" in main
    assert "non compté : dimanche" in main


def test_the_json_is_the_statement_byte_for_byte(client, representant, statement):
    client.force_login(representant)
    answer = client.get(address(statement, "statement_json"))
    assert answer["Content-Disposition"] == f'attachment; filename="{statement.number}.json"'
    assert hashlib.sha256(answer.content).hexdigest() == statement.sha256
    assert json.loads(answer.content)["name"] == statement.number


def test_the_csv_has_a_line_for_each_part_in_both_readings(client, representant, statement):
    client.force_login(representant)
    answer = client.get(address(statement, "statement_csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    counted = {"période ouvrable": 0, "continu, 24 h sur 24": 0}
    for line in lines:
        if line["comptée"] == "oui":
            counted[line["lecture"]] += int(line["durée en microsecondes"])
    assert counted == {
        "période ouvrable": 3_600_000_000,
        "continu, 24 h sur 24": 46 * 3_600_000_000,
    }
    assert {line["cause"] for line in lines} == {"'=1+1"}


def test_the_pdf_is_accessible_and_the_same_each_time(client, representant, statement):
    client.force_login(representant)
    first, second = (client.get(address(statement, "statement_pdf")) for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == f'attachment; filename="{statement.number}.pdf"'
    assert first.content == second.content
    assert pdfs.claims(first.content) == {
        "language": "fr",
        "is_tagged": True,
        "shows_title": True,
        "title": f"Relevé {statement.number}",
        "part": "1",
    }
    headers = ("Lecture", "D_f", "PERF", "Sans ce qui est contesté", "De", "À", "Durée", "Raison")
    assert pdfs.tags(first.content).count("TH") == len(headers)


def pdf_words(client, user, statement):
    client.force_login(user)
    return pdfs.words(client.get(address(statement, "statement_pdf")).content)


def test_the_pdf_says_what_was_issued(client, representant, statement):
    shown = pdf_words(client, representant, statement)
    [known] = Outage.objects.all()
    client_name = statement.prestation.client.name
    statement.prestation.client.name = "Nom d'après"
    statement.prestation.client.save()
    assert shown == pdf_words(client, representant, statement)
    for words in (
        f"Relevé {statement.number} {client_name}, année 2026",
        "Lecture D_f PERF Sans ce qui est contesté",
        "Période ouvrable (retenue) 1 h 00 min 1 aucune n'est contestée",
        "Continu, 24 h sur 24 46 h 00 min 0 aucune n'est contestée",
        "Les deux lectures ne donnent pas le même PERF.",
        "PERF 1 jusqu'à 10 h, 0,5 jusqu'à 20 h, 0 au-delà (durée exacte)",
        f"{known.name.capitalize()} : 24/10/2026 12h30 → 26/10/2026 9h30 · compte 1 h 00 min",
        "p1 : 24/10/2026 12h30 → 26/10/2026 9h30, =1+1 enregistrée le 01/03/2027 à 11h30",
        "24/10/2026 12h30 24/10/2026 13h 0 h 30 min compté",
        f"python -m perf score {statement.number}.json",
        f"SHA-256 du JSON : {statement.sha256} Page 1 sur 2",
    ):
        assert words in shown
    assert "provisoire" not in shown.partition("Vérifier ce relevé")[0]
    assert "remplacé par" not in shown


def test_the_pdf_of_a_running_period_is_provisional(client, representant, service):
    found = issue(prestation=service.prestation, period=YEAR_2027, by=acting(representant, NOW))
    shown = pdf_words(client, representant, found)
    assert "année 2027 · provisoire Relevé provisoire. Le chiffre peut encore changer" in shown
    assert "Aucune indisponibilité n'était connue dans la période." in shown
    assert f"{found.number} · provisoire SHA-256 du JSON : {found.sha256}" in shown


def test_the_pdf_of_a_replaced_statement_says_by_which_and_why(client, representant, statement):
    new = issue(
        prestation=statement.prestation,
        period=YEAR_2026,
        by=acting(representant, NOW),
        reason="Panne oubliée #1.",
    )
    old = pdf_words(client, representant, statement)
    assert f"Ce relevé est remplacé par {new.number}, établi le 01/03/2027 à 11h30." in old
    assert "Motif : Panne oubliée #1." in old
    replaces = f"Remplace le relevé {statement.number}. Motif : Panne oubliée #1."
    assert replaces in pdf_words(client, representant, new)


def test_what_preceded_the_follow_up_is_shown(client, representant, service):
    client.force_login(representant)
    outage(service, "24/10/2026 12:30", "26/10/2026 09:30")
    Service.objects.update(created_at=NOW)
    found = issue(prestation=service.prestation, period=YEAR_2026, by=acting(representant, NOW))
    assert "n'est suivi que depuis le <time" in text(client.get(address(found)))
    later = issue(prestation=service.prestation, period=YEAR_2027, by=acting(representant, NOW))
    assert "n'est suivi que depuis le <time" not in text(client.get(address(later)))


def test_a_pdf_of_many_outages_lists_them_and_says_where_the_detail_is(
    client, representant, service, monkeypatch
):
    for day in (26, 27):
        outage(service, f"{day}/10/2026 12:30", f"{day}/10/2026 13:30", reference=f"p{day}")
    second = Outage.objects.latest("pk")
    found = issue(prestation=service.prestation, period=YEAR_2026, by=acting(representant, NOW))
    monkeypatch.setattr(paper, "OUTAGES_DETAILED", 1)
    listed = pdf_words(client, representant, found)
    assert "Au-delà de 1 indisponibilités, ce PDF en donne la liste" in listed
    assert f"est dans {found.number}.csv ; ce qu'a dit" in listed
    assert "N° Début Fin Nature, situation Compte" in listed
    assert (
        f"{second.pk} 27/10/2026 12h30 27/10/2026 13h30 Panne, non contestée 1 h 00 min" in listed
    )
    assert "partie par partie, heure" not in listed
    monkeypatch.setattr(paper, "OUTAGES_DETAILED", 2)
    detailed = pdf_words(client, representant, found)
    assert (
        f"{second.name.capitalize()}, partie par partie, heure de Paris De À Durée Raison"
        in detailed
    )
    assert "Au-delà de" not in detailed


def test_the_header_of_a_long_list_comes_back_on_each_of_its_pages(
    client, representant, service, monkeypatch
):
    monkeypatch.setattr(paper, "OUTAGES_DETAILED", 1)
    for day in range(1, 29):
        for hour in (10, 15):
            times = (f"{day:02}/10/2026 {hour}:30", f"{day:02}/10/2026 {hour}:31")
            outage(service, *times, reference=f"p{day}-{hour}")
    found = issue(prestation=service.prestation, period=YEAR_2026, by=acting(representant, NOW))
    client.force_login(representant)
    pages = pdfs.pages(client.get(address(found, "statement_pdf")).content)
    with_rows = [page for page in pages if "Panne, non contestée" in page]
    assert len(with_rows) > 1
    assert all("N° Début Fin Nature, situation Compte" in page for page in with_rows)


def test_a_pdf_that_could_not_be_made_is_a_page_that_leads_back(
    client, representant, statement, monkeypatch
):
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    client.force_login(representant)
    answer = client.get(address(statement, "statement_pdf"))
    assert answer.status_code == 503
    assert f'<a class="button" href="{address(statement)}">Revenir à la page</a>' in text(answer)
    assert client.get(address(statement, "statement_csv")).status_code == 200


def test_the_list_asks_the_same_number_of_queries_however_many_statements(
    client, representant, service, django_assert_max_num_queries
):
    for count in range(6):
        issue(
            prestation=service.prestation,
            period=YEAR_2026,
            by=acting(representant, NOW),
            reason=f"Essai {count}",
        )
    ServiceFactory()
    client.force_login(representant)
    with django_assert_max_num_queries(16):
        client.get(listing(service.prestation))
