"""What is understood of one delivery of the webhook."""

import pytest

from perf.services.deliveries import understood
from tests.perf.api.incidents import RESOLVED_AT, STARTED_AT, delivery


@pytest.mark.parametrize(("length", "kept"), [(499, 499), (500, 500), (501, 500)])
def test_a_cause_is_cut_to_500_characters(length, kept):
    assert understood(delivery(cause="x" * length)).cause == "x" * kept


@pytest.mark.parametrize("resolved_at", [STARTED_AT, RESOLVED_AT])
def test_an_incident_may_end_the_instant_it_starts(resolved_at):
    found = understood(delivery("resolved", resolved_at=resolved_at))
    assert (found.started_at, found.resolved_at) == (STARTED_AT, resolved_at)
