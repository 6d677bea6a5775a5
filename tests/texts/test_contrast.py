"""Colours of tokens.css on each other (RGAA 3.2 and 3.3), and those that pictures are drawn in."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR) / "static" / "segur"
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
DRAWN = re.compile(r"(?:stroke|fill): var\(--([a-z-]+)\)")
PAPERS = ("paper", "surface", "sunken")
MEANINGS = ("done", "to-come", "soon", "late", "neutral")
WORDS = ("ink", "ink-soft", "accent", *MEANINGS)
SHAPES = (*WORDS, "edge", "focus")
DECORATION = {
    *(".timeline-month", ".weeks-tick", ".chart-grid", ".frise-tick"),
    *(".weeks-closed", ".timeline-point-back"),
    ".frise-picture :is(.frise-past, .frise-today, .frise-next) .frise-number",
}
"""Lines of a grid, whose labels say the same, what lies under a shape, and numbers in the colour of
the paper on a filled shape."""


def tokens(scheme):
    """Name → colour, in light (0) or in dark (1)."""
    found = TOKEN.findall((STYLES / "tokens.css").read_text())
    return {name: colours[scheme] for name, *colours in found}


def luminance(colour):
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("names", "least"), [(WORDS, 4.5), (SHAPES, 3)], ids=["words", "shapes"])
def test_colours_stand_out_on_every_paper(scheme, names, least):
    colours = tokens(scheme)
    weak = {
        (name, paper): round(found, 2)
        for name, paper in product(names, PAPERS)
        if (found := contrast(colours[name], colours[paper])) < least
    }
    assert not weak


@pytest.mark.parametrize("name", ["pictures", "calendars"])
def test_each_shape_of_a_picture_has_a_fill_or_an_outline_that_stands_out(name):
    """A pale fill is told from the paper by its outline; `--tone` is one of the meanings."""
    style = re.sub(r"/\*.*?\*/", "", (STYLES / f"{name}.css").read_text(), flags=re.DOTALL)
    rules = {" ".join(rule[1].split()): DRAWN.findall(rule[2]) for rule in RULE.finditer(style)}
    pale = [
        selector
        for selector, drawn in rules.items()
        if drawn and selector not in DECORATION and not {*SHAPES, "tone"} & set(drawn)
    ]
    assert not pale
