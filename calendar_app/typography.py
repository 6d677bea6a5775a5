"""Mails and PDFs with the spaces that French holds (`segur.lib.no_break`).

The sentences of the code and of the templates stay as one types them; NO_BREAK_SPACES switches it
off for tests, which look for those sentences.
"""

from django.conf import settings

from segur.lib import no_break


def held_text(text: str) -> str:
    return no_break.in_text(text) if settings.NO_BREAK_SPACES else text


def held_html(html: str) -> str:
    return no_break.in_html(html) if settings.NO_BREAK_SPACES else html
