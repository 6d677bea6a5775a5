"""The words of a device, and the end of a session."""

import datetime as dt

import pytest

from accounts.rules.devices import device_words, has_ended

NOW = dt.datetime(2027, 1, 12, 18, tzinfo=dt.UTC)
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Firefox/133.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent, words):
    assert device_words(agent) == words


@pytest.mark.parametrize(
    ("began", "seen", "idle", "ended"),
    [
        (NOW - 12 * HOUR, NOW - SECOND, None, True),
        (NOW - 12 * HOUR + SECOND, NOW - SECOND, None, False),
        (NOW - 11 * HOUR, NOW - 10 * HOUR, None, False),
        (NOW - 3 * HOUR, NOW - 2 * HOUR, 2 * HOUR, True),
        (NOW - 3 * HOUR, NOW - 2 * HOUR + SECOND, 2 * HOUR, False),
        (NOW, NOW, 2 * HOUR, False),
    ],
)
def test_a_session_ends_after_twelve_hours_or_its_idle_time(began, seen, idle, ended):
    assert has_ended(now=NOW, began=began, seen=seen, idle=idle) is ended
