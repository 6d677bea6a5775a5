"""Character × field → what is kept, found or refused. `python -m tests.texts.table` writes it as
`docs/texts.md`; `test_table` holds the page and the real screens to it.
"""

import unicodedata
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "texts.md"
REFUSED = "refused"
SAME = ""
"""The character has no place in this field: its text would not change."""


def inside(char):
    return lambda text: text[: len(text) // 2] + char + text[len(text) // 2 :]


def digits(zero):
    return lambda text: text.translate({ord("0") + n: chr(zero + n) for n in range(10)})


def composed_apart(text):
    return unicodedata.normalize("NFD", text)


CHARACTERS = {
    "zero-width space, U+200B": inside("\u200b"),
    "zero-width joiner, U+200D": inside("\u200d"),
    "word joiner, U+2060": inside("\u2060"),
    "byte-order mark, U+FEFF": inside("\ufeff"),
    "soft hyphen, U+00AD": inside("\u00ad"),
    "right-to-left override, U+202E": inside("\u202e"),
    "left-to-right isolate, U+2066": inside("\u2066"),
    "NUL, U+0000": inside("\0"),
    "next line, U+0085": inside("\x85"),
    "variation selector, U+FE0F": inside("\ufe0f"),
    "no-break space, U+00A0": inside("\u00a0"),
    "narrow no-break space, U+202F": inside("\u202f"),
    "full-width digits": digits(0xFF10),
    "Arabic-Indic digits": digits(0x0660),
    "combining accents (NFD)": composed_apart,
    "ligature ﬁ, U+FB01": lambda text: text.replace("fi", "\ufb01"),
    "half of a surrogate pair, U+D83D": inside("\ud83d"),
}
HALF = "half of a surrogate pair, U+D83D"
SPACES = [name for name in CHARACTERS if name.startswith(("no-break", "narrow", "next line"))]

FIELDS = {
    "login address": "sofia7@exemple.example",
    "invitation address": "delfine7@exemple.example",
    "SIREN": "552100554",
    "FINESS": "350000001",
    "outage reference, form": "INCfi-7",
    "outage reference, CSV": "INCfi-8",
    "outage reference, API": "INCfi-9",
    "deposit number": "ACC-2027-7",
    "day": "16/11/2026",
    "hour": "10:00:00",
    "month of a ratio": "10/2026",
    "count of a ratio": "12345",
    "comment": "Vérifié le 7, fin",
    "organisation name": "Héliofix 7",
    "search box": "hélfix",
}

_FREE, _NAME = FIELDS["comment"], FIELDS["organisation name"]
LETTERS = ["full-width digits", "Arabic-Indic digits", "ligature ﬁ, U+FB01"]
KEPT_IN_FREE_TEXT = [
    *LETTERS,
    "zero-width joiner, U+200D",
    "variation selector, U+FE0F",
    "no-break space, U+00A0",
    "narrow no-break space, U+202F",
]
EXCEPTIONS = {
    **{(name, field): REFUSED for name in SPACES for field in list(FIELDS)[:2]},
    **{(name, field): REFUSED for name in SPACES for field in ("day", "hour", "month of a ratio")},
    **{
        (name, field): inside(" ")(FIELDS[field])
        for name in SPACES
        for field in (*(one for one in FIELDS if one.startswith("outage")), "deposit number")
    },
    **{(name, "comment"): CHARACTERS[name](_FREE) for name in KEPT_IN_FREE_TEXT},
    ("next line, U+0085", "comment"): inside(" ")(_FREE),
    **{(name, "organisation name"): CHARACTERS[name](_NAME) for name in LETTERS},
    **{(name, "organisation name"): inside(" ")(_NAME) for name in SPACES},
}
"""Where the outcome is not the text without the character."""


def typed(name, field):
    """What is typed, or SAME where it would be the text itself, or where no form carries it."""
    text = CHARACTERS[name](FIELDS[field])
    is_carried = name != HALF or field == "outage reference, API"
    return text if is_carried and text != FIELDS[field] else SAME


def expected(name, field):
    return EXCEPTIONS.get((name, field), FIELDS[field]) if typed(name, field) else SAME


def markdown():
    lines = [
        "# What happens to the characters that people paste",
        "",
        "Each text below is typed with the character in its middle, or in its other form, through",
        "the real screens, the file of outages and the API. «read»: what is kept, or found, is the",
        "text without the character; a text in quotes is what is kept instead; «–»: the character",
        "has no place there. The rules are those of `segur/lib/texts.py` (ADR 0018). This table is",
        "`tests/texts/table.py`, held by the tests; `python -m tests.texts.table` writes it here.",
        "",
    ]
    for title, chosen in (("Identifiers", list(FIELDS)[:8]), ("Others", list(FIELDS)[8:])):
        lines += [f"## {title}", "", _row("", chosen), _row("---", ["---"] * len(chosen))]
        lines.append(_row("text", [f"`{FIELDS[field]}`" for field in chosen]))
        lines += [_row(name, [_cell(name, field) for field in chosen]) for name in CHARACTERS]
        lines.append("")
    return "\n".join(lines)


def _row(first, cells):
    return f"| {' | '.join([first, *cells])} |"


def _cell(name, field):
    outcome = expected(name, field)
    if outcome == SAME:
        return "–"
    if outcome == REFUSED:
        return REFUSED
    if outcome == FIELDS[field]:
        return "read"
    return "kept as typed" if outcome == typed(name, field) else f"«{outcome}»"


if __name__ == "__main__":
    PAGE.write_text(markdown())
