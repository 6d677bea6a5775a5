"""Ask for a page, and read it as a person does."""

import html
import re

from django.urls import reverse


def page(client, user, address, **query):
    client.force_login(user)
    return client.get(address, query)


def text(response):
    """What is written on the page, without its tags."""
    bare = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(bare.split())


def reading(client, address):
    """What the form at this address says that it was filled in from."""
    return {"read": client.get(address).context["form"].initial["read"]}


def url(name, deadline):
    return reverse(f"deadlines:{name}", args=[deadline.pk])
