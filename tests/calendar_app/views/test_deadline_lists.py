"""«Mes échéances»: where its cards lead, and the order of its lines."""

import datetime as dt
import re
from html import unescape

import pytest

from accounts.enums import Role
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.delays import Delay, open_delay
from tests.by import acting
from tests.calendar_app.filing_cases import NOW, file, milestone_of, of_prestation, organisation_of
from tests.calendar_app.pages import page, text
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import markup

pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/echeances/"


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


@pytest.fixture
def deadline(actor):
    return of_prestation(5, editeur=actor)


def links_of(response, heading):
    """The links under this heading, and what they are called."""
    part = markup(response).split(f'id="{heading}"')[1].split("</section>")[0]
    return [
        (unescape(url), title) for url, title in re.findall(r'<a href="([^"]*)">([^<]*)<', part)
    ]


def delays(actor, *due):
    """A computed delay of each instant, on as many prestations of one solution."""
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation_of(actor)))
    return [
        open_delay(
            Delay("va", "Levée des réserves", "Deux mois", due_at, "/", (7,)),
            subject=PrestationFactory(supplier=supplier),
            organisation=organisation_of(actor),
            by=acting(actor, NOW),
        )
        for due_at in due
    ]


SOON, LATER = NOW + dt.timedelta(days=7), NOW + dt.timedelta(days=9)


def test_a_long_delay_leads_to_its_lines_alone(client, actor, deadline):
    first, *others, _later = delays(actor, *[SOON] * 9, LATER)
    response = page(client, actor, INDEX)
    sections = {one.due_at: one for one in response.context["sections"] if not one.group.code}
    assert [len(sections[due].lines) for due in (SOON, LATER)] == [5, 1]
    assert [sections[due].is_cut for due in (SOON, LATER)] == [True, False]
    narrowed = client.get(INDEX, {"delai": sections[SOON].group.first})
    assert {line.deadline for line in narrowed.context["lines"]} == {first, *others}
    assert "Seul ce délai est montré : Levée des réserves" in text(narrowed)


@pytest.mark.parametrize("due_at", [NOW - dt.timedelta(microseconds=1), NOW])
def test_a_delay_that_is_late_has_its_link_too(client, actor, due_at):
    first, second = delays(actor, due_at, due_at)
    (link, _title), *_ = links_of(page(client, actor, INDEX), "urgences")
    narrowed = client.get(link)
    assert {line.deadline for line in narrowed.context["lines"]} == {first, second}


@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30])
def test_a_delay_that_is_not_understood_filters_nothing(client, actor, deadline, wrong):
    assert len(page(client, actor, INDEX, delai=wrong).context["lines"]) == 3


def test_the_delay_of_others_filters_nothing_and_is_not_named(client, actor, deadline):
    (hidden,) = delays(member(Role.REPRESENTANT), SOON)
    response = page(client, actor, INDEX, delai=hidden.pk)
    assert len(response.context["lines"]) == 3
    assert "Levée des réserves" not in text(response)


def test_under_each_milestone_clients_come_in_alphabetical_order_once(client, actor):
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation_of(actor)))
    made = []
    for name in ("Rouen", "Angers", "Metz"):
        hospital = OrganisationFactory(client=True, name=name)
        prestation = PrestationFactory(supplier=supplier, client=hospital)
        made += open_deadlines(now=NOW, prestation=prestation)
    file(next(row for row in made if milestone_of(row).number == 5), actor)
    sections = page(client, actor, INDEX, vue="toutes").context["sections"]
    assert len(sections) == 3
    for section in sections:
        subjects = [line.deadline.subject.client.name for line in section.lines]
        assert subjects == ["Angers", "Metz", "Rouen"]


def test_deposits_to_confirm_show_when_they_were_made_and_come_in_that_order(client, actor):
    made = [of_prestation(5, editeur=actor) for _ in range(3)]
    for deadline, hours in zip(made, (2, 3, 1), strict=True):
        file(deadline, actor, deposited_at=NOW - dt.timedelta(hours=hours))
    response = page(client, actor, INDEX, vue="deposees")
    assert [line.deadline for line in response.context["lines"]] == [made[1], made[0], made[2]]
    shown = re.findall(r'data-label="Déposé le">(?:<[^>]+>)([^<]+)', markup(response))
    assert shown == [f"09/06/2027 à {clock}" for clock in ("8h45", "9h45", "10h45")]
