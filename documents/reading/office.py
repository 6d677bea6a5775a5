"""What a DOCX, XLSX, PPTX, ODT, ODS or ODP is, and what it fetches or starts when it is opened.

Its parts are XML, read by expat with document types refused: no office program writes any, and they
are how entities reach other files. A part that is not well-formed is left: no office program opens
it either.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from documents.reading.traps import Budget, Trap, TrapError

Attributes = dict[str, str]
Parts = Mapping[str, zipfile.ZipInfo]
"""By path in lower case, with slashes."""

_MAIN_TYPES = {
    ".docx": "wordprocessingml.document.main+xml",
    ".xlsx": "spreadsheetml.sheet.main+xml",
    ".pptx": "presentationml.presentation.main+xml",
}
_USUAL_MAIN = {
    ".docx": re.compile(r"word/document\d*\.xml"),
    ".xlsx": re.compile(r"xl/workbook\d*\.xml"),
    ".pptx": re.compile(r"ppt/presentation\d*\.xml"),
    ".odt": re.compile(r"content\.xml"),
    ".ods": re.compile(r"content\.xml"),
    ".odp": re.compile(r"content\.xml"),
}
KINDS = set(_USUAL_MAIN)
TYPES = "[content_types].xml"
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_LINKS = {"oleobject", "frame", "subdocument", "afchunk"}
"""Types of relationships whose target, when external, is loaded into the document. Links, pictures
and other workbooks are external in many honest documents."""
_DDE_FIELD = re.compile(r'\s*"?\s*dde', re.IGNORECASE)
_DDE_ELEMENTS = {"ddelink", "dde-source", "dde-link", "dde-connection-decl"}
_ON_THIS_MACHINE = re.compile(
    r"(?:file:(?:///|//localhost/)(?![/\\])|[a-z]:[\\/]|(?!\w+:|[\\/]{2}))", re.IGNORECASE
)
_PROLOG = 64 * 1024
_XML = (".xml", ".rels", ".vml")


class _RootError(Exception):
    """The first element is reached."""


def inspect(archive: zipfile.ZipFile, parts: Parts, kind: str, budget: Budget) -> None:
    """Raises TrapError for what is not a document of this kind, and for the first fault."""
    if not _is_kind(archive, parts, kind, budget):
        raise TrapError(Trap.OTHER)
    for path, part in parts.items():
        if path == TYPES or not path.endswith(_XML):
            continue
        read = _reader(path)
        if read is None:
            _check_prolog(archive, part)
        else:
            _parse(_content(archive, part, budget), read)


def _is_kind(archive: zipfile.ZipFile, parts: Parts, kind: str, budget: Budget) -> bool:
    """By what it declares its main part to be, wherever this is; else by the usual place."""
    declared = set()
    wanted = _MAIN_TYPES.get(kind)

    def read(name: str, attributes: Attributes) -> None:
        content_type = attributes.get("ContentType", "").lower()
        if any(word in content_type for word in _MACRO_TYPES):
            raise TrapError(Trap.ACTIVE)
        if name == "override" and wanted and content_type.endswith(wanted):
            declared.add(_path(attributes.get("PartName", "")))

    if TYPES in parts:
        _parse(_content(archive, parts[TYPES], budget), lambda: _Handlers(start=read))
    return bool(declared & parts.keys()) or any(map(_USUAL_MAIN[kind].fullmatch, parts))


def _path(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


class _Handlers:
    """What is called with the local name, in lower case, and the attributes of each element."""

    def __init__(self, start: Callable[[str, Attributes], None]) -> None:
        self.start = start

    def text(self, text: str) -> None:
        """Characters between tags."""

    def end(self) -> None:
        """The end of an element."""


class _OfficeFields(_Handlers):
    """The instructions of the fields of a text: each may be cut into several runs, and hold other
    fields."""

    def __init__(self) -> None:
        super().__init__(self._start)
        self._instructions = [""]
        self._reads = False

    def _start(self, name: str, attributes: Attributes) -> None:
        _no_dde(name, attributes)
        if name == "fldsimple":
            _check_field(attributes.get("instr", ""))
        kind = attributes.get("fldCharType") if name == "fldchar" else None
        if kind == "begin":
            self._instructions.append("")
        elif kind == "end" and len(self._instructions) > 1:
            self._instructions.pop()
        self._reads = name == "instrtext"

    def text(self, text: str) -> None:
        if self._reads:
            self._instructions[-1] += text
            _check_field(self._instructions[-1])

    def end(self) -> None:
        self._reads = False


def _check_field(instruction: str) -> None:
    if _DDE_FIELD.match(instruction):
        raise TrapError(Trap.DDE)


def _no_dde(name: str, attributes: Attributes) -> None:
    if name in _DDE_ELEMENTS:
        raise TrapError(Trap.DDE)
    if name == "olelink":
        raise TrapError(Trap.LINKED)
    if name == "template" and _leads_away(attributes.get("href", "")):
        raise TrapError(Trap.TEMPLATE)


def _relationship(name: str, attributes: Attributes) -> None:
    if name != "relationship" or attributes.get("TargetMode", "").lower() != "external":
        return
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    if kind == "attachedtemplate" and _leads_away(attributes.get("Target", "")):
        raise TrapError(Trap.TEMPLATE)
    if kind in _LINKS:
        raise TrapError(Trap.LINKED)


def _leads_away(target: str) -> bool:
    """Whether an address leads to another machine; that of the author's own disk leads nowhere."""
    return _ON_THIS_MACHINE.match(target.strip()) is None


def _reader(path: str) -> Callable[[], _Handlers] | None:
    """How a part is read; None for one of which only the beginning matters."""
    if path.endswith(".rels"):
        return lambda: _Handlers(start=_relationship)
    if path.startswith("word/") and path.endswith(".xml"):
        return _OfficeFields
    if path in ("content.xml", "styles.xml", "meta.xml") or path.startswith("xl/externallinks/"):
        return lambda: _Handlers(start=_no_dde)
    return None


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: Budget) -> bytes:
    with archive.open(part) as opened:
        content = opened.read(max(budget.bytes, 0) + 1)
    budget.unpack(len(content))
    return content


def _check_prolog(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A document type stands before the first element."""

    def stop(name: str, attributes: Attributes) -> None:
        raise _RootError

    with archive.open(part) as opened:
        head = opened.read(_PROLOG)
    try:
        _parse(head, lambda: _Handlers(start=stop))
    except _RootError:
        return
    if len(head) == _PROLOG:
        raise TrapError(Trap.HIDDEN)


def _parse(content: bytes, make: Callable[[], _Handlers]) -> None:
    handlers, parser = make(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: Attributes) -> None:
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        handlers.start(name.rpartition(" ")[2].lower(), local)

    def refuse(*_: object) -> None:
        raise TrapError(Trap.ENTITIES)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: handlers.end()
    parser.CharacterDataHandler = handlers.text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except expat.ExpatError:
        return
    except (LookupError, ValueError):  # an encoding that Python does not know, or expat not read
        raise TrapError(Trap.HIDDEN) from None
