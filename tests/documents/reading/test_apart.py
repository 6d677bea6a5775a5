"""A reader of hostile files ends at its bounds, and what it could not do is logged."""

import logging

import pytest
from django.core.exceptions import ValidationError

from documents.reading.apart import NoAnswerError, TooLongError, read_apart
from documents.services import uploads
from documents.services.uploads import check_upload
from tests.calendar_app.papers import upload


def test_the_answer_of_the_program():
    assert read_apart("json.tool", content=b'{"trap": 1}') == {"trap": 1}


def test_a_program_that_fails_is_logged_with_its_last_words(caplog):
    with pytest.raises(NoAnswerError):
        read_apart("json.tool", content=b"no JSON")
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "json.tool: exit code 1, on 7 bytes" in record.getMessage()
    assert "Expecting value" in record.getMessage()


def test_a_program_that_takes_too_long_is_stopped_and_logged(caplog):
    with pytest.raises(TooLongError):
        read_apart("json.tool", content=b"{}", seconds=0.01)
    [record] = caplog.records
    assert "stopped after 0.01 s" in record.getMessage()


def test_the_sender_of_such_a_file_reads_a_sentence(monkeypatch):
    monkeypatch.setattr(uploads, "SECONDS", 0.01)
    with pytest.raises(ValidationError, match=r"« accuse\.pdf » n'a pas pu être contrôlé"):
        check_upload(upload(), seconds=0.01)
