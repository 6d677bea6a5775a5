"""Writes the pictures of the guide from the demonstration, in both themes: `make pictures`."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from PIL import Image

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.enums import State
from calendar_app.models import Deadline
from perf.models import Service
from pilots.enums import PVState
from pilots.pv.models import PilotPV
from segur.guide.source import FOLDER, THEMES

pytestmark = pytest.mark.pictures

IMAGES = FOLDER / "images"
SIZE = {"width": 1200, "height": 800}
KEPT = (960, 640)
"""As wide as the text of a guide twice, and no more: a first visit loads 100 kB at most."""
QUALITY = 45


@dataclass(frozen=True)
class Shot:
    name: str
    person: cast.Person
    url: Callable[[], str]


def deadline() -> str:
    blocked = Deadline.objects.filter(
        organisation__name=cast.EDITEUR, milestone__number=6, state=State.TO_DO
    )
    return reverse("deadlines:detail", args=[blocked.earliest("pk").pk])


def pv_in_review() -> str:
    agent = User.objects.get(email=cast.AGENT.email)
    pv = PilotPV.objects.filter(state=PVState.IN_REVIEW, assigned_to=agent).earliest("pk")
    return reverse("review:pv", args=[pv.pk])


def perf_page() -> str:
    return reverse("perf:prestation", args=[Service.objects.earliest("pk").prestation_id])


SHOTS = (
    Shot("echeances", cast.MANDATAIRE, lambda: reverse("deadlines:index")),
    Shot("echeance", cast.MANDATAIRE, deadline),
    Shot("portefeuille", cast.MANDATAIRE, lambda: reverse("portfolio:index")),
    Shot("perf", cast.MANDATAIRE, perf_page),
    Shot("programme", cast.RESPONSABLE, lambda: reverse("programme:index")),
    Shot("instruction", cast.AGENT, pv_in_review),
)


def test_take_them(visit, site):
    IMAGES.mkdir(exist_ok=True)
    for theme in THEMES:
        visitor = visit(site, viewport=SIZE, color_scheme=theme)
        for shot in SHOTS:
            visitor.log_in_as(shot.person.email)
            assert visitor.goto(shot.url()) == 200
            picture = Image.open(io.BytesIO(visitor.page.screenshot())).resize(KEPT)
            picture.save(IMAGES / f"{shot.name}-{theme}.webp", quality=QUALITY, method=6)
