"""What a person reads of an answer, one line per line shown, without what changes at each load."""

import html
import io
import json
import re

import openpyxl

from tests.pages import as_read

MAIN = re.compile(r'<main id="contenu".*?</main>', re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
UNREAD = re.compile(r"<(script|style|svg)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL)
INLINE = re.compile(
    r"</?(?:a|abbr|b|code|em|i|kbd|label|mark|q|small|span|strong|sub|sup|time)\b[^>]*>"
)
TAG = re.compile(r"<[^>]+>")
MANY, FEW = 30, 3
"""Rows kept of a CSV export, and of the same in XLSX."""
SHOWN_INPUTS = {"text", "date", "time", "month", "number", "email", "url", "search"}

CHANGING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "‹sha256›"),
    (re.compile(r"\b[0-9a-f]{30,40}\b"), "‹hex›"),
    (re.compile(r"\bsegur_[\w-]{6}…"), "segur_‹key›…"),
    (re.compile(r"^LAST-MODIFIED:.*"), "LAST-MODIFIED:‹load›"),
    (re.compile(r"\b(REC|PV|PERF)-(\d{4})-\d{6,}(?:-\d+)?"), r"\1-\2-N"),
    (re.compile(r"\b((?:ASP-|(?<!BDC-))FICTIF-|accuse-|pv-pilote-)\d{3,}"), r"\1N"),
    (re.compile(r"(pilote n° )\d+"), r"\1N"),
    (re.compile(r"\b([A-Z]+-\d{8}-\d{4})-\d+\b"), r"\1-N"),
    (re.compile(r"\b(SAISIE-\d{8}-\d{4})-[0-9A-F]{6}\b"), r"\1-N"),
    (re.compile(r"(?<=[a-z]/)\d+(?=[/.?\s\"»)]|$)"), "N"),
    (re.compile(r"(/(?:invitation|desabonnement|prive)/)[\w:=-]{20,}"), r"\1‹secret›"),
)
"""Digests, secrets, and numbers that the database gives."""


def normalised(text: str) -> str:
    for pattern, shown in CHANGING:
        text = pattern.sub(shown, text)
    return text


def lines(response) -> list[str]:
    """The status where it is not 200, then the content."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    body = response.getvalue()  # reads and closes a file, too
    shown = _body(kind, body, response)
    if response.status_code != 200:
        first = " ".join([str(response.status_code), response.headers.get("Location", "")]).strip()
        shown = [first, *shown]
    return [normalised(line) for line in shown]


def _body(kind, body, response) -> list[str]:
    if response.status_code in (301, 302, 404, 405):
        return []
    if kind == "text/html":
        shown = page_lines(body.decode())
        return (
            shown[2:3] if response.status_code == 403 else shown
        )  # the sentence that says who may
    if kind.endswith("sheet"):
        return _some(_rows(body), FEW)
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        return _of_text(kind, as_read(body.decode("utf-8-sig")))
    return [f"{kind} {response.headers.get('Content-Disposition', '')}".strip()]


def _of_text(kind: str, text: str) -> list[str]:
    if kind.endswith("json"):
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False).splitlines()
    if kind.endswith("xml"):
        return re.sub(r">\s*<", ">\n<", text).splitlines()
    if kind.endswith("calendar"):
        unfolded = text.replace("\r\n ", "").splitlines()
        return [line for line in unfolded if not line.startswith("DTSTAMP")]
    return _some(text.splitlines(), MANY)


def _some(rows: list[str], size: int) -> list[str]:
    """The first rows of an export, and how many there are."""
    return rows if len(rows) <= size else [*rows[:size], f"… {len(rows)} lines"]


def _rows(body) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    return [
        " | ".join("" if value is None else as_read(str(value)) for value in row)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]


def page_lines(source: str) -> list[str]:
    """The title and the main part: a row of a table is one line, values of fields in brackets."""
    title, main = TITLE.search(source), MAIN.search(source)
    shown = UNREAD.sub("", main.group() if main else source)
    shown = re.sub(r"<input\b[^>]*>", _value, shown)
    shown = re.sub(r"<option\b([^>]*)>(.*?)</option>", _option, shown, flags=re.DOTALL)
    shown = re.sub(r"<select\b.*?</select>", _one_line, shown, flags=re.DOTALL)
    shown = re.sub(r"<tr\b.*?</tr>", _one_line, shown, flags=re.DOTALL)
    blocks = TAG.split(INLINE.sub("", shown))
    read = (" ".join(as_read(html.unescape(block)).split()) for block in blocks)
    head = [f"# {' '.join(as_read(html.unescape(title.group(1))).split())}"] if title else []
    return [*head, *(line for line in read if line)]


def _value(match) -> str:
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', match.group()))
    kind = found.get("type", "text")
    if kind in ("checkbox", "radio"):
        return "[x] " if re.search(r"\schecked\b", match.group()) else "[ ] "
    value = found.get("value", "")
    return f" [{value}] " if kind in SHOWN_INPUTS and value else " "


def _option(match) -> str:
    chosen = "*" if "selected" in match.group(1) else ""
    return f"{chosen}{match.group(2).strip()} / "


def _one_line(match) -> str:
    inside = re.sub(r"</t[dh]>\s*(?=<t[dh])", " | ", match.group())
    return f"<p>{TAG.sub(' ', INLINE.sub('', inside))}</p>"
