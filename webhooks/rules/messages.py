"""What is posted: the event itself for software, a message for people in the form of their tool.

The words come from people: they are escaped so that they can neither format nor notify anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]
"""`type`, `timestamp` and `data`, with `title`, `object` and `url`."""

NO_MENTION = "@\u200b"
"""A zero-width space after it: Mattermost would call everybody for «@all»."""


def standard(event: Event) -> Event:
    return event


def slack(event: Event) -> Event:
    title, about, url = _parts(event)
    return {"text": f"*{_slack(title)}*\n{_slack(about)}\n<{url}|Ouvrir sur le site>"}


def mattermost(event: Event) -> Event:
    title, about, url = _parts(event)
    words = f"**{_markdown(title)}**\n{_markdown(about)}\n[Ouvrir sur le site]({url})"
    return {"text": words}


def teams(event: Event) -> Event:
    """An adaptive card, as a Teams workflow takes it. A run of text is shown as it is."""
    title, about, url = _parts(event)
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_run(title, weight="Bolder"), _run(about)],
        "actions": [{"type": "Action.OpenUrl", "title": "Ouvrir sur le site", "url": url}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


FORMATS: dict[str, Callable[[Event], Event]] = {
    "STANDARD": standard,
    "TEAMS": teams,
    "SLACK": slack,
    "MATTERMOST": mattermost,
}


def _parts(event: Event) -> tuple[str, str, str]:
    data = event["data"]
    return data["title"], data["object"], data["url"]


def _run(text: str, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~-])", r"\\\1", text).replace("@", NO_MENTION)
