"""Help, sources, accessibility: public, and honest."""

import pytest

from accounts.enums import Role
from tests.factories import member
from tests.pages import markup

pytestmark = pytest.mark.django_db
PAGES = {
    "/aide/": "L'enregistrement sur ce site ne vaut pas dépôt.",
    "/sources/": "4 mars 2025",
    "/accessibilite/": "Ce site n'a pas été audité.",
}


@pytest.mark.parametrize(("url", "sentence"), PAGES.items())
@pytest.mark.parametrize("role", [None, Role.SALARIE, Role.RESPONSABLE])
def test_a_page_is_public_and_says_what_matters(client, url, sentence, role):
    if role:
        client.force_login(member(role))
    response = client.get(url)
    assert response.status_code == 200
    assert sentence in markup(response)


@pytest.mark.parametrize("url", PAGES)
def test_no_page_claims_conformity(client, url):
    assert "100 %" not in markup(client.get(url))
