"""Reads a hostile PDF with qpdf (pikepdf): what it does by itself, and the files it carries.

Objects are judged, never words: an action counts where the format expects one (ISO 32000-2, 12.6),
so that a style, a destination or a link that is *named* JavaScript is not a script. Objects that
the document does not lead to count only when its table is damaged: each reader then rebuilds it its
own way. Memory and time are bounded by the process (`documents.reading.inspection`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, Stream
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

from documents.reading.traps import Budget, Trap, TrapError, inside

MOST_OBJECTS = 300_000
MOST_WARNINGS = 1_000
FILES = ("/UF", "/F", "/DOS", "/Mac", "/Unix")

_ACTS = {
    b"/JavaScript",
    b"/Launch",
    b"/ImportData",
    b"/SubmitForm",
    b"/GoToR",
    b"/GoToE",
    b"/RichMedia",
    b"/RichMediaExecute",
}
"""GoToR and GoToE open another file, by a path that may lead to another machine."""
_REBUILT = "reconstruct cross-reference"
_OBJECT = re.compile(rb"\d\s+obj\b")
_PLACES = {"/A", "/AA", "/Names", "/OnInstantiate", "/OpenAction", "/PA", "/S", "/Subtype", "/XFA"}
"""A dictionary without any of these keys has no act; most have none."""
_XFA_ACT = re.compile(rb"<(?:[\w.-]+:)?(?:script|submit|execute)\b")


Entries = dict[str, Object]


def bound_memory(most: int = Budget.BYTES) -> None:
    """For the whole process: what one stream may become when it is decoded."""
    set_qpdf_limits(
        doc_max_warnings=MOST_WARNINGS,
        parser_max_container_size=MOST_OBJECTS,
        flate_max_memory=most,
        png_max_memory=most,
        run_length_max_memory=most,
        tiff_max_memory=most,
        dct_max_memory=most,
    )


class Document:
    """An open PDF. What qpdf finds defective raises `pikepdf.PikepdfError` at any reading."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self._rebuilt = False

    def is_rebuilt(self) -> bool:
        """Whether qpdf had to rebuild the table of objects so far; it gives each warning once."""
        try:
            self._rebuilt |= any(_REBUILT in warning for warning in self.pdf.get_warnings())
        except UnicodeDecodeError:  # a warning that quotes a name of the file
            self._rebuilt = True
        return self._rebuilt

    def has_pages(self) -> bool:
        """As many as it says in a file whose table is rebuilt: its end may be lost."""
        tree = self.pdf.Root.get(Name.Pages)
        if not isinstance(tree, Dictionary):
            return False
        declared, found = tree.get(Name.Count), len(self.pdf.pages)
        if self.is_rebuilt() and isinstance(declared, pikepdf.Integer):
            return found >= max(int(declared), 1)
        return found > 0

    def dictionaries(self) -> Iterator[Entries]:
        """The entries of every dictionary and stream that the trailer leads to, once each; then,
        where the table was rebuilt, of those that nothing leads to."""
        seen, left = ObjectSet(), MOST_OBJECTS
        for everything in (False, True):
            pending: list[Object] = [self.pdf.trailer]
            if everything:
                pending = list(self.pdf.objects) if self.is_rebuilt() else []
            while pending:
                one = pending.pop()
                if not isinstance(one, (Dictionary, Stream, Array)) or not seen.add(one):
                    continue
                left -= 1
                if left < 0:
                    raise TrapError(Trap.HUGE)
                if isinstance(one, Array):
                    pending += list(one)
                else:
                    entries = dict(one.items())
                    yield entries
                    pending += entries.values()


def inspect(
    content: bytes,
    *,
    look: Callable[[str, bytes], None],
    visit: Callable[[Entries], object] = bool,
) -> None:
    """Raises TrapError for the first fault. `look` is called with the name and the content of each
    attachment, `visit` with each dictionary."""
    with opened(content) as document:
        actions = Actions()
        for entries in document.dictionaries():
            if actions.has_act(entries):
                raise TrapError(Trap.ACTIVE)
            visit(entries)
            for name, stream in attachments(entries):
                with inside(name):
                    look(name, decoded(stream))


@contextmanager
def opened(content: bytes) -> Iterator[Document]:
    """The document, opened as by somebody without a password: one that only restricts printing
    opens. Raises TrapError, also for a defect that a reading inside the block meets."""
    stream, errors = io.BytesIO(content), qpdf_limit_errors()
    try:
        with Pdf.open(stream, inherit_page_attributes=False, conversion_mode="explicit") as pdf:
            document = Document(pdf)
            if not document.has_pages():
                raise TrapError(Trap.BROKEN)
            if document.is_rebuilt() and _is_cut(content):
                raise TrapError(Trap.CUT)
            yield document
    except pikepdf.PasswordError:
        raise TrapError(Trap.ENCRYPTED) from None
    except pikepdf.PikepdfError as error:
        raise TrapError(_why(error, errors)) from None
    except MemoryError:
        raise TrapError(Trap.HUGE) from None


def _why(error: pikepdf.PikepdfError, limit_errors: int) -> Trap:
    """`limit_errors`: how many the process had met before."""
    if qpdf_limit_errors() > limit_errors or "limit exceeded" in str(error):
        return Trap.HUGE
    is_other = "unsupported encryption" in str(error)
    return Trap.CERTIFICATE if is_other else Trap.BROKEN


def _is_cut(content: bytes) -> bool:
    """Whether the file ends inside an object."""
    end = max(content.rfind(b"endobj"), 0)
    return _OBJECT.search(content, end) is not None


class Actions:
    """Looks for acts: running a script or a program, sending data, opening another file, calling an
    address without a click. Each action is followed once, however many lead to it."""

    def __init__(self) -> None:
        self._seen = {False: ObjectSet(), True: ObjectSet()}

    def has_act(self, entries: Entries) -> bool:
        """Whether the dictionary of these entries has one."""
        if _PLACES.isdisjoint(entries):
            return False
        if entries.get("/Subtype") == Name.RichMedia or isinstance(
            entries.get("/OnInstantiate"), Stream
        ):
            return True
        if any(key in entries and self._acts(entries[key]) for key in ("/A", "/PA")):
            return True
        if entries.get("/Type") == Name.Action and _is_act(entries, by_itself=False):
            return True
        events = entries.get("/AA")
        opening = [event for _, event in events.items()] if isinstance(events, Dictionary) else []
        opening += [entries["/OpenAction"]] if "/OpenAction" in entries else []
        return (
            any(self._acts(action, by_itself=True) for action in opening)
            or _has_named_scripts(entries)
            or _has_form_scripts(entries.get("/XFA"))
        )

    def _acts(self, action: Object, *, by_itself: bool = False) -> bool:
        """An action and those that follow it; a destination in its place is none."""
        seen, pending = self._seen[by_itself], [action]
        while pending:
            one = pending.pop()
            if not isinstance(one, (Array, Dictionary, Stream)) or not seen.add(one):
                continue
            if isinstance(one, Array):
                pending += list(one)
                continue
            entries = dict(one.items())
            if _is_act(entries, by_itself=by_itself):
                return True
            pending += [entries["/Next"]] if "/Next" in entries else []
        return False


def _is_act(entries: Entries, *, by_itself: bool) -> bool:
    kind = entries.get("/S")
    return isinstance(kind, Name) and (
        kind.unparse() in _ACTS
        or (by_itself and kind == Name.URI)
        or (kind == Name.Rendition and "/JS" in entries)
    )


def _has_named_scripts(entries: Entries) -> bool:
    """Scripts of the document as a whole, run on opening."""
    names = entries.get("/Names") if entries.get("/Type") == Name.Catalog else None
    tree = names.get(Name.JavaScript) if isinstance(names, Dictionary) else None
    return isinstance(tree, Dictionary) and any(
        isinstance(part := tree.get(key), Array) and len(part) > 0 for key in ("/Names", "/Kids")
    )


def _has_form_scripts(form: Object | None) -> bool:
    """XFA is XML: a script in it is an element, as a word it would be escaped."""
    parts = list(form) if isinstance(form, Array) else [form]
    return any(
        _XFA_ACT.search(decoded(part).replace(b"\0", b""))
        for part in parts
        if isinstance(part, Stream)
    )


def attachments(entries: Entries) -> Iterator[tuple[str, Stream]]:
    """The file that a file specification embeds, with its name; several where it has variants."""
    files = entries.get("/EF")
    if not isinstance(files, Dictionary):
        return
    names = [text_of(name) for key in FILES if isinstance(name := entries.get(key), pikepdf.String)]
    for key in FILES:
        if isinstance(file := files.get(key), Stream):
            yield (names[0] if names else "sans nom"), file


def text_of(string: pikepdf.String) -> str:
    try:
        return str(string)
    except UnicodeDecodeError:
        return bytes(string).decode("latin-1")


def decoded(stream: Stream) -> bytes:
    """Raises TrapError for what cannot be decoded, or is larger than the bound."""
    errors = qpdf_limit_errors()
    try:
        return stream.read_bytes()
    except pikepdf.PikepdfError as error:
        raise TrapError(_why(error, errors)) from None
