"""Text that people type or paste, without what cannot be seen.

A control character is invisible on the page and deadly elsewhere: XML 1.0 has no way to write most
of them, so one in a name breaks the feed and the workbook of everybody who reads it.
"""

import re
import unicodedata

CONTROL = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufffe\uffff"
"""For a class of a regular expression: Cc but tab and the ends of lines, and what is no character.
Halves of surrogate pairs are not in it: some engines refuse to name them."""

_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
"""Where a word processor or an old file ends a line: words are not to be joined."""
_OTHERS = re.compile(f"[{CONTROL}\ud800-\udfff]")
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing; Unicode gives them no category of their own."""


def clean(text: str) -> str:
    """The same text without its control characters; those that end a line become a space."""
    return _OTHERS.sub("", _BREAKS.sub(" ", text))


def has_control(text: str) -> bool:
    """Whether `clean` would change it."""
    return _OTHERS.search(text) is not None


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, joiners, fillers, direction marks."""
    return all(char in _BLANK or unicodedata.category(char)[0] in "ZC" for char in text)


def file_name(name: str) -> str:
    """Also without the marks of direction, by which a name ending in «fdp.exe» shows «exe.pdf»."""
    return _DIRECTION.sub("", clean(name))
