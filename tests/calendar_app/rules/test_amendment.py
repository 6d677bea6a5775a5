"""What a new date may not be, and what deserves a second look."""

import datetime as dt

import pytest

from calendar_app.enums import Nature
from calendar_app.rules.amendment import Dates, refusals, warnings
from segur.lib import paris

NOON = dt.time(12)
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def noon(year, month, day):
    return paris.at(dt.date(year, month, day), NOON)


OLD = noon(2027, 6, 9)


def refused(due_at, nature=Nature.REGULATORY, old=OLD, estimate=None):
    return refusals(Dates(old, estimate), due_at=due_at, nature=nature, now=NOW)


@pytest.mark.parametrize(
    ("due_at", "sentence"),
    [
        (noon(2026, 11, 20), "Le vendredi 20 novembre 2026 à 12h (heure de Paris) est déjà passé"),
        (NOW, "est déjà passé"),
        (OLD, "Rien ne change"),
        (paris.at(dt.date(2027, 6, 16), dt.time(0)), "00h00 se lit comme la veille au soir"),
    ],
)
def test_a_date_is_refused(due_at, sentence):
    assert sentence in refused(due_at)["due_at"]


@pytest.mark.parametrize("due_at", [noon(2027, 6, 16), noon(2026, 11, 23), NOW + dt.timedelta(1)])
def test_a_date_to_come_is_accepted_sooner_or_later_than_the_old_one(due_at):
    assert refused(due_at) == {}


def test_an_estimate_stands_beside_the_regulatory_date():
    later = noon(2027, 9, 29)
    assert refused(later, Nature.ESTIMATED) == {}
    assert Dates(OLD).amended(later, Nature.ESTIMATED) == Dates(OLD, later)
    assert "Rien ne change" in refused(later, Nature.ESTIMATED, estimate=later)["due_at"]
    assert "déjà passé" in refused(noon(2026, 11, 10), Nature.ESTIMATED)["due_at"]


def test_a_regulatory_date_takes_the_place_of_the_estimate():
    later = noon(2027, 9, 29)
    assert Dates(OLD, later).amended(later, Nature.REGULATORY) == Dates(later)
    assert refused(OLD, estimate=later) == {}


def test_an_estimate_alone_gives_no_due_instant():
    assert Dates(None, OLD).amended(OLD, Nature.REGULATORY) == Dates(OLD)
    assert Dates(None).amended(OLD, Nature.ESTIMATED) == Dates(None, OLD)


def test_a_milestone_gone_by_may_be_opened_again():
    assert refused(noon(2027, 1, 12), old=noon(2026, 11, 10)) == {}


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (noon(2027, 6, 16), []),
        (noon(2027, 6, 13), ["Le dimanche 13 juin 2027 n'est pas un jour ouvré."]),
        (noon(2027, 7, 14), ["Le mercredi 14 juillet 2027 n'est pas un jour ouvré."]),
        (
            paris.at(dt.date(2027, 6, 16), dt.time(18, 30)),
            ["L'heure est 18h30, alors que les textes disent 12h."],
        ),
        (
            noon(2027, 9, 29),
            ["Le jalon 6, le 22/09/2027 12h, viendra avant le jalon 5."],
        ),
        (
            noon(2028, 9, 6),
            [
                "La date change de plus d'un an : vérifiez l'année.",
                "Le jalon 6, le 22/09/2027 12h, viendra avant le jalon 5.",
            ],
        ),
    ],
)
def test_what_is_unusual_is_shown(due_at, expected):
    others = {4: noon(2026, 11, 10), 6: noon(2027, 9, 22)}
    assert warnings(number=5, old_due_at=OLD, due_at=due_at, others=others) == expected


def test_a_milestone_that_comes_before_an_earlier_one_is_shown():
    found = warnings(
        number=6,
        old_due_at=noon(2027, 9, 22),
        due_at=noon(2027, 6, 2),
        others={5: OLD},
    )
    assert found == ["Le jalon 5, le 09/06/2027 12h, viendra après le jalon 6."]


YEAR_AND_MORE = dt.timedelta(days=400)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize("way", [1, -1], ids=["later", "sooner"])
@pytest.mark.parametrize(
    ("move", "is_specified"),
    [(YEAR_AND_MORE - SECOND, False), (YEAR_AND_MORE, False), (YEAR_AND_MORE + SECOND, True)],
)
def test_a_move_of_more_than_400_days_deserves_a_second_look(way, move, is_specified):
    found = warnings(number=5, old_due_at=OLD, due_at=OLD + way * move, others={})
    assert ("La date change de plus d'un an : vérifiez l'année." in found) is is_specified


def test_two_milestones_of_one_instant_follow_no_wrong_order():
    others = {4: OLD, 6: OLD}
    assert warnings(number=5, old_due_at=OLD, due_at=OLD, others=others) == []
