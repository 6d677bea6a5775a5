"""What a PV says, line by line, and what differs between two moments of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypedDict


class ContentLine(TypedDict):
    """A mention, or a field of the PV; the label is kept as it was."""

    code: str
    label: str
    value: str


class ContentChange(NamedTuple):
    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """«Client : « CH Fictif » → « CHU Fictif »»."""
        return f"{self.label} : {_quoted(self.before)} → {_quoted(self.after)}"


def changes(before: Iterable[ContentLine], after: Iterable[ContentLine]) -> list[ContentChange]:
    """In the order of `before`, then what came. What one of the two lacks was, or is, empty."""
    old, new = ({line["code"]: line for line in lines} for lines in (before, after))
    labels = {code: line["label"] for code, line in (old | new).items()}
    found = [
        ContentChange(label, _value(old, code), _value(new, code)) for code, label in labels.items()
    ]
    return [change for change in found if change.before != change.after]


def _value(lines: dict[str, ContentLine], code: str) -> str:
    return lines[code]["value"] if code in lines else ""


def _quoted(value: str) -> str:
    return f"« {value} »" if value else "vide"
