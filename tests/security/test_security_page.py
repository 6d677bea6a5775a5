"""docs/security.md names tests that exist, and its counts are those of its tables."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
APPLIES, _, APART = PAGE.partition("## What does not apply")
LINES = re.findall(r"^\| (\d+\.\d+\.\d+) \| .+? \| (.+) \|$", APPLIES, re.MULTILINE)
REQUIREMENTS = 253
"""Of levels 1 and 2 in ASVS 5.0.0."""


def count(label):
    [figure] = re.findall(rf"^\| {label} \| (\d+) \|$", PAGE, re.MULTILINE)
    return int(figure)


def test_each_named_test_exists():
    named = [cell.strip("`").split("::") for _, cell in LINES if cell.startswith("`tests/")]
    missing = [
        (path, name)
        for path, name in named
        if not re.search(rf"^\s*def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert missing == []


def test_a_requirement_has_one_line_with_a_test_or_a_reason():
    numbers = [number for number, _ in LINES]
    assert len(numbers) == len(set(numbers))
    assert [number for number, cell in LINES if not cell.startswith(("`tests/", "— "))] == []


def test_the_counts_are_those_of_the_tables():
    covered = sum(cell.startswith("`tests/") for _, cell in LINES)
    apart = re.findall(r"^\| \d+\.\d+\.\d+[^|]* \| (\d+) \| [^|]+ \|$", APART, re.MULTILINE)
    assert count("Requirements that apply") == len(LINES)
    assert count("Covered by a test named below") == covered
    assert count("Without a test, with the reason") == len(LINES) - covered
    assert count("That do not apply") == sum(map(int, apart))
    assert len(LINES) + sum(map(int, apart)) == REQUIREMENTS
