"""Words as people type them: «hopital» finds «Hôpital», on any database."""

import unicodedata

from segur.lib.texts import fold


def plain(*texts: str) -> str:
    """The texts in one line, folded, lower case, without accents; typographic apostrophes made
    straight.
    """
    joined = fold(" ".join(texts)).replace("’", "'")
    letters = unicodedata.normalize("NFKD", joined)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
