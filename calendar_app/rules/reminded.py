"""What a reminder is about: a deadline, or a right that ends. All else is the same for both."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

Key = tuple[str, int]
"""("", a deadline) or (a `Right`, a Fournisseur)."""

RIGHT_STEPS = (60, 30, 7, 0)
"""Days before the last day of a right at which both sides are warned."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """`version` changes with the date; a step before `since` is not caught up. `organisations` are
    those whose members are reminded.
    """

    key: Key
    version: int
    due_at: dt.datetime
    since: dt.datetime
    is_open: bool
    organisations: tuple[int, ...]
    dispositif_id: int
    steps: Sequence[int]
