"""What a view of an act answers, whatever the service."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import RequestFactory

from journal.views.acts import press, submit

TO = "/la-suite/"


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Motif")


def _request() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def _messages(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in get_messages(request)]


def _length(reason: str) -> int:
    return len(reason)


def _refuse(**_: object) -> None:
    raise ValidationError({"reason": "Ce motif ne suffit pas."})


def test_a_service_that_returns_nothing_has_still_succeeded() -> None:
    request, given = _request(), set[str]()

    def act(reason: str) -> None:
        given.add(reason)

    answer = submit(request, ReasonForm({"reason": "Faux"}), act, done="Fait.", to=TO)
    assert answer is not None
    assert (answer.status_code, answer["Location"]) == (302, TO)
    assert given == {"Faux"}
    assert _messages(request) == [("success", "Fait.")]


def test_message_and_place_may_depend_on_what_the_service_returned() -> None:
    request = _request()
    answer = submit(
        request,
        ReasonForm({"reason": "Faux"}),
        _length,
        done=lambda number: f"{number} lettres.",
        to=lambda number: f"/{number}/",
    )
    assert answer is not None
    assert answer["Location"] == "/4/"
    assert _messages(request) == [("success", "4 lettres.")]


@pytest.mark.parametrize("data", [None, {}, {"reason": " "}])
def test_the_service_is_not_called_without_a_valid_form(data: dict[str, str] | None) -> None:
    request = _request()
    assert submit(request, ReasonForm(data), _refuse, done="Fait.", to=TO) is None
    assert _messages(request) == []


def test_a_refusal_of_the_service_stands_by_its_field() -> None:
    request, form = _request(), ReasonForm({"reason": "Faux"})
    assert submit(request, form, _refuse, done="Fait.", to=TO) is None
    assert form.errors == {"reason": ["Ce motif ne suffit pas."]}
    assert _messages(request) == []


def test_a_refused_button_leads_back_with_the_reason() -> None:
    request = _request()
    answer = press(request, _refuse, done="Fait.", to=TO, back="/avant/")
    assert answer["Location"] == "/avant/"
    assert _messages(request) == [("error", "Ce motif ne suffit pas.")]


def test_a_button_says_what_was_done() -> None:
    request = _request()
    answer = press(request, lambda: None, done="Fait.", to=TO)
    assert answer["Location"] == TO
    assert _messages(request) == [("success", "Fait.")]
