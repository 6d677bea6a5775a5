"""«Programme»: figures of the whole, each of which opens the list of exactly those rows."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, KeptFigures
from calendar_app.rules.outlook import SOON
from calendar_app.rules.parameters import NOON_IN_TIME
from calendar_app.selectors.programme import board
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
MICROSECOND = dt.timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _at_1145_on_the_last_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


def table_of(code, now=NOW):
    return next(table for one in board(now=now) for table in one.tables if table.code == code)


def counts_of(code, label, now=NOW):
    """Column → count of a row, without zeros."""
    table = table_of(code, now)
    row = next(row for row in table.rows if row.label.startswith(label))
    cells = zip(table.columns, row.cells, strict=True)
    return {column: cell.count for column, cell in cells if cell.count}


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


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize(
    ("now", "where"),
    [
        (NOON - SOON - MICROSECOND, "À venir"),
        (NOON - SOON, "Sous 30 jours"),
        (NOON - MICROSECOND, "Sous 30 jours"),
        (NOON, "En retard"),
        (NOON + MICROSECOND, "En retard"),
    ],
)
def test_each_deadline_is_counted_once_by_its_outlook(now, where):
    closed = {"Tenues": 2, "Refusées": 1, "Sans objet": 1, "Total": 7}
    assert counts_of("jalons", "RIS 5", now) == {where: 3, **closed}
    for row in table_of("jalons", now).rows:
        *parts, total = (cell.count for cell in row.cells)
        assert sum(parts) == total


@pytest.mark.parametrize(
    ("deposited_at", "noon_in_time", "late"),
    [
        (NOON - dt.timedelta(seconds=1), False, False),
        (NOON, False, True),
        (NOON, True, False),
        (NOON + dt.timedelta(seconds=1), True, True),
    ],
)
def test_late_is_what_the_receipt_says(actor, deposited_at, noon_in_time, late):
    deadline = of_prestation(5, editeur=actor)
    RegulatoryParameter.objects.create(
        key=NOON_IN_TIME, value=noon_in_time, effective_from=deadline.created_at, author_name="X"
    )
    filing = file(deadline, actor, now=NOON + dt.timedelta(hours=1), deposited_at=deposited_at)
    where = "Tenues en retard" if late else "Tenues"
    assert counts_of("jalons", "RIS 5") == {where: 1, "Total": 1}
    decided(filing, State.ACCEPTED)
    assert counts_of("jalons", "RIS 5") == {where: 1, "Total": 1}
    assert filing.receipt["dans_les_delais"] is (not late)


def test_the_last_version_counts(actor):
    """A date typed wrong, sent back, filed again with the right one."""
    deadline = of_prestation(5, editeur=actor)
    after = NOON + dt.timedelta(hours=2)
    decided(file(deadline, actor, now=after, deposited_at=after), State.TO_CORRECT, now=after)
    file(deadline, actor, now=after, deposited_at=NOW, files=[])
    assert counts_of("jalons", "RIS 5") == {"Tenues": 1, "Total": 1}


def test_an_editeur_is_counted_with_what_its_distributeurs_do(actor):
    deadline = of_prestation(5, editeur=actor)
    editeur = deadline.prestation.supplier.solution.organisation
    before = counts_of("editeurs", editeur.name)
    assert before["Total"] == Deadline.objects.count()
    seller = member(Role.REPRESENTANT)
    theirs = of_prestation(5, editeur=seller)
    theirs.prestation.supplier.solution.organisation = editeur
    theirs.prestation.supplier.solution.save()
    assert counts_of("editeurs", editeur.name)["Total"] == Deadline.objects.count()


def test_who_is_late_is_named_with_the_oldest_date(client, actor):
    deadline = of_prestation(5, editeur=actor)
    late = NOON + dt.timedelta(days=3)
    [row] = table_of("retards", late).rows
    assert row.label == deadline.organisation.name
    assert row.cells[0].count == Deadline.objects.filter(due_at__lte=late).count()
    assert row.url == reverse("accounts:organisation_detail", args=[deadline.organisation_id])


def test_the_oldest_deposit_to_confirm_is_aged_in_working_days(client, actor):
    friday = dt.datetime(2027, 6, 4, 8, tzinfo=dt.UTC)
    file(of_prestation(5, editeur=actor), actor, now=NOW)
    file(of_solution(2, editeur=actor), actor, now=friday)
    shown = text(page(client, member(Role.AGENT), INDEX))
    assert "2 dépôts à confirmer, le plus ancien depuis 3 jours ouvrés." in shown
    assert counts_of("depots", "À confirmer") == {"Nombre": 2}


def test_the_pace_is_drawn_against_the_legal_date(client, actor):
    file(of_prestation(5, editeur=actor), actor)
    of_prestation(5, editeur=actor)
    [picture] = next(one for one in board(now=NOW) if one.code == "rythme").pictures
    assert picture.title.startswith("RIS 5")
    assert picture.sentence == (
        "1 réalisée sur 2. Au rythme actuel (1,0 par semaine), la fin vient le 16/06/2027, après "
        "la date limite (09/06/2027)."
    )
    assert [one.label for one in picture.lines] == ["Fait", "À ce rythme"]
    assert [one.is_legal for one in picture.marks] == [False, True]
    shown = page(client, member(Role.AGENT), INDEX)
    assert picture.sentence in text(shown)
    assert markup(shown).count('<svg class="chart-picture"') == 1


def test_an_empty_programme_says_so(client):
    shown = text(page(client, member(Role.AGENT), INDEX))
    assert "Aucun dépôt n'attend de confirmation." in shown
    assert "Aucune échéance n'est en retard." in shown
    assert "Aucun éditeur n'a d'échéance." in shown


def test_my_own_act_shows_at_once_and_that_of_others_within_the_age_shown(client, actor):
    agent = member(Role.AGENT)
    filing = file(of_prestation(5, editeur=actor), actor)
    page(client, agent, INDEX)
    KeptFigures.objects.update(seconds=60)
    file(of_prestation(5, editeur=actor), actor)
    shown = text(page(client, agent, INDEX))
    assert "1 dépôt à confirmer" in shown
    assert "Chiffres comptés le 09/06/2027 à 11h45" in shown
    decided(filing, State.ACCEPTED, agent=agent)
    assert "1 dépôt à confirmer" in text(page(client, agent, INDEX))
    assert Deadline.objects.filter(state=State.FILED).count() == 1


@pytest.mark.parametrize(
    ("seconds", "age", "is_kept"),
    [(0.1, 10, True), (0.1, 11, False), (0.2, 600, True), (0.2, 601, False), (0, 1, False)],
)
def test_figures_are_kept_a_hundred_times_what_they_cost(
    client, time_machine, seconds, age, is_kept
):
    agent = member(Role.AGENT)
    page(client, agent, INDEX)
    KeptFigures.objects.update(seconds=seconds)
    time_machine.move_to(NOW + dt.timedelta(seconds=age), tick=False)
    page(client, agent, INDEX)
    assert (KeptFigures.objects.get().made_at == NOW) is is_kept


def test_counting_again_is_a_button(client, actor, time_machine):
    agent = member(Role.AGENT)
    page(client, agent, INDEX)
    KeptFigures.objects.update(seconds=60)
    time_machine.move_to(NOW + dt.timedelta(seconds=9), tick=False)
    assert client.post("/programme/actualiser/").status_code == 302
    assert KeptFigures.objects.get().made_at == NOW + dt.timedelta(seconds=9)


def test_kept_figures_cost_the_same_whatever_the_park(client, actor, django_assert_max_num_queries):
    client.force_login(member(Role.AGENT))
    client.get(INDEX)
    costs = []
    for _ in range(2):
        for number in (4, 5, 6):
            file(of_prestation(number, editeur=actor), actor)
        KeptFigures.objects.all().delete()
        with django_assert_max_num_queries(110) as captured:
            assert client.get(INDEX).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]
    KeptFigures.objects.update(seconds=60)
    with django_assert_max_num_queries(21):
        client.get(INDEX)


@pytest.mark.parametrize("address", [INDEX, "/programme.pdf", "/programme.xlsx"])
@pytest.mark.parametrize("role", [Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE])
def test_it_is_the_page_of_the_ans(client, role, address):
    response = page(client, member(role), address)
    assert response.status_code == 403
    assert "celle des agents de l'ANS" in text(response)


def test_an_industriel_does_not_make_it_count_again(client):
    client.force_login(member(Role.MANDATAIRE))
    assert client.post("/programme/actualiser/").status_code == 403
    assert not KeptFigures.objects.exists()


@pytest.mark.parametrize("address", [INDEX, "/programme.pdf", "/programme.xlsx"])
def test_anonymous_gets_the_login_page(client, address):
    assert client.get(address).status_code == 302
