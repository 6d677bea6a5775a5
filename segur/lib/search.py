"""Words as people type them: «hopital» finds «Hôpital», on any database."""

import re
import unicodedata
from functools import lru_cache

from segur.lib.texts import fold

FORGIVEN_FROM = 5
"""Letters of the shortest word in which one may be wrong: in a shorter one it is another word."""


def plain(*texts: str) -> str:
    """The texts in one line, folded, lower case, without accents; typographic apostrophes made
    straight.
    """
    joined = fold(" ".join(texts)).replace("’", "'")
    letters = unicodedata.normalize("NFKD", joined)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """Plain words, each once: hyphens, apostrophes and other signs separate them."""
    return list(dict.fromkeys(re.findall(r"\w+", plain(text))))


def halves(word: str) -> tuple[str, ...]:
    """One of them stands unharmed in any word that differs by one letter (replaced, missing or
    added). Nothing for a word in which none is forgiven: a short one, or a number.
    """
    if len(word) < FORGIVEN_FROM or any(c.isdigit() for c in word):
        return ()
    middle = len(word) // 2
    return word[:middle], word[middle:]


def is_near(asked: list[str], text: str) -> bool:
    """Each word is in the plain text, or within one letter of one of its words or of its start."""
    there = re.findall(r"\w+", text)
    return all(word in text or any(_is_word(word, one) for one in there) for word in asked)


@lru_cache(maxsize=50_000)  # the same few words stand in thousands of names
def _is_word(word: str, other: str) -> bool:
    return bool(halves(word)) and (within_one(word, other) or within_one(word, other[: len(word)]))


def within_one(a: str, b: str) -> bool:
    """At most one letter replaced, missing, added, or two neighbours exchanged."""
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return abs(len(a) - len(b)) <= 1
    a, b = a[start:], b[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]
