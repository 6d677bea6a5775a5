"""Money of prestations: what is asked, paid, blocked, at stake. Whole cents, never a float."""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from calendar_app.rules.standing import DONE, Standing
from segur.lib.no_break import NO_BREAK
from segur.lib.numbers import whole
from segur.lib.remaining import Meaning, Worded

HUNDRED = 100
HIGHEST = 99_999_999_99
_AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{3})+(?=,|$)|\d{1,12})(?:[.,](\d{1,2}))?")


class Share(StrEnum):
    """The two payments of a prestation."""

    ADVANCE = "avance"
    BALANCE = "solde"

    @property
    def word(self) -> str:
        return self.value


class MoneyState(Worded):
    """What happened to an amount, the most certain first."""

    PAID = "paye", "payé", Meaning.DONE
    ASKED = "demande", "demandé", Meaning.TO_COME
    TO_ASK = "a-demander", "à demander", Meaning.NEUTRAL
    AT_RISK = "a-risque", "à risque", Meaning.SOON
    BLOCKED = "bloque", "bloqué", Meaning.SOON
    LATE = "en-retard", "en retard", Meaning.LATE
    LOST = "refuse", "refusé", Meaning.LATE


def money_state(standing: Standing, *, is_paid: bool) -> MoneyState | None:
    """None where nothing will be asked: the milestone was declared «sans objet»."""
    if is_paid:
        return MoneyState.PAID
    if standing in DONE:
        return MoneyState.ASKED
    return {
        Standing.REFUSED: MoneyState.LOST,
        Standing.LATE: MoneyState.LATE,
        Standing.BLOCKED: MoneyState.BLOCKED,
        Standing.AT_RISK: MoneyState.AT_RISK,
        Standing.NOT_APPLICABLE: None,
    }.get(standing, MoneyState.TO_ASK)


def euros(cents: int) -> str:
    """«12 345,00 €», its spaces held; a loss has a real minus sign."""
    units, rest = divmod(abs(cents), HUNDRED)
    sign = "−" if cents < 0 else ""
    return f"{sign}{whole(units)},{rest:02}{NO_BREAK}€"


def to_decimal(cents: int) -> Decimal:
    """For a cell of a file: exact."""
    return Decimal(cents).scaleb(-2)


def read_cents(text: str) -> int:
    """The cents of «12 345,00 €», «12345.5», «12.345,00»: raises ValueError, in French."""
    match = _AMOUNT.fullmatch(re.sub(r"[\s\u00a0\u202f]|€|EUR", "", text))
    if not match:
        raise ValueError(f"« {text} » : écrivez un montant en euros, par exemple 12 345,00.")
    cents = int(re.sub(r"\.", "", match[1])) * HUNDRED + int((match[2] or "").ljust(2, "0") or 0)
    if cents > HIGHEST:
        raise ValueError(f"« {text} » : ce montant dépasse {euros(HIGHEST)}.")
    return cents


def by_share(known: int, percentage: str, *, known_is_advance: bool) -> int | None:
    """The cents of the other payment, where `percentage` of the whole is the avance («30», «97.5»);
    None where that leaves nothing to compute from.
    """
    advance = Fraction(percentage) / HUNDRED
    part = advance if known_is_advance else 1 - advance
    return round(known / part) - known if part else None


def lost_by(cents: int, perf: Fraction) -> int:
    """What is lost of a payment that PERF multiplies, to the nearest cent."""
    return cents - round(cents * perf)
