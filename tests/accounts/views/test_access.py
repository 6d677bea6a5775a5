"""Who may open which page of the accounts: every page, every role, an outsider, nobody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Kind, Role
from accounts.services.invitations import invitation_send
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member

pytestmark = pytest.mark.django_db
ROLES = ("mandataire", "representant", "salarie", "agent", "responsable", "outsider", "alone")
YES, NO, HIDDEN, AWAY, WRONG = 200, 403, 404, 302, 422
SEEN_BY_ALL = (YES, YES, YES, YES, YES, YES, NO)
MANAGERS = (YES, NO, NO, NO, YES, HIDDEN, HIDDEN)
EMPTY_BY_MANAGERS = (WRONG, NO, NO, NO, WRONG, HIDDEN, HIDDEN)
EMPTY_BY_ANS = (NO, NO, NO, NO, WRONG, NO, NO)
EMPTY_BY_ANS_ONE = (NO, NO, NO, NO, WRONG, HIDDEN, HIDDEN)
DONE_BY_MANAGERS = (AWAY, NO, NO, NO, AWAY, HIDDEN, HIDDEN)
ANS_READS = (NO, NO, NO, YES, YES, NO, NO)
ANS_READS_ONE = (NO, NO, NO, YES, YES, HIDDEN, HIDDEN)
ANS_WRITES = (NO, NO, NO, NO, YES, NO, NO)
ANS_WRITES_ONE = (NO, NO, NO, NO, YES, HIDDEN, HIDDEN)

PAGES = [
    ("get", "accounts:organisation", None, (YES, YES, YES, YES, YES, YES, AWAY)),
    ("get", "accounts:none", None, (AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, YES)),
    ("get", "accounts:profile", None, (YES,) * 7),
    ("get", "accounts:invite", "host", MANAGERS),
    ("post", "accounts:invite", "host", EMPTY_BY_MANAGERS),
    ("get", "accounts:member_edit", "membership", MANAGERS),
    ("post", "accounts:member_edit", "membership", EMPTY_BY_MANAGERS),
    ("post", "accounts:member_remove", "membership", DONE_BY_MANAGERS),
    ("post", "accounts:invitation_resend", "invitation", DONE_BY_MANAGERS),
    ("post", "accounts:invitation_revoke", "invitation", DONE_BY_MANAGERS),
    ("get", "accounts:organisations", None, ANS_READS),
    ("get", "accounts:organisation_create", None, ANS_WRITES),
    ("post", "accounts:organisation_create", None, EMPTY_BY_ANS),
    ("get", "accounts:organisation_detail", "host", ANS_READS_ONE),
    ("get", "accounts:organisation_edit", "host", ANS_WRITES_ONE),
    ("post", "accounts:organisation_edit", "host", EMPTY_BY_ANS_ONE),
    ("get", "accounts:organisation_edit", "client", ANS_WRITES),
    ("get", "accounts:clients", None, SEEN_BY_ALL),
    ("get", "accounts:client_detail", "client", SEEN_BY_ALL),
    ("get", "accounts:client_create", None, (YES, YES, YES, NO, YES, YES, NO)),
    ("post", "accounts:client_create", None, (WRONG, WRONG, WRONG, NO, WRONG, WRONG, NO)),
]
CASES = [
    pytest.param((method, name, of), role, status, id=f"{method} {name} {of or ''} {role}")
    for method, name, of, statuses in PAGES
    for role, status in zip(ROLES, statuses, strict=True)
]


@pytest.fixture
def world():
    """An éditeur with a colleague and an invitation, a Client, and one person of each role."""
    host = OrganisationFactory(name="Imagix Systèmes")
    agence = OrganisationFactory(ans=True)
    mandataire = member(Role.MANDATAIRE, host)
    people = {
        "mandataire": mandataire,
        "representant": member(Role.REPRESENTANT, host),
        "salarie": member(Role.SALARIE, host),
        "agent": member(Role.AGENT, agence),
        "responsable": member(Role.RESPONSABLE, agence),
        "outsider": member(Role.MANDATAIRE),
        "alone": UserFactory(),
    }
    invitation = invitation_send(
        organisation=host,
        email="attendue@exemple.example",
        role=Role.SALARIE,
        by=acting(mandataire, timezone.now()),
    )
    return {
        "people": people,
        "host": host,
        "client": OrganisationFactory(client=True),
        "membership": MembershipFactory(organisation=host, role=Role.SALARIE),
        "invitation": invitation,
    }


@pytest.mark.parametrize(("page", "role", "status"), CASES)
def test_access(world, page, role, status):
    method, name, of = page
    client = Client()
    client.force_login(world["people"][role])
    url = reverse(name, args=[world[of].pk] if of else [])
    assert getattr(client, method)(url).status_code == status


@pytest.mark.parametrize(("method", "name", "of"), [page[:3] for page in PAGES])
def test_nobody_gets_the_login_page(world, client, method, name, of):
    url = reverse(name, args=[world[of].pk] if of else [])
    answer = getattr(client, method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["member_remove", "invitation_resend", "invitation_revoke"])
def test_what_changes_something_is_a_post(world, client, name):
    client.force_login(world["people"]["mandataire"])
    of = "membership" if name == "member_remove" else "invitation"
    assert client.get(reverse(f"accounts:{name}", args=[world[of].pk])).status_code == 405


@pytest.mark.parametrize("kind", [Kind.EDITEUR, Kind.DISTRIBUTEUR])
def test_another_industriel_is_not_even_known(client, kind):
    client.force_login(member())
    other = OrganisationFactory(kind=kind)
    for name in ("organisation_detail", "organisation_edit", "invite", "client_detail"):
        assert client.get(reverse(f"accounts:{name}", args=[other.pk])).status_code == 404


def test_a_mandataire_of_two_manages_both(client):
    user = UserFactory()
    first, second = MembershipFactory.create_batch(2, user=user)
    client.force_login(user)
    for membership in (first, second):
        url = reverse("accounts:invite", args=[membership.organisation_id])
        assert client.get(url).status_code == 200


def test_a_mandataire_here_is_not_one_there(client):
    user = member(Role.MANDATAIRE)
    there = MembershipFactory(user=user, role=Role.SALARIE).organisation
    client.force_login(user)
    assert client.get(reverse("accounts:invite", args=[there.pk])).status_code == 403
