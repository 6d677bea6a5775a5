"""A lost second factor: asked for by another, cancelled in time, done after the delay."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.enums import ResetState, Role
from accounts.models import FactorReset
from accounts.rules.parameters import RESET_HOURS
from accounts.services.factor_resets import (
    factor_reset_ask,
    factor_reset_cancel,
    factor_resets_finish,
)
from journal.models import Entry
from parameters.models import RegulatoryParameter
from tests.accounts.mailbox import received
from tests.accounts.moments import NOW
from tests.accounts.second_factors import with_application, with_recovery_codes
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import as_read, text

pytestmark = pytest.mark.django_db
REASON = "Téléphone perdu, demandé de vive voix"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def host():
    return OrganisationFactory()


@pytest.fixture
def lead(host):
    return member(organisation=host)


@pytest.fixture
def lost(host):
    membership = MembershipFactory(organisation=host, role=Role.REPRESENTANT, user=UserFactory())
    with_application(membership.user)
    with_recovery_codes(membership.user)
    return membership


def ask(lost, lead, at=NOW):
    return factor_reset_ask(membership=lost, reason=REASON, by=acting(lead, at))


def has_factor(membership):
    return membership.user.authenticator_set.exists()


@pytest.mark.parametrize(
    ("after", "removed"), [(24 * HOUR - dt.timedelta(seconds=1), False), (24 * HOUR, True)]
)
def test_the_factors_go_after_the_delay_and_not_before(lost, lead, after, removed):
    ask(lost, lead)
    assert factor_resets_finish(now=NOW + after) == int(removed)
    assert has_factor(lost) is not removed


def test_the_delay_is_a_parameter(lost, lead):
    RegulatoryParameter.objects.create(
        key=RESET_HOURS, value=48, effective_from=NOW - HOUR, source="Essai"
    )
    assert ask(lost, lead).due_at == NOW + 48 * HOUR


def test_it_is_done_once(lost, lead):
    ask(lost, lead)
    assert factor_resets_finish(now=NOW + 24 * HOUR) == 1
    assert factor_resets_finish(now=NOW + 25 * HOUR) == 0


def who_asked_left(lead, _lost):
    lead.memberships.all().delete()


def who_asked_reads_only(lead, _lost):
    lead.memberships.update(role=Role.SALARIE)


def the_account_of_who_asked_is_closed(lead, _lost):
    lead.is_active = False
    lead.save()


def the_person_joined_the_ans(_lead, lost):
    MembershipFactory(user=lost.user, organisation=OrganisationFactory(ans=True), role=Role.AGENT)


@pytest.mark.parametrize(
    "change",
    [
        who_asked_left,
        who_asked_reads_only,
        the_account_of_who_asked_is_closed,
        the_person_joined_the_ans,
    ],
)
def test_it_is_abandoned_where_who_asked_could_not_ask_any_more(lost, lead, change):
    ask(lost, lead)
    change(lead, lost)
    factor_resets_finish(now=NOW + 24 * HOUR)
    assert has_factor(lost)
    assert FactorReset.objects.get().state == ResetState.CANCELLED
    assert "a abandonné la réinitialisation" in received(lost.user.email)[-1].body_text


def test_all_concerned_are_notified_when_it_is_asked_and_when_it_is_done(lost, lead, host):
    other = member(organisation=host)
    colleague = member(Role.SALARIE, organisation=host)
    ask(lost, lead)
    factor_resets_finish(now=NOW + 24 * HOUR)
    for person in (lost.user, lead, other):
        first, last = received(person.email)
        assert (
            first.subject
            == f"Sécurité · Double authentification de {lost.user} : réinitialisation demandée"
        )
        assert REASON in as_read(first.body_text)
        assert "annulez-la avant" in as_read(first.body_html)
        assert last.subject.endswith("réinitialisation faite")
    assert not received(colleague.email)


@pytest.mark.parametrize("who", ["the person", "the one who asked", "another Mandataire"])
def test_each_of_them_may_cancel_it(lost, lead, host, who):
    row = ask(lost, lead)
    people = {
        "the person": lost.user,
        "the one who asked": lead,
        "another Mandataire": member(organisation=host),
    }
    factor_reset_cancel(reset=row, by=acting(people[who], NOW + HOUR))
    assert factor_resets_finish(now=NOW + 25 * HOUR) == 0
    assert has_factor(lost)


@pytest.mark.parametrize("role", [Role.SALARIE, Role.REPRESENTANT])
def test_a_colleague_without_that_right_may_not(lost, lead, host, role):
    row = ask(lost, lead)
    with pytest.raises(PermissionDenied):
        factor_reset_cancel(reset=row, by=acting(member(role, organisation=host), NOW))


def test_what_is_cancelled_is_not_cancelled_again(lost, lead):
    row = ask(lost, lead)
    factor_reset_cancel(reset=row, by=acting(lead, NOW))
    with pytest.raises(ValidationError, match="déjà annulée"):
        factor_reset_cancel(reset=row, by=acting(lead, NOW))


def test_nobody_asks_for_oneself(lead):
    with_application(lead)
    with pytest.raises(ValidationError, match="un Responsable de l'ANS"):
        ask(lead.memberships.get(), lead)


def test_one_waits_at_a_time_and_none_without_a_factor(lost, lead, host):
    ask(lost, lead)
    with pytest.raises(ValidationError, match="déjà demandée"):
        ask(lost, lead)
    bare = MembershipFactory(organisation=host, user=UserFactory())
    with pytest.raises(ValidationError, match="n'a pas de double authentification"):
        ask(bare, lead)


def test_the_journal_has_each_act_and_names_nobody(lost, lead):
    ask(lost, lead)
    factor_resets_finish(now=NOW + 24 * HOUR)
    entries = list(Entry.objects.filter(act__startswith="factor_reset.").order_by("pk"))
    assert [entry.act for entry in entries] == ["factor_reset.ask", "factor_reset.finish"]
    for entry in entries:
        assert str(lost.user) not in f"{entry.what} {entry.subject_label} {entry.note}"


# --- pages ---


def url(name, pk):
    return reverse(f"accounts:{name}", args=[pk])


def test_a_mandataire_asks_on_the_page_of_the_member(client, lost, lead):
    client.force_login(lead)
    page = text(client.get(url("member_edit", lost.pk)))
    assert "Réinitialiser la double authentification" in page
    refused = client.post(url("factor_reset_ask", lost.pk), {"reason": ""})
    assert "Indiquez le motif" in text(refused)
    done = client.post(url("factor_reset_ask", lost.pk), {"reason": REASON}, follow=True)
    assert REASON in text(done)
    assert "est demandée" in text(client.get(url("member_edit", lost.pk)))


def test_the_person_sees_it_and_cancels_it(client, lost, lead):
    row = ask(lost, lead, at=dt.datetime.now(dt.UTC))
    client.force_login(lost.user)
    assert "réinitialisation de votre double authentification" in text(
        client.get(reverse("mfa_index"))
    )
    client.post(url("factor_reset_cancel", row.pk))
    row.refresh_from_db()
    assert row.state == ResetState.CANCELLED


@pytest.mark.parametrize("role", [Role.SALARIE, Role.REPRESENTANT])
def test_only_who_manages_members_asks(client, lost, host, role):
    client.force_login(member(role, organisation=host))
    assert client.get(url("factor_reset_ask", lost.pk)).status_code == 403
    assert not FactorReset.objects.exists()


def test_an_outsider_finds_nothing(client, lost, lead):
    row = ask(lost, lead)
    client.force_login(member())
    assert client.get(url("factor_reset_ask", lost.pk)).status_code == 404
    for name in ("factor_reset", "factor_reset_cancel"):
        assert client.post(url(name, row.pk)).status_code in {404, 405}
        assert client.get(url(name, row.pk)).status_code in {404, 405}
    row.refresh_from_db()
    assert row.state == ResetState.WAITING


class TestSomebodyOfTheANS:
    """Who is a member of another organisation too: whoever leads that one opens no account of the
    ANS."""

    @pytest.fixture
    def agent(self, lost):
        MembershipFactory(
            user=lost.user, organisation=OrganisationFactory(ans=True), role=Role.AGENT
        )
        return lost

    def test_is_asked_for_by_no_mandataire(self, agent, lead):
        with pytest.raises(ValidationError, match="Responsable de l'ANS"):
            ask(agent, lead)
        assert not FactorReset.objects.exists()

    def test_and_is_by_a_responsable(self, agent):
        ask(agent, member(Role.RESPONSABLE))
        assert FactorReset.objects.exists()
