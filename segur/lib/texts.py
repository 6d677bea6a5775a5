"""Text that people type, paste or send, without what cannot be seen.

Two rules, and every field follows one of them (`tests/texts`): free text is cleaned (`clean`), what
identifies or is computed with is folded (`fold`). A control character is invisible on the page and
breaks other programs: XML 1.0 has no way to write most of them. A format character makes two texts
that look alike differ (ADR 0018).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
"""Where a word processor or an old file ends a line: words are not to be joined."""
_OTHERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""Control characters but tab and the ends of lines, and what is no character."""
_FORMAT = re.compile(
    "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # direction: «fdp.exe» shows as «exe.pdf»
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
"""Format characters that no text here needs. The joiners U+200C and U+200D stay: emoji and several
scripts are written with them."""
_THOUSANDS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_UNSHOWN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
"""Fillers and variation selectors: nothing is shown, yet Unicode calls them letters and marks."""
_HYPHENS = str.maketrans("\u2010\u2212", "--")
"""The hyphen that does not break becomes U+2010 under NFKC; a minus sign is one in a number."""


def clean(text: str) -> str:
    """Free text: composed (NFC), without control characters, marks of direction and other format
    characters that no text needs. Control characters that end a line become a space.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _FORMAT.sub("", _without_control(text))
    return unicodedata.normalize("NFC", shown)


def fold(text: str) -> str:
    """What identifies (identifiers, codes, addresses, dates, numbers), in its one form.

    NFKC, so that full-width letters and compatibility forms become ordinary ones; every decimal
    digit of any script as ASCII; no format character (category Cf: zero-width, byte-order mark,
    soft hyphen, direction marks), no control character, filler or variation selector; the ordinary
    hyphen; one ordinary space between words, none around. Two texts that look alike for these
    reasons alone are equal once folded. Folding twice changes nothing more.
    """
    text = _without_control(text)
    if not text.isascii():
        shown = "".join(char for char in text if not _is_unshown(char))
        text = unicodedata.normalize("NFKC", shown).translate(_HYPHENS)
        text = "".join(_digit(char) for char in text)
    return " ".join(text.split())


def folded_address(text: str) -> str:
    """An e-mail address: folded, in lower case."""
    return fold(text).lower()


def mailbox(address: str) -> str:
    """Where the mail of an address arrives: folded, in lower case, without the «+tag»."""
    local, _at, domain = folded_address(address).partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def folded_number(text: str) -> str:
    """A number: folded, without the spaces that part thousands."""
    return _THOUSANDS.sub("", fold(text))


def one_line(text: str) -> str:
    """A name that distinguishes something: cleaned, without joiners, fillers and
    variation selectors either, one ordinary space between words. Letters stay as they are: «RIS™»
    is not «RISTM».
    """
    shown = "".join(char for char in clean(text) if not _is_unshown(char))
    return " ".join(unicodedata.normalize("NFC", shown).split())


def _without_control(text: str) -> str:
    return _OTHERS.sub("", _BREAKS.sub(" ", text))


def _is_unshown(char: str) -> bool:
    return char in _UNSHOWN or unicodedata.category(char) == "Cf"


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def sentence(words: str) -> str:
    """«Ce n'est pas un jour.», from words without a capital nor a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with each of its texts changed; the names of its fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: each_text(item, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(item, change) for item in value]
    return value


def difference(one: str, other: str) -> str:
    """How two texts that fold into one differ, to follow «ne diffèrent que par»: the invisible
    characters, named by their code points, or the form of what is seen.
    """
    found = sorted({char for char in one + other if is_blank(char) and char not in " \t\r\n"})
    codes = ", ".join(f"U+{ord(char):04X}" for char in found)
    if not codes:
        return "leurs espaces ou la forme de leurs caractères"
    words = "un caractère invisible" if len(found) == 1 else "des caractères invisibles"
    return f"{words} ({codes})"


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, joiners, fillers, direction marks."""
    if (first := text[:1]).isascii() and first.isalnum():
        return False
    return all(char in _UNSHOWN or unicodedata.category(char)[0] in "ZC" for char in text)


def compact(number: str) -> str:
    """An official number as it is compared: folded, no space, dot nor hyphen, upper case."""
    return re.sub(r"[\s.\-]", "", fold(number)).upper()
