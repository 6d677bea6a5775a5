"""Who moves a préfigurateur, and how long its contact is kept (DOMAIN §8)."""

import pytest

from pilots.enums import Stage
from pilots.prefiguration.rules.prefiguration import KEPT_MONTHS, PREFIGURATEUR, Party

S = Stage
MOVES = {
    (S.WORKING_LIST, S.CONTACT): Party.EDITEUR,
    (S.CONTACT, S.WORKING_LIST): Party.EITHER,
    (S.CONTACT, S.INTERVIEW): Party.ANS,
    (S.INTERVIEW, S.AGREED): Party.SIGNATORY,
    (S.AGREED, S.PUBLIC): Party.ANS,
    (S.PUBLIC, S.AGREED): Party.ANS,
    (S.DROPPED, S.WORKING_LIST): Party.ANS,
    (S.WORKING_LIST, S.DROPPED): Party.ANS,
    (S.CONTACT, S.DROPPED): Party.ANS,
    (S.INTERVIEW, S.DROPPED): Party.ANS,
    (S.AGREED, S.DROPPED): Party.ANS,
    (S.PUBLIC, S.DROPPED): Party.ANS,
}


def test_who_makes_each_move():
    found = {
        (before, act.target): act.who
        for name, act in PREFIGURATEUR.acts.items()
        for before in act.sources
        if (name, before) != ("resume", S.CONTACT)
    }
    assert found == MOVES


def test_the_ans_takes_one_back_to_the_working_list_while_its_contact_is_known():
    act = PREFIGURATEUR.acts["resume"]
    assert (set(act.sources), act.target) == ({S.DROPPED, S.CONTACT}, S.WORKING_LIST)


@pytest.mark.parametrize(
    ("stage", "following"),
    [
        (S.WORKING_LIST, [S.CONTACT, S.DROPPED]),
        (S.CONTACT, [S.WORKING_LIST, S.INTERVIEW, S.DROPPED]),
        (S.INTERVIEW, [S.AGREED, S.DROPPED]),
        (S.AGREED, [S.PUBLIC, S.DROPPED]),
        (S.PUBLIC, [S.AGREED, S.DROPPED]),
        (S.DROPPED, [S.WORKING_LIST]),
    ],
)
def test_what_may_follow_each_stage(stage, following):
    assert PREFIGURATEUR.following(stage) == following


def test_a_contact_is_kept_six_months_unless_it_is_said_otherwise():
    assert KEPT_MONTHS == 6
