"""The demonstration shows of PERF what it promises, whatever the day it is made."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.models import Prestation
from perf.demo.clock import open_since
from perf.demo.story import ONGOING
from perf.engine.instants import HOUR, MINUTE, from_us, to_us
from perf.engine.rules import SLIDES
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Service
from segur.lib import paris
from segur.lib.instants import instant as at
from tests.calendar_app.pages import page, text

USED = 8 * HOUR + 40 * MINUTE
SUNDAY_EVENING = "22/11/2026 23:30"


def demonstration_at(now, *values, marks=()):
    return pytest.param(now, *values, marks=[pytest.mark.demonstration_at(at(now)), *marks])


@pytest.mark.parametrize(
    ("now", "falls"),
    [
        demonstration_at(SUNDAY_EVENING, "lundi 23 novembre 2026 à 10h20 (heure de Paris)"),
        demonstration_at("12/01/2027 10:30", "mardi 12 janvier 2027 à 11h50 (heure de Paris)"),
        demonstration_at(
            "17/05/2027 08:00",
            "mardi 18 mai 2027 à 10h20 (heure de Paris)",
            marks=[pytest.mark.long],  # no other test loads the demonstration of that day
        ),
    ],
)
def test_the_ongoing_outage_falls_when_the_engine_says(client, demo, now, falls):
    with time_machine.travel(at(now), tick=False):
        (outage,) = Outage.objects.filter(ended_at=None)
        user = User.objects.get(email=cast.REPRESENTANT.email)
        prestation = outage.service.prestation
        response = page(client, user, reverse("perf:prestation", args=[prestation.pk]))
    assert response.context["situation"].figure.counted == USED
    engine = SLIDES.open_time.after(to_us(at(now)), 10 * HOUR - USED)
    assert paris.long(from_us(engine)) == falls
    assert f"Si l'arrêt en cours continue, PERF passe à 0,5 le {falls} ." in text(response)
    assert "Déclarer la fin de la panne" in text(response)


@pytest.mark.demonstration_at(at(SUNDAY_EVENING))
def test_it_has_an_example_of_each_kind(demo):
    assert set(Outage.objects.values_list("nature", flat=True)) == set(OutageNature)
    assert {
        OutageStanding.CONTESTED,
        OutageStanding.NOT_RETAINED,
        OutageStanding.UNCONTESTED,
    } <= set(Outage.objects.values_list("standing", flat=True))
    assert Outage.objects.filter(versions__source="CLIENT").exists()
    assert (
        Service.objects.count() == Prestation.objects.filter(dispositif__slug="drimbox").count() - 1
    )


@pytest.mark.parametrize(
    "now", ["22/11/2026 23:30", "01/01/2027 00:05", "23/11/2026 09:00:01", "17/05/2027 08:00"]
)
def test_open_time_is_counted_back_from_any_instant(now):
    start = open_since(at(now), ONGOING)
    assert SLIDES.open_time.elapsed(to_us(start), to_us(at(now))) == ONGOING
