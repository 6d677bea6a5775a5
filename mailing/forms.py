"""The filter of the page Notifications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from mailing.querysets import OutgoingMailQuerySet
from mailing.rules import MailKind
from segur.filters import ListFilter


class NotificationFilter(ListFilter):
    nature = forms.ChoiceField(label="Nature", required=False)
    non_lues = forms.BooleanField(label="Non lues seulement", required=False)

    def __init__(self, data: Any, *, kinds: Iterable[MailKind]) -> None:
        super().__init__(data)
        self.offer("nature", "Toutes", [(str(kind), kind.label) for kind in kinds])

    def narrow(self, rows: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
        chosen = self.chosen
        if chosen.get("nature"):
            rows = rows.filter(kind=chosen["nature"])
        return rows.unread() if chosen.get("non_lues") else rows
