"""Of whom a technical contact may be asked for."""

import pytest

from accounts.enums import Role
from pilots.enums import Stage
from pilots.prefiguration.services.contact_requests import ask_refusals
from tests.by import acting
from tests.factories import member
from tests.pilots.prefigurateurs import NOW, at_stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.mark.parametrize("stage", Stage)
def test_a_contact_is_asked_for_on_the_working_list_alone_and_each_refusal_has_its_reason(stage):
    one = at_stage(stage)
    [why] = ask_refusals([one], acting(member(Role.AGENT), NOW), {}).values()
    assert (why == "") is (stage == Stage.WORKING_LIST)
