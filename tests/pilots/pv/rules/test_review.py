"""What of a review is for everybody to read."""

import pytest

from journal.enums import Readers
from pilots.enums import PVState
from pilots.pv.rules.review import PV, readers_of, shown

S = PVState


@pytest.mark.parametrize("state", S)
def test_the_fournisseur_knows_every_state_but_the_one_that_waits_for_a_second_agent(state):
    assert shown(state, to_reviewer=True) == state
    expected = S.IN_REVIEW if state == S.TO_CONFIRM else state
    assert shown(state, to_reviewer=False) == expected


@pytest.mark.parametrize(
    ("state", "following_it"),
    [
        (S.DRAFT, {S.SIGNED, S.ABANDONED}),
        (S.SIGNED, {S.DRAFT, S.SENT, S.ABANDONED}),
        (S.SENT, {S.SIGNED, S.IN_REVIEW}),
        (S.IN_REVIEW, {S.SENT, S.CONFORM, S.TO_CONFIRM, S.NOT_CONFORM}),
        (S.TO_CONFIRM, {S.NOT_CONFORM, S.IN_REVIEW}),
        (S.CONFORM, {S.IN_REVIEW}),
        (S.NOT_CONFORM, {S.DRAFT, S.SIGNED, S.ABANDONED}),
        (S.ABANDONED, set()),
    ],
)
def test_what_may_follow_each_state(state, following_it):
    assert set(PV.following(state)) == following_it


@pytest.mark.parametrize("name", PV.acts)
def test_a_proposal_and_its_contradiction_are_the_ans_s_own(name):
    expected = Readers.ANS if name in {"propose", "contradict"} else Readers.ALL
    assert readers_of(PV.acts[name]) == expected
