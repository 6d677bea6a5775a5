import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from imports.models import Import
from perf.models import Outage, OutageVersion
from perf.reading.outage_file import read
from tests.factories import ServiceFactory, UserFactory, member
from tests.pages import markup
from tests.perf.csv_files import CHECK, PAGE, line, upload
from tests.perf.pages import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
MODEL = reverse("imports:template_csv", args=["outages"])
ALL = [PAGE, CHECK, MODEL]


@pytest.fixture
def service():
    return ServiceFactory(code="drim-1")


@pytest.fixture
def mine(client, service):
    client.force_login(member(Role.SALARIE, service.prestation.organisation))
    return client


def send(client, *lines):
    return client.post(PAGE, {"file": upload(*lines)})


def confirm(client):
    sha256 = Import.objects.get(state="VERIFIE").sha256
    plan = client.get(CHECK).context["plan"]
    return markup(client.post(CHECK, {"sha256": sha256, "seen": plan.seen}, follow=True))


def test_the_page_says_how_to_write_the_file(mine):
    page = markup(mine.get(PAGE))
    for text in ("started_at", "PANNE", "drim-1", MODEL, "Vérifier le fichier"):
        assert text in page


def test_a_good_file_is_shown_then_recorded_on_demand(mine):
    response = mine.post(PAGE, {"file": upload(line("drim-1"), line("drim-1", "INC-2"))})
    assert response["Location"] == CHECK
    page = markup(mine.get(CHECK))
    for text in ("rien n'est encore enregistré", "INC-2", "À ajouter", "pannes.csv"):
        assert text in page
    assert not Outage.objects.exists()
    assert "2 nouvelles, 0 modifiée, 0 inchangée" in confirm(mine)
    assert Outage.objects.count() == 2


def test_the_same_file_again_has_nothing_to_import(mine):
    for _time in range(2):
        send(mine, line("drim-1"))
        page = markup(mine.get(CHECK))
        confirm(mine)
    assert "il n'y a rien à importer" in page
    assert "Enregistrer" not in page
    assert OutageVersion.objects.count() == 1


def test_a_changed_file_says_what_changes(mine):
    send(mine, line("drim-1"))
    confirm(mine)
    send(mine, line("drim-1", ended_at=""))
    [row] = table(mine.get(CHECK), "1 ligne")
    assert (row["Effet"], row["Fin"]) == ("À modifier", "en cours avant : 18/01/2026 10h")
    assert row["Début"] == "15/01/2026 18h"


def test_wrong_lines_are_named_and_nothing_waits(mine):
    response = send(mine, line("drim-1"), line("x", "INC-2", source="MOI"), line("drim-1", ""))
    page = markup(response)
    assert response.status_code == 422
    assert "2 lignes sur 3 à corriger" in page
    assert "Aucun de vos services" not in page  # its source is not readable: one thing at a time
    assert "« MOI » n&#x27;est pas connu" in page
    assert "Cette case est vide." in page
    assert not Import.objects.exists()


def test_many_errors_are_counted_not_all_listed(mine):
    page = markup(send(mine, *(line("x", f"INC-{n}") for n in range(230))))
    assert "230 lignes sur 230 à corriger" in page
    assert page.count("Aucun de vos services") == 200
    assert "et 30 autres" in page


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choisissez un fichier."),
        (b"", "Le fichier est vide."),
        (b"\n\n", "Le fichier est vide."),
        (b"%PDF-1.7\x00", "fichier CSV"),
        (b"service,start\nx,y\n", "Trouvés : service, start."),
        (b"x" * (5 * 1024 * 1024 + 1), "dépasse 5 Mo"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(mine, file, sentence):
    data = {} if file is None else {"file": SimpleUploadedFile("a.csv", file)}
    response = mine.post(PAGE, data)
    assert response.status_code == 422
    assert sentence in markup(response)


def test_markup_in_the_file_is_only_text(mine):
    send(mine, line("drim-1", "<script>x</script>"))
    assert "<script>x" not in markup(mine.get(CHECK))
    assert "<script>x" not in markup(send(mine, line("<script>x", "a")))


def test_nothing_waits_before_a_file_is_chosen_nor_after_an_hour(mine):
    assert "choisissez-le à nouveau" in markup(mine.get(CHECK, follow=True))
    with time_machine.travel("2026-11-22 10:00", tick=False):
        send(mine, line("drim-1"))
        assert mine.get(CHECK).status_code == 200
    with time_machine.travel("2026-11-22 11:00", tick=False):
        assert mine.get(CHECK)["Location"] == PAGE


def test_another_content_is_not_confirmed_in_its_place(mine):
    send(mine, line("drim-1"))
    page = markup(mine.post(CHECK, {"sha256": "0" * 64}, follow=True))
    assert "un autre l&#x27;a remplacé" in page
    assert not Outage.objects.exists()


def test_what_changed_since_the_check_is_shown_at_the_confirmation(mine, service):
    send(mine, line("drim-1"))
    service.code = "autre-code"
    service.save()
    sha256 = Import.objects.get(state="VERIFIE").sha256
    page = markup(mine.post(CHECK, {"sha256": sha256}, follow=True))
    assert "Des lignes sont refusées depuis la vérification" in page
    assert "Aucun de vos services" in page
    assert not Outage.objects.exists()


def test_a_file_waits_for_its_person_alone(client, mine, service):
    send(mine, line("drim-1"))
    client.force_login(member(Role.MANDATAIRE, service.prestation.organisation))
    assert client.get(CHECK)["Location"] == PAGE


def test_an_agent_imports_for_every_service(client, service):
    client.force_login(member(Role.AGENT))
    send(client, line("drim-1", source="ANS"))
    assert "1 nouvelle" in confirm(client)


def test_the_service_of_another_organisation_does_not_exist(client, service):
    client.force_login(member(Role.MANDATAIRE))
    page = markup(send(client, line("drim-1")))
    assert "Aucun de vos services" in page
    assert "drim-1" not in markup(client.get(PAGE))


@pytest.mark.parametrize("url", ALL)
def test_who_belongs_to_nobody_may_not_import(client, url):
    client.force_login(UserFactory())
    for method in (client.get, client.post):
        assert method(url).status_code in {403, 405}
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("url", ALL)
def test_anonymous_logs_in_first(client, url):
    for method in (client.get, client.post):
        assert method(url)["Location"].startswith(reverse("account_login"))


def test_the_model_opens_in_columns_and_is_refused_as_it_is(mine):
    response = mine.get(MODEL)
    assert response.content.startswith("\ufeffService;Début;Fin;".encode())
    rows, problems = read(response.content)
    assert len(rows) == 2
    assert not problems
    file = SimpleUploadedFile("modele.csv", response.content)
    assert mine.post(PAGE, {"file": file}).status_code == 422


def test_queries_of_the_page_do_not_grow_with_services(
    mine, service, django_assert_max_num_queries
):
    for number in range(30):
        ServiceFactory(code=f"s-{number}")
    with django_assert_max_num_queries(8):
        mine.get(PAGE)


def of_february(number, code="drim-1"):
    day = f"{number:02}/02/2026"
    return line(code, f"{code}-F-{number}", started_at=f"{day} 09:00", ended_at=f"{day} 19:00")


@time_machine.travel("2026-11-22 10:00", tick=False)
def test_the_check_says_what_d_f_and_perf_become(mine, service):
    service.created_at = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    service.save()
    send(mine, of_february(2))
    confirm(mine)
    send(mine, of_february(3))
    page = mine.get(CHECK)
    [row] = table(page, "D_f et PERF")
    assert row["Client"].startswith(str(service.prestation.client))
    assert row["Période"] == "année 2026"
    assert (row["D_f avant"], row["D_f après"]) == ("10 h 00 min 00 s", "20 h 00 min 00 s")
    assert (row["PERF avant"], row["PERF après"]) == ("1", "0,5")
    assert "PERF baisse sur 1 ligne." in markup(page)
    assert "<details" not in markup(page).split('id="effets"')[1]
    assert Outage.objects.count() == 1


@pytest.mark.parametrize(("services", "is_folded"), [(10, False), (11, True)])
def test_many_lines_of_d_f_are_folded(mine, service, services, is_folded):
    codes = [f"s-{number}" for number in range(services)]
    for code in codes:
        ServiceFactory(code=code, prestation__supplier=service.prestation.supplier)
    send(mine, *(of_february(2, code) for code in codes))
    page = mine.get(CHECK)
    assert len(table(page, "D_f et PERF")) == services
    assert ("<details" in markup(page).split('id="effets"')[1]) is is_folded


def test_a_file_that_changes_no_figure_says_so(mine):
    send(mine, line("drim-1", started_at="18/01/2026 10:00", ended_at="18/01/2026 11:00"))
    assert "D_f ne change pour aucune prestation." in markup(mine.get(CHECK))
