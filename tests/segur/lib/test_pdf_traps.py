"""What a proof should not be is found wherever and however a PDF writes it, and nowhere else."""

import zlib

import pytest

from segur.lib import pdf_traps
from segur.lib.pdf_traps import MOST, MOST_STREAMS, Trap, object_streams, trap
from tests.calendar_app import papers
from tests.pilots import signing

FLATE = b"/Filter/FlateDecode"


def in_stream(*objects, dictionary=b"/Type/ObjStm", filters=FLATE):
    """Objects in compressed streams, as most programs write them today."""
    return b"".join(
        b"5 0 obj<<%b%b>>stream\r\n%b\nendstream endobj\n"
        % (dictionary, filters, zlib.compress(one))
        for one in objects
    )


@pytest.mark.parametrize(
    "content",
    [
        papers.PDF,
        b"\x00\r\n" + papers.PDF,
        papers.PDF + bytes(10_000),
        signing.unsigned(),
        signing.signed(),
    ],
    ids=["plain", "after something", "before something", "of a program", "signed"],
)
def test_a_whole_document_is_let_through(content):
    assert trap(content) is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (signing.encrypted(), Trap.ENCRYPTED),
        (signing.with_script(), Trap.ACTIVE),
        (signing.with_program(), Trap.ACTIVE),
        (b"", Trap.BROKEN),
        (papers.PDF[:-30], Trap.BROKEN),
        (papers.PDF[: len(papers.PDF) // 2], Trap.BROKEN),
        (papers.PDF[:200] + papers.PDF[300:], Trap.BROKEN),
        (papers.PDF.replace(b"/Type /Page ", b"/Type /Leaf "), Trap.BROKEN),
        (papers.PDF.replace(b"%PDF-", b"%PDX-"), Trap.BROKEN),
    ],
)
def test_a_whole_file(content, found):
    assert trap(content) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"trailer<</Root 1 0 R/Encrypt 5 0 R>>", Trap.ENCRYPTED),
        (b"trailer<</Root 1 0 R/#45ncr#79pt<<>>>>", Trap.ENCRYPTED),
        (b"<</EncryptMetadata true>>", None),
        (b"<</S/J#61va#53cript/JS(app.alert(1))>>", Trap.ACTIVE),
        (b"<</S/RichMedia>>", Trap.ACTIVE),
        (b"<</S/SubmitForm/F(https://x.example)>>", Trap.ACTIVE),
        (b"<</S/GoToR/F(//x.example/a.pdf)>>", Trap.ACTIVE),
        (b"<</JavaScripture 1>>", None),
        (b"<</EmbeddedFiles 3 0 R/AFRelationship/Data>>", None),
        (b"<</S/URI/URI(https://x.example)>>", None),
        (b"<</OpenAction[3 0 R/Fit]>><</S/URI/URI(x)>>", None),
        (b"<</OpenAction<</S/GoTo/D[3 0 R]>>/Link<</S/URI>>>>", None),
        (b"<</OpenAction<</X(>>)/S/URI/URI(x)>>>>", Trap.ACTIVE),
        (b"<</AA<</O<</S/U#52I/URI(x)>>>>>>", Trap.ACTIVE),
        (b"<</OpenAction 9 0 R>>9 0 obj<</S/URI/URI(x)>>endobj", Trap.ACTIVE),
        (b"<</OpenAction 9 0 R>>8 0 obj<</S/URI/URI(x)>>endobj", None),
        (b"<</Open#41ction 9 0 R>>", Trap.HIDDEN),
        (
            b"<</OpenAction 9 0 R>>"
            + in_stream(b"8 0 9 3 11 <</S/URI>>", dictionary=b"/Type/ObjStm/First 8"),
            Trap.ACTIVE,
        ),
        (
            b"<</OpenAction 8 0 R>>"
            + in_stream(b"8 0 9 3 11 <</S/URI>>", dictionary=b"/Type/ObjStm/First 8"),
            None,
        ),
        (in_stream(b"1 0 <</S/JavaScript/JS(x)>>"), Trap.ACTIVE),
        (in_stream(b"1 0 <<>>", b"2 0 <</S/Launch>>"), Trap.ACTIVE),
        (in_stream(b"<</S/Launch>>", dictionary=b"/Type/#4fbjStm"), Trap.ACTIVE),
        (in_stream(b"<</S/Launch>>", filters=b"/Filter[ /FlateDecode ]"), Trap.ACTIVE),
        (in_stream(b"1 0 <</S/GoTo>>"), None),
        (in_stream(b"", filters=b"/Filter/ASCIIHexDecode"), Trap.HIDDEN),
        (in_stream(b"", filters=b"/Filter[/ASCIIHexDecode /FlateDecode]"), Trap.HIDDEN),
        (in_stream(b"", filters=FLATE + b"/DecodeParms<</Predictor 12>>"), Trap.HIDDEN),
        (in_stream(b"", filters=FLATE + b"/Filter 8 0 R"), Trap.HIDDEN),
        (in_stream(b"1 0")[:-24], Trap.BROKEN),
        (b"<</Type/ObjStm>>stream\nnot compressed", None),
        (b"<</Type/ObjStm>>", None),
    ],
)
def test_what_is_found_in_a_document_that_is_whole(text, found):
    assert trap(papers.with_objects(text)) is found


@pytest.mark.parametrize(
    "content",
    [
        b"/ObjStm stream\nx" * 100_000,
        in_stream(b"") * (MOST_STREAMS + 1),
        b"/ObjStm" * 100_000 + b"stream\n",
        b"/#4a" * 200_000,
        b"/AA<<" * 100_000,
        b"/AA 1 0 R " + b"1 0 obj " * 100_000,
        in_stream(bytes(MOST + 1)),
        in_stream(b"1 2 " * (MOST // 16), dictionary=b"/Type/ObjStm/First 99999999"),
    ],
    ids=["streams", "compressed", "far", "escapes", "openings", "objects", "a bomb", "an index"],
)
def test_a_file_made_to_hurt_is_refused_at_a_bound(content):
    assert trap(papers.with_objects(content)) is Trap.HIDDEN


def test_a_flood_of_streams_costs_no_more_steps_than_the_bound(monkeypatch):
    steps = []
    inflate = pdf_traps._inflate

    def counted(*given):
        steps.append(given)
        return inflate(*given)

    monkeypatch.setattr(pdf_traps, "_inflate", counted)
    flood = in_stream(b"") * (MOST_STREAMS * 3)
    with pytest.raises(pdf_traps._HiddenError):
        list(object_streams(flood))
    assert len(steps) == MOST_STREAMS
