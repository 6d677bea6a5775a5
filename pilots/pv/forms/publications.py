"""What a responsable of the ANS says when a publication is withdrawn, or proposed again."""

from django import forms


class PublicationWithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Il reste lisible par tous, à côté de la publication barrée.",
        error_messages={"required": "Écrivez le motif : il reste lisible avec la publication."},
    )


class SetAsideForm(PublicationWithdrawForm):
    """A proposal was never public: neither is why it was set aside."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields[
            "reason"
        ].help_text = "Gardé pour l'ANS : la proposition n'a jamais été publique."


class ProposeAgainForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Gardé pour l'ANS, avec la proposition : pourquoi le retrait ne tient plus.",
        error_messages={"required": "Écrivez le motif : il reste avec la proposition."},
    )
