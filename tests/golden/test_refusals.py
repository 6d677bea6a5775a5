"""What each role gets for each act, by the state of its object, when nothing is filled in.

A right, a separation of duties and a state are each refused in words: the tables keep these words.
"""

import html
import re
from collections import defaultdict
from functools import partial

import pytest
from django.db import transaction

from tests.golden.people import People
from tests.golden.reading import INLINE, TAG, normalised, page_lines
from tests.golden.routes import routes
from tests.golden.store import FOLDER
from tests.pages import as_read

LEFT_OUT = ("compte", "affichage")
"""A library's, and a matter of taste."""
AREAS = sorted({route.area for route in routes()} - {*LEFT_OUT})
ERROR = re.compile(
    r'<(p) class="field-error"[^>]*>(.*?)</\1>|<(section) class="error-summary".*?>(.*?)</\3>',
    re.DOTALL,
)
NO_METHOD, NOT_FOUND, FORBIDDEN = 405, 404, 403


def outcome(url, browser):
    """Status, where it leads, and the sentences shown; the database is as before."""
    browser.cookies.pop("messages", None)
    with transaction.atomic():
        response = browser.post(url)
        response.getvalue()
        transaction.set_rollback(True)
    stated = [response.headers.get("Location", ""), *sentences(response)]
    return normalised(" ".join([str(response.status_code), *filter(None, stated)]))


def sentences(response):
    status = response.status_code
    queued = getattr(response.wsgi_request, "_messages", None)
    if queued and queued._queued_messages:
        yield from (f"«{as_read(str(one.message))}»" for one in queued._queued_messages)
    if status in (NO_METHOD, NOT_FOUND):
        return
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    source = response.content.decode()
    if status == FORBIDDEN:
        yield page_lines(source)[2]
    else:
        for match in ERROR.finditer(source):
            bare = html.unescape(TAG.sub(" ", INLINE.sub("", match[2] or match[4])))
            yield f"«{' '.join(as_read(bare).split())}»"


def who_gets_the_same(kept):
    """(POST and path, object) → the groups of roles in a table that `table` made."""
    groups, title, which = defaultdict(list), "", ""
    for line in kept.splitlines():
        if line.startswith("POST "):
            title, which = line, ""
        elif line.startswith("    "):
            groups[title, which].append(line.strip().partition(": ")[0].split(", "))
        elif line:
            which = line.strip()
    return groups


def table(members, area, same):
    for route in routes():
        if route.area != area:
            continue
        title, rows = f"POST /{route.path}", []
        for target in route.targets():
            allowed = members.browsers["agent"].options(target.url).headers.get("Allow", "POST")
            if "POST" not in allowed:
                continue
            by_outcome = defaultdict(list)
            ask, alike = partial(outcome, target.url), same.get((title, target.which), ())
            for role, got in members.asked(target, ask, str(NOT_FOUND), alike):
                by_outcome[got].append(role)
            rows += [f"  {target.which}"] if target.which else []
            rows += [f"    {', '.join(roles)}: {got}" for got, roles in by_outcome.items()]
        if any(line.startswith("    ") and not line.endswith((": 404", ": 405")) for line in rows):
            yield from (title, *rows, "")


@pytest.fixture
def members(people):
    """Who is logged in."""
    return People({role: people.browsers[role] for role in people.users}, people.users)


@pytest.mark.parametrize("area", AREAS)
def test_who_is_refused_what_has_not_changed(members, golden, area, everybody):
    folder = golden("refusals", whole=False)
    same = {} if everybody else who_gets_the_same(folder.kept(area))
    if shown := list(table(members, area, same)):
        folder.check(area, shown)


def test_each_table_belongs_to_addresses_that_exist():
    kept = {path.stem for path in (FOLDER / "refusals").glob("*.txt")}
    assert kept <= set(AREAS)
