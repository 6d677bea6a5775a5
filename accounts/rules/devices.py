"""What a browser says of itself, in words; and when a session ends."""

import datetime as dt

LONGEST_SESSION = dt.timedelta(hours=12)

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""Looked for in this order: Edge and Chrome also say Safari, an iPhone also says Mac OS X."""


def device_words(user_agent: str) -> str:
    """«Firefox, Windows»."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Navigateur inconnu")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


def has_ended(
    *, now: dt.datetime, began: dt.datetime, seen: dt.datetime, idle: dt.timedelta | None
) -> bool:
    """After twelve hours in all, and after `idle` without a request where there is such a limit."""
    return now - began >= LONGEST_SESSION or (idle is not None and now - seen >= idle)
