"""Amounts in cents: read, written, split, and their state."""

from decimal import Decimal

import pytest

from calendar_app.rules.money import (
    HIGHEST,
    MoneyState,
    by_share,
    euros,
    money_state,
    read_cents,
    to_decimal,
)
from calendar_app.rules.standing import Standing
from tests.pages import as_read


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (123_45, "123,45 €"),
        (12_345_00, "12 345,00 €"),
        (1_234_567_89, "1 234 567,89 €"),
        (-12_345_00, "−12 345,00 €"),
    ],
)
def test_euros_as_french_writes_them(cents, text):
    assert as_read(euros(cents)) == text


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("12345", 12_345_00),
        ("12 345,00 €", 12_345_00),
        ("12\xa0345,5", 12_345_50),
        ("12\u202f345,05 EUR", 12_345_05),
        ("12345.67", 12_345_67),
        ("12.345,67", 12_345_67),
        ("12.345", 12_345_00),
        ("1.234.567", 1_234_567_00),
        ("99 999 999,99", HIGHEST),
    ],
)
def test_amounts_are_read_as_people_type_them(text, cents):
    assert read_cents(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-5", "12,345", "12,3,4", "1e5", "NaN", "douze", "12.34.56", "100 000 000,00"]
)
def test_what_is_no_amount_is_refused_in_words(text):
    with pytest.raises(ValueError, match="«"):
        read_cents(text)


def test_cents_and_euros_agree_both_ways():
    for cents in (0, 1, 99, 100, 12_345_67, HIGHEST):
        assert read_cents(euros(cents)) == cents
        assert to_decimal(cents) * 100 == Decimal(cents)


@pytest.mark.parametrize(
    ("known", "share", "known_is_advance", "other"),
    [
        (3_000_00, "30", True, 7_000_00),
        (7_000_00, "30", False, 3_000_00),
        (100_00, "97.5", True, 2_56),
        (1_00, "33.3333", True, 2_00),
        (500_00, "100", True, 0),
        (500_00, "100", False, None),
        (500_00, "0", True, None),
    ],
)
def test_the_share_gives_the_other_payment(known, share, known_is_advance, other):
    assert by_share(known, share, known_is_advance=known_is_advance) == other


@pytest.mark.parametrize(
    ("standing", "is_paid", "state"),
    [
        (Standing.FILED, False, MoneyState.ASKED),
        (Standing.ACCEPTED, False, MoneyState.ASKED),
        (Standing.ACCEPTED, True, MoneyState.PAID),
        (Standing.LATE, True, MoneyState.PAID),
        (Standing.TO_DO, False, MoneyState.TO_ASK),
        (Standing.DRAFT, False, MoneyState.TO_ASK),
        (Standing.TO_CORRECT, False, MoneyState.TO_ASK),
        (Standing.AT_RISK, False, MoneyState.AT_RISK),
        (Standing.BLOCKED, False, MoneyState.BLOCKED),
        (Standing.LATE, False, MoneyState.LATE),
        (Standing.REFUSED, False, MoneyState.LOST),
        (Standing.NOT_APPLICABLE, False, None),
    ],
)
def test_what_became_of_an_amount(standing, is_paid, state):
    assert money_state(standing, is_paid=is_paid) == state
