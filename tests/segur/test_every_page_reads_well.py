"""Every page of the demonstration, as each role: no stray space or wrong plural, no dead end."""

import html
import re
from http import HTTPStatus

import pytest

from accounts.models import User
from calendar_app.demo import cast
from tests.addresses import addresses
from tests.pages import markup

PEOPLE = (None, cast.REPRESENTANT, cast.TWO_HATS, cast.AGENT, cast.RESPONSABLE)
SHOWN = {"account_logout": "ends the session", "composants": "samples of every duration"}
"""Addresses left out, and why."""

NOT_WORDS = re.compile(r"<(script|style|svg|pre|textarea)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL)
CODE = re.compile(r"<code\b.*?</code\s*>", re.DOTALL)
INLINE = re.compile(r"</?(?:a|abbr|b|em|i|kbd|mark|q|small|span|strong|sub|sup|time)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")
STRAY = (
    (re.compile(r" [.,)\]](?!\w)"), "a space before a sign"),
    (re.compile(r"[(\[] "), "a space after a bracket"),
    (re.compile(r"\b0 (?:j|jours?) ouvrés?\b|\b0 jours?\b"), "no day is said in words"),
    (
        re.compile(r"(?<![\w,] )\b1 (?:jours|prestations|solutions|dépôts|ouvrés)\b"),
        "1 is singular",
    ),
    (re.compile(r"(?<!\d )\b[02-9]\d* \w+\(s\)"), "a plural in brackets"),
)


def sentences(page: str):
    """What a reader sees, block by block: a tag inside a sentence does not end it."""
    blocks = TAG.split(INLINE.sub("", CODE.sub("¤", NOT_WORDS.sub("", page))))
    return (" ".join(html.unescape(block).split()) for block in blocks)


def faults(page: str):
    for sentence in sentences(page):
        for pattern, fault in STRAY:
            if match := pattern.search(sentence):
                yield fault, sentence[max(0, match.start() - 40) : match.end() + 20]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>depuis <b>13 jours ouvrés</b>\n.</p>", ["a space before a sign"]),
        ("<p>( un )</p>", ["a space before a sign", "a space after a bracket"]),
        ("<td>0 jour ouvré</td>", ["no day is said in words"]),
        ("<td>1 jours</td>", ["1 is singular"]),
        ("<p>3 pièce(s)</p>", ["a plural in brackets"]),
        ("<p>le fichier <code>.ics</code></p><p>10 jours, 1 jour (mardi).</p>", []),
        ("<p>le fichier .ics</p>", []),
    ],
)
def test_what_is_a_fault(page, found):
    assert [fault for fault, _where in faults(page)] == found


def where_back_leads(client, response):
    """The status of the page that a refused method offers to go back to."""
    assert response.headers["Allow"]
    (back,) = re.findall(r'<a class="button" href="([^"]+)">Revenir', markup(response))
    followed = client.get(back, follow=True)
    assert followed.headers["Content-Type"].startswith("text/html"), f"{back} is no page"
    return followed.status_code


@pytest.mark.usefixtures("demo")
def test_no_page_has_a_stray_sign_or_is_a_dead_end(client):
    wrong, lost, refused, opened = {}, {}, set(), set()
    for person in PEOPLE:
        client.logout()
        user = User.objects.get(email=person.email) if person else None
        if user:
            client.force_login(user)
        for address in addresses():
            if address.name in SHOWN or address.is_keyed:
                continue
            for url in address.urls(1, seen_by=user):
                response = client.get(url)
                response.getvalue()
                if not response.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                    refused.add(address.name)
                    back = where_back_leads(client, response)
                    if back == HTTPStatus.OK:
                        opened.add(address.name)
                    elif back != HTTPStatus.FORBIDDEN:  # a page that says who may
                        lost[url] = back
                if response.status_code < 400 or response.status_code == 405:
                    wrong |= dict.fromkeys(faults(markup(response)), url)
    assert not wrong
    assert not lost
    assert not refused - opened, "nobody can go back from there"
    assert len(refused) > 20
