"""Half-connectors: which apply, what says why, which days make sense (DOMAIN §7)."""

import datetime as dt

import pytest

from pilots.enums import ConnectorKind, ConnectorState
from pilots.va.rules.installation import day_problem, kinds_of, needs_reason

TO_DO, TESTED = ConnectorState.TO_DO, ConnectorState.TESTED
VALIDATED, ASIDE = ConnectorState.VALIDATED, ConnectorState.NOT_CONCERNED
TODAY = dt.date(2026, 11, 23)


def test_a_ris_has_every_flow_and_a_drimbox_its_own_two():
    assert kinds_of(is_drimbox=False) == tuple(ConnectorKind)
    assert kinds_of(is_drimbox=True) == (ConnectorKind.DB_CR, ConnectorKind.DB_CALL)


FREE = {
    (TO_DO, TESTED),
    (TO_DO, VALIDATED),
    (TESTED, VALIDATED),
    *((state, state) for state in ConnectorState),
}


@pytest.mark.parametrize("before", ConnectorState)
@pytest.mark.parametrize("after", ConnectorState)
def test_going_back_and_sans_objet_say_why(before, after):
    assert needs_reason(before, after) is ((before, after) not in FREE)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (TODAY, ""),
        (dt.date(2020, 1, 1), ""),
        (dt.date(2026, 11, 24), "à venir"),
        (dt.date(2019, 12, 31), "relisez l'année"),
        (dt.date(226, 11, 20), "relisez l'année"),
    ],
)
def test_what_was_done_was_done_by_now_and_not_long_before_the_dispositif(day, word):
    problem = day_problem(day, TODAY)
    assert word in problem
    assert bool(word) is bool(problem)
