"""The site's own PV is recognised, saved again too, until something is drawn on it."""

import io

import pikepdf
import pytest

from pilots.pv.reading.paper import Mentions, Paper
from pilots.pv.reading.pdf_mark import LARGEST_BLANK, marked, recognise
from tests.pilots import signing
from tests.plain_pdf import pdf

OURS = marked(pdf("PV d'installation pilote"), Mentions.COMPLETE)
UNTOUCHED = Paper(mentions=Mentions.COMPLETE, is_untouched=True)
TOUCHED = Paper(mentions=Mentions.COMPLETE)


def saved(content, change=lambda _pdf: None, **options):
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        target = io.BytesIO()
        opened.save(target, **options)
    return target.getvalue()


def annotated(kind, **entries):
    def change(opened):
        one = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind), Rect=[0, 0, 9, 9], **entries
            )
        )
        opened.pages[0].obj.Annots = pikepdf.Array([one])
        if kind == "/Widget":
            opened.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([one]))

    return change


def drawing(opened):
    opened.pages[0].contents_add(b"q 10 10 m 90 90 l S Q")


def page_of(drawn):
    opened = pikepdf.new()
    opened.add_blank_page()
    opened.pages[0].obj.Contents = opened.make_stream(drawn)
    target = io.BytesIO()
    opened.save(target)
    return target.getvalue()


def test_the_mark_makes_the_same_bytes_each_time():
    again = marked(pdf("PV d'installation pilote"), Mentions.COMPLETE)
    assert again == OURS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (OURS, UNTOUCHED),
        (saved(OURS, linearize=True), UNTOUCHED),
        (saved(OURS, recompress_flate=True, compress_streams=False), UNTOUCHED),
        (saved(OURS, annotated("/Link")), UNTOUCHED),
        (OURS + b"\0" * 20, UNTOUCHED),
        (saved(OURS, drawing), TOUCHED),
        (saved(OURS, annotated("/Ink")), TOUCHED),
        (saved(OURS, annotated("/Stamp")), TOUCHED),
        (saved(OURS, annotated("/Widget", FT=pikepdf.Name.Tx)), TOUCHED),
        (saved(OURS, lambda opened: opened.add_blank_page()), TOUCHED),
        (marked(pdf("PV"), Mentions.LACKING), Paper(Mentions.LACKING, is_untouched=True)),
        (pdf("PV d'installation pilote"), Paper()),
        (signing.unsigned(), Paper()),
    ],
)
def test_what_is_recognised(content, expected):
    assert recognise(content) == expected


def test_an_electronic_signature_leaves_the_mark():
    assert recognise(signing.signed(OURS)) == UNTOUCHED


@pytest.mark.parametrize("mark", ["", "remplies", "autre 00", "remplies 00 11"])
def test_another_mark_is_not_ours(mark):
    def change(opened):
        opened.docinfo["/SegurPV"] = mark

    assert recognise(saved(OURS, change)) == Paper()


@pytest.mark.parametrize(
    ("drawn", "is_blank"),
    [
        (b"", True),
        (b"q 1 0 0 1 0 0 cm 0 0 595 842 re W n Q", True),
        (b"BT /F1 12 Tf (   ) Tj <0003> Tj [( ) -20 ( )] TJ ET", True),
        (b"BT /F1 12 Tf (PV) Tj ET", False),
        (b"BT /F1 12 Tf [( ) -20 (PV)] TJ ET", False),
        (b"0 0 m 9 9 l S", False),
        (b"/Im1 Do", False),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI", False),
        (b" " * (LARGEST_BLANK + 1), False),
    ],
)
def test_a_page_that_shows_nothing_is_blank(drawn, is_blank):
    assert recognise(page_of(drawn)).is_blank is is_blank


def test_a_blank_page_written_on_in_a_reader_is_not_blank():
    assert not recognise(saved(page_of(b""), annotated("/FreeText"))).is_blank
    assert recognise(saved(page_of(b""), annotated("/Widget", FT=pikepdf.Name.Sig))).is_blank


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n", signing.looping(), signing.nested(), signing.truncated()],
    ids=["nothing", "head", "looping", "nested", "truncated"],
)
def test_what_cannot_be_read_is_no_paper_of_ours(content):
    assert recognise(content).mentions is None
