"""The pages of deadlines (`tests.pages` for the others)."""

from django.urls import reverse

from tests.pages import markup, page, text

__all__ = ["markup", "page", "reading", "text", "url"]


def reading(client, address):
    """What the form at this address says that it was filled in from."""
    return {"read": client.get(address).context["form"].initial["read"]}


def url(name, deadline):
    return reverse(f"deadlines:{name}", args=[deadline.pk])
