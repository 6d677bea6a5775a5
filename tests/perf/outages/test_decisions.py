"""Contested, decided, reopened, ended, brought together: what each act keeps and refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from accounts.enums import Role
from mailing.models import OutgoingMail
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, OutageProof
from perf.services import decisions
from perf.services.decisions import Own
from perf.services.merging import merge, separate
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, ServiceFactory, member
from tests.pages import as_read
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    contested,
    decided,
    declared,
    fournisseur,
    history,
    outage_of,
    pdf,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


def counts(outage):
    return Outage.objects.counting(maintenance_counts=True).filter(pk=outage.pk).exists()


def test_contested_with_a_version_and_a_piece_it_still_counts_as_before(service):
    outage, actor = outage_of(service), fournisseur(service)
    own = Own("T-9", MONDAY, MONDAY + HOUR)
    decisions.contest(outage, reason=" Sonde. ", own=own, proofs=[pdf()], by=acting(actor, NOW))
    outage.refresh_from_db()
    assert outage.standing == OutageStanding.CONTESTED
    assert (outage.contested_by, outage.contest_reason) == (actor, "Sonde.")
    assert outage.ended_at == MONDAY + 2 * HOUR
    assert [version.source for version in outage.versions.all()] == [Source.ANS, Source.SUPPLIER]
    piece = outage.proofs.get()
    contest = entries(outage)[-1]
    assert contest.what == "Panne contestée"
    assert contest.after["proofs"] == {"journal.pdf": piece.sha256}
    assert counts(outage)


def test_a_contest_needs_a_reason_and_is_made_once(service):
    outage, actor = outage_of(service), fournisseur(service)
    with pytest.raises(ValidationError, match="Écrivez le motif"):
        decisions.contest(outage, reason="  ", proofs=[pdf()], by=acting(actor, NOW))
    assert not OutageProof.objects.exists()
    contested(service, by=actor)
    with pytest.raises(ValidationError, match="déjà contestée"):
        contested(service, by=actor)


def test_a_version_that_cannot_be_takes_the_contest_and_its_pieces_back(service):
    outage, actor = outage_of(service), fournisseur(service)
    own = Own("T-9", MONDAY, MONDAY - HOUR)
    with pytest.raises(ValidationError, match="avant le début"):
        decisions.contest(outage, reason="Non.", own=own, proofs=[pdf()], by=acting(actor, NOW))
    outage.refresh_from_db()
    assert outage.standing == OutageStanding.UNCONTESTED
    assert not OutageProof.objects.exists()
    assert not default_storage.exists("proofs") or not any(
        default_storage.listdir(f"proofs/{folder}")[1]
        for folder in default_storage.listdir("proofs")[0]
    )


def test_retained_with_another_version_it_takes_its_instants(service):
    outage = contested(service)
    own = declared(service, source=Source.SUPPLIER, reference="T-9", hours=1, outage=outage).version
    judge = agent()
    decided(outage, by=judge, version=own, proofs=[pdf()])
    outage.refresh_from_db()
    assert (outage.standing, outage.counting) == (OutageStanding.RETAINED, own)
    assert outage.ended_at == MONDAY + HOUR
    assert (outage.decided_by, outage.decided_at) == (judge, NOW)
    decision = entries(outage)[-1]
    assert decision.act == "outage.retain"
    values = decision.after
    assert values["counting"] == "Fournisseur T-9"
    assert set(values["versions"]) == {"Supervision de l'ANS INC-1", "Fournisseur T-9"}
    assert values["proofs"] == {"journal.pdf": outage.proofs.get().sha256}


def test_not_retained_it_no_longer_counts_until_new_facts_reopen_it(service):
    outage = decided(contested(service), standing=OutageStanding.NOT_RETAINED)
    assert not counts(outage)
    again = decisions.contest(outage, reason="Un journal retrouvé.", by=acting(agent(), NOW))
    assert counts(again)
    assert entries(again)[-1].what == "Contestation rouverte"
    assert again.decided_at
    decided(again)
    acts = [entry.act for entry in entries(again)]
    assert acts == [f"outage.{act}" for act in ("contest", "set_aside", "reopen", "retain")]


def test_the_members_of_the_fournisseur_are_notified_once_for_each_decision(service):
    outage = contested(service)
    salarie = fournisseur(service, Role.SALARIE)
    left = fournisseur(service)
    left.is_active = False
    left.save()
    decided(outage)
    mails = OutgoingMail.objects.all()
    assert {mail.to_email for mail in mails} == {outage.contested_by.email, salarie.email}
    mail = mails.get(to_email=salarie.email)
    assert "retenue" in mail.subject
    assert "Les journaux du proxy le montrent." in as_read(mail.body_text)
    decisions.contest(outage, reason="Encore.", by=acting(fournisseur(service), NOW))
    decided(outage, standing=OutageStanding.NOT_RETAINED)
    assert OutgoingMail.objects.filter(to_email=salarie.email).count() == 2


def parties(service, outage):
    """People who have recorded something of this outage, or belong to its Fournisseur."""
    recorder, editor, contester, both = agent(), agent(), agent(), agent()
    declared(service, reference="A-1", actor=recorder, outage=outage)
    declared(service, reference="A-2", outage=outage)
    declared(service, reference="A-2", actor=editor, hours=1)
    MembershipFactory(user=both, organisation=service.prestation.organisation)
    Outage.objects.filter(pk=outage.pk).update(contested_by=contester)
    return recorder, editor, contester, both


def test_nobody_decides_on_what_they_recorded_or_for_their_own(service):
    outage = contested(service)
    for person in parties(service, outage):
        with pytest.raises(ValidationError, match="un autre agent"):
            decided(outage, by=person)
    assert decided(outage, by=agent()).standing == OutageStanding.RETAINED


REFUSED = {
    "no reason": ({"reason": " "}, "Écrivez le motif"),
    "no decision": ({"standing": "CONTESTEE"}, "Choisissez une décision"),
    "changed since it was read": ({"read": "other"}, "a changé depuis"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_decision_that_is_refused(service, case):
    values, words = REFUSED[case]
    outage = contested(service)
    with pytest.raises(ValidationError, match=words):
        decided(outage, **values)
    outage.refresh_from_db()
    assert outage.standing == OutageStanding.CONTESTED
    assert not OutgoingMail.objects.exists()


def test_only_a_version_of_the_outage_is_retained(service):
    other = declared(service, reference="INC-2").version
    outage = contested(service)
    with pytest.raises(ValidationError, match="Choisissez la version"):
        decided(outage, version=other)


def test_what_is_not_contested_is_not_decided(service):
    with pytest.raises(ValidationError, match="n'est pas contestée"):
        decided(outage_of(service))


def test_an_outage_ends_once(service):
    outage, actor = outage_of(service, hours=None), agent()
    decisions.end(outage, ended_at=MONDAY + HOUR, by=acting(actor, NOW))
    outage.refresh_from_db()
    assert outage.ended_at == outage.counting.ended_at == MONDAY + HOUR
    with pytest.raises(ValidationError, match="déjà terminée"):
        decisions.end(outage, ended_at=NOW, by=acting(actor, NOW))


def test_an_end_is_given_by_who_speaks_for_the_source(service):
    outage = outage_of(service, hours=None)
    with pytest.raises(ValidationError, match="n'enregistre pas"):
        decisions.end(outage, ended_at=NOW, by=acting(fournisseur(service), NOW))


def test_written_twice_by_hand_it_is_once_with_its_pieces(service):
    actor = fournisseur(service)
    values = {
        "source": Source.CLIENT,
        "reference": "T-1",
        "started_at": MONDAY,
        "ended_at": None,
        "cause": "",
        "nature": OutageNature.OUTAGE,
    }
    for _twice in range(2):
        decisions.write(service=service, proofs=[pdf()], by=acting(actor, NOW), **values)
    assert (Outage.objects.count(), OutageProof.objects.count()) == (1, 1)


def two(service, **other):
    """The ANS's, and the Fournisseur's of half an hour later."""
    values = {"source": Source.SUPPLIER, "reference": "T-9", "start": MONDAY + HOUR / 2} | other
    return outage_of(service), outage_of(service, **values)


@pytest.mark.parametrize("from_the_other", [False, True])
def test_brought_together_the_ans_counts_and_everything_is_kept(service, from_the_other):
    ours, theirs = two(service)
    decisions.attach(theirs, proofs=[pdf()], by=acting(agent(), NOW))
    pair = (theirs, ours) if from_the_other else (ours, theirs)
    kept = merge(*pair, by=acting(agent(), NOW))
    assert Outage.objects.get() == kept
    assert kept.counting.source == Source.ANS
    assert (kept.started_at, kept.ended_at) == (MONDAY, MONDAY + 2 * HOUR)
    assert (kept.versions.count(), kept.proofs.count(), len(history(kept))) == (2, 1, 4)
    counted = pair[1].counting_id
    merged = {"merged": pair[1].pk, "kept": pair[0].pk, "counted": counted}
    assert entries(kept)[-1].after == merged


def test_the_one_that_is_contested_is_kept_with_its_version(service):
    _ans, theirs = two(service)
    contested(service, source=Source.SUPPLIER, reference="T-9", start=MONDAY + HOUR / 2)
    kept = merge(Outage.objects.exclude(pk=theirs.pk).get(), theirs, by=acting(agent(), NOW))
    assert (kept.pk, kept.standing) == (theirs.pk, OutageStanding.CONTESTED)
    assert kept.counting.source == Source.SUPPLIER


NOT_MERGED = {
    "after it": ({"start": MONDAY + 2 * HOUR}, "ne se recouvrent pas"),
    "before it": ({"start": MONDAY - 2 * HOUR}, "ne se recouvrent pas"),
    "announced": (
        {"nature": OutageNature.MAINTENANCE},
        "L'une est « panne », l'autre « maintenance",
    ),
}


@pytest.mark.parametrize("case", NOT_MERGED)
def test_what_is_not_the_same_incident(service, case):
    values, words = NOT_MERGED[case]
    one, other = two(service, **values)
    with pytest.raises(ValidationError, match=words):
        merge(one, other, by=acting(agent(), NOW))


def test_two_stories_and_two_services_are_not_brought_together(service):
    one, other = two(service)
    with pytest.raises(ValidationError, match="ne se recouvrent pas"):
        merge(one, outage_of(ServiceFactory(), reference="INC-8"), by=acting(agent(), NOW))
    with pytest.raises(ValidationError, match="ne se recouvrent pas"):
        merge(one, one, by=acting(agent(), NOW))
    for outage in (one, other):
        decisions.contest(outage, reason="Non.", by=acting(fournisseur(service), NOW))
    with pytest.raises(ValidationError, match="contestées ou décidées"):
        merge(one, other, by=acting(agent(), NOW))


def test_an_outage_that_went_into_another_is_acted_on_there(service):
    one, other = two(service)
    merge(one, other, by=acting(agent(), NOW))
    with pytest.raises(ValidationError, match="rapprochée d'une autre"):
        decisions.contest(other, reason="Non.", by=acting(member(), NOW))


def test_separated_the_two_are_as_before_they_were_brought_together(service):
    ours, theirs = two(service)
    decisions.attach(theirs, proofs=[pdf()], by=acting(agent(), NOW))
    kept = merge(ours, theirs, by=acting(agent(), NOW))
    version = kept.versions.get(source=Source.SUPPLIER)
    new = separate(version, by=acting(agent(), NOW))
    kept.refresh_from_db()
    assert (new.counting, new.standing) == (version, OutageStanding.UNCONTESTED)
    assert (new.started_at, new.ended_at) == (MONDAY + HOUR / 2, MONDAY + 2.5 * HOUR)
    assert (kept.started_at, kept.ended_at) == (MONDAY, MONDAY + 2 * HOUR)
    assert list(kept.versions.values_list("source", flat=True)) == [Source.ANS]
    assert kept.proofs.count() == 1
    assert [line["what"][:8] for line in history(new)] == ["Panne en", "Séparée "]
    assert entries(kept)[-1].note == f"Devenue la {new.name}."
    assert counts(kept)
    assert counts(new)


def test_the_first_source_left_counts_when_the_one_that_counted_leaves(service):
    kept = merge(*two(service), by=acting(agent(), NOW))
    new = separate(kept.counting, by=acting(agent(), NOW))
    kept.refresh_from_db()
    assert (kept.counting.source, kept.started_at) == (Source.SUPPLIER, MONDAY + HOUR / 2)
    assert (new.counting.source, new.started_at) == (Source.ANS, MONDAY)


def test_who_recorded_what_was_taken_out_may_decide_on_the_rest_and_not_on_it(service):
    judge = agent()
    ours = outage_of(service)
    theirs = outage_of(service, source=Source.CLIENT, reference="C-1", actor=judge)
    kept = merge(ours, theirs, by=acting(agent(), NOW))
    assert decisions.is_party(judge, kept)
    new = separate(kept.versions.get(source=Source.CLIENT), by=acting(agent(), NOW))
    assert not decisions.is_party(judge, kept)
    assert decisions.is_party(judge, new)


def test_what_is_contested_keeps_the_version_that_counts_and_lets_another_go(service):
    kept = merge(*two(service), by=acting(agent(), NOW))
    decisions.contest(kept, reason="Non.", by=acting(fournisseur(service), NOW))
    with pytest.raises(ValidationError, match="ne s'en sépare pas"):
        separate(kept.counting, by=acting(agent(), NOW))
    new = separate(kept.versions.get(source=Source.SUPPLIER), by=acting(agent(), NOW))
    kept.refresh_from_db()
    assert (kept.standing, new.standing) == (OutageStanding.CONTESTED, OutageStanding.UNCONTESTED)


def test_a_version_alone_or_gone_is_not_taken_out(service):
    ours, theirs = two(service)
    with pytest.raises(ValidationError, match="rien à séparer"):
        separate(ours.counting, by=acting(agent(), NOW))
    stale = theirs.counting
    merge(ours, theirs, by=acting(agent(), NOW))
    with pytest.raises(ValidationError, match="rapprochée d'une autre"):
        separate(stale, by=acting(agent(), NOW))


def test_retained_as_what_it_was(service):
    outage = contested(service)
    with pytest.raises(ValidationError, match="Choisissez sa nature"):
        decided(outage, nature="")
    decided(outage, nature=OutageNature.UNMEASURED)
    outage.refresh_from_db()
    assert (outage.nature, outage.standing) == (OutageNature.UNMEASURED, OutageStanding.RETAINED)
    assert not counts(outage)
    assert entries(outage)[-1].after["nature"] == OutageNature.UNMEASURED
    assert entries(outage)[-1].note.endswith("Nature : panne → non mesuré")
    declared(service, nature=OutageNature.OUTAGE)
    outage.refresh_from_db()
    assert outage.nature == OutageNature.UNMEASURED


def test_not_retained_its_nature_is_left_alone(service):
    outage = contested(service)
    decided(outage, standing=OutageStanding.NOT_RETAINED, nature=OutageNature.MAINTENANCE)
    outage.refresh_from_db()
    assert outage.nature == OutageNature.OUTAGE


def test_not_retained_it_keeps_its_instants_whatever_version_is_named(service):
    kept = merge(*two(service), by=acting(agent(), NOW))
    decisions.contest(kept, reason="Non.", by=acting(fournisseur(service), NOW))
    theirs = kept.versions.get(source=Source.SUPPLIER)
    decided(
        kept, standing=OutageStanding.NOT_RETAINED, version=theirs, nature=OutageNature.MAINTENANCE
    )
    kept.refresh_from_db()
    assert (kept.counting.source, kept.started_at) == (Source.ANS, MONDAY)
    assert kept.nature == OutageNature.OUTAGE
