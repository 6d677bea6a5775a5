"""What was recorded of an act, on paper: one document for every receipt that is no sealed JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from documents.models import StoredFile
from documents.pdf import make_pdf
from segur.lib.sizes import file_size

Facts = Iterable[tuple[str, object]]


def record_pdf(
    title: str,
    *,
    about: str,
    organisation: str,
    facts: Facts,
    at: dt.datetime,
    statement: str = "",
    sections: Iterable[tuple[str, Sequence[str]]] = (),
    files: Iterable[StoredFile] = (),
) -> bytes:
    """`about` says of what; a fact or a section without value is left out; `at` is the instant of
    the act, so that the same act gives the same bytes. Raises what `make_pdf` raises.
    """
    data = {
        "title": title,
        "description": about,
        "organisation": organisation,
        "statement": statement or None,
        "facts": [[label, str(value)] for label, value in facts if value],
        "sections": [{"title": name, "lines": list(lines)} for name, lines in sections if lines],
        "files": [
            {"name": file.name, "size": file_size(file.size), "sha256": file.sha256}
            for file in files
        ],
    }
    return make_pdf("record", data, at=at)
