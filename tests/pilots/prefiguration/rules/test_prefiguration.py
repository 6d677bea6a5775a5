"""Who moves a préfigurateur, and how long its contact is kept (DOMAIN §8)."""

from pilots.enums import Stage
from pilots.prefiguration.rules.prefiguration import ACTS, KEPT_MONTHS, Party

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
    assert {move: party for move, (_words, party) in ACTS.items()} == MOVES


def test_a_contact_is_kept_six_months_unless_it_is_said_otherwise():
    assert KEPT_MONTHS == 6
