"""What views and forms read of a request, whoever sends it."""

from typing import Any

from django.core.paginator import Page, Paginator
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


def page_of(request: HttpRequest, rows: Any, *, per_page: int = 50) -> Page[Any]:
    """The page of a list that the address asks for; the first or the last when it has no such
    page."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
