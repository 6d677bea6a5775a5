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


def url(name, deadline):
    return reverse(f"deadlines:{name}", args=[deadline.pk])
