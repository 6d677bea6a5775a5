"""Every transition of a PV × every role: allowed or refused as `rules.review.ACTS` says."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from accounts.models import User
from pilots.enums import PVState
from pilots.pv.models import PVEvent
from pilots.pv.rules.review import ACTS, ReviewParty, following
from pilots.pv.services.transitions import move
from tests.by import acting
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.pilots.reviewing import NOW, agent, also_member, proposed_by, pv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]

IN_REVIEW, TO_CONFIRM = PVState.IN_REVIEW, PVState.TO_CONFIRM
PREPARES, BINDS = ReviewParty.PREPARES, ReviewParty.BINDS
AGENT, REVIEWER, SECOND = ReviewParty.AGENT, ReviewParty.REVIEWER, ReviewParty.SECOND_AGENT
LEADER = ReviewParty.LEADER

MAY = {
    "mandataire of the Fournisseur": {PREPARES, BINDS},
    "représentant of the Fournisseur": {PREPARES, BINDS},
    "salarié of the Fournisseur": {PREPARES},
    "member of the éditeur": set(),
    "outsider": set(),
    "agent assigned": {AGENT, REVIEWER, SECOND},
    "agent who proposed": {AGENT},
    "other agent": {AGENT, SECOND},
    "responsable": {AGENT, SECOND, LEADER},
    "responsable who is also member of the Fournisseur": {PREPARES},
    "responsable who is also member of the éditeur": set(),
    "agent who is also member of the Fournisseur": {PREPARES},
    "agent who is also member of the éditeur": set(),
}
"""What each is, as the words of ACTS name it: written here by hand, not taken from the code."""


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


PAIRS = list(itertools.product(PVState, PVState))


@pytest.mark.parametrize("role", MAY)
def test_every_transition_of_a_role(scene, role):
    """A scene for each role, every pair of states in it: the refused ones change nothing, and say
    the state that this role may know.
    """
    pv, people = scene
    assert set(people) == set(MAY)
    wrong = []
    for before, to in PAIRS:
        pv.state = before
        pv.save(update_fields=["state"])
        expected = outcome_of(before, to, MAY[role])
        known = IN_REVIEW if before == TO_CONFIRM and AGENT not in MAY[role] else before
        if attempt(pv, to, User.objects.get(pk=people[role].pk), known) != expected:
            wrong.append((before, to, expected))
    assert not wrong


def outcome_of(before, to, is_a):
    if (before, to) not in ACTS:
        return "impossible"
    return "done" if ACTS[before, to][1] in is_a else "refused"


def attempt(pv, to, actor, known):
    """What became of it; the state, the journal and the words of a refusal say the same."""
    before, events = PVState(pv.state), PVEvent.objects.count()
    done, words = tried(pv, to, actor)
    pv.refresh_from_db(fields=["state"])
    is_done = done == "done"
    assert pv.state == (to if is_done else before)
    assert PVEvent.objects.count() == events + is_done
    assert done != "refused" or ACTS[before, to][1].value in words
    assert done != "impossible" or says_what_is_possible(words, known)
    return done


def tried(pv, to, actor):
    try:
        move(pv, to=to, by=acting(actor, NOW))
    except ValidationError as refusal:
        return "impossible", str(refusal)
    except PermissionDenied as refusal:
        return "refused", str(refusal)
    return "done", ""


def says_what_is_possible(text, before):
    possible = following(before)
    return (
        f"maintenant à l'état « {before.label} »" in text
        and all(f"« {state.label} »" in text for state in possible)
        and (bool(possible) or "Il est clos." in text)
    )


def test_the_journal_names_the_actor_the_states_and_the_file(scene):
    pv, people = scene
    move(
        pv,
        to=PVState.IN_REVIEW,
        by=acting(people["other agent"], NOW),
        note="Vu.",
        file=pv.files.get(),
    )
    event = pv.events.last()
    assert (event.actor, event.actor_name) == (people["other agent"], str(people["other agent"]))
    assert (event.from_state, event.to_state) == (PVState.SENT, PVState.IN_REVIEW)
    assert (event.at, event.note, event.file) == (NOW, "Vu.", pv.files.get())
    assert event.file_sha256 == event.file.sha256


def test_what_is_written_covers_the_whole_life_of_a_pv():
    """Each state is reached, each but the end is left, and no act stays where it is."""
    assert {to for _, to in ACTS} == set(PVState)
    assert {before for before, _ in ACTS} == set(PVState) - {PVState.ABANDONED}
    assert all(before != to for before, to in ACTS)
