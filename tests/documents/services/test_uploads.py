"""Files are judged by their content, named by their sender, and kept byte for byte."""

import hashlib
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.services.uploads import CONTENT_TYPES, check_upload
from tests.calendar_app import papers
from tests.calendar_app.papers import upload

ACCEPTED = [
    ("accuse.pdf", papers.PDF),
    ("capture.png", papers.PNG),
    ("photo.jpg", papers.JPEG),
    ("photo.jpeg", papers.JPEG),
    ("dossier.docx", papers.DOCX),
    ("suivi.xlsx", papers.XLSX),
    ("lettre.odt", papers.ODT),
    ("suivi.ods", papers.ODT),
    ("lot.zip", papers.ZIP),
    ("ACCUSÉ.PDF", papers.PDF),
    ("restreint.pdf", papers.encrypted_pdf(user="")),
    ("sans-table.pdf", papers.PDF[:-30]),
    ("archive.2027.06.pdf", papers.PDF),
    ("été à l'hôpital (1).pdf", papers.PDF),
]


@pytest.mark.parametrize(("name", "content"), ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_accepted(name, content):
    assert check_upload(upload(name, content)) == CONTENT_TYPES[Path(name).suffix.lower()]


REFUSED = [
    ("vide.pdf", b"", "est vide"),
    ("page.pdf", papers.HTML, "n'est pas un vrai fichier PDF"),
    ("note.pdf", "Dépôt fait ce matin".encode(), "n'est pas un vrai fichier PDF"),
    ("virus.png", papers.EXE, "n'est pas un vrai fichier PNG"),
    ("photo.png", papers.JPEG, "n'est pas un vrai fichier PNG"),
    ("photo.jpg", papers.PNG, "n'est pas un vrai fichier JPG"),
    ("dossier.docx", papers.ZIP, "n'est pas un vrai fichier DOCX"),
    ("dossier.docx", papers.XLSX, "n'est pas un vrai fichier DOCX"),
    ("dossier.docx", papers.PDF, "n'est pas un vrai fichier DOCX"),
    (
        "macro.docx",
        papers.archive("word/document.xml", "word/vbaProject.bin"),
        "contient des macros",
    ),
    ("macro.xlsx", papers.archive("xl/workbook.xml", "xl/vbaProject.bin"), "contient des macros"),
    ("macro.odt", papers.archive("content.xml", "Basic/script-lc.xml"), "contient des macros"),
    ("secret.zip", papers.encrypted_archive(), "protégé par un mot de passe"),
    ("secret.pdf", papers.encrypted_pdf(), "protégé par un mot de passe"),
    ("script.pdf", papers.scripted_pdf(), "contient des macros"),
    ("coupe.pdf", papers.PDF[: len(papers.PDF) // 2], "la fin du fichier manque"),
    ("debut.pdf", papers.PDF[:12], "est abîmé ou incomplet"),
    ("balise.png", papers.PNG[:8] + b"<script>alert(1)</script>", "n'est pas un vrai fichier PNG"),
    ("coupe.png", papers.PNG[:50], "n'est pas un vrai fichier PNG"),
    ("vide.zip", papers.archive(), "ne contient aucun fichier"),
    ("dossiers.zip", papers.archive("a/", content=b""), "ne contient aucun fichier"),
    ("lot.zip", papers.archive("lettre.docm"), "contient des macros"),
    ("coupe.zip", papers.ZIP[:-30], "n'est pas un vrai fichier ZIP"),
    ("coupe.docx", papers.DOCX[: len(papers.DOCX) // 2], "n'est pas un vrai fichier DOCX"),
    ("sans_extension", papers.PDF, "n'est pas d'un type accepté"),
    (".pdf", papers.PDF, "n'est pas d'un type accepté"),
    ("page.html", papers.HTML, "n'est pas d'un type accepté"),
    ("image.svg", b"<svg onload='alert(1)'/>", "n'est pas d'un type accepté"),
    ("programme.pdf.exe", papers.EXE, "n'est pas d'un type accepté"),
]


@pytest.mark.parametrize(
    ("name", "content", "why"), REFUSED, ids=[f"{n}-{w}" for n, _, w in REFUSED]
)
def test_refused_with_a_sentence_that_names_the_file(name, content, why):
    with pytest.raises(ValidationError) as refused:
        check_upload(upload(name, content))
    (sentence,) = refused.value.messages
    assert f"« {name} »" in sentence
    assert why in sentence


@pytest.mark.parametrize(("extra", "accepted"), [(0, True), (1, False)])
def test_twenty_megabytes_and_not_one_byte_more(extra, accepted):
    content = papers.PDF + bytes(20 * 1024 * 1024 + extra - len(papers.PDF))
    assert settings.PROOF_MAX_BYTES == 20 * 1024 * 1024
    if accepted:
        assert check_upload(upload("lourd.pdf", content)) == "application/pdf"
    else:
        with pytest.raises(ValidationError, match="dépasse 20 Mo"):
            check_upload(upload("lourd.pdf", content))


@pytest.mark.parametrize("name", ["../../etc/accuse.pdf", "/etc/accuse.pdf"])
def test_a_path_in_the_name_is_dropped(name):
    assert upload(name).name == "accuse.pdf"


def test_the_file_is_rewound_for_who_reads_it_next():
    file = upload()
    check_upload(file)
    assert hashlib.sha256(file.read()).digest() == hashlib.sha256(papers.PDF).digest()


@pytest.mark.parametrize(
    ("place", "value"),
    [(6, 255), (8, 0xFF)],
    ids=["made for a newer version", "every flag set"],
)
def test_an_archive_directory_made_to_hurt(place, value):
    data = bytearray(papers.archive("word/document.xml"))
    data[data.index(b"PK\x01\x02") + place] = value
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile("dossier.docx", bytes(data)))


def test_an_archive_whose_names_are_not_text():
    data = papers.archive("word/document.xml", "é.xml").replace("é".encode(), b"\xff\xfe")
    with pytest.raises(ValidationError, match="n'est pas un vrai fichier"):
        check_upload(SimpleUploadedFile("dossier.docx", data))


def test_a_stored_proof_is_for_the_site_alone_and_a_static_file_for_all(tmp_path):
    kept = default_storage.save("proofs/ab/abcd", ContentFile(b"%PDF"))
    path = Path(default_storage.path(kept))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    static = StaticFilesStorage(location=tmp_path / "static", base_url="/static/")
    shown = Path(static.path(static.save("page.css", ContentFile(b"a{}"))))
    assert stat.S_IMODE(shown.stat().st_mode) == 0o644
