"""docs/rgaa.md has the 106 criteria, each with its proof, and the page counts them honestly."""

import re

import pytest
from django.conf import settings

from segur.guide.rgaa import FILE, evaluation, read
from tests.pages import text

IN_EACH_TOPIC = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
LINE = "| 1.{n} | Objet | {applies} | {holds}| preuve |\n"


def line(n, applies, holds):
    return LINE.format(n=n, applies=applies, holds=f"{holds} " if holds else "")


def test_every_criterion_of_the_reference_is_there_once():
    expected = [
        f"{topic}.{number}"
        for topic, count in enumerate(IN_EACH_TOPIC, 1)
        for number in range(1, count + 1)
    ]
    assert len(expected) == 106
    assert [one.number for one in evaluation().criteria] == expected


def test_what_applies_is_held_or_not_and_nothing_else_is():
    assert {one.holds for one in evaluation().criteria if one.applies} <= {
        "oui",
        "non",
        "à vérifier",
    }
    assert {one.holds for one in evaluation().criteria if not one.applies} == {""}


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(\S+\.(?:py|md|css))`", FILE.read_text())
    assert [name for name in named if not (settings.BASE_DIR / name).exists()] == []


@pytest.mark.parametrize(
    ("lines", "rate"),
    [
        (line(1, "oui", "oui") + line(2, "oui", "non"), 50),
        (line(1, "oui", "oui") + line(2, "oui", "à vérifier"), 50),
        (line(1, "oui", "oui") + line(2, "non", ""), 100),
        (line(1, "oui", "oui") + line(2, "oui", "oui") + line(3, "oui", "non"), 66.66),
    ],
    ids=["not held", "not verified counts as not held", "does not apply", "rounded down"],
)
def test_the_rate_counts_what_holds_among_what_applies(lines, rate):
    assert read(lines).rate == rate


@pytest.mark.django_db
def test_the_page_shows_the_rate_and_what_does_not_hold(client):
    shown = text(client.get("/accessibilite/"))
    counted = evaluation()
    assert f"{counted.rate:.2f} %".replace(".", ",") in shown
    assert f"{len(counted.held)} critères respectés sur {len(counted.applicable)}" in shown
    assert "Ce site n'a pas été audité" in shown
    for one in counted.others:
        assert f"{one.number} {one.title}" in shown
