"""An address asked with a method that it does not take."""

import pytest

from accounts.enums import Role
from tests.factories import member
from tests.pages import markup, text


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/membres/7/retirer/", "/membres/7/"),
        ("/instruction/suivant/", "/instruction/"),
        ("/organisation/choisir/", "/organisation/"),
        ("/affichage/", "/"),
    ],
)
def test_reading_the_address_of_an_act_explains_and_leads_to_the_page_above(client, db, path, back):
    client.force_login(member(Role.REPRESENTANT))
    response = client.get(path)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "<h1>Rien à lire à cette adresse</h1>" in markup(response)
    assert f'<a class="button" href="{back}">Revenir' in markup(response)
    assert client.head(path).status_code == 405


def test_sending_to_a_page_that_takes_nothing_is_refused_with_a_way_back(client, db):
    response = client.post("/installations-reussies/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "<h1>Envoi refusé</h1>" in markup(response)
    assert "Rien n'a été enregistré" in text(response)


def test_the_api_refuses_a_method_in_its_own_shape(client, db):
    response = client.put("/api/v1/docs")
    assert response.status_code == 405
    assert response.json()["detail"].startswith("Méthodes possibles à cette adresse : ")
    assert response.json()["detail"].endswith(f"{response['Allow']}.")
