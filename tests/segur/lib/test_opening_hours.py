import pytest

from segur.lib.opening_hours import windows, windows_text, windows_words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("09:00-19:00", "09:00-19:00"),
        ("9:00 - 12:00  14:00-19:00", "09:00-12:00 14:00-19:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("00:00-01:00", "00:00-01:00"),
        ("09:00-12:00 12:00-19:00", "09:00-12:00 12:00-19:00"),
        ("09:00-12:00 12:01-24:00", "09:00-12:00 12:01-24:00"),
        ("fermé", "fermé"),
        (" Ferme ", "fermé"),
        ("", "fermé"),
    ],
)
def test_opening_hours_as_text(text, written):
    assert windows_text(windows(text)) == written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("09:00-19:00", "de 9h à 19h"),
        ("09:00-12:30 14:00-19:00", "de 9h à 12h30 et de 14h à 19h"),
        ("00:00-24:00", "de 0h à 24h"),
        ("fermé", "fermé"),
    ],
)
def test_opening_hours_in_a_sentence(text, words):
    assert windows_words(windows(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "9h-19h",
        "09:00",
        "19:00-09:00",
        "09:00-09:00",
        "25:00-26:00",
        "09:00-12:60",
        "09:00-12:00 11:00-19:00",
        "14:00-19:00 09:00-12:00",
        "20:00-24:00 09:00-10:00",
        "00:00-00:00",
        "20:00-00:00",
    ],
)
def test_opening_hours_that_are_refused(text):
    with pytest.raises(ValueError, match="»"):
        windows(text)
