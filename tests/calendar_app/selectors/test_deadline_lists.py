"""The states of all deadlines of the site, kept on a large one."""

import pytest

from calendar_app.enums import State
from calendar_app.models import KeptFigures
from calendar_app.selectors import unchanged
from calendar_app.selectors.deadline_lists import states_of_all
from calendar_app.services.deadlines import move
from tests.by import acting
from tests.calendar_app.reminding import at, solde
from tests.factories import member

pytestmark = pytest.mark.usefixtures("calendars")
NOW = at("2027-09-01 10:00")
ANOTHER = 0
"""A milestone of which no deadline was acted on."""


def test_after_an_act_its_milestone_alone_is_counted_again(monkeypatch):
    monkeypatch.setattr(unchanged, "LARGE", 1)
    deadline, other = solde(), solde()
    by = acting(member(organisation=deadline.organisation), NOW)
    move(deadline, "draft", by=by)
    states_of_all(NOW)
    kept = KeptFigures.objects.get()
    kept.data["found"].append([ANOTHER, State.TO_DO, 99, 1])
    kept.save()
    move(deadline, "set_aside", by=by, note="Sans objet")

    found = states_of_all(NOW)

    assert deadline.milestone_id
    assert found[deadline.milestone_id] == {
        State.TO_DO: (1, other.pk),
        State.NOT_APPLICABLE: (1, deadline.pk),
    }
    assert found[ANOTHER] == {State.TO_DO: (99, 1)}
