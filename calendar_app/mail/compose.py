"""Turn a triple of templates into a mail: subject, text, HTML with its style inlined."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from django.template import Context
from django.template.engine import Engine

SUBJECT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str


def compose(template: str, context: Mapping[str, Any]) -> Composed:
    """Render `mail/<template>_subject.txt`, `_body.txt` and `_body.html`.

    Only the HTML is escaped. The media queries stay in their <style>: they carry the dark colours.
    """
    subject = " ".join(_render(f"mail/{template}_subject.txt", context, escape=False).split())
    return Composed(
        subject=subject[:SUBJECT_LENGTH],
        text=_tidy(_render(f"mail/{template}_body.txt", context, escape=False)),
        html=css_inline.inline(
            _render(f"mail/{template}_body.html", context, escape=True),
            keep_at_rules=True,
            load_remote_stylesheets=False,
        ),
    )


def _render(name: str, context: Mapping[str, Any], *, escape: bool) -> str:
    template = Engine.get_default().get_template(name)
    return template.render(Context(dict(context), autoescape=escape))


def _tidy(text: str) -> str:
    """Template tags leave blank lines behind: never more than one in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept) + "\n"
