"""Golden texts on disk: compared with what the site shows, or written again on request."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
SHORTER = 0.6
"""A variant is written as its differences when they are at most this part of the whole."""


Reading = tuple[str, str, list[str]]
"""Which object, which role, what is shown."""


def written(readings: Iterable[Reading]) -> list[str]:
    """Everything shown at one address: once for all who read the same, and by its differences from
    the first reading, of this object or of all, where that is shorter.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for which, role, read in readings:
        groups.setdefault((which, tuple(read)), []).append(role)
    whole: dict[str, list[str]] = {}
    out: list[str] = []
    for (which, shown), roles in groups.items():
        title = " · ".join(part for part in (which, ", ".join(roles)) if part)
        nearby = list(whole)[:1] + [one for one in whole if one.startswith(f"{which} · ")][:1]
        base, changed = _nearest({one: whole[one] for one in nearby}, list(shown))
        if base:
            out += [f"== {title}", f"as «{base}»" + (", but:" if changed else ""), *changed, ""]
        else:
            out += [f"== {title}", *shown, ""]
            if len(shown) > 1:
                whole[title] = list(shown)
    return out


def who_reads_the_same(kept: str) -> dict[str, list[list[str]]]:
    """Object → the groups of roles under which a text that `written` made shows it."""
    groups = defaultdict(list)
    for title in re.findall("^== (.*)$", kept, re.MULTILINE):
        which, _, roles = title.rpartition(" · ")
        groups[which].append(roles.split(", "))
    return groups


def _nearest(whole: dict[str, list[str]], shown: list[str]) -> tuple[str, list[str]]:
    """The reading from which this one differs least, and how; without one, an empty title."""
    if len(shown) < 2:
        return "", []
    found = {title: differences(before, shown) for title, before in whole.items()}
    title = min(found, key=lambda one: sum(map(len, found[one])), default="")
    changed = found.get(title, [])
    is_shorter = sum(map(len, changed)) < SHORTER * sum(map(len, shown))
    return (title, changed) if is_shorter else ("", [])


def differences(before: list[str], after: list[str]) -> list[str]:
    """Lines removed and added, each run under the line that both have before it."""
    out: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for act, start, end, new_start, new_end in matcher.get_opcodes():
        if act != "equal":
            out += [f"@ {before[start - 1]}" if start else "@ top"]
            out += [f"- {line}" for line in before[start:end]]
            out += [f"+ {line}" for line in after[new_start:new_end]]
    return out


class Golden:
    """The files of one folder; those of a whole folder must all be compared."""

    def __init__(self, folder: str, *, whole: bool, update: bool) -> None:
        self.folder, self.whole, self.update = FOLDER / folder, whole, update
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def kept(self, name: str) -> str:
        path = self._path(name)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.txt"

    def check(self, name: str, shown: list[str]) -> None:
        path, kept = self._path(name), self.kept(name)
        self.seen.add(path.name)
        text = "\n".join(shown).rstrip("\n") + "\n"
        if text == kept:
            return
        if self.update:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        where = str(path.relative_to(FOLDER))
        self.wrong += difflib.unified_diff(
            kept.splitlines(), text.splitlines(), where, "now", lineterm="", n=1
        )

    def close(self) -> None:
        """Fails with every difference, and on a file that nothing is compared with."""
        for path in sorted(self.folder.glob("*.txt")):
            if self.whole and path.name not in self.seen:
                if self.update:
                    path.unlink()
                else:
                    self.wrong.append(f"{path.relative_to(FOLDER)}: nothing shows this any more")
        assert not self.wrong, "\n".join(
            ["What users see has changed; if it is meant: --update-golden", *self.wrong]
        )
