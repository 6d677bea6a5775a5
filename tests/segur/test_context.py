import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import member

CURRENT = [
    (Role.SALARIE, "perf:tickets", ["PERF"]),
    (Role.SALARIE, "installation:pending_portals", ["Prestations"]),
    (Role.SALARIE, "checklists:index", ["Pilotes"]),
    (Role.SALARIE, "publications:index", ["Pilotes"]),
    (Role.SALARIE, "parameters:index", ["Calendriers"]),
    (Role.AGENT, "installation:pending_portals", ["Programme"]),
    (Role.AGENT, "checklists:index", ["Paramètres"]),
    (Role.AGENT, "publications:index", ["Instruction"]),
    (Role.AGENT, "parameters:index", ["Paramètres"]),
    (Role.AGENT, "accessibility", []),
]


@pytest.mark.usefixtures("calendars")
@pytest.mark.parametrize(("role", "page", "labels"), CURRENT)
def test_the_menu_says_where_one_is(client, role, page, labels):
    client.force_login(member(role))
    menu = client.get(reverse(page)).context["main_menu"]
    assert [entry["label"] for entry in menu if entry["current"]] == labels
