"""What views, forms and middlewares share of a request, whoever sends it."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

LONGEST_KEY = 18
"""Digits of a key that any database counts."""


class Middleware:
    """Passes the request on; what it does besides is in its methods, as Django names them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


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
