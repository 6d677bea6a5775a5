import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import InvitationState, Kind, Role
from accounts.models import Invitation, Membership
from accounts.services.invitations import (
    invitation_accept,
    invitation_resend,
    invitation_revoke,
    invitation_send,
)
from tests.accounts.mailbox import last, link, received
from tests.accounts.moments import NOW
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import as_read

pytestmark = pytest.mark.django_db
FORTNIGHT = dt.timedelta(days=14)
ADDRESS = "nouvelle@exemple.example"


@pytest.fixture
def mandataire():
    return member(Role.MANDATAIRE, full_name="Claire Vasseur", email="claire@exemple.example")


@pytest.fixture
def organisation(mandataire):
    return mandataire.memberships.get().organisation


@pytest.fixture
def send(organisation, mandataire):
    def _send(**changes):
        by = acting(changes.pop("actor", mandataire), changes.pop("now", NOW))
        fields = {"email": ADDRESS, "role": Role.REPRESENTANT, **changes}
        return invitation_send(**{"organisation": organisation, "by": by, **fields})

    return _send


def token_of(address=ADDRESS):
    return link(last(address)).rstrip("/").rsplit("/", 1)[-1]


def test_an_invitation_holds_for_fourteen_days(send, mandataire):
    invitation = send()
    assert invitation.expires_at == NOW + FORTNIGHT
    assert invitation.sent_at == NOW
    assert invitation.invited_by == mandataire
    assert invitation.state(NOW) == InvitationState.PENDING


def test_the_token_is_in_the_mail_and_nowhere_in_the_database(send):
    invitation = send()
    token = token_of()
    assert len(token) >= 43
    stored = Invitation.objects.filter(pk=invitation.pk).values_list().get()
    assert all(token not in str(value) for value in stored)
    assert Invitation.objects.of_token(token).get() == invitation


def test_the_mail_says_who_what_until_when_and_why(send, organisation):
    send()
    mail = last(ADDRESS)
    assert mail.subject == f"Invitation : rejoignez {organisation} avant le 06/12/2026 à 10h"
    for body in (as_read(mail.body_text), as_read(mail.body_html)):
        assert "comme Représentant" in body
        assert "dimanche 6 décembre 2026 à 10h (heure de Paris)" in body
        assert "Claire Vasseur (claire@exemple.example) vous invite" in body
        assert "ne faites rien" in body
    assert link(mail).startswith("/invitation/")


def test_the_mail_is_one_that_opens_an_account(send):
    send()
    mail = last(ADDRESS)
    assert mail.kind == "COMPTE"
    assert mail.is_sensitive
    assert not any(name.startswith("X-Segur") for name in mail.headers)


def test_a_name_with_markup_stays_text(organisation, mandataire, send):
    mandataire.full_name = "L'<b>Éloi</b> & fils"
    send()
    mail = last(ADDRESS)
    assert "L'<b>Éloi</b> & fils" in as_read(mail.body_text)
    assert "<b>Éloi" not in as_read(mail.body_html)


def test_the_address_is_kept_in_lower_case(send):
    assert send(email=" Nouvelle@Exemple.Example ").email == ADDRESS


@pytest.mark.parametrize(
    ("kind", "role", "allowed"),
    [
        (Kind.EDITEUR, Role.MANDATAIRE, True),
        (Kind.EDITEUR, Role.SALARIE, True),
        (Kind.EDITEUR, Role.RESPONSABLE, False),
        (Kind.DISTRIBUTEUR, Role.REPRESENTANT, True),
        (Kind.DISTRIBUTEUR, Role.AGENT, False),
        (Kind.ANS, Role.AGENT, True),
        (Kind.ANS, Role.MANDATAIRE, False),
        (Kind.CLIENT, Role.MANDATAIRE, False),
    ],
)
def test_an_organisation_gives_the_roles_of_its_kind(send, kind, role, allowed):
    host = OrganisationFactory(client=kind == Kind.CLIENT, kind=kind)
    if allowed:
        assert send(organisation=host, role=role).role == role
    else:
        with pytest.raises(ValidationError):
            send(organisation=host, role=role)


def test_a_closed_organisation_invites_nobody(send, organisation):
    organisation.is_active = False
    with pytest.raises(ValidationError, match="fermée"):
        send()


def test_a_member_is_not_invited_again(send, organisation):
    MembershipFactory(organisation=organisation, user=UserFactory(email=ADDRESS))
    with pytest.raises(ValidationError, match="est déjà membre"):
        send(email=ADDRESS.upper())


def test_a_person_is_invited_once_to_the_same_organisation(send):
    send()
    with pytest.raises(ValidationError, match="est déjà invité : renvoyez"):
        send(email=ADDRESS.upper(), role=Role.SALARIE)
    assert len(received(ADDRESS)) == 1


def test_two_at_the_same_instant_invite_once(send, monkeypatch):
    """The second looked before the first had written: the database refuses, in French."""
    send()
    monkeypatch.setattr("accounts.services.invitations._check", lambda *_: None)
    with pytest.raises(ValidationError, match="est déjà invité"):
        send()
    assert Invitation.objects.count() == 1


def test_a_person_may_be_invited_by_several_organisations(send):
    send()
    other = send(organisation=OrganisationFactory())
    assert other.pk
    assert Invitation.objects.pending().count() == 2


def test_sending_again_renews_the_token_and_the_delay_every_time(send, mandataire):
    invitation = send()
    tokens = {token_of()}
    for days in (1, 20, 40):
        moment = NOW + dt.timedelta(days=days)
        again = invitation_resend(invitation=invitation, by=acting(mandataire, moment))
        assert again.expires_at == moment + FORTNIGHT
        assert again.state(moment) == InvitationState.PENDING
        tokens.add(token_of())
    assert len(tokens) == 4
    alive = [token for token in tokens if Invitation.objects.of_token(token).exists()]
    assert alive == [token_of()]


@pytest.mark.parametrize("end", ["accepted_at", "revoked_at"])
def test_what_is_over_is_not_sent_again(send, mandataire, end):
    invitation = send()
    Invitation.objects.update(**{end: NOW})
    with pytest.raises(ValidationError, match=r"a déjà servi|a été retirée"):
        invitation_resend(invitation=invitation, by=acting(mandataire, NOW))
    assert len(received(ADDRESS)) == 1


def test_withdrawn_it_cannot_be_accepted_and_can_be_sent_again(send, mandataire):
    invitation = invitation_revoke(invitation=send(), by=acting(mandataire, NOW))
    assert (invitation.revoked_at, invitation.revoked_by) == (NOW, mandataire)
    with pytest.raises(ValidationError, match="a été retirée"):
        invitation_accept(invitation=invitation, by=acting(UserFactory(email=ADDRESS), NOW))
    assert send().pk != invitation.pk


def test_accepted_it_is_not_withdrawn(send, mandataire):
    invitation = send()
    invitation_accept(invitation=invitation, by=acting(UserFactory(email=ADDRESS), NOW))
    with pytest.raises(ValidationError, match="a déjà accepté"):
        invitation_revoke(invitation=invitation, by=acting(mandataire, NOW))


def test_accepting_joins_with_the_role_of_the_invitation(send, organisation):
    user = UserFactory(email=ADDRESS)
    membership = invitation_accept(invitation=send(), by=acting(user, NOW))
    assert (membership.user, membership.organisation) == (user, organisation)
    assert membership.role == Role.REPRESENTANT
    assert entries(membership)[0].signer.user_id == user.pk
    invitation = Invitation.objects.get()
    assert (invitation.accepted_at, invitation.accepted_by) == (NOW, user)


def test_the_address_is_compared_without_case(send):
    user = UserFactory(email="Nouvelle@Exemple.example")
    assert invitation_accept(invitation=send(), by=acting(user, NOW)).user == user


def test_another_person_cannot_accept(send):
    stranger = UserFactory()
    with pytest.raises(ValidationError, match=f"adressée à {ADDRESS}, et non à {stranger.email}"):
        invitation_accept(invitation=send(), by=acting(stranger, NOW))
    assert not stranger.memberships.exists()


def test_the_second_of_two_acceptances_is_refused(send):
    """Both have read the invitation as pending: the row is read again under its lock."""
    user = UserFactory(email=ADDRESS)
    first = send()
    second = Invitation.objects.get(pk=first.pk)
    invitation_accept(invitation=first, by=acting(user, NOW))
    with pytest.raises(ValidationError, match="a déjà servi"):
        invitation_accept(invitation=second, by=acting(user, NOW))
    assert Membership.objects.filter(user=user).count() == 1


def test_the_former_link_is_dead_once_the_invitation_is_sent_again(send, mandataire):
    former = send()
    invitation_resend(invitation=former, by=acting(mandataire, NOW))
    with pytest.raises(ValidationError, match="un courriel plus récent"):
        invitation_accept(invitation=former, by=acting(UserFactory(email=ADDRESS), NOW))


def test_who_is_a_member_already_keeps_their_role(send, organisation):
    invitation = send(role=Role.SALARIE)
    user = UserFactory(email=ADDRESS)
    MembershipFactory(user=user, organisation=organisation, role=Role.MANDATAIRE)
    membership = invitation_accept(invitation=invitation, by=acting(user, NOW))
    assert membership.role == Role.MANDATAIRE
    assert Invitation.objects.get().accepted_by == user


@pytest.mark.parametrize(
    ("after", "changes", "state"),
    [
        (dt.timedelta(), {}, InvitationState.PENDING),
        (FORTNIGHT - dt.timedelta(microseconds=1), {}, InvitationState.PENDING),
        (FORTNIGHT, {}, InvitationState.EXPIRED),
        (2 * FORTNIGHT, {}, InvitationState.EXPIRED),
        (dt.timedelta(), {"accepted_at": NOW}, InvitationState.ACCEPTED),
        (2 * FORTNIGHT, {"accepted_at": NOW}, InvitationState.ACCEPTED),
        (dt.timedelta(), {"revoked_at": NOW}, InvitationState.REVOKED),
        (2 * FORTNIGHT, {"revoked_at": NOW}, InvitationState.REVOKED),
        (dt.timedelta(), {"organisation__is_active": False}, InvitationState.REVOKED),
    ],
)
def test_state_of_an_invitation(send, organisation, after, changes, state):
    invitation = send()
    organisation.is_active = changes.get("organisation__is_active", True)
    organisation.save()
    Invitation.objects.update(**{k: v for k, v in changes.items() if "__" not in k})
    invitation = Invitation.objects.get(pk=invitation.pk)
    assert invitation.state(NOW + after) == state
    user = UserFactory(email=ADDRESS)
    if state == InvitationState.PENDING:
        assert invitation_accept(invitation=invitation, by=acting(user, NOW + after)).pk
    else:
        with pytest.raises(ValidationError):
            invitation_accept(invitation=invitation, by=acting(user, NOW + after))


def test_each_step_of_an_invitation_is_in_the_journal_without_the_address(send, mandataire):
    invitation = send()
    later = NOW + dt.timedelta(hours=1)
    invitation_resend(invitation=invitation, by=acting(mandataire, later))
    invitation_revoke(invitation=invitation, by=acting(mandataire, later))
    invitation_revoke(invitation=invitation, by=acting(mandataire, later))
    found = entries(invitation)
    assert [entry.act for entry in found] == [
        "invitation.send",
        "invitation.resend",
        "invitation.revoke",
    ]
    assert {entry.organisation_id for entry in found} == {invitation.organisation_id}
    assert not [entry for entry in found if ADDRESS in f"{entry.what}{entry.subject_label}"]


@pytest.mark.parametrize("role", [Role.REPRESENTANT, Role.AGENT])
@pytest.mark.parametrize("act", [invitation_resend, invitation_revoke])
def test_only_who_manages_the_members_sends_again_or_withdraws(send, organisation, role, act):
    invitation = send()
    other = member(role, None if role == Role.AGENT else organisation)
    with pytest.raises(PermissionDenied, match="Seul un Mandataire"):
        act(invitation=invitation, by=acting(other, NOW))
    assert act(invitation=invitation, by=acting(member(Role.RESPONSABLE), NOW)).pk
