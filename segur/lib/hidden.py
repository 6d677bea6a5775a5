"""Addresses of people, taken out of what an operator reads."""

import re

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
HIDDEN = "‹adresse›"


def hide_addresses(text: str) -> str:
    return _MAIL.sub(HIDDEN, text)
