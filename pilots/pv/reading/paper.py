"""What a PDF says of the PV that it comes from (`pdf_mark`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mentions(StrEnum):
    COMPLETE = "remplies"
    LACKING = "manquantes"


@dataclass(frozen=True)
class Paper:
    """`mentions` as the PV had them when this site made it, None for a file that it did not make;
    `is_untouched`: nothing was drawn on it since. `is_blank`: no page shows anything.
    """

    mentions: Mentions | None = None
    is_untouched: bool = False
    is_blank: bool = False
