"""«Programme»: every milestone with what became of its deadlines, and what waits for the ANS."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from calendar_app.rules.parameters import NOON_IN_TIME
from calendar_app.selectors.programme import milestone_rows
from calendar_app.services.decisions import set_aside
from calendar_app.services.drafts import save_draft
from parameters.models import RegulatoryParameter
from tests.by import acting
from tests.calendar_app.filing_cases import NOW, decided, file, of_prestation, of_solution
from tests.calendar_app.pages import page, text
from tests.factories import member
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")
INDEX = "/programme/"
NOON = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _at_1145_on_the_last_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


def row_of(code, now=NOW):
    return next(row for row in milestone_rows(now=now) if row.milestone.code == code)


def counts_of(row):
    """What the table shows of a milestone, without the parts said by «dont»."""
    return {
        name: count
        for name in ("to_do", "drafts", "overdue", "filed", "accepted", "refused", "set_aside")
        if (count := getattr(row, name))
    }


@pytest.fixture
def one_of_each(calendars, actor):
    """Deadlines of milestone 5, one in each state."""
    made = [of_prestation(5, editeur=actor) for _ in State]
    save_draft(deadline=made[1], by=acting(actor, NOW))
    file(made[2], actor)
    decided(file(made[3], actor), State.ACCEPTED)
    decided(file(made[4], actor), State.TO_CORRECT)
    decided(file(made[5], actor), State.REFUSED)
    set_aside(made[6], reason="Client parti", by=acting(actor, NOW))
    assert {State(row.state) for row in Deadline.objects.filter(milestone__code="ris-5")} == {
        *State
    }


DECIDED = {"filed": 1, "accepted": 1, "refused": 1, "set_aside": 1}
MICROSECOND = dt.timedelta(microseconds=1)


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize(
    ("now", "open_counts"),
    [
        (NOON - MICROSECOND, {"to_do": 2, "drafts": 1}),
        (NOON, {"overdue": 3}),
        (NOON + MICROSECOND, {"overdue": 3}),
    ],
)
def test_each_state_is_counted_once_and_all_add_up(now, open_counts):
    row = row_of("ris-5", now=now)
    assert counts_of(row) == {**open_counts, **DECIDED}
    assert row.total == len(State)
    for other in milestone_rows(now=now):
        assert sum(counts_of(other).values()) == other.total


@pytest.mark.usefixtures("one_of_each")
def test_the_table_adds_up_as_it_is_read(client):
    response = page(client, member(Role.AGENT), INDEX)
    table = markup(response).split('id="jalons"')[1]
    rows = [
        [int(cell) for cell in re.findall(r'class="number">(?:<strong>)?(\d+)', row)]
        for row in table.split("<tr>")[2:]
    ]
    assert len(rows) == len(milestone_rows(now=NOW))
    assert [2, 1, 0, 1, 1, 1, 1, 7] in rows
    for *parts, total in rows:
        assert sum(parts) == total


@pytest.mark.parametrize(
    ("deposited_at", "noon_in_time", "late"),
    [
        (NOON - dt.timedelta(seconds=1), False, 0),
        (NOON, False, 1),
        (NOON, True, 0),
        (NOON + dt.timedelta(seconds=1), True, 1),
    ],
)
def test_late_is_what_the_receipt_says(actor, deposited_at, noon_in_time, late):
    deadline = of_prestation(5, editeur=actor)
    RegulatoryParameter.objects.create(
        key=NOON_IN_TIME, value=noon_in_time, effective_from=deadline.created_at, author_name="X"
    )
    filing = file(deadline, actor, now=NOON + dt.timedelta(hours=1), deposited_at=deposited_at)
    row = row_of("ris-5")
    assert (row.filed, row.filed_late, row.accepted_late) == (1, late, 0)
    decided(filing, State.ACCEPTED)
    row = row_of("ris-5")
    assert (row.accepted, row.accepted_late, row.filed_late) == (1, late, 0)
    assert filing.receipt["dans_les_delais"] is (not late)


def test_the_last_version_counts(actor):
    """A date typed wrong, sent back, filed again with the right one."""
    deadline = of_prestation(5, editeur=actor)
    after = NOON + dt.timedelta(hours=2)
    decided(file(deadline, actor, now=after, deposited_at=after), State.TO_CORRECT, now=after)
    file(deadline, actor, now=after, deposited_at=NOW, files=[])
    assert row_of("ris-5").filed_late == 0


def test_the_page_shows_what_waits_oldest_first(client, actor):
    friday = dt.datetime(2027, 6, 4, 8, tzinfo=dt.UTC)
    older = of_solution(2, editeur=actor)
    newer = of_prestation(5, editeur=actor)
    file(newer, actor, now=NOW)
    file(older, actor, now=friday)
    response = page(client, member(Role.AGENT), INDEX)
    assert [row.deadline for row in response.context["queue"]] == [older, newer]
    shown = text(response)
    assert "2 dépôts à confirmer, le plus ancien depuis 3 jours ouvrés." in shown
    assert [row.working_days for row in response.context["queue"]] == [3, 0]
    assert "Enregistré le" in shown
    assert "04/06/2027 à 10h" in shown
    assert "moins d'un jour ouvré" in shown
    assert reverse("deadlines:detail", args=[older.pk]) in markup(response)
    assert response.status_code == 200


def test_the_link_to_the_whole_queue_counts_what_it_opens(client, actor):
    for _ in range(11):
        file(of_prestation(5, editeur=actor), actor)
    response = page(client, member(Role.AGENT), INDEX)
    assert len(response.context["queue"]) == 10
    url, count = re.findall(r'href="([^"]*)">Voir les (\d+) dépôts', markup(response))[0]
    assert len(client.get(url).context["lines"]) == int(count) == 11


def test_nothing_waits(client):
    assert "Aucun dépôt n'attend de confirmation" in text(page(client, member(Role.AGENT), INDEX))


def test_more_rows_cost_no_more_queries(client, actor, django_assert_max_num_queries):
    client.force_login(member(Role.AGENT))
    costs = []
    for _ in range(2):
        for number in (4, 5, 6):
            file(of_prestation(number, editeur=actor), actor)
        with django_assert_max_num_queries(24) as captured:
            assert client.get(INDEX).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("role", [Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE])
def test_it_is_the_page_of_the_ans(client, role):
    response = page(client, member(role), INDEX)
    assert response.status_code == 403
    assert "celle des agents de l'ANS" in text(response)


def test_anonymous_gets_the_login_page(client):
    assert client.get(INDEX).status_code == 302
