"""Objects of a PDF are judged, wherever and however it writes them; words are not."""

import io
import re
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.reading.inspection import Inspection
from documents.reading.traps import Trap, TrapError
from tests.calendar_app import papers
from tests.calendar_app.papers import document, stream
from tests.pilots import signing

PDF = papers.PDF
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
LINK = b"<</S/URI/URI(https://a.example/JavaScript/Launch/Encrypt)>>"
FLATE = b"/Filter/FlateDecode"


def found(content):
    try:
        Inspection().look(content, "x.pdf")
    except TrapError as error:
        return (error.trap, *error.path)
    return None


def annotated(entries, *objects):
    """A page with one annotation of these entries; `objects` are numbered from 5 on."""
    return document(b"<<%b>>" % entries, *objects, root=b"/Notes[4 0 R]")


def packed(content):
    """The same objects in compressed streams, as most programs write them today."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/ObjStm" in target.getvalue()
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"\x00\r\n" + PDF,
        b"HTTP/1.1 200 OK\r\n\r\n" + PDF,
        b" " * 1024 + PDF,
        PDF + bytes(10_000),
        PDF[:-30],
        PDF.replace(b"\n", b"\r\n"),
        PDF.replace(b"startxref\n", b"startxref\n1"),
        papers.encrypted_pdf(user=""),
        packed(PDF),
        signing.unsigned(),
        signing.signed(),
    ],
    ids=[
        "plain",
        "after something",
        "after an HTTP header",
        "after as much as readers skip",
        "before zeros",
        "without its table",
        "line ends converted",
        "table elsewhere",
        "owner password only",
        "in object streams",
        "of a program",
        "signed",
    ],
)
def test_what_every_reader_opens_is_let_through(content):
    assert found(content) is None


@pytest.mark.parametrize(
    ("content", "trap"),
    [
        (papers.encrypted_pdf(), Trap.ENCRYPTED),
        (signing.encrypted(), Trap.ENCRYPTED),
        (document(trailer=b"/Encrypt<</Filter/Adobe.PubSec/V 4>>"), Trap.CERTIFICATE),
        (b"", Trap.BROKEN),
        (b"%PDF-1.7\n", Trap.BROKEN),
        (PDF[: len(PDF) // 2], Trap.CUT),
        (signing.truncated(), Trap.CUT),
        (PDF[:200] + PDF[300:], Trap.BROKEN),
        (PDF.replace(b"/Kids [3 0 R]", b"/Kids [     ]"), Trap.BROKEN),
    ],
)
def test_a_whole_file(content, trap):
    assert found(content) == (trap,)


@pytest.mark.parametrize(
    "content",
    [
        document(root=b"/OpenAction null"),
        document(b"<</Title(/JavaScript /Launch /Encrypt)>>", trailer=b"/Info 4 0 R"),
        annotated(b"/Subtype/Link/A" + LINK),
        document(b"[3 0 R/Fit]", root=b"/OpenAction 4 0 R"),
        document(b"<</S/GoTo/D[3 0 R/Fit]>>", root=b"/OpenAction 4 0 R"),
        document(root=b"/Dests<</JavaScript[3 0 R/Fit]/Launch[3 0 R/Fit]>>"),
        document(
            b"<</Type/StructElem/S/JavaScript/P 4 0 R/Alt(x)>>", root=b"/StructTreeRoot 4 0 R"
        ),
        document(root=b"/StructTreeRoot<</RoleMap<</JavaScript/P/Launch/Span>>>>"),
        document(root=b"/Outlines<</First<</Title(Launch)/Dest[3 0 R/Fit]>>>>"),
        document(root=b"/Names<</JavaScript<</Names[]>>>>"),
        document(b"<</S/Rendition/OP 0>>", root=b"/OpenAction 4 0 R"),
        document(stream(b"<x>&lt;script&gt;</x>"), root=b"/AcroForm<</XFA 4 0 R>>"),
        document(SCRIPT),
        document(b"<</EncryptMetadata true>>", root=b"/X 4 0 R"),
        document(b"<</Caf#E9 4 0 R/S/P#E8re>>", root=b"/X 4 0 R"),
    ],
)
def test_words_are_not_acts(content):
    assert found(content) is None


@pytest.mark.parametrize(
    "content",
    [
        papers.scripted_pdf(),
        signing.with_script(),
        signing.with_program(),
        packed(papers.scripted_pdf()),
        annotated(b"/A" + SCRIPT),
        annotated(b"/A<</S/J#61va#53cript/JS(x)>>"),
        annotated(b"/A<</S/Launch/F(calc.exe)>>"),
        annotated(b"/A<</S/ImportData/F(x)>>"),
        annotated(b"/A<</S/SubmitForm/F(https://a.example)>>"),
        annotated(b"/A<</S/GoToR/F(//a.example/a.pdf)>>"),
        annotated(b"/A<</S/GoToE/F(a.pdf)>>"),
        annotated(b"/A<</S/RichMediaExecute>>"),
        annotated(b"/A<</S/Rendition/JS(x)>>"),
        annotated(b"/A<</S/GoTo/D[3 0 R]/Next[<</S/Named/N/Print>>" + SCRIPT + b"]>>"),
        annotated(b"/A 5 0 R", b"<</S/URI/URI(x)/Next 6 0 R>>", SCRIPT),
        annotated(b"/PA<</S/Launch>>"),
        document(b"<</Caf#E9<</A 5 0 R>>>>", SCRIPT, root=b"/X 4 0 R"),
        annotated(b"/Subtype/RichMedia"),
        annotated(b"/Type/3D/OnInstantiate 5 0 R", stream(b"x")),
        annotated(b"/AA<</E" + SCRIPT + b">>"),
        document(root=b"/AA<</WC" + LINK + b">>"),
        document(LINK, root=b"/OpenAction 4 0 R"),
        document(root=b"/OpenAction<</S/GoTo/D[3 0 R]/Next" + LINK + b">>"),
        document(root=b"/AA<</O<</S/U#52I/URI(x)>>>>"),
        document(root=b"/Names<</JavaScript<</Names[(a)" + SCRIPT + b"]>>>>"),
        document(root=b"/Names<</JavaScript<</Kids[<</Names[(a)" + SCRIPT + b"]>>]>>>>"),
        document(stream(b"<xfa:script>x</xfa:script>"), root=b"/AcroForm<</XFA[(a)4 0 R]>>"),
        document(stream(zlib.compress(b"<submit/>"), FLATE), root=b"/AcroForm<</XFA 4 0 R>>"),
        document(SCRIPT.replace(b"<<", b"<</Type/Action", 1)).replace(
            b"startxref\n", b"startxref\n1"
        ),
    ],
)
def test_an_act_is_found_wherever_the_document_leads(content):
    assert found(content) == (Trap.ACTIVE,)


def attached(content, name=b"(facture.pdf)", entries=b""):
    return document(
        b"<</Type/Filespec/F%b/EF<</F 5 0 R>>>>" % name,
        stream(content, b"/Type/EmbeddedFile" + entries),
        root=b"/AF[4 0 R]",
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (attached(b"<facture/>", b"(factur-x.xml)"), None),
        (attached(PDF), None),
        (attached(papers.ZIP, b"(lot.zip)"), None),
        (attached(b"MZ", b"(outil.exe)"), (Trap.PROGRAM, "outil.exe")),
        (attached(papers.scripted_pdf()), (Trap.ACTIVE, "facture.pdf")),
        (attached(papers.encrypted_pdf()), (Trap.ENCRYPTED, "facture.pdf")),
        (attached(attached(b"MZ", b"(a.exe)")), (Trap.PROGRAM, "facture.pdf", "a.exe")),
        (attached(attached(attached(PDF))), None),
        (
            attached(attached(attached(attached(PDF)))),
            (Trap.HIDDEN, *["facture.pdf"] * 4),
        ),
        (attached(b"not compressed", entries=FLATE), (Trap.BROKEN, "facture.pdf")),
        (
            attached(zlib.compress(bytes(65 * 1024 * 1024)), b"(a.bin)", FLATE),
            (Trap.HUGE, "a.bin"),
        ),
        (signing.with_file_inside(), (Trap.PROGRAM, "outil.exe")),
    ],
)
def test_an_attachment_is_looked_at_as_an_upload_is(content, expected):
    assert found(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (document(b"[" + b"<<>>" * 300_000 + b"]", root=b"/X 4 0 R"), (Trap.HUGE,)),
        (signing.looping(), None),
        (signing.nested(), (Trap.BROKEN,)),
    ],
    ids=["objects", "a table that leads to itself", "nesting"],
)
def test_a_file_made_to_hurt_comes_to_an_end(content, expected):
    assert found(content) == expected


TOKEN = re.compile(rb"/\w+|\d+ 0 R|\[|\]|<<|>>|\d+")
WORDS = [
    b"/Kids",
    b"/V",
    b"null",
    b"[",
    b"]",
    b"<<",
    b">>",
    b"(",
    b"0 0 R",
    b"1 0 R",
    b"-1",
    b"9" * 11,
]
WHOLE = [PDF, signing.signed(), attached(PDF), packed(PDF), papers.encrypted_pdf(user="")]


@settings(deadline=5_000)
@given(data=st.data())
def test_a_garbled_document_is_let_through_or_trapped(data):
    content = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 4))):
        tokens = list(TOKEN.finditer(content))
        token = tokens[data.draw(st.integers(0, len(tokens) - 1))]
        content[slice(*token.span())] = data.draw(st.sampled_from(WORDS) | st.binary(max_size=3))
    trap = found(bytes(content[: data.draw(st.integers(1, len(content)))]))
    assert trap is None or trap[0] in Trap
