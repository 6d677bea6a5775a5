"""Statistics of the review: what is counted, and who sees whose figures."""

import pytest

from accounts.enums import Role
from pilots.enums import PVState
from pilots.pv.models import PVDecision
from tests.factories import OrganisationFactory, member
from tests.pages import markup
from tests.pilots.reviewing import NOW, accept, agent, pv_of, reason, reviewed_by, step, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


def refused_by(user):
    pv = pv_of(state=PVState.NOT_CONFORM, assigned_to=user, decided_at=NOW)
    step(pv, "refuse", NOW)
    PVDecision.objects.create(
        pv=pv,
        file=pv.files.first(),
        file_sha256=pv.files.first().sha256,
        outcome=PVState.NOT_CONFORM,
        reasons=[reason()],
        decided_by=user,
        decided_by_name=str(user),
        decided_at=NOW,
        confirmed_at=NOW,
    )
    return pv


@pytest.fixture
def decided(me):
    """One conforme of mine, one non conforme of another agent."""
    other = agent(full_name="Autre Agente")
    mine = reviewed_by(me)
    accept(mine, me)
    return mine, refused_by(other)


def test_an_agent_reads_the_whole_and_only_their_own_delays(client, decided):
    page = markup(client.get(url("statistics")))
    assert "2 PV reçus, 2 décidés" in page
    assert "50 % de non conformes" in page
    assert '<th scope="row">Agente Connectée</th>' in page
    assert "Autre Agente" not in page
    assert '<th scope="row">Absente</th>' in page


def test_a_responsable_reads_those_of_all(client, decided):
    client.force_login(agent(Role.RESPONSABLE))
    page = markup(client.get(url("statistics")))
    for name in ("Agente Connectée", "Autre Agente"):
        assert f'<th scope="row">{name}</th>' in page


@pytest.mark.parametrize(("role", "names_others"), [(None, False), (Role.RESPONSABLE, True)])
def test_the_file_names_the_agent_to_whom_may_read_it(client, decided, role, names_others):
    if role:
        client.force_login(agent(role))
    lines = client.get(url("statistics_csv")).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    conform, refused = (line for pv in decided for line in lines if line.startswith(f"{pv.pk};"))
    assert ";Conforme;" in conform
    assert ";Agente Connectée;" in conform
    assert refused.endswith("Client : Absente")
    assert ("Autre Agente" in refused) is names_others


def test_before_the_first_pv_the_page_says_so(client, me):
    assert "Aucun PV n'a encore été transmis" in markup(client.get(url("statistics")))


def test_queries_do_not_grow(client, me, decided, django_assert_max_num_queries):
    for name in ("statistics", "statistics_csv"):
        client.get(url(name))
        for _ in range(3):
            refused_by(agent())
        with django_assert_max_num_queries(16):
            client.get(url(name))


@pytest.mark.parametrize("name", ["statistics", "statistics_csv"])
def test_an_outsider_is_refused(client, name):
    client.force_login(member(Role.MANDATAIRE, OrganisationFactory()))
    assert client.get(url(name)).status_code == 403
