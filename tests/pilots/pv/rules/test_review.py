"""What of a review is for everybody to read."""

import pytest

from pilots.enums import PVState
from pilots.pv.rules.review import following, shown, told

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
    assert set(following(state)) == following_it


TAKEN, PROPOSED = (S.SENT, S.IN_REVIEW), (S.IN_REVIEW, S.TO_CONFIRM)
CONTRADICTED, CONFIRMED = (S.TO_CONFIRM, S.IN_REVIEW), (S.TO_CONFIRM, S.NOT_CONFORM)


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        ([TAKEN, PROPOSED], [TAKEN]),
        ([TAKEN, PROPOSED, CONTRADICTED], [TAKEN]),
        ([TAKEN, PROPOSED, CONFIRMED], [TAKEN, PROPOSED, CONFIRMED]),
        (
            [TAKEN, PROPOSED, CONTRADICTED, PROPOSED, CONFIRMED, ("", S.DRAFT)],
            [TAKEN, PROPOSED, CONFIRMED, ("", S.DRAFT)],
        ),
        (
            [TAKEN, PROPOSED, CONFIRMED, TAKEN, PROPOSED],
            [TAKEN, PROPOSED, CONFIRMED, TAKEN],
        ),
        ([], []),
    ],
    ids=["waits", "contradicted", "confirmed", "both", "waits again", "nothing"],
)
def test_a_proposal_is_told_once_it_is_confirmed(steps, seen):
    assert [step for step, is_told in zip(steps, told(steps), strict=True) if is_told] == seen
