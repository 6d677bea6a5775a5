"""When two names may be those of one establishment."""

import re

from segur.lib.search import plain

LINKS = frozenset(("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"))


def words_of(name: str) -> frozenset[str]:
    """The words that tell a name from another, in no order: without accents, case, punctuation and
    the small words that link them."""
    return frozenset(re.findall(r"\w+", plain(name))) - LINKS
