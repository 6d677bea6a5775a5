"""Forms of the review: filters of the queue, assignment, decision, confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from journal.rules.by import By
from pilots.enums import PVState, ReasonKind
from pilots.pv.models import PilotPV, PVMention
from pilots.pv.rules.queue import DECIDED
from pilots.pv.selectors.ages import AGES
from pilots.pv.selectors.queue import VIEWS
from pilots.pv.selectors.reviewers import agents_for
from pilots.pv.services.outcomes import Reason
from pilots.pv.services.review import DOCUMENT, NO_REOPENING, WHOLE_DOCUMENT
from segur.fields import IdentifierFormField
from segur.filters import ListFilter
from segur.form_fields import LongTextField, offer

CHECKED_AND_WRONG = "Cette mention a un motif : décochez-la."
ALL_CHECKED = "J'ai lu le fichier signé et vérifié chaque ligne : tout est conforme."
NO_KIND = "Choisissez ce qui ne va pas, ou effacez l'explication."


class QueueFilter(ListFilter):
    tabs = frozenset({"vue"})

    vue = forms.ChoiceField(choices=VIEWS, required=False, widget=forms.HiddenInput)
    attente = forms.ChoiceField(
        label="Attend depuis",
        required=False,
        choices=[("", "Peu importe"), *((name, age[0]) for name, age in AGES.items())],
    )
    fournisseur = forms.IntegerField(required=False, widget=forms.HiddenInput)
    q = IdentifierFormField(
        label="Client, Fournisseur ou solution",
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class AssignForm(forms.Form):
    agent = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Affecter à",
        empty_label="Choisissez un agent",
        error_messages={
            "required": "Choisissez à quel agent affecter.",
            "invalid_choice": "Cette personne n'est pas un agent qui peut instruire ces PV.",
        },
    )

    def __init__(
        self, data: Any = None, _files: Any = None, *, rows: Sequence[PilotPV], **_by: By
    ) -> None:
        """Offers those who may be given at least one of these."""
        super().__init__(data)
        offer(self, "agent", agents_for(rows))


@dataclass(frozen=True)
class MentionLine:
    """A line of the check-list; the last one, the whole document, has no mention."""

    label: str
    mention: PVMention | None
    ok: forms.BoundField
    kind: forms.BoundField
    text: forms.BoundField

    @property
    def is_open(self) -> bool:
        """Whether its motive is shown: typed already, or refused."""
        return bool(self.kind.value() or self.text.value() or self.kind.errors or self.text.errors)


def _for_line(word: str, label: str) -> SafeString:
    """The line is written just above: only who does not see it needs its name in the label."""
    return format_html('{}<span class="visually-hidden"> : {}</span>', word, label)


class DecideForm(forms.Form):
    """One line a mention: verified, or what is wrong with it."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    outcome = forms.ChoiceField(
        choices=[(state.value, state.label) for state in DECIDED],
        widget=forms.HiddenInput,
        error_messages={"required": "Choisissez conforme ou non conforme."},
    )
    all_checked = forms.BooleanField(
        label=ALL_CHECKED, required=False, widget=forms.CheckboxInput({"form": "decision"})
    )
    note = LongTextField(
        "Explication pour le Fournisseur",
        max_length=4000,
        required=False,
        help_text="Ce qu'il faut corriger, en mots simples : elle est envoyée telle quelle.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        mentions: Iterable[PVMention],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.mentions: list[tuple[str, str, PVMention | None]] = [
            *((mention.code, mention.label, mention) for mention in mentions),
            (DOCUMENT, WHOLE_DOCUMENT, None),
        ]
        for code, label, _ in self.mentions:
            self.fields[f"ok-{code}"] = forms.BooleanField(
                label=_for_line("Vérifié, conforme", label), required=False
            )
            self.fields[f"kind-{code}"] = forms.ChoiceField(
                label=_for_line("Motif", label),
                choices=[("", "Rien à signaler"), *ReasonKind.choices],
                required=False,
            )
            self.fields[f"text-{code}"] = forms.CharField(
                label=_for_line("Précision", label),
                required=False,
                max_length=500,
                widget=forms.TextInput({"list": "phrases"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for code, _, _ in self.mentions:
            if data.get(f"text-{code}") and not data.get(f"kind-{code}"):
                self.add_error(f"kind-{code}", NO_KIND)
            if data.get(f"ok-{code}") and data.get(f"kind-{code}"):
                self.add_error(f"ok-{code}", CHECKED_AND_WRONG)
        return data

    def lines(self) -> list[MentionLine]:
        return [
            MentionLine(
                label, mention, self[f"ok-{code}"], self[f"kind-{code}"], self[f"text-{code}"]
            )
            for code, label, mention in self.mentions
        ]

    def values(self) -> dict[str, Any]:
        """As `services.review.decide` takes them."""
        data = self.cleaned_data
        reasons = [
            Reason(
                code=code,
                label=label,
                kind=data[f"kind-{code}"],
                kind_label=str(ReasonKind(data[f"kind-{code}"]).label),
                text=data[f"text-{code}"].strip(),
            )
            for code, label, _ in self.mentions
            if data[f"kind-{code}"]
        ]
        return {
            "outcome": PVState(data["outcome"]),
            "reasons": reasons,
            "checked": [
                code for code, _, _ in self.mentions if data["all_checked"] or data[f"ok-{code}"]
            ],
            "note": data["note"],
            "read": data["read"],
        }


class SecondForm(forms.Form):
    agent = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Demander la confirmation à",
        empty_label="Choisissez un agent",
        error_messages={
            "required": "Choisissez à quel agent demander la confirmation.",
            "invalid_choice": "Cette personne ne peut pas confirmer cette non-conformité.",
        },
    )

    def __init__(self, data: Any = None, *, to: QuerySet[User]) -> None:
        super().__init__(data)
        offer(self, "agent", to)

    def values(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["agent"]}


class ContradictForm(forms.Form):
    note = LongTextField(
        "Pourquoi la non-conformité n'est pas confirmée",
        max_length=4000,
        missing="Indiquez le motif : l'agent qui instruit le lira.",
    )


class ReopenForm(forms.Form):
    reason = LongTextField(
        "Pourquoi le PV n'est plus tenu pour conforme",
        max_length=4000,
        help_text="Le Fournisseur le lira.",
        missing=NO_REOPENING,
    )
