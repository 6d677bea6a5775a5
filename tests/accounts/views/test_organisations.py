import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from accounts.models import Organisation
from tests.entries import entries
from tests.factories import MembershipFactory, OrganisationFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
INDEX = "accounts:organisations"


@pytest.fixture
def ans(client):
    client.force_login(member(Role.RESPONSABLE, full_name="Responsable Fictive"))
    return client


def names(response):
    return [organisation.name for organisation in response.context["page_obj"]]


def test_the_list_is_searched_and_filtered(ans):
    OrganisationFactory(name="Éditions Imagix", city="Rennes")
    OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Imagix Distribution")
    OrganisationFactory(client=True, name="Clinique du Bocage", finess="350000001")
    url = reverse(INDEX)
    assert len(names(ans.get(url))) == 4
    assert names(ans.get(url, {"q": "editions"})) == ["Éditions Imagix"]
    assert names(ans.get(url, {"q": "rennes imagix"})) == ["Éditions Imagix"]
    assert names(ans.get(url, {"kind": "DISTRIBUTEUR"})) == ["Imagix Distribution"]
    assert names(ans.get(url, {"q": "imagix", "kind": "CLIENT"})) == []
    assert "Aucune organisation ne correspond" in markup(ans.get(url, {"q": "zzz"}))
    assert len(names(ans.get(url, {"kind": "INCONNUE"}))) == 4
    assert names(ans.get(url, {"q": "rennes", "kind": "INCONNUE"})) == ["Éditions Imagix"]
    assert names(ans.get(url, {"q": "ren\0nes\u200b"})) == ["Éditions Imagix"]


def test_the_list_is_paged_by_fifty(ans):
    OrganisationFactory.create_batch(60, client=True)
    url = reverse(INDEX)
    assert len(names(ans.get(url))) == 50
    assert len(names(ans.get(url, {"page": 2}))) == 11
    assert len(names(ans.get(url, {"page": "xyz"}))) == 50
    page = markup(ans.get(url, {"kind": "CLIENT", "page": 2}))
    assert "51 à 60 sur 60" in page
    assert "kind=CLIENT&amp;page=1" in page


@pytest.mark.parametrize("count", [3, 30])
def test_queries_of_the_list_do_not_grow(ans, count, django_assert_max_num_queries):
    for _ in range(count):
        MembershipFactory()
    ans.get(reverse(INDEX))
    with django_assert_max_num_queries(7):
        ans.get(reverse(INDEX))


def test_a_responsable_opens_an_editeur_and_invites_its_first_mandataire(ans):
    response = ans.post(
        reverse("accounts:organisation_create"),
        {"kind": "EDITEUR", "name": " Imagix  Systèmes ", "siren": "900 000 001", "city": "Rennes"},
    )
    organisation = Organisation.objects.get(siren="900000001")
    assert response["Location"] == organisation.get_absolute_url()
    assert organisation.name == "Imagix Systèmes"
    page = markup(ans.get(response["Location"]))
    assert "Envoyer l'invitation" in page
    assert "Modifier l'identité" in page


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"kind": ""}, "Choisissez la nature de l&#x27;organisation."),
        ({"name": ""}, "Écrivez le nom."),
        ({"siren": "123"}, "Ce numéro SIREN n&#x27;existe pas"),
        ({"siren": ""}, "Un éditeur ou un distributeur est identifié par son numéro SIREN."),
        ({"siret": "123 456 782 00010"}, "Ce SIRET commence par un autre SIREN"),
        ({"finess": "750000001"}, "Seul un Client a un numéro FINESS"),
        ({"kind": "CLIENT"}, "Un Client est identifié par son numéro FINESS."),
        ({"siren": "123 456 782"}, "Ce numéro SIREN est celui de « Déjà là »"),
    ],
)
def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(ans, answer, sentence):
    OrganisationFactory(name="Déjà là", siren="123456782")
    data = {"kind": "EDITEUR", "name": "Imagix", "siren": "900 000 001", "city": "Rennes", **answer}
    page = markup(ans.post(reverse("accounts:organisation_create"), data))
    assert sentence in page
    for value in ("Rennes", data["siren"] or "Rennes", data["name"] or "Rennes"):
        assert f'value="{value}"' in page
    assert not Organisation.objects.filter(city="Rennes").exists()


def test_an_identity_is_modified(ans):
    organisation = OrganisationFactory(siren="900000001", city="Lyon")
    url = reverse("accounts:organisation_edit", args=[organisation.pk])
    assert 'value="Lyon"' in markup(ans.get(url))
    data = {"name": "Nouveau nom", "siren": "900000001", "is_active": "on", "reason": "Essai"}
    assert ans.post(url, data)["Location"] == organisation.get_absolute_url()
    organisation.refresh_from_db()
    assert (organisation.name, organisation.city, organisation.is_active) == (
        "Nouveau nom",
        "",
        True,
    )
    assert str(entries(organisation)[-1].signer) == "Responsable Fictive"


def test_an_organisation_is_closed_and_its_members_lose_it(ans, client):
    user = member()
    organisation = user.memberships.get().organisation
    url = reverse("accounts:organisation_edit", args=[organisation.pk])
    ans.post(url, {"name": organisation.name, "siren": organisation.siren, "reason": "Fin"})
    assert "Fermée" in markup(ans.get(organisation.get_absolute_url()))
    client.force_login(user)
    assert client.get(reverse("accounts:organisation"))["Location"] == reverse("accounts:none")


def test_the_ans_itself_is_modified_but_not_closed(ans):
    agence = Organisation.objects.get(kind=Kind.ANS)
    url = reverse("accounts:organisation_edit", args=[agence.pk])
    assert "is_active" not in markup(ans.get(url))
    ans.post(url, {"name": "ANS", "reason": "Sigle"})
    agence.refresh_from_db()
    assert (agence.name, agence.is_active) == ("ANS", True)


def test_a_client_modified_into_another_links_to_it(ans):
    other = OrganisationFactory(client=True, name="CHU de Grandlieu", finess="440000001")
    client = OrganisationFactory(client=True)
    url = reverse("accounts:organisation_edit", args=[client.pk])
    page = markup(ans.post(url, {"name": "Clinique", "finess": "44 000 0001", "reason": "Essai"}))
    assert "Ce numéro FINESS est celui de « CHU de Grandlieu »" in page
    assert f'href="{other.get_absolute_url()}"' in page


def test_an_agent_reads_and_has_no_button(client):
    client.force_login(member(Role.AGENT))
    host = member(Role.MANDATAIRE).memberships.get().organisation
    for url in (reverse(INDEX), host.get_absolute_url()):
        page = markup(client.get(url))
        for text in ("Ouvrir une organisation", "Modifier l'identité", "Envoyer l'invitation"):
            assert text not in page


def test_a_client_has_its_page_in_the_directory(ans):
    client = OrganisationFactory(client=True)
    url = reverse("accounts:organisation_detail", args=[client.pk])
    assert ans.get(url)["Location"] == reverse("accounts:client_detail", args=[client.pk])


def test_a_correction_asks_for_a_reason_and_is_in_the_history(ans):
    organisation = OrganisationFactory(name="Imagx", siren="900000001")
    url = reverse("accounts:organisation_edit", args=[organisation.pk])
    data = {"name": "Imagix", "siren": "900000001", "is_active": "on"}
    assert "Indiquez le motif de la modification." in markup(ans.post(url, data))
    ans.post(url, data | {"reason": "Faute de frappe"})
    page = markup(ans.get(organisation.get_absolute_url()))
    assert "Identité modifiée : nom : Imagx → Imagix" in page
    assert "Faute de frappe" in page


def test_a_correction_that_changes_nothing_is_refused(ans):
    organisation = OrganisationFactory(name="Imagix", siren="900000001")
    url = reverse("accounts:organisation_edit", args=[organisation.pk])
    data = {"name": "Imagix", "siren": "900000001", "is_active": "on", "reason": "Essai"}
    assert "Rien ne change" in markup(ans.post(url, data))
    assert not entries(organisation)
