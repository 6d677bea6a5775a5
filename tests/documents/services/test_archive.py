"""Files as one ZIP: names, digests, bounds."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from calendar_app.models import Proof
from documents.services import archive as services
from documents.services.archive import ArchivedFile, MadeFile, archive, check_size, safe_name

AT = dt.datetime(2027, 2, 10, 9, tzinfo=dt.UTC)


def stored(name="accusé.pdf", content=b"%PDF un", **fields):
    """Not in the database: only what an archive reads of it."""
    known = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return Proof(file=ContentFile(content, name="x"), uploaded_at=AT, **{**known, **fields})


def opened(files, **fields):
    content = b"".join(archive({"dossier": "prestation"}, files, at=AT, **fields))
    return zipfile.ZipFile(io.BytesIO(content))


def manifest(found):
    return json.loads(found.read("manifest.json"))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("accusé de dépôt.pdf", "accusé de dépôt.pdf"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Users\\x.pdf", "C Users x.pdf"),
        ("a\x00b\n.pdf", "a b.pdf"),
        ("...", "sans nom"),
        ("", "sans nom"),
        ("e\u0301.pdf", "é.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_those_that_any_system_writes(name, safe):
    assert safe_name(name) == safe


def test_holds_each_file_with_its_digest():
    found = opened([ArchivedFile("Dépôts", stored())])
    assert found.testzip() is None
    assert found.read("Dépôts/accusé.pdf") == b"%PDF un"
    [line] = manifest(found)["fichiers"]
    assert line["sha256"] == hashlib.sha256(b"%PDF un").hexdigest()
    assert line["conforme"] is True
    assert "1 fichier, chacun" in found.read("LISEZMOI.txt").decode()


def test_two_files_of_one_name_are_both_there():
    files = [ArchivedFile("VA", stored("a.pdf", one)) for one in (b"1", b"2")]
    found = opened([*files, ArchivedFile("VA", stored("A.pdf", b"3"))])
    assert [name for name in found.namelist() if name.startswith("VA/")] == [
        "VA/a.pdf",
        "VA/a (2).pdf",
        "VA/A (3).pdf",
    ]


def test_a_file_that_changed_on_the_disk_is_named():
    found = opened([ArchivedFile("VA", stored(sha256="0" * 64))])
    assert manifest(found)["fichiers"][0]["conforme"] is False
    assert "Empreinte différente" in found.read("LISEZMOI.txt").decode()


def test_a_file_that_is_not_on_the_disk_is_named(tmp_path):
    gone = stored()
    gone.file = str(Path("proofs") / "nowhere")
    found = opened([ArchivedFile("VA", gone), ArchivedFile("VA", stored("b.pdf"))])
    first, second = manifest(found)["fichiers"]
    assert first["absent"] is True
    assert found.read(second["chemin"]) == b"%PDF un"


def test_what_is_made_for_it_comes_too():
    made = MadeFile("Récépissés", "REC-1.json", b"{}", AT)
    assert opened([], made=[made]).read("Récépissés/REC-1.json") == b"{}"


def test_nothing_at_all_is_still_an_archive():
    assert opened([]).namelist() == ["manifest.json", "LISEZMOI.txt"]


@pytest.mark.parametrize(
    ("count", "size", "is_refused"),
    [(2, 10, False), (3, 10, True), (1, 100, False), (1, 101, True)],
)
def test_bounds(monkeypatch, count, size, is_refused):
    monkeypatch.setattr(services, "MOST_FILES", 2)
    monkeypatch.setattr(services, "MOST_BYTES", 100)
    files = [ArchivedFile("VA", stored(size=size))] * count
    if is_refused:
        with pytest.raises(ValidationError, match="dépasse ce qu'une archive"):
            check_size(files)
    else:
        check_size(files)
