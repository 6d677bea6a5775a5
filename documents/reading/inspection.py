"""Looks into a file, and into the files inside it, for what a proof should not hold.

Run as a program by `documents.services.uploads`: the suffix as argument, the file on standard
input, what was found in JSON on standard output. The work is bounded in all (`Budget`).
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from documents.reading import apart, archives
from documents.reading.traps import Budget, Trap, TrapError

_OLD_DOCUMENTS = {".doc", ".xls", ".ppt"}
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class Inspection:
    """Of one upload. `look` raises TrapError for the first fault; `visit` is called with each
    dictionary of the upload where it is a PDF, not of the PDFs inside it."""

    def __init__(self, visit: Callable[[dict[str, Any]], object] = bool) -> None:
        self.budget = Budget()
        self.visit = visit

    def look(self, content: bytes, name: str, depth: int = 0) -> None:
        self.budget.check_depth(depth)
        kind = PurePosixPath(name).suffix.lower()
        if archives.is_program(name, content):
            raise TrapError(Trap.PROGRAM)
        if archives.is_page(name):
            raise TrapError(Trap.PAGE)
        if kind == ".pdf":
            self._pdf(content, depth)
        elif kind in archives.KINDS:
            archives.inspect(
                io.BytesIO(content),
                kind,
                self.budget,
                lambda inner, member: self.look(member, inner, depth + 1),
            )
        elif kind in _OLD_DOCUMENTS and _OLD_MACROS in content:
            raise TrapError(Trap.ACTIVE)

    def _pdf(self, content: bytes, depth: int) -> None:
        from documents.reading import pdf_reader  # noqa: PLC0415  (0.2 s, which an archive may not need)

        def look(name: str, content: bytes) -> None:
            self.budget.count(1)
            self.budget.unpack(len(content))
            self.look(content, name, depth + 1)

        pdf_reader.bound_memory()
        pdf_reader.inspect(content, look=look, visit=self.visit if depth == 0 else bool)


def main() -> None:
    apart.bound_process()
    answer: dict[str, Any] = {}
    try:
        Inspection().look(sys.stdin.buffer.read(), f"x{sys.argv[1]}")
    except TrapError as found:
        answer = {"trap": found.trap, "path": found.path}
    except MemoryError:
        answer = {"trap": Trap.HUGE, "path": ()}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
