"""Good files of a refused form: held under a token that only this site makes."""

import datetime as dt
import logging
import os

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from documents.services.fates import fate_of
from documents.services.held import FOLDER, GONE, LASTS, hold, sweep, take
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import on_disk
from tests.calendar_app.papers import upload

NOW = dt.datetime.now(dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_what_is_held_comes_back_whole_without_a_second_look(scans):
    [held] = hold([upload("reçu.pdf")])
    again = take(held.token)
    assert (again.name, again.size, again.content_type) == (
        "reçu.pdf",
        len(papers.PDF),
        "application/pdf",
    )
    assert b"".join(again.chunks()) == papers.PDF
    assert fate_of(again) == fate_of(held)
    assert scans == ["reçu.pdf"]


def test_what_is_held_is_read_from_its_beginning_each_time():
    [held] = hold([upload()])
    assert (held.read(5), held.read(), held.read()) == (papers.PDF[:5], papers.PDF, papers.PDF)
    assert held.seek(0) == 0


def test_held_again_it_keeps_its_token_and_its_place():
    [held] = hold([upload()])
    [again] = hold([take(held.token)])
    assert again.token == held.token
    assert len(on_disk()) == 1


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda _token: "x:y:z", str.upper])
def test_a_token_that_is_not_ours_opens_nothing(change):
    [held] = hold([upload()])
    with pytest.raises(ValidationError, match=GONE):
        take(change(held.token))


@pytest.mark.parametrize(("late", "is_gone"), [(-SECOND, False), (SECOND, True)])
def test_a_token_lasts_as_long_as_a_session(time_machine, late, is_gone):
    time_machine.move_to(NOW, tick=False)
    [held] = hold([upload()])
    time_machine.move_to(NOW + LASTS + late, tick=False)
    if is_gone:
        with pytest.raises(ValidationError, match=GONE):
            take(held.token)
    else:
        assert take(held.token).name == "accuse.pdf"


def test_a_file_that_was_swept_away_is_to_be_chosen_again():
    [held] = hold([upload()])
    default_storage.delete(held.stored)
    with pytest.raises(ValidationError, match=GONE):
        take(held.token)


def test_only_what_no_token_opens_any_more_is_swept_away():
    assert sweep(now=NOW) == 0
    young, just, old = (held.stored for held in hold([upload() for _ in range(3)]))
    for path, age in ((young, dt.timedelta()), (just, LASTS), (old, LASTS + SECOND)):
        at = (NOW - age).timestamp()
        os.utime(default_storage.path(path), (at, at))
    proof = default_storage.save("proofs/aa/kept", upload())
    os.utime(default_storage.path(proof), (0, 0))

    assert sweep(now=NOW) == 1
    assert {path for path in (young, just, old, proof) if default_storage.exists(path)} == {
        young,
        just,
        proof,
    }


def test_a_full_disk_is_logged_and_the_page_still_comes(monkeypatch, caplog):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with caplog.at_level(logging.ERROR):
        assert hold([upload()]) == []
    assert "could not be held" in caplog.text
    assert FOLDER not in on_disk()
