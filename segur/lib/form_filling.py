"""Write in the HTML of a page what was typed in one of its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Attributes = list[tuple[str, str | None]]

TICKED = {"checkbox", "radio"}
NEVER = {"password", "file", "submit", "button", "image", "reset"}


def fill(page: str, *, path: str, action: str, typed: Mapping[str, Sequence[str]]) -> str:
    """The page with `typed` in the fields of its first form that posts to the path `action`; "" if
    it has no such form. `path` is the page's own. Passwords and files stay empty.
    """
    filler = _Filler(path, action, typed)
    filler.feed(page)
    filler.close()
    return "".join(filler.written) if filler.is_filled else ""


class _Filler(HTMLParser):
    """Copies what it reads, but for the fields of the form."""

    def __init__(self, path: str, action: str, typed: Mapping[str, Sequence[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.path, self.action = path, action
        self.left = {name: list(values) for name, values in typed.items()}
        self.written: list[str] = []
        self.is_inside = self.is_filled = self.is_replacing = False
        self.chosen: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = dict(attrs)
        if tag == "form" and not self.is_filled:
            self.is_inside = self.is_filled = self._is_asked(found)
        changed = self._changed(tag, found) if self.is_inside else None
        self.written.append(self.get_starttag_text() or "" if changed is None else changed)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea":
            self.is_replacing = False
        elif tag == "select":
            self.chosen = None
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.is_replacing:
            self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.written.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.written.append(f"<!{decl}>")

    def _is_asked(self, form: dict[str, str | None]) -> bool:
        to = urlsplit(urljoin(self.path, form.get("action") or self.path)).path
        return (form.get("method") or "").lower() == "post" and to == self.action

    def _changed(self, tag: str, attrs: dict[str, str | None]) -> str | None:
        """The start tag as it becomes; None where it stays."""
        name = attrs.get("name") or ""
        if tag == "select":
            self.chosen = self.left.get(name, [])
        elif tag == "option" and self.chosen is not None and "value" in attrs:
            return _tag(tag, attrs, "selected", is_on=(attrs["value"] or "") in self.chosen)
        elif tag == "input":
            return self._input(attrs, name)
        elif tag == "textarea" and self.left.get(name):
            self.is_replacing = True
            return f"{self.get_starttag_text()}\n{escape(self.left[name].pop(0))}"
        return None

    def _input(self, attrs: dict[str, str | None], name: str) -> str | None:
        kind = (attrs.get("type") or "text").lower()
        if kind in TICKED and name:
            is_on = (attrs.get("value") or "on") in self.left.get(name, [])
            return _tag("input", attrs, "checked", is_on=is_on)
        if kind in NEVER or not self.left.get(name):
            return None
        return _tag("input", {**attrs, "value": self.left[name].pop(0)})


def _tag(tag: str, attrs: dict[str, str | None], mark: str = "", *, is_on: bool = False) -> str:
    kept = {name: value for name, value in attrs.items() if name != mark}
    if is_on:
        kept[mark] = None
    words = [
        name if value is None else f'{name}="{escape(value, quote=True)}"'
        for name, value in kept.items()
    ]
    return f"<{' '.join([tag, *words])}>"
