"""Every act of a PV × every role: allowed or refused as `rules.review.PV` says."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from accounts.models import User
from pilots.enums import PENDING_STATES, PVState
from pilots.pv.rules.review import PV, ReviewParty
from pilots.pv.services.transitions import move
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.pilots.reviewing import NOW, agent, also_member, proposed_by, pv_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.usefixtures("calendars"),
]

IN_REVIEW = PVState.IN_REVIEW
PREPARES, BINDS = ReviewParty.PREPARES, ReviewParty.BINDS
AGENT, REVIEWER, SECOND = ReviewParty.AGENT, ReviewParty.REVIEWER, ReviewParty.SECOND_AGENT
LEADER, AUTHOR = ReviewParty.LEADER, ReviewParty.AUTHOR

MAY = {
    "mandataire of the Fournisseur": {PREPARES, BINDS},
    "représentant of the Fournisseur": {PREPARES, BINDS},
    "salarié of the Fournisseur": {PREPARES},
    "member of the éditeur": set(),
    "outsider": set(),
    "agent assigned": {AGENT, REVIEWER, SECOND},
    "agent who proposed": {AGENT, AUTHOR},
    "other agent": {AGENT, SECOND},
    "responsable": {AGENT, SECOND, LEADER},
    "responsable who is also member of the Fournisseur": {PREPARES},
    "responsable who is also member of the éditeur": set(),
    "agent who is also member of the Fournisseur": {PREPARES},
    "agent who is also member of the éditeur": set(),
}
"""What each is, as the table names it: written here by hand, not taken from the code."""


@pytest.fixture
def scene():
    """One PV of a distributeur, the agent who has it, another who proposed a «non conforme»."""
    supplier = SupplierFactory(organisation=OrganisationFactory(kind="DISTRIBUTEUR"))
    editeur = supplier.solution.organisation
    fournisseur = supplier.organisation
    people = {
        "mandataire of the Fournisseur": member(Role.MANDATAIRE, fournisseur),
        "représentant of the Fournisseur": member(Role.REPRESENTANT, fournisseur),
        "salarié of the Fournisseur": member(Role.SALARIE, fournisseur),
        "member of the éditeur": member(Role.MANDATAIRE, editeur),
        "outsider": member(Role.MANDATAIRE),
        "agent assigned": agent(),
        "agent who proposed": agent(),
        "other agent": agent(),
        "responsable": agent(Role.RESPONSABLE),
        "responsable who is also member of the Fournisseur": also_member(
            agent(Role.RESPONSABLE), fournisseur
        ),
        "responsable who is also member of the éditeur": also_member(
            agent(Role.RESPONSABLE), editeur
        ),
        "agent who is also member of the Fournisseur": also_member(agent(), fournisseur),
        "agent who is also member of the éditeur": also_member(agent(), editeur, Role.MANDATAIRE),
    }
    pv = pv_of(supplier, assigned_to=people["agent assigned"])
    proposed_by(people["agent who proposed"], pv)
    return pv, people


@pytest.mark.parametrize("role", MAY)
def test_every_act_of_a_role(scene, role):
    """A scene for each role, every act from every state in it: the refused ones change nothing,
    and say the state that this role may know.
    """
    pv, people = scene
    assert set(people) == set(MAY)
    wrong = []
    for before, name in itertools.product(PVState, PV.acts):
        pv.state = before
        pv.save(update_fields=["state"])
        expected = outcome_of(before, PV.acts[name], MAY[role])
        is_supplier_s = PV.acts[name].who in (PREPARES, BINDS)
        known = IN_REVIEW if before in PENDING_STATES and is_supplier_s else before
        if attempt(pv, name, User.objects.get(pk=people[role].pk), known) != expected:
            wrong.append((before, name, expected))
    assert not wrong


def outcome_of(before, act, is_a):
    """Who does not review is refused its acts whatever the state, which they may not know."""
    if act.who not in (PREPARES, BINDS) and AGENT not in is_a:
        return "refused"
    if before not in act.sources:
        return "impossible"
    return "done" if act.who in is_a else "refused"


def attempt(pv, name, actor, known):
    """Its outcome; the state, the journal and the words of a refusal say the same."""
    before, written, act = PVState(pv.state), len(entries(pv)), PV.acts[name]
    done, words = tried(pv, name, actor)
    pv.refresh_from_db(fields=["state"])
    is_done = done == "done"
    assert pv.state == (act.target if is_done else before)
    assert len(entries(pv)) == written + is_done
    assert done != "refused" or act.who.value in words
    assert done != "impossible" or says_what_is_possible(words, known, act)
    return done


def tried(pv, name, actor):
    try:
        move(pv, name, by=acting(actor, NOW))
    except ValidationError as refusal:
        return "impossible", str(refusal)
    except PermissionDenied as refusal:
        return "refused", str(refusal)
    return "done", ""


def says_what_is_possible(text, before, act):
    """The states that may follow; where another act leads to this one, whence this one starts."""
    possible = PV.following(before)
    if f"maintenant à l'état « {before.label} »" not in text:
        return False
    if act.target in possible:
        return f"cet acte part de l'état « {act.sources[0].label} »" in text
    named = all(f"« {state.label} »" in text for state in possible)
    return named and (bool(possible) or "Il est clos." in text)


def test_the_journal_names_the_actor_the_states_and_the_file(scene):
    pv, people = scene
    file = pv.files.get()
    move(pv, "take", by=acting(people["other agent"], NOW), note="Vu.", file=file)
    entry = entries(pv)[-1]
    assert str(entry.signer) == str(people["other agent"])
    assert (entry.before, entry.at, entry.note) == ({"state": PVState.SENT}, NOW, "Vu.")
    taken = {"state": PVState.IN_REVIEW, "file": file.pk, "sha256": file.sha256}
    assert entry.after == taken


def test_what_is_written_covers_the_whole_life_of_a_pv():
    """Each state is reached, each but the end is left, and no act stays where it is."""
    acts = PV.acts.values()
    assert {act.target for act in acts} == set(PVState)
    assert {one for act in acts for one in act.sources} == set(PVState) - {PVState.ABANDONED}
    assert all(act.target not in act.sources for act in acts)
