"""Which mails a person wants: planning, dispatch and sending share this answer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from calendar_app.enums import REMINDER_MAIL
from calendar_app.rules.steps import DEFAULT_STEPS
from mailing.rules import MailKind, asked_kinds


class Answer(Enum):
    YES = "yes"
    LATER = "paused: keep it for the end of the pause"
    NO_KIND = "sur ce site seulement, selon vos préférences"
    NO_STEP = "cette étape est refusée dans vos préférences"


@dataclass(frozen=True, slots=True)
class Preference:
    """`paused_until` is the last day of the pause. A kind that is muted is shown on the site only.
    `quiet`, of the general preference: no optional mail outside working hours.
    """

    steps: frozenset[int] = frozenset(DEFAULT_STEPS)
    early: bool = False
    muted_kinds: frozenset[str] = field(default_factory=lambda: frozenset(asked_kinds()))
    paused_until: dt.date | None = None
    since: dt.datetime | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """The preferences of one person: the general one, and those of a dispositif, which win."""

    general: Preference = field(default_factory=Preference)
    by_dispositif: Mapping[int, Preference] = field(default_factory=dict)

    def about(self, dispositif_id: int | None) -> Preference:
        if dispositif_id is None:
            return self.general
        return self.by_dispositif.get(dispositif_id, self.general)

    def answer(
        self,
        kind: MailKind,
        *,
        dispositif_id: int | None = None,
        step: int | None = None,
        day: dt.date,
    ) -> Answer:
        """A kind that is not optional is always wanted; a pause holds back reminders only. Nobody
        can refuse a step that is not among those offered: it is a computed delay's own.
        """
        preference = self.about(dispositif_id)
        if kind.is_optional and kind in preference.muted_kinds:
            return Answer.NO_KIND
        if kind != REMINDER_MAIL:
            return Answer.YES
        if step in DEFAULT_STEPS and step not in preference.steps:
            return Answer.NO_STEP
        if preference.paused_until and day <= preference.paused_until:
            return Answer.LATER
        return Answer.YES

    def refuse_everywhere(self, kind: MailKind) -> bool:
        """Switched off for everything and for each dispositif that has its own preference."""
        preferences = [self.general, *self.by_dispositif.values()]
        return kind.is_optional and all(kind in p.muted_kinds for p in preferences)
