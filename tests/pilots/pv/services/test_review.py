"""The acts of the review: who takes, assigns, decides, confirms; who is notified."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from documents.enums import WITHHELD
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL
from parameters.models import RegulatoryParameter
from pilots.enums import PublicationState, PVState
from pilots.pv.models import Pilot, PilotPV, Publication, PVDecision
from pilots.pv.selectors.gate import justified
from pilots.pv.services import publications, review
from pilots.pv.services.assigning import assign
from tests.by import acting
from tests.entries import entries
from tests.factories import SupplierFactory, member
from tests.pages import as_read
from tests.pilots.reviewing import (
    DAY,
    NOW,
    accept,
    add_file,
    agent,
    also_member,
    proposed_by,
    pv_of,
    reason,
    reviewed_by,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


def decide(pv, outcome, actor, **fields):
    fields = {"reasons": (), "now": NOW, **fields}
    fields.setdefault("read", pv.files.values_list("sha256", flat=True).first())
    at = fields.pop("now")
    if outcome == PVState.CONFORM:
        return accept(pv, actor, at, **fields)
    by = acting(actor, at)
    return review.decide(pv, outcome=outcome, by=by, **fields)


def alone():
    """«Non conforme» without a second agent."""
    RegulatoryParameter.objects.create(
        key="pilots.second_agent",
        value=False,
        effective_from=NOW - DAY,
        source="Test",
        author_name="Test",
    )


def mails():
    return OutgoingMail.objects.filter(kind=DECISION_MAIL).order_by("pk")


class TestTake:
    def test_it_is_mine_and_in_review(self):
        pv, me = pv_of(), agent()
        review.take(pv, by=acting(me, NOW))
        pv.refresh_from_db()
        assert (pv.state, pv.assigned_to) == (PVState.IN_REVIEW, me)
        assert entries(pv)[-1].what == "Contrôle commencé"

    def test_the_second_reads_who_has_it(self):
        pv, first = pv_of(), agent(full_name="Agent Premier")
        review.take(pv, by=acting(first, NOW))
        with pytest.raises(ValidationError, match="Agent Premier instruit déjà ce PV"):
            review.take(pv, by=acting(agent(), NOW))
        assert [one.act for one in entries(pv)].count("pv.take") == 1

    def test_nobody_reviews_for_their_own_organisation(self):
        pv = pv_of()
        me = also_member(agent(), pv.pilot.prestation.organisation)
        with pytest.raises(PermissionDenied, match="étranger au Fournisseur"):
            review.take(pv, by=acting(me, NOW))

    def test_what_was_assigned_to_another_is_taken_only_once_that_is_confirmed(self):
        pv, other, me = pv_of(), agent(full_name="Agente Affectée"), agent(full_name="Moi")
        assign(pv, to=other, by=acting(agent(), NOW))
        for instead_of in (None, me.pk):
            with pytest.raises(ValidationError, match="Agente Affectée a ce PV : confirmez"):
                review.take(pv, by=acting(me, NOW), instead_of=instead_of)
        pv.refresh_from_db()
        assert (pv.state, pv.assigned_to) == (PVState.SENT, other)
        assert not mails()
        review.take(pv, by=acting(me, NOW), instead_of=other.pk)
        pv.refresh_from_db()
        assert (pv.state, pv.assigned_to, pv.assigned_by) == (PVState.IN_REVIEW, me, me)
        assert entries(pv)[-1].what == "Repris à Agente Affectée"
        notified = mails().get()
        assert notified.to_email == other.email
        assert notified.subject.startswith("PV passé à Moi : ")

    def test_what_waits_for_its_second_agent_is_not_taken(self):
        first, second = agent(), agent()
        pv = reviewed_by(first)
        decide(pv, PVState.NOT_CONFORM, first, reasons=[reason()])
        with pytest.raises(ValidationError, match="attend un second agent"):
            review.take(pv, by=acting(second, NOW), instead_of=first.pk)
        pv.refresh_from_db()
        assert (pv.state, pv.assigned_to) == (PVState.TO_CONFIRM, first)

    def test_what_was_assigned_to_me_asks_nothing(self):
        pv, me = pv_of(), agent()
        assign(pv, to=me, by=acting(agent(), NOW))
        review.take(pv, by=acting(me, NOW))
        assert not mails()


@pytest.mark.parametrize(
    ("state", "is_active", "is_waiting"),
    [
        (PVState.SENT, True, True),
        (PVState.IN_REVIEW, True, False),
        (PVState.IN_REVIEW, False, True),
        (PVState.SIGNED, False, False),
        (PVState.CONFORM, False, False),
    ],
)
def test_it_is_to_take_when_it_waits_or_its_agent_has_left(state, is_active, is_waiting):
    pv = pv_of(state=state, assigned_to=agent(is_active=is_active))
    assert review.is_to_take(pv) is is_waiting


class TestAssign:
    @pytest.mark.parametrize("state", [PVState.SENT, PVState.IN_REVIEW])
    def test_to_a_colleague_without_a_change_of_state(self, state):
        pv, colleague = pv_of(state=state), agent(full_name="Collègue Fictive")
        by = agent()
        assign(pv, to=colleague, by=acting(by, NOW))
        pv.refresh_from_db()
        assert (pv.state, pv.assigned_to) == (state, colleague)
        assert (pv.assigned_by, pv.assigned_at) == (by, NOW)
        assert entries(pv)[-1].what == "Affecté à Collègue Fictive"

    def test_whoever_had_it_is_notified_once_unless_they_gave_it_themselves(self):
        pv, before = pv_of(), agent()
        assign(pv, to=before, by=acting(agent(), NOW))
        assert not mails()
        assign(pv, to=agent(full_name="Autre Agente"), by=acting(agent(), NOW))
        notified = mails().get()
        assert notified.to_email == before.email
        assert "passe à Autre Agente" in as_read(notified.body_text)
        pv.refresh_from_db()
        assign(pv, to=agent(), by=acting(pv.assigned_to, NOW))
        assert mails().count() == 1

    def test_to_who_has_it_already_writes_nothing(self):
        me = agent()
        pv = reviewed_by(me)
        assign(pv, to=me, by=acting(me, NOW))
        assert len(entries(pv)) == 1

    @pytest.mark.parametrize(
        "state", [PVState.SIGNED, PVState.TO_CONFIRM, PVState.CONFORM, PVState.NOT_CONFORM]
    )
    def test_only_what_is_to_review(self, state):
        pv = pv_of(state=state)
        with pytest.raises(ValidationError, match=state.label):
            assign(pv, to=agent(), by=acting(agent(), NOW))

    @pytest.mark.parametrize("who", ["mandataire", "of the Fournisseur", "inactive"])
    def test_never_to_who_may_not_review_it(self, who):
        pv = pv_of()
        fournisseur = pv.pilot.prestation.organisation
        to = {
            "mandataire": lambda: member(Role.MANDATAIRE, fournisseur),
            "of the Fournisseur": lambda: also_member(agent(), fournisseur),
            "inactive": lambda: agent(is_active=False),
        }[who]()
        with pytest.raises(ValidationError, match="ne peut pas instruire"):
            assign(pv, to=to, by=acting(agent(), NOW))
        pv.refresh_from_db()
        assert pv.assigned_to is None

    def test_never_by_who_may_not_review_it(self):
        pv = pv_of()
        with pytest.raises(PermissionDenied):
            assign(pv, to=agent(), by=acting(member(), NOW))


def test_given_back_it_is_nobodys():
    me = agent()
    pv = reviewed_by(me)
    review.give_back(pv, by=acting(me, NOW))
    pv.refresh_from_db()
    assert (pv.state, pv.assigned_to, pv.assigned_by) == (PVState.SENT, None, None)


class TestDecide:
    def test_conforme_keeps_the_hash_the_instant_and_notifies_once(self):
        me = agent()
        pv = reviewed_by(me)
        people = [
            member(role, pv.pilot.prestation.organisation) for role in ("MANDATAIRE", "SALARIE")
        ]
        decision = decide(pv, PVState.CONFORM, me, note="Bien.")
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.CONFORM, NOW)
        assert decision.file_sha256 == pv.files.first().sha256 == entries(pv)[-1].after["sha256"]
        assert (decision.file, decision.confirmed_at) == (pv.files.first(), NOW)
        assert sorted(mail.to_email for mail in mails()) == sorted(user.email for user in people)
        assert "rien d'autre à faire" in as_read(mails()[0].body_text)

    def test_the_content_of_the_pv_is_kept_with_the_decision(self):
        me = agent()
        pv = reviewed_by(me)
        decision = decide(pv, PVState.CONFORM, me)
        pv.mentions.update(value="Autre")
        decision.refresh_from_db()
        shown = {line["code"]: line["value"] for line in decision.content}
        assert (shown["client"], shown["pv.signatory_name"]) == ("Oui", pv.signatory_name)

    def test_with_reasons_is_not_conforme(self):
        me = agent()
        pv = reviewed_by(me)
        with pytest.raises(ValidationError, match="retirez-les"):
            decide(pv, PVState.CONFORM, me, reasons=[reason()])

    def test_refused_without_a_reason(self):
        me = agent()
        pv = reviewed_by(me)
        with pytest.raises(ValidationError, match="au moins une mention"):
            decide(pv, PVState.NOT_CONFORM, me, note="Non.")
        assert not PVDecision.objects.exists()

    @pytest.mark.parametrize("outcome", [PVState.SENT, PVState.ABANDONED, PVState.TO_CONFIRM])
    def test_nothing_else_is_a_decision(self, outcome):
        me = agent()
        with pytest.raises(ValidationError, match="conforme ou non conforme"):
            decide(reviewed_by(me), outcome, me)

    def test_refused_when_a_new_version_came_in_meanwhile(self):
        me = agent()
        pv = reviewed_by(me)
        read = pv.files.first().sha256
        add_file(pv, b"%PDF-1.4 deux", number=2)
        with pytest.raises(ValidationError, match="nouvelle version du fichier"):
            decide(pv, PVState.CONFORM, me, read=read)
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.IN_REVIEW, None)
        assert not PVDecision.objects.exists()
        assert not mails()

    def test_refused_without_a_file(self):
        me = agent()
        pv = reviewed_by(me)
        pv.files.all().delete()
        with pytest.raises(ValidationError, match="pas de fichier"):
            decide(pv, PVState.CONFORM, me, read="")

    @pytest.mark.parametrize("scan", WITHHELD)
    def test_a_file_that_has_not_passed_its_checks_is_not_conforme(self, scan):
        """It may have been opened before the antivirus refused it."""
        me = agent()
        pv = reviewed_by(me)
        pv.files.update(scan=scan)
        with pytest.raises(ValidationError, match="n'a pas passé le contrôle"):
            decide(pv, PVState.CONFORM, me)
        assert not PVDecision.objects.exists()
        decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])

    def test_the_second_of_two_is_refused(self):
        me = agent()
        pv = reviewed_by(me)
        decide(pv, PVState.CONFORM, me)
        with pytest.raises(ValidationError, match="« Conforme »"):
            decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])
        assert PVDecision.objects.count() == 1

    def test_non_conforme_waits_for_a_second_agent_and_notifies_nobody_yet(self):
        me = agent()
        pv = reviewed_by(me)
        member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
        decision = decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.TO_CONFIRM, None)
        assert decision.confirmed_at is None
        assert not mails()

    def test_non_conforme_alone_is_final_where_the_parameter_says_so(self):
        alone()
        me = agent()
        pv = reviewed_by(me)
        user = member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
        decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()], note="Faites signer de nouveau.")
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.NOT_CONFORM, NOW)
        body = as_read(mails().get(to_email=user.email).body_text)
        assert "- Client : absente. Le FINESS manque." in body
        assert "Faites signer de nouveau." in body
        assert "transmettez-le de nouveau" in body
        note = entries(pv)[-1].note
        assert note == "Client : absente. Le FINESS manque.\nFaites signer de nouveau."

    def test_a_decision_taken_alone_does_not_bar_from_confirming_later(self):
        alone()
        me, other = agent(), agent()
        pv = reviewed_by(me)
        decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])
        RegulatoryParameter.objects.all().delete()
        pv.state, pv.assigned_to = PVState.IN_REVIEW, other
        pv.save()
        decide(pv, PVState.NOT_CONFORM, other, reasons=[reason()])
        review.confirm(pv, by=acting(me, NOW))
        pv.refresh_from_db()
        assert pv.state == PVState.NOT_CONFORM


class TestSecondAgent:
    def test_confirms(self):
        first, second = agent(), agent()
        pv = proposed_by(first)
        user = member(Role.REPRESENTANT, pv.pilot.prestation.organisation)
        decision = review.confirm(pv, by=acting(second, NOW))
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.NOT_CONFORM, NOW)
        assert (decision.confirmed_by, decision.confirmed_at) == (second, NOW)
        assert [mail.to_email for mail in mails()] == [user.email]

    def test_does_not_agree_and_says_why(self):
        first, second = agent(), agent()
        pv = proposed_by(first)
        decision = review.contradict(pv, note="Le FINESS est page 2.", by=acting(second, NOW))
        pv.refresh_from_db()
        assert (pv.state, pv.decided_at) == (PVState.IN_REVIEW, None)
        assert decision.withdrawn_at == NOW
        assert entries(pv)[-1].note == "Le FINESS est page 2."
        assert not mails()
        decide(pv, PVState.CONFORM, first)

    def test_without_a_note_is_refused(self):
        with pytest.raises(ValidationError, match="Indiquez"):
            review.contradict(proposed_by(agent()), note=" ", by=acting(agent(), NOW))

    @pytest.mark.parametrize("act", ["confirm", "contradict"])
    def test_is_never_the_first(self, act):
        first = agent()
        pv = proposed_by(first)
        note = {"note": "Non."} if act == "contradict" else {}
        with pytest.raises(PermissionDenied, match="un autre agent"):
            getattr(review, act)(pv, by=acting(first, NOW), **note)

    def test_may_have_proposed_earlier_what_was_contradicted_since(self):
        first, second, third = agent(), agent(), agent()
        pv = reviewed_by(first)
        decide(pv, PVState.NOT_CONFORM, first, reasons=[reason()])
        review.contradict(pv, note="Le FINESS y est.", by=acting(second, NOW))
        assign(pv, to=third, by=acting(second, NOW))
        decide(pv, PVState.NOT_CONFORM, third, reasons=[reason()])
        review.confirm(pv, by=acting(first, NOW))
        pv.refresh_from_db()
        assert pv.state == PVState.NOT_CONFORM

    def test_refused_when_somebody_else_was_quicker(self):
        pv = proposed_by(agent())
        review.confirm(pv, by=acting(agent(), NOW))
        with pytest.raises(ValidationError, match="rien n'est à confirmer"):
            review.contradict(pv, note="Non.", by=acting(agent(), NOW))


def test_the_third_conforme_proposes_the_publication():
    supplier, me = SupplierFactory(), agent()
    for number in range(3):
        pv = reviewed_by(me, supplier=supplier)
        decide(pv, PVState.CONFORM, me)
        assert Publication.objects.count() == (number == 2)
    assert Publication.objects.get().state == PublicationState.PROPOSED


class TestReopen:
    def test_back_in_review_with_the_agent_who_has_it_and_the_fournisseur_notified_once(self):
        me, leader = agent(), agent(Role.RESPONSABLE)
        pv = reviewed_by(me)
        user = member(Role.SALARIE, pv.pilot.prestation.organisation)
        decision = decide(pv, PVState.CONFORM, me)
        before = mails().count()
        review.reopen(pv, reason=" Le FINESS est faux. ", by=acting(leader, NOW + DAY))
        pv.refresh_from_db()
        decision.refresh_from_db()
        assert (pv.state, pv.assigned_to) == (PVState.IN_REVIEW, me)
        assert decision.withdrawn_at == NOW + DAY
        event = entries(pv)[-1]
        assert (event.what, event.note) == ("Instruction rouverte", "Le FINESS est faux.")
        assert (event.signer.user_id, event.after["file"]) == (leader.pk, decision.file_id)
        notified = mails()[before:]
        assert [mail.to_email for mail in notified] == [user.email]
        assert "Motif : Le FINESS est faux." in as_read(notified[0].body_text)
        assert "Ce Client ne compte plus dans le périmètre pilote" in as_read(notified[0].body_text)

    def test_it_is_judged_again_and_both_decisions_stay(self):
        me = agent()
        pv = reviewed_by(me)
        decide(pv, PVState.CONFORM, me)
        review.reopen(pv, reason="Relu.", by=acting(agent(Role.RESPONSABLE), NOW))
        decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])
        review.confirm(pv, by=acting(agent(), NOW))
        pv.refresh_from_db()
        assert pv.state == PVState.NOT_CONFORM
        assert pv.decisions.count() == 2

    def test_an_earlier_non_conforme_stands(self):
        alone()
        me = agent()
        pv = reviewed_by(me)
        refused = decide(pv, PVState.NOT_CONFORM, me, reasons=[reason()])
        PilotPV.objects.filter(pk=pv.pk).update(state=PVState.IN_REVIEW)
        accepted = decide(pv, PVState.CONFORM, me)
        review.reopen(pv, reason="Relu.", by=acting(agent(Role.RESPONSABLE), NOW + DAY))
        for decision in (refused, accepted):
            decision.refresh_from_db()
        assert (refused.withdrawn_at, accepted.withdrawn_at) == (None, NOW + DAY)

    def test_a_conforme_is_not_taken_even_by_who_may_reopen_it(self):
        pv = pv_of(state=PVState.CONFORM)
        with pytest.raises(ValidationError, match="se rouvre, avec un motif"):
            review.take(pv, by=acting(agent(Role.RESPONSABLE), NOW))

    @pytest.mark.parametrize("state", [state for state in PVState if state != PVState.CONFORM])
    def test_only_a_conforme_is_reopened(self, state):
        pv = pv_of(state=state)
        with pytest.raises(ValidationError, match=f"« {state.label} » : il n'y a rien à rouvrir"):
            review.reopen(pv, reason="Non.", by=acting(agent(Role.RESPONSABLE), NOW))

    def test_without_a_reason_is_refused(self):
        pv = pv_of(state=PVState.CONFORM)
        with pytest.raises(ValidationError, match="Indiquez pourquoi l'instruction est rouverte"):
            review.reopen(pv, reason="  ", by=acting(agent(Role.RESPONSABLE), NOW))

    @pytest.mark.parametrize("who", ["agent", "responsable of the Fournisseur", "mandataire"])
    def test_only_a_responsable_who_is_a_stranger_to_it(self, who):
        pv = pv_of(state=PVState.CONFORM)
        fournisseur = pv.pilot.prestation.organisation
        actor = {
            "agent": agent,
            "responsable of the Fournisseur": lambda: also_member(
                agent(Role.RESPONSABLE), fournisseur
            ),
            "mandataire": lambda: member(Role.MANDATAIRE, fournisseur),
        }[who]()
        with pytest.raises(PermissionDenied, match="un responsable de l'ANS étranger"):
            review.reopen(pv, reason="Non.", by=acting(actor, NOW))
        pv.refresh_from_db()
        assert pv.state == PVState.CONFORM

    def test_the_gate_closes_and_what_was_only_proposed_is_set_aside_then_proposed_again(self):
        supplier, me, leader = SupplierFactory(), agent(), agent(Role.RESPONSABLE)
        pvs = [reviewed_by(me, supplier=supplier) for _ in range(3)]
        for pv in pvs:
            decide(pv, PVState.CONFORM, me)
        assert justified(Pilot.objects.all(), now=NOW)
        review.reopen(pvs[0], reason="Le FINESS est faux.", by=acting(leader, NOW + DAY))
        assert not justified(Pilot.objects.all(), now=NOW + DAY)
        proposal = Publication.objects.get()
        assert (proposal.state, proposal.withdrawn_by) == (PublicationState.WITHDRAWN, leader)
        assert "Le FINESS est faux." in proposal.withdrawn_reason
        decide(pvs[0], PVState.CONFORM, me, now=NOW + 2 * DAY)
        assert Publication.objects.filter(state=PublicationState.PROPOSED).count() == 1

    def test_a_fourth_conforme_keeps_the_proposal(self):
        supplier, me = SupplierFactory(), agent()
        pvs = [reviewed_by(me, supplier=supplier) for _ in range(4)]
        for pv in pvs:
            decide(pv, PVState.CONFORM, me)
        review.reopen(pvs[0], reason="Relu.", by=acting(agent(Role.RESPONSABLE), NOW + DAY))
        assert Publication.objects.get().state == PublicationState.PROPOSED

    def test_what_is_published_stays_so(self):
        supplier, me, leader = SupplierFactory(), agent(), agent(Role.RESPONSABLE)
        pvs = [reviewed_by(me, supplier=supplier) for _ in range(3)]
        for pv in pvs:
            decide(pv, PVState.CONFORM, me)
        publications.publish(Publication.objects.get(), by=acting(leader, NOW))
        review.reopen(pvs[0], reason="Relu.", by=acting(leader, NOW + DAY))
        assert Publication.objects.get().state == PublicationState.PUBLISHED
