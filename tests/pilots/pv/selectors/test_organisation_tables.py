"""What an organisation takes with it of its PV."""

import pytest

from pilots.enums import PVState
from pilots.pv.selectors.organisation_tables import TABLES
from tests.factories import member
from tests.pilots.reviewing import agent, pv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
(PV,) = (table for table in TABLES if table.name == "pv")


@pytest.mark.parametrize(
    ("state", "given"),
    [
        (PVState.SENT, PVState.SENT),
        (PVState.IN_REVIEW, PVState.IN_REVIEW),
        (PVState.TO_TAKE_EFFECT, PVState.IN_REVIEW),
        (PVState.TO_CONFIRM, PVState.IN_REVIEW),
        (PVState.CONFORM, PVState.CONFORM),
    ],
)
def test_a_pending_decision_is_not_given(state, given):
    pv = pv_of(state=state)
    host = pv.pilot.prestation.organisation
    for reader in (member("MANDATAIRE", host), agent("RESPONSABLE")):
        assert [row["state"] for row in PV.rows(host, reader)] == [given]
