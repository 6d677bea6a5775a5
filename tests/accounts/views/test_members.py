import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Invitation, Membership
from accounts.services.invitations import invitation_send
from tests.accounts.mailbox import last, received
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
ADDRESS = "nouvelle@exemple.example"


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


def invite(host, actor, email=ADDRESS, now=None):
    return invitation_send(
        organisation=host,
        email=email,
        role=Role.SALARIE,
        by=acting(actor, now or timezone.now()),
    )


def test_the_page_shows_members_and_who_is_expected(mine, host, mandataire):
    member(Role.SALARIE, host, full_name="Paul Armand", email="paul@exemple.example")
    invite(host, mandataire)
    invite(host, mandataire, "vieille@exemple.example", timezone.now() - dt.timedelta(days=15))
    page = markup(mine.get(reverse("accounts:organisation")))
    for text in ("Claire Vasseur", "Paul Armand", "paul@exemple.example", ADDRESS, "Expirée"):
        assert text in page
    assert "Envoyer l'invitation" in page
    assert "Renvoyer" in page


def test_a_salarie_reads_and_has_no_button(client, host, mandataire):
    invite(host, mandataire)
    client.force_login(member(Role.SALARIE, host))
    page = markup(client.get(reverse("accounts:organisation")))
    assert ADDRESS in page
    for text in ("Envoyer l'invitation", "Renvoyer", "Changer le rôle"):
        assert text not in page
    assert "gérés par les Mandataires" in page


def test_inviting_sends_a_mail_and_comes_back(mine, host):
    url = reverse("accounts:invite", args=[host.pk])
    response = mine.post(url, {"email": "Nouvelle@exemple.example", "role": "SALARIE"})
    assert response["Location"] == reverse("accounts:organisation")
    assert f"Invitation envoyée à {ADDRESS}." in markup(mine.get(response["Location"]))
    assert len(received(ADDRESS)) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({}, "Écrivez une adresse électronique."),
        ({"email": ADDRESS}, "Choisissez un rôle."),
        ({"email": "nouvelle", "role": "SALARIE"}, "Cette adresse n&#x27;est pas complète."),
        ({"email": ADDRESS, "role": "AGENT"}, "Cette organisation ne donne pas ce rôle"),
        ({"email": "paul@exemple.example", "role": "SALARIE"}, "est déjà membre"),
        ({"email": "invitee@exemple.example", "role": "SALARIE"}, "est déjà invité"),
    ],
)
def test_a_wrong_invitation_is_shown_at_its_field_and_loses_nothing(
    mine, host, mandataire, answer, sentence
):
    member(Role.SALARIE, host, email="paul@exemple.example")
    invite(host, mandataire, "invitee@exemple.example")
    page = markup(mine.post(reverse("accounts:invite", args=[host.pk]), answer))
    assert sentence in page
    assert answer.get("email", "") in page
    assert Invitation.objects.count() == 1


def test_invitations_are_limited(mine, host, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "1/h/user"}
    url = reverse("accounts:invite", args=[host.pk])
    mine.post(url, {"email": ADDRESS, "role": "SALARIE"})
    answer = mine.post(url, {"email": "encore@exemple.example", "role": "SALARIE"})
    assert answer.status_code == 429
    assert not received("encore@exemple.example")


def test_sending_again_and_withdrawing(mine, host, mandataire):
    invitation = invite(host, mandataire, now=timezone.now() - dt.timedelta(days=15))
    url = reverse("accounts:invitation_resend", args=[invitation.pk])
    page = markup(mine.post(url, follow=True))
    assert "Invitation renvoyée" in page
    invitation.refresh_from_db()
    assert invitation.expires_at > timezone.now() + dt.timedelta(days=13)
    assert len(received(ADDRESS)) == 2
    url = reverse("accounts:invitation_revoke", args=[invitation.pk])
    page = markup(mine.post(url, follow=True))
    assert f"Invitation de {ADDRESS} retirée." in page
    page = markup(
        mine.post(reverse("accounts:invitation_resend", args=[invitation.pk]), follow=True)
    )
    assert "Cette invitation a été retirée." in page
    assert len(received(ADDRESS)) == 2


def test_an_accepted_invitation_is_not_withdrawn(mine, host, mandataire):
    invitation = invite(host, mandataire)
    Invitation.objects.update(accepted_at=timezone.now())
    url = reverse("accounts:invitation_revoke", args=[invitation.pk])
    assert "a déjà accepté" in markup(mine.post(url, follow=True))


def test_a_role_is_changed_and_signed(mine, host, mandataire):
    other = MembershipFactory(organisation=host, role=Role.SALARIE)
    url = reverse("accounts:member_edit", args=[other.pk])
    assert "checked" in markup(mine.get(url))
    assert mine.post(url, {"role": "REPRESENTANT"})["Location"] == reverse("accounts:organisation")
    other.refresh_from_db()
    assert other.role == Role.REPRESENTANT
    [entry] = entries(other)
    assert (entry.signer.user_id, entry.what) == (
        mandataire.pk,
        "Rôle changé : Salarié → Représentant",
    )


def test_the_last_mandataire_cannot_step_down_nor_leave(mine, mandataire):
    mine_pk = mandataire.memberships.get().pk
    page = mine.post(reverse("accounts:member_edit", args=[mine_pk]), {"role": "SALARIE"})
    assert "Claire Vasseur est le dernier Mandataire" in markup(page)
    page = mine.post(reverse("accounts:member_remove", args=[mine_pk]), follow=True)
    assert "Claire Vasseur est le dernier Mandataire" in markup(page)
    assert Membership.objects.filter(pk=mine_pk, role=Role.MANDATAIRE).exists()


def test_a_member_is_removed(mine, host):
    other = MembershipFactory(organisation=host, role=Role.SALARIE)
    response = mine.post(reverse("accounts:member_remove", args=[other.pk]), follow=True)
    assert "n&#x27;est plus membre." in markup(response)
    assert not Membership.objects.filter(pk=other.pk).exists()


def test_leaving_an_organisation_leads_to_what_is_left(mine, host, mandataire):
    MembershipFactory(organisation=host)
    url = reverse("accounts:member_remove", args=[mandataire.memberships.get().pk])
    assert mine.post(url)["Location"] == reverse("landing")
    assert mine.get(reverse("landing"))["Location"] == reverse("accounts:none")


def test_a_responsable_manages_another_organisation_and_comes_back_to_it(client, host, mandataire):
    client.force_login(member(Role.RESPONSABLE))
    page_of_host = reverse("accounts:organisation_detail", args=[host.pk])
    invitation = invite(host, mandataire)
    for name, pk, answer in (
        ("invite", host.pk, {"email": "autre@exemple.example", "role": "MANDATAIRE"}),
        ("invitation_resend", invitation.pk, {}),
        ("invitation_revoke", invitation.pk, {}),
        ("member_edit", mandataire.memberships.get().pk, {"role": "MANDATAIRE"}),
    ):
        response = client.post(reverse(f"accounts:{name}", args=[pk]), answer)
        assert response["Location"] == page_of_host
    assert last("autre@exemple.example").subject.startswith("Invitation")


def test_the_first_person_of_an_organisation_is_proposed_to_lead_it(client):
    client.force_login(member(Role.RESPONSABLE))
    page = markup(client.get(OrganisationFactory().get_absolute_url()))
    assert "invitez son premier Mandataire" in page
    assert 'value="MANDATAIRE"' in page
    assert page.count("checked") == 1


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_members(
    mine, host, mandataire, count, django_assert_max_num_queries
):
    for n in range(count):
        MembershipFactory(organisation=host, user=UserFactory())
        invite(host, mandataire, f"personne-{n}@attente.example")
    mine.get(reverse("accounts:organisation"))
    with django_assert_max_num_queries(8):
        mine.get(reverse("accounts:organisation"))
