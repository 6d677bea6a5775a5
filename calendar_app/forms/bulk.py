"""What is asked once for many deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from calendar_app.enums import Channel
from calendar_app.forms.deadlines import DECLARED, MilestoneChoice
from calendar_app.models import Deadline, Milestone
from calendar_app.reading.deposit_list import ListedDeposit, read_list
from calendar_app.selectors.order import undone_before
from calendar_app.services.filings import NO_PROOF, instant_problem
from documents.forms import ProofsField
from documents.reading.records import MAX_BYTES, BadFile
from journal.rules.by import By
from segur.fields import IdentifierFormField
from segur.form_fields import ParisInstantField
from teamwork.forms import ChargeForm
from teamwork.selectors.charges import may_take

BOTH = "Une pièce est jointe : décochez cette case."


class DeclareAllForm(forms.Form):
    """One accusé for many deposits of one milestone."""

    deposited_at = ParisInstantField(
        label="Déposés le",
        help_text="Le jour et l'heure que donne l'accusé de dépôt, sur l'horloge de Paris.",
    )
    external_reference = IdentifierFormField(
        label="Numéro de l'accusé de dépôt", required=False, max_length=80
    )
    proofs = ProofsField(label="Pièces jointes à chaque dépôt", required=False)
    without_proof = forms.BooleanField(
        label="Sans preuve",
        required=False,
        help_text="Les dépôts sans pièce porteront la mention « sans preuve ».",
    )
    out_of_order = forms.BooleanField(required=False)
    declared = forms.BooleanField(
        error_messages={"required": "Cochez cette case si c'est bien le cas."}
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, rows: Sequence[Deadline], by: By
    ) -> None:
        super().__init__(data, files)
        self.now = by.at
        self.fields["declared"].label = _declared(rows)
        if undone := len(undone_before(rows)):
            plural = "s" if undone > 1 else ""
            self.fields[
                "out_of_order"
            ].label = (
                f"Déclarer aussi {undone} dépôt{plural} dont la réalisation n'est pas déclarée"
            )
        else:
            del self.fields["out_of_order"]
        if rows and rows[0].channel == Channel.NONE:
            self.fields["deposited_at"].label = "Réalisées le"
            self.fields["external_reference"].label = "Référence du document signé"

    def clean_deposited_at(self) -> dt.datetime:
        instant: dt.datetime = self.cleaned_data["deposited_at"]
        if problem := instant_problem(instant, self.now):
            raise forms.ValidationError(problem)
        return instant

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "proofs" in data:
            if data["proofs"] and data.get("without_proof"):
                self.add_error("without_proof", BOTH)
            elif not data["proofs"] and not data.get("without_proof"):
                self.add_error("proofs", NO_PROOF)
        return data


def _declared(rows: Sequence[Deadline]) -> str:
    channel = rows[0].channel if rows else Channel.ASP
    if channel == Channel.NONE:
        return "Ces prestations sont réalisées et chaque Client a signé le document joint."
    if len(rows) > 1:
        return (
            f"J'ai déjà déposé ces dossiers sur {channel.place}. L'enregistrement sur ce site ne "
            "vaut pas dépôt."
        )
    return DECLARED.get(channel, DECLARED[Channel.ASP])


class HandOverForm(ChargeForm):
    """To one member of the organisation of these deadlines."""

    def __init__(
        self, data: Any = None, _files: Any = None, *, rows: Sequence[Deadline], **_by: By
    ) -> None:
        super().__init__(data, people=may_take(rows[0].organisation_id) if rows else [])


class DepositListForm(forms.Form):
    """The list of the ASP or of Convergence, pasted or as a file."""

    jalon = MilestoneChoice(
        Milestone.objects.select_related("dispositif"),
        label="Jalon",
        to_field_name="code",
        required=False,
        empty_label="Tous",
        help_text="Nécessaire quand la liste n'a que des FINESS ou des noms.",
    )
    lines = forms.CharField(
        label="Lignes collées",
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="Une ligne par dépôt : numéro de dossier, FINESS ou Client, avec ou sans titres.",
    )
    file = forms.FileField(
        label="Fichier CSV ou XLSX",
        required=False,
        help_text="5 Mo et 1 000 lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,.xlsx"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(data.get("lines", "").strip()) == bool(data.get("file")):
            self.add_error("lines", "Collez la liste, ou choisissez un fichier : l'un des deux.")
        return data

    def read(self) -> list[ListedDeposit]:
        """Raises ValidationError where the list cannot be read."""
        upload = self.cleaned_data["file"]
        content = upload.read(MAX_BYTES + 1) if upload else self.cleaned_data["lines"].encode()
        name = "file" if upload else "lines"
        try:
            found = read_list(content)
        except BadFile as refusal:
            raise forms.ValidationError({name: str(refusal)}) from None
        if not found:
            raise forms.ValidationError({name: "Cette liste n'a aucune ligne sous ses titres."})
        return found
