"""What of a review is for everybody to read."""

import pytest

from journal.enums import Readers
from pilots.enums import PVState
from pilots.pv.rules.review import PV, readers_of, shown

S = PVState


@pytest.mark.parametrize("state", S)
def test_the_fournisseur_knows_every_state_but_those_of_a_pending_decision(state):
    assert shown(state, to_reviewer=True) == state
    expected = S.IN_REVIEW if state in (S.TO_CONFIRM, S.TO_TAKE_EFFECT) else state
    assert shown(state, to_reviewer=False) == expected


@pytest.mark.parametrize(
    ("state", "following_it"),
    [
        (S.DRAFT, {S.SIGNED, S.ABANDONED}),
        (S.SIGNED, {S.DRAFT, S.SENT, S.ABANDONED}),
        (S.SENT, {S.SIGNED, S.IN_REVIEW}),
        (S.IN_REVIEW, {S.SENT, S.TO_TAKE_EFFECT, S.TO_CONFIRM, S.NOT_CONFORM}),
        (S.TO_CONFIRM, {S.NOT_CONFORM, S.IN_REVIEW}),
        (S.TO_TAKE_EFFECT, {S.CONFORM, S.IN_REVIEW}),
        (S.CONFORM, {S.IN_REVIEW}),
        (S.NOT_CONFORM, {S.DRAFT, S.SIGNED, S.ABANDONED}),
        (S.ABANDONED, set()),
    ],
)
def test_what_may_follow_each_state(state, following_it):
    assert set(PV.following(state)) == following_it


OWN = {"propose", "contradict", "retract", "lapse", "accept", "recall"}


@pytest.mark.parametrize("name", PV.acts)
def test_a_pending_decision_and_its_end_without_effect_are_the_ans_s_own(name):
    expected = Readers.ANS if name in OWN else Readers.ALL
    assert readers_of(PV.acts[name]) == expected
