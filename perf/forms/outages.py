"""Outages by hand: what a source says, contesting, deciding, the supervised service."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms

from documents.forms import ProofsField
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, OutageVersion, Service
from perf.selectors.outages import overlapping
from perf.services.decisions import NO_REASON, seen
from segur.fields import IdentifierFormField
from segur.form_fields import LongTextField, ParisInstantField, offer
from segur.lib import paris

ONGOING = "Vide tant qu'elle dure. À la seconde, sur l'horloge de Paris."


def new_reference(now: dt.datetime) -> str:
    """For an outage that its source has not numbered."""
    return f"SAISIE-{paris.local(now):%Y%m%d-%H%M}-{secrets.token_hex(3).upper()}"


class VersionForm(forms.Form):
    """What a source says: of a new outage, beside the others of one, or updated (`known`)."""

    source = forms.ChoiceField(
        label="Source",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la source de cette version."},
    )
    nature = forms.ChoiceField(
        label="Nature",
        choices=OutageNature,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la nature de l'indisponibilité."},
    )
    started_at = ParisInstantField(
        label="Début", exact=True, help_text="À la seconde, sur l'horloge de Paris."
    )
    ended_at = ParisInstantField(label="Fin", exact=True, required=False, help_text=ONGOING)
    cause = LongTextField("Cause", required=False)
    reference = IdentifierFormField(
        label="Référence chez cette source",
        required=False,
        max_length=120,
        help_text="Le numéro d'incident ou de ticket ; vide, une référence est attribuée.",
    )
    proofs = ProofsField(required=False)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        sources: Sequence[Source],
        now: dt.datetime,
        outage: Outage | None = None,
        known: OutageVersion | None = None,
    ) -> None:
        self.known = known
        initial: dict[str, Any] = {"reference": new_reference(now), "nature": OutageNature.OUTAGE}
        if known:
            names = ("source", "started_at", "ended_at", "cause", "reference")
            initial = {name: getattr(known, name) for name in names}
            initial["nature"] = known.outage.nature
        elif len(sources) == 1 or Source.ANS not in sources:
            initial["source"] = sources[0]
        super().__init__(data, files, initial=initial)
        own = [(one.value, one.label) for one in sources if one != Source.IMPORT]
        offer(self, "source", own)
        if Source.ANS not in sources:
            self._no_probe()
        if known:
            for name in ("source", "reference", "proofs"):
                del self.fields[name]
        if outage and (known is None or outage.counting_id != known.pk or outage.decided_at):
            del self.fields["nature"]

    def _no_probe(self) -> None:
        """«Non mesuré» is recorded by those who hold the probes."""
        measured = [one for one in OutageNature.choices if one[0] != OutageNature.UNMEASURED]
        offer(self, "nature", measured)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"].strip() or self.initial["reference"])

    def clean_started_at(self) -> dt.datetime | None:
        return self._as_it_was("started_at")

    def clean_ended_at(self) -> dt.datetime | None:
        return self._as_it_was("ended_at")

    def _as_it_was(self, name: str) -> dt.datetime | None:
        """The fraction of a second that the field does not show is kept when nothing else moves."""
        typed: dt.datetime | None = self.cleaned_data[name]
        before: dt.datetime | None = self.initial.get(name)
        return before if before and typed == before.replace(microsecond=0) else typed


class EndForm(forms.Form):
    ended_at = ParisInstantField(
        label="Fin", exact=True, help_text="À la seconde, sur l'horloge de Paris."
    )


class ContestForm(forms.Form):
    reason = LongTextField(
        "Motif",
        max_length=2000,
        help_text="Ce qui est faux, et ce qui le montre.",
        missing=NO_REASON,
    )
    started_at = ParisInstantField(
        label="Début selon vous",
        exact=True,
        required=False,
        help_text="Si vos mesures diffèrent : votre version s'ajoute à côté, sans compter encore.",
    )
    ended_at = ParisInstantField(
        label="Fin selon vous", exact=True, required=False, help_text="Vide si elle dure encore."
    )
    proofs = ProofsField(required=False)

    def __init__(self, *args: Any, has_version: bool, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if again:
            self.fields["reason"].label = "Faits nouveaux"
        if has_version:
            del self.fields["started_at"]
            del self.fields["ended_at"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("ended_at") and not data.get("started_at") and "started_at" not in self.errors:
            self.add_error("started_at", "Indiquez aussi le début.")
        return data


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: OutageVersion) -> str:
        end = f"au {paris.short(obj.ended_at)}" if obj.ended_at else ", en cours"
        return f"{obj} : du {paris.short(obj.started_at)} {end}".replace(" ,", ",")


class OutageDecisionForm(forms.Form):
    """`read` identifies the versions that the page showed: a decision on other ones is refused."""

    asked_in_help = ("version", "nature")
    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    standing = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        choices=[
            (OutageStanding.RETAINED, "Retenir : elle compte dans D_f"),
            (OutageStanding.NOT_RETAINED, "Ne pas retenir : elle ne compte pas"),
        ],
        error_messages={"required": "Choisissez une décision."},
    )
    version = VersionChoice(
        OutageVersion.objects.none(),
        label="Si elle est retenue, la version qui compte",
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    nature = forms.ChoiceField(
        label="Si elle est retenue, sa nature",
        choices=OutageNature,
        widget=forms.RadioSelect,
        required=False,
        help_text="« Non mesuré » : la sonde elle-même était arrêtée, rien n'est compté.",
    )
    reason = LongTextField("Motif", max_length=2000, missing=NO_REASON)
    proofs = ProofsField(required=False)

    def __init__(self, *args: Any, outage: Outage, **kwargs: Any) -> None:
        versions = outage.versions.all()
        kwargs["initial"] = {
            "read": seen(list(versions)),
            "version": outage.counting_id,
            "nature": outage.nature,
        }
        super().__init__(*args, **kwargs)
        offer(self, "version", versions)


class OutageChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Outage) -> str:
        end = f"au {paris.short(obj.ended_at)}" if obj.ended_at else "en cours"
        return f"{obj.name.capitalize()}, {obj.counting} : du {paris.short(obj.started_at)}, {end}"


class OutageMergeForm(forms.Form):
    other = OutageChoice(
        Outage.objects.none(),
        label="Le même incident que",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez celle qui est le même incident."},
    )

    def __init__(self, *args: Any, outage: Outage, **kwargs: Any) -> None:
        others = overlapping(outage)
        only = others[0].pk if len(others) == 1 else None
        kwargs["initial"] = {"other": only}
        super().__init__(*args, **kwargs)
        offer(self, "other", others)


class ProofsForm(forms.Form):
    proofs = ProofsField(error_messages={"required": "Choisissez au moins un fichier."})


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Service
        fields = ("code", "probe_id")
        help_texts = {  # noqa: RUF012  (Django's own idiom)
            "code": "Lettres, chiffres et tirets : c'est lui que citent les fichiers CSV et l'API.",
            "probe_id": "L'identifiant de la sonde Better Stack qui surveille ce service.",
        }
        error_messages = {  # noqa: RUF012
            "code": {
                "required": "Indiquez le code du service.",
                "unique": "Ce code n'est pas disponible : choisissez-en un autre.",
            }
        }

    def __init__(self, *args: Any, with_probe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_probe:
            del self.fields["probe_id"]
