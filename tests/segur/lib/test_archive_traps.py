"""What is inside an archive is judged as if it came alone."""

import io
import zipfile

import pytest

from segur.lib import archive_traps
from segur.lib.archive_traps import DEEPEST, trap
from segur.lib.pdf_traps import Trap
from tests.calendar_app import papers

MACRO = papers.archive("word/document.xml", "word/vbaProject.bin")
OLD_MACRO = b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT".encode("utf-16-le")
TYPES = b"<Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>"


def archive(method=zipfile.ZIP_DEFLATED, **members):
    """A zip of these members; `__` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def nested(depth, content=papers.ZIP):
    for _ in range(depth):
        content = archive(lot__zip=content)
    return content


def damaged(method):
    """The bytes of the member are no longer what was compressed."""
    content = bytearray(archive(method, accuse__pdf=papers.PDF * 20))
    start = content.index(b"accuse.pdf") + len(b"accuse.pdf")
    content[start + 20 : start + 40] = b"\xff" * 20
    return bytes(content)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_it_is_broken_however_it_was_compressed(method):
    assert trap(io.BytesIO(damaged(method))) is Trap.BROKEN


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (papers.ZIP, None),
        (papers.DOCX, None),
        (papers.ODT, None),
        (archive(accuse__pdf=papers.PDF, photo__png=papers.PNG, notes__doc=b"old"), None),
        (archive(Scripts__txt=b"x"), None),
        (papers.archive("scripts/lisez-moi.txt"), None),
        (nested(DEEPEST - 1), None),
        (papers.archive("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), Trap.ACTIVE),
        (papers.archive("word/document.xml", "word/activeX/activeX1.bin"), Trap.ACTIVE),
        (papers.archive("content.xml", "Scripts/python/a.py"), Trap.ACTIVE),
        (papers.archive("[Content_Types].xml", content=TYPES), Trap.ACTIVE),
        (
            papers.archive("[Content_Types].xml", content=TYPES.decode().encode("utf-16")),
            Trap.ACTIVE,
        ),
        (archive(lettre__docm=b"PK"), Trap.ACTIVE),
        (archive(lettre__docx=MACRO), Trap.ACTIVE),
        (archive(ancien__doc=OLD_MACRO), Trap.ACTIVE),
        (archive(lot__zip=archive(lettre__docm=MACRO)), Trap.ACTIVE),
        (archive(outil__exe=papers.EXE), Trap.ACTIVE),
        (archive(accuse__pdf=papers.scripted_pdf()), Trap.ACTIVE),
        (archive(accuse__pdf=papers.PDF[:-30]), Trap.BROKEN),
        (archive(lot__zip=papers.ZIP[:-30]), Trap.BROKEN),
        (archive(lot__zip=papers.encrypted_archive()), Trap.ENCRYPTED),
        (papers.encrypted_archive(), Trap.ENCRYPTED),
        (nested(DEEPEST), Trap.HIDDEN),
        (b"PK", Trap.BROKEN),
    ],
)
def test_what_is_found(content, found):
    assert trap(io.BytesIO(content)) is found


def test_no_more_is_unpacked_than_the_bound(monkeypatch):
    monkeypatch.setattr(archive_traps, "MOST", len(papers.PDF) * 2)
    assert trap(io.BytesIO(archive(a__pdf=papers.PDF, b__pdf=papers.PDF))) is None
    bomb = archive(a__pdf=papers.PDF, b__pdf=papers.PDF, c__pdf=b"x")
    assert trap(io.BytesIO(bomb)) is Trap.HIDDEN


def test_no_more_files_are_looked_at_than_the_bound(monkeypatch):
    monkeypatch.setattr(archive_traps, "MOST_MEMBERS", 3)
    assert trap(io.BytesIO(archive(a=b"", lot__zip=archive(b=b"")))) is None
    assert trap(io.BytesIO(archive(a=b"", lot__zip=archive(b=b"", c=b"")))) is Trap.HIDDEN
