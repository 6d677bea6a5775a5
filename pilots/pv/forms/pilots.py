"""Naming pilot Clients, and what was asked of the ASP for each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from calendar_app.models import Prestation
from journal.forms import ReadingForm
from journal.services.readings import fields_stamp
from pilots.enums import AspRequestState
from pilots.pv.models import AspRequest
from pilots.pv.services.requests import RECORDED, following
from segur.fields import IdentifierFormField
from segur.form_fields import DayField, LongTextField, offer


class PrestationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Prestation) -> str:
        order = f", bon de commande {obj.order_reference}" if obj.order_reference else ""
        return f"{obj.client}, FINESS {obj.client.finess}{order}"


class NameForm(forms.Form):
    prestation = PrestationChoice(
        Prestation.objects.none(),
        label="Client pilote",
        empty_label="Choisissez un Client",
        help_text="Les Clients de vos prestations RIS de cette solution, librement choisis.",
        error_messages={"required": "Choisissez un Client."},
    )

    def __init__(self, *args: Any, choices: QuerySet[Prestation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "prestation", choices)


class WithdrawForm(forms.Form):
    reason = LongTextField(
        "Motif",
        help_text="Il reste affiché, avec la date et votre nom.",
        missing="Écrivez le motif : il reste affiché.",
    )
    replacement = PrestationChoice(
        Prestation.objects.none(),
        label="Remplacé par",
        required=False,
        empty_label="Personne pour l'instant",
    )

    def __init__(self, *args: Any, choices: QuerySet[Prestation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "replacement", choices)


class RequestForm(ReadingForm):
    """The states that may follow, the present one to correct it, then the others, which only the
    reason of a mistake allows.
    """

    state = forms.ChoiceField(
        label="État à l'ASP",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'état que l'ASP indique."},
    )
    on = DayField(label="Depuis le", help_text="Le jour que l'ASP indique, pas celui de la saisie.")
    reference = IdentifierFormField(
        label="Numéro à l'ASP", required=False, max_length=60, help_text="Il est repris dans le PV."
    )
    note = LongTextField(
        "Ce que l'ASP demande",
        required=False,
        help_text="Pour une demande incomplète ou à modifier ; ensuite, l'historique le garde.",
    )
    mistake = forms.CharField(
        label="Motif de la correction",
        required=False,
        max_length=100,
        help_text="Seulement si l'état enregistré était faux : il reste dans l'historique.",
    )

    def __init__(self, *args: Any, request: AspRequest, **kwargs: Any) -> None:
        read = fields_stamp(request, RECORDED)
        kwargs["initial"] = {"reference": request.reference, "note": request.note, "read": read}
        super().__init__(*args, **kwargs)
        allowed = following(request)
        others = [state for state in AspRequestState if state not in (*allowed, request.state)]
        choices = [(state.value, _offered(state, request)) for state in allowed]
        choices += [(one.value, f"{one.label} (l'état enregistré était faux)") for one in others]
        offer(self, "state", choices)

    def values(self) -> dict[str, Any]:
        """The arguments of `services.requests.record`."""
        data = dict(self.cleaned_data)
        return {"to": AspRequestState(data.pop("state")), **data}


def _offered(state: AspRequestState, request: AspRequest) -> str:
    is_same = state == request.state
    return f"{state.label} (corriger le jour ou le numéro)" if is_same else str(state.label)
