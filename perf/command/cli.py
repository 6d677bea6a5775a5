"""`python -m perf score | due | explain [FILE]`: JSON Lines in and out, one case a line.

Exit 0 when every line was understood; 2 otherwise, each bad line named on standard error. The
other lines are answered all the same. `score` of a statement whose own figures do not follow from
its outages answers as for any line, names it on standard error, and exits with 3.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from perf.command import cases
from perf.engine.instants import duration_text

Answer = Callable[[dict[str, Any]], dict[str, Any]]
Check = Callable[[dict[str, Any]], list[str]]
CONTRADICTED = 3


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    render = _table if options.command == "explain" and not options.json else _json
    if isinstance(sys.stdout, TextIOWrapper):  # half a character in a name goes out as it came in
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        lines = _lines(options.file)
    except (OSError, UnicodeDecodeError) as error:
        print(f"{options.file} : {error}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        check = cases.contradictions if options.command == "score" else None
        status = run(lines, options.answer, render, check, out=sys.stdout, err=sys.stderr)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough: `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def run(
    lines: Iterable[str],
    answer: Answer,
    render: Callable[[dict[str, Any]], str],
    check: Check | None = None,
    *,
    out: TextIO,
    err: TextIO,
) -> int:
    """Answer each line that is not blank; 2 if one of them was bad, else 3 if `check` found one
    that contradicts itself."""
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = cases.parse(line)
            out.write(render(answer(data)) + "\n")
            for words in check(data) if check else ():
                err.write(f"ligne {number} : {words}\n")
                status = status or CONTRADICTED
        except cases.REFUSALS as refusal:
            err.write(f"ligne {number} : {cases.sentence(refusal)}\n")
            status = 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m perf", description="PERF, GTI et GTR exacts.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, answer, text in (
        ("score", cases.score_line, "la durée d'indisponibilité et PERF de chaque cas"),
        ("due", cases.due_line, "les échéances GTI et GTR de chaque ticket"),
        (
            "explain",
            cases.explain_line,
            "ce qui est compté de chaque panne, et pourquoi le reste non",
        ),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(answer=answer)
        command.add_argument(
            "file", nargs="?", default="-", help="fichier JSON Lines (l'entrée standard par défaut)"
        )
        if name == "explain":
            command.add_argument("--json", action="store_true", help="pour un programme")
    return parser


def _lines(file: str) -> list[str]:
    """JSON Lines end at \\n alone: the texts of a line may hold what `splitlines` splits at."""
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return data.decode("utf-8-sig").split("\n")


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _table(answer: dict[str, Any]) -> str:
    provisional = ", provisoire" if answer["provisional"] else ""
    figures = f"D_f {answer['counted']}, PERF {answer['perf']}, base {answer['base']}"
    lines = [f"{answer['name']} : {figures}{provisional}"]
    for outage in answer["outages"]:
        lines.append(f"  {outage['name']}")
        lines += [
            f"    {part['start']:<32} → {part['end']:<32} {duration_text(part['us']):>15}  "
            f"{part['why']}{' : ' if part['note'] else ''}{part['note']}"
            for part in outage["parts"]
        ]
    return "\n".join(lines)
