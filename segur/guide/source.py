"""The user guide, read from `docs/guide/*.md`: one source for the site, the search and a reader of
the repository. Links between files and anchors are those that GitHub makes of the same headings.

A line `<!-- pages: deadlines:index deadlines:* -->` under a heading names the pages of the site
that the section explains: each page links to its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from segur.lib.search import plain

FOLDER = settings.BASE_DIR / "docs" / "guide"
INDEX = "README"
ANS = "ans"
SLUGS = (
    INDEX,
    "compte",
    "editeurs-et-distributeurs",
    ANS,
    "perf",
    "api",
    "exploitants",
    "developpeurs",
    "english",
)
"""The files, in the order of the menu and of the results of a search."""

LANGUAGES = {"english": "en"}
PAGES = re.compile(r"^<!-- pages: (.*?) -->\n", re.MULTILINE | re.DOTALL)
MARK = "pages-of-this-section "
TITLE = ("heading_open", "inline", "heading_close")
HEADINGS = ("h1", "h2", "h3")
THEMES = ("light", "dark")
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
"""As GitHub's, without HTML: what looks like a tag is shown as it is written."""


@dataclass(frozen=True)
class GuideSection:
    """A heading and what stands under it, up to the next heading."""

    slug: str
    guide: str
    anchor: str
    title: str
    level: int
    text: str
    pages: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"{url_of(self.slug)}#{self.anchor}"

    @cached_property
    def words(self) -> str:
        """What a search compares with what is asked."""
        return plain(self.guide, self.title, self.text)


@dataclass(frozen=True)
class Guide:
    slug: str
    title: str
    sections: tuple[GuideSection, ...]
    tokens: tuple[Token, ...] = field(repr=False, compare=False)

    @property
    def url(self) -> str:
        return url_of(self.slug)

    @cached_property
    def html(self) -> str:
        """Without the title, which the page shows itself."""
        shown = list(_without_marks(self.tokens))[len(TITLE) :]
        _dress(shown)
        return str(PARSER.renderer.render(shown, PARSER.options, {}))

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.slug, "fr")


def url_of(slug: str) -> str:
    return reverse("help") if slug == INDEX else reverse("help_guide", args=[slug])


def anchor_of(title: str) -> str:
    """As GitHub makes it: accents stay."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@cache
def guides() -> dict[str, Guide]:
    """Read once by each process."""
    return {slug: _read(slug) for slug in SLUGS}


@cache
def _by_page() -> dict[str, list[GuideSection]]:
    found: dict[str, list[GuideSection]] = {}
    for guide in guides().values():
        for section in guide.sections:
            for name in section.pages:
                found.setdefault(name, []).append(section)
    return found


def section_of(view_name: str, *, is_ans: bool) -> GuideSection | None:
    """What explains a page: in the guide of the ANS for its people, in the others for the rest, the
    section that names it, else the one whose `prefix*` is the longest.
    """
    named = [name for name in _by_page() if _names(name, view_name)]
    named.sort(key=lambda name: (name != view_name, -len(name)))
    sections = [section for name in named for section in _by_page()[name]]
    return min(sections, key=lambda section: (section.slug == ANS) != is_ans, default=None)


def _names(name: str, view_name: str) -> bool:
    return name == view_name or (name.endswith("*") and view_name.startswith(name[:-1]))


def _read(slug: str) -> Guide:
    tokens = PARSER.parse(PAGES.sub(rf"\n{MARK}\1\n\n", (FOLDER / f"{slug}.md").read_text()))
    title = _words(tokens[1])
    return Guide(slug, title, tuple(_sections(slug, title, tokens)), tuple(tokens))


def _is_mark(token: Token) -> bool:
    return token.type == "inline" and token.content.startswith(MARK)


def _without_marks(tokens: Sequence[Token]) -> Iterator[Token]:
    """A mark is a paragraph: three tokens."""
    marks = {place for place, token in enumerate(tokens) if _is_mark(token)}
    around = {place + step for place in marks for step in (-1, 0, 1)}
    yield from (token for place, token in enumerate(tokens) if place not in around)


def _sections(slug: str, guide: str, tokens: Sequence[Token]) -> Iterator[GuideSection]:
    starts = [
        place
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in HEADINGS
    ]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = _words(tokens[start + 1])
        inside = [token for token in tokens[start + 3 : end] if token.type in {"inline", "fence"}]
        yield GuideSection(
            slug=slug,
            guide=guide,
            anchor=anchor_of(title),
            title=title,
            level=int(tokens[start].tag[1]),
            text=" ".join(_words(token) for token in inside if not _is_mark(token)),
            pages=tuple(
                name
                for token in inside
                if _is_mark(token)
                for name in token.content.removeprefix(MARK).split()
            ),
        )


def _words(token: Token) -> str:
    """Without the marks of emphasis and the addresses of links."""
    if not token.children:
        return token.content
    return "".join(child.content or " " * child.type.endswith("break") for child in token.children)


def _dress(tokens: Sequence[Token]) -> None:
    """Give the tokens what the stylesheet and a screen reader need."""
    heading, head, column = "", [""], 0
    for place, token in enumerate(tokens):
        token.attrs.pop("style", None)  # the alignment of a column: refused by the CSP
        if token.type == "heading_open":
            heading = anchor_of(_words(tokens[place + 1]))
            token.attrSet("id", heading)
        elif token.type == "table_open":
            head = []
            token.attrSet("class", "table")
            token.attrSet("aria-labelledby", heading)
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            head.append(_words(tokens[place + 1]))
            token.attrSet("scope", "col")
        elif token.type == "td_open":
            token.attrSet("data-label", head[column])
            column += 1
        elif token.children:
            token.children = [_in_line(child) for child in token.children]


def _in_line(token: Token) -> Token:
    if token.type == "link_open":
        token.attrSet("href", _href(str(token.attrs["href"])))
    elif token.type == "image":
        return Token("html_inline", "", 0, content=_picture(token))
    return token


def _href(href: str) -> str:
    file, dot_md, anchor = href.partition(".md")
    return f"{url_of(file)}{anchor}" if dot_md and file in SLUGS else href


def _picture(token: Token) -> str:
    """In the two themes; the stylesheet shows one, and the browser loads that one alone."""
    name = Path(str(token.attrs["src"])).name.removesuffix("-light.webp")
    return "".join(_image(f"{name}-{theme}.webp", token.content, theme) for theme in THEMES)


def _image(name: str, words: str, theme: str) -> str:
    with Image.open(FOLDER / "images" / name) as picture:
        width, height = picture.size
    return (
        f'<img class="shot shot-{theme}" src="{static(f"guide/{name}")}" alt="{words}" '
        f'width="{width}" height="{height}" loading="lazy">'
    )
