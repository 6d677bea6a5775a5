"""The view of an act: a form or a button, one service, a message, a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from journal.forms import attempt

T = TypeVar("T")
Words = str | Callable[[T], str | None]
Place = str | Callable[[T], str]

ONE_FORM = {
    "tab": "",
    "here": "",
    "lead": "",
    "intro": "",
    "breadcrumb": "",
    "check": "",
    "refused": "",
}


def submit(
    request: HttpRequest,
    form: forms.BaseForm | None,
    act: Callable[..., T],
    *,
    done: Words[T],
    to: Place[T],
) -> HttpResponse | None:
    """Calls `act` with the values of a valid form, says `done` and redirects `to`; both may depend
    on what `act` returned. None when there is nothing to do, or when the form or `act` refused: the
    form then holds the errors and its good files.

    The values are the cleaned data, or what the `values` method of the form returns.
    """
    if form is None or not form.is_bound:
        return None
    result = attempt(form, lambda: act(**_values(form)))
    if form.errors:
        return None
    remark(request, form)
    return _done(request, cast("T", result), done, to)


def press(
    request: HttpRequest,
    act: Callable[[], T],
    *,
    done: Words[T],
    to: Place[T],
    back: str = "",
) -> HttpResponse:
    """The act of a button. A refusal is a message on the page `back`, needed where `to` depends on
    what `act` returns."""
    try:
        result = act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back or str(to))
    return _done(request, result, done, to)


def form_page(
    request: HttpRequest,
    form: forms.BaseForm | None,
    template: str = "form_page.html",
    **context: Any,
) -> HttpResponse:
    """The page of a form, with status 422 when something is wrong.

    `form_page.html`, and the templates that extend it, take `title`, `button`, `back` (the address
    of «Annuler») and, where they are needed, the texts of ONE_FORM.
    """
    status = 422 if form is not None and form.errors else 200
    return render(request, template, {**ONE_FORM, "form": form, **context}, status=status)


def remark(request: HttpRequest, form: forms.BaseForm) -> None:
    for words in remarks(form):
        messages.info(request, words)


def remarks(form: forms.BaseForm) -> list[str]:
    """What the fields say of what was sent, beside errors: a file that is joined already."""
    found: list[list[str]] = [getattr(field, "remarks", list)() for field in form.fields.values()]
    return [words for of_field in found for words in of_field]


def _values(form: forms.BaseForm) -> dict[str, Any]:
    values: dict[str, Any] = form.values() if hasattr(form, "values") else form.cleaned_data
    return values


def _done(request: HttpRequest, result: T, done: Words[T], to: Place[T]) -> HttpResponse:
    if words := done(result) if callable(done) else done:
        messages.success(request, words)
    return redirect(to(result) if callable(to) else to)
