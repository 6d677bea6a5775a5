"""The overview that the ANS reads: kept with its age, its rows of now."""

import pytest
from django.utils import timezone

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.models import KeptFigures
from perf.models import Outage
from perf.rules.periods import containing
from perf.selectors.overview import VIEWS, in_order, overview, summary
from perf.selectors.rules import period_kind
from perf.services.kept_overview import WHOLE
from tests.pages import markup, text

INDEX = "/perf/"
ORDERS = ["", "client", "-client", "df", "-df", "perf", "-perf", "reste", "-reste", "solution"]


def log_in(client, person):
    client.force_login(User.objects.get(email=person.email))


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("view", ["", "baisse", "perf-1", "a-declarer"])
def test_kept_it_is_the_same_list(client, order, view):
    log_in(client, cast.AGENT)
    kept = client.get(f"{INDEX}?vue={view}&tri={order}")
    now = timezone.now().replace(microsecond=0)
    rows = overview(WHOLE.all(), period=containing(now, period_kind(now)), now=now)
    column = order.removeprefix("-") or "perf"
    asked = in_order(
        [row for row in rows if VIEWS[view][1](row)], column, falling=order.startswith("-")
    )
    assert [row.pk for row in kept.context["rows"]] == [row.pk for row in asked]
    assert kept.context["summary"] == summary(rows)


@pytest.mark.usefixtures("demo")
def test_its_age_is_shown_to_the_ans_alone(client):
    words = "L'ordre et les nombres de la liste ont été calculés le"
    log_in(client, cast.AGENT)
    assert words in text(client.get(INDEX))
    assert KeptFigures.objects.count() == 1
    log_in(client, cast.REPRESENTANT)
    assert words not in text(client.get(INDEX))


@pytest.mark.usefixtures("demo")
def test_a_row_of_a_kept_list_is_of_now(client):
    log_in(client, cast.AGENT)
    before = client.get(INDEX)
    KeptFigures.objects.update(seconds=60)
    worst = before.context["rows"][0]
    Outage.objects.filter(service__prestation=worst.pk).delete()
    after = client.get(INDEX)
    assert worst.pk in [row.pk for row in after.context["rows"]]
    now = next(row for row in after.context["rows"] if row.pk == worst.pk)
    assert now.figure.counted < worst.figure.counted
    assert "PERF" in markup(after)
