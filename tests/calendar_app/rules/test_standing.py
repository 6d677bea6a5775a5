"""Where a prestation stands for one milestone."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from calendar_app.enums import Channel, State
from calendar_app.rules.standing import Standing, short_title, standing, word

YES, NO = True, False


@pytest.mark.parametrize(
    ("state", "is_late", "is_blocked", "is_at_risk", "found"),
    [
        (State.TO_DO, NO, NO, NO, Standing.TO_DO),
        (State.TO_DO, NO, NO, YES, Standing.AT_RISK),
        (State.TO_DO, NO, YES, YES, Standing.BLOCKED),
        (State.TO_DO, YES, YES, YES, Standing.LATE),
        (State.DRAFT, NO, NO, NO, Standing.DRAFT),
        (State.DRAFT, NO, NO, YES, Standing.AT_RISK),
        (State.TO_CORRECT, NO, NO, NO, Standing.TO_CORRECT),
        (State.TO_CORRECT, YES, NO, NO, Standing.LATE),
        (State.FILED, YES, YES, YES, Standing.FILED),
        (State.ACCEPTED, YES, NO, NO, Standing.ACCEPTED),
        (State.REFUSED, NO, NO, NO, Standing.REFUSED),
        (State.NOT_APPLICABLE, YES, YES, YES, Standing.NOT_APPLICABLE),
    ],
)
def test_each_deadline_stands_in_one_place(state, is_late, is_blocked, is_at_risk, found):
    flags = {"is_late": is_late, "is_blocked": is_blocked, "is_at_risk": is_at_risk}
    assert standing(state, **flags) == found


def test_what_is_filed_at_the_client_is_called_realised():
    assert word(Standing.FILED, Channel.NONE) == "réalisé"
    assert word(Standing.FILED, Channel.ASP) == "déposé"
    assert word(Standing.LATE, Channel.NONE) == "en retard"


@pytest.mark.parametrize(
    ("channel", "is_money_step", "is_after", "title"),
    [
        (Channel.ASP, YES, NO, "Avance"),
        (Channel.NONE, NO, NO, "Réalisation"),
        (Channel.ASP, YES, YES, "Solde"),
        (Channel.CONVERGENCE, NO, NO, "Dépôt du bilan annuel"),
    ],
)
def test_columns_have_short_titles(channel, is_money_step, is_after, title):
    full = "Dépôt du bilan annuel"
    assert short_title(full, channel, is_money_step=is_money_step, is_after=is_after) == title


def test_every_standing_has_a_shape_that_is_drawn():
    drawn = ElementTree.parse(settings.BASE_DIR / "static/segur/icons.svg")  # noqa: S314  (ours)
    names = {symbol.get("id") for symbol in drawn.iter("{http://www.w3.org/2000/svg}symbol")}
    assert {one.shape for one in Standing} <= names


@pytest.mark.parametrize(
    ("standing", "count", "words"),
    [
        (Standing.LATE, 3, "3 en retard"),
        (Standing.BLOCKED, 1, "1 bloqué"),
        (Standing.BLOCKED, 2, "2 bloqués"),
        (Standing.AT_RISK, 2, "2 à risque"),
    ],
)
def test_counts_in_words(standing, count, words):
    assert standing.counted(count) == words
