"""Passwords and scripts are found wherever and however a PDF writes them, and nowhere else."""

import time
import zlib

import pytest

from segur.lib.pdf_traps import MOST, Trap, trap
from tests.pilots import signing


def with_objects(*objects, dictionary=b"/Type/ObjStm"):
    """Objects in compressed streams, as most programs write them today."""
    streams = (
        b"5 0 obj<<%b/Filter/FlateDecode>>stream\r\n%b\nendstream endobj\n"
        % (dictionary, zlib.compress(one))
        for one in objects
    )
    return b"%PDF-1.7\n" + b"".join(streams)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (signing.unsigned(), None),
        (signing.signed(), None),
        (signing.encrypted(), Trap.ENCRYPTED),
        (signing.with_script(), Trap.ACTIVE),
        (signing.with_program(), Trap.ACTIVE),
        (b"trailer<</Root 1 0 R/Encrypt 5 0 R>>", Trap.ENCRYPTED),
        (b"trailer<</Root 1 0 R/#45ncr#79pt<<>>>>", Trap.ENCRYPTED),
        (b"<</S/J#61va#53cript/JS(app.alert(1))>>", Trap.ACTIVE),
        (b"<</S/RichMedia>>", Trap.ACTIVE),
        (b"<</EncryptMetadata true>>", None),
        (b"<</JavaScripture 1>>", None),
        (with_objects(b"1 0 <</S/JavaScript/JS(x)>>"), Trap.ACTIVE),
        (with_objects(b"1 0 <<>>", b"2 0 <</S/Launch>>"), Trap.ACTIVE),
        (with_objects(b"<</S/Launch>>", dictionary=b"/Type/#4fbjStm"), Trap.ACTIVE),
        (with_objects(b"1 0 <</S/GoTo>>"), None),
        (b"<</Type/ObjStm>>stream\nnot compressed", None),
        (b"<</Type/ObjStm>>", None),
        (b"", None),
    ],
)
def test_what_is_found(content, found):
    assert trap(content) is found


@pytest.mark.parametrize(
    "content",
    [
        b"/ObjStm" * 100_000,
        b"/ObjStm" * 100_000 + b"stream\n",
        b"/ObjStm stream\n" * 100_000,
        b"/#4a" * 100_000,
        with_objects(bytes(MOST)),
        with_objects(b"") * 20_000,
    ],
    ids=["no stream", "one stream", "many streams", "escapes", "a bomb", "many small"],
)
def test_a_file_made_to_hurt_takes_no_time(content):
    start = time.process_time()
    assert trap(content) is None
    assert time.process_time() - start < 10
