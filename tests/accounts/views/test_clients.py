import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from accounts.models import Organisation
from tests.factories import OrganisationFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
INDEX = "accounts:clients"
CREATE = "accounts:client_create"
ANSWER = {"name": "Clinique des Trois-Fontaines", "finess": "35 000 0001", "city": "Rennes"}


@pytest.fixture
def salarie(client):
    client.force_login(member(Role.SALARIE))
    return client


def names(response):
    return [organisation.name for organisation in response.context["page_obj"]]


def test_the_directory_holds_the_clients_and_nobody_else(salarie):
    OrganisationFactory(client=True, name="Hôpital du Bocage", city="Vire", finess="140000001")
    OrganisationFactory(client=True, name="Hôpital fermé", is_active=False)
    OrganisationFactory(name="Éditeur fictif")
    response = salarie.get(reverse(INDEX))
    assert names(response) == ["Hôpital du Bocage"]
    page = markup(response)
    assert "140000001" in page
    assert "Vire" in page


@pytest.mark.parametrize("words", ["hopital bocage", "VIRE", "140000001", "14 000"])
def test_a_client_is_found_by_name_commune_or_finess(salarie, words):
    OrganisationFactory(client=True, name="Hôpital du Bocage", city="Vire", finess="140000001")
    OrganisationFactory(client=True, name="Clinique", finess="290000002")
    assert names(salarie.get(reverse(INDEX), {"q": words})) == ["Hôpital du Bocage"]


def test_an_empty_page_says_why_and_what_next(salarie):
    assert "L'annuaire est encore vide." in markup(salarie.get(reverse(INDEX)))
    page = markup(salarie.get(reverse(INDEX), {"q": "introuvable"}))
    assert "Aucun Client ne correspond" in page
    assert reverse(CREATE) in page


@pytest.mark.parametrize("count", [3, 70])
def test_queries_of_the_directory_do_not_grow(salarie, count, django_assert_max_num_queries):
    OrganisationFactory.create_batch(count, client=True)
    salarie.get(reverse(INDEX))
    with django_assert_max_num_queries(7):
        assert len(names(salarie.get(reverse(INDEX)))) == min(count, 50)


def test_any_industriel_adds_the_client_that_it_misses(salarie):
    response = salarie.post(reverse(CREATE), ANSWER)
    client = Organisation.objects.get(finess="350000001")
    assert client.kind == Kind.CLIENT
    assert client.siren == ""
    assert response["Location"] == reverse("accounts:client_detail", args=[client.pk])
    page = markup(salarie.get(response["Location"]))
    assert "350000001" in page
    assert "Modifier l'identité" not in page


@pytest.mark.parametrize(
    ("next_url", "path"),
    [
        ("/prestations/nouvelle/", "/prestations/nouvelle/?client={pk}"),
        ("/prestations/nouvelle/?solution=4", "/prestations/nouvelle/?solution=4&client={pk}"),
        ("https://ailleurs.example/", "/clients/{pk}/"),
    ],
)
def test_the_form_that_missed_a_client_gets_it(salarie, next_url, path):
    page = markup(salarie.get(reverse(CREATE), {"next": next_url}))
    assert 'value="https://ailleurs' not in page
    response = salarie.post(reverse(CREATE), {**ANSWER, "next": next_url})
    client = Organisation.objects.get(finess="350000001")
    assert response["Location"] == path.format(pk=client.pk)


def test_a_finess_already_there_says_whose_and_links_to_it(salarie):
    other = OrganisationFactory(client=True, name="CHU de Grandlieu", finess="350000001")
    page = markup(salarie.post(reverse(CREATE), ANSWER))
    assert "Ce numéro FINESS est celui de « CHU de Grandlieu »" in page
    assert f'<a href="{other.get_absolute_url()}">CHU de Grandlieu</a>' in page
    assert 'value="35 000 0001"' in page
    assert Organisation.objects.clients().count() == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"name": " "}, "Écrivez le nom."),
        ({"finess": ""}, "Écrivez le numéro FINESS."),
        ({"finess": "3500"}, "n&#x27;a pas la bonne forme"),
        ({"siren": "123"}, "Ce numéro SIREN n&#x27;existe pas"),
        ({"siret": "123"}, "Ce numéro SIRET n&#x27;existe pas"),
        ({"siren": "900000001", "siret": "12345678200010"}, "Ce SIRET commence par un autre SIREN"),
    ],
)
def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(salarie, answer, sentence):
    page = markup(salarie.post(reverse(CREATE), {**ANSWER, **answer}))
    assert sentence in page
    assert 'value="Rennes"' in page
    assert not Organisation.objects.clients().exists()


def test_a_responsable_may_modify_a_client(client):
    client.force_login(member(Role.RESPONSABLE))
    shown = OrganisationFactory(client=True)
    assert "Modifier l'identité" in markup(client.get(shown.get_absolute_url()))
