"""What a colleague of the reader of `load` and `page_times` does: a deadline is set aside, then
taken up again. As a program: each second, until the process is ended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle

import django
from django.utils import timezone

from benchmarks.report import say

EACH = 1.0
"""Seconds."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    acts = acts_of_colleague()
    say("acting")
    while True:
        begin = time.monotonic()
        next(acts)()
        time.sleep(max(0.0, EACH - (time.monotonic() - begin)))


def acts_of_colleague() -> Iterator[Callable[[], object]]:
    """Without end."""
    from accounts.enums import FILING_ROLES, Kind, Role  # noqa: PLC0415  (models load first)
    from accounts.models import User  # noqa: PLC0415
    from calendar_app.enums import State  # noqa: PLC0415
    from calendar_app.models import Deadline  # noqa: PLC0415
    from calendar_app.services import decisions  # noqa: PLC0415
    from journal.rules.by import By  # noqa: PLC0415

    reader = User.objects.filter(
        memberships__role=Role.REPRESENTANT, memberships__organisation__kind=Kind.EDITEUR
    ).order_by("pk")[0]
    mine = list(reader.roles)
    others = User.objects.exclude(pk=reader.pk).order_by("pk")
    colleague = others.filter(
        memberships__organisation__in=mine, memberships__role__in=FILING_ROLES
    )[0]
    deadlines = Deadline.objects.filter(organisation__in=mine).exclude(milestone=None)
    deadline = deadlines.filter(state=State.TO_DO).order_by("pk")[0]
    set_aside = partial(decisions.set_aside, reason="Mesure de charge")
    acts: tuple[Callable[..., object], ...] = set_aside, decisions.resume
    for act in cycle(acts):
        yield partial(act, deadline, by=By.person(colleague, timezone.now()))


if __name__ == "__main__":
    sys.exit(main())
