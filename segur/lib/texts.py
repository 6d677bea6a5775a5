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


def fold(text: str) -> str:
    """What identifies (identifiers, codes, addresses, dates, numbers), in its one form.

    NFKC, so that full-width letters and compatibility forms become ordinary ones; every decimal
    digit of any script as ASCII; no format character (category Cf: zero-width, byte-order mark,
    soft hyphen, direction marks), no control character, no filler; one ordinary space between
    words, none around. Two texts that look alike for these reasons alone are equal once folded.
    """
    plain = unicodedata.normalize("NFKC", clean(text))
    shown = (char for char in plain if unicodedata.category(char) != "Cf" and char not in _BLANK)
    digits = (str(unicodedata.decimal(char)) if char.isdecimal() else char for char in shown)
    return " ".join("".join(digits).split())


def has_control(text: str) -> bool:
    """Whether `clean` would change it."""
    return _OTHERS.search(text) is not None


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, joiners, fillers, direction marks."""
    return all(char in _BLANK or unicodedata.category(char)[0] in "ZC" for char in text)


def without_direction(text: str) -> str:
    """The same text without the marks that turn the direction of reading."""
    return _DIRECTION.sub("", text)


def file_name(name: str) -> str:
    """Also without the marks of direction, by which a name ending in «fdp.exe» shows «exe.pdf»."""
    return without_direction(clean(name))
