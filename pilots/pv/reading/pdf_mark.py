"""The PV that this site gives to be signed: marked when it is made, recognised when it comes back.

The mark is a private entry of the document's information dictionary, written after the rendering:
whatever renders the PDF can carry it, and both signing and saving again keep it. It digests what
is drawn on the pages, so that a signature drawn on one is a change. A PV that was printed, to paper
or to a new PDF, has no mark any more.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import Any

import pikepdf

from pilots.pv.reading.paper import Mentions, Paper

MARK = "/SegurPV"
PAINTING = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do"))
SHOWING = frozenset(("Tj", "TJ", "'", '"'))
SPACES = bytes(range(33)) + b"\xa0"
"""Bytes of a text that shows nothing. Of glyphs by number, 3 is the space of most fonts."""
LARGEST_BLANK = 64 * 1024
"""Bytes of what draws a page: with more, it shows something."""


def marked(content: bytes, mentions: Mentions) -> bytes:
    """The PDF with its mark: the same bytes for the same content."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo[pikepdf.Name(MARK)] = f"{mentions} {_drawn(pdf)}"
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def recognise(content: bytes) -> Paper:
    """Of a file that may be hostile: to be called where time and memory are counted. What cannot be
    read this way is no paper of ours, and not blank."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:  # it opens, and restricts what may be taken out of its pages
                return Paper()
            mentions, digest = _mark(pdf)
            annotated = any(_is_written_on(page) for page in pdf.pages)
            return Paper(
                mentions=mentions,
                is_untouched=not annotated and mentions is not None and digest == _drawn(pdf),
                is_blank=not annotated and not any(_shows(page) for page in pdf.pages),
            )
    except (pikepdf.PikepdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return Paper()


def _mark(pdf: pikepdf.Pdf) -> tuple[Mentions | None, str]:
    words = str(pdf.docinfo.get(MARK, "")).split()
    if len(words) != len(("mentions", "digest")) or words[0] not in list(Mentions):
        return None, ""
    return Mentions(words[0]), words[1]


def _drawn(pdf: pikepdf.Pdf) -> str:
    digest = hashlib.sha256()
    for page in pdf.pages:
        digest.update(_content(page))
        digest.update(b"\f")
    return digest.hexdigest()


def _content(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts)


def _is_written_on(page: pikepdf.Page) -> bool:
    """By hand in a reader of PDF, or in a form. The field of an electronic signature is no writing:
    whether it is filled is for `signature` to say."""
    annotations: Iterable[Any] = page.obj.get("/Annots") or ()
    kinds = {
        str(one.get("/FT", "")) if one.get("/Subtype") == "/Widget" else str(one.get("/Subtype"))
        for one in annotations
    }
    return bool(kinds - {"/Link", "/Popup", "/Sig"})


def _shows(page: pikepdf.Page) -> bool:
    if len(_content(page)) > LARGEST_BLANK:
        return True
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in PAINTING or isinstance(instruction, pikepdf.ContentStreamInlineImage):
            return True
        if operator in SHOWING and _texts(instruction.operands):
            return True
    return False


def _texts(operands: Iterable[Any]) -> bool:
    """Whether any of the strings shows something."""
    for one in operands:
        if isinstance(one, pikepdf.Array):
            if _texts(one):
                return True
        elif isinstance(one, pikepdf.String) and bytes(one).strip(SPACES):
            return True
    return False
