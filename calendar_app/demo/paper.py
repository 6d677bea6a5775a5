"""The pieces of the demonstration."""

import json

from documents.typesetting import typeset
from segur.lib import no_break


def pdf(title: str, *lines: str) -> bytes:
    """A document that shows its title and these lines. Their words are our own, and dozens are made
    at once: no process for each."""
    data = {"title": title, "lines": [no_break.in_text(line) for line in lines]}
    return typeset("demonstration", json.dumps(data), timestamp=0)
