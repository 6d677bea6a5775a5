"""Replaces the name and the addresses of a person wherever they stand in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

ERASED = "Personne effacée"
SHORTEST = 6
"""Characters of a name that is looked for inside texts: a shorter one, or a single word, would be
found inside other words."""
PARTICLES = {"da", "de", "del", "della", "den", "der", "des", "di", "du", "el", "la", "le", "van"}
PARTICLES |= {"von", "y", "zu"}


def is_name(words: str) -> bool:
    """Whether this is written as a name is. Anybody chooses what they are called: an erasure must
    not take «la solution» or «en panne» out of what others wrote."""
    bare = [re.sub(r"^[dl]['’]", "", word) for word in words.split() if word not in PARTICLES]
    return len(words) >= SHORTEST and len(bare) > 1 and all(word[:1].isupper() for word in bare)


class Scrubber:
    """`names` are replaced by ERASED as whole words, as they are written or in capitals;
    `addresses` too, in any case of letters and never as a part of another address."""

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        plain = {name for name in names if is_name(name)}
        written = {form for name in plain for form in (name, name.upper())}
        known = {*written, *map(escape, written)}
        self.terms = _longest_first({*known, *addresses} - {""})
        patterns = [re.escape(term) for term in _longest_first(known)]
        patterns += [
            rf"(?i:{re.escape(one)})(?![.-]\w)" for one in _longest_first({*addresses} - {""})
        ]
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{'|'.join(patterns)})(?!\w)")

    def searched(self) -> list[str]:
        """What a table is asked for: the terms, and as JSON may write them."""
        return sorted({form for term in self.terms for form in (term, json.dumps(term)[1:-1])})

    def clean(self, value: Any) -> Any:
        """The same value, text or JSON, without the person."""
        if not self.terms:
            return value
        if isinstance(value, str):
            return self._pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [self.clean(one) for one in value]
        if isinstance(value, dict):
            return {key: self.clean(one) for key, one in value.items()}
        return value


def _longest_first(terms: Iterable[str]) -> list[str]:
    return sorted(terms, key=len, reverse=True)
