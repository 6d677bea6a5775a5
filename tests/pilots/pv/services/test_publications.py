"""What is proposed, published, withdrawn, and who is notified."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from mailing.models import OutgoingMail
from parameters.models import RegulatoryParameter
from pilots.enums import AspRequestKind, AspRequestState, PublicationState, PVState
from pilots.pv.models import AspRequest, PilotPV, Publication
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_SCOPE
from pilots.pv.selectors.publications import recoverable
from pilots.pv.services import publications, requests
from tests.by import acting
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PilotPVFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=3)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def editeur():
    return member(Role.MANDATAIRE)


@pytest.fixture
def responsable():
    return member(Role.RESPONSABLE)


@pytest.fixture
def supplier(editeur):
    organisation = editeur.memberships.get().organisation
    return SupplierFactory(solution=SolutionFactory(organisation=organisation, name="RIS Azimut"))


@pytest.fixture
def pilots(supplier):
    return [justified_pilot(supplier) for _ in range(3)]


@pytest.fixture
def proposal(supplier, pilots, responsable):
    (made,) = publications.propose(supplier=supplier, now=NOW)
    return made


def mails(template):
    return sorted(
        OutgoingMail.objects.filter(dedupe_key__startswith=template).values_list(
            "to_email", flat=True
        )
    )


def by_solution():
    RegulatoryParameter.objects.create(
        key=PILOT_SCOPE,
        value=PER_SOLUTION,
        effective_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="Arrêté fictif",
        author_name="Essai",
    )


# --- Proposed -----------------------------------------------------------------------------------


def test_the_third_client_proposes_once_and_the_responsables_are_notified(
    supplier, pilots, responsable
):
    member(Role.AGENT)
    (made,) = publications.propose(supplier=supplier, now=NOW)
    assert (made.state, made.organisation, made.proposed_at) == (
        PublicationState.PROPOSED,
        supplier.organisation,
        NOW,
    )
    assert publications.propose(supplier=supplier, now=LATER) == []
    assert publications.propose_missing(now=LATER) == 0
    assert mails("publication_proposed") == [responsable.email]
    notified = OutgoingMail.objects.get(dedupe_key__startswith="publication_proposed")
    assert notified.subject == "À publier : premières installations réussies de RIS Azimut"
    assert f"/installations-reussies/{made.pk}/publier/" in as_read(notified.body_text)
    assert f"/installations-reussies/{made.pk}/publier/" in as_read(notified.body_html)


def two(supplier):
    for _ in range(2):
        justified_pilot(supplier)


def one_in_review(supplier):
    two(supplier)
    justified_pilot(supplier, pv=PVState.IN_REVIEW)


def one_without_advance(supplier):
    two(supplier)
    justified_pilot(supplier, advance=AspRequestState.DEPOSITED)


def one_of_another(supplier):
    two(supplier)
    justified_pilot(SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory()))


@pytest.mark.parametrize("case", [two, one_in_review, one_without_advance, one_of_another])
def test_nothing_is_proposed_before(supplier, case):
    case(supplier)
    assert publications.propose(supplier=supplier, now=NOW) == []
    assert publications.propose_missing(now=NOW) == 0


def test_per_solution_the_fournisseurs_count_together_and_none_is_named(supplier, responsable):
    by_solution()
    one_of_another(supplier)
    (made,) = publications.propose(supplier=supplier, now=NOW)
    assert made.organisation is None
    publications.publish(made, by=acting(responsable, NOW))
    made.refresh_from_db()
    assert made.supplier_name == ""


def test_a_validation_of_the_asp_that_comes_after_the_pv_proposes(supplier, editeur):
    two(supplier)
    last = justified_pilot(supplier, advance=AspRequestState.DEPOSITED)
    request = AspRequest.objects.get(prestation=last.prestation, kind=AspRequestKind.ADVANCE)
    validated = dt.date(2027, 3, 1)
    requests.record(request, to=AspRequestState.VALIDATED, on=validated, by=acting(editeur, NOW))
    assert Publication.objects.get().proposed_at == NOW


def test_what_no_act_has_proposed_is_found_later(supplier, pilots):
    assert publications.propose_missing(now=NOW) == 1
    assert Publication.objects.get().solution == supplier.solution


# --- Published ----------------------------------------------------------------------------------


def test_a_responsable_publishes_and_the_editeur_is_notified_once(proposal, responsable, editeur):
    publications.publish(proposal, by=acting(responsable, NOW))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.published_at) == (PublicationState.PUBLISHED, NOW)
    assert proposal.published_by_name == str(responsable)
    assert (proposal.solution_name, proposal.solution_version) == ("RIS Azimut", "2.0")
    assert mails("publication_published") == [editeur.email]
    notified = OutgoingMail.objects.get(dedupe_key__startswith="publication_published")
    body = as_read(notified.body_text)
    assert f"/installations-reussies/#publication-{proposal.pk}" in body


def test_the_fournisseur_is_notified_too(supplier, responsable, editeur):
    person = member(Role.SALARIE)
    distributeur = person.memberships.get().organisation
    other = SupplierFactory(solution=supplier.solution, organisation=distributeur)
    for _ in range(3):
        justified_pilot(other)
    (made,) = publications.propose(supplier=other, now=NOW)
    publications.publish(made, by=acting(responsable, NOW))
    assert mails("publication_published") == sorted([person.email, editeur.email])


def test_what_is_renamed_later_changes_nothing_that_was_recorded(proposal, responsable):
    publications.publish(proposal, by=acting(responsable, NOW))
    proposal.solution.name = "Autre nom"
    proposal.solution.save()
    proposal.refresh_from_db()
    assert str(proposal) == "Premières installations réussies : RIS Azimut"


@pytest.mark.parametrize("role", [r for r in Role if r != Role.RESPONSABLE])
@pytest.mark.parametrize("act", [publications.publish, publications.withdraw])
def test_nobody_else_publishes_or_withdraws(proposal, role, act):
    reason = {"reason": "Motif"} if act == publications.withdraw else {}
    with pytest.raises(PermissionDenied, match="responsable de l'ANS"):
        act(proposal, by=acting(member(role), NOW), **reason)
    proposal.refresh_from_db()
    assert proposal.state == PublicationState.PROPOSED


def test_not_for_ones_own_organisation(proposal, responsable, supplier):
    MembershipFactory(user=responsable, organisation=supplier.organisation, role=Role.SALARIE)
    with pytest.raises(PermissionDenied, match="sa propre organisation"):
        publications.publish(proposal, by=acting(responsable, NOW))


def test_not_for_the_solution_of_ones_own_organisation(supplier, responsable):
    other = SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory())
    for _ in range(3):
        justified_pilot(other)
    (made,) = publications.propose(supplier=other, now=NOW)
    editeur = supplier.solution.organisation
    MembershipFactory(user=responsable, organisation=editeur, role=Role.SALARIE)
    with pytest.raises(PermissionDenied, match="sa propre organisation"):
        publications.publish(made, by=acting(responsable, NOW))


def test_the_second_of_two_responsables_is_refused(proposal, responsable):
    publications.publish(proposal, by=acting(responsable, NOW))
    with pytest.raises(ValidationError, match="« Publiée » : elle ne peut plus être publiée"):
        publications.publish(proposal, by=acting(member(Role.RESPONSABLE), LATER))
    assert Publication.objects.get().published_at == NOW


def test_a_proposal_that_no_longer_holds_is_not_published(proposal, pilots, responsable):
    request = AspRequest.objects.filter(prestation=pilots[0].prestation).first()
    assert request
    request.state = AspRequestState.TO_MODIFY
    request.save()
    with pytest.raises(ValidationError, match="n'est plus justifié"):
        publications.publish(proposal, by=acting(responsable, LATER))


# --- Withdrawn ----------------------------------------------------------------------------------


def test_a_withdrawal_keeps_its_reason_and_is_reported_once(proposal, responsable, editeur):
    publications.publish(proposal, by=acting(responsable, NOW))
    publications.withdraw(proposal, reason=" Instabilité. ", by=acting(responsable, LATER))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.withdrawn_at, proposal.withdrawn_reason) == (
        PublicationState.WITHDRAWN,
        LATER,
        "Instabilité.",
    )
    assert proposal.published_at == NOW
    assert mails("publication_withdrawn") == [editeur.email]
    notified = OutgoingMail.objects.get(dedupe_key__startswith="publication_withdrawn")
    body = as_read(notified.body_text)
    assert "Motif : Instabilité." in body
    with pytest.raises(ValidationError, match="« Retirée »"):
        publications.withdraw(proposal, reason="Encore", by=acting(responsable, LATER))


def test_a_withdrawal_without_a_reason_is_refused(proposal, responsable):
    with pytest.raises(ValidationError, match="il reste lisible"):
        publications.withdraw(proposal, reason=" ", by=acting(responsable, NOW))


def test_a_proposal_set_aside_is_notified_to_nobody(proposal, responsable):
    publications.withdraw(proposal, reason="Doublon", by=acting(responsable, LATER))
    assert mails("publication_withdrawn") == []


def test_withdrawn_it_is_proposed_again_only_by_a_later_conforme(proposal, responsable, supplier):
    publications.withdraw(proposal, reason="Instabilité", by=acting(responsable, NOW))
    assert publications.propose(supplier=supplier, now=LATER) == []
    fourth = justified_pilot(supplier, pv=None)
    PilotPVFactory(pilot=fourth, decided_at=LATER)
    (again,) = publications.propose(supplier=supplier, now=LATER)
    assert again.pk != proposal.pk
    assert PilotPV.objects.filter(state=PVState.CONFORM).count() == 4


@pytest.mark.parametrize(
    ("decided", "proposed"),
    [(-SECOND, 0), (0 * SECOND, 0), (SECOND, 1)],
    ids=["decided before the withdrawal", "at its instant", "after it"],
)
def test_only_a_conforme_after_the_withdrawal_proposes_again(
    proposal, responsable, supplier, decided, proposed
):
    publications.withdraw(proposal, reason="Instabilité", by=acting(responsable, LATER))
    PilotPVFactory(pilot=justified_pilot(supplier, pv=None), decided_at=LATER + decided)

    assert len(publications.propose(supplier=supplier, now=LATER + SECOND)) == proposed


# --- Proposed again -----------------------------------------------------------------------------


def again(publication, actor, now=LATER, reason=" Retrait par erreur. "):
    return publications.propose_again(publication, reason=reason, by=acting(actor, now))


@pytest.fixture
def withdrawn(proposal, responsable):
    publications.publish(proposal, by=acting(responsable, NOW))
    return publications.withdraw(proposal, reason="Instabilité", by=acting(responsable, NOW))


def test_withdrawn_by_mistake_it_comes_back_and_everything_is_kept(withdrawn, responsable):
    SolutionFactory()
    colleague = member(Role.RESPONSABLE)
    made = again(withdrawn, responsable)
    assert (made.state, made.proposed_at, made.proposed_by, made.proposed_by_name) == (
        PublicationState.PROPOSED,
        LATER,
        responsable,
        str(responsable),
    )
    assert (made.proposed_reason, made.follows) == ("Retrait par erreur.", withdrawn)
    withdrawn.refresh_from_db()
    assert (withdrawn.state, withdrawn.withdrawn_reason) == (
        PublicationState.WITHDRAWN,
        "Instabilité",
    )
    notified = OutgoingMail.objects.get(dedupe_key=f"publication_proposed:{made.pk}:{colleague.pk}")
    assert "Motif : Retrait par erreur." in as_read(notified.body_text)
    assert str(responsable) in as_read(notified.body_html)
    publications.publish(made, by=acting(colleague, LATER))
    assert Publication.objects.filter(state=PublicationState.PUBLISHED).count() == 1


def test_a_proposal_set_aside_comes_back_and_follows_what_the_public_read(withdrawn, responsable):
    second = again(withdrawn, responsable)
    publications.withdraw(second, reason="Non", by=acting(responsable, LATER))
    second.refresh_from_db()
    assert again(second, responsable).follows == withdrawn


def test_a_later_conforme_follows_it_too(withdrawn, supplier):
    PilotPVFactory(pilot=justified_pilot(supplier, pv=None), decided_at=LATER)
    (made,) = publications.propose(supplier=supplier, now=LATER)
    assert (made.follows, made.proposed_by_name) == (withdrawn, "")


def test_it_comes_back_once_and_only_with_a_reason(withdrawn, responsable):
    with pytest.raises(ValidationError, match="Indiquez"):
        again(withdrawn, responsable, reason=" ")
    made = again(withdrawn, responsable)
    with pytest.raises(ValidationError, match="déjà été proposée de nouveau"):
        again(withdrawn, responsable)
    with pytest.raises(ValidationError, match="« À publier »"):
        again(made, responsable)


def test_without_its_perimeter_it_does_not_come_back(withdrawn, responsable, pilots):
    AspRequest.objects.filter(prestation=pilots[0].prestation).update(
        state=AspRequestState.TO_MODIFY
    )
    assert recoverable(now=LATER) == []
    with pytest.raises(ValidationError, match="n'est plus justifié"):
        again(withdrawn, responsable)


def test_what_may_come_back_is_the_newest_of_each_gate(withdrawn, responsable):
    assert recoverable(now=LATER) == [withdrawn]
    made = again(withdrawn, responsable)
    assert recoverable(now=LATER) == []
    made = publications.withdraw(made, reason="Non", by=acting(responsable, LATER))
    assert recoverable(now=LATER) == [made]


@pytest.mark.parametrize("role", [r for r in Role if r != Role.RESPONSABLE])
def test_nobody_else_proposes_again(withdrawn, role):
    with pytest.raises(PermissionDenied, match="responsable de l'ANS"):
        again(withdrawn, member(role))
