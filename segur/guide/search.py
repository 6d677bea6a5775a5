"""The sections of the guide that hold what is asked."""

from __future__ import annotations

from collections.abc import Iterator

from segur.guide.source import GuideSection, guides
from segur.lib.search import is_near, plain, words
from segur.searching import SHOWN, Asked, Found, Hit

AROUND = 90
"""Characters shown before and after the first word found."""


def sections_with(text: str) -> list[GuideSection]:
    """Those that have every word, those with it in their title first; where none has, those within
    one letter of each word."""
    asked = words(text)
    if not asked:
        return []
    sections = [section for guide in guides().values() for section in guide.sections]
    exact = [section for section in sections if all(word in section.words for word in asked)]
    found = exact or [section for section in sections if is_near(asked, section.words)]
    return sorted(found, key=lambda section: not is_near(asked, plain(section.title)))


def excerpt(section: GuideSection, text: str) -> str:
    """The words around the first one that is asked for."""
    shown = plain(section.text)
    if len(shown) != len(section.text):  # a ligature became two letters: places differ
        return section.text[: 2 * AROUND]
    places = [place for word in words(text) if (place := shown.find(word)) >= 0]
    start = max(0, min(places, default=0) - AROUND)
    end = start + 2 * AROUND
    around = section.text[start:end]
    return f"{'…' if start else ''}{around}{'…' if end < len(section.text) else ''}"


def search_guide(asked: Asked) -> Iterator[Found]:
    """For `/recherche/`: no query."""
    sections = sections_with(asked.text)
    if sections:
        hits = [
            Hit(section.title, section.url, f"Aide : {section.guide}")
            for section in sections[:SHOWN]
        ]
        yield Found("Aide", len(sections), hits)
