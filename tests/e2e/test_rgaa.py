"""What docs/rgaa.md says is tested in a browser, on a page of each kind for each role."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from calendar_app.demo import cast
from tests.addresses import addresses
from tests.e2e import reading
from tests.e2e.browser import Visitor

Check = Callable[[Page], list[str]]
KINDS: dict[cast.Person | None, tuple[str, ...]] = {
    None: ("home", "calendars:detail", "account_login", "perf:simulator", "accessibility", "help"),
    cast.MANDATAIRE: (
        *("deadlines:index", "deadlines:detail", "deadlines:prepare", "deadlines:receipt"),
        *("portfolio:index", "portfolio:pace", "portfolio:money", "solutions:detail"),
        *("prestations:index", "prestations:detail", "prestations:create_many", "pilots:index"),
        *("perf:index", "perf:prestation", "perf:outage", "perf:ticket", "perf:statement"),
        *("notifications:index", "reminders:index", "reminders:preferences", "search", "va:detail"),
        *("installation:connectors", "accounts:organisation", "accounts:profile"),
    ),
    cast.AGENT: ("review:index", "review:pv", "review:statistics", "prefigurateurs:index"),
    cast.RESPONSABLE: (
        *("programme:index", "parameters:index", "parameters:amend", "calendars:amend"),
        *("publications:index", "accounts:organisations", "journal:index", "deadlines:expected"),
    ),
}


def opened(visitor: Visitor) -> Iterator[str]:
    """The visitor stands on each of the pages in turn."""
    by_name = {address.name: address for address in addresses()}
    for person, names in KINDS.items():
        user = None
        if person:
            visitor.log_in_as(person.email)
            user = User.objects.get(email=person.email)
        for name in names:
            url = next(by_name[name].urls(1, seen_by=user))
            assert visitor.goto(url) == 200, url
            yield url


def expect_nothing(visitor: Visitor, *checks: Check) -> None:
    """On each page in turn; a failure names them all."""
    found = [
        f"{url} {problem}"
        for url in opened(visitor)
        for check in checks
        for problem in check(visitor.page)
    ]
    assert not found, "\n".join(found)


def at_width(width: int) -> Check:
    return lambda page: reading.scrolls_sideways(page, width)


@pytest.mark.long
def test_pages_hold_at_200_and_400_percent_and_with_large_or_spaced_text(visitor):
    checks = (at_width(640), at_width(320), reading.with_large_text, reading.with_spaced_text)
    expect_nothing(visitor, *checks)


@pytest.mark.long
def test_every_stop_of_the_keyboard_is_seen_and_named(visitor):
    checks = (reading.without_visible_focus, reading.without_a_name, reading.moving)
    expect_nothing(visitor, *checks)


@pytest.mark.long
def test_the_focus_is_seen_in_forced_colours(visit, site):
    visitor = visit(site, forced_colors="active")
    expect_nothing(visitor, reading.without_visible_focus)


@pytest.mark.long
def test_nothing_moves_longer_than_five_seconds(visit, site):
    visitor = visit(site, reduced_motion="no-preference")
    expect_nothing(visitor, lambda page: page.evaluate(reading.LONG_MOVES))


def test_the_skip_link_leads_to_the_content(visitor):
    visitor.log_in_as(cast.MANDATAIRE.email)
    visitor.goto(reverse("deadlines:index"))
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "contenu"


def test_the_shortcut_of_one_key_can_be_turned_off(visitor):
    visitor.log_in_as(cast.MANDATAIRE.email)
    visitor.goto(reverse("search"))
    visitor.page.get_by_role("button", name="Désactiver la touche /").click()
    visitor.goto(reverse("deadlines:index"))
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.tagName") == "BODY"


def test_what_a_script_brings_is_announced_in_a_region_that_was_there_before(visitor):
    visitor.log_in_as(cast.MANDATAIRE.email)
    visitor.goto(reverse("accounts:clients"))
    region = visitor.page.locator("#annonce")
    expect(region).to_have_role("status")
    expect(region).to_have_text("")
    for name, words in (
        ("Valbrume", "Liste à jour : 1 à 1 sur 1"),
        ("zzz", "Liste à jour : Aucun"),
    ):
        visitor.page.get_by_label("Nom, commune ou FINESS").fill(name)
        visitor.page.get_by_role("button", name="Filtrer").click()
        expect(region).to_contain_text(words)
