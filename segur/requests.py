"""What views and forms read of a request, whoever sends it."""

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

LONGEST_KEY = 18
"""Digits of a key that any database counts."""


def is_key(text: str) -> bool:
    """Whether a row could have this primary key."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


def posted(request: HttpRequest) -> MultiValueDict[str, str] | None:
    """What binds a form: an answer, even an empty one; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
