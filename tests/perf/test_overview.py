import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import KeptFigures
from perf.engine.instants import HOUR, MINUTE
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Service
from segur.lib.paris import PARIS
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import markup

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=PARIS)
MONDAY = dt.datetime(2026, 10, 5, 9, tzinfo=PARIS)
ADDRESS = "/perf/"
KEPT = 17
"""Queries of the page while the figures of the park are kept."""
COUNTED = KEPT + 12
"""When they are counted: the newest entry, the whole park (6) and what is kept (6) are added; what
the reader did since is not asked."""
US = dt.timedelta(microseconds=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def supplier():
    return SupplierFactory(solution=SolutionFactory(drimbox=True, name="DRIMbox Calme"))


@pytest.fixture
def ans(client):
    client.force_login(member(Role.AGENT))
    return client


def service(supplier, name, counted=0, **outage):
    """A service of a Client of that name, out for that long from a Monday at 9:00 on."""
    centre = OrganisationFactory(client=True, name=name)
    made = ServiceFactory(prestation=PrestationFactory(supplier=supplier, client=centre))
    days, rest = divmod(counted, 10 * HOUR)
    for day in range(days + 1):
        start = MONDAY + dt.timedelta(days=day)
        length = 10 * HOUR if day < days else rest
        fields = {"started_at": start, "ended_at": start + length * US, **outage}
        if length or outage:
            Outage.objects.create(service=made, **fields)
    return made


def rows(response):
    return [row.client for row in response.context["rows"]]


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup(response)))


@pytest.fixture
def park(supplier):
    service(supplier, "Alba", 9 * HOUR)
    service(supplier, "Brume", 0)
    service(supplier, "Cime", 15 * HOUR)
    service(supplier, "Dune", 25 * HOUR)
    PrestationFactory(supplier=supplier, client=OrganisationFactory(client=True, name="Écume"))


def test_each_prestation_has_its_figures(ans, park):
    response = ans.get(ADDRESS)
    found = {row.client: row for row in response.context["rows"]}
    assert [found[name].figure.counted for name in ("Alba", "Brume", "Cime", "Dune")] == [
        9 * HOUR,
        0,
        15 * HOUR,
        25 * HOUR,
    ]
    assert [found[name].left for name in ("Alba", "Brume", "Cime", "Dune")] == [
        HOUR,
        10 * HOUR,
        5 * HOUR,
        None,
    ]
    assert found["Écume"].figure is None
    shown = text(response)
    assert "5 prestations DRIMbox" in shown
    assert "2 à PERF 1" in shown
    assert "1 à PERF 0,5" in shown
    assert "1 à PERF 0" in shown
    assert "1 service à déclarer." in shown


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", "Dune Cime Alba Brume Écume"),
        ("client", "Alba Brume Cime Dune Écume"),
        ("-client", "Écume Dune Cime Brume Alba"),
        ("df", "Brume Alba Cime Dune Écume"),
        ("-df", "Dune Cime Alba Brume Écume"),
        ("-perf", "Brume Alba Cime Dune Écume"),
        ("reste", "Dune Alba Cime Brume Écume"),
        ("-reste", "Brume Cime Alba Dune Écume"),
        ("unknown", "Dune Cime Alba Brume Écume"),
    ],
)
def test_a_click_sorts(ans, park, order, expected):
    assert rows(ans.get(ADDRESS, {"tri": order})) == expected.split()


def test_a_second_click_turns_the_order_round(ans, park):
    heads = {head["label"]: head for head in ans.get(ADDRESS, {"tri": "-df"}).context["columns"]}
    assert heads["Indisponibilité (D_f)"]["sorted"] == "descending"
    assert rows(ans.get(heads["Indisponibilité (D_f)"]["url"]))[0] == "Brume"
    assert [label for label, head in heads.items() if head["sorted"]] == ["Indisponibilité (D_f)"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("baisse", {"Cime", "Dune"}),
        ("proches", {"Alba"}),
        ("en-cours", set()),
        ("a-declarer", {"Écume"}),
        ("unknown", {"Alba", "Brume", "Cime", "Dune", "Écume"}),
    ],
)
def test_views_narrow_the_list(ans, park, view, expected):
    assert set(rows(ans.get(ADDRESS, {"vue": view}))) == expected


def test_the_views_count_and_keep_the_search(ans, park):
    response = ans.get(ADDRESS, {"q": "dune"})
    assert rows(response) == ["Dune"]
    counts = {view["label"]: (view["count"], view["url"]) for view in response.context["views"]}
    assert counts["PERF inférieur à 1"] == (1, "/perf/?q=dune&vue=baisse")
    assert "Panne en cours" not in counts


@pytest.mark.parametrize("words", ["alb", "calme", "drimbox-"])
def test_search_finds_clients_solutions_and_services(ans, supplier, words):
    service(supplier, "Alba")
    ServiceFactory(code="autre", prestation__supplier__solution__name="Nuage")
    assert rows(ans.get(ADDRESS, {"q": words})) == ["Alba"]


def test_an_ongoing_outage_is_provisional(ans, supplier):
    start = dt.datetime(2026, 11, 20, 18, tzinfo=PARIS)
    service(supplier, "Alba", started_at=start, ended_at=None)
    response = ans.get(ADDRESS, {"vue": "en-cours"})
    (row,) = response.context["rows"]
    assert (row.is_open, row.figure.counted, row.other.counted) == (True, 5 * HOUR, 42 * HOUR)
    assert "Provisoire" in text(response)
    assert "0 en continu, 24 h sur 24" in text(response)


def test_a_maintenance_in_progress_is_provisional_though_its_end_is_announced(ans, supplier):
    start = dt.datetime(2026, 11, 20, 18, tzinfo=PARIS)
    end = start + dt.timedelta(days=5)
    service(supplier, "Alba", started_at=start, ended_at=end, nature=OutageNature.MAINTENANCE)
    service(supplier, "Brume", started_at=end, ended_at=end, nature=OutageNature.MAINTENANCE)
    (row,) = ans.get(ADDRESS, {"vue": "en-cours"}).context["rows"]
    assert (row.client, row.is_open, row.figure.counted) == ("Alba", True, 5 * HOUR)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"jour": "2025-06-01"}, "2 sans mesure dans cette période."),
        ({"jour": "2027-06-01"}, "2 sans mesure dans cette période."),
        ({"duree": "MOIS", "jour": "2026-10-15"}, "1 sans mesure dans cette période."),
    ],
)
def test_a_period_that_nobody_measured_has_no_perf(ans, supplier, query, words):
    service(supplier, "Alba", HOUR)
    service(supplier, "Brume")
    page = ans.get(ADDRESS, query)
    assert words in text(page)
    unmeasured = ans.get(ADDRESS, {**query, "vue": "sans-mesure"}).context["rows"]
    assert {row.figure for row in unmeasured} == {None}
    assert "Brume" in [row.client for row in unmeasured]
    assert "Non mesuré" in text(page)


def test_a_service_followed_since_the_middle_of_the_period_says_so(ans, supplier):
    service(supplier, "Alba", HOUR)
    Service.objects.update(created_at=NOW)
    page = ans.get(ADDRESS)
    assert page.context["rows"][0].since == MONDAY
    assert "suivi depuis le 05/10/2026 9h" in text(page)


def test_another_length_than_the_official_one_is_indicative(ans, park):
    assert "indicatif" in text(ans.get(ADDRESS, {"duree": "MOIS"}))
    assert "indicatif" not in text(ans.get(ADDRESS))


def test_contested_outages_count_and_are_distinguished(ans, supplier):
    made = service(supplier, "Alba", HOUR)
    Outage.objects.create(
        service=made,
        started_at=MONDAY + dt.timedelta(hours=5),
        ended_at=MONDAY + dt.timedelta(hours=7),
        standing=OutageStanding.CONTESTED,
    )
    response = ans.get(ADDRESS, {"vue": "contestees"})
    (row,) = response.context["rows"]
    assert (row.figure.counted, row.uncontested.counted) == (3 * HOUR, HOUR)
    assert "1 h 00 min sans 1 contestée" in text(response)


def test_what_was_not_measured_does_not_count(ans, supplier):
    service(supplier, "Alba", HOUR, nature=OutageNature.UNMEASURED)
    assert ans.get(ADDRESS).context["rows"][0].figure.counted == 0


def test_another_period(ans, park):
    response = ans.get(ADDRESS, {"duree": "MOIS", "jour": "2026-09-15", "tri": "client"})
    assert response.context["period"].label == "septembre 2026"
    assert {row.figure for row in response.context["rows"]} == {None}
    assert "tri=client" in response.context["next"]["url"]
    october = ans.get(response.context["next"]["url"])
    assert max(row.figure.counted for row in october.context["rows"] if row.figure) == 25 * HOUR


def test_an_industry_member_sees_its_own_and_a_distributeur_only_its_own(client, supplier):
    distributeur = SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory())
    service(supplier, "Alba")
    service(distributeur, "Brume")
    client.force_login(member(Role.SALARIE, supplier.organisation))
    assert set(rows(client.get(ADDRESS))) == {"Alba", "Brume"}
    client.force_login(member(Role.SALARIE, distributeur.organisation))
    assert rows(client.get(ADDRESS)) == ["Brume"]
    client.force_login(member(Role.MANDATAIRE))
    response = client.get(ADDRESS)
    assert rows(response) == []
    assert "Aucune prestation DRIMbox" in text(response)


def test_the_anonymous_log_in_first(client):
    assert client.get(ADDRESS).url == f"{reverse('account_login')}?next=/perf/"


def test_nothing_found(ans, park):
    assert "Aucune prestation ne correspond" in text(ans.get(ADDRESS, {"q": "introuvable"}))


def test_a_ris_has_no_line(ans):
    PrestationFactory()
    assert rows(ans.get(ADDRESS)) == []


def test_the_menu_leads_here(ans):
    assert 'href="/perf/" aria-current="page">PERF' in markup(ans.get(ADDRESS))


def test_queries_do_not_grow_with_the_park(ans, supplier, django_assert_max_num_queries):
    def add(count, first):
        for n in range(first, first + count):
            service(supplier, f"Centre {n:03}", HOUR + n * MINUTE)

    add(2, 0)
    with django_assert_max_num_queries(COUNTED) as few:
        ans.get(ADDRESS)
    add(60, 2)
    KeptFigures.objects.all().delete()
    with django_assert_max_num_queries(len(few)):
        response = ans.get(ADDRESS)
    with django_assert_max_num_queries(KEPT):
        assert ans.get(ADDRESS).context["rows"] == response.context["rows"]
    assert len(rows(response)) == 50
    assert response.context["page_obj"].paginator.num_pages == 2
    assert Service.objects.count() == 62


def test_five_thousand_prestations_take_the_same_queries(
    ans, supplier, django_assert_num_queries, django_assert_max_num_queries
):
    service(supplier, "Alba", HOUR)
    with django_assert_max_num_queries(COUNTED) as few:
        ans.get(ADDRESS)
    model = service(supplier, "Brume", HOUR).prestation
    clients = OrganisationFactory.build_batch(4_998, client=True)
    type(model.client).objects.bulk_create(clients)
    made = type(model).objects.bulk_create(
        type(model)(
            supplier=supplier,
            organisation=supplier.organisation,
            dispositif=model.dispositif,
            client=centre,
        )
        for centre in clients
    )
    services = Service.objects.bulk_create(
        Service(prestation=item, code=f"s-{n}") for n, item in enumerate(made)
    )
    Outage.objects.bulk_create(
        Outage(service=item, started_at=MONDAY, ended_at=MONDAY + dt.timedelta(hours=hours))
        for item in services
        for hours in (1, 2)
    )
    KeptFigures.objects.all().delete()
    with django_assert_num_queries(len(few)):
        response = ans.get(ADDRESS)
    assert response.context["summary"].total == 5_000


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_list_leaves_as_a_file_with_its_choices(ans, park, suffix):
    response = ans.get(reverse(f"perf:{suffix}"), {"vue": "baisse"})
    assert response["Content-Disposition"] == f'attachment; filename="perf-2026-11-22.{suffix}"'
    if suffix == "csv":
        lines = list(
            csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
        )
        assert [(line["Client"], line["D_f"], line["PERF"]) for line in lines] == [
            ("Dune", "25:00:00", "0"),
            ("Cime", "15:00:00", "0,5"),
        ]
        assert lines[1]["Budget restant"] == "05:00:00"
        assert lines[1]["Début de la période (heure de Paris)"] == "01/01/2026 00:00:00"


def test_a_file_holds_only_what_the_person_sees(client, supplier):
    service(supplier, "Alba")
    client.force_login(member(Role.MANDATAIRE))
    assert "Alba" not in client.get(reverse("perf:csv")).text
