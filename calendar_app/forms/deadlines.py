"""Forms of «Mes échéances»: filters, filing, setting aside, and the ANS's decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from accounts.models import Organisation, User
from calendar_app.enums import OPEN_STATES, Channel, State
from calendar_app.forms.takeover import CONFIRM_ORDER
from calendar_app.models import Deadline, Dispositif, Filing, Milestone
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.rules.outlook import Outlook
from calendar_app.selectors.deadline_lists import in_charge_with, in_list_order
from calendar_app.selectors.deadlines import CLOSED_STATES, editeurs, with_draft
from calendar_app.selectors.outlook import in_outlook, of_editeur
from calendar_app.services.drafts import stamp_of
from calendar_app.services.filings import OUT_OF_ORDER, instant_problem
from documents.forms import ProofsField
from journal.forms import ReadingForm
from segur.fields import IdentifierFormField
from segur.filters import ListFilter, LongSelect
from segur.form_fields import DayField, LongTextField, ParisInstantField
from segur.lib import paris
from teamwork.selectors.charges import CHOICES, of_choice

ALL_ORGANISATIONS = "toutes"

VIEWS: dict[str, tuple[str, tuple[State, ...]]] = {
    "a-faire": ("À faire", OPEN_STATES),
    "brouillons": ("Brouillons", OPEN_STATES),
    "deposees": ("Déposées", (State.FILED,)),
    "closes": ("Closes", CLOSED_STATES),
    "toutes": ("Toutes", tuple(State)),
}


BULK_ACTS = {
    "a-faire": ("declarer-depots", "prendre-en-charge", "sans-objet"),
    "brouillons": ("declarer-depots", "prendre-en-charge", "sans-objet"),
    "deposees": ("confirmer-depots",),
    "closes": (),
    "toutes": ("declarer-depots", "prendre-en-charge", "sans-objet", "confirmer-depots"),
}
"""View → the acts on many of its lines, by name; one that no app has registered is not offered."""


class FewChoices(ModelChoiceIterator):  # type: ignore[type-arg]
    """Read at once: a cursor on the server, as Django opens one, takes four exchanges."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        yield from (self.choice(one) for one in list(self.queryset.all()))


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice by code. PostgreSQL would refuse a NUL, with an error page."""

    iterator = FewChoices

    def to_python(self, value: Any) -> Any:
        return super().to_python("?" if "\0" in str(value) else value)


class MilestoneChoice(NamedChoice):
    def label_from_instance(self, obj: Milestone) -> str:
        return f"{obj.dispositif.short_name} {obj.number} · {obj.title}"


class DeadlineFilter(ListFilter):
    """`delai` is one computed delay: the list keeps those of its title and date, as its card
    does. `regle` is the code of computed delays, whatever their date."""

    tabs = frozenset({"vue"})

    q = IdentifierFormField(label="Client, solution ou FINESS", required=False, max_length=100)
    dispositif = NamedChoice(
        Dispositif.objects.all(),
        label="Dispositif",
        to_field_name="slug",
        required=False,
        empty_label="Les deux",
    )
    organisation = forms.ChoiceField()
    jalon = MilestoneChoice(
        Milestone.objects.select_related("dispositif"),
        label="Jalon",
        to_field_name="code",
        required=False,
        empty_label="Tous",
    )
    situation = forms.ChoiceField(
        label="Situation",
        required=False,
        choices=[("", "Toutes"), *((one.value, one.label) for one in Outlook)],
    )
    editeur = forms.ChoiceField(label="Éditeur", required=False)
    charge = forms.ChoiceField(label="En charge", required=False, choices=CHOICES)
    delai = forms.IntegerField(required=False, widget=forms.HiddenInput)
    regle = IdentifierFormField(required=False, widget=forms.HiddenInput, max_length=60)
    vue = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(name, label) for name, (label, _states) in VIEWS.items()],
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[tuple[int, str]],
        mine: Organisation,
        reader: User,
        now: dt.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mine, self.reader, self.now = mine, reader, now
        self.offer("editeur", "Tous", editeurs() if mine.kind == "ANS" else [])
        if mine.kind == "ANS":
            del self.fields["charge"]
        own = "Toutes les organisations" if mine.kind == "ANS" else mine.name
        others = [(str(pk), name) for pk, name in organisations if pk != mine.pk]
        choices = [("", own), *others]
        if others and mine.kind != "ANS":
            choices.append((ALL_ORGANISATIONS, "Toutes celles que je vois"))
        self.fields["organisation"] = forms.ChoiceField(
            label="Organisation", required=False, choices=choices, widget=LongSelect
        )

    @property
    def view(self) -> str:
        return str(self.chosen.get("vue", "a-faire"))

    @property
    def of_organisation(self) -> int | None:
        """The one organisation that the list is of; None for all."""
        chosen = self.chosen.get("organisation")
        if not chosen and self.mine.kind != "ANS":
            return self.mine.pk
        return int(chosen) if chosen and chosen != ALL_ORGANISATIONS else None

    def narrow(self, deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
        """Every filter but the view (its tabs count all states)."""
        if self.of_organisation is not None:
            deadlines = deadlines.filter(organisation=self.of_organisation)
        if dispositif := self.chosen.get("dispositif"):
            deadlines = deadlines.filter(dispositif=dispositif)
        if milestone := self.chosen.get("jalon"):
            deadlines = deadlines.filter(milestone=milestone)
        if editeur := self.chosen.get("editeur"):
            deadlines = of_editeur(deadlines, int(editeur))
        if situation := self.chosen.get("situation"):
            deadlines = in_outlook(deadlines, Outlook(situation), now=timezone.now())
        if rule := self.chosen.get("regle"):
            deadlines = deadlines.filter(milestone=None, code=rule)
        if delay := self.delay_among(deadlines):
            deadlines = deadlines.filter(
                milestone=None,
                title=delay.title,
                due_at=delay.due_at,
                dispositif=delay.dispositif_id,
            )
        if text := (self.chosen.get("q", "")).strip():
            deadlines = deadlines.filter(
                Q(prestation__client__in=Organisation.objects.clients().search(text))
                | Q(prestation__supplier__solution__name__icontains=text)
                | Q(solution__name__icontains=text)
            )
        return of_choice(deadlines, self.chosen.get("charge", ""), self.reader, self.now)

    def delay_among(self, deadlines: DeadlineQuerySet) -> Deadline | None:
        if not (key := self.chosen.get("delai")):
            return None
        return deadlines.filter(pk=key, milestone=None).first()

    def in_view(self, deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
        """Those of the chosen tab, in the order of the list."""
        shown = deadlines.filter(state__in=VIEWS[self.view][1])
        if self.view == "brouillons":
            shown = with_draft(shown)
        people = in_charge_with(self.reader, self.now)
        return in_list_order(shown, filed=self.shows_deposits, people=people)

    @property
    def is_whole(self) -> bool:
        """Nothing is asked: what is to do, by milestone."""
        return self.view == "a-faire" and not self.active

    @property
    def shows_deposits(self) -> bool:
        return self.view == "deposees"


class FilingForm(ReadingForm):
    """Prepare or file. `filing` asks for what a filing needs; a draft may lack anything."""

    deposited_at = ParisInstantField(
        label="Déposé le",
        required=False,
        help_text="Le jour et l'heure que donne l'accusé de dépôt, sur l'horloge de Paris.",
    )
    external_reference = IdentifierFormField(
        label="Numéro de l'accusé de dépôt", required=False, max_length=80
    )
    proofs = ProofsField(required=False)
    document_date = DayField(
        label="Date des documents joints",
        required=False,
        help_text="La date que portent les documents, si elle diffère de celle d'aujourd'hui.",
    )
    comment = LongTextField("Commentaire", max_length=2000, required=False)
    out_of_order = forms.BooleanField(label=CONFIRM_ORDER, required=False)
    declared = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        channel: Channel,
        draft: Filing | None,
        now: dt.datetime,
        undone: Deadline | None = None,
    ) -> None:
        """`undone`: the realisation that this payment rests on, not declared yet."""
        initial = (
            {
                "deposited_at": draft.deposited_at,
                "external_reference": draft.external_reference,
                "comment": draft.comment,
            }
            if draft
            else {}
        )
        super().__init__(data, files, initial={**initial, "read": stamp_of(draft)})
        self.channel, self.now = channel, now
        self.filing = "deposer" in self.data
        if undone is None:
            del self.fields["out_of_order"]
        if channel == Channel.HERE:
            for name in ("deposited_at", "external_reference", "declared"):
                del self.fields[name]
            return
        self.fields["declared"].label = DECLARED[channel]
        if channel == Channel.NONE:
            self.fields["deposited_at"].label = "Réalisée le"
            self.fields[
                "deposited_at"
            ].help_text = "Le jour et l'heure de la signature du Client, sur l'horloge de Paris."
            self.fields["external_reference"].label = "Référence du document signé"

    def clean_deposited_at(self) -> Any:
        instant = self.cleaned_data["deposited_at"]
        if instant and (problem := instant_problem(instant, self.now)):
            raise ValidationError(problem)
        if instant is None and self.filing:
            raise ValidationError("Indiquez le jour et l'heure, tels que le document les donne.")
        return instant

    def clean_document_date(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["document_date"]
        if day and day > paris.day(self.now):
            raise ValidationError("Cette date est à venir : un document porte un jour passé.")
        return day

    def clean_declared(self) -> bool:
        declared: bool = self.cleaned_data["declared"]
        if self.filing and not declared:
            raise ValidationError("Cochez cette case si c'est bien le cas.")
        return declared

    def clean_out_of_order(self) -> bool:
        confirmed: bool = self.cleaned_data["out_of_order"]
        if self.filing and not confirmed:
            raise ValidationError(OUT_OF_ORDER)
        return confirmed

    @property
    def draft_values(self) -> dict[str, Any]:
        """What was valid, for `save_draft`: an error elsewhere must not lose it."""
        names = ("deposited_at", "external_reference", "comment", "document_date")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return {**values, "proofs": self.kept_files, "read": self.data.get("read")}

    @property
    def kept_files(self) -> list[UploadedFile[Any]]:
        field = self.fields["proofs"]
        assert isinstance(field, ProofsField)  # noqa: S101  (for the type checker)
        return field.kept


DECLARED = {
    Channel.CONVERGENCE: (
        "J'ai déjà déposé ce dossier sur Convergence. L'enregistrement sur ce site ne vaut pas "
        "dépôt."
    ),
    Channel.ASP: (
        "J'ai déjà déposé cette demande sur le portail de l'ASP. "
        "L'enregistrement sur ce site ne vaut pas dépôt."
    ),
    Channel.NONE: "La prestation est réalisée et le Client a signé le document joint.",
}


class DeadlineReasonForm(forms.Form):
    reason = LongTextField(
        "Motif", max_length=1000, missing="Écrivez le motif : il sera gardé dans l'historique."
    )


class DecisionForm(forms.Form):
    """`receipt` names the filing that the agent has read: a newer one is not judged unseen."""

    receipt = forms.CharField(widget=forms.HiddenInput, max_length=30)
    decision = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        choices=[
            (State.ACCEPTED, "Confirmer le dépôt"),
            (State.TO_CORRECT, "Demander une correction"),
            (State.REFUSED, "Refuser"),
        ],
        error_messages={"required": "Choisissez une décision."},
    )
    reason = LongTextField(
        "Ce qui ne va pas, et ce qu'il faut corriger", max_length=1000, required=False
    )

    def clean_decision(self) -> State:
        return State(self.cleaned_data["decision"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") in (State.TO_CORRECT, State.REFUSED) and not data.get("reason"):
            self.add_error("reason", "Indiquez ce qui ne va pas et ce qu'il faut corriger.")
        return data
