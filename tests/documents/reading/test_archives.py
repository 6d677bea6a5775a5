"""What is inside an archive is judged as if it came alone."""

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.reading.inspection import Inspection
from documents.reading.traps import Budget, Trap, TrapError
from tests.calendar_app import papers

MACRO = papers.archive("word/document.xml", "word/vbaProject.bin")
OLD_MACRO = b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT".encode("utf-16-le")
TYPES = b"<Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>"


def archive(method=zipfile.ZIP_DEFLATED, **members):
    """A zip of these members; `__` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in members.items():
            target.writestr(re.sub(r"(?<=.)__", ".", name), content)
    return buffer.getvalue()


def found(content, kind=".zip"):
    try:
        Inspection().look(content, f"x{kind}")
    except TrapError as error:
        return (error.trap, *error.path)
    return None


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
def test_a_damaged_member_is_named_however_it_was_compressed(method):
    assert found(damaged(method)) == (Trap.BROKEN, "accuse.pdf")


@pytest.mark.parametrize(
    "content",
    [
        papers.ZIP,
        archive(accuse__pdf=papers.PDF, photo__png=papers.PNG, notes__doc=b"old"),
        archive(Scripts__txt=b"x"),
        archive(vide__txt=b""),
        papers.archive("scripts/lisez-moi.txt"),
        archive(lettre__docx=papers.DOCX, suivi__ods=papers.ODT),
        nested(Budget.DEPTH - 1),
    ],
)
def test_what_is_inside_is_let_through(content):
    assert found(content) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (archive(lettre__docm=b"PK"), (Trap.ACTIVE, "lettre.docm")),
        (archive(lettre__docx=MACRO), (Trap.ACTIVE, "lettre.docx")),
        (archive(ancien__doc=OLD_MACRO), (Trap.ACTIVE, "ancien.doc")),
        (archive(lot__zip=archive(a__docm=MACRO)), (Trap.ACTIVE, "lot.zip", "a.docm")),
        (archive(outil__exe=b"MZ"), (Trap.PROGRAM, "outil.exe")),
        (archive(page__html=b"<p>a</p>"), (Trap.PAGE, "page.html")),
        (archive(page__HTM=b"<p>a</p>"), (Trap.PAGE, "page.HTM")),
        (archive(dessin__svg=b"<svg/>"), (Trap.PAGE, "dessin.svg")),
        (archive(courriel__mht=b"a"), (Trap.PAGE, "courriel.mht")),
        (archive(notes__txt=papers.EXE), (Trap.PROGRAM, "notes.txt")),
        (archive(notes=b"\x7fELF\x02"), (Trap.PROGRAM, "notes")),
        (archive(accuse__pdf=papers.scripted_pdf()), (Trap.ACTIVE, "accuse.pdf")),
        (archive(accuse__pdf=papers.PDF[:300]), (Trap.CUT, "accuse.pdf")),
        (archive(accuse__pdf=b""), (Trap.EMPTY, "accuse.pdf")),
        (archive(lettre__docx=papers.XLSX), (Trap.OTHER, "lettre.docx")),
        (archive(lot__zip=papers.ZIP[:-30]), (Trap.OTHER, "lot.zip")),
        (archive(lot__zip=papers.encrypted_archive()), (Trap.ENCRYPTED, "lot.zip", "secret.txt")),
        (papers.encrypted_archive(), (Trap.ENCRYPTED, "secret.txt")),
        (nested(Budget.DEPTH + 1), (Trap.HIDDEN, *["lot.zip"] * (Budget.DEPTH + 1))),
        (papers.archive(), (Trap.NO_FILE,)),
        (b"PK", (Trap.OTHER,)),
    ],
)
def test_the_member_at_fault_is_named(content, expected):
    assert found(content) == expected


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (papers.archive("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), ".xlsx"),
        (papers.archive("word/document.xml", "word/activeX/activeX1.bin"), ".docx"),
        (papers.archive("content.xml", "Scripts/python/a.py"), ".odt"),
        (
            archive(word__xml=b"", **{"word/document__xml": b"", "[Content_Types]__xml": TYPES}),
            ".docx",
        ),
        (
            archive(
                **{
                    "xl/workbook__xml": b"",
                    "[Content_Types]__xml": TYPES.decode().encode("utf-16"),
                }
            ),
            ".xlsx",
        ),
    ],
)
def test_macros_of_a_document(content, kind):
    assert found(content, kind)[0] == Trap.ACTIVE


APPLE = b"\x00\x05\x16\x07" + bytes(40)


@pytest.mark.parametrize(
    ("companion", "content"),
    [
        ("__MACOSX/._note.docx", APPLE),
        ("__MACOSX/._outil.exe", APPLE),
        ("__MACOSX/lot/._accuse.pdf", APPLE),
        ("._accuse.pdf", APPLE),
        ("lot/~$note.docx", b"\x05admin" + b" " * 48),
        ("~$suivi.xlsx", b""),
        (".~lock.note.odt", b",user,"),
        (".DS_Store", b"\0\0\0\1Bud1"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
        ("desktop.ini", b"[.ShellClassInfo]"),
    ],
)
def test_a_companion_is_passed_over(companion, content):
    assert found(archive(**{"accuse__pdf": papers.PDF, companion: content})) is None
    assert found(archive(**{companion: content})) == (Trap.NO_FILE,)


@pytest.mark.parametrize(
    ("companion", "content", "trap"),
    [
        ("__MACOSX/outil.exe", b"anything", Trap.PROGRAM),
        ("__MACOSX/._note.docx", papers.EXE, Trap.PROGRAM),
        ("~$note.docx", MACRO, Trap.ACTIVE),
        ("__MACOSX/accuse.pdf", papers.scripted_pdf(), Trap.ACTIVE),
    ],
)
def test_the_name_of_a_companion_hides_nothing(companion, content, trap):
    content = archive(**{"accuse__pdf": papers.PDF, companion: content})
    assert found(content) == (trap, companion)


def test_no_more_is_unpacked_than_the_bound(monkeypatch):
    monkeypatch.setattr(Budget, "BYTES", len(papers.PDF) * 2)
    assert found(archive(a__pdf=papers.PDF, b__pdf=papers.PDF)) is None
    assert found(archive(a__pdf=papers.PDF, b__pdf=papers.PDF, c__pdf=b"x")) == (Trap.HUGE, "c.pdf")


def test_no_more_files_are_looked_at_than_the_bound(monkeypatch):
    monkeypatch.setattr(Budget, "FILES", 3)
    assert found(archive(a=b"", lot__zip=archive(b=b""))) is None
    assert found(archive(a=b"", lot__zip=archive(b=b"", c=b""))) == (Trap.HUGE, "lot.zip")


def garbled(data):
    return st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255))


@pytest.mark.parametrize(
    ("whole", "kind"),
    [(papers.DOCX, ".docx"), (papers.ZIP, ".zip"), (damaged(zipfile.ZIP_LZMA), ".zip")],
)
@given(data=st.data())
def test_garbled_it_is_let_through_or_trapped(whole, kind, data):
    content = bytearray(whole)
    for place, byte in data.draw(st.lists(garbled(whole), max_size=12)):
        content[place] = byte
    trap = found(bytes(content[: data.draw(st.integers(0, len(whole)))]), kind)
    assert trap is None or trap[0] in Trap
