"""Who moves a préfigurateur, and how long its contact is kept (DOMAIN §8)."""

import datetime as dt

import pytest

from pilots.enums import Stage
from pilots.prefiguration.rules.prefiguration import KEPT_MONTHS, PREFIGURATEUR, Party, unusual
from segur.lib.paris import PARIS

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
    }
    assert found == MOVES


def test_only_what_was_dropped_is_resumed():
    """At «contact connu» it is in the list already: its contact and its interview would be lost."""
    act = PREFIGURATEUR.acts["resume"]
    assert (act.sources, act.target) == ((S.DROPPED,), S.WORKING_LIST)


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


def test_a_contact_is_kept_six_months_by_default():
    assert KEPT_MONTHS == 6


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-12-07 07:59", "7h59 est hors des heures de bureau (de 8h à 19h)"),
        ("2026-12-07 08:00", ""),
        ("2026-12-07 18:59", ""),
        ("2026-12-07 19:00", "19h est hors des heures de bureau (de 8h à 19h)"),
        ("2026-12-07 03:00", "3h est hors des heures de bureau (de 8h à 19h)"),
        ("2026-12-05 10:00", "samedi 5 décembre 2026 n'est pas un jour ouvré"),
        ("2026-12-06 03:00", "dimanche 6 décembre 2026 n'est pas un jour ouvré"),
        ("2026-12-25 10:00", "vendredi 25 décembre 2026 n'est pas un jour ouvré"),
        ("2026-12-24 10:00", ""),
    ],
)
def test_an_interview_at_an_unusual_instant_is_confirmed(at, words):
    assert unusual(dt.datetime.fromisoformat(at).replace(tzinfo=PARIS)) == words
