"""Text of the OpenAPI document, and of Better Stack's deliveries, on a page."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

KINDS = {
    "started": "Début",
    "created": "Début",
    "acknowledged": "Prise en charge",
    "resolved": "Fin",
    "reopened": "Réouverture",
    "escalated": "Alerte transmise",
    "comment": "Commentaire",
    "updated": "Mise à jour",
}
OTHER = "Autre envoi"

register = template.Library()


@register.filter
def delivery_kind(kind: str) -> str:
    """In French; what Better Stack may add one day is kept whole, as another kind."""
    return KINDS.get(kind, OTHER)


@register.filter
def ticks(text: str) -> SafeString:
    """`code` between backquotes becomes `<code>`; the rest is escaped."""
    parts = re.split(r"`([^`]+)`", text)
    marked = ("<code>{}</code>" if place % 2 else "{}" for place in range(len(parts)))
    return format_html_join(
        "", "{}", ((format_html(*pair),) for pair in zip(marked, parts, strict=True))
    )


@register.filter
def body_caption(kind: str) -> str:
    """Of the table of what is sent, by its content type."""
    words = "formulaire avec des fichiers" if kind.startswith("multipart") else "en JSON"
    return f"Corps de la requête, {words}"
