"""Two people moving one préfigurateur at the same second: one succeeds, the other is refused."""

import pytest
from django.db import connection

from accounts.enums import Role
from pilots.enums import Stage
from pilots.prefiguration.services import prefigurateurs
from tests.at_once import at_once
from tests.by import acting
from tests.entries import entries
from tests.factories import member
from tests.pilots.prefigurateurs import NOW, at_stage, give

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]


def drop(one, agent):
    return prefigurateurs.drop(one, reason="Reporté.", by=acting(agent, NOW))


def agree(one, editeur):
    return prefigurateurs.agree(one, by=acting(editeur, NOW))


def publish(one, agent):
    return prefigurateurs.publish(one, by=acting(agent, NOW))


@pytest.mark.parametrize(
    ("stage", "role", "act"),
    [
        (Stage.INTERVIEW, Role.REPRESENTANT, agree),
        (Stage.AGREED, Role.AGENT, publish),
        (Stage.CONTACT, Role.AGENT, drop),
    ],
)
def test_the_same_act_twice_counts_once(stage, role, act):
    one = at_stage(stage)
    person = member(role) if role is Role.AGENT else member(role, one.solution.organisation)
    won, refused = at_once(*[lambda: act(one, person)] * 2)
    assert (len(won), len(refused)) == (1, 1)
    one.refresh_from_db()
    assert f"est maintenant à l'étape « {Stage(one.stage).label} »" in refused[0].messages[0]
    moves = [(entry.before["stage"], entry.after["stage"]) for entry in entries(one)]
    assert moves.count((stage, one.stage)) == 1


def test_dropped_while_the_contact_is_given_nothing_personal_stays():
    """Whoever comes second: a contact given first is erased, one given after is refused."""
    one = at_stage(Stage.WORKING_LIST)
    agent, editeur = member(Role.AGENT), member(Role.SALARIE, one.solution.organisation)
    won, refused = at_once(lambda: drop(one, agent), lambda: give(one, actor=editeur))
    assert len(won) + len(refused) == 2
    one.refresh_from_db()
    assert one.stage == Stage.DROPPED
    assert not one.contacts.filter(erased_at=None).exists()
