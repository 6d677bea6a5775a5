"""What a regulatory parameter may be: its kinds, what each accepts, how each reads (DOMAIN §9)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from segur.lib.opening_hours import windows, windows_text, windows_words
from segur.lib.texts import fold

Value = bool | int | str
TO_CONFIRM = "à confirmer dans l'Appel à financement"
SLIDES = "diapositives de l'atelier de l'ANS du 4 mars 2025"
MINUTES = "minutes"
MAX_WHOLE = 1_000_000
MAX_WORDS = 1_000
MINUTES_OF_AN_HOUR = 60

_PERCENTAGE = re.compile(r"(100|[0-9]{1,2}(?:[.,][0-9]{1,4})?)(?:\s?%)?")


class ParameterKind(StrEnum):
    YES_NO = "oui ou non"
    WHOLE = "nombre entier"
    ADDRESS = "adresse"
    CHOICE = "choix"
    HOURS = "horaires d'un jour"
    PERCENTAGE = "pourcentage, ou rien"
    WORDS = "texte, ou rien"


@dataclass(frozen=True)
class Parameter:
    """`unit` goes with WHOLE, `choices` (value, label) with CHOICE; `source` is the default's."""

    key: str
    label: str
    help: str
    default: Value
    kind: ParameterKind
    group: str
    source: str = TO_CONFIRM
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_specified(self) -> bool:
        """Whether the slides give the default."""
        return self.source == SLIDES

    def shown(self, value: Value) -> str:
        """A value as people read it."""
        match self.kind:
            case ParameterKind.YES_NO:
                text = "Oui" if value else "Non"
            case ParameterKind.CHOICE:
                text = dict(self.choices).get(str(value), str(value))
            case ParameterKind.HOURS:
                text = windows_words(windows(str(value)))
            case ParameterKind.PERCENTAGE:
                text = f"{value} %".replace(".", ",") if value else "Aucun"
            case ParameterKind.WORDS:
                text = str(value) or "Non fixé"
            case ParameterKind.WHOLE if self.unit == MINUTES:
                text = _minutes(int(value))
            case ParameterKind.WHOLE:
                text = f"{value} {self.unit}".strip()
            case _:
                text = str(value)
        return text

    def read(self, value: Value) -> Value:
        """The value in its one way of being written. Raises ValueError, with a French sentence.

        An address is only known to be text here.
        """
        expected = {ParameterKind.YES_NO: bool, ParameterKind.WHOLE: int}.get(self.kind, str)
        if type(value) is not expected:
            raise ValueError(_WRONG_TYPE[self.kind])
        if isinstance(value, str):
            return self._read_text(
                value.strip() if self.kind == ParameterKind.WORDS else fold(value)
            )
        if self.kind == ParameterKind.WHOLE and not 1 <= value <= MAX_WHOLE:
            raise ValueError(f"Indiquez un nombre de 1 à {MAX_WHOLE}.")
        return value

    def _read_text(self, text: str) -> str:
        if self.kind == ParameterKind.HOURS:
            try:
                return windows_text(windows(text))
            except ValueError as refusal:
                raise ValueError(f"{refusal}.") from None
        if self.kind == ParameterKind.CHOICE and text not in dict(self.choices):
            raise ValueError(_WRONG_TYPE[ParameterKind.CHOICE])
        if self.kind == ParameterKind.PERCENTAGE and text:
            match = _PERCENTAGE.fullmatch(text)
            if not match:
                raise ValueError(_WRONG_TYPE[ParameterKind.PERCENTAGE])
            return match[1].replace(",", ".")
        if self.kind == ParameterKind.WORDS and len(text) > MAX_WORDS:
            raise ValueError(f"Au plus {MAX_WORDS} caractères.")
        return text


_WRONG_TYPE = {
    ParameterKind.YES_NO: "Répondez par oui ou par non.",
    ParameterKind.WHOLE: "Indiquez un nombre entier.",
    ParameterKind.ADDRESS: "Indiquez une adresse.",
    ParameterKind.CHOICE: "Choisissez une des réponses proposées.",
    ParameterKind.HOURS: "Indiquez des horaires, par exemple 09:00-12:00 14:00-19:00, ou "
    "« fermé ».",
    ParameterKind.WORDS: "Écrivez ce que dit le texte, ou laissez vide.",
    ParameterKind.PERCENTAGE: "Indiquez un pourcentage de 0 à 100, par exemple 97,5, ou laissez "
    "vide.",
}


def _minutes(count: int) -> str:
    """«30 min», «4 h», «10 h 30 min»."""
    hours, minutes = divmod(count, MINUTES_OF_AN_HOUR)
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else "")
    return " ".join(part for part in parts if part)


def unspecified(key: str, label: str, text: str, group: str) -> Parameter:
    """What no published text says and nothing here computes: kept in words, for people, from the
    day on which a text says it.
    """
    return Parameter(key, label, text, default="", kind=ParameterKind.WORDS, group=group)
