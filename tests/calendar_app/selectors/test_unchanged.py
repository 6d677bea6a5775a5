"""Figures of the whole site, kept until an act that they depend on."""

import datetime as dt
from itertools import count

import pytest

from calendar_app.selectors import unchanged as module
from calendar_app.selectors.unchanged import unchanged
from calendar_app.services.deadlines import move
from journal.models import Entry
from journal.services.entries import write
from tests.by import acting
from tests.calendar_app.reminding import at, solde
from tests.factories import ServiceFactory, member

pytestmark = pytest.mark.usefixtures("calendars")
NOW = at("2027-09-01 10:00")


@pytest.fixture
def deadline():
    found = solde()
    by = acting(member(organisation=found.organisation), NOW)
    move(found, "draft", by=by)
    return found


@pytest.fixture
def figure(deadline, monkeypatch):
    """The figure at an instant, on a large site: how often it was found before."""
    monkeypatch.setattr(module, "LARGE", 1)
    numbers = count()
    return lambda now=NOW: unchanged("essai", numbers.__next__, but=("perf.%",), now=now)


def test_it_is_found_once(figure):
    assert [figure(), figure()] == [0, 0]


def test_on_a_small_site_each_time(figure, monkeypatch):
    monkeypatch.setattr(module, "LARGE", 1_000_000)
    assert [figure(), figure()] == [0, 1]


@pytest.mark.parametrize(
    ("made", "found"), [(solde, 1), (ServiceFactory, 0)], ids=["what it depends on", "the rest"]
)
def test_it_is_found_again_after_an_act_on(figure, made, found):
    row, by = made(), acting(member(), NOW)
    figure()
    write(row, "row.edit", by=by, what="Modifié")
    assert figure() == found


@pytest.fixture
def corrected(deadline, monkeypatch):
    """The figure at an instant: what was found, then the deadlines by which it was corrected."""
    monkeypatch.setattr(module, "LARGE", 1)
    numbers = count()

    def at_once(now=NOW):
        return unchanged(
            "essai",
            lambda: [next(numbers)],
            but=("perf.%",),
            now=now,
            correct=lambda found, deadlines: [*found, *deadlines],
        )

    at_once()
    return at_once


def test_after_acts_on_deadlines_it_is_corrected(corrected, deadline):
    other = solde()
    by = acting(member(), NOW)
    write(ServiceFactory(), "row.edit", by=by, what="Modifié")
    write(deadline, "row.edit", by=by, what="Modifiée", many=[deadline, other])
    assert corrected() == [0, deadline.pk, deadline.pk, other.pk]
    assert corrected() == [0, deadline.pk, deadline.pk, other.pk]


def test_after_an_act_on_anything_else_it_is_found_again(corrected, deadline):
    write(deadline.organisation, "row.edit", by=acting(member(), NOW), what="Modifiée")
    assert corrected() == [1]


def test_nor_is_it_corrected_after_an_act_that_commits_after_a_later_one(corrected, deadline):
    """Its number was taken first, as a sequence of PostgreSQL gives them."""
    entry = Entry.objects.latest("pk")
    number = entry.pk + 1
    entry.pk = number + 1
    entry.save(force_insert=True)
    assert corrected() == [0, deadline.pk]
    entry.pk = number
    entry.save(force_insert=True)
    assert corrected() == [1]


@pytest.mark.parametrize(
    ("later", "found"),
    [
        (dt.timedelta(minutes=10), 0),
        (dt.timedelta(minutes=10, seconds=1), 1),
        (dt.timedelta(seconds=-1), 1),
    ],
    ids=["after ten minutes", "beyond", "a clock stepped back"],
)
def test_it_is_not_kept_for_long(figure, later, found):
    figure()
    assert figure(NOW + later) == found


def test_nor_into_the_next_day(figure):
    late = at("2027-09-01 23:59")
    figure(late)
    assert figure(late + dt.timedelta(minutes=2)) == 1
