"""`/api/v1/uploads`: a file sent piece by piece, resumed where the connection was lost."""

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from api.models import PartialUpload
from calendar_app.models import Proof
from calendar_app.services.uploads import FOLDER, MAX_OPEN, sweep
from documents.services.held import LASTS
from tests.calendar_app.filing_cases import NOW, content_of, of_prestation
from tests.calendar_app.papers import EXE, PDF


def begin(software, content=PDF, name="accuse.pdf"):
    answer = software.post("uploads", {"name": name, "size": len(content)})
    assert answer.status_code == 201, answer.json()
    return answer.json()


def send(software, upload, offset, content):
    piece = SimpleUploadedFile("morceau", content)
    return software.upload(f"uploads/{upload['id']}/pieces", {"offset": offset, "piece": piece})


def pieces():
    return [name for row in PartialUpload.objects.all() for name in _names(row)]


def _names(row):
    try:
        return default_storage.listdir(f"{FOLDER}/{row.pk}")[1]
    except FileNotFoundError:
        return []


def test_a_file_in_three_pieces_is_filed_byte_for_byte(software, person):
    upload, third = begin(software), len(PDF) // 3
    assert send(software, upload, 0, PDF[:third]).json()["received"] == third
    assert software.get(f"uploads/{upload['id']}").json()["received"] == third
    send(software, upload, third, PDF[third : 2 * third])
    whole = send(software, upload, 2 * third, PDF[2 * third :]).json()
    assert whole["token"]
    assert pieces() == []
    deadline = of_prestation(5, editeur=person)
    shown = {"deposited_at": NOW.isoformat(), "declared": "true", "uploads": [whole["token"]]}
    assert software.upload(f"deadlines/{deadline.pk}/filings", shown).status_code == 201
    assert content_of(Proof.objects.get()) == PDF


@pytest.mark.parametrize("offset", [0, 9, 11])
def test_a_piece_that_came_already_or_too_soon_says_where_to_resume(software, offset):
    upload = begin(software)
    send(software, upload, 0, PDF[:10])
    answer = send(software, upload, offset, PDF[offset : offset + 5])
    assert answer.status_code == 409
    assert "l'octet 10" in answer.json()["detail"]


def test_a_piece_beyond_the_size_announced_is_refused(software):
    answer = send(software, begin(software), 0, PDF + b"x")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["piece"])


@pytest.mark.parametrize(
    ("size", "status"), [(20 * 1024**2, 201), (20 * 1024**2 + 1, 422), (0, 422)]
)
def test_the_size_has_the_bounds_of_a_proof(software, size, status):
    assert software.post("uploads", {"name": "a.pdf", "size": size}).status_code == status


def test_a_whole_file_is_looked_at_as_any_other(software):
    upload = begin(software, EXE, "accuse.pdf")
    answer = send(software, upload, 0, EXE)
    assert answer.status_code == 422
    assert PartialUpload.objects.get().token == ""


def test_as_many_as_may_be_open_and_no_more(software):
    for _ in range(MAX_OPEN):
        begin(software)
    refused = software.post("uploads", {"name": "a.pdf", "size": 10})
    assert refused.status_code == 422
    assert "envois par morceaux" in refused.json()["detail"]


def test_the_upload_of_another_organisation_is_unknown(software, stranger):
    upload = begin(software)
    assert stranger.get(f"uploads/{upload['id']}").status_code == 404
    assert send(stranger, upload, 0, PDF).status_code == 404


def test_after_twelve_hours_it_is_gone(software):
    upload = begin(software)
    send(software, upload, 0, PDF[:10])
    with time_machine.travel(NOW + LASTS, tick=False):
        assert software.get(f"uploads/{upload['id']}").status_code == 404
    assert pieces() != []
    assert sweep(now=NOW + LASTS) == 1
    assert not PartialUpload.objects.exists()
