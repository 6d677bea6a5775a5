import datetime as dt

import pytest

from pilots.enums import VACase
from pilots.va.rules.va import notification_problems, va_problems, validation_problems
from tests.pilots.vas import day, declared

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, None, ""),
        ({"case": VACase.ALL_VERIFIED}, None, ""),
        ({"case": VACase.ALL_VERIFIED, "ris_vague2_on": day("2026-11-18")}, None, ""),
        (
            {"case": VACase.ALL_VERIFIED, "ris_vague2_on": day("2026-11-19")},
            "case",
            "c'est le cas 2",
        ),
        ({"case": VACase.ALL_VERIFIED, "ris_vague2_on": None}, "ris_vague2_on", "depuis quand"),
        ({"case": VACase.ALL_VERIFIED, "reported": {"db-cr"}}, "reported", "sont vérifiées"),
        ({"reported": frozenset()}, "reported", "au moins une condition"),
        ({"ris_vague2_on": day("2026-11-19")}, None, ""),
        ({"ris_vague2_on": day("2026-11-18")}, "case", "était déjà en Vague 2 le 18/11/2026"),
        ({"ris_vague2_on": day("2026-01-01")}, "case", "c'est le cas 1"),
        ({"signed_on": day("2026-11-17")}, "signed_on", "avant que la prestation soit finalisée"),
        ({"signed_on": day("2026-11-18")}, None, ""),
        ({"signed_on": TODAY}, None, ""),
        ({"signed_on": day("2026-11-23")}, "signed_on", "dans le futur"),
        ({"finalised_on": day("2026-11-23")}, "finalised_on", "dans le futur"),
        ({"ris_vague2_on": day("2026-11-23")}, "ris_vague2_on", "dans le futur"),
    ],
)
def test_what_a_va_may_say(fields, field, words):
    found = va_problems(declared(**fields), today=TODAY)
    if field is None:
        assert found == {}
    else:
        assert words in found[field]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2026-11-19", "La VA a été signée le 20/11/2026"),
        ("2026-11-20", ""),
        ("2026-11-22", ""),
        ("2026-11-23", "dans le futur"),
    ],
)
def test_notification_lies_between_the_va_and_today(on, words):
    found = notification_problems(day(on), signed_on=day("2026-11-20"), today=TODAY)
    assert words in found["notified_on"] if words else not found


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2026-11-19", "ne se valident pas avant"),
        ("2026-11-20", ""),
        ("2026-11-22", ""),
        ("2026-11-23", "dans le futur"),
    ],
)
def test_validation_lies_between_the_notification_and_today(on, words):
    found = validation_problems(day(on), notified_on=day("2026-11-20"), today=TODAY)
    assert words in found["validated_on"] if words else not found
