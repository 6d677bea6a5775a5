"""PDF documents: A4, in French, tagged for assistive technology (PDF/UA-1). By typst: ADR 0022."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from documents.reading.apart import NoAnswerError, run_apart
from segur.lib import no_break
from segur.lib.texts import each_text


class PdfUnavailableError(Exception):
    """The document was not made within its bounds; the log says why."""


def make_pdf(template: str, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The PDF of `documents/typst/<template>.typ` with `data`, plain JSON values; `at` is its
    instant of creation. The same arguments give the same bytes.

    typst cannot be interrupted, so it runs in a process that the system ends beyond its bounds.
    Raises PdfUnavailableError.
    """
    content = json.dumps(each_text(data, no_break.in_text)).encode()
    try:
        return run_apart(
            "documents.typesetting", template, str(int(at.timestamp())), content=content
        )
    except NoAnswerError as error:
        raise PdfUnavailableError from error
