import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.services.api_tokens import PREFIX, api_token_revoke, authenticate
from api.enums import Scope
from tests.by import acting
from tests.factories import MembershipFactory, UserFactory, member
from tests.keys import give_key
from tests.pages import markup

pytestmark = pytest.mark.django_db
PAGE = reverse("accounts:api_tokens")


@pytest.fixture
def mandataire():
    return member(Role.MANDATAIRE, full_name="Claire Vasseur")


@pytest.fixture
def host(mandataire):
    return mandataire.memberships.get().organisation


@pytest.fixture
def mine(client, mandataire):
    client.force_login(mandataire)
    return client


def give(host, actor, name="Supervision interne"):
    return give_key(actor, host, name=name)


def answer(name, **more):
    ends_on = timezone.now().date() + dt.timedelta(days=90)
    return {"name": name, "scopes": [Scope.READ], "ends_on": ends_on.isoformat(), **more}


def revoke_page(token):
    return reverse("accounts:api_token_revoke", args=[token.pk])


def test_without_a_key_the_page_says_so(mine):
    assert "Aucune clé n'existe" in markup(mine.get(PAGE))


def test_a_new_key_is_shown_once(mine, host, caplog):
    response = mine.post(PAGE, answer("  Supervision   interne "))
    page = markup(response)
    assert "Notez-la maintenant" in page
    assert "no-store" in response["Cache-Control"]
    key = next(word for word in page.replace("<", ">").split(">") if word.startswith(PREFIX))
    assert authenticate(key, "192.0.2.7", timezone.now()) == ApiToken.objects.get(
        name="Supervision interne"
    )
    listed = markup(mine.get(PAGE))
    assert key not in listed
    assert key[:12] in listed
    assert "par Claire Vasseur" in listed
    assert key not in caplog.text


def test_the_answer_sent_twice_makes_one_key(mine):
    mine.post(PAGE, answer("Supervision"))
    again = mine.post(PAGE, answer("Supervision"))
    assert again.status_code == 422
    assert "appelle déjà" in markup(again)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Donnez un nom à la clé."), ("   ", "Donnez un nom"), ("x" * 101, "au plus 100")],
)
def test_a_wrong_name_is_refused_with_a_sentence(mine, name, sentence):
    response = mine.post(PAGE, answer(name))
    assert response.status_code == 422
    assert sentence in markup(response)
    assert not ApiToken.objects.exists()


def test_revoking_asks_first(mine, host, mandataire):
    token, key = give(host, mandataire)
    assert "Retirer cette clé ?" in markup(mine.get(revoke_page(token)))
    assert authenticate(key, "192.0.2.7", timezone.now())
    response = mine.post(revoke_page(token), follow=True)
    assert "elle n&#x27;ouvre plus rien" in markup(response)
    assert authenticate(key, "192.0.2.7", timezone.now()) is None
    assert "déjà retirée" in markup(mine.get(revoke_page(token)))


def test_the_list_says_when_a_key_was_used_and_who_revoked_it(mine, host, mandataire):
    _token, key = give(host, mandataire, "Ancienne")
    authenticate(key, "192.0.2.7", timezone.now())
    api_token_revoke(token=_token, by=acting(mandataire, timezone.now()))
    give(host, mandataire, "Nouvelle")
    page = markup(mine.get(PAGE))
    assert "Retirée" in page
    assert "Jamais" in page
    assert "Nouvelle" in page


def test_queries_do_not_grow_with_keys(mine, host, mandataire, django_assert_max_num_queries):
    for number in range(6):
        token, _key = give(host, mandataire, f"Clé {number}")
        if number % 2:
            api_token_revoke(token=token, by=acting(mandataire, timezone.now()))
    with django_assert_max_num_queries(8):
        mine.get(PAGE)


@pytest.mark.parametrize("role", [Role.REPRESENTANT, Role.SALARIE, Role.AGENT])
def test_who_does_not_lead_reads_who_does(client, role):
    person = member(role)
    client.force_login(person)
    token, _key = give(person.memberships.get().organisation, person)
    for url in (PAGE, revoke_page(token)):
        for method in (client.get, client.post):
            response = method(url)
            assert response.status_code == 403
            assert "sont gérées par les Mandataires" in markup(response)
    organisation = markup(client.get(reverse("accounts:organisation")))
    assert PAGE not in organisation
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.RESPONSABLE])
def test_who_leads_reaches_the_page_from_the_organisation(client, role):
    client.force_login(member(role))
    assert PAGE in markup(client.get(reverse("accounts:organisation")))
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.RESPONSABLE])
def test_the_key_of_another_organisation_does_not_exist(client, host, mandataire, role):
    token, key = give(host, mandataire)
    client.force_login(member(role))
    for method in (client.get, client.post):
        assert method(revoke_page(token)).status_code == 404
    assert token.name not in markup(client.get(PAGE))
    assert authenticate(key, "192.0.2.7", timezone.now())


def test_a_person_of_two_organisations_sees_the_keys_of_the_active_one(client, host, mandataire):
    give(host, mandataire, "Celle de la première")
    second = MembershipFactory(user=mandataire).organisation
    client.force_login(mandataire)
    client.post(reverse("accounts:switch"), {"organisation": second.pk})
    assert "Celle de la première" not in markup(client.get(PAGE))


def test_a_person_without_organisation_is_sent_to_the_page_that_says_so(client):
    client.force_login(UserFactory())
    assert client.get(PAGE)["Location"] == reverse("accounts:none")


def test_anonymous_logs_in_first(client, host, mandataire):
    token, _key = give(host, mandataire)
    for url in (PAGE, revoke_page(token)):
        assert client.get(url)["Location"].startswith(reverse("account_login"))


def test_the_administration_reveals_nothing(client, host, mandataire):
    token, _key = give(host, mandataire)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:accounts_apitoken_change", args=[token.pk]))
    assert token.start in markup(page)
    assert token.token_sha256 not in markup(page)
    assert client.get(reverse("admin:accounts_apitoken_add")).status_code == 403


def test_a_colleague_takes_a_key_over(client, host, mandataire):
    token, key = give(host, mandataire)
    other = member(Role.MANDATAIRE, host, full_name="Paul Riou")
    client.force_login(other)
    assert "Reprendre" in markup(client.get(PAGE))
    answered = client.post(reverse("accounts:api_token_take_over", args=[token.pk]), follow=True)
    assert "Vous répondez maintenant de la clé" in markup(answered)
    assert authenticate(key, "192.0.2.7", timezone.now()).held_by == other
    assert "Reprendre" not in markup(client.get(PAGE))


def test_nobody_else_takes_a_key_over(client, host, mandataire):
    token, _key = give(host, mandataire)
    for person, status in ((member(Role.SALARIE, host), 403), (member(Role.MANDATAIRE), 404)):
        client.force_login(person)
        url = reverse("accounts:api_token_take_over", args=[token.pk])
        assert client.post(url).status_code == status
    token.refresh_from_db()
    assert token.held_by == mandataire


def test_the_page_of_a_departure_names_the_keys_that_end_with_it(client, host, mandataire):
    give(host, mandataire, "ERP")
    other = member(Role.MANDATAIRE, host)
    client.force_login(other)
    membership = mandataire.memberships.get()
    page = markup(client.get(reverse("accounts:member_edit", args=[membership.pk])))
    assert "1 clé d&#x27;API : « ERP »" in page
    assert "retirée avec ce départ" in page


def test_a_source_of_the_supervision_is_shown_its_secret_once(client):
    client.force_login(member(Role.RESPONSABLE))
    sent = answer("Better Stack", scopes=[Scope.SUPERVISION], signs="on")
    page = markup(client.post(PAGE, sent))
    assert "whsec_" in page
    assert ApiToken.objects.get().signs
    assert "whsec_" not in markup(client.get(PAGE))


def test_an_industriel_is_not_offered_the_supervision(mine):
    assert "incidents de la supervision" not in markup(mine.get(PAGE))
    refused = mine.post(PAGE, answer("Sonde", scopes=[Scope.SUPERVISION]))
    assert refused.status_code == 422
