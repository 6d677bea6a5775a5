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


class Scrubber:
    """`names` are replaced by ERASED as whole words; `addresses` too, in any case of letters."""

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        plain = {name for name in names if len(name) >= SHORTEST and " " in name}
        self.terms = sorted({*plain, *map(escape, plain), *addresses} - {""}, key=len, reverse=True)
        words = "|".join(re.escape(term) for term in self.terms)
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{words})(?!\w)", re.IGNORECASE)

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
