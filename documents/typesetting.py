"""Sets one document with typst, in a process of its own: `documents.pdf` starts it.

The compiler reads `documents/typst/` and nothing else: no other file, no font of the machine, no
package. The same request gives the same bytes on every machine.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache, partial
from pathlib import Path

import typst

from documents.reading.apart import bound_process
from segur.lib.texts import each_text

ROOT = Path(__file__).parent / "typst"
LAST_LATIN = "\u024f"
_UNSHOWABLE = re.compile(
    r'the text (?:`"(.+?)"` could not be displayed|contains the disallowed codepoint `"(.+?)"`)'
)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def typeset(template: str, data: str, *, timestamp: int) -> bytes:
    """The PDF/UA-1 of `template` with `data` in JSON; created at `timestamp`, in Unix seconds.

    PDF/UA forbids a character that no font shows. The compiler names those that it met: each is
    then written as «[U+1F600]», so that nothing of a text is lost.
    """
    while True:
        try:
            return typst.compile(
                ROOT / f"{template}.typ",
                root=ROOT,
                font_paths=_fonts(),
                format="pdf",
                pdf_standards=["ua-1"],
                sys_inputs={"data": data},
                timestamp=timestamp,
            )
        except typst.TypstError as error:
            spell_out = partial(_spelled_out, unshowable=_unshowable(error.diagnostic))
            spelled = json.dumps(each_text(json.loads(data), spell_out))
            if spelled == data:
                raise
            data = spelled


@cache
def _fonts() -> typst.Fonts:
    """Those of the compiler, none of the machine; reading them takes longer than a page."""
    return typst.Fonts(include_system_fonts=False)


def _unshowable(diagnostic: str) -> set[str]:
    """The characters of the texts that the compiler cannot show, as its messages quote them: with
    a mark that no font has comes the letter that bears it, and Latin letters are always shown."""
    quoted = "".join("".join(groups) for groups in _UNSHOWABLE.findall(diagnostic))
    found = _ESCAPED.sub(_unescaped, quoted)
    return {one for one in found if one > LAST_LATIN or not one.isprintable()}


def _unescaped(match: re.Match[str]) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else _ESCAPES.get(letter, letter)


def _spelled_out(text: str, unshowable: set[str]) -> str:
    return "".join(f"[U+{ord(one):04X}]" if one in unshowable else one for one in text)


def main() -> None:
    """Arguments: the template and the timestamp. The data on standard input, the PDF on standard
    output."""
    bound_process()
    template, timestamp = sys.argv[1:]
    content = typeset(template, sys.stdin.read(), timestamp=int(timestamp))
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
