"""French spaces that must not end a line: before a double sign, inside guillemets, inside a number.

Every one is U+00A0: it is in every font, and a reader may still search and copy the words. Between
thousands stands the narrow one, which `segur.lib.numbers` writes itself.
"""

import re
from bisect import bisect_right

NO_BREAK, THIN = "\u00a0", "\u202f"

_UNITS = "h|min|s|j|jours?|heures?|minutes?|semaines?|mois|ans?|années?|fois|octets|Ko|Mo|Go|%|€"
# Each alternative begins at the space itself: a search that jumps from space to space.
_SPACE = re.compile(
    rf" (?:(?=[:;!?»%€])|(?<=« )|(?<=\d )(?=(?:{_UNITS})(?!\w))"
    r"|(?<=\bPERF )(?=\d)|(?<=\bn° )(?=\w)|(?<=\d.h )(?=sur 24\b)|(?<=\bh.sur )(?=24\b))"
)
_VERBATIM = re.compile(r"<(script|style|pre|code|textarea)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL)


def in_text(text: str) -> str:
    """The same text, of the same length, its spaces held where French wants them."""
    return _SPACE.sub(NO_BREAK, text)


def in_html(html: str) -> str:
    """`in_text` for what a reader sees of a document: not its tags and attributes (an address, the
    value of a field), nor code, examples, scripts and what was typed in a `<textarea>`.

    The candidates are few: each looks back for the nearest bracket instead of parsing the page. A
    `>` inside an attribute hides nothing that matters: the space would then be held in a title.
    """
    kept = [match.span() for match in _VERBATIM.finditer(html)]
    starts = [start for start, _end in kept]

    def held(match: re.Match[str]) -> str:
        at = match.start()
        if html.rfind("<", 0, at) > html.rfind(">", 0, at):
            return " "
        before = bisect_right(starts, at) - 1
        return " " if before >= 0 and at < kept[before][1] else NO_BREAK

    return _SPACE.sub(held, html)
