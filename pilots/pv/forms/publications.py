"""What a responsable of the ANS says when a publication is withdrawn, or proposed again."""

from django import forms

from segur.form_fields import LongTextField


class PublicationWithdrawForm(forms.Form):
    reason = LongTextField(
        "Motif",
        help_text="Il reste lisible par tous, à côté de la publication barrée.",
        missing="Écrivez le motif : il reste lisible avec la publication.",
    )


class SetAsideForm(PublicationWithdrawForm):
    """A proposal was never public: neither is why it was set aside."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields[
            "reason"
        ].help_text = "Gardé pour l'ANS : la proposition n'a jamais été publique."


class ProposeAgainForm(forms.Form):
    reason = LongTextField(
        "Motif",
        help_text="Gardé pour l'ANS, avec la proposition : pourquoi le retrait ne tient plus.",
        missing="Écrivez le motif : il reste avec la proposition.",
    )
