"""Text of the OpenAPI document on a page."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def ticks(text: str) -> SafeString:
    """`code` between backquotes becomes `<code>`; the rest is escaped."""
    parts = re.split(r"`([^`]+)`", text)
    marked = ("<code>{}</code>" if place % 2 else "{}" for place in range(len(parts)))
    return format_html_join(
        "", "{}", ((format_html(*pair),) for pair in zip(marked, parts, strict=True))
    )
