"""The papers for who comes next name files of the tree as it is."""

import re

import pytest
from django.conf import settings

from segur import __version__

PAPERS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"]
FILE = re.compile(r"`(\w[\w./-]*/[\w-]+\.\w+)`")


def read(paper):
    return (settings.BASE_DIR / paper).read_text()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_names_exists(paper):
    named = FILE.findall(read(paper))
    assert [name for name in named if not (settings.BASE_DIR / name).exists()] == []


def test_every_class_of_the_glossary_is_where_it_says():
    rows = re.findall(
        r"^\| .+ \| (.+) \| `(\S+\.py)` \|$", read("docs/architecture.md"), re.MULTILINE
    )
    classes = {(name, file) for names, file in rows for name in re.findall(r"`([A-Z]\w+)`", names)}
    assert len(classes) > 30
    assert {(name, file) for name, file in classes if f"class {name}(" not in read(file)} == set()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_decision_that_a_paper_names_is_written(paper):
    written = {path.name[:4] for path in (settings.BASE_DIR / "docs" / "adr").glob("*.md")}
    assert set(re.findall(r"ADR (\d{4})", read(paper))) <= written


def test_each_way_has_the_number_of_files_that_its_title_says():
    titled = re.compile(r"^### [^\n]+ \((\d+)\)\n(.+?)(?=\n\n)", re.MULTILINE | re.DOTALL)
    ways = titled.findall(read("docs/architecture.md"))
    assert len(ways) == 5
    for number, text in ways:
        assert len(set(re.findall(r"`([\w/-]+\.py)`", text))) == int(number), text


def test_the_changelog_has_a_section_for_the_version_in_use():
    assert re.search(rf"^## {re.escape(__version__)}\b", read("CHANGELOG.md"), re.MULTILINE)
