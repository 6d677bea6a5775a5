"""The filters of the pages Notifications and Courriels, and what suspends the sending."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms

from mailing.models import ArchivedMail, OutgoingMail
from mailing.querysets import ArchivedMailQuerySet, OutgoingMailQuerySet
from mailing.rules import MailKind, every_kind
from mailing.selectors.archive import united
from mailing.selectors.ledger import VIEWS
from segur.filters import ListFilter
from segur.form_fields import LongTextField

R = TypeVar("R", OutgoingMailQuerySet, ArchivedMailQuerySet)


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


class MailFilter(ListFilter):
    tabs = frozenset({"vue"})

    vue = forms.ChoiceField(
        required=False, choices=[(key, label) for key, (label, _states) in VIEWS.items()]
    )
    nature = forms.ChoiceField(label="Nature", required=False)
    destinataire = forms.CharField(label="Adresse du destinataire", required=False)
    reponse = forms.CharField(label="Réponse du serveur", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["vue"].widget = forms.HiddenInput()
        self.offer("nature", "Toutes", [(str(kind), kind.label) for kind in every_kind()])

    @property
    def view(self) -> str:
        return str(self.chosen.get("vue", ""))

    def ledger(self) -> OutgoingMailQuerySet:
        """Those asked for, of the archive too, newest first."""
        archived = self.narrow(ArchivedMail.objects.all())
        return united(self.narrow(OutgoingMail.objects.all()), archived)

    def narrow(self, rows: R) -> R:
        chosen = self.chosen
        rows = rows.filter(state__in=VIEWS[self.view][1])
        if chosen.get("nature"):
            rows = rows.filter(kind=chosen["nature"])
        if chosen.get("destinataire"):
            rows = rows.filter(to_email__icontains=chosen["destinataire"])
        if chosen.get("reponse"):
            rows = rows.filter(error__icontains=chosen["reponse"])
        return rows


class HoldForm(forms.Form):
    reason = LongTextField(
        "Motif",
        max_length=300,
        rows=2,
        help_text="Inscrit au journal, et montré sur la page des courriels.",
        missing="Donnez le motif de la suspension.",
    )
