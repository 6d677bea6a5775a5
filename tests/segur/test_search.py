"""`/recherche/`: what this person may see, by kind, whatever the accents, hyphens and case."""

import re
from html import unescape

import pytest
from django.db import connection

from accounts.enums import Kind, Role
from accounts.models import Organisation
from calendar_app.models import Filing, Milestone, Proof, Solution
from perf.models import Outage, OutageVersion, Statement, Ticket
from pilots.pv.models import PVFile
from segur.searching import COUNTED, SHOWN
from tests.factories import (
    DeadlineFactory,
    MembershipFactory,
    OrganisationFactory,
    PilotFactory,
    PilotPVFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
    member,
)
from tests.pages import markup, text

PAGE = "/recherche/"
GROUP = re.compile(
    r"<h2[^>]*>(.*?) <span class=\"soft\">\((.*?)\)</span></h2>(.*?)</section>", re.DOTALL
)
HIT = re.compile(r'<li><a href="([^"]+)">(.*?)</a>')


@pytest.fixture
def mine(client, calendars):
    """An éditeur's person, logged in, with a prestation at a Client."""
    user = member(Role.REPRESENTANT)
    client.force_login(user)
    organisation = user.memberships.get().organisation
    solution = SolutionFactory(
        organisation=organisation, name="RIS Hélios", reference_number="V2-IMG-0042"
    )
    hospital = OrganisationFactory(
        client=True, name="Hôpital Saint-Étienne d'Arcueil", city="Arcueil", finess="940000123"
    )
    return PrestationFactory(
        supplier=SupplierFactory(solution=solution), client=hospital, order_reference="BDC-2026-17"
    )


def groups(response):
    """Kind → (count, titles)."""
    assert response.status_code == 200
    return {
        unescape(label): (count, [unescape(title) for _, title in HIT.findall(hits)])
        for label, count, hits in GROUP.findall(markup(response))
    }


def ask(client, words):
    return client.get(PAGE, {"q": words})


@pytest.mark.parametrize(
    "words",
    [
        "Hôpital Saint-Étienne",
        "hopital saint etienne",
        "HÔPITAL ETIENNE",
        "etienne arcueil",
        "d’Arcueil",
        "hopitel",  # replaced
        "hopitl",  # missing
        "hopittal",  # added
        "hoptial",  # exchanged
        "saint etiemne",
        "arcuei",  # its beginning
    ],
)
def test_a_client_is_found_as_people_type_its_name(client, mine, words):
    assert groups(ask(client, words))["Clients"] == ("1", [mine.client.name])


@pytest.mark.parametrize("words", ["hopxtxl", "sxixt", "saint etienne paris", "hôpital lyon", "x"])
def test_two_wrong_letters_or_another_word_find_nothing(client, mine, words):
    assert "Clients" not in groups(ask(client, words))


def test_what_has_the_very_word_hides_what_is_near_it(client, mine):
    near = OrganisationFactory(client=True, name="Hopitol du Parc")
    assert groups(ask(client, "hopitol"))["Clients"] == ("1", [near.name])


def test_those_whose_name_begins_so_come_first(client, mine):
    for name in ("Clinique Hôpital Ouest", "Hôpital Zénith"):
        OrganisationFactory(client=True, name=name)
    titles = groups(ask(client, "hopital"))["Clients"][1]
    assert titles == ["Hôpital Saint-Étienne d'Arcueil", "Hôpital Zénith", "Clinique Hôpital Ouest"]


def test_a_client_is_found_with_my_prestations_there(client, mine):
    found = groups(ask(client, "etienne"))
    assert found["Prestations"] == ("1", [mine.client.name])
    assert groups(ask(client, "helios"))["Solutions"] == ("1", ["RIS Hélios"])


def test_the_number_of_a_client_typed_with_spaces_leads_to_it(client, mine):
    assert ask(client, "940 000 123")["Location"] == f"/clients/{mine.client.pk}/"


def test_one_wrong_digit_finds_nothing(client, mine):
    assert groups(ask(client, "940000124")) == {}


REFERENCES = {
    "bon de commande": ("bdc-2026-17", "/prestations/{prestation.pk}/"),
    "référencement": ("v2-img-0042", "/solutions/{prestation.supplier.solution_id}/"),
}


@pytest.mark.parametrize(("words", "url"), REFERENCES.values(), ids=REFERENCES)
def test_an_exact_reference_jumps_to_its_object(client, mine, words, url):
    assert ask(client, words)["Location"] == url.format(prestation=mine)


def test_a_reference_of_two_objects_shows_both_first(client, mine):
    twin = PrestationFactory(supplier=mine.supplier, order_reference="BDC-2026-17")
    found = groups(ask(client, "BDC-2026-17"))
    assert next(iter(found)) == "Prestations"
    assert found["Prestations"][0] == "2"
    assert sorted(found["Prestations"][1]) == sorted([mine.client.name, twin.client.name])


def test_a_milestone_leads_to_its_deadlines(client, mine):
    milestone = Milestone.objects.get(dispositif=mine.dispositif, number=6)
    DeadlineFactory(solution=None, prestation=mine, milestone=milestone)
    page = ask(client, "solde")
    assert groups(page)["Échéances"] == ("1", [milestone.title])
    assert f"jalon={milestone.code}" in markup(page)


def test_people_are_those_of_my_organisation(client, mine):
    MembershipFactory(user=UserFactory(full_name="Zoé Lambért"), organisation=mine.organisation)
    member(full_name="Zoé Lambert ailleurs")
    assert groups(ask(client, "lambert"))["Personnes de mon organisation"] == ("1", ["Zoé Lambért"])
    assert groups(ask(client, "lembert"))["Personnes de mon organisation"] == ("1", ["Zoé Lambért"])


def test_pvs_are_found_by_their_client_where_each_reads_them(client, mine):
    pv = PilotPVFactory(pilot=PilotFactory(prestation=mine))
    page = ask(client, "etienne")
    assert f"/pilotes/pv/{pv.pk}/" in markup(page)
    client.force_login(member(Role.AGENT))
    assert f"/instruction/{pv.pk}/" in markup(ask(client, "etienne"))


def test_an_outsider_finds_and_counts_nothing_of_others(client, mine):
    PilotPVFactory(pilot=PilotFactory(prestation=mine))
    MembershipFactory(user=UserFactory(full_name="Zoé Lambert"), organisation=mine.organisation)
    client.force_login(member(Role.REPRESENTANT))
    for words in ("helios", "lambert", "BDC-2026-17", "V2-IMG-0042", mine.organisation.name):
        assert groups(ask(client, words)).keys() <= {"Aide"}, words  # an example of the guide
    assert list(groups(ask(client, "etienne"))) == ["Clients"]  # the directory is everybody's


def test_somebody_of_no_organisation_finds_nothing(client, mine):
    client.force_login(UserFactory())
    assert groups(ask(client, "etienne")) == {}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "La touche / mène au champ de recherche"),
        ("h", "Tapez au moins deux caractères."),
        ("zzzzzz", "Rien ne correspond"),
    ],
)
def test_a_page_without_result_says_why(client, mine, words, sentence):
    assert sentence in text(ask(client, words))


def test_what_is_typed_is_never_markup_nor_a_pattern(client, mine):
    page = ask(client, '<script>"%_')
    assert "<script>&quot;" not in markup(page)
    assert groups(page) == {}
    assert "Clients" not in groups(ask(client, "%%%"))


def test_beyond_ten_the_list_is_offered_and_all_are_counted(client, mine):
    for _ in range(SHOWN + 2):
        OrganisationFactory(client=True, name="Clinique des Ormes")
    page = ask(client, "ormes")
    count, titles = groups(page)["Clients"]
    assert (count, len(titles)) == ("12", SHOWN)
    assert "/clients/?q=ormes" in markup(page)


def test_queries_do_not_grow_with_the_rows(client, mine, django_assert_max_num_queries):
    PrestationFactory(supplier=mine.supplier)
    ask(client, "fictif")
    with django_assert_max_num_queries(40) as few:
        ask(client, "fictif")
    for _ in range(15):
        PrestationFactory(supplier=mine.supplier)
    with django_assert_max_num_queries(len(few)):
        ask(client, "fictif")


def exact_hits():
    """Of the demonstration: what is typed, where it leads."""
    filing = Filing.objects.filed().exclude(external_reference="").last()
    proof = Proof.objects.filter(filing=filing).first()
    statement = Statement.objects.last()
    ticket = Ticket.objects.last()
    version = OutageVersion.objects.exclude(reference="").last()
    return [
        (filing.receipt_number, f"/echeances/recepisses/{filing.receipt_number}/"),
        (filing.receipt_number.lower(), f"/echeances/recepisses/{filing.receipt_number}/"),
        (filing.external_reference, f"/echeances/recepisses/{filing.receipt_number}/"),
        (filing.receipt_sha256.upper(), f"/echeances/recepisses/{filing.receipt_number}/"),
        (f"  {proof.sha256} ", f"/echeances/{filing.deadline_id}/"),
        (statement.number, f"/perf/releves/{statement.pk}/"),
        (statement.sha256, f"/perf/releves/{statement.pk}/"),
        (ticket.reference, f"/perf/tickets/{ticket.pk}/"),
        (version.reference, f"/perf/pannes/{version.outage_id}/"),
        (f"panne n° {version.outage_id}", f"/perf/pannes/{version.outage_id}/"),
    ]


@pytest.mark.usefixtures("demo")
def test_every_number_of_the_demonstration_leads_to_its_object(client):
    client.force_login(member(Role.AGENT))
    for words, url in exact_hits():
        assert ask(client, words).headers.get("Location") == url, words
    file = PVFile.objects.filter(pv__sent_at__isnull=False).last()
    assert ask(client, file.sha256).headers.get("Location") == f"/instruction/{file.pv_id}/"


@pytest.mark.usefixtures("demo")
def test_no_number_of_the_demonstration_is_found_by_an_outsider(client):
    client.force_login(member(Role.REPRESENTANT))
    for words, _url in exact_hits():
        assert groups(ask(client, words)).keys() <= {"Aide"}, words  # an example of the guide
    assert Outage.objects.exists()


def test_more_than_a_thousand_are_not_counted(client, mine):
    Organisation.objects.bulk_create(
        Organisation(
            kind=Kind.CLIENT,
            name=f"Centre {n}",
            finess=f"{100000000 + n}",
            search_text=f"centre {n}",
        )
        for n in range(COUNTED + 1)
    )
    assert groups(ask(client, "centre"))["Clients"][0] == "plus de 1 000"


def test_a_reference_that_others_used_many_times_is_still_found(client, mine, monkeypatch):
    monkeypatch.setattr("segur.searching.COUNTED", 2)
    PrestationFactory.create_batch(3, order_reference="BDC-77")
    own = PrestationFactory(supplier=mine.supplier, order_reference="BDC-77")
    assert ask(client, "bdc-77").url == f"/prestations/{own.pk}/"


@pytest.mark.distributed
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no trigrams")
def test_the_index_of_trigrams_is_read(mine):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for rows in (Organisation.objects.all(), Solution.objects.all()):
        plan = rows.filter(search_text__contains="etienne").order_by().explain()
        assert f"{rows.model._meta.model_name}_search" in plan
