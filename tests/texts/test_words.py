"""The words of docs/mots.md: what must not come back in a template or a message."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from tests.texts.test_fields import forms_of_the_project

ROOT = Path(settings.BASE_DIR)
AVOIDED = {
    "dites": r"\bdites\b",
    "ce qu'il en est": r"ce qu['’]il en est",
    "là-bas": r"\blà-bas\b",
    "ici, for this site": r"(?<!d')(?<!jusqu')\b(?-i:[Ii]ci)\b",
    "sans réglages propres": r"\bréglages propres\b",
    "24h as a last instant": r"\bavant le [^.]{0,40}\b24h\b",
    "c'était avant": r"c'était avant",
    "a pris fin": r"\bdire quand\b",
    "de, before the name of a Client": r"\b(PV|VA|pilote) de \{\{? ?[a-z_.]*client",
    "taire, se dire": r"\b(taisent|se dit d)",
}
NOT_FOR_READERS = {"segur/gallery.py", "segur/gallery_charts.py"}
"""The gallery of components, in development only."""


def tracked(*patterns):
    out = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in out.split("\0") if name]


def is_shown(name):
    outside = ("tests/", "benchmarks/", "templates/composants")
    return not name.startswith(outside) and "/migrations/" not in name


def strings(path):
    """The texts of a module, its docstrings left out."""
    tree = ast.parse((ROOT / path).read_text())
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@cache
def texts():
    """(file, its texts), read once for all patterns."""
    pages = filter(
        is_shown, tracked("templates/*.html", "templates/*.txt", "documents/typst/*.typ")
    )
    shown = [(name, re.sub(r"\{#.*?#\}", "", (ROOT / name).read_text())) for name in pages]
    modules = [name for name in filter(is_shown, tracked("*.py")) if name not in NOT_FOR_READERS]
    return shown + [(name, "\n".join(strings(name))) for name in modules]


@pytest.mark.parametrize("pattern", AVOIDED.values(), ids=AVOIDED.keys())
def test_no_text_has_an_avoided_turn(pattern):
    found = [
        f"{name}: …{text[max(0, hit.start() - 30) : hit.end() + 30]}…".replace("\n", " ")
        for name, text in texts()
        for hit in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert found == []


OF_ALLAUTH = {"accounts.forms.login", "accounts.forms.identities"}


def test_every_required_field_says_what_to_fill_in():
    """Rather than Django's «Ce champ est obligatoire». A filter has an empty choice, and
    what comes from allauth gets its words when it is made."""
    wordless = {
        f"{form.__name__}.{name}"
        for _app, form in forms_of_the_project()
        for name, field in form.base_fields.items()
        if field.required and not field.widget.is_hidden
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]
        if form.__module__ not in OF_ALLAUTH and not form.__name__.endswith("Filter")
    }
    assert wordless == set()
