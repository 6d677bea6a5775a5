"""What a reader of PDF finds in a document: its words, its tags, what it says of itself."""

import io
import re

import pikepdf
import pypdfium2

HYPHEN_AT_THE_END_OF_A_LINE = "\x02"
SPACES = re.compile(r"\s+")


def pages(content):
    """The words of each page, as a person copies them, on one line."""
    with pypdfium2.PdfDocument(content) as document:
        found = [page.get_textpage().get_text_bounded() for page in document]
    return [
        SPACES.sub(" ", text.replace(HYPHEN_AT_THE_END_OF_A_LINE, "-")).strip() for text in found
    ]


def words(content):
    return " ".join(pages(content))


def tags(content):
    """The kinds of the structure elements (`Title`, `H1`, `Table`, `TH`…), in reading order."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        return list(_kinds(opened.Root.StructTreeRoot.K))


def _kinds(element):
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from _kinds(one)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield str(element.S).removeprefix("/")
        yield from _kinds(element.get("/K", pikepdf.Array()))


def claims(content):
    """What PDF/UA-1 asks a document to say of itself."""
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as metadata:
        root = opened.Root
        return {
            "language": str(root.Lang),
            "is_tagged": bool(root.MarkInfo.Marked),
            "shows_title": bool(root.ViewerPreferences.DisplayDocTitle),
            "title": metadata["dc:title"],
            "part": metadata["pdfuaid:part"],
        }


SHOWS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b", "Do"}
"""Operators that put a mark on the page: text, fills, strokes, images."""


def unmarked(content):
    """Operators that show something which is neither tagged nor declared an artefact: PDF/UA-1
    (7.1) allows none."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as opened:
        for page in opened.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                if operator in {"BDC", "BMC"}:
                    depth += 1
                elif operator == "EMC":
                    depth -= 1
                elif operator in SHOWS and depth == 0:
                    found.append(operator)
    return found


def fonts_not_embedded(content):
    """PDF/UA-1 (7.21): every font is in the file."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as opened:
        for page in opened.pages:
            for font in page.Resources.get("/Font", pikepdf.Dictionary()).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                descriptor = inner.get("/FontDescriptor", pikepdf.Dictionary())
                if not any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3")):
                    found.append(str(font.BaseFont))
    return found
